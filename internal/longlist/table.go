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

// MaxSize is the most that a list may take of an answer, in bytes. Terraform
// takes messages of 256 MiB; one is left for the rest of the answer.
const MaxSize = 255 << 20

// Size returns how many bytes the rows take in an answer.
func Size[Row any](rows []Row) int { return newTable(rows).size() }

// table is a list of objects whose attributes are strings.
type table struct {
	rows    reflect.Value // a slice of structs
	columns []column
}

// column is one attribute and the field that has its value.
type column struct {
	name  string
	field int
}

func newTable[Row any](rows []Row) table {
	t := table{rows: reflect.ValueOf(rows)}
	for field := range reflect.TypeFor[Row]().Fields() {
		name := field.Tag.Get("tfsdk")
		if name == "" || !field.IsExported() || field.Type != reflect.TypeFor[types.String]() {
			panic(fmt.Sprintf("longlist: field %s of %s is no exported string with a tfsdk tag", field.Name, reflect.TypeFor[Row]()))
		}
		t.columns = append(t.columns, column{name, field.Index[0]})
	}
	// The order that the framework writes them in.
	slices.SortFunc(t.columns, func(a, b column) int { return cmp.Compare(a.name, b.name) })

	return t
}

// in returns the value of a row. The pointer keeps it from being copied to the
// heap.
func (c column) in(row reflect.Value) *types.String {
	return row.Field(c.field).Addr().Interface().(*types.String) //nolint:forcetypeassert // newTable has looked
}

// size is how much encode writes.
func (t table) size() int {
	names := 0
	for _, c := range t.columns {
		names += stringSize(len(c.name))
	}
	size := lengthSize(t.rows.Len()) + t.rows.Len()*(lengthSize(len(t.columns))+names)
	for i := range t.rows.Len() {
		row := t.rows.Index(i)
		for _, c := range t.columns {
			if v := c.in(row); v.IsNull() {
				size++
			} else {
				size += stringSize(len(v.ValueString()))
			}
		}
	}

	return size
}

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
			if err := encodeString(enc, c.in(row)); err != nil {
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

// stringSize is what msgpack takes for a string of so many bytes.
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

// lengthSize is what msgpack takes for the length of an array or a map.
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
