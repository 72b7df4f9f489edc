// Package longlist takes long lists past the framework, which spends fifty to
// a hundred times on a row of what it costs to write it down.
//
// The framework serves a data source as always, but for one list, which its
// Read hands to [Put] and leaves null in the state. The [Server] around the
// framework's puts the list in the place of that null, in the encoding that
// Terraform reads: msgpack, as the plugin protocol documents it. The answer is,
// byte for byte, what the framework would have given.
//
// What can be handed over is a list of objects at the top of the state whose
// attributes are all strings: a slice of structs of types.String with tfsdk
// tags. Structs of anything else panic at once, in every test.
//
// Should the framework ever answer in another shape, the data source is read
// again the slow way, with a warning in the log. HW_FGS_PLAIN_LISTS does
// without this package from the beginning (package provider).
package longlist

import (
	"context"

	"github.com/vmihailenco/msgpack/v5"
)

// carrier brings a list from Read to the server, through the context.
type carrier struct {
	attribute string
	size      int
	encode    func(*msgpack.Encoder) error // nil: there is no list
}

type carrierKey struct{}

// Put hands over the rows of an attribute and reports whether they were taken.
// If so, the attribute must be null in the state and the rows must not change
// any more. If not, the rows belong into the state: there is no [Server] around
// the framework's, it has a list already, or it reads again the slow way.
func Put[Row any](ctx context.Context, attribute string, rows []Row) bool {
	c, ok := ctx.Value(carrierKey{}).(*carrier)
	if !ok || c.encode != nil {
		return false
	}
	t := newTable(rows)
	c.attribute, c.size, c.encode = attribute, t.size(), t.encode

	return true
}
