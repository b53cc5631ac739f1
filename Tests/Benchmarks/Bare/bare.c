// The reference of durable writes: the rows that the daemon wrote, read back into memory, then written by bare SQLite.
#include "bare.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define TABLES_MAX 8

/// The rows of one table, in memory, and how they are written.
typedef struct {
    const char *name;
    int columns;
    /// `bodies` times `columns`.
    sqlite3_value **values;
    sqlite3_stmt *insert;
} table;

typedef struct {
    sqlite3 *source, *db;
    table tables[TABLES_MAX];
    uint32_t table_count, bodies;
} replay;

static double now_seconds(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/// Makes the table, and its indexes, as they are in the source.
static int copy_schema(replay *self, const char *name) {
    sqlite3_stmt *find;
    int code = sqlite3_prepare_v2(
        self->source, "SELECT sql FROM sqlite_schema WHERE tbl_name = ?1 AND sql IS NOT NULL ORDER BY type DESC", -1,
        &find, NULL);
    if (code) return code;
    sqlite3_bind_text(find, 1, name, -1, SQLITE_STATIC);
    while ((code = sqlite3_step(find)) == SQLITE_ROW) {
        code = sqlite3_exec(self->db, (const char *)sqlite3_column_text(find, 0), NULL, NULL, NULL);
        if (code) break;
    }
    sqlite3_finalize(find);
    return code == SQLITE_DONE ? 0 : code;
}

/// Reads the newest rows, the oldest of them first.
static int read_rows(replay *self, table *table) {
    char sql[300];
    snprintf(
        sql, sizeof sql, "SELECT * FROM (SELECT rowid AS row_number, * FROM %s ORDER BY rowid DESC LIMIT %u) ORDER BY 1",
        table->name, self->bodies);
    sqlite3_stmt *select;
    int code = sqlite3_prepare_v2(self->source, sql, -1, &select, NULL);
    if (code) return code;
    table->columns = sqlite3_column_count(select) - 1;
    table->values = calloc((size_t)self->bodies * (size_t)table->columns, sizeof *table->values);
    uint32_t row = 0;
    while (table->values && row < self->bodies && (code = sqlite3_step(select)) == SQLITE_ROW) {
        for (int i = 0; i < table->columns; i++) {
            table->values[(size_t)row * (size_t)table->columns + (size_t)i] =
                sqlite3_value_dup(sqlite3_column_value(select, i + 1));
        }
        row++;
    }
    sqlite3_finalize(select);
    return row == self->bodies ? 0 : code == SQLITE_ROW || code == SQLITE_DONE ? SQLITE_MISMATCH : code;
}

static int prepare_insert(replay *self, table *table) {
    char sql[300];
    int used = snprintf(sql, sizeof sql, "INSERT INTO %s VALUES (?", table->name);
    for (int i = 1; i < table->columns; i++) used += snprintf(sql + used, sizeof sql - (size_t)used, ", ?");
    snprintf(sql + used, sizeof sql - (size_t)used, ")");
    return sqlite3_prepare_v3(self->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &table->insert, NULL);
}

static int write_body(replay *self, uint32_t body) {
    for (uint32_t i = 0; i < self->table_count; i++) {
        table *table = &self->tables[i];
        sqlite3_value **row = table->values + (size_t)body * (size_t)table->columns;
        for (int column = 0; column < table->columns; column++) {
            sqlite3_bind_value(table->insert, column + 1, row[column]);
        }
        int code = sqlite3_step(table->insert);
        sqlite3_reset(table->insert);
        if (code != SQLITE_DONE) return code;
    }
    return 0;
}

static int write_all(replay *self, uint32_t group_bodies, bare_result *result) {
    double began = now_seconds();
    for (uint32_t body = 0; body < self->bodies;) {
        int code = sqlite3_exec(self->db, "BEGIN IMMEDIATE", NULL, NULL, NULL);
        for (uint32_t end = body + group_bodies; !code && body < end && body < self->bodies; body++) {
            code = write_body(self, body);
        }
        if (!code) code = sqlite3_exec(self->db, "COMMIT", NULL, NULL, NULL);
        if (code) return code;
    }
    result->seconds = now_seconds() - began;
    result->bodies = self->bodies;
    return 0;
}

static int prepare(replay *self, const char *const *tables) {
    int code = sqlite3_exec(
        self->db, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -4096", NULL, NULL, NULL);
    for (; !code && *tables && self->table_count < TABLES_MAX; tables++) {
        table *table = &self->tables[self->table_count++];
        table->name = *tables;
        code = copy_schema(self, table->name);
        if (!code) code = read_rows(self, table);
        if (!code) code = prepare_insert(self, table);
    }
    return code;
}

static void tell(int code, sqlite3 *db, char *failure, size_t failure_bytes) {
    if (code && failure_bytes) snprintf(failure, failure_bytes, "%s (%d)", db ? sqlite3_errmsg(db) : "", code);
}

static void end(replay *self) {
    for (uint32_t i = 0; i < self->table_count; i++) {
        table *table = &self->tables[i];
        size_t count = table->values ? (size_t)self->bodies * (size_t)table->columns : 0;
        for (size_t value = 0; value < count; value++) sqlite3_value_free(table->values[value]);
        free(table->values);
        sqlite3_finalize(table->insert);
    }
    sqlite3_close(self->db);
    sqlite3_close(self->source);
}

int bare_replay(
    const char *source_path, const char *path, const char *const *tables, uint32_t bodies, uint32_t group_bodies,
    bare_result *result, char *failure, size_t failure_bytes) {
    replay self = {.bodies = bodies};
    int code = sqlite3_open_v2(source_path, &self.source, SQLITE_OPEN_READWRITE, NULL);
    if (!code) code = sqlite3_open(path, &self.db);
    if (!code) code = prepare(&self, tables);
    if (!code) code = write_all(&self, group_bodies, result);
    tell(code, self.db, failure, failure_bytes);
    end(&self);
    return code;
}

int bare_execute(const char *path, const char *sql, char *failure, size_t failure_bytes) {
    sqlite3 *db = NULL;
    int code = sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL);
    if (!code) code = sqlite3_exec(db, sql, NULL, NULL, NULL);
    tell(code, db, failure, failure_bytes);
    sqlite3_close(db);
    return code;
}
