package longlist

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-log/tflog"
	"github.com/vmihailenco/msgpack/v5"
	"github.com/vmihailenco/msgpack/v5/msgpcode"
)

// server replaces ReadDataSource of the framework's server.
type server struct{ tfprotov6.ProviderServer }

// Server returns a server that completes the responses of the framework's server
// with the lists that were passed to [Put].
func Server(framework tfprotov6.ProviderServer) tfprotov6.ProviderServer {
	return &server{framework}
}

// ReadDataSource implements [tfprotov6.DataSourceServer].
func (s *server) ReadDataSource(
	ctx context.Context, req *tfprotov6.ReadDataSourceRequest,
) (*tfprotov6.ReadDataSourceResponse, error) {
	var received carrier
	resp, err := s.ProviderServer.ReadDataSource(context.WithValue(ctx, carrierKey{}, &received), req)
	list := received
	received = carrier{} // frees the rows, because the framework keeps every context until it stops
	if err != nil || list.encode == nil || failed(resp) {
		return resp, err
	}
	state, err := list.insertInto(resp.State)
	if err != nil {
		tflog.Warn(ctx, "Reading again without package longlist: the framework's response does not have the expected form",
			map[string]any{"error": err.Error()})
		return s.ProviderServer.ReadDataSource(ctx, req)
	}
	resp.State = state

	return resp, nil
}

// failed reports whether a response has an error.
func failed(resp *tfprotov6.ReadDataSourceResponse) bool {
	return slices.ContainsFunc(resp.Diagnostics, func(d *tfprotov6.Diagnostic) bool {
		return d.Severity == tfprotov6.DiagnosticSeverityError
	})
}

// insertInto returns the state with the list in it.
func (c *carrier) insertInto(state *tfprotov6.DynamicValue) (*tfprotov6.DynamicValue, error) {
	if state == nil || len(state.JSON) > 0 {
		return nil, errors.New("the state is not in msgpack")
	}
	before, after, err := splitAtNull(state.MsgPack, c.attribute)
	if err != nil {
		return nil, err
	}

	// One allocation of the final size, because a list can take most of the process's
	// memory.
	whole := bytes.NewBuffer(make([]byte, 0, len(before)+c.size+len(after)))
	whole.Write(before)
	if err := c.encode(msgpack.NewEncoder(whole)); err != nil {
		return nil, err
	}
	whole.Write(after)

	return &tfprotov6.DynamicValue{MsgPack: whole.Bytes()}, nil
}

// splitAtNull returns the bytes of an object before and after the null of an
// attribute.
func splitAtNull(object []byte, attribute string) (before, after []byte, err error) {
	r := bytes.NewReader(object)
	dec := msgpack.NewDecoder(r) // does not read ahead
	n, err := dec.DecodeMapLen()
	if err != nil {
		return nil, nil, err
	}
	for range n {
		name, err := dec.DecodeString()
		if err != nil {
			return nil, nil, err
		}
		at := len(object) - r.Len()
		code, err := dec.PeekCode()
		if err != nil {
			return nil, nil, err
		}
		if name == attribute {
			if code != msgpcode.Nil {
				return nil, nil, fmt.Errorf("%s is not null", attribute)
			}
			before, after = object[:at], object[at+1:]
		}
		if err := dec.Skip(); err != nil {
			return nil, nil, err
		}
	}
	if before == nil || r.Len() > 0 {
		return nil, nil, fmt.Errorf("the state is not one object with %s", attribute)
	}

	return before, after, nil
}
