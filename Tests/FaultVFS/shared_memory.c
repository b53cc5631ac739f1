// The wal-index in the heap: all connections of a test are in one process, as those of the daemon are.
#include "disk.h"
#include <stdlib.h>
#include <string.h>

int shm_map(sqlite3_file *file, int index, int size, int extend, void volatile **region) {
    handle *self = (handle *)file;
    shared_memory *shm = &self->inode->shm;
    *region = NULL;
    pthread_mutex_lock(&self->disk->mutex);
    int code = disk_enter(self->disk, FAULT_SHM, 0, SQLITE_IOERR_SHMMAP);
    if (code == SQLITE_OK) {
        if (!self->uses_shm) self->uses_shm = 1, shm->users++;
        if (index >= shm->region_count && extend) {
            shm->regions = realloc(shm->regions, sizeof(void *) * (size_t)(index + 1));
            while (shm->region_count <= index) shm->regions[shm->region_count++] = calloc(1, (size_t)size);
        }
        if (index < shm->region_count) *region = shm->regions[index];
    }
    pthread_mutex_unlock(&self->disk->mutex);
    return code;
}

static int lock_all(handle *self, shared_memory *shm, int offset, int count, int flags) {
    for (int i = offset; i < offset + count; i++) {
        uint16_t bit = (uint16_t)(1 << i);
        if (shm->exclusive[i] && shm->exclusive[i] != self) return SQLITE_BUSY;
        if ((flags & SQLITE_SHM_EXCLUSIVE) && shm->shared[i] > ((self->shared_mask & bit) != 0)) return SQLITE_BUSY;
    }
    for (int i = offset; i < offset + count; i++) {
        uint16_t bit = (uint16_t)(1 << i);
        if (flags & SQLITE_SHM_EXCLUSIVE) shm->exclusive[i] = self, self->exclusive_mask |= bit;
        else if (!(self->shared_mask & bit)) shm->shared[i]++, self->shared_mask |= bit;
    }
    return SQLITE_OK;
}

static void unlock_all(handle *self, shared_memory *shm, int offset, int count) {
    for (int i = offset; i < offset + count; i++) {
        uint16_t bit = (uint16_t)(1 << i);
        if (self->exclusive_mask & bit) shm->exclusive[i] = NULL;
        if (self->shared_mask & bit) shm->shared[i]--;
        self->exclusive_mask &= (uint16_t)~bit;
        self->shared_mask &= (uint16_t)~bit;
    }
}

int shm_lock(sqlite3_file *file, int offset, int count, int flags) {
    handle *self = (handle *)file;
    shared_memory *shm = &self->inode->shm;
    int code = SQLITE_OK;
    pthread_mutex_lock(&self->disk->mutex);
    if (flags & SQLITE_SHM_UNLOCK) unlock_all(self, shm, offset, count);
    else code = self->disk->is_cut ? SQLITE_IOERR_SHMLOCK : lock_all(self, shm, offset, count, flags);
    pthread_mutex_unlock(&self->disk->mutex);
    return code;
}

void shm_barrier(sqlite3_file *file) {
    handle *self = (handle *)file;
    pthread_mutex_lock(&self->disk->mutex);
    __sync_synchronize();
    pthread_mutex_unlock(&self->disk->mutex);
}

int shm_unmap(sqlite3_file *file, int delete_it) {
    (void)delete_it;
    handle *self = (handle *)file;
    shared_memory *shm = &self->inode->shm;
    pthread_mutex_lock(&self->disk->mutex);
    if (self->uses_shm) {
        unlock_all(self, shm, 0, SQLITE_SHM_NLOCK);
        self->uses_shm = 0;
        // The last one out takes it along, as the next one in would find it stale.
        if (--shm->users == 0) {
            for (int i = 0; i < shm->region_count; i++) free(shm->regions[i]);
            free(shm->regions);
            shm->regions = NULL;
            shm->region_count = 0;
        }
    }
    pthread_mutex_unlock(&self->disk->mutex);
    return SQLITE_OK;
}
