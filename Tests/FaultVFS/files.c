// The methods by which SQLite reads and writes files.
#include "disk.h"
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static fault_disk *lock_disk(sqlite3_file *file) {
    fault_disk *disk = ((handle *)file)->disk;
    pthread_mutex_lock(&disk->mutex);
    return disk;
}

static int leave(fault_disk *disk, int code) {
    pthread_mutex_unlock(&disk->mutex);
    return code;
}

static int file_read(sqlite3_file *file, void *target, int count, sqlite3_int64 offset) {
    fault_disk *disk = lock_disk(file);
    int code = disk_enter(disk, FAULT_READ, 0, SQLITE_IOERR_READ);
    if (code != SQLITE_OK) return leave(disk, code);
    const bytes *content = &((handle *)file)->inode->seen;
    int64_t there = content->count - offset;
    if (there > count) there = count;
    if (there > 0) memcpy(target, content->start + offset, (size_t)there);
    else there = 0;
    memset((char *)target + there, 0, (size_t)(count - there));
    return leave(disk, there == count ? SQLITE_OK : SQLITE_IOERR_SHORT_READ);
}

static int file_write(sqlite3_file *file, const void *data, int count, sqlite3_int64 offset) {
    fault_disk *disk = lock_disk(file);
    int code = disk_enter(disk, FAULT_WRITE, 1, SQLITE_IOERR_WRITE);
    // A write that fails may have written a part.
    if (code == SQLITE_OK) disk_write(((handle *)file)->inode, data, count, offset);
    else if (!disk->is_cut && count > 1) disk_write(((handle *)file)->inode, data, count / 2, offset);
    return leave(disk, code);
}

static int file_truncate(sqlite3_file *file, sqlite3_int64 count) {
    fault_disk *disk = lock_disk(file);
    int code = disk_enter(disk, FAULT_TRUNCATE, 1, SQLITE_IOERR_TRUNCATE);
    if (code == SQLITE_OK) disk_truncate(((handle *)file)->inode, count);
    return leave(disk, code);
}

static int file_sync(sqlite3_file *file, int flags) {
    (void)flags;
    fault_disk *disk = lock_disk(file);
    handle *self = (handle *)file;
    int code = disk_enter(disk, FAULT_SYNC, 1, SQLITE_IOERR_FSYNC);
    if (code != SQLITE_OK) {
        if (!disk->is_cut) disk_lose(self->inode);
    } else if (disk->sync_mode == FAULT_SYNC_LATE) {
        self->inode->late_count = self->inode->change_count;
    } else if (disk->sync_mode == FAULT_SYNC_HONEST) {
        disk_flush(self->inode, self->inode->change_count);
        if (self->syncs_directory) disk_sync_directory(disk);
        self->syncs_directory = 0;
    }
    return leave(disk, code);
}

static int file_size(sqlite3_file *file, sqlite3_int64 *size) {
    fault_disk *disk = lock_disk(file);
    *size = ((handle *)file)->inode->seen.count;
    return leave(disk, disk->is_cut ? SQLITE_IOERR_FSTAT : SQLITE_OK);
}

static int file_lock(sqlite3_file *file, int level) {
    fault_disk *disk = lock_disk(file);
    handle *self = (handle *)file;
    inode *on = self->inode;
    if (disk->is_cut) return leave(disk, SQLITE_IOERR_LOCK);
    if (self->lock_level >= level) return leave(disk, SQLITE_OK);
    if ((on->pending && on->pending != self) || (on->exclusive && on->exclusive != self))
        return leave(disk, SQLITE_BUSY);
    if (self->lock_level == SQLITE_LOCK_NONE) on->shared_locks++, self->lock_level = SQLITE_LOCK_SHARED;
    if (level >= SQLITE_LOCK_RESERVED) {
        if (on->reserved && on->reserved != self) return leave(disk, SQLITE_BUSY);
        if (level == SQLITE_LOCK_RESERVED) on->reserved = self;
    }
    if (level == SQLITE_LOCK_EXCLUSIVE) {
        on->pending = self;
        self->lock_level = SQLITE_LOCK_PENDING;
        if (on->shared_locks > 1) return leave(disk, SQLITE_BUSY);
        on->exclusive = self;
    }
    self->lock_level = level;
    return leave(disk, SQLITE_OK);
}

static int unlock(handle *self, int level) {
    inode *on = self->inode;
    if (self->lock_level <= level) return SQLITE_OK;
    if (on->reserved == self) on->reserved = NULL;
    if (on->pending == self) on->pending = NULL;
    if (on->exclusive == self) on->exclusive = NULL;
    if (level == SQLITE_LOCK_NONE) on->shared_locks--;
    self->lock_level = level;
    return SQLITE_OK;
}

static int file_unlock(sqlite3_file *file, int level) {
    fault_disk *disk = lock_disk(file);
    return leave(disk, unlock((handle *)file, level));
}

static int file_check_reserved(sqlite3_file *file, int *is_reserved) {
    fault_disk *disk = lock_disk(file);
    *is_reserved = ((handle *)file)->inode->reserved != NULL;
    return leave(disk, SQLITE_OK);
}

static int file_control(sqlite3_file *file, int operation, void *argument) {
    (void)file, (void)operation, (void)argument;
    return SQLITE_NOTFOUND;
}

// As SQLite's own: a page of the machine, and that a write spoils no byte beside it.
static int file_sector_size(sqlite3_file *file) { return (void)file, 4096; }
static int file_characteristics(sqlite3_file *file) { return (void)file, SQLITE_IOCAP_POWERSAFE_OVERWRITE; }

static int file_close(sqlite3_file *file) {
    handle *self = (handle *)file;
    if (self->uses_shm) shm_unmap(file, 0);
    fault_disk *disk = lock_disk(file);
    unlock(self, SQLITE_LOCK_NONE);
    return leave(disk, SQLITE_OK);
}

static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = file_close,
    .xRead = file_read,
    .xWrite = file_write,
    .xTruncate = file_truncate,
    .xSync = file_sync,
    .xFileSize = file_size,
    .xLock = file_lock,
    .xUnlock = file_unlock,
    .xCheckReservedLock = file_check_reserved,
    .xFileControl = file_control,
    .xSectorSize = file_sector_size,
    .xDeviceCharacteristics = file_characteristics,
    .xShmMap = shm_map,
    .xShmLock = shm_lock,
    .xShmBarrier = shm_barrier,
    .xShmUnmap = shm_unmap,
};

static int disk_open(sqlite3_vfs *vfs, const char *path, sqlite3_file *file, int flags, int *out_flags) {
    fault_disk *disk = vfs->pAppData;
    handle *self = (handle *)file;
    memset(self, 0, sizeof *self);
    pthread_mutex_lock(&disk->mutex);
    entry *found = path ? disk_find(disk, path) : NULL;
    int is_there = found && found->seen, is_made = !is_there && (flags & SQLITE_OPEN_CREATE) != 0;
    int code = disk_enter(disk, FAULT_OPEN, is_made, SQLITE_CANTOPEN);
    if (code == SQLITE_OK && path && !is_there && !is_made) code = SQLITE_CANTOPEN;
    if (code != SQLITE_OK) return leave(disk, code);
    if (path && is_made) {
        if (!found) found = disk_new_entry(disk, path);
        found->seen = disk_new_inode(disk);
        if ((flags & SQLITE_OPEN_MAIN_DB) && access(path, F_OK) == 0) found->durable = found->seen;
    }
    self->disk = disk;
    self->inode = found ? found->seen : disk_new_inode(disk);
    self->syncs_directory = (flags & SQLITE_OPEN_CREATE) != 0
        && (flags & (SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_SUPER_JOURNAL | SQLITE_OPEN_WAL)) != 0;
    self->base.pMethods = &methods;
    if (out_flags) *out_flags = flags;
    return leave(disk, SQLITE_OK);
}

static int disk_delete(sqlite3_vfs *vfs, const char *path, int sync_directory) {
    fault_disk *disk = vfs->pAppData;
    pthread_mutex_lock(&disk->mutex);
    entry *found = disk_find(disk, path);
    if (!found || !found->seen) return leave(disk, SQLITE_IOERR_DELETE_NOENT);
    int code = disk_enter(disk, FAULT_DELETE, 1, SQLITE_IOERR_DELETE);
    if (code != SQLITE_OK) return leave(disk, code);
    found->seen = NULL;
    if (sync_directory && disk->sync_mode == FAULT_SYNC_HONEST) disk_sync_directory(disk);
    return leave(disk, SQLITE_OK);
}

static int disk_access(sqlite3_vfs *vfs, const char *path, int flags, int *is_so) {
    (void)flags;
    fault_disk *disk = vfs->pAppData;
    pthread_mutex_lock(&disk->mutex);
    entry *found = disk_find(disk, path);
    *is_so = found && found->seen;
    return leave(disk, disk->is_cut ? SQLITE_IOERR_ACCESS : SQLITE_OK);
}

static int disk_full_path(sqlite3_vfs *vfs, const char *path, int count, char *target) {
    (void)vfs;
    if (strlen(path) >= (size_t)count) return SQLITE_CANTOPEN;
    strcpy(target, path);
    return SQLITE_OK;
}

static sqlite3_vfs *real(void) { return sqlite3_vfs_find(NULL); }
static int disk_randomness(sqlite3_vfs *vfs, int n, char *out) { return (void)vfs, real()->xRandomness(real(), n, out); }
static int disk_sleep(sqlite3_vfs *vfs, int us) { return (void)vfs, real()->xSleep(real(), us); }
static int disk_time(sqlite3_vfs *vfs, double *now) { return (void)vfs, real()->xCurrentTime(real(), now); }
static int disk_last_error(sqlite3_vfs *vfs, int n, char *out) { return (void)vfs, (void)n, (void)out, 0; }

void files_install(fault_disk *disk) {
    disk->vfs = (sqlite3_vfs){
        .iVersion = 1,
        .szOsFile = sizeof(handle),
        .mxPathname = 1024,
        .zName = disk->name,
        .pAppData = disk,
        .xOpen = disk_open,
        .xDelete = disk_delete,
        .xAccess = disk_access,
        .xFullPathname = disk_full_path,
        .xRandomness = disk_randomness,
        .xSleep = disk_sleep,
        .xCurrentTime = disk_time,
        .xGetLastError = disk_last_error,
    };
}
