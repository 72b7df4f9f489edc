package client

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

// said has the fields of an error response.
type said struct{ Code, Message, RequestID, Encoded string }

func TestReadErrorBody(t *testing.T) {
	t.Parallel()

	tests := map[string]struct {
		body string
		want said
	}{
		"FunctionGraph": {
			`{"error_code":"FSS.0404","error_msg":"not found"}`,
			said{Code: "FSS.0404", Message: "not found"},
		},
		"gateway": {
			`{"error_msg":"verify aksk signature fail","error_code":"APIGW.0301","request_id":"r1"}`,
			said{Code: "APIGW.0301", Message: "verify aksk signature fail", RequestID: "r1"},
		},
		"IAM v3": {
			`{"error":{"code":401,"message":"The request you have made requires authentication.","title":"Unauthorized"}}`,
			said{Code: "401", Message: "The request you have made requires authentication."},
		},
		"IAM v3.0":               {`{"error_code":"IAM.0001","error_msg":"bad"}`, said{Code: "IAM.0001", Message: "bad"}},
		"IAM v3.0 bare number":   {`{"error_code":1100,"error_msg":"bad"}`, said{Code: "1100", Message: "bad"}},
		"IAM v3.0 number quoted": {`{"error_code":"1100","error_msg":"bad"}`, said{Code: "1100", Message: "bad"}},
		"STS": {
			`{"error_code":"STS5.1001","error_msg":"denied","encoded_authorization_message":"XyZ"}`,
			said{Code: "STS5.1001", Message: "denied", Encoded: "XyZ"},
		},
		"newer services": {
			`{"code":"PAP5.0001","message":"denied","request_id":"r2","details":[{"error_code":"X.1","error_msg":"inner"}],` +
				`"encoded_authorization_message":"XyZ"}`,
			said{Code: "PAP5.0001", Message: "denied", RequestID: "r2", Encoded: "XyZ"},
		},
		"only in details": {
			`{"details":[{},{"error_code":"X.1","error_msg":"inner"},{"error_code":"X.2","error_msg":"another"}]}`,
			said{Code: "X.1", Message: "inner"},
		},
		"AOM": {
			`{"error_code":"AOM.1","error_message":"no","http_code":"401"}`, said{Code: "AOM.1", Message: "no"},
		},
		"error_code beats code": {
			`{"code":"a","message":"b","error_code":"c","error_msg":"d"}`, said{Code: "c", Message: "d"},
		},
		"null fields": {
			`{"error_code":null,"code":"a","error_msg":null,"message":"b"}`, said{Code: "a", Message: "b"},
		},
		"empty fields": {
			`{"error_code":"","code":"a","error_msg":"","message":"b"}`, said{Code: "a", Message: "b"},
		},
		"outer and nested": {
			`{"error_msg":"outer","error":{"code":"X.1","message":"inner"}}`, said{Code: "X.1", Message: "outer"},
		},
		"nested in details": {
			`{"error":{"details":[{"error_code":"X.1"}],"message":"m"}}`, said{Code: "X.1", Message: "m"},
		},
		"code alone":     {`{"error_code":"X.1"}`, said{Code: "X.1"}},
		"text alone":     {`{"error_msg":"m"}`, said{Message: "m"}},
		"number as text": {`{"error_msg":12.50}`, said{Message: "12.50"}},
		"Chinese": {
			`{"error_code":"FSS.0404","error_msg":"函数流不存在。"}`, said{Code: "FSS.0404", Message: "函数流不存在。"},
		},
		"escaped Chinese": {`{"error_msg":"\u51fd\u6570"}`, said{Message: "函数"}},
		"lines":           {`{"error_msg":"one\n\ttwo\u2028three\u00a0 four"}`, said{Message: "one two three four"}},
		"terminal escapes": {
			`{"error_msg":"\u001b[31mred\u001b]0;title\u0007","error_code":"X\u001b[2J"}`,
			said{Code: "X[2J", Message: "[31mred]0;title"},
		},
		"C1 controls":             {`{"error_msg":"a\u009b31mb\u0000c\u007fd"}`, said{Message: "a31mbcd"}},
		"direction of writing":    {`{"error_msg":"a\u202eb\u200bc\ufeffd"}`, said{Message: "abcd"}},
		"invalid UTF-8":           {"{\"error_msg\":\"a\xff\xfeb\"}", said{Message: "ab"}},
		"half a surrogate":        {`{"error_msg":"a\ud800b"}`, said{Message: "ab"}},
		"byte order mark":         {"\xef\xbb\xbf" + `{"error_code":"X.1","error_msg":"m"}`, said{Code: "X.1", Message: "m"}},
		"space around":            {" \r\n" + `{"error_code":"X.1","error_msg":"m"}` + "\n", said{Code: "X.1", Message: "m"}},
		"request ID with escapes": {`{"error_msg":"m","request_id":"r\u001b[1m"}`, said{Message: "m", RequestID: "r[1m"}},

		// Not understood: shown.
		"nothing known": {`{"fault":"x"}`, said{Message: `the body begins with: {"fault":"x"}`}},
		"only an ID": {
			`{"request_id":"r1"}`, said{Message: `the body begins with: {"request_id":"r1"}`, RequestID: "r1"},
		},
		"error as text": {
			`{"error":"invalid_request"}`, said{Message: `the body begins with: {"error":"invalid_request"}`},
		},
		"other types": {
			`{"error_code":{},"error_msg":[1],"details":{}}`,
			said{Message: `the body begins with: {"error_code":{},"error_msg":[1],"details":{}}`},
		},
		"array": {`[1]`, said{Message: `the body begins with: [1]`}},
		"text":  {"upstream connect error", said{Message: "the body begins with: upstream connect error"}},
		"HTML": {
			"<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n",
			said{Message: "the body begins with: <html> <head><title>502 Bad Gateway</title></head>"},
		},
		"incomplete JSON":  {`{"error_msg":"m`, said{Message: `the body begins with: {"error_msg":"m`}},
		"binary":           {"\x1f\x8b\x08\x00abc", said{Message: "the body begins with: abc"}},
		"space, then text": {strings.Repeat("\n", 5000) + "text", said{Message: "the body begins with: text"}},
		"empty":            {"", said{Message: "the response has no body"}},
		"space":            {" \r\n", said{Message: "the response has no body"}},
		"only controls":    {"\x00\x1b\x07", said{Message: "the body holds no text"}},
		"null":             {"null", said{Message: "the body begins with: null"}},
		"empty object":     {"{}", said{Message: "the body begins with: {}"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			var e APIError
			e.readErrorBody([]byte(test.body), nil)
			if diff := cmp.Diff(test.want, said{e.Code, e.Message, e.RequestID, e.EncodedMessage}); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestReadErrorBody_longTextsAreCut(t *testing.T) {
	t.Parallel()

	long := strings.Repeat("函", 30000)
	digits := strings.Repeat("1", 30000)
	tests := map[string]struct {
		body string
		got  func(*APIError) string
		want string
	}{
		"message": {
			`{"error_msg":"` + long + `"}`, func(e *APIError) string { return e.Message }, long[:3*1000] + "…",
		},
		"code": {
			`{"error_code":"` + long + `"}`, func(e *APIError) string { return e.Code }, long[:3*1000] + "…",
		},
		"number": {
			`{"error_code":` + digits + `}`, func(e *APIError) string { return e.Code }, digits[:1000] + "…",
		},
		"request ID": {
			`{"request_id":"` + long + `"}`, func(e *APIError) string { return e.RequestID }, long[:3*1000] + "…",
		},
		"encoded": {
			`{"encoded_authorization_message":"` + digits + `"}`, func(e *APIError) string { return e.EncodedMessage },
			digits[:20000] + "…",
		},
		"snippet": {
			long, func(e *APIError) string { return e.Message }, "the body begins with: " + long[:3*200] + "…",
		},
		"just not too long": {
			`{"error_msg":"` + long[:3*1000] + `"}`, func(e *APIError) string { return e.Message }, long[:3*1000],
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			var e APIError
			e.readErrorBody([]byte(test.body), nil)
			if got := test.got(&e); got != test.want {
				t.Errorf("%d bytes, want %d", len(got), len(test.want))
			}
		})
	}
}

// Every level is parsed once more than the one around it: a malicious body must
// not make thousands of them.
func TestReadErrorBody_nesting(t *testing.T) {
	t.Parallel()

	nested := func(depth int) []byte {
		return []byte(strings.Repeat(`{"error":`, depth) + `{"code":"X.1"}` + strings.Repeat("}", depth))
	}
	for depth, want := range map[int]string{0: "X.1", 1: "X.1", 3: "X.1", 4: "", 9000: ""} {
		var e APIError
		e.readErrorBody(nested(depth), nil)
		if e.Code != want {
			t.Errorf("depth %d: code %q, want %q", depth, e.Code, want)
		}
	}
}

func FuzzErrorBody(f *testing.F) {
	for _, seed := range []string{
		`{"error_msg":"m","error_code":"APIGW.0301","request_id":"r"}`,
		`{"error":{"code":401,"message":"m"}}`,
		`{"code":"c","message":"m","details":[{"error_code":"X.1","error_msg":"inner"}],` +
			`"encoded_authorization_message":"e"}`,
		`{"error_code":1e99,"error":null,"details":null}`,
		"<html>\x1b[31m函\xff", "\xef\xbb\xbf{}", "",
		`{"error_msg":"` + testSecret + `","error_code":"` + eachByte(
			`\u%04x`, testSecret,
		) + `","error":{"code":"a","code":"b"}}`,
		testSecret[:20] + "\n" + testSecret[20:],
	} {
		f.Add([]byte(seed))
	}
	s := &secrets{}
	s.add(testSecret, hidden, true)
	f.Fuzz(func(t *testing.T, body []byte) {
		var e APIError
		e.readErrorBody(body, s)
		if e.Message == "" && e.Code == "" {
			t.Fatal("says nothing")
		}
		if strings.Contains(fold(e.Code+" "+e.Message+" "+e.RequestID+" "+e.EncodedMessage), fold(testSecret)) {
			t.Fatal("a secret is shown")
		}
		for text, limit := range map[string]int{
			e.Code: maxMessage, e.Message: maxMessage, e.RequestID: maxMessage, e.EncodedMessage: maxEncodedMessage,
		} {
			if !utf8.ValidString(text) || strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }) {
				t.Fatalf("not printable: %q", text)
			}
			if n := utf8.RuneCountInString(text); n > limit+1 {
				t.Fatalf("%d characters, want at most %d", n, limit)
			}
		}
		if line := e.Error(); strings.ContainsAny(line, "\r\n\x1b") {
			t.Fatalf("more than a line: %q", line)
		}
	})
}

// The cost of an error body does not grow with the product of its parts. Without a
// bound this test takes hours.
func TestReadErrorBody_large(t *testing.T) {
	t.Parallel()

	s := &secrets{}
	s.add("a secret", hidden, true)
	long := strings.Repeat("m", 900<<10)
	tests := map[string]struct{ body, want string }{
		"many details": {`{"error_msg":"` + long + `","details":[` + strings.Repeat("{},", 30_000) + `{}]}`, "mmm"},
		"beyond all": {
			`{"error_msg":"` + strings.Repeat("m", 8<<20) + `","details":[` + strings.Repeat("{},", 2_000_000) + `{}]}`,
			`the body begins with: {"error_msg":"mmm`,
		},
		"escapes": {`{"error_msg":"` + strings.Repeat("%41", 300<<10) + `"}`, "%41%41"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			var e APIError
			e.readErrorBody([]byte(test.body), s)
			if !strings.HasPrefix(e.Message, test.want) || len(e.Message) > maxMessage+len("…") {
				t.Errorf("got %.100s", e.Message)
			}
		})
	}
}
