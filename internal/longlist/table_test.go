package longlist

import (
	"bytes"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/vmihailenco/msgpack/v5"
)

type narrow struct {
	A types.String `tfsdk:"a"`
}

// wide has more attributes than a one-byte header of msgpack can count, a long
// name, and an order that differs from the encoded one.
type wide struct {
	P types.String `tfsdk:"p"`
	O types.String `tfsdk:"o"`
	N types.String `tfsdk:"n"`
	M types.String `tfsdk:"a_name_that_has_more_than_31_letters"`
	L types.String `tfsdk:"l"`
	K types.String `tfsdk:"k"`
	J types.String `tfsdk:"j"`
	I types.String `tfsdk:"i"`
	H types.String `tfsdk:"h"`
	G types.String `tfsdk:"g"`
	F types.String `tfsdk:"f"`
	E types.String `tfsdk:"e"`
	D types.String `tfsdk:"d"`
	C types.String `tfsdk:"c"`
	B types.String `tfsdk:"b"`
	A types.String `tfsdk:"a"`
}

// encode returns the encoded rows, and checks their size.
func encode[Row any](t *testing.T, rows []Row) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := newTable(rows).encode(msgpack.NewEncoder(&b)); err != nil {
		t.Fatal(err)
	}
	if size := Size(rows); size != b.Len() {
		t.Errorf("size is %d, but %d bytes were written", size, b.Len())
	}
	return b.Bytes()
}

// expected returns the rows as plugin-go encodes them.
func expected[Row any](t *testing.T, rows []Row) []byte {
	t.Helper()
	object := tftypes.Object{AttributeTypes: map[string]tftypes.Type{}}
	for field := range reflect.TypeFor[Row]().Fields() {
		object.AttributeTypes[field.Tag.Get("tfsdk")] = tftypes.String
	}
	values := make([]tftypes.Value, 0, len(rows))
	for _, row := range rows {
		attributes := map[string]tftypes.Value{}
		for field, value := range reflect.ValueOf(row).Fields() {
			s, _ := reflect.TypeAssert[types.String](value)
			attributes[field.Tag.Get("tfsdk")] = tftypes.NewValue(tftypes.String, s.ValueStringPointer())
		}
		values = append(values, tftypes.NewValue(object, attributes))
	}
	list := tftypes.List{ElementType: object}
	value, err := tfprotov6.NewDynamicValue(list, tftypes.NewValue(list, values))
	if err != nil {
		t.Fatal(err)
	}
	return value.MsgPack
}

func compare[Row any](t *testing.T, rows []Row) {
	t.Helper()
	if got, want := encode(t, rows), expected(t, rows); !bytes.Equal(got, want) {
		t.Errorf("%d rows: got %d bytes that differ from the %d wanted", len(rows), len(got), len(want))
	}
}

// lengths are those around which the form of a header in msgpack changes.
var lengths = []int{0, 1, 31, 32, 255, 256, 65_535, 65_536}

func TestEncode_lengthOfStrings(t *testing.T) {
	t.Parallel()
	for _, n := range lengths {
		compare(t, []narrow{{types.StringValue(strings.Repeat("x", n))}, {types.StringNull()}})
	}
}

func TestEncode_lengthOfLists(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 1, 15, 16, 65_535, 65_536} {
		compare(t, make([]narrow, n))
	}
	compare[narrow](t, nil)
}

func TestEncode_random(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	for range 100 {
		rows := make([]wide, r.IntN(40))
		for i := range rows {
			for _, field := range reflect.ValueOf(&rows[i]).Elem().Fields() {
				field.Set(reflect.ValueOf(randomString(r)))
			}
		}
		compare(t, rows)
	}
}

// randomString returns null or a string, of characters and a length that msgpack
// or UTF-8 encode in different forms.
func randomString(r *rand.Rand) types.String {
	if r.IntN(4) == 0 {
		return types.StringNull()
	}
	alphabet := []rune("abc\"\\\x00\n\u2028é李🙂")
	length := []int{0, 1, 36, 300}[r.IntN(4)]
	if r.IntN(1000) == 0 {
		length = 70_000
	}
	text := make([]rune, r.IntN(length+1))
	for i := range text {
		text[i] = alphabet[r.IntN(len(alphabet))]
	}
	return types.StringValue(string(text))
}

func TestEncode_unknown(t *testing.T) {
	t.Parallel()
	if err := newTable([]narrow{{types.StringUnknown()}}).encode(msgpack.NewEncoder(new(bytes.Buffer))); err == nil {
		t.Error("no error")
	}
}

func TestNewTable_panics(t *testing.T) {
	t.Parallel()
	tests := map[string]func(){
		"not a string": func() {
			newTable([]struct {
				A types.Bool `tfsdk:"a"`
			}{})
		},
		"Go's string": func() {
			newTable([]struct {
				A string `tfsdk:"a"`
			}{})
		},
		"no tag": func() { newTable([]struct{ A types.String }{}) },
		"not exported": func() {
			newTable([]struct {
				a types.String `tfsdk:"a"`
			}{})
		},
		"not a struct": func() { newTable([]string{}) },
	}
	for name, call := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			defer func() {
				if recover() == nil {
					t.Error("no panic")
				}
			}()
			call()
		})
	}
}
