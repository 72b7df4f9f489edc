package client

import (
	"maps"
	"slices"
	"strings"
)

// settingsOf returns the arguments that decide the address and the content of a
// request, as in [APIError.Settings].
func (c *Client) settingsOf(r *request) []string {
	if len(c.cfg.Sources) == 0 || r.service == serviceNameMetadata {
		return nil
	}
	var names []string
	isHome := r.region == c.cfg.Region // some arguments are those of that region alone
	if isHome {
		names = append(names, "region")
	}
	custom := c.cfg.Endpoints[serviceFunctionGraph]
	switch r.service {
	case serviceNameIAM:
		custom = c.cfg.Endpoints[serviceIAM]
		if c.cfg.AuthURL != "" && (custom == "" || r.operation != OperationAssumeAgency) {
			custom, names = c.cfg.AuthURL, append(names, "auth_url")
		}
	case serviceNameSTS:
		custom = c.cfg.Endpoints[serviceSTS]
	}
	if custom == "" {
		names = append(names, "cloud")
	}
	switch r.operation {
	case OperationAssumeAgency:
		names = append(append(names, "domain_id"), c.nested("assume_role")...)
	case OperationExchangeIDToken, OperationExchangeToken:
		names = append(names, c.nested("assume_role_with_oidc")...)
	default:
		if isHome {
			names = append(names, "project_id", "tenant_id", "project_name", "tenant_name")
		}
		if r.operation == OperationScopeToken {
			names = append(names, "domain_id", "domain_name")
		}
	}

	return c.sources(names...)
}

// nested returns the arguments of nested blocks that are set elsewhere.
func (c *Client) nested(block string) []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(c.cfg.Sources)), func(argument string) bool {
		return !strings.HasPrefix(argument, block+"[")
	})
}

// sources returns arguments with their sources, without those that are set in the
// block.
func (c *Client) sources(arguments ...string) []string {
	var result []string
	for _, argument := range arguments {
		if source := c.cfg.Sources[argument]; source != "" {
			result = append(result, argument+" from "+source)
		}
	}

	return result
}
