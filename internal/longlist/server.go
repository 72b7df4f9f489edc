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

// server takes the methods of the framework's server, but for ReadDataSource.
type server struct{ tfprotov6.ProviderServer }

// Server returns a server that completes the answers of the framework's with
// the lists that were handed to [Put].
func Server(framework tfprotov6.ProviderServer) tfprotov6.ProviderServer {
	return &server{framework}
}

// ReadDataSource implements [tfprotov6.DataSourceServer].
func (s *server) ReadDataSource(ctx context.Context, req *tfprotov6.ReadDataSourceRequest) (*tfprotov6.ReadDataSourceResponse, error) {
	var brought carrier
	resp, err := s.ProviderServer.ReadDataSource(context.WithValue(ctx, carrierKey{}, &brought), req)
	list := brought
	brought = carrier{} // the framework keeps every context until it stops: the rows must not stay in it
	if err != nil || list.encode == nil || failed(resp) {
		return resp, err
	}
	state, err := list.into(resp.State)
	if err != nil {
		tflog.Warn(ctx, "Reading again the slow way: the framework's answer is not as expected", map[string]any{"error": err.Error()})
		return s.ProviderServer.ReadDataSource(ctx, req)
	}
	resp.State = state

	return resp, nil
}

func failed(resp *tfprotov6.ReadDataSourceResponse) bool {
	return slices.ContainsFunc(resp.Diagnostics, func(d *tfprotov6.Diagnostic) bool {
		return d.Severity == tfprotov6.DiagnosticSeverityError
	})
}

// into returns a state with the list in it.
func (c *carrier) into(state *tfprotov6.DynamicValue) (*tfprotov6.DynamicValue, error) {
	if state == nil || len(state.JSON) > 0 {
		return nil, errors.New("the state is not in msgpack")
	}
	before, after, err := cutAtNull(state.MsgPack, c.attribute)
	if err != nil {
		return nil, err
	}

	// One allocation of the right size: this is the most memory that is needed.
	whole := bytes.NewBuffer(make([]byte, 0, len(before)+c.size+len(after)))
	whole.Write(before)
	if err := c.encode(msgpack.NewEncoder(whole)); err != nil {
		return nil, err
	}
	whole.Write(after)

	return &tfprotov6.DynamicValue{MsgPack: whole.Bytes()}, nil
}

// cutAtNull returns what comes before and after the null that an attribute of
// an object is.
func cutAtNull(object []byte, attribute string) (before, after []byte, err error) {
	r := bytes.NewReader(object)
	dec := msgpack.NewDecoder(r) // reads no further than it must
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
