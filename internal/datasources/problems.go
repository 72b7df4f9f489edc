package datasources

import (
	"fmt"
	"strings"
	"sync/atomic"

	"github.com/hashicorp/terraform-plugin-framework/diag"
)

// Problems are what the provider's Configure found wrong in files and in the
// environment. Only a read needs what is missing, so it is reads that fail: the
// first one with all problems, every other one with a reference to them. It is
// safe for concurrent use.
type Problems struct {
	found    diag.Diagnostics
	reported atomic.Bool
}

// NewProblems returns the problems as reads report them; nil if there are none.
func NewProblems(found diag.Diagnostics) *Problems {
	if len(found) == 0 {
		return nil
	}
	p := &Problems{}
	for _, d := range found {
		// The path is one in the provider block, and would be looked up in the data source.
		p.found.AddError(d.Summary(), d.Detail())
	}

	return p
}

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
