package longlist

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/vmihailenco/msgpack/v5"
)

// MaxSize is the greatest size of a list in a response, in bytes. Terraform
// accepts messages of up to 256 MiB. One MiB remains for the rest of the response.
const MaxSize = 255 << 20

// Size returns the size of the rows in a response, in bytes.
func Size[Row any](rows []Row) int { return newTable(rows).size() }

// table is a list of objects whose attributes are strings.
type table struct {
	rows    reflect.Value // a slice of structs
	columns []column
}

// column is one attribute and the index of the field with its value.
type column struct {
	name  string
	field int
}

// newTable panics if a field of Row cannot be encoded.
func newTable[Row any](rows []Row) table {
	t := table{rows: reflect.ValueOf(rows)}
	for field := range reflect.TypeFor[Row]().Fields() {
		name := field.Tag.Get("tfsdk")
		if name == "" || !field.IsExported() || field.Type != reflect.TypeFor[types.String]() {
			panic(fmt.Sprintf("longlist: field %s of %s must be an exported types.String with a tfsdk tag",
				field.Name, reflect.TypeFor[Row]()))
		}
		t.columns = append(t.columns, column{name, field.Index[0]})
	}
	// The framework writes attributes in this order.
	slices.SortFunc(t.columns, func(a, b column) int { return cmp.Compare(a.name, b.name) })

	return t
}

// value returns the column's value in a row. It is a pointer, so that the value is
// not copied to the heap.
func (c column) value(row reflect.Value) *types.String {
	return row.Field(c.field).Addr().Interface().(*types.String) //nolint:forcetypeassert // newTable has checked it
}

// size returns the number of bytes that encode writes.
func (t table) size() int {
	names := 0
	for _, c := range t.columns {
		names += stringSize(len(c.name))
	}
	size := lengthSize(t.rows.Len()) + t.rows.Len()*(lengthSize(len(t.columns))+names)
	for i := range t.rows.Len() {
		row := t.rows.Index(i)
		for _, c := range t.columns {
			if v := c.value(row); v.IsNull() {
				size++
			} else {
				size += stringSize(len(v.ValueString()))
			}
		}
	}

	return size
}

// encode writes the list as msgpack.
func (t table) encode(enc *msgpack.Encoder) error {
	if err := enc.EncodeArrayLen(t.rows.Len()); err != nil {
		return err
	}
	for i := range t.rows.Len() {
		if err := enc.EncodeMapLen(len(t.columns)); err != nil {
			return err
		}
		row := t.rows.Index(i)
		for _, c := range t.columns {
			if err := enc.EncodeString(c.name); err != nil {
				return err
			}
			if err := encodeString(enc, c.value(row)); err != nil {
				return err
			}
		}
	}

	return nil
}

func encodeString(enc *msgpack.Encoder, s *types.String) error {
	switch {
	case s.IsNull():
		return enc.EncodeNil()
	case s.IsUnknown():
		return errors.New("a value is unknown")
	default:
		return enc.EncodeString(s.ValueString())
	}
}

// stringSize returns the size of a string of n bytes in msgpack.
func stringSize(n int) int {
	switch {
	case n < 32:
		return n + 1
	case n <= math.MaxUint8:
		return n + 2
	case n <= math.MaxUint16:
		return n + 3
	default:
		return n + 5
	}
}

// lengthSize returns the size of the header of an array or a map of n elements in
// msgpack.
func lengthSize(n int) int {
	switch {
	case n < 16:
		return 1
	case n <= math.MaxUint16:
		return 3
	default:
		return 5
	}
}
