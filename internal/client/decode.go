package client

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// Bounds on the JSON of one response, far above what any service sends. The
// decoder checks them before it stores a value.
const (
	maxRows  = 10_000  // elements of a list that is read
	maxKeys  = 1_000   // of one object
	maxDepth = 100     // objects and arrays inside each other
	maxKey   = 4 << 10 // bytes of a key
	maxText  = 1 << 20 // bytes of a text that is read
)

// Decoder reads the JSON of one response, value by value. Each method reads
// exactly one value, and its callbacks read the values inside. Keys are
// case-sensitive. A key that appears twice in an object is an error. A Decoder is
// not safe for concurrent use.
type Decoder struct {
	what    string // names the response in errors
	json    *jsontext.Decoder
	ended   func() error // returns why decoding must end; may be nil
	secrets *secrets     // texts must not contain them
	read    int          // how much of the body was read, roughly in values
	checked int          // the value of read at the last call of ended
	keys    recentTexts
	texts   recentTexts // without secrets
}

// Decode reads the body of a response by read, which must read exactly one value.
// what names the response in errors. Errors do not contain the names of Go types.
func (r *Response) Decode(what string, read func(*Decoder) error) error {
	body := bytes.TrimPrefix(r.body, []byte("\xef\xbb\xbf")) // a byte order mark is not part of the JSON
	d := &Decoder{
		what: what,
		// Only identifiers must be valid UTF-8. See [Decoder.Identifier].
		json:    jsontext.NewDecoder(bytes.NewBuffer(body), jsontext.AllowInvalidUTF8(true)),
		ended:   r.ended,
		secrets: r.secrets,
	}
	if err := read(d); err != nil {
		return err
	}
	_, err := d.json.ReadToken()
	switch {
	case errors.Is(err, io.EOF):
		return nil
	case err == nil:
		return d.unreadable("there is another value after the first one")
	default:
		return d.syntax(err)
	}
}

// Object reads an object. It calls member for each key to read the value.
func (d *Decoder) Object(member func(key string) error) error {
	if err := d.open('{'); err != nil {
		return err
	}
	for keys := 0; d.json.PeekKind() != '}'; keys++ {
		if keys == maxKeys {
			return d.unreadable("an object has more than %d keys", maxKeys)
		}
		raw, err := d.scalar()
		if err != nil {
			return err
		}
		if len(raw) > maxKey {
			return d.unreadable("a key is longer than %d bytes", maxKey)
		}
		content, _ := unquote(raw)
		key, _ := d.keys.get(content)
		if err := member(key); err != nil {
			return err
		}
	}

	return d.token()
}

// ObjectOrNull reads an object or null, which has no keys. See [Decoder.Object].
func (d *Decoder) ObjectOrNull(member func(key string) error) error {
	if d.null() {
		return nil
	}

	return d.Object(member)
}

// only reads an object and skips all of its keys but one, which is an object or
// null.
func (d *Decoder) only(name string, member func(key string) error) error {
	return d.Object(func(key string) error {
		if key != name {
			return d.Skip()
		}
		return d.ObjectOrNull(member)
	})
}

// List reads an array of at most [maxRows] elements, or null, which has none. It
// calls element to read each of them.
func (d *Decoder) List(element func() error) error {
	if d.null() {
		return nil
	}
	rows := 0

	return d.array(func() error {
		if rows++; rows > maxRows {
			return d.unreadable("%s has more than %d elements", d.place(), maxRows)
		}
		return element()
	})
}

func (d *Decoder) array(element func() error) error {
	if err := d.open('['); err != nil {
		return err
	}
	for d.json.PeekKind() != ']' {
		if err := element(); err != nil {
			return err
		}
	}

	return d.token()
}

// Text reads a string, or null, which leaves target as it is. Invalid UTF-8
// becomes U+FFFD.
func (d *Decoder) Text(target *string) error {
	return d.textOf(target, false, '"')
}

// Identifier is [Decoder.Text] for values that must stay distinct: invalid UTF-8
// is an error.
func (d *Decoder) Identifier(target *string) error {
	return d.textOf(target, true, '"')
}

// AnyText is [Decoder.Text] for values that may also be a number or a boolean.
func (d *Decoder) AnyText(target *string) error {
	return d.textOf(target, false, '"', '0', 't', 'f')
}

// JSON reads any value as JSON text without white space, or null, which leaves
// target as it is. Invalid UTF-8 becomes U+FFFD.
func (d *Decoder) JSON(target *string) error {
	if d.null() {
		return nil
	}
	raw, err := d.content()
	if err != nil {
		return err
	}
	raw = raw.Clone()
	if err := raw.Compact(jsontext.AllowInvalidUTF8(true)); err != nil {
		return d.syntax(err)
	}
	text := strings.ToValidUTF8(string(raw), "\ufffd")
	if d.secrets.in(text) {
		return fmt.Errorf("%s repeats a secret of the request", d.place())
	}
	*target = text

	return nil
}

func (d *Decoder) textOf(target *string, exact bool, kinds ...jsontext.Kind) error {
	if d.null() {
		return nil
	}
	if kind := d.json.PeekKind(); !slices.Contains(kinds, kind) {
		return d.wrongType(kind)
	}
	raw, err := d.content()
	if err != nil {
		return err
	}
	content, valid := unquote(raw)
	if exact && !valid {
		return d.unreadable("%s is not valid UTF-8", d.place())
	}
	text, known := d.texts.get(content)
	if !known && d.secrets.in(text) {
		return fmt.Errorf("%s repeats a secret of the request", d.place())
	}
	*target = text

	return nil
}

// lenientText reads any value. It stores a string or a number in target, which may
// then contain secrets, and skips other values.
func (d *Decoder) lenientText(target *string) error {
	if kind := d.json.PeekKind(); kind != '"' && kind != '0' {
		return d.Skip()
	}
	raw, err := d.content()
	if err != nil {
		return err
	}
	content, _ := unquote(raw)
	*target = string(content)

	return nil
}

// null reports whether the next value is null. If so, it reads the value.
func (d *Decoder) null() bool {
	if d.json.PeekKind() != 'n' {
		return false
	}
	_, err := d.json.ReadToken() // the next read returns the same error

	return err == nil
}

// IsString reports whether the next value is a string.
func (d *Decoder) IsString() bool { return d.json.PeekKind() == '"' }

// Skip reads any value and discards it.
func (d *Decoder) Skip() error {
	switch d.json.PeekKind() {
	case '{':
		return d.Object(func(string) error { return d.Skip() })
	case '[':
		return d.array(d.Skip)
	default:
		_, err := d.scalar()
		return err
	}
}

// open reads the beginning of an object or an array.
func (d *Decoder) open(kind jsontext.Kind) error {
	if next := d.json.PeekKind(); next != kind {
		return d.wrongType(next)
	}
	if d.json.StackDepth() == maxDepth {
		return d.unreadable("it is nested more than %d levels deep", maxDepth)
	}

	return d.token()
}

// token reads the beginning or the end of an object or an array.
func (d *Decoder) token() error {
	if _, err := d.json.ReadToken(); err != nil {
		return d.syntax(err)
	}

	return d.count()
}

// scalar reads a key or a value that is neither an object nor an array. The result
// is valid until the next read.
func (d *Decoder) scalar() (jsontext.Value, error) {
	raw, err := d.json.ReadValue()
	if err != nil {
		return nil, d.syntax(err)
	}
	d.read += len(raw) / 64

	return raw, d.count()
}

// content is scalar for values that are stored, at most [maxText] bytes.
func (d *Decoder) content() (jsontext.Value, error) {
	raw, err := d.scalar()
	if err == nil && len(raw) > maxText {
		err = d.unreadable("%s is longer than %d bytes", d.place(), maxText)
	}

	return raw, err
}

// count counts a value. Every 256 values it calls ended.
func (d *Decoder) count() error {
	const often = 256
	if d.read++; d.ended == nil || d.read-d.checked < often {
		return nil
	}
	d.checked = d.read

	return d.ended()
}

// unquote returns the content of a string, a number or a literal, and reports
// whether it is valid UTF-8. The result may share memory with raw.
func unquote(raw jsontext.Value) (content []byte, valid bool) {
	if raw.Kind() != '"' {
		return raw, true
	}
	content = raw[1 : len(raw)-1]
	if bytes.IndexByte(content, '\\') < 0 && utf8.Valid(content) {
		return content, true
	}
	content, err := jsontext.AppendUnquote(nil, raw)

	return content, err == nil
}

// recentTexts interns short texts, because most of them are repeated in the next
// row.
type recentTexts [64]string

// get returns content as a string that does not keep the body in memory, and
// reports whether the string was interned before.
func (r *recentTexts) get(content []byte) (text string, known bool) {
	n := len(content)
	if n == 0 || n > 128 {
		return string(content), false
	}
	// The first, middle and last bytes differ enough between the texts of a row.
	slot := &r[(n+int(content[0])<<1+int(content[n/2])<<2+int(content[n-1])<<3)%len(r)]
	if *slot == string(content) {
		return *slot, true
	}
	*slot = string(content)

	return *slot, false
}

// place returns the path of the current value, for errors. It contains documented
// keys only.
func (d *Decoder) place() string {
	var path []string
	for key := range d.json.StackPointer().Tokens() {
		if strings.Trim(key, "0123456789") != "" { // not an index
			path = append(path, key)
		}
	}
	if len(path) == 0 {
		return "the body"
	}

	return strings.Join(path, ".")
}

func (d *Decoder) wrongType(kind jsontext.Kind) error {
	if kind != '"' && kind != '{' && kind != '[' {
		if _, err := d.scalar(); err != nil { // a syntax error
			return err
		}
	}
	names := map[jsontext.Kind]string{
		'n': "null", 't': "bool", 'f': "bool", '"': "string", '0': "number", '{': "object", '[': "array",
	}

	return d.unreadable("%s has the wrong type, %s", d.place(), names[kind])
}

func (d *Decoder) syntax(err error) error {
	wrong, ok := errors.AsType[*jsontext.SyntacticError](err)
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return d.unreadable("unexpected end of JSON input")
	case ok && errors.Is(err, jsontext.ErrDuplicateName):
		return d.unreadable("the key %q appears twice", wrong.JSONPointer.LastToken())
	case ok:
		err = wrong.Err
	}

	return d.unreadable("%s", err)
}

func (d *Decoder) unreadable(format string, args ...any) error {
	return fmt.Errorf("%s cannot be read: %s", d.what, fmt.Sprintf(format, args...))
}

// NewResponse returns a response with a body, for tests of decode functions. Its
// values must not contain a secret of the request.
func NewResponse(body []byte, secretsOfRequest ...string) *Response {
	all := &secrets{}
	for _, secret := range secretsOfRequest {
		all.add(secret, hidden, true)
	}

	return &Response{body: body, secrets: all}
}
