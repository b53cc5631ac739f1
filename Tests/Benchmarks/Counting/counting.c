// Stands between the program (and the shared libraries that it uses) and the C library: definitions in the program
// come first when the dynamic linker looks for these names.
#define _GNU_SOURCE
#include "counting.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

static counting_counts *counts;

#define COUNT(what, amount)                                                                  \
    do {                                                                                     \
        counting_counts *all = counts;                                                       \
        if (__builtin_expect(all != NULL, 0))                                                \
            atomic_fetch_add_explicit(&all->what, (amount), memory_order_relaxed);           \
    } while (0)

static counting_counts *map(const char *path, int flags) {
    int file = open(path, O_RDWR | O_CLOEXEC | flags, 0600);
    if (file < 0 || ftruncate(file, sizeof(counting_counts))) return NULL;
    void *all = mmap(NULL, sizeof(counting_counts), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    close(file);
    return all == MAP_FAILED ? NULL : all;
}

const counting_counts *counting_open(const char *path) { return map(path, O_CREAT); }

counting_snapshot counting_read(const counting_counts *all) {
    return (counting_snapshot){
        atomic_load(&all->allocations), atomic_load(&all->allocated_bytes), atomic_load(&all->reads),
        atomic_load(&all->writes),      atomic_load(&all->polls),           atomic_load(&all->poll_changes),
        atomic_load(&all->syncs),
    };
}

__attribute__((constructor)) static void begin(void) {
    const char *path = getenv("BENCHMARK_COUNTS");
    if (path) counts = map(path, 0);
}

// Memory

extern void *__libc_malloc(size_t), *__libc_calloc(size_t, size_t), *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);

static void count_bytes(size_t bytes) {
    COUNT(allocations, 1);
    COUNT(allocated_bytes, bytes);
}

void *malloc(size_t bytes) {
    count_bytes(bytes);
    return __libc_malloc(bytes);
}

void *calloc(size_t count, size_t bytes) {
    count_bytes(count * bytes);
    return __libc_calloc(count, bytes);
}

void *realloc(void *old, size_t bytes) {
    count_bytes(bytes);
    return __libc_realloc(old, bytes);
}

void *memalign(size_t alignment, size_t bytes) {
    count_bytes(bytes);
    return __libc_memalign(alignment, bytes);
}

void *aligned_alloc(size_t alignment, size_t bytes) { return memalign(alignment, bytes); }

int posix_memalign(void **result, size_t alignment, size_t bytes) {
    void *memory = memalign(alignment, bytes);
    if (!memory) return ENOMEM;
    *result = memory;
    return 0;
}

// The kernel

// The next definition of a name after ours: the C library's. Found at the first call, which may come before `begin`.
#define PASS_ON(what, result, name, parameters, ...)                                         \
    result name parameters {                                                                 \
        static _Atomic(void *) found;                                                        \
        void *next = atomic_load_explicit(&found, memory_order_relaxed);                     \
        if (!next) {                                                                         \
            next = dlsym(RTLD_NEXT, #name);                                                  \
            atomic_store_explicit(&found, next, memory_order_relaxed);                       \
        }                                                                                    \
        COUNT(what, 1);                                                                      \
        return ((result(*) parameters)next)(__VA_ARGS__);                                    \
    }

PASS_ON(reads, ssize_t, read, (int fd, void *to, size_t bytes), fd, to, bytes)
PASS_ON(reads, ssize_t, readv, (int fd, const struct iovec *to, int parts), fd, to, parts)
PASS_ON(reads, ssize_t, recvmsg, (int fd, struct msghdr *message, int flags), fd, message, flags)
PASS_ON(reads, ssize_t, pread64, (int fd, void *to, size_t bytes, off64_t from), fd, to, bytes, from)
PASS_ON(writes, ssize_t, write, (int fd, const void *from, size_t bytes), fd, from, bytes)
PASS_ON(writes, ssize_t, writev, (int fd, const struct iovec *from, int parts), fd, from, parts)
PASS_ON(writes, ssize_t, sendmsg, (int fd, const struct msghdr *message, int flags), fd, message, flags)
PASS_ON(writes, ssize_t, pwrite64, (int fd, const void *from, size_t bytes, off64_t to), fd, from, bytes, to)
PASS_ON(polls, int, epoll_wait, (int fd, struct epoll_event *events, int max, int timeout), fd, events, max, timeout)
PASS_ON(
    polls, int, epoll_pwait, (int fd, struct epoll_event *events, int max, int timeout, const sigset_t *mask), fd, events,
    max, timeout, mask)
PASS_ON(poll_changes, int, epoll_ctl, (int fd, int operation, int of, struct epoll_event *event), fd, operation, of, event)
PASS_ON(syncs, int, fsync, (int fd), fd)
PASS_ON(syncs, int, fdatasync, (int fd), fd)
