#include "disk.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SECTOR = 512 };

static void resize(bytes *content, int64_t count) {
    if (count > content->capacity) {
        content->capacity = count * 2;
        content->start = realloc(content->start, (size_t)content->capacity);
    }
    if (count > content->count) memset(content->start + content->count, 0, (size_t)(count - content->count));
    content->count = count;
}

static void put(bytes *content, const void *data, int64_t count, int64_t offset) {
    if (count == 0) return;
    if (offset + count > content->count) resize(content, offset + count);
    memcpy(content->start + offset, data, (size_t)count);
}

static void apply(bytes *content, const change *change) {
    if (change->kind == CHANGE_WRITE) put(content, change->data, change->count, change->offset);
    else resize(content, change->offset);
}

static change *add_change(inode *file) {
    if (file->change_count == file->change_capacity) {
        file->change_capacity = file->change_capacity * 2 + 16;
        file->changes = realloc(file->changes, sizeof(change) * (size_t)file->change_capacity);
    }
    change *added = &file->changes[file->change_count++];
    memset(added, 0, sizeof *added);
    return added;
}

void disk_write(inode *file, const void *data, int64_t count, int64_t offset) {
    put(&file->seen, data, count, offset);
    change *added = add_change(file);
    *added = (change){.kind = CHANGE_WRITE, .offset = offset, .count = count, .data = malloc((size_t)count)};
    memcpy(added->data, data, (size_t)count);
}

void disk_truncate(inode *file, int64_t count) {
    resize(&file->seen, count);
    *add_change(file) = (change){.kind = CHANGE_TRUNCATE, .offset = count};
}

void disk_flush(inode *file, int count) {
    for (int i = 0; i < count; i++) {
        if (!file->changes[i].is_lost) apply(&file->durable, &file->changes[i]);
        free(file->changes[i].data);
    }
    file->change_count -= count;
    memmove(file->changes, file->changes + count, sizeof(change) * (size_t)file->change_count);
    file->late_count = file->late_count > count ? file->late_count - count : 0;
}

void disk_lose(inode *file) {
    for (int i = 0; i < file->change_count; i++) file->changes[i].is_lost = 1;
}

inode *disk_new_inode(fault_disk *disk) {
    inode *made = calloc(1, sizeof *made);
    made->next = disk->inodes;
    return disk->inodes = made;
}

// One folder: the same disk serves under any path.
static const char *name_of(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

entry *disk_find(fault_disk *disk, const char *path) {
    for (entry *each = disk->entries; each; each = each->next)
        if (strcmp(each->name, name_of(path)) == 0) return each;
    return NULL;
}

entry *disk_new_entry(fault_disk *disk, const char *path) {
    entry *made = calloc(1, sizeof *made);
    made->name = strdup(name_of(path));
    made->next = disk->entries;
    return disk->entries = made;
}

void disk_sync_directory(fault_disk *disk) {
    for (entry *each = disk->entries; each; each = each->next) each->durable = each->seen;
}

static uint64_t random_number(uint64_t *state) {
    // splitmix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators").
    uint64_t mixed = *state += 0x9E3779B97F4A7C15u;
    mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9u;
    mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBu;
    return mixed ^ (mixed >> 31);
}

int disk_enter(fault_disk *disk, int kind, int is_change, int code_when_cut) {
    if (disk->is_cut) return code_when_cut;
    disk->calls[__builtin_ctz((unsigned)kind)]++;
    if (is_change) {
        disk->changes++;
        if (disk->cut_before && --disk->cut_before == 0) {
            disk->is_cut = 1;
            return code_when_cut;
        }
        for (inode *file = disk->inodes; file; file = file->next)
            if (file->late_count) disk_flush(file, file->late_count);
    }
    if (!(disk->fault_kinds & kind)) return SQLITE_OK;
    uint64_t seen = ++disk->fault_seen;
    if (seen < disk->fault_first || seen - disk->fault_first >= disk->fault_count) return SQLITE_OK;
    disk->fault_hits++;
    return disk->fault_code;
}

/// Some of a write's sectors; of the last one, when `is_last`, only a beginning.
static void keep_some(bytes *content, const change *written, uint64_t odds, int is_last, uint64_t *random) {
    int64_t end = written->offset + written->count;
    for (int64_t from = written->offset; from < end;) {
        int64_t to = (from / SECTOR + 1) * SECTOR < end ? (from / SECTOR + 1) * SECTOR : end;
        int64_t kept = to - from;
        if (is_last && to == end) kept = (int64_t)(random_number(random) % (uint64_t)(kept + 1));
        if (random_number(random) % 8 < odds) put(content, written->data + (from - written->offset), kept, from);
        from = to;
    }
}

/// What is left of a file: all that is durable and, with a seed, some of the rest. Every second seed keeps the changes
/// up to some moment, the others any sectors of any of them.
static void survive(const inode *old, inode *file, uint64_t seed, uint64_t *random) {
    put(&file->durable, old->durable.start, old->durable.count, 0);
    if (seed != 0 && old->change_count > 0) {
        int last = (int)(random_number(random) % (uint64_t)old->change_count);
        uint64_t odds = seed % 2 ? 8 : 1 + random_number(random) % 7;
        int end = seed % 2 ? last : old->change_count - 1;
        for (int i = 0; i <= end; i++) {
            const change *each = &old->changes[i];
            if (each->kind == CHANGE_WRITE) keep_some(&file->durable, each, odds, i == end, random);
            else if (random_number(random) % 8 < odds) apply(&file->durable, each);
        }
    }
    put(&file->seen, file->durable.start, file->durable.count, 0);
}

fault_disk *fault_disk_after_power_loss(fault_disk *disk, uint64_t seed) {
    fault_disk *next = fault_disk_make();
    uint64_t random = seed;
    pthread_mutex_lock(&disk->mutex);
    for (entry *old = disk->entries; old; old = old->next) {
        inode *kept = seed != 0 && random_number(&random) % 2 ? old->seen : old->durable;
        if (!kept) continue;
        entry *made = disk_new_entry(next, old->name);
        made->seen = made->durable = disk_new_inode(next);
        survive(kept, made->seen, seed, &random);
    }
    pthread_mutex_unlock(&disk->mutex);
    return next;
}

fault_disk *fault_disk_make(void) {
    static uint64_t made;
    fault_disk *disk = calloc(1, sizeof *disk);
    snprintf(disk->name, sizeof disk->name, "fault-%llu",
             (unsigned long long)__atomic_fetch_add(&made, 1, __ATOMIC_RELAXED));
    pthread_mutex_init(&disk->mutex, NULL);
    files_install(disk);
    sqlite3_vfs_register(&disk->vfs, 0);
    return disk;
}

void fault_disk_free(fault_disk *disk) {
    sqlite3_vfs_unregister(&disk->vfs);
    for (inode *file = disk->inodes, *next; file; file = next) {
        next = file->next;
        disk_flush(file, file->change_count);
        free(file->changes);
        free(file->seen.start);
        free(file->durable.start);
        free(file);
    }
    for (entry *each = disk->entries, *next; each; each = next) {
        next = each->next;
        free(each->name);
        free(each);
    }
    pthread_mutex_destroy(&disk->mutex);
    free(disk);
}

const char *fault_disk_name(const fault_disk *disk) { return disk->name; }

void fault_disk_cut_before_change(fault_disk *disk, uint64_t n) {
    pthread_mutex_lock(&disk->mutex);
    disk->cut_before = n;
    pthread_mutex_unlock(&disk->mutex);
}

void fault_disk_cut(fault_disk *disk) {
    pthread_mutex_lock(&disk->mutex);
    disk->is_cut = 1;
    pthread_mutex_unlock(&disk->mutex);
}

int fault_disk_is_cut(fault_disk *disk) {
    pthread_mutex_lock(&disk->mutex);
    int is_cut = disk->is_cut;
    pthread_mutex_unlock(&disk->mutex);
    return is_cut;
}

uint64_t fault_disk_calls(fault_disk *disk, int kinds) {
    uint64_t sum = 0;
    pthread_mutex_lock(&disk->mutex);
    for (int i = 0; i < 8; i++)
        if (kinds & 1 << i) sum += disk->calls[i];
    pthread_mutex_unlock(&disk->mutex);
    return sum;
}

uint64_t fault_disk_changes(fault_disk *disk) {
    pthread_mutex_lock(&disk->mutex);
    uint64_t changes = disk->changes;
    pthread_mutex_unlock(&disk->mutex);
    return changes;
}

void fault_disk_fail(fault_disk *disk, int kinds, uint64_t first, uint64_t count, int code) {
    pthread_mutex_lock(&disk->mutex);
    disk->fault_kinds = kinds;
    disk->fault_code = code;
    disk->fault_first = first;
    disk->fault_count = count;
    disk->fault_seen = disk->fault_hits = 0;
    pthread_mutex_unlock(&disk->mutex);
}

uint64_t fault_disk_heal(fault_disk *disk) {
    pthread_mutex_lock(&disk->mutex);
    disk->fault_kinds = 0;
    uint64_t hits = disk->fault_hits;
    pthread_mutex_unlock(&disk->mutex);
    return hits;
}

void fault_disk_set_sync(fault_disk *disk, int mode) {
    pthread_mutex_lock(&disk->mutex);
    disk->sync_mode = mode;
    pthread_mutex_unlock(&disk->mutex);
}

int64_t fault_disk_size(fault_disk *disk, const char *path) {
    pthread_mutex_lock(&disk->mutex);
    entry *found = disk_find(disk, path);
    int64_t size = found && found->seen ? found->seen->seen.count : -1;
    pthread_mutex_unlock(&disk->mutex);
    return size;
}

int fault_disk_check(fault_disk *disk, const char *path, char *finding, int size) {
    sqlite3 *db = NULL;
    sqlite3_stmt *statement = NULL;
    snprintf(finding, (size_t)size, "nothing found");
    int code = sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, disk->name);
    if (code == SQLITE_OK) code = sqlite3_prepare_v2(db, "PRAGMA integrity_check", -1, &statement, NULL);
    if (code == SQLITE_OK) code = sqlite3_step(statement);
    if (code == SQLITE_ROW) snprintf(finding, (size_t)size, "%s", sqlite3_column_text(statement, 0));
    else snprintf(finding, (size_t)size, "%s", sqlite3_errmsg(db));
    int is_damaged = code != SQLITE_ROW || strcmp(finding, "ok") != 0;
    sqlite3_finalize(statement);
    sqlite3_close(db);
    return is_damaged;
}
