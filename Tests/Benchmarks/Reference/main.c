// A ttrpc echo server in C: what the daemon's echo is measured against.
//
// libuv for the socket, protobuf-c for the envelope and the payload, glibc's allocator. One thread, one read buffer of
// 64 KiB, and the answers to one read leave in one write: as the daemon does it. It knows one method, looks at no
// metadata, counts nothing and checks no UTF-8.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <uv.h>

#include "note.pb-c.h"
#include "ttrpc/envelope.pb-c.h"

#define HEADER_BYTES 10
#define FRAME_BYTES_MAX (4u << 20)
#define MESSAGE_BYTES_MAX 1024

/// A connection, with the beginning of a frame whose rest has not come yet.
typedef struct {
    uv_pipe_t pipe;
    uint8_t *rest;
    size_t rest_bytes, rest_room;
} connection;

static char read_buffer[64 << 10];
/// The answers to one read.
static uint8_t *answers;
static size_t answer_bytes, answer_room;

static uint32_t number_at(const uint8_t *p) {
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static void put_number(uint8_t *p, uint32_t value) {
    p[0] = value >> 24;
    p[1] = value >> 16;
    p[2] = value >> 8;
    p[3] = value;
}

static int is(ProtobufCBinaryData data, const char *text) {
    return data.len == strlen(text) && memcmp(data.data, text, data.len) == 0;
}

static _Noreturn void fail(const char *what) {
    fprintf(stderr, "reference: %s\n", what);
    exit(1);
}

static uint8_t *room_for(size_t bytes) {
    if (answer_bytes + bytes > answer_room) {
        answer_room = (answer_bytes + bytes) * 2;
        answers = realloc(answers, answer_room);
        if (!answers) fail("out of memory");
    }
    return answers + answer_bytes;
}

static void answer(uint32_t stream, const uint8_t *data, size_t bytes) {
    Ttrpc__Request *request = ttrpc__request__unpack(NULL, bytes, data);
    if (!request) fail("a wrong envelope");
    if (!is(request->service, "cordee.benchmark.v1.Echo") || !is(request->method, "Echo")) fail("an unknown method");
    Cordee__Benchmark__V1__Note *note =
        cordee__benchmark__v1__note__unpack(NULL, request->payload.len, request->payload.data);
    if (!note) fail("a wrong message");
    uint8_t message[MESSAGE_BYTES_MAX];
    Ttrpc__Response response = TTRPC__RESPONSE__INIT;
    response.payload.len = cordee__benchmark__v1__note__get_packed_size(note);
    if (response.payload.len > sizeof message) fail("a message too large");
    response.payload.data = message;
    cordee__benchmark__v1__note__pack(note, message);
    size_t size = ttrpc__response__get_packed_size(&response);
    uint8_t *frame = room_for(HEADER_BYTES + size);
    put_number(frame, size);
    put_number(frame + 4, stream);
    frame[8] = 2;
    frame[9] = 0;
    ttrpc__response__pack(&response, frame + HEADER_BYTES);
    answer_bytes += HEADER_BYTES + size;
    cordee__benchmark__v1__note__free_unpacked(note, NULL);
    ttrpc__request__free_unpacked(request, NULL);
}

/// Answers all whole frames; returns how many bytes they were.
static size_t answer_frames(const uint8_t *bytes, size_t count) {
    size_t used = 0;
    while (count - used >= HEADER_BYTES) {
        uint32_t length = number_at(bytes + used);
        if (length > FRAME_BYTES_MAX) fail("a frame too large");
        if (count - used < HEADER_BYTES + (size_t)length) break;
        if (bytes[used + 8] == 1) answer(number_at(bytes + used + 4), bytes + used + HEADER_BYTES, length);
        used += HEADER_BYTES + length;
    }
    return used;
}

static void closed(uv_handle_t *handle) {
    free(((connection *)handle)->rest);
    free(handle);
}

static void wrote(uv_write_t *request, int status) {
    (void)status;
    free(request);
}

static void write_answers(uv_stream_t *stream) {
    uv_buf_t all = uv_buf_init((char *)answers, answer_bytes);
    int sent = uv_try_write(stream, &all, 1);
    if (sent == (int)answer_bytes) return;
    if (sent < 0) sent = 0;
    size_t left = answer_bytes - sent;
    uv_write_t *request = malloc(sizeof *request + left);
    if (!request) fail("out of memory");
    memcpy(request + 1, answers + sent, left);
    all = uv_buf_init((char *)(request + 1), left);
    if (uv_write(request, stream, &all, 1, wrote)) free(request);
}

static void keep(connection *self, const uint8_t *bytes, size_t count) {
    if (self->rest_bytes + count > self->rest_room) {
        self->rest_room = (self->rest_bytes + count) * 2;
        self->rest = realloc(self->rest, self->rest_room);
        if (!self->rest) fail("out of memory");
    }
    memcpy(self->rest + self->rest_bytes, bytes, count);
    self->rest_bytes += count;
}

static void give_room(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer) {
    (void)handle;
    (void)suggested;
    *buffer = uv_buf_init(read_buffer, sizeof read_buffer);
}

static void was_read(uv_stream_t *stream, ssize_t count, const uv_buf_t *buffer) {
    connection *self = (connection *)stream;
    if (count < 0) return uv_close((uv_handle_t *)stream, closed);
    answer_bytes = 0;
    const uint8_t *bytes = (const uint8_t *)buffer->base;
    if (self->rest_bytes == 0) {
        size_t used = answer_frames(bytes, count);
        if (used < (size_t)count) keep(self, bytes + used, count - used);
    } else {
        keep(self, bytes, count);
        size_t used = answer_frames(self->rest, self->rest_bytes);
        self->rest_bytes -= used;
        memmove(self->rest, self->rest + used, self->rest_bytes);
    }
    if (answer_bytes) write_answers(stream);
}

static void connected(uv_stream_t *listener, int status) {
    if (status < 0) return;
    connection *self = calloc(1, sizeof *self);
    if (!self) fail("out of memory");
    uv_pipe_init(listener->loop, &self->pipe, 0);
    if (uv_accept(listener, (uv_stream_t *)&self->pipe)) return uv_close((uv_handle_t *)self, closed);
    uv_read_start((uv_stream_t *)&self->pipe, give_room, was_read);
}

int main(int count, char **words) {
    if (count != 2) fail("usage: EchoReference SOCKET");
    uv_pipe_t listener;
    uv_pipe_init(uv_default_loop(), &listener, 0);
    if (uv_pipe_bind(&listener, words[1]) || uv_listen((uv_stream_t *)&listener, 128, connected)) fail("no socket");
    fprintf(stderr, "ready\n");
    return uv_run(uv_default_loop(), UV_RUN_DEFAULT);
}
