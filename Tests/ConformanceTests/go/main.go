// Command conformance talks to a cordeed with the stock ttrpc client of containerd, and says what went wrong.
//
// Its arguments are the daemon's Unix socket and the file of a roster. It ends with 0 if all went as it should. The
// messages are written by hand, as the generator for Go would write them, so that nothing of Cordée's takes part.
package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/containerd/ttrpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

const (
	system    = "cordee.system.v1.System"
	identity  = "cordee.system.v1.Identity"
	directory = "cordee.directory.v1.Directory"
)

type empty struct{}

func (m *empty) Reset()         { *m = empty{} }
func (m *empty) String() string { return "" }
func (*empty) ProtoMessage()    {}

type info struct {
	Version   string        `protobuf:"bytes,1,opt,name=version,proto3"`
	APIDigest string        `protobuf:"bytes,2,opt,name=api_digest,proto3"`
	Modules   []*moduleInfo `protobuf:"bytes,3,rep,name=modules,proto3"`
}

func (m *info) Reset()         { *m = info{} }
func (m *info) String() string { return m.Version }
func (*info) ProtoMessage()    {}

type moduleInfo struct {
	Name string `protobuf:"bytes,1,opt,name=name,proto3"`
}

func (m *moduleInfo) Reset()         { *m = moduleInfo{} }
func (m *moduleInfo) String() string { return m.Name }
func (*moduleInfo) ProtoMessage()    {}

type bootstrapRequest struct {
	Boards []string `protobuf:"bytes,1,rep,name=boards,proto3"`
	Email  string   `protobuf:"bytes,2,opt,name=email,proto3"`
}

func (m *bootstrapRequest) Reset()         { *m = bootstrapRequest{} }
func (m *bootstrapRequest) String() string { return m.Email }
func (*bootstrapRequest) ProtoMessage()    {}

type bootstrapResponse struct {
	Boards []string `protobuf:"bytes,1,rep,name=boards,proto3"`
	Person string   `protobuf:"bytes,2,opt,name=person,proto3"`
	Token  string   `protobuf:"bytes,3,opt,name=token,proto3"`
}

func (m *bootstrapResponse) Reset()         { *m = bootstrapResponse{} }
func (m *bootstrapResponse) String() string { return m.Person }
func (*bootstrapResponse) ProtoMessage()    {}

type createTokenResponse struct {
	Person string `protobuf:"bytes,1,opt,name=person,proto3"`
	Token  string `protobuf:"bytes,2,opt,name=token,proto3"`
}

func (m *createTokenResponse) Reset()         { *m = createTokenResponse{} }
func (m *createTokenResponse) String() string { return m.Person }
func (*createTokenResponse) ProtoMessage()    {}

type importRosterRequest struct {
	Boards []string `protobuf:"bytes,1,rep,name=boards,proto3"`
	Roster []byte   `protobuf:"bytes,2,opt,name=roster,proto3"`
}

func (m *importRosterRequest) Reset()         { *m = importRosterRequest{} }
func (m *importRosterRequest) String() string { return "" }
func (*importRosterRequest) ProtoMessage()    {}

type caller struct {
	Person string `protobuf:"bytes,1,opt,name=person,proto3"`
}

func (m *caller) Reset()         { *m = caller{} }
func (m *caller) String() string { return m.Person }
func (*caller) ProtoMessage()    {}

func check(ok bool, format string, arguments ...interface{}) {
	if !ok {
		fmt.Fprintf(os.Stderr, format+"\n", arguments...)
		os.Exit(1)
	}
}

func connect(path string, options ...ttrpc.ClientOpts) *ttrpc.Client {
	connection, err := net.Dial("unix", path)
	check(err == nil, "connect: %v", err)
	return ttrpc.NewClient(connection, options...)
}

func withMetadata(pairs ...string) context.Context {
	metadata := ttrpc.MD{}
	for index := 0; index < len(pairs); index += 2 {
		metadata.Set(pairs[index], pairs[index+1])
	}
	return ttrpc.WithMetadata(context.Background(), metadata)
}

func unary(client *ttrpc.Client) {
	var answer info
	err := client.Call(context.Background(), system, "GetInfo", &empty{}, &answer)
	check(err == nil, "GetInfo: %v", err)
	check(len(answer.APIDigest) == 64, "GetInfo: digest %q", answer.APIDigest)
	check(len(answer.Modules) == 2 && answer.Modules[1].Name == "workshops", "GetInfo: modules %v", answer.Modules)
}

func unknown(client *ttrpc.Client) {
	for _, path := range [][2]string{{"no.such.v1.Service", "GetInfo"}, {system, "NoSuchMethod"}} {
		err := client.Call(context.Background(), path[0], path[1], &empty{}, &empty{})
		check(status.Code(err) == codes.Unimplemented, "%v: %v", path, err)
	}
}

// language looks for the text for people among the details of the error: the stock client hands them out as they came.
func language(client *ttrpc.Client) {
	for accepted, text := range map[string]string{"en": "Your roles do not allow this.", "fr": "Vos rôles"} {
		err := client.Call(withMetadata("accept-language", accepted), identity, "CreateToken", &empty{}, &empty{})
		check(status.Code(err) == codes.PermissionDenied, "CreateToken: %v", err)
		var details string
		for _, detail := range status.Convert(err).Proto().GetDetails() {
			details += string(detail.GetValue())
		}
		check(strings.Contains(details, text), "accept-language %s: %q", accepted, details)
	}
}

// deadline has the daemon itself end a call: the time-out is written into the envelope, the client does not know of it.
func deadline(path string, timeout int64, call func(*ttrpc.Client) error) {
	client := connect(path, ttrpc.WithUnaryClientInterceptor(
		func(ctx context.Context, request *ttrpc.Request, response *ttrpc.Response, _ *ttrpc.UnaryClientInfo,
			invoke ttrpc.Invoker) error {
			request.TimeoutNano = timeout
			return invoke(ctx, request, response)
		}))
	defer client.Close()
	err := call(client)
	check(status.Code(err) == codes.DeadlineExceeded, "time-out of %d ns: %v", timeout, err)
}

func deadlines(path string, client *ttrpc.Client, roster []byte) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	err := client.Call(ctx, system, "GetInfo", &empty{}, &info{})
	check(err == nil, "GetInfo within a minute: %v", err)

	deadline(path, -1, func(client *ttrpc.Client) error {
		return client.Call(context.Background(), system, "GetInfo", &empty{}, &info{})
	})

	var founded bootstrapResponse
	err = client.Call(context.Background(), identity, "Bootstrap",
		&bootstrapRequest{Boards: []string{"b-csrb", "b-cscgp", "b-csbc"}, Email: "cstamour@csrb.example"}, &founded)
	check(err == nil, "Bootstrap: %v", err)
	var made createTokenResponse
	err = client.Call(withMetadata("authorization", "Bearer "+founded.Token), identity, "CreateToken", &empty{}, &made)
	check(err == nil, "CreateToken: %v", err)
	lead := withMetadata("authorization", "Bearer "+made.Token)
	var who caller
	err = client.Call(lead, system, "WhoAmI", &empty{}, &who)
	check(err == nil && who.Person == founded.Person, "WhoAmI: %v %q", err, who.Person)

	// Takes a good deal longer than a microsecond.
	deadline(path, 1_000, func(client *ttrpc.Client) error {
		return client.Call(lead, directory, "ImportRoster",
			&importRosterRequest{Boards: founded.Boards, Roster: roster}, &empty{})
	})
}

func concurrent(client *ttrpc.Client) {
	var group sync.WaitGroup
	errors := make(chan error, 100)
	for index := 0; index < 100; index++ {
		group.Add(1)
		go func() {
			defer group.Done()
			var answer info
			err := client.Call(context.Background(), system, "GetInfo", &empty{}, &answer)
			if err == nil && len(answer.Modules) != 2 {
				err = fmt.Errorf("modules %v", answer.Modules)
			}
			errors <- err
		}()
	}
	group.Wait()
	close(errors)
	for err := range errors {
		check(err == nil, "one of 100 at once: %v", err)
	}
}

func main() {
	check(len(os.Args) == 3, "usage: conformance SOCKET ROSTER.zip")
	path := os.Args[1]
	roster, err := os.ReadFile(os.Args[2])
	check(err == nil, "%v", err)
	client := connect(path)
	defer client.Close()
	unary(client)
	unknown(client)
	language(client)
	deadlines(path, client, roster)
	concurrent(client)
	fmt.Fprintln(os.Stderr, "conforms")
}
