#pragma once
#include <stdint.h>

/// How often a process has asked the C library for memory, and the kernel for something.
///
/// The programs that link this count in a file that both sides map: the one named by the environment's
/// BENCHMARK_COUNTS. Without it nothing is counted, at the price of one predicted branch. Waiting on a lock (futex)
/// is not seen, nor what the kernel does not enter for (the clock).
typedef struct {
    _Atomic uint64_t allocations;
    _Atomic uint64_t allocated_bytes;
    _Atomic uint64_t reads;
    _Atomic uint64_t writes;
    _Atomic uint64_t polls;
    _Atomic uint64_t poll_changes;
    _Atomic uint64_t syncs;
} counting_counts;

/// A copy that does not change.
typedef struct {
    uint64_t allocations, allocated_bytes, reads, writes, polls, poll_changes, syncs;
} counting_snapshot;

/// Makes the file at `path` and maps it; NULL if that fails.
const counting_counts *counting_open(const char *path);

counting_snapshot counting_read(const counting_counts *counts);
