package functions

import (
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/vmihailenco/msgpack/v5/msgpcode"
)

// server takes the methods of the framework's server, but for CallFunction.
type server struct{ tfprotov6.ProviderServer }

// Server returns a server that passes null arguments on to the framework's as
// the plugin protocol encodes null. OpenTofu, up to version 1.12 at least, sends
// no encoding at all, which the framework refuses.
func Server(framework tfprotov6.ProviderServer) tfprotov6.ProviderServer { return server{framework} }

// CallFunction implements [tfprotov6.FunctionServer].
func (s server) CallFunction(
	ctx context.Context, req *tfprotov6.CallFunctionRequest,
) (*tfprotov6.CallFunctionResponse, error) {
	call := *req
	call.Arguments = slices.Clone(req.Arguments)
	for i, argument := range call.Arguments {
		if argument == nil || len(argument.MsgPack) == 0 && len(argument.JSON) == 0 {
			call.Arguments[i] = &tfprotov6.DynamicValue{MsgPack: []byte{msgpcode.Nil}}
		}
	}

	return s.ProviderServer.CallFunction(ctx, &call)
}
