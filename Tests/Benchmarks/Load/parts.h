// What both kinds of load need.
#pragma once
#include "load.h"

#define HEADER_BYTES 10
#define RESPONSE 2
#define DATA 3

uint64_t now_ns(void);
/// The time that all threads of a process have had on the processors.
uint64_t processor_ns(int process);
/// Returns a socket, or -1 with errno.
int connect_to(const char *path);
/// Returns 0, or an errno.
int write_all(int fd, const uint8_t *bytes, size_t count);

static inline uint32_t number_at(const uint8_t *p) {
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}
