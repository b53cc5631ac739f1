#pragma once
#include <stddef.h>
#include <stdint.h>

/// What SQLite alone makes of the rows that the daemon wrote.
typedef struct {
    uint64_t bodies;
    double seconds;
} bare_result;

/// Writes the newest rows of some tables of a database into a new one: as they are, `group_bodies` bodies in each
/// transaction, and returns after each fsync before the next.
///
/// A body is one row of each table. The new database has these tables and their indexes, WAL, synchronous=FULL and
/// SQLite's own checkpoints; nothing is looked up, checked or answered.
///
/// - tables: names, the last one NULL; each has at least `bodies` rows.
/// Returns 0 or SQLite's code, with a text.
int bare_replay(
    const char *source_path, const char *path, const char *const *tables, uint32_t bodies, uint32_t group_bodies,
    bare_result *result, char *failure, size_t failure_bytes);

/// Runs SQL on a database that no daemon has open. Returns 0 or SQLite's code, with a text.
int bare_execute(const char *path, const char *sql, char *failure, size_t failure_bytes);
