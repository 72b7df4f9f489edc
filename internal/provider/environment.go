package provider

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/client"
)

// EnvironmentConfig returns the configuration of a client as an empty provider
// block gives it, so that a command reads with the same variables as the
// provider. endpoint is FunctionGraph's address; empty: the default. Warnings
// are dropped.
func EnvironmentConfig(ctx context.Context, options Options, endpoint string) (client.Config, error) {
	var block providerBlock
	if endpoint != "" {
		block.Endpoints = types.MapValueMust(
			types.StringType,
			map[string]attr.Value{"fgs": types.StringValue(endpoint)},
		)
	}
	s, diags := resolve(ctx, block, options.Getenv)
	p := fgsProvider{options}
	cfg := p.clientConfig(s, "")
	through := newProxies(options.Getenv)
	cfg.Proxy = through.of
	if addresses, err := cfg.Addresses(); err == nil { // else the address is reported already
		s.problems.Append(through.check(addresses)...)
	}
	var problems []error
	for _, d := range append(diags.Errors(), s.problems.Errors()...) {
		problems = append(problems, fmt.Errorf("%s: %s", d.Summary(), d.Detail()))
	}

	return cfg, errors.Join(problems...)
}
