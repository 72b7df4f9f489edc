package client

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/race"
)

// largeBodies are what a malicious service may send in place of a list, or of the
// value of key: as many bytes as are read, in every shape.
func largeBodies(key string, size int) map[string]string {
	times := func(part string) string { return strings.Repeat(part, size/len(part)-10) }
	escapes := `{"created_by":"` + strings.Repeat("%25%", 250<<10) + `"},`
	keys := func() string {
		var b strings.Builder
		for i := 0; b.Len() < size-100; i++ {
			fmt.Fprintf(&b, `"%x":0,`, i)
		}
		return b.String() + `"z":0`
	}()
	nestedKeys := func() string { // as many keys as possible at once, in objects within each other
		var b strings.Builder
		for b.Len() < size-100 {
			b.WriteString(`{`)
			for i := range maxKeys - 1 {
				fmt.Fprintf(&b, `"%x":0,`, i)
			}
			b.WriteString(`"z":`)
		}
		return b.String() + "0"
	}()
	in := func(value string) string { return `{"` + key + `":` + value + `}` }

	return map[string]string{
		"empty rows":          in(`[` + times(`{},`) + `{}]`),
		"rows that are null":  in(`[` + times(`null,`) + `null]`),
		"rows of a list":      in(`[` + times(`[],`) + `[]]`),
		"rows of text":        in(`[` + times(`"",`) + `""]`),
		"rows":                in(`[` + times(`{"id":"a","execution_id":"a"},`) + `{}]`),
		"a row of keys":       in(`[{` + keys + `}]`),
		"an object of keys":   in(`{` + keys + `}`),
		"keys":                `{` + keys + `}`,
		"nested keys":         in(nestedKeys),
		"a key":               `{"` + times(`k`) + `":0}`,
		"two long keys":       `{"` + times(`k`)[:size/3] + `":0,"` + times(`k`)[:size/3] + `":0}`,
		"a key in a row":      in(`[{"` + times(`k`) + `":0}]`),
		"deep lists":          times(`[`),
		"deep objects":        times(`{"a":`),
		"deep rows":           in(`[{"a":` + times(`[`)),
		"deep objects here":   in(times(`{"error":`)),
		"an unknown list":     `{"x":[` + times(`"a",`) + `"a"],"` + key + `":[]}`,
		"unknown objects":     `{"x":[` + times(`{"a":[0]},`) + `0],"` + key + `":[]}`,
		"a text":              in(`"` + times(`t`) + `"`),
		"a text with escapes": in(`"` + times(`\u0074`) + `"`),
		"a text in a row":     in(`[{"execution_id":"` + times(`t`) + `","id":1}]`),
		"texts in a row":      in(`[{"created_by":"` + times(`t`)[:size/2] + `","id":"` + times(`t`)[:size/2-200] + `"}]`),
		"texts of an object":  in(`{"access":"` + times(`t`)[:size/2] + `","secret":"` + times(`\n`)[:size/2-200] + `"}`),
		"a number":            in(times(`1`)),
		"a number in a row":   in(`[{"created_by":` + times(`1`) + `,"id":` + times(`1`)[:9] + `}]`),
		"texts with escapes":  in(`[` + strings.Repeat(escapes, max(1, size>>20-1)) + `{}]`),
		"a message":           `{"error_msg":"` + times(`m`) + `"}`,
		"messages":            `{"code":"` + times(`m`)[:size/2] + `","message":"` + times(`m`)[:size/2-100] + `"}`,
		"details":             `{"details":[` + times(`{"code":"c"},`) + `0]}`,
		"no JSON":             times("<b>"),
		"invalid UTF-8":       `{"` + key + `":"` + times("\xff") + `"}`,
		"white space":         times(" \n"),
	}
}

// Any response costs at most 100 MB of memory.
func TestLargeBodies_memory(t *testing.T) { //nolint:paralleltest // it measures the memory of the whole process
	if race.Enabled {
		t.Skip("the race detector takes memory of its own")
	}
	list := func(ctx context.Context, c *Client) error {
		_, err := listThings(ctx, c)
		return err
	}
	tests := map[string]struct {
		key    string
		size   int
		status int
		read   func(context.Context, *Client) error
		from   CredentialsProvider
	}{
		"list": {"executions", maxBody, 200, list, testKeys},
		"lookup": {
			"projects",
			maxBody,
			200,
			func(ctx context.Context, c *Client) error { return lookUp(ctx, c, "other-region") },
			testKeys,
		},
		"metadata":      {"credential", maxSecretBody, 200, get, Metadata{}},
		"ID token":      {"token", maxSecretBody, 200, get, exchanging(idToken)},
		"error":         {"error", maxErrorBody, 400, list, testKeys},
		"a large error": {"error", maxBody, 400, list, testKeys},
	}
	for of, test := range tests { //nolint:paralleltest // as above
		for name, body := range largeBodies(test.key, test.size) {
			t.Run(of+"/"+name, func(t *testing.T) {
				c := newTestClient(t, replying(reply{status: test.status, body: body}), maxRetries(0), func(cfg *Config) {
					cfg.ProjectID, cfg.Credentials = "p1", test.from
				})
				var err error
				if took := allocates(func() { err = test.read(t.Context(), c) }) / 1e6; took > 100 {
					t.Errorf("%d MB were allocated", took)
				}
				if name == "an unknown list" || name == "unknown objects" || name == "texts with escapes" {
					return // these are cheap
				}
				want := ClassMalformed
				if test.status != 200 {
					want = ClassBadRequest
				}
				wantHarmless(t, wantClass(t, err, want))
			})
		}
	}
}

// The exact bounds.
func TestDecode_bounds(t *testing.T) {
	t.Parallel()

	rows := func(n int) string {
		return `{"executions":[` + strings.TrimSuffix(strings.Repeat(`{"status":"fail"},`, n), ",") + `]}`
	}
	keys := func(n int) string {
		var b strings.Builder
		for i := range n - 1 {
			fmt.Fprintf(&b, `"%d":0,`, i)
		}
		return `{"executions":[{` + b.String() + `"status":"fail"}]}`
	}
	deep := func(n int) string {
		return `{"executions":[{"status":"fail","x":` + strings.Repeat("[", n-3) + strings.Repeat("]", n-3) + `}]}`
	}
	text := func(n int) string { return `{"executions":[{"created_by":"` + strings.Repeat("c", n-2) + `"}]}` }
	key := func(n int) string { return `{"executions":[{"` + strings.Repeat("k", n-2) + `":0,"status":"fail"}]}` }
	tests := map[string]struct {
		body  func(int) string
		bound int
		says  string
	}{
		"rows":    {rows, maxRows, "executions has more than 10000 elements"},
		"keys":    {keys, maxKeys, "an object has more than 1000 keys"},
		"nesting": {deep, maxDepth, "it is nested more than 100 levels deep"},
		"texts":   {text, maxText, "executions.created_by is longer than 1048576 bytes"},
		"a key":   {key, maxKey, "a key is longer than 4096 bytes"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			if _, err := decodeThings(&Response{body: []byte(test.body(test.bound))}); err != nil {
				t.Errorf("at the bound: %v", err)
			}
			want := "the list of executions cannot be read: " + test.says
			_, err := decodeThings(&Response{body: []byte(test.body(test.bound + 1))})
			if err == nil || err.Error() != want {
				t.Errorf("beyond it: %v, want %s", err, want)
			}
		})
	}
}

// Decoding ends with its context at any point.
func TestDecode_ends(t *testing.T) {
	t.Parallel()

	ended := errors.New("ended")
	bodies := map[string]string{
		"rows":            `{"executions":[` + strings.Repeat(`{"execution_id":"e"},`, 5000) + `{}]}`,
		"rows of no use":  `{"executions":[` + strings.Repeat(`{},`, 5000) + `{}]}`,
		"an unknown list": `{"x":[` + strings.Repeat(`0,`, 5000) + `0]}`,
		"unknown lists":   `{"x":[` + strings.Repeat(`[],`, 5000) + `0]}`,
		"unknown keys":    `{"x":[` + strings.Repeat(`{"a":null},`, 5000) + `0]}`,
	}
	for name, body := range bodies {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			asked := 0
			_, err := decodeThings(&Response{body: []byte(body), ended: func() error {
				if asked++; asked == 3 {
					return ended
				}
				return nil
			}})
			if !errors.Is(err, ended) || asked != 3 {
				t.Errorf("got %v after asking %d times", err, asked)
			}
		})
	}
}

// A reader that leaves while a response is decoded gets an error that says so,
// even if the response is also invalid.
func TestDo_cancelledWhileDecoding(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		sent := 0
		c := newTestClient(t, roundTripper(func(r *http.Request) (*http.Response, error) {
			sent++
			rows := strings.NewReader(`{"executions":[` + strings.Repeat(`{"status":"fail"},`, 9000))
			body := io.MultiReader(rows, readerFunc(func([]byte) (int, error) {
				cancel() // the whole body has been read
				return 0, io.EOF
			}))
			return &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(body), Request: r}, nil
		}), func(cfg *Config) { cfg.ProjectID = "p1" })
		_, err := listThings(ctx, c)
		wantClass(t, err, ClassCancelled)
		if sent != 1 {
			t.Errorf("%d requests, want 1", sent)
		}
	})
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

// Every kind of response is read by the same rules.
func TestDecode_kinds(t *testing.T) {
	t.Parallel()

	const inAnHour = `"2006-01-02T16:04:05Z"`
	kinds := map[string]struct {
		good   string
		decode func(*Response) error
	}{
		"executions": {`{"executions":[{"execution_id":"e"}]}`, func(r *Response) error {
			rows, err := decodeThings(r)
			if err == nil && (len(rows) != 1 || rows[0].ExecutionID != "e") {
				return fmt.Errorf("read as %v", rows)
			}
			return err
		}},
		"projects": {`{"projects":[{"id":"e","name":"n"}]}`, func(r *Response) error {
			rows, err := decodeProjects(r, "n")
			if err == nil && (len(rows) != 1 || rows[0] != "e") {
				return fmt.Errorf("read as %v", rows)
			}
			return err
		}},
		"keys of IAM": {
			`{"credential":{"access":"a","secret":"s","securitytoken":"e","expires_at":` + inAnHour + `}}`,
			wantKeys(decodeKeysOfIAM),
		},
		"keys of STS": {
			`{"credentials":{"access_key_id":"a","secret_access_key":"s","security_token":"e","expiration":` + inAnHour + `}}`,
			wantKeys(decodeKeysOfSTS),
		},
		"error": {`{"error_code":"e","error_msg":"m"}`, func(r *Response) error {
			if said := parseErrorBody(r.body); said.code != "e" || said.message != "m" {
				return errors.New("it says nothing")
			}
			return nil
		}},
	}
	for kind, test := range kinds {
		good := test.good
		inside := good[:strings.LastIndex(good, `"e"`)+3] // of an object that is read
		rest := good[len(inside):]
		accepted := map[string]string{
			"as it is":            good,
			"white space":         " \r\n\t" + strings.ReplaceAll(good, `":`, `" : `) + "\n ",
			"byte order mark":     "\xef\xbb\xbf" + good,
			"unknown keys":        inside + `,"x":null,"y":[{"a":[1,2.5e3,true]}],"z":"\u0000"` + rest,
			"other spellings":     inside + `,"Execution_ID":1,"ID":2,"SECURITYTOKEN":4,"Error_Code":"6","eRRor_msg":"7"` + rest,
			"other spelling, top": `{"Executions":[],"PROJECTS":0,"Credential":0,"CREDENTIALS":0,"ERROR_CODE":"x",` + good[1:],
		}
		refused := map[string]string{
			"the same twice":       inside + "," + inside[strings.LastIndex(inside, `{`)+1:] + rest,
			"the same unknown":     inside + `,"x":1,"x":1` + rest,
			"the same inside":      inside + `,"x":{"y":[{"z":1,"z":2}]}` + rest,
			"the same at the top":  `{"x":1,"x":1,` + good[1:],
			"the same, escaped":    `{"x":1,"\u0078":1,` + good[1:],
			"all twice":            good[:len(good)-1] + "," + good[1:],
			"two values":           good + good,
			"a letter after":       good + "x",
			"incomplete":           good[:len(good)-1],
			"a comma too much":     inside + "," + rest,
			"single quotes":        strings.ReplaceAll(good, `"`, `'`),
			"null":                 "null",
			"empty":                "",
			"a text":               `"e"`,
			"a number":             "1",
			"a list of it":         "[" + good + "]",
			"too deep":             inside + `,"x":` + strings.Repeat("[", 101) + strings.Repeat("]", 101) + rest,
			"control character":    inside + ",\"x\":\"\n\"" + rest,
			"a number that is not": inside + `,"x":01` + rest,
			"NaN":                  inside + `,"x":NaN` + rest,
		}
		run := func(name, body string, want bool) {
			t.Run(kind+"/"+name, func(t *testing.T) {
				t.Parallel()

				if err := test.decode(&Response{body: []byte(body)}); (err == nil) != want {
					t.Errorf("%s: %v", body, err)
				}
			})
		}
		for name, body := range accepted {
			run(name, body, true)
		}
		for name, body := range refused {
			run(name, body, false)
		}
	}
}

// wantKeys checks keys that a decoder reads while they are valid.
func wantKeys(decode func(*Response) (Credentials, error)) func(*Response) error {
	return func(r *Response) error {
		sent, err := http.ParseTime("Mon, 02 Jan 2006 15:04:05 GMT")
		if err != nil {
			return err
		}
		withTime := *r
		withTime.date = sent
		withTime.sent = time.Now()
		keys, err := decode(&withTime)
		if err == nil && (keys.AccessKey != "a" || keys.SecretKey != "s" || keys.SecurityToken != "e") {
			return fmt.Errorf("read as %v", keys)
		}
		return err
	}
}
