package simulator

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// The end of a test does not wait for hanging requests.
func TestStart_letsHangingRequestsGo(t *testing.T) {
	t.Parallel()
	arrived := make(chan struct{})
	ended := make(chan error, 1)
	t.Run("server", func(t *testing.T) {
		srv := Start(t, Config{})
		srv.Script(Fault{Hang: true})
		srv.OnRequest(func(int, Request) { close(arrived) })
		cl := &client{http.DefaultTransport, srv.URL, DefaultAccessKey, DefaultSecretKey, "", time.Now}
		go func() {
			resp, err := cl.RoundTrip(cl.request(context.Background(), "/v3/projects"))
			if err == nil {
				err = resp.Body.Close()
			}
			ended <- err
		}()
		<-arrived
	})
	if err := <-ended; err == nil {
		t.Error("the hanging request got a response")
	}
}

// Path escapes and signed bodies work over a socket.
func TestServeHTTP_wire(t *testing.T) {
	t.Parallel()
	srv := Start(t, Config{Now: fixedClock})
	srv.AddWorkflow("a/b:c", Execution{ID: "e1", Begin: at(1)})
	cl := &client{http.DefaultTransport, srv.URL, DefaultAccessKey, DefaultSecretKey, "", fixedClock}
	for _, id := range []string{"a%2Fb%3Ac", "a%2Fb:c"} {
		got := cl.get(t, "/base/v2/"+DefaultProjectID+"/fgs/workflows/"+id+"/executions", "limit", "1")
		if len(got.rows) != 1 {
			t.Errorf("%s: got %d %s", id, got.status, got.body)
		}
	}

	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, srv.URL+"/base?flag", strings.NewReader("body"))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set(contentHashHeader, hexSHA256([]byte("body")))
	cl.sign(r, "host", "x-sdk-content-sha256", "x-sdk-date")
	resp, err := cl.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	if err := resp.Body.Close(); err != nil {
		t.Fatal(err)
	}
	if log := srv.Requests(); !log[len(log)-1].SignatureValid {
		t.Error("the signature of a request with a body does not hold")
	}
}

// A server that is used as a proxy responds for every host and records it.
func TestServeHTTP_proxied(t *testing.T) {
	t.Parallel()
	srv := Start(t, Config{Now: fixedClock})
	srv.AddWorkflow(testWorkflow, Execution{ID: "e1", Begin: at(1)})
	proxy, err := url.Parse(srv.URL)
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{Proxy: http.ProxyURL(proxy)}
	t.Cleanup(transport.CloseIdleConnections)
	cl := &client{transport, "http://functiongraph.test/base", DefaultAccessKey, DefaultSecretKey, "", fixedClock}
	if got := cl.list(t, "limit", "1"); len(got.rows) != 1 {
		t.Errorf("got %d %s", got.status, got.body)
	}
	cl.base = "http://iam.test:8080"
	if got := cl.get(t, "/v3/projects"); !strings.Contains(got.body, `"self":"http://iam.test:8080/v3/projects"`) {
		t.Errorf("got %d %s", got.status, got.body)
	}
	direct := &client{http.DefaultTransport, srv.URL, DefaultAccessKey, DefaultSecretKey, "", fixedClock}
	direct.get(t, "/v3/projects")
	cl.base = "https://iam.test"
	if resp, err := cl.RoundTrip(cl.request(t.Context(), "/v3/projects")); err == nil {
		_ = resp.Body.Close()
		t.Error("a tunnel was granted")
	}

	type line struct {
		Method, Host, Path string
		Proxied            bool
	}
	var got []line
	for _, r := range srv.Requests() {
		got = append(got, line{r.Method, r.Host, r.Path, r.Proxied})
	}
	want := []line{
		{"GET", "functiongraph.test", "/base/v2/" + DefaultProjectID + "/fgs/workflows/" + testWorkflow +
			"/executions", true},
		{"GET", "iam.test:8080", "/v3/projects", true},
		{"GET", strings.TrimPrefix(srv.URL, "http://"), "/v3/projects", false},
		{"CONNECT", "iam.test:443", "", true},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
}
