// Reads a stream as cheaply as possible, or on purpose slower than the server sends it.
#define _GNU_SOURCE
#include "parts.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/// The flag of the last frame of a stream.
#define REMOTE_CLOSED 1
/// The flag of a frame that holds no message.
#define NO_DATA 4

/// Where the reader is in the frames: it never keeps a payload.
typedef struct {
    uint8_t header[HEADER_BYTES];
    size_t header_bytes;
    size_t payload_left;
} place;

/// Counts the messages in what was read. Returns 0, or EPROTO for an answer with an error.
static int take(place *self, const uint8_t *bytes, size_t count, load_stream_result *result, int *has_ended) {
    while (count) {
        if (self->payload_left) {
            size_t part = count < self->payload_left ? count : self->payload_left;
            self->payload_left -= part;
            bytes += part;
            count -= part;
            continue;
        }
        size_t part = HEADER_BYTES - self->header_bytes;
        if (part > count) part = count;
        memcpy(self->header + self->header_bytes, bytes, part);
        self->header_bytes += part;
        bytes += part;
        count -= part;
        if (self->header_bytes < HEADER_BYTES) return 0;
        self->header_bytes = 0;
        self->payload_left = number_at(self->header);
        if (self->header[8] != DATA) return EPROTO;
        if (!(self->header[9] & NO_DATA)) result->messages++;
        if (self->header[9] & REMOTE_CLOSED) *has_ended = 1;
    }
    return 0;
}

/// Resident bytes of a process: the second number of its statm.
static uint64_t resident(int process) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/statm", process);
    FILE *file = fopen(path, "r");
    unsigned long long all = 0, pages = 0;
    if (!file) return 0;
    if (fscanf(file, "%llu %llu", &all, &pages) != 2) pages = 0;
    fclose(file);
    return pages * (uint64_t)sysconf(_SC_PAGESIZE);
}

static void look(const load_stream_plan *plan, load_stream_result *result) {
    uint64_t now = resident(plan->server_process);
    if (now > result->resident_max) result->resident_max = now;
}

static int read_all(const load_stream_plan *plan, int fd, uint8_t *buffer, load_stream_result *result) {
    place place = {0};
    int has_ended = 0;
    uint64_t looked_at = 0;
    for (uint32_t reads = 0; !has_ended; reads++) {
        // From a quarter of the largest piece up to it, in turn.
        size_t piece = plan->is_slow ? plan->piece_bytes / 4 * (reads % 4 + 1) : plan->piece_bytes;
        ssize_t count = read(fd, buffer, piece);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return count ? errno : ECONNRESET;
        result->bytes += (uint64_t)count;
        int code = take(&place, buffer, (size_t)count, result, &has_ended);
        if (code) return code;
        if (result->bytes - looked_at >= plan->look_each_bytes) {
            looked_at = result->bytes;
            look(plan, result);
        }
        // Now and then the reader stops altogether, so that the server is ahead of it whatever the machine does.
        if (plan->is_slow && reads % 256 == 255) nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    }
    return 0;
}

int load_read_stream(const load_stream_plan *plan, load_stream_result *result) {
    memset(result, 0, sizeof *result);
    uint8_t *buffer = malloc(plan->piece_bytes);
    int fd = connect_to(plan->socket_path);
    int code = !buffer ? ENOMEM : fd < 0 ? errno : 0;
    result->resident_before = result->resident_max = resident(plan->server_process);
    uint64_t cpu = processor_ns(plan->server_process), began = now_ns();
    if (!code) code = write_all(fd, plan->frame, plan->frame_bytes);
    if (!code) code = read_all(plan, fd, buffer, result);
    result->seconds = (double)(now_ns() - began) / 1e9;
    result->server_cpu_us = (double)(processor_ns(plan->server_process) - cpu) / 1e3;
    look(plan, result);
    result->resident_after = resident(plan->server_process);
    if (fd >= 0) close(fd);
    free(buffer);
    return code;
}
