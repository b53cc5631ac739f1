// Few and cheap system calls, so that what is measured is the server: all calls that may be in flight again leave in
// one write, and one poll waits for all connections.
#define _GNU_SOURCE
#include "parts.h"

#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define BUFFER_BYTES (1u << 20)
/// Calls whose sending is remembered, by stream id: answers may come in another order, but not this much.
#define REMEMBERED 8192

typedef struct {
    int socket;
    uint32_t next_stream;
    uint32_t wanted;
    uint8_t *buffer;
    size_t buffered;
    /// When each call in flight was sent, by its stream id.
    uint64_t *sent_at;
} peer;

typedef struct {
    const load_plan *plan;
    peer *peers;
    struct pollfd *polls;
    uint8_t *burst;
    uint32_t next_frame;
    uint64_t sent, answered, failures;
    /// Nanoseconds of each measured call.
    uint32_t *latencies;
    uint64_t latency_count;
    int is_measuring;
    char *failure;
    size_t failure_bytes;
} run;

uint64_t now_ns(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

/// The first number of each thread's schedstat: nanoseconds on a processor.
uint64_t processor_ns(int process) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/task", process);
    DIR *threads = opendir(path);
    if (!threads) return 0;
    uint64_t sum = 0;
    for (struct dirent *thread; (thread = readdir(threads));) {
        if (thread->d_name[0] == '.') continue;
        char file_path[400];
        snprintf(file_path, sizeof file_path, "%s/%s/schedstat", path, thread->d_name);
        FILE *file = fopen(file_path, "r");
        unsigned long long ns = 0;
        if (file && fscanf(file, "%llu", &ns) == 1) sum += ns;
        if (file) fclose(file);
    }
    closedir(threads);
    return sum;
}

double load_processor_ms(int process) { return (double)processor_ns(process) / 1e6; }

int connect_to(const char *path) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof address.sun_path) return errno = ENAMETOOLONG, -1;
    strcpy(address.sun_path, path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return -1;
    if (connect(fd, (struct sockaddr *)&address, sizeof address)) {
        int code = errno;
        close(fd);
        errno = code;
        return -1;
    }
    return fd;
}

int write_all(int fd, const uint8_t *bytes, size_t count) {
    while (count) {
        ssize_t sent = send(fd, bytes, count, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) continue;
        if (sent <= 0) return errno ? errno : EPIPE;
        bytes += sent;
        count -= (size_t)sent;
    }
    return 0;
}

static void put_number(uint8_t *p, uint32_t value) {
    p[0] = value >> 24;
    p[1] = value >> 16;
    p[2] = value >> 8;
    p[3] = value;
}

/// Sends as many calls as the peer has room for.
static int send_calls(run *self, peer *peer) {
    const load_plan *plan = self->plan;
    uint64_t left = plan->warm_up + plan->calls - self->sent;
    if (peer->wanted > left) peer->wanted = (uint32_t)left;
    if (!peer->wanted) return 0;
    size_t bytes = 0;
    uint64_t now = now_ns();
    for (; peer->wanted; peer->wanted--) {
        uint32_t start = plan->starts[self->next_frame], end = plan->starts[self->next_frame + 1];
        memcpy(self->burst + bytes, plan->frames + start, end - start);
        put_number(self->burst + bytes + 4, peer->next_stream);
        peer->sent_at[peer->next_stream / 2 % REMEMBERED] = now;
        peer->next_stream += 2;
        bytes += end - start;
        self->next_frame = (self->next_frame + 1) % plan->frame_count;
        self->sent++;
    }
    return write_all(peer->socket, self->burst, bytes);
}

/// An answer; field 1 of its envelope is the status, which is there for errors alone.
static void take_answer(run *self, peer *peer, const uint8_t *frame, uint32_t length, uint64_t now) {
    if (length && frame[HEADER_BYTES] == 0x0a) {
        if (!self->failures++ && self->failure_bytes) {
            size_t count = length < self->failure_bytes - 1 ? length : self->failure_bytes - 1;
            for (size_t i = 0; i < count; i++) {
                uint8_t byte = frame[HEADER_BYTES + i];
                self->failure[i] = byte < ' ' || byte > '~' ? '.' : (char)byte;
            }
            self->failure[count] = 0;
        }
    }
    uint64_t took = now - peer->sent_at[number_at(frame + 4) / 2 % REMEMBERED];
    if (self->is_measuring && self->latency_count < self->plan->calls) {
        self->latencies[self->latency_count++] = took > UINT32_MAX ? UINT32_MAX : (uint32_t)took;
    }
    self->answered++;
    peer->wanted++;
}

static int read_answers(run *self, peer *peer) {
    ssize_t count = read(peer->socket, peer->buffer + peer->buffered, BUFFER_BYTES - peer->buffered);
    if (count < 0 && errno == EINTR) return 0;
    if (count <= 0) return count ? errno : ECONNRESET;
    uint64_t now = now_ns();
    peer->buffered += (size_t)count;
    size_t used = 0;
    while (peer->buffered - used >= HEADER_BYTES) {
        const uint8_t *frame = peer->buffer + used;
        uint32_t length = number_at(frame);
        if (peer->buffered - used < HEADER_BYTES + (size_t)length) break;
        if (frame[8] == RESPONSE) take_answer(self, peer, frame, length, now);
        used += HEADER_BYTES + length;
    }
    memmove(peer->buffer, peer->buffer + used, peer->buffered - used);
    peer->buffered -= used;
    return 0;
}

static int turn(run *self) {
    for (uint32_t i = 0; i < self->plan->connections; i++) {
        int code = send_calls(self, &self->peers[i]);
        if (code) return code;
    }
    if (poll(self->polls, self->plan->connections, -1) < 0) return errno == EINTR ? 0 : errno;
    for (uint32_t i = 0; i < self->plan->connections; i++) {
        if (!self->polls[i].revents) continue;
        int code = read_answers(self, &self->peers[i]);
        if (code) return code;
    }
    return 0;
}

static int compare(const void *left, const void *right) {
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    return a < b ? -1 : a > b;
}

static int measure(run *self, load_result *result) {
    const load_plan *plan = self->plan;
    int code = 0;
    while (!code && self->answered < plan->warm_up) code = turn(self);
    if (code) return code;
    uint64_t before = self->answered, cpu = processor_ns(plan->server_process), began = now_ns();
    self->is_measuring = 1;
    while (!code && self->answered < plan->warm_up + plan->calls) code = turn(self);
    if (code) return code;
    uint64_t ended = now_ns();
    result->calls = self->answered - before;
    result->server_cpu_us_per_call = (double)(processor_ns(plan->server_process) - cpu) / 1e3 / (double)result->calls;
    result->seconds = (double)(ended - began) / 1e9;
    result->failures = self->failures;
    qsort(self->latencies, self->latency_count, sizeof *self->latencies, compare);
    result->p50_us = self->latencies[self->latency_count / 2] / 1e3;
    result->p99_us = self->latencies[self->latency_count * 99 / 100] / 1e3;
    return 0;
}

static int open_peer(run *self, uint32_t index) {
    peer *peer = &self->peers[index];
    peer->next_stream = 1;
    peer->wanted = self->plan->in_flight;
    peer->buffer = malloc(BUFFER_BYTES);
    peer->sent_at = calloc(REMEMBERED, sizeof *peer->sent_at);
    peer->socket = connect_to(self->plan->socket_path);
    self->polls[index] = (struct pollfd){.fd = peer->socket, .events = POLLIN};
    if (!peer->buffer || !peer->sent_at) return ENOMEM;
    return peer->socket < 0 ? errno : 0;
}

int load_run(const load_plan *plan, load_result *result, char *failure, size_t failure_bytes) {
    size_t longest = 0;
    for (uint32_t i = 0; i < plan->frame_count; i++) {
        size_t bytes = plan->starts[i + 1] - plan->starts[i];
        if (bytes > longest) longest = bytes;
    }
    run self = {
        .plan = plan,
        .peers = calloc(plan->connections, sizeof(peer)),
        .polls = calloc(plan->connections, sizeof(struct pollfd)),
        .burst = malloc(longest * plan->in_flight),
        .latencies = malloc(plan->calls * sizeof(uint32_t)),
        .failure = failure,
        .failure_bytes = failure_bytes,
    };
    int code = self.peers && self.polls && self.burst && self.latencies ? 0 : ENOMEM;
    uint32_t open = 0;
    while (!code && open < plan->connections) code = open_peer(&self, open++);
    if (!code) code = measure(&self, result);
    for (uint32_t i = 0; i < open; i++) {
        if (self.peers[i].socket >= 0) close(self.peers[i].socket);
        free(self.peers[i].buffer);
        free(self.peers[i].sent_at);
    }
    free(self.peers);
    free(self.polls);
    free(self.burst);
    free(self.latencies);
    return code;
}

/// Makes one call and waits for its answer.
static int call_once(int fd, const uint8_t *frame, size_t frame_bytes) {
    uint8_t answer[4096];
    int code = write_all(fd, frame, frame_bytes);
    if (code) return code;
    return read(fd, answer, sizeof answer) < HEADER_BYTES ? ECONNRESET : 0;
}

int load_first_answer(const char *socket_path, const uint8_t *frame, size_t frame_bytes, double limit_seconds) {
    uint64_t end = now_ns() + (uint64_t)(limit_seconds * 1e9);
    int fd;
    while ((fd = connect_to(socket_path)) < 0) {
        if (now_ns() > end) return errno;
        usleep(100);
    }
    int code = call_once(fd, frame, frame_bytes);
    close(fd);
    return code;
}

int load_connect(
    const char *socket_path, const uint8_t *frame, size_t frame_bytes, uint32_t count, int *connections) {
    for (uint32_t i = 0; i < count; i++) {
        connections[i] = connect_to(socket_path);
        if (connections[i] < 0) return errno;
        int code = call_once(connections[i], frame, frame_bytes);
        if (code) return code;
    }
    return 0;
}

struct load_flood {
    load_plan plan;
    run run;
    peer peer;
    struct pollfd poll;
    pthread_t thread;
    atomic_int must_end;
    int code;
};

static void *flood(void *argument) {
    load_flood *self = argument;
    while (!self->code && !atomic_load(&self->must_end)) self->code = turn(&self->run);
    return NULL;
}

/// Has effect before the thread begins too: then what is there is freed.
int load_flood_end(load_flood *self, uint64_t *answered) {
    int code = self->code;
    if (self->thread) {
        atomic_store(&self->must_end, 1);
        pthread_join(self->thread, NULL);
        code = self->code ? self->code : self->run.failures ? EPROTO : 0;
        *answered = self->run.answered;
    }
    if (self->peer.socket >= 0) close(self->peer.socket);
    free(self->peer.buffer);
    free(self->peer.sent_at);
    free(self->run.burst);
    free(self);
    return code;
}

load_flood *load_flood_begin(const load_plan *plan) {
    load_flood *self = calloc(1, sizeof *self);
    if (!self) return NULL;
    self->plan = *plan;
    self->plan.connections = 1;
    self->plan.warm_up = UINT64_MAX / 2;
    self->plan.calls = 0;
    self->run = (run){.plan = &self->plan, .peers = &self->peer, .polls = &self->poll};
    // Room for a burst of the first frame: all are the same.
    self->run.burst = malloc((size_t)(plan->starts[1] - plan->starts[0]) * plan->in_flight);
    self->code = self->run.burst ? open_peer(&self->run, 0) : ENOMEM;
    if (!self->code) self->code = pthread_create(&self->thread, NULL, flood, self);
    if (!self->code) return self;
    int code = self->code;
    uint64_t none;
    self->thread = 0;
    load_flood_end(self, &none);
    errno = code;
    return NULL;
}
