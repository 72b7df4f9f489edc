// Package datasources holds Terraform's side of the provider's data sources:
// schemas, validation, models and diagnostics. Package functiongraph sends the
// requests.
package datasources

import (
	"fmt"
	"strings"
	"sync/atomic"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/functiongraph"
)

// ProviderData is passed from the provider's Configure to every data source.
type ProviderData struct {
	Client *functiongraph.Client

	// Unknown names the provider arguments whose values are not known yet. Client
	// is nil then, and reads fail.
	Unknown []string

	// Problems, if not nil, are the errors because of which Client is nil.
	Problems *Problems
}

// Problems are errors that the provider's Configure found in files and in the
// environment. Reads report them, because a configuration without reads works all
// the same: the first read reports all of them, every other read refers to them.
// It is safe for concurrent use.
type Problems struct {
	found    diag.Diagnostics
	reported atomic.Bool
}

// NewProblems returns the problems in a form for reads, or nil if there are none.
func NewProblems(found diag.Diagnostics) *Problems {
	if len(found) == 0 {
		return nil
	}
	p := &Problems{}
	for _, d := range found {
		// Terraform would look for the path, which is one of the provider block, in the
		// data source.
		p.found.AddError(d.Summary(), d.Detail())
	}

	return p
}

// report returns the diagnostics of the next read.
func (p *Problems) report() diag.Diagnostics {
	if p.reported.CompareAndSwap(false, true) {
		return p.found
	}
	var summaries []string
	for _, d := range p.found {
		summaries = append(summaries, d.Summary())
	}

	return diag.Diagnostics{diag.NewErrorDiagnostic("Provider is not usable", fmt.Sprintf(
		"This read fails for the same reasons as the first one, which explains them: %s.", strings.Join(summaries, ", ")))}
}
