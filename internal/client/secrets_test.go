package client

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/race"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/simulator"
)

// testSecret has both digits in which the alphabets of base64 differ, in base64
// and itself.
const testSecret = "Kq9/zT-4w_X7>>>???Lr5+Yb2=Vd8~Ns"

// between puts a text between the characters of another one.
func between(text, put string) string { return strings.Join(strings.Split(text, ""), put) }

// eachByte writes every byte of a text by the format.
func eachByte(format, text string) string {
	var b strings.Builder
	for i := range len(text) {
		fmt.Fprintf(&b, format, text[i])
	}

	return b.String()
}

// lines breaks a text as MIME does.
func lines(text string) string {
	var b strings.Builder
	for len(text) > 20 {
		b.WriteString(text[:20] + "\r\n ")
		text = text[20:]
	}

	return b.String() + text
}

// A secret is hidden in every form in which a service may write it.
func TestSecrets_forms(t *testing.T) {
	t.Parallel()

	around := func(before string) []byte { return []byte(before + testSecret + "} and more") }
	forms := map[string]string{
		"itself":                 testSecret,
		"upper case":             strings.ToUpper(testSecret),
		"lower case":             strings.ToLower(testSecret),
		"zero-width spaces":      between(testSecret, "\u200b"),
		"soft hyphens":           between(testSecret, "\u00ad"),
		"byte order marks":       between(testSecret, "\ufeff"),
		"joiners":                between(testSecret, "\u2060"),
		"NULs":                   between(testSecret, "\x00"),
		"terminal codes":         testSecret[:9] + "\x1b\x07" + testSecret[9:],
		"invalid UTF-8":          between(testSecret, "\xff"),
		"combining marks":        between(testSecret, "\u0301"),
		"variation selectors":    between(testSecret, "\ufe0f"),
		"blank letters":          between(testSecret, "\u3164"),
		"blank braille":          between(testSecret, "\u2800"),
		"spaces":                 between(testSecret, " "),
		"line fold":              testSecret[:9] + "\r\n " + testSecret[9:],
		"Unicode line separator": testSecret[:9] + "\u2028" + testSecret[9:],
		"escaped line fold":      testSecret[:9] + `\r\n\t` + testSecret[9:],
		"escaped zero-width":     between(testSecret, `\u200b`),
		"URL-escaped zero-width": between(testSecret, "%E2%80%8B"),
		"zero-width of HTML":     between(testSecret, "&#8203;"),
		"soft hyphens of HTML":   between(testSecret, "&shy;"),
		"JSON":                   eachByte(`\u%04x`, testSecret),
		"JSON, in lines":         lines(eachByte(`\u%04X`, testSecret)),
		"JSON in JSON":           eachByte(`\\u%04x`, testSecret),
		"JSON in JSON in JSON":   eachByte(`\\\\u%04x`, testSecret),
		"C":                      eachByte(`\x%02x`, testSecret),
		"C, upper case":          eachByte(`\x%02X`, testSecret),
		"C in JSON":              eachByte(`\\x%02x`, testSecret),
		"URL":                    url.QueryEscape(testSecret),
		"URL, every byte":        eachByte("%%%02x", testSecret),
		"URL in URL":             url.QueryEscape(url.QueryEscape(testSecret)),
		"HTML":                   html.EscapeString(testSecret),
		"HTML, every byte":       eachByte("&#%d;", testSecret),
		"HTML, hex":              eachByte("&#x%02x;", testSecret),
		"URL in HTML":            html.EscapeString(url.QueryEscape(testSecret)),
		"hex":                    hex.EncodeToString([]byte(testSecret)),
		"hex, upper case":        strings.ToUpper(hex.EncodeToString([]byte(testSecret))),
		"hex with spaces":        eachByte("%02x ", testSecret),
		"hex in a text":          hex.EncodeToString(around("{")),
		"hex, in lines":          lines(hex.EncodeToString(around("{"))),
		"base64, escaped":        eachByte(`\u%04x`, base64.StdEncoding.EncodeToString([]byte(testSecret))),
		"the beginning":          testSecret[:20] + "…",
		"beginning in hex":       hex.EncodeToString([]byte(testSecret[:20])),
		"beginning in base64":    base64.StdEncoding.EncodeToString([]byte(testSecret[:20])),
		"itself twice":           testSecret + testSecret,
	}
	for name, encoding := range map[string]*base64.Encoding{
		"base64": base64.StdEncoding, "base64 without padding": base64.RawStdEncoding, "base64url": base64.URLEncoding,
	} {
		for _, before := range []string{"", "x", "xy", "xyz", "user:"} {
			text := encoding.EncodeToString(around(before))
			forms[name+" after "+before] = text
			forms[name+" after "+before+", in lines"] = lines(text)
			forms[name+" after "+before+", in a URL"] = url.QueryEscape(text)
		}
	}
	for name, form := range forms {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := &secrets{}
			s.add(testSecret, hidden, true)
			got := s.shown("it is "+form+" as sent", maxMessage)
			if !strings.HasPrefix(got, "it is ") || !strings.HasSuffix(got, " as sent") || !strings.Contains(got, hidden) {
				t.Errorf("got %q", got)
			}
			// Digits of base64 may be left that encode the text around the secret.
			for i := range len(form) - 10 {
				if left := form[i : i+10]; strings.Contains(got, left) && partOfSecret(left) {
					t.Fatalf("%q is left in %q", left, got)
				}
			}
			if !s.in(form) {
				t.Error("it may get into the state")
			}
		})
	}
}

// partOfSecret reports whether a text comes from testSecret alone, in base64.
func partOfSecret(text string) bool {
	for _, form := range append(encoded(testSecret), testSecret) {
		if strings.Contains(fold(form), fold(text)) {
			return true
		}
	}

	return false
}

// Texts without a secret do not change.
func TestSecrets_nothingHidden(t *testing.T) {
	t.Parallel()

	r := &request{}
	sent := &http.Request{Header: http.Header{"Authorization": {
		"SDK-HMAC-SHA256 Access=AKIDEXAMPLE0001, SignedHeaders=host;x-sdk-date, Signature=" + strings.Repeat("0a1b2c3d", 8),
	}}}
	creds := Credentials{AccessKey: "AKIDEXAMPLE0001", SecretKey: testSecret, SecurityToken: "MTIzNDU2Nzg5MDEyMzQ1Njc4"}
	s := r.secretsOf(sent, creds, nil)
	for _, text := range []string{
		"the algorithm must be SDK-HMAC-SHA256 ",
		"SDK-HMAC-SHA256 Access=, SignedHeaders=host;x-sdk-date, Signature=",
		`{"executions":[{"execution_id":"48aff955-ea10-4ffd-b426-190bc192dc14","begin_time":"2021-01-01T00:00:00Z"}]}`,
		"函数流不存在。 100% of \\path &amp; so on \\u0041",
		testSecret[:15], // what begins alike
		"", "a",
	} {
		if got, want := s.shown(text, maxMessage), strings.TrimSpace(text); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
		if s.in(text) {
			t.Errorf("%q is refused", text)
		}
	}
	for _, none := range []*secrets{nil, {}} {
		if none.in(testSecret) || none.shown(testSecret, 99) != testSecret || none.shown("a\x00b", 5) != "ab" {
			t.Error("without secrets something is hidden")
		}
	}
}

// Short secrets are hidden in texts, but may be in a value by chance.
func TestSecrets_inRows(t *testing.T) {
	t.Parallel()

	s := (&request{}).secretsOf(&http.Request{}, Credentials{}, url.UserPassword("administrator", "success"))
	for text, refused := range map[string]bool{"success": false, "administrator": false, "administrator:success": true} {
		if got := s.in(text); got != refused {
			t.Errorf("%q: refused %t, want %t", text, got, refused)
		}
		if got := s.shown(text, 100); strings.Contains(got, "ss") || strings.Contains(got, "min") {
			t.Errorf("%q is shown as %q", text, got)
		}
	}
}

// A secret is hidden wherever a text is truncated, even if an encoding makes it
// longer.
func TestSecrets_truncatedForms(t *testing.T) {
	t.Parallel()

	const most = 300
	s := &secrets{}
	s.add(testSecret, hidden, true)
	forms := []string{
		between(testSecret, "\u200b"), between(testSecret, strings.Repeat("\x00", 50)),
		between(testSecret, strings.Repeat(" \n", 20)),
		eachByte(`\\\\u%04x`, testSecret), eachByte(`\u%04x `, testSecret), eachByte("&#0000000000%d;", testSecret),
	}
	for _, form := range forms {
		for place := 0; place < 2*most; place += race.Choose(1, 7) {
			got := s.beginningOf([]byte(strings.Repeat("x", place)+form+strings.Repeat("y", 3*most)), most, most)
			for i := range len(testSecret) - 2 {
				left := testSecret[i : i+3]
				for _, part := range []string{left, between(left, " "), eachByte(`\\\\u%04x`, left[:2])} {
					if strings.Contains(got, part) {
						t.Fatalf("%.40q, %d in: %q is shown", form, place, got[max(0, len(got)-60):])
					}
				}
			}
		}
	}
}

func TestSecrets_beginning(t *testing.T) {
	t.Parallel()
	most := strings.Repeat("x", 4096)
	var none *secrets
	if got := string(none.beginning([]byte(most))); got != most {
		t.Errorf("got %d bytes, want the whole body", len(got))
	}
	if got := string(none.beginning([]byte(most + "x"))); got != most+"…" {
		t.Errorf("got %d bytes that end in %q, want a bound and an ellipsis", len(got), got[len(got)-3:])
	}
}

// The cost of the search for secrets grows neither with repetitions in a body nor
// with its length.
func TestSecrets_cost(t *testing.T) { //nolint:paralleltest // it measures the memory of the whole process
	if race.Enabled {
		t.Skip("the race detector takes memory of its own")
	}
	s := &secrets{}
	s.add(strings.Repeat("Q7", 8<<10), hidden, true)
	s.add(testSecret, hidden, true)
	for name, text := range map[string]string{ //nolint:paralleltest // as above
		"beginnings":  strings.Repeat(testSecret[:17]+" ", maxBody/18),
		"the secret":  strings.Repeat("Q7", maxBody/2),
		"escapes":     strings.Repeat(`\\\\u0051`, maxBody/9),
		"entities":    strings.Repeat("&amp;", maxBody/5),
		"ampersands":  strings.Repeat("&", maxBody),
		"percents":    strings.Repeat("%25", maxBody/3),
		"backslashes": strings.Repeat(`\`, maxBody),
		"NULs":        strings.Repeat("\x00", maxBody),
	} {
		t.Run(name, func(t *testing.T) {
			body := []byte(text)
			allocated := allocates(func() {
				s.beginning(body)
				s.snippet(body)
			})
			if allocated > 20<<20 {
				t.Errorf("%d MiB were allocated", allocated>>20)
			}
		})
	}
}

// For plain http through a proxy, net/http adds a header that the request does
// not have. A response of the proxy that repeats it is hidden.
func TestDo_proxyAuthorization(t *testing.T) {
	t.Parallel()

	const name, password = "corp-user@x", "pa:ss word/1%?"
	for how, respond := range map[string]func(w http.ResponseWriter, sent string){
		"error": func(w http.ResponseWriter, sent string) {
			w.WriteHeader(http.StatusForbidden)
			_, _ = io.WriteString(w, sent)
		},
		"success": func(w http.ResponseWriter, sent string) { _, _ = io.WriteString(w, sent) },
		"in a code": func(w http.ResponseWriter, sent string) {
			w.WriteHeader(400)
			_, _ = fmt.Fprintf(w, `{"error_code":%q}`, sent)
		},
		"in a row": func(w http.ResponseWriter, sent string) {
			_, _ = fmt.Fprintf(w, `{"executions":[{"created_by":%q}]}`, sent)
		},
		"in a header": func(w http.ResponseWriter, sent string) {
			w.Header().Set("X-Request-Id", strings.ReplaceAll(sent, "\n", " "))
			w.WriteHeader(http.StatusNotFound)
		},
	} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()

			var passed bool
			proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				user, pass, _ := (&http.Request{Header: http.Header{"Authorization": r.Header["Proxy-Authorization"]}}).BasicAuth()
				passed = user == name && pass == password
				respond(w, strings.Join([]string{
					r.Header.Get("Proxy-Authorization"), user, pass, url.UserPassword(user, pass).String(), url.QueryEscape(pass),
					url.PathEscape(user), hex.EncodeToString([]byte(pass)), base64.StdEncoding.EncodeToString([]byte("x" + pass)),
				}, "\n"))
			}))
			t.Cleanup(proxy.Close)
			through, err := url.Parse(proxy.URL)
			if err != nil {
				t.Fatal(err)
			}
			through.User = url.UserPassword(name, password)
			transport := newTransport(Config{}, http.ProxyURL(through))
			t.Cleanup(transport.CloseIdleConnections)
			var written strings.Builder
			c := newTestClient(t, transport, maxRetries(0), func(cfg *Config) {
				cfg.Endpoints, cfg.ProjectID = map[string]string{"fgs": "http://service.example"}, "p1"
				cfg.Observe = func(_ context.Context, a Attempt) { written.WriteString(string(a.Body) + a.RequestID) }
			})
			_, err = listThings(t.Context(), c)
			if err == nil || !passed {
				t.Fatalf("got %v; the header came: %t", err, passed)
			}
			written.WriteString(err.Error())
			for _, secret := range []string{
				name, password, url.PathEscape(password), url.QueryEscape(password), "pa%3Ass",
				"corp-user%40x", hex.EncodeToString([]byte(password)),
				base64.StdEncoding.EncodeToString([]byte(name + ":" + password))[:16],
				base64.StdEncoding.EncodeToString([]byte("x" + password))[2:14],
			} {
				if strings.Contains(written.String(), secret) {
					t.Errorf("%s is shown: %s", secret, written.String())
				}
			}
			if !strings.Contains(written.String(), hidden) {
				t.Errorf("nothing was hidden: %s", written.String())
			}
		})
	}
}

// A value that repeats a secret would get into the state.
func TestGet_secretsInRows(t *testing.T) {
	t.Parallel()

	keys := Credentials{AccessKey: "AKIDEXAMPLE0001", SecretKey: testSecret, SecurityToken: strings.Repeat("tOkEn/", 200)}
	fields := []string{
		"workflow_id", "workflow_urn", "execution_id", "status", "begin_time", "end_time", "last_update_time", "created_by",
	}
	for _, field := range fields {
		for name, secret := range map[string]func(r *http.Request) string{
			"access key":     func(*http.Request) string { return keys.AccessKey },
			"secret key":     func(*http.Request) string { return "x" + keys.SecretKey },
			"security token": func(r *http.Request) string { return r.Header.Get("X-Security-Token") },
			"a part":         func(r *http.Request) string { return r.Header.Get("X-Security-Token")[:20] + "..." },
			"signature":      func(r *http.Request) string { return r.Header.Get("Authorization") },
			"base64": func(*http.Request) string {
				return base64.StdEncoding.EncodeToString([]byte("k=" + keys.SecretKey))
			},
			"invisible": func(*http.Request) string { return between(keys.SecretKey, "\u200b") },
		} {
			t.Run(field+", "+name, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					s := &service{respond: func(_ int, r *http.Request) reply {
						return reply{status: 200, body: fmt.Sprintf(`{"executions":[{"status":"fail"},{%q:%q}]}`, field, secret(r))}
					}}
					c := newTestClient(t, s, func(cfg *Config) { cfg.Credentials, cfg.ProjectID = keys, "p1" })
					rows, err := listThings(t.Context(), c)
					failed := wantClass(t, err, ClassMalformed)
					want := "executions." + field + " repeats a secret of the request; "
					if !strings.HasPrefix(failed.Message, want) || rows != nil {
						t.Errorf("got %v and %s\nwant %s", rows, failed.Message, want)
					}
					if s.sent() != 2 {
						t.Errorf("%d requests, want 2", s.sent())
					}
				})
			})
		}
	}
}

// IAM's response gets into paths, logs and errors.
func TestProjectID_secret(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := replying(reply{status: 200, body: `{"projects":[{"id":"` + testSecret + `","name":"cn-north-4"}]}`})
		c := newTestClient(t, s, func(cfg *Config) { cfg.Credentials = Credentials{Token: testSecret} })
		_, err := projectOf(t.Context(), c, "")
		failed := wantClass(t, err, ClassMalformed)
		const want = `projects.id repeats a secret of the request; the body begins with: {"projects":[{"id":"****"`
		if !strings.HasPrefix(failed.Message, want) {
			t.Errorf("got %s", failed.Message)
		}
	})
}

// A session hides what any of its requests sent.
func TestSession_Hide(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var before string
		s := &service{respond: func(n int, r *http.Request) reply {
			if n == 1 {
				_, before, _ = strings.Cut(r.Header.Get("Authorization"), "Signature=")
				return reply{status: 503}
			}
			return reply{status: 200, body: `{}`}
		}}
		c := newTestClient(t, s, func(cfg *Config) { cfg.ProjectID = "p1" })
		session, err := c.Session(t.Context(), "")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Get(t.Context(), session, Request{Operation: operationTest}, decodeThings); err != nil {
			t.Fatal(err)
		}
		if got, want := session.Hide("execution e\u200b1 of "+before), "execution e1 of ****"; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	})
}

// FuzzSecrets hides a secret in any surroundings.
func FuzzSecrets(f *testing.F) {
	f.Add("before ", " after", "\u200b", uint8(0))
	f.Add(`\`, "%", "&shy;", uint8(1))
	f.Add("&#", ";", "\n", uint8(2))
	f.Add("\xe2\x80", "\x8b", "\xff", uint8(3))
	s := &secrets{}
	s.add(testSecret, hidden, true)
	f.Fuzz(func(t *testing.T, before, after, invisible string, form uint8) {
		invisible = strings.Map(func(r rune) rune {
			if _, ok := folded(r); ok {
				return -1
			}
			return r
		}, invisible)
		if len(before)+len(after)+len(invisible) > 1000 {
			return
		}
		text := testSecret
		switch form % 4 {
		case 1:
			text = hex.EncodeToString([]byte(text))
		case 2:
			text = base64.StdEncoding.EncodeToString([]byte("x" + text))[2:42]
		case 3:
			text = eachByte(`\u%04x`, text)
		}
		got := s.shown(before+between(text, invisible)+after, 1<<20)
		squeezed := fold(got)
		if strings.Contains(squeezed, fold(text)) || strings.Contains(squeezed, fold(testSecret)) {
			t.Errorf("it is shown: %q", got)
		}
	})
}

func BenchmarkSecrets(b *testing.B) {
	page := bytes.Repeat([]byte(goodRow+","), 200)
	r := &request{}
	authorization := "SDK-HMAC-SHA256 Access=x, Signature=" + strings.Repeat("0a1b2c3d", 8)
	sent := &http.Request{Header: http.Header{"Authorization": {authorization}}}
	creds := Credentials{AccessKey: simulator.DefaultAccessKey, SecretKey: simulator.DefaultSecretKey}
	start := time.Now()
	for b.Loop() {
		r.secretsOf(sent, creds, nil).beginning(page)
	}
	b.ReportMetric(float64(time.Since(start).Microseconds())/float64(b.N), "us/page")
}
