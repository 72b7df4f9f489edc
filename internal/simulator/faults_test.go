package simulator

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// onBothWays runs a test over a socket and in process, because faults must look
// the same.
func onBothWays(t *testing.T, test func(*testing.T, *Cloud, *client)) {
	t.Helper()
	t.Run("socket", func(t *testing.T) {
		t.Parallel()
		srv := Start(t, Config{Now: fixedClock})
		srv.AddWorkflow(testWorkflow, numbered(3)...)
		transport := &http.Transport{}
		t.Cleanup(transport.CloseIdleConnections)
		test(t, srv.Cloud, &client{transport, srv.URL + "/base", DefaultAccessKey, DefaultSecretKey, "", fixedClock})
	})
	t.Run("in process", func(t *testing.T) {
		t.Parallel()
		c := newCloud(3, Behaviour{})
		test(t, c, inProcess(c))
	})
}

// fetch reads a response, or returns the error of the transport.
func fetch(ctx context.Context, cl *client, path string) (status int, header http.Header, body string, err error) {
	resp, err := cl.RoundTrip(cl.request(ctx, path))
	if err != nil {
		return 0, nil, "", err
	}
	b, err := io.ReadAll(resp.Body)

	return resp.StatusCode, resp.Header, string(b), errors.Join(err, resp.Body.Close())
}

func TestFault_reset(t *testing.T) {
	t.Parallel()
	onBothWays(t, func(t *testing.T, c *Cloud, cl *client) {
		c.Script(Fault{Reset: true})
		if _, _, _, err := fetch(t.Context(), cl, "/v3/projects"); !errors.Is(err, syscall.ECONNRESET) {
			t.Errorf("got %v, want ECONNRESET", err)
		}
		if status, _, _, err := fetch(t.Context(), cl, "/v3/projects"); status != http.StatusOK || err != nil {
			t.Errorf("then %d, %v; want 200", status, err)
		}
		if r := c.Requests(); r[0].Status != 0 || r[1].Status != http.StatusOK {
			t.Errorf("recorded status %d and %d, want 0 and 200", r[0].Status, r[1].Status)
		}
	})
}

func TestFault_cutBody(t *testing.T) {
	t.Parallel()
	onBothWays(t, func(t *testing.T, c *Cloud, cl *client) {
		_, _, whole, err := fetch(t.Context(), cl, "/v3/projects")
		if err != nil {
			t.Fatal(err)
		}
		c.Script(Fault{CutBody: true})
		status, _, body, err := fetch(t.Context(), cl, "/v3/projects")
		if !errors.Is(err, io.ErrUnexpectedEOF) || status != http.StatusOK || body != whole[:len(whole)/2] {
			t.Errorf("got %d %q, %v", status, body, err)
		}
	})
}

func TestFault_hang(t *testing.T) {
	t.Parallel()
	onBothWays(t, func(t *testing.T, c *Cloud, cl *client) {
		c.Script(Fault{Hang: true})
		ctx, cancel := context.WithCancel(t.Context())
		c.OnRequest(func(int, Request) { cancel() })
		if _, _, _, err := fetch(ctx, cl, "/v3/projects"); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v, want context.Canceled", err)
		}
	})
}

func TestFault_response(t *testing.T) {
	t.Parallel()
	onBothWays(t, func(t *testing.T, c *Cloud, cl *client) {
		c.Script(
			Status(http.StatusServiceUnavailable),
			Throttled("1 minute"),
			HTML(http.StatusBadGateway),
			Fault{Body: "garbage"},
			Fault{Status: http.StatusInternalServerError},
			Fault{Header: http.Header{"retry-after": {"7"}, "Date": nil}},
		)
		type got struct {
			Status           int
			Type, RetryAfter string
			Date             bool
			BodyBegins       string
		}
		want := []got{
			{503, "application/json", "", true,
				`{"error_code":"APIGW.0801","error_msg":"Service unavailable","request_id":"0000`},
			{429, "application/json", "", true,
				`{"error_code":"APIGW.0308",` +
					`"error_msg":"The throttling threshold has been reached: policy ip over ` +
					`ratelimit,limit:5,time:1 minute",`},
			{502, "text/html", "", true, "<html>\r\n<head><title>502 Bad Gateway</title>"},
			{200, "application/json", "", true, "garbage"},
			{500, "application/json", "", true, ""},
			{200, "application/json", "7", false, `{"projects":[`},
		}
		for i, w := range want {
			status, header, body, err := fetch(t.Context(), cl, "/v3/projects")
			if err != nil {
				t.Fatal(err)
			}
			_, dated := header["Date"]
			g := got{status, header.Get("Content-Type"), header.Get("Retry-After"), dated,
				body[:min(len(body), len(w.BodyBegins))]}
			if diff := cmp.Diff(w, g); diff != "" {
				t.Errorf("response %d (-want +got):\n%s", i+1, diff)
			}
			if w.BodyBegins == "" && body != "" {
				t.Errorf("response %d has the body %q", i+1, body)
			}
		}
	})
}

// The delay is virtual time in the bubble.
func TestFault_delay(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := New(Config{})
		cl := inProcess(c)
		c.Script(Fault{Delay: 40 * time.Second}, Fault{Delay: time.Hour})
		start := time.Now()
		status, _, _, err := fetch(t.Context(), cl, "/v3/projects")
		if took := time.Since(start); status != http.StatusOK || err != nil || took != 40*time.Second {
			t.Errorf("got %d, %v after %v; want 200 after 40s", status, err, took)
		}
		if took := c.Requests()[0].Took; took != 40*time.Second {
			t.Errorf("recorded as taking %v, want 40s", took)
		}

		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		start = time.Now()
		_, _, _, err = fetch(ctx, cl, "/v3/projects")
		if took := time.Since(start); !errors.Is(err, context.DeadlineExceeded) || took != time.Minute {
			t.Errorf("got %v after %v, want the deadline after 1m", err, took)
		}
	})
}

func TestFault_hangInBubble(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := New(Config{})
		c.Script(Fault{Hang: true, Times: -1})
		for range 3 {
			ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
			if _, _, _, err := fetch(ctx, inProcess(c), "/v3/projects"); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("got %v, want the deadline", err)
			}
			cancel()
		}
	})
}

// Each letter of requests is an operation. Each character of want is a fault, or
// "." for none.
func TestScript(t *testing.T) {
	t.Parallel()
	fault := func(name string) Fault { return Fault{Body: name} }
	skipping := func(f Fault, n int) Fault { f.Skip = n; return f }
	tests := map[string]struct {
		script         []Fault
		requests, want string
	}{
		"none":               {nil, "PL", ".."},
		"once each in order": {[]Fault{fault("a"), fault("b")}, "PPP", "ab."},
		"several times":      {[]Fault{fault("a").Repeat(2), fault("b")}, "PLPL", "aab."},
		"for ever":           {[]Fault{fault("a").Repeat(-1), fault("b")}, "PLPL", "aaaa"},
		"one operation":      {[]Fault{fault("a").On(ListWorkflowExecutions)}, "PPLL", "..a."},
		"two operations": {[]Fault{fault("a").On(ListProjects), fault("b").On(ListWorkflowExecutions)},
			"LPLP", "ba.."},
		"skip":                {[]Fault{skipping(fault("a"), 2), fault("b")}, "PPPPP", "..ab."},
		"skip counts matches": {[]Fault{skipping(fault("a"), 1).On(ListProjects)}, "LLPLP", "....a"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCloud(1, Behaviour{})
			c.Script(tt.script...)
			cl := inProcess(c)
			got := ""
			for _, op := range tt.requests {
				path := "/v3/projects"
				if op == 'L' {
					path = "/v2/" + DefaultProjectID + "/fgs/workflows/" + testWorkflow + "/executions"
				}
				_, _, body, err := fetch(t.Context(), cl, path)
				if err != nil {
					t.Fatal(err)
				}
				if strings.HasPrefix(body, "{") {
					body = "."
				}
				got += body
			}
			if got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestClearScript(t *testing.T) {
	t.Parallel()
	c := newCloud(1, Behaviour{})
	c.Script(Status(http.StatusServiceUnavailable).Repeat(-1))
	cl := inProcess(c)
	before := cl.list(t).status
	c.ClearScript()
	if after := cl.list(t).status; before != http.StatusServiceUnavailable || after != http.StatusOK {
		t.Errorf("got %d, then %d; want 503, then 200", before, after)
	}
}
