package provider

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/client"
)

// EnvironmentConfig returns the configuration of a client as an empty provider
// block gives it, so that a command reads with the same variables as the provider.
// endpoint is FunctionGraph's address; empty means the default. It drops warnings.
func EnvironmentConfig(ctx context.Context, options Options, endpoint string) (client.Config, error) {
	var block providerBlock
	if endpoint != "" {
		block.endpoints = map[string]string{"fgs": strings.TrimSpace(endpoint)}
	}
	s, diags := resolve(ctx, block, options.Getenv)
	p := fgsProvider{options}
	cfg := p.clientConfig(&s, "")
	var problems []error
	for _, d := range append(diags.Errors(), s.problems.Errors()...) {
		problems = append(problems, fmt.Errorf("%s: %s", d.Summary(), d.Detail()))
	}

	return cfg, errors.Join(problems...)
}
