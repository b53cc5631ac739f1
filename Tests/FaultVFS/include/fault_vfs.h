// A disk in memory under SQLite, for tests: it knows what an fsync has made durable and what it has not, loses power at
// a chosen moment, and fails chosen calls. Each disk is an `sqlite3_vfs` of its own.
//
// Durable is what the kernel promises and no more: the bytes of a file after its fsync, a directory entry after an
// fsync of the directory. SQLite asks for the latter at the first fsync of a journal or WAL that it may have made, and
// by the `syncDir` of xDelete. The database file's own entry is durable when a real file of that name stands there:
// the Store makes it, and syncs its folder, before SQLite does.
#ifndef CORDEE_FAULT_VFS_H
#define CORDEE_FAULT_VFS_H

#include <stdint.h>

typedef struct fault_disk fault_disk;

/// Kinds of calls, to be combined.
enum {
    FAULT_READ = 1,
    FAULT_WRITE = 2,
    FAULT_SYNC = 4,
    FAULT_TRUNCATE = 8,
    FAULT_OPEN = 16,
    FAULT_DELETE = 32,
    FAULT_SHM = 64,
};

/// What an fsync does: what it says; nothing, though it says so; or what it says, but only when the next change comes,
/// so that its caller goes on too early.
enum { FAULT_SYNC_HONEST, FAULT_SYNC_LYING, FAULT_SYNC_LATE };

fault_disk *fault_disk_make(void);

/// What a machine finds on `disk` after its power has gone and come back: a new disk. `seed` 0: nothing that was not
/// durable. Others: some sectors of it, some entries, in any order, the last sector torn.
fault_disk *fault_disk_after_power_loss(fault_disk *disk, uint64_t seed);

/// No connection may be open on it any more.
void fault_disk_free(fault_disk *disk);

/// The name under which SQLite knows the disk; lives as long as it.
const char *fault_disk_name(const fault_disk *disk);

/// Cuts the power just before the `n`-th change (write, sync, truncate, making or deleting of a file) from now on. From
/// then on every call fails, until the last connection is closed. 1 is the next; 0: not at all.
void fault_disk_cut_before_change(fault_disk *disk, uint64_t n);
void fault_disk_cut(fault_disk *disk);
int fault_disk_is_cut(fault_disk *disk);

/// Calls of these kinds since the disk was made, the failed ones too.
uint64_t fault_disk_calls(fault_disk *disk, int kinds);
/// The changes that `fault_disk_cut_before_change` counts, since the disk was made.
uint64_t fault_disk_changes(fault_disk *disk);

/// The `first`-th call of these kinds from now on (1 is the next) and `count` - 1 after it fail with `code`. An fsync
/// that fails has lost what it should have made durable, and the next one does not bring it back, as on Linux.
void fault_disk_fail(fault_disk *disk, int kinds, uint64_t first, uint64_t count, int code);
/// Nothing fails any more. Returns how many calls have failed since `fault_disk_fail`.
uint64_t fault_disk_heal(fault_disk *disk);

void fault_disk_set_sync(fault_disk *disk, int mode);

/// Bytes of a file, or -1 when there is none.
int64_t fault_disk_size(fault_disk *disk, const char *path);

/// SQLite's integrity_check of a database on the disk, on a connection of its own. Returns 0 when all is well; else
/// 1, with the first finding in `finding`.
int fault_disk_check(fault_disk *disk, const char *path, char *finding, int size);

#endif
