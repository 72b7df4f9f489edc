package client

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"maps"
	"net"
	"net/http"
	"runtime/pprof"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/race"
)

// Broken, wrong, endless and malicious responses over real sockets. Each read
// returns the right list or a clear error, after as many tries as the policy
// allows, and leaves no goroutine behind.

// wire is a server on a loopback port that sends any bytes, once for each
// connection.
type wire struct {
	address  string
	requests atomic.Int32
	sent     atomic.Int64 // bytes written to clients
}

// startWire serves until the test ends. It calls respond with the connection
// after it has read the request, and then closes the connection. listen may wrap
// the listener, for TLS.
func startWire(t *testing.T, respond func(net.Conn), listen ...func(net.Listener) net.Listener) *wire {
	t.Helper()

	listener, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // it is closed below
	if err != nil {
		t.Fatal(err)
	}
	w := &wire{address: listener.Addr().String()}
	for _, wrap := range listen {
		listener = wrap(listener)
	}
	var serving sync.WaitGroup
	over := make(chan struct{})
	serve := func(conn net.Conn) {
		ended := make(chan struct{})
		defer close(ended)
		serving.Go(func() { // endless responses stop at the end of the test
			select {
			case <-over:
				_ = conn.SetDeadline(time.Now())
			case <-ended:
			}
		})
		defer conn.Close() //nolint:errcheck // the test does not need it
		if _, err := http.ReadRequest(bufio.NewReader(conn)); err != nil {
			return
		}
		w.requests.Add(1)
		respond(counting{conn, &w.sent})
	}
	serving.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			serving.Go(func() { serve(conn) })
		}
	})
	t.Cleanup(func() {
		close(over)
		_ = listener.Close()
		serving.Wait()
	})

	return w
}

// counting counts what is written to a connection.
type counting struct {
	net.Conn
	sent *atomic.Int64
}

func (c counting) Write(p []byte) (int, error) {
	n, err := c.Conn.Write(p)
	c.sent.Add(int64(n))

	return n, err
}

// says sends exactly this text.
func says(text string) func(net.Conn) {
	return func(conn net.Conn) { _, _ = io.WriteString(conn, text) }
}

// ok sends a well-formed 200 with a body and further header lines.
func ok(body string, header ...string) func(net.Conn) {
	head := "HTTP/1.1 200 OK\r\nContent-Length: " + strconv.Itoa(len(body)) + "\r\n"
	for _, line := range header {
		head += line + "\r\n"
	}

	return says(head + "\r\n" + body)
}

// endless sends a beginning, and then repeats the rest without end.
func endless(beginning, rest string) func(net.Conn) {
	return func(conn net.Conn) {
		rest := bytes.Repeat([]byte(rest), 1+(64<<10)/len(rest))
		_, err := io.WriteString(conn, beginning)
		for err == nil {
			_, err = conn.Write(rest)
		}
	}
}

// packed returns a text compressed by gzip.
func packed(text string) string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = io.WriteString(z, text)
	_ = z.Close()

	return b.String()
}

// gzipBomb unpacks to 1 GiB of spaces.
var gzipBomb = sync.OnceValue(func() string {
	return strings.Repeat(packed(strings.Repeat(" ", 16<<20)), 64)
})

// reset closes a connection with RST instead of FIN.
func reset(conn net.Conn) {
	if counted, ok := conn.(counting); ok {
		conn = counted.Conn
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}

const (
	gzipped = "Content-Encoding: gzip"
	goodRow = `{"workflow_id":"w","workflow_urn":"u","execution_id":"e","status":"success",` +
		`"begin_time":"2026-01-01T00:00:00Z","end_time":"2026-01-01T00:00:01Z",` +
		`"last_update_time":"2026-01-01T00:00:02Z","created_by":"c"}`
	goodList  = `{"executions":[` + goodRow + `]}`
	anyStatus = -1 // chance decides how far the response came
	tooLarge  = "the response is larger than 16 MiB"
	mostBytes = 4 * maxBody // because sockets buffer a lot
)

// serverTest is one server and the expected outcome of a read.
type serverTest struct {
	respond   func(net.Conn)
	impatient bool // the reader leaves soon after a request has arrived, not before
	large     bool // megabytes are read, which takes seconds under the race detector

	want   string // the ID of the one execution; "": an error
	class  Class
	status int
	says   string // a part of the error
	tries  int    // of at most four
	bytes  int64  // at most, that the server sends in one try; 0: any number
}

// deep is how deep values are nested.
var deep = race.Choose(1<<20, 1<<16)

var badResponses = map[string]serverTest{
	// Too much.
	"endless body": {
		large:   true,
		respond: endless("HTTP/1.1 200 OK\r\n\r\n", " "), class: ClassMalformed, status: 200, says: tooLarge, tries: 2,
		bytes: mostBytes,
	},
	"endless chunks": {
		large:   true,
		respond: endless("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "400\r\n"+strings.Repeat(" ", 1024)+"\r\n"),
		class:   ClassMalformed, status: 200, says: tooLarge, tries: 2, bytes: mostBytes,
	},
	"endless list": {
		large:   true,
		respond: endless("HTTP/1.1 200 OK\r\n\r\n"+`{"executions":[`, goodRow+","), class: ClassMalformed, status: 200,
		says: tooLarge, tries: 2, bytes: mostBytes,
	},
	"1 GiB": {
		large:   true,
		respond: endless("HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n", " "), class: ClassMalformed, status: 200,
		says: tooLarge, tries: 2, bytes: mostBytes,
	},
	"endless body of a 403": {
		large:   true,
		respond: endless("HTTP/1.1 403 Forbidden\r\n\r\n", "no "), class: ClassPermission, status: 403,
		says: "the body begins with: no no", tries: 1, bytes: mostBytes,
	},
	"gzip bomb": {
		large:   true,
		respond: func(c net.Conn) { ok(gzipBomb(), gzipped)(c) }, class: ClassMalformed, status: 200, says: tooLarge,
		tries: 2,
	},
	"gzip bomb of a 400": {
		large:   true,
		respond: func(c net.Conn) { says("HTTP/1.1 400 Bad Request\r\n" + gzipped + "\r\n\r\n" + gzipBomb())(c) },
		class:   ClassBadRequest, status: 400, says: "the response has no body", tries: 1,
	},
	"endless header": {
		large:   true,
		respond: endless("HTTP/1.1 200 OK\r\n", "X-More: and more\r\n"), class: ClassNetwork, says: "headers exceeded",
		tries: 1, bytes: mostBytes,
	},
	"endless line of header": {
		respond: endless("HTTP/1.1 200 OK\r\nX-More: ", "and more "), class: ClassNetwork, says: "headers exceeded", tries: 1,
		bytes: mostBytes,
	},
	"endless early hints": {
		large:   true,
		respond: endless("", "HTTP/1.1 103 Early Hints\r\n\r\n"), class: ClassNetwork, says: "headers exceeded", tries: 1,
		bytes: mostBytes,
	},
	"deep JSON": {
		respond: ok(strings.Repeat("[", deep)),
		class:   ClassMalformed,
		status:  200,
		says:    "the body has the wrong type, array",
		tries:   2,
	},
	"deep unknown field": {
		respond: ok(`{"x":` + strings.Repeat(`{"x":`, deep)),
		class:   ClassMalformed,
		status:  200,
		says:    "it is nested more than 100 levels deep",
		tries:   2,
	},
	"deep error": {
		respond: says("HTTP/1.1 400 Bad Request\r\n\r\n" + strings.Repeat(`{"error":`, deep)), class: ClassBadRequest,
		status: 400, says: `the body begins with: {"error":{"error":`, tries: 1,
	},

	// Too little.
	"204": {
		respond: says("HTTP/1.1 204 No Content\r\n\r\n"), class: ClassMalformed, status: 204,
		says: "the response has no body", tries: 1,
	},
	"empty 200": {
		respond: ok(""), class: ClassMalformed, status: 200, says: "the response has no body", tries: 2,
	},
	"closed before a response": {respond: says(""), class: ClassNetwork, says: "EOF", tries: 4},
	"reset before a response":  {respond: reset, class: ClassNetwork, says: "connection reset by peer", tries: 4},
	"closed in the header": {
		respond: says("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n"), class: ClassNetwork, says: "unexpected EOF", tries: 4,
	},
	// net/http reports a malformed header
	"closed in a header's line": {
		respond: says("HTTP/1.1 200 OK\r\nContent-Le"), class: ClassNetwork, says: "malformed MIME header", tries: 1,
	},
	"body incomplete": {
		respond: says("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n" + `{"executions":[`), class: ClassNetwork, status: 200,
		says: "unexpected EOF", tries: 4,
	},
	"reset in the body": {
		respond: func(c net.Conn) { says("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")(c); reset(c) },
		class:   ClassNetwork, status: anyStatus, says: "connection reset by peer", tries: 4,
	},
	"chunked, ends in a chunk": {
		respond: says("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n{\"exe"), class: ClassNetwork, status: 200,
		says: "unexpected EOF", tries: 4,
	},
	"chunked, no last chunk": {
		respond: says("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n11\r\n{\"executions\":[]}\r\n"),
		class:   ClassNetwork, status: 200, says: "unexpected EOF", tries: 4,
	},
	"gzip incomplete": {
		respond: ok(packed(goodList)[:40], gzipped), class: ClassNetwork, status: 200, says: "unexpected EOF", tries: 4,
	},
	"Content-Length too long": {
		respond: says("HTTP/1.1 200 OK\r\nContent-Length: 18\r\n\r\n" + `{"executions":[]}`), class: ClassNetwork,
		status: 200, says: "unexpected EOF", tries: 4,
	},
	"Content-Length too short": {
		respond: says("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 16\r\n\r\n" + `{"executions":[]}`),
		class:   ClassMalformed, status: 200, says: "unexpected end of JSON input", tries: 2,
	},
	"403 incomplete": {
		respond: says("HTTP/1.1 403 Forbidden\r\nContent-Length: 100\r\n\r\n" + `{"error_code":`), class: ClassPermission,
		status: 403, says: `the body begins with: {"error_code":`, tries: 1,
	},
	"no byte at all": {
		respond: func(c net.Conn) { _, _ = c.Read(make([]byte, 1)) }, impatient: true, class: ClassCancelled,
		says: "context canceled", tries: 1,
	},
	"a byte every 10 ms": {
		respond: slowly("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n" + goodList), impatient: true,
		class: ClassCancelled, says: "context canceled", tries: 1,
	},
	"a byte of error and no more": {
		respond: func(c net.Conn) {
			says("HTTP/1.1 503 Busy\r\nContent-Length: 9\r\n\r\nb")(c)
			_, _ = c.Read(make([]byte, 1))
		},
		impatient: true, class: ClassCancelled, says: "context canceled", tries: 1,
	},

	// Not HTTP.
	"garbage": {
		respond: says("\x16\x03\x01\x02\x00\x01\x00garbage\r\n\r\n"), class: ClassNetwork, says: "malformed HTTP", tries: 1,
	},
	"terminal codes in the status": {
		respond: says("HTTP/1.1 2\x1b[31m0 OK\r\n\r\n"), class: ClassNetwork, says: "malformed HTTP status code", tries: 1,
	},
	"terminal codes in the header": {
		respond: says("HTTP/1.1 200 OK\r\n\x1b]0;title\x07\x1b[31mred\r\n\r\n"), class: ClassNetwork,
		says: "malformed MIME header", tries: 1,
	},
	"no such length": {
		respond: says("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n"), class: ClassNetwork, says: "bad Content-Length",
		tries: 1,
	},
	"two lengths": {
		respond: says("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}"), class: ClassNetwork,
		says: "Content-Length", tries: 1,
	},
	"chunk of no length": {
		respond: says("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nsome\r\n{}"), class: ClassNetwork, status: 200,
		says: "invalid byte in chunk length", tries: 1,
	},
	"a protocol to switch to": {respond: says(
		"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n",
	), class: ClassMalformed, status: 101, says: "has no body", tries: 1},
	"gzip that is none": {
		respond: ok(goodList, gzipped), class: ClassMalformed, status: 200,
		says: "the response cannot be unpacked: gzip: invalid header", tries: 2,
	},
	"gzip with a wrong checksum": {
		respond: ok(withChecksum(packed(goodList), 7), gzipped), class: ClassMalformed, status: 200,
		says: "the response cannot be unpacked: gzip: invalid checksum", tries: 2,
	},
	"gzip that is broken": {
		respond: ok(packed("")[:10]+"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", gzipped), class: ClassMalformed, status: 200,
		says: "the response cannot be unpacked: flate: corrupt input", tries: 2,
	},
	"gzip that is none, with a 503": {
		respond: says("HTTP/1.1 503 Busy\r\n" + gzipped + "\r\n\r\nplain text and long enough"), class: ClassServer,
		status: 503, says: "HTTP 503", tries: 4,
	},
	"an encoding that was not requested": {
		respond: ok("\x28\xb5\x2f\xfd", "Content-Encoding: zstd"), class: ClassMalformed, status: 200, says: "cannot be read",
		tries: 2,
	},

	// Not JSON, or not of this API.
	"HTML with 200": {
		respond: ok("<html>\r\n<title>\x1b[31mLog in</title>", "Content-Type: text/html"), class: ClassMalformed, status: 200,
		says: "the body begins with: <html> <title>[31mLog in</title>", tries: 2,
	},
	"HTML with 503": {
		respond: says("HTTP/1.1 503 Busy\r\n\r\n<html>Busy</html>"), class: ClassServer, status: 503,
		says: "the body begins with: <html>Busy</html>", tries: 4,
	},
	"UTF-16": {
		respond: ok("\xff\xfe{\x00}\x00"), class: ClassMalformed, status: 200, says: "cannot be read", tries: 2,
	},
	"null": {
		respond: ok("null"), class: ClassMalformed, status: 200, says: "the body begins with: null", tries: 2,
	},
	"a text": {
		respond: ok(`"executions"`), class: ClassMalformed, status: 200, says: "the body has the wrong type, string",
		tries: 2,
	},
	"a list": {
		respond: ok(`[` + goodRow + `]`), class: ClassMalformed, status: 200, says: "the body has the wrong type, array",
		tries: 2,
	},
	"two values": {
		respond: ok(goodList + goodList),
		class:   ClassMalformed,
		status:  200,
		says:    "there is another value after the first one",
		tries:   2,
	},
	"a number too large": {
		respond: ok(`{"total":1e999999,"executions":{},"projects":{}}`), class: ClassMalformed, status: 200,
		says: "has the wrong type, object", tries: 2,
	},
	"an error with 200": {
		respond: ok(`{"error_code":"FSS.0500","error_msg":"busy"}`), class: ClassMalformed, status: 200, tries: 2,
	},
	"a list that is text": {
		respond: ok(`{"executions":"none","projects":"none"}`), class: ClassMalformed, status: 200,
		says: "has the wrong type, string", tries: 2,
	},
}

// unusualResponses are valid although they look unusual.
var unusualResponses = map[string]serverTest{
	"as it should be":        {respond: ok(goodList), want: "e", tries: 1},
	"byte order mark":        {respond: ok("\xef\xbb\xbf" + goodList), want: "e", tries: 1},
	"gzip":                   {respond: ok(packed(goodList), gzipped), want: "e", tries: 1},
	"no length":              {respond: says("HTTP/1.0 200 OK\r\n\r\n" + goodList), want: "e", tries: 1},
	"more than Content-Type": {respond: ok(goodList, "Content-Type: text/html"), want: "e", tries: 1},
	"invalid UTF-8":          {respond: ok(strings.Replace(goodList, `"u"`, "\"u\xff\xfe\"", 1)), want: "e", tries: 1},
	"half a surrogate":       {respond: ok(strings.Replace(goodList, `"u"`, `"u\ud800"`, 1)), want: "e", tries: 1},
	"early hints": {
		respond: says("HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\n\r\n" + goodList),
		want:    "e",
		tries:   1,
	},
	"more than it said": {
		respond: says(
			"HTTP/1.1 200 OK\r\nContent-Length: " + strconv.Itoa(
				len(goodList),
			) + "\r\n\r\n" + goodList + "HTTP/1.1 401 Unauthorized\r\n\r\n",
		),
		want:  "e",
		tries: 1,
	},
	"bytes that come one by one": {respond: func(c net.Conn) {
		for i := range goodList {
			if i == 0 {
				says("HTTP/1.1 200 OK\r\n\r\n")(c)
			}
			says(goodList[i : i+1])(c)
		}
	}, want: "e", tries: 1},
}

// badRows returns lists that must not be read: each field of a row with each wrong
// type, and texts and keys that would make two different values equal.
func badRows() map[string]serverTest {
	tests := map[string]serverTest{}
	for name, test := range map[string]struct{ old, new, says string }{
		"invalid UTF-8 in an ID":       {`"e"`, "\"e\xff\xfe\"", "executions.execution_id is not valid UTF-8"},
		"half a surrogate in an ID":    {`"e"`, `"e\ud800"`, "executions.execution_id is not valid UTF-8"},
		"half a surrogate in a status": {`"success"`, `"success\udfff"`, "executions.status is not valid UTF-8"},
		"half a surrogate in workflow": {`"w"`, `"\udfffw"`, "executions.workflow_id is not valid UTF-8"},
		"two IDs": {
			`"execution_id"`,
			`"execution_id":"d","execution_id"`,
			`the key "execution_id" appears twice`,
		},
		"two IDs, one with escapes": {
			`"execution_id"`,
			`"execution\u005fid":"d","execution_id"`,
			`the key "execution_id" appears twice`,
		},
		"two lists": {
			`{`,
			`{"executions":[{"execution_id":"d","status":"fail"},{"execution_id":"f"}],`,
			`the key "executions" appears twice`,
		},
		"two of an unknown key": {`"w"`, `"w","mode":{"a":1,"a":1}`, `the key "a" appears twice`},
	} {
		list := strings.Replace(goodList, test.old, test.new, 1)
		tests[name] = serverTest{respond: ok(list), class: ClassMalformed, status: 200, says: test.says, tries: 2}
	}
	for _, field := range []string{
		"workflow_id", "workflow_urn", "execution_id", "status", "begin_time", "end_time", "last_update_time", "created_by",
	} {
		for kind, value := range map[string]string{"number": `7`, "bool": `true`, "object": `{"a":1}`, "array": `["a"]`} {
			if field == "created_by" && (kind == "number" || kind == "bool") {
				continue // read as its text
			}
			tests[field+" is of type "+kind] = serverTest{
				respond: ok(`{"executions":[` + goodRow + `,{"` + field + `":` + value + `}]}`),
				class:   ClassMalformed, status: 200, says: "executions." + field + " has the wrong type, " + kind, tries: 2,
			}
		}
	}

	return tests
}

func TestBadResponses(t *testing.T) {
	t.Parallel()

	for name, test := range badResponses {
		if race.Enabled && test.large {
			continue // TestDo_tooLargeABodyIsNotRead reads such a body, and "endless line of header" such a header
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			for of, read := range map[string]func(context.Context, *Client) error{
				"the list": func(ctx context.Context, c *Client) error {
					_, err := listThings(ctx, c)
					return err
				},
				"the lookup": func(ctx context.Context, c *Client) error { return lookUp(ctx, c, "other-region") },
			} {
				t.Run(of, func(t *testing.T) {
					t.Parallel()
					test.check(t, read)
				})
			}
		})
	}
}

func TestBadResponses_rows(t *testing.T) {
	t.Parallel()

	tests := badRows()
	maps.Copy(tests, unusualResponses)
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.check(t, func(ctx context.Context, c *Client) error {
				rows, err := listThings(ctx, c)
				if err != nil {
					return err
				}
				if len(rows) != 1 || rows[0].ExecutionID != test.want || rows[0].Status != "success" || rows[0].CreatedBy != "c" {
					t.Errorf("got %+v, want the execution %s alone", rows, test.want)
				}
				return nil
			})
		})
	}
}

// check reads from the server and compares the outcome with the expected one.
func (s serverTest) check(t *testing.T, read func(context.Context, *Client) error) {
	t.Helper()

	seen, leave := context.WithCancel(context.Background())
	defer leave()
	server := startWire(t, func(conn net.Conn) {
		if s.impatient {
			time.AfterFunc(20*time.Millisecond, leave) // after the response has begun, if it ever does
		}
		s.respond(conn)
	})
	transport := newTransport(Config{}, nil)
	transport.Proxy = nil
	var tooLong atomic.Bool // a lookup's tries may be observed after its reader has left
	c := newTestClient(t, transport, maxRetries(3), func(cfg *Config) {
		cfg.Endpoints = map[string]string{"fgs": "http://" + server.address, "iam": "http://" + server.address}
		cfg.ProjectID = "p1"
		cfg.Observe = func(_ context.Context, a Attempt) {
			if len(a.Body) > maxBody+1 {
				tooLong.Store(true)
			}
		}
	})
	c.retry.jitter = func(time.Duration) time.Duration { return 0 }

	var err error
	leavesNothing(t, transport, func(ctx context.Context) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		defer context.AfterFunc(seen, cancel)()
		err = read(ctx, c)
	})

	if n := int(server.requests.Load()); n != s.tries {
		t.Errorf("%d requests, want %d: %v", n, s.tries, err)
	}
	if tooLong.Load() {
		t.Error("too much of a body was kept")
	}
	if sent := server.sent.Load(); s.bytes > 0 && sent > s.bytes*int64(s.tries) {
		t.Errorf("the server sent %d bytes, want at most %d", sent, s.bytes*int64(s.tries))
	}
	if s.class == 0 {
		if err != nil {
			t.Errorf("got %v", err)
		}
		return
	}
	failed := wantClass(t, err, s.class)
	if failed.Status != s.status && s.status != anyStatus || !strings.Contains(err.Error(), s.says) {
		t.Errorf("got HTTP %d: %v\nwant HTTP %d with %q", failed.Status, err, s.status, s.says)
	}
	wantHarmless(t, err)
}

// within bounds a context, unless timeout is 0.
func within(ctx context.Context, timeout time.Duration) (context.Context, context.CancelFunc) {
	if timeout == 0 {
		return context.WithCancel(ctx)
	}

	return context.WithTimeout(ctx, timeout)
}

// wantHarmless checks that the text of an error is printable, short and without
// secrets.
func wantHarmless(t *testing.T, err error) {
	t.Helper()

	text := err.Error()
	if !utf8.ValidString(text) || strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }) {
		t.Errorf("not printable: %q", text)
	}
	if n := utf8.RuneCountInString(text); n > 3*maxMessage {
		t.Errorf("%d characters", n)
	}
	if strings.Contains(text, testKeys.SecretKey) {
		t.Error("it contains the secret key")
	}
}

// leavesNothing checks that no goroutine outlives do. A label, which goroutines
// inherit, distinguishes them from those of other tests.
func leavesNothing(t *testing.T, transport *http.Transport, do func(context.Context)) {
	t.Helper()

	label := fmt.Sprintf("%s %p", t.Name(), t)
	pprof.Do(t.Context(), pprof.Labels("read", label), do)
	transport.CloseIdleConnections()
	left := func() string {
		var profile bytes.Buffer
		_ = pprof.Lookup("goroutine").WriteTo(&profile, 1)
		for goroutine := range strings.SplitSeq(profile.String(), "\n\n") {
			if strings.Contains(goroutine, strconv.Quote(label)) {
				return goroutine
			}
		}
		return ""
	}
	// Real sockets are closed asynchronously.
	for deadline := time.Now().Add(5 * time.Second); left() != ""; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("left behind:\n%s", left())
		}
	}
}

// slowly sends one byte every 10 ms.
func slowly(text string) func(net.Conn) {
	return func(conn net.Conn) {
		ticker := time.NewTicker(10 * time.Millisecond)
		defer ticker.Stop()
		for i := range text {
			if _, err := io.WriteString(conn, text[i:i+1]); err != nil {
				return
			}
			<-ticker.C
		}
	}
}

// withChecksum puts another checksum into a gzip text.
func withChecksum(text string, sum uint32) string {
	b := []byte(text)
	binary.LittleEndian.PutUint32(b[len(b)-8:], sum^crc32.IEEETable[1])

	return string(b)
}

// However much a server sends, a read takes at most 100 MB.
func TestBadResponses_memory(t *testing.T) { //nolint:paralleltest // it measures the memory of the whole process
	if race.Enabled {
		t.Skip("the race detector takes memory of its own")
	}
	for name, respond := range map[string]func(net.Conn){ //nolint:paralleltest // as above
		"endless body": endless("HTTP/1.1 200 OK\r\n\r\n", " "),
		"1 GiB":        endless("HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n", " "),
		"gzip bomb":    ok(gzipBomb(), gzipped),
		"gzip of rows": ok(packed(`{"executions":[`+strings.Repeat(`{},`, maxBody/3)), gzipped),
	} {
		t.Run(name, func(t *testing.T) {
			server := startWire(t, respond)
			transport := newTransport(Config{}, nil)
			transport.Proxy = nil
			c := newTestClient(t, transport, maxRetries(0))
			var err error
			took := allocates(func() {
				_, err = c.send(t.Context(), testRequest("http://"+server.address), func(r *Response) error {
					_, err := decodeThings(r)
					return err
				})
			})
			transport.CloseIdleConnections()
			wantClass(t, err, ClassMalformed)
			if took > 100e6 {
				t.Errorf("%d MB were allocated", took/1e6)
			} else {
				t.Logf("%d MB were allocated", took/1e6)
			}
		})
	}
}
