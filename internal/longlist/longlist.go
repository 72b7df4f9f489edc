// Package longlist encodes long lists without the framework, whose encoding of a
// row takes fifty to a hundred times as long.
//
// The framework serves the data source, with the exception of one list: the data
// source's Read passes it to [Put] and leaves it null in the state. [Server] wraps
// the framework's server. It replaces that null with the list, encoded as msgpack
// as the plugin protocol documents. The response is, byte for byte, the one that
// the framework would send.
//
// The list must be an attribute at the top of the state, of objects whose
// attributes are all strings: a slice of structs with fields of types.String and
// tfsdk tags. [Put] and [Size] panic for other structs.
//
// If the state from the framework does not have the expected form, for example
// after an update of the framework, Server reads the data source again with the
// list in the state, and logs a warning. The environment variable
// HW_FGS_PLAIN_LISTS bypasses this package (see package provider).
package longlist

import (
	"context"

	"github.com/vmihailenco/msgpack/v5"
)

// carrier passes a list from Read to the server. The context holds it.
type carrier struct {
	attribute string
	size      int
	encode    func(*msgpack.Encoder) error // nil if there is no list
}

type carrierKey struct{}

// Put passes the rows of an attribute to the [Server] and reports whether the
// server accepted them. If so, the attribute must be null in the state, and the
// rows must not change. If not, the state must hold the rows: no Server wraps the
// framework's, the server already has a list, or it reads the data source again.
func Put[Row any](ctx context.Context, attribute string, rows []Row) bool {
	c, ok := ctx.Value(carrierKey{}).(*carrier)
	if !ok || c.encode != nil {
		return false
	}
	t := newTable(rows)
	c.attribute, c.size, c.encode = attribute, t.size(), t.encode

	return true
}
