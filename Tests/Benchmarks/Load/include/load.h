#pragma once
#include <stddef.h>
#include <stdint.h>

/// Calls to make: frames that are encoded already are sent one after the other, from the first again after the last.
typedef struct {
    const char *socket_path;
    /// The server's process, whose time on the processors is taken.
    int server_process;
    uint32_t connections;
    /// Calls of each connection that wait for their answers.
    uint32_t in_flight;
    /// Calls before the measured ones.
    uint64_t warm_up;
    uint64_t calls;
    /// All frames, one behind the other, with whatever stream id.
    const uint8_t *frames;
    /// Where each begins, and where the last one ends: `frame_count` + 1 numbers.
    const uint32_t *starts;
    uint32_t frame_count;
} load_plan;

typedef struct {
    /// Measured calls; each has an answer.
    uint64_t calls;
    /// Those of all calls whose answer was an error.
    uint64_t failures;
    double seconds;
    /// Of all threads of the server, by the scheduler's count.
    double server_cpu_us_per_call;
    double p50_us, p99_us;
} load_result;

/// Makes the calls from this thread, one poll for each turn.
///
/// Returns 0, or an errno. The first error answered is copied to `failure`.
int load_run(const load_plan *plan, load_result *result, char *failure, size_t failure_bytes);

/// The time that all threads of a process have had on the processors, in milliseconds.
double load_processor_ms(int process);

/// Connects to a socket that may not be there yet, makes one call and waits for its answer. Returns 0, or an errno.
int load_first_answer(const char *socket_path, const uint8_t *frame, size_t frame_bytes, double limit_seconds);

/// Opens `count` connections, makes one call on each and leaves them idle. Returns 0, or an errno.
int load_connect(
    const char *socket_path, const uint8_t *frame, size_t frame_bytes, uint32_t count, int *connections);

/// Calls of one connection without end, from a thread of their own.
typedef struct load_flood load_flood;

/// Begins; `connections`, `warm_up` and `calls` of the plan are not looked at, and all its frames have one length.
///
/// The frames must stay until `load_flood_end`. Returns NULL with errno if there is no connection.
load_flood *load_flood_begin(const load_plan *plan);

/// Ends it and tells how many calls were answered. Returns 0, or an errno: EPROTO if an answer was an error.
int load_flood_end(load_flood *flood, uint64_t *answered);

/// A server stream to read until it ends.
typedef struct {
    const char *socket_path;
    int server_process;
    const uint8_t *frame;
    size_t frame_bytes;
    /// The most that one read asks for.
    size_t piece_bytes;
    /// Reads a quarter of a piece up to a whole one at a time, and rests for a millisecond each 256 reads.
    int is_slow;
    /// The server's memory is looked at each time that so many bytes have come.
    uint64_t look_each_bytes;
} load_stream_plan;

typedef struct {
    uint64_t messages, bytes;
    double seconds, server_cpu_us;
    /// Bytes of the server that are in memory: before the call, the most meanwhile, and at the end.
    uint64_t resident_before, resident_max, resident_after;
} load_stream_result;

/// Makes the call and reads its answer from this thread. Returns 0, or an errno: EPROTO for an error.
int load_read_stream(const load_stream_plan *plan, load_stream_result *result);
