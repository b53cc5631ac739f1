// What disk.c, files.c and shared_memory.c have in common.
#ifndef CORDEE_FAULT_DISK_H
#define CORDEE_FAULT_DISK_H

#include "fault_vfs.h"
#include <pthread.h>
#include <sqlite3.h>
#include <stddef.h>

typedef struct bytes {
    unsigned char *start;
    int64_t count, capacity;
} bytes;

/// A change of a file's content since its last fsync. `is_lost`: a failed fsync has dropped it.
typedef struct change {
    enum { CHANGE_WRITE, CHANGE_TRUNCATE } kind;
    int is_lost;
    int64_t offset, count;
    unsigned char *data;
} change;

typedef struct handle handle;

/// The wal-index of a database: in the heap, since all connections are in this process.
typedef struct shared_memory {
    int users;
    void **regions;
    int region_count;
    int shared[SQLITE_SHM_NLOCK];
    handle *exclusive[SQLITE_SHM_NLOCK];
} shared_memory;

typedef struct inode {
    struct inode *next;
    bytes seen, durable;
    change *changes;
    int change_count, change_capacity;
    /// How many of `changes` a late fsync still owes.
    int late_count;
    int shared_locks;
    handle *reserved, *pending, *exclusive;
    shared_memory shm;
} inode;

/// A name, and which file it means: to those who look, and after a loss of power.
typedef struct entry {
    struct entry *next;
    char *name;
    inode *seen, *durable;
} entry;

struct fault_disk {
    sqlite3_vfs vfs;
    char name[32];
    pthread_mutex_t mutex;
    inode *inodes;
    entry *entries;
    uint64_t calls[8], changes, cut_before;
    int is_cut, sync_mode;
    int fault_kinds, fault_code;
    uint64_t fault_seen, fault_first, fault_count, fault_hits;
};

struct handle {
    sqlite3_file base;
    fault_disk *disk;
    inode *inode;
    int lock_level, syncs_directory, uses_shm;
    uint16_t shared_mask, exclusive_mask;
};

/// Counts a call of one kind and says what it must return: SQLITE_OK to go on. `is_change`: power may go before it.
int disk_enter(fault_disk *disk, int kind, int is_change, int code_when_cut);
void disk_write(inode *file, const void *data, int64_t count, int64_t offset);
void disk_truncate(inode *file, int64_t count);
/// Makes the first `count` changes durable, but those that are lost.
void disk_flush(inode *file, int count);
void disk_lose(inode *file);
inode *disk_new_inode(fault_disk *disk);
entry *disk_find(fault_disk *disk, const char *path);
entry *disk_new_entry(fault_disk *disk, const char *path);
/// An fsync of the folder: what was made and deleted in it stays so.
void disk_sync_directory(fault_disk *disk);

void files_install(fault_disk *disk);

int shm_map(sqlite3_file *file, int index, int size, int extend, void volatile **region);
int shm_lock(sqlite3_file *file, int offset, int count, int flags);
void shm_barrier(sqlite3_file *file);
int shm_unmap(sqlite3_file *file, int delete_it);

#endif
