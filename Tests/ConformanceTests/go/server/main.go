// Command server answers with the stock ttrpc server of containerd, for Cordée's client to call.
//
// Its argument is the Unix socket to listen on; it says "serving" on standard error when it does. Each message is a
// google.protobuf.StringValue, written by hand, as the generator for Go would write it.
package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/containerd/ttrpc"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

type text struct {
	Value string `protobuf:"bytes,1,opt,name=value,proto3"`
}

func (m *text) Reset()         { *m = text{} }
func (m *text) String() string { return m.Value }
func (*text) ProtoMessage()    {}

func method(answer func(context.Context, string) (string, error)) ttrpc.Method {
	return func(ctx context.Context, unmarshal func(interface{}) error) (interface{}, error) {
		var request text
		if err := unmarshal(&request); err != nil {
			return nil, err
		}
		value, err := answer(ctx, request.Value)
		if err != nil {
			return nil, err
		}
		return &text{Value: value}, nil
	}
}

var methods = map[string]ttrpc.Method{
	"Echo": method(func(_ context.Context, value string) (string, error) { return value, nil }),

	// Refuse answers with a status of the code that is asked for, and a detail.
	"Refuse": method(func(_ context.Context, value string) (string, error) {
		code, err := strconv.Atoi(value)
		if err != nil {
			return "", err
		}
		refusal, err := status.New(codes.Code(code), "no").WithDetails(
			&errdetails.ErrorInfo{Reason: "REFUSED", Domain: "go", Metadata: map[string]string{"why": "told to"}})
		if err != nil {
			return "", err
		}
		return "", refusal.Err()
	}),

	// Fail answers with an error of Go that is no status.
	"Fail": method(func(_ context.Context, value string) (string, error) {
		if value == "missing" {
			return "", os.ErrNotExist
		}
		return "", errors.New(value)
	}),

	// Metadata tells all values of a key, in order.
	"Metadata": method(func(ctx context.Context, key string) (string, error) {
		metadata, _ := ttrpc.GetMetadata(ctx)
		values, _ := metadata.Get(key)
		return strings.Join(values, ","), nil
	}),

	// TimeLeft tells how many milliseconds the caller still waits; nothing if for ever.
	"TimeLeft": method(func(ctx context.Context, _ string) (string, error) {
		deadline, ok := ctx.Deadline()
		if !ok {
			return "", nil
		}
		return strconv.FormatInt(time.Until(deadline).Milliseconds(), 10), nil
	}),

	// Wait ends with its call.
	"Wait": method(func(ctx context.Context, _ string) (string, error) {
		fmt.Fprintln(os.Stderr, "waiting")
		<-ctx.Done()
		return "", ctx.Err()
	}),

	// Long answers so many bytes.
	"Long": method(func(_ context.Context, count string) (string, error) {
		number, err := strconv.Atoi(count)
		return strings.Repeat("x", number), err
	}),
}

func main() {
	// Of one that was killed.
	os.Remove(os.Args[1])
	listener, err := net.Listen("unix", os.Args[1])
	if err == nil {
		var server *ttrpc.Server
		if server, err = ttrpc.NewServer(); err == nil {
			server.Register("cordee.conformance.v1.Stock", methods)
			fmt.Fprintln(os.Stderr, "serving")
			err = server.Serve(context.Background(), listener)
		}
	}
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
