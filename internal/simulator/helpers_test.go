package simulator

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

const testWorkflow = "48aff955-ea10-4ffd-b426-190bc192dc14"

// testNow is the service's clock in most tests.
var testNow = time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)

func fixedClock() time.Time { return testNow }

// client signs requests with the simulator's own code, which signature_test.go
// compares with published vectors.
type client struct {
	http.RoundTripper
	base                 string
	accessKey, secretKey string
	token                string
	now                  func() time.Time
}

// inProcess returns a client of c with the default key and the service's clock.
func inProcess(c *Cloud) *client {
	return &client{c.Transport(), "http://simulator.test", DefaultAccessKey, DefaultSecretKey, "", c.cfg.Now}
}

// anonymous returns a client of c that does not sign.
func anonymous(c *Cloud) *client {
	cl := inProcess(c)
	cl.accessKey, cl.secretKey = "", ""

	return cl
}

// as returns the client with the keys in a response, which must have the given
// status.
func (cl *client) as(t *testing.T, status int, r reply) *client {
	t.Helper()
	if r.status != status {
		t.Fatalf("got %d %s, want keys with %d", r.status, r.body, status)
	}
	var keys struct {
		Credential  struct{ Access, Secret, SecurityToken string }
		Credentials struct {
			Access string `json:"access_key_id"`
			Secret string `json:"secret_access_key"`
			Token  string `json:"security_token"`
		}
	}
	if err := json.Unmarshal([]byte(r.body), &keys); err != nil {
		t.Fatal(err)
	}
	other := *cl
	other.accessKey = keys.Credential.Access + keys.Credentials.Access
	other.secretKey = keys.Credential.Secret + keys.Credentials.Secret
	other.token = keys.Credential.SecurityToken + keys.Credentials.Token
	if other.accessKey == "" || other.secretKey == "" || other.token == "" {
		t.Fatalf("no keys in %s", r.body)
	}

	return &other
}

// callers returns the callers of the requests so far.
func callers(c *Cloud) []string {
	var names []string
	for _, r := range c.Requests() {
		names = append(names, r.Caller)
	}

	return names
}

// reply is a decoded response.
type reply struct {
	status int
	header http.Header
	body   string
	rows   []map[string]any
}

func (r reply) ids() []string {
	ids := []string{}
	for _, row := range r.rows {
		id, _ := row["execution_id"].(string)
		ids = append(ids, id)
	}

	return ids
}

// list requests executions. params alternate names and values.
func (cl *client) list(t *testing.T, params ...string) reply {
	t.Helper()

	return cl.get(t, "/v2/"+DefaultProjectID+"/fgs/workflows/"+testWorkflow+"/executions", params...)
}

func (cl *client) get(t *testing.T, path string, params ...string) reply {
	t.Helper()
	r := cl.do(t, cl.request(t.Context(), path, params...))
	if r.status == http.StatusOK {
		var list struct{ Executions []map[string]any }
		if err := json.Unmarshal([]byte(r.body), &list); err != nil {
			t.Fatalf("%v in %s", err, r.body)
		}
		r.rows = list.Executions
	}

	return r
}

// send sends a request with a body and headers, which alternate names and values.
// It signs if the client has a key.
func (cl *client) send(t *testing.T, method, path, body string, headers ...string) reply {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, cl.base+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	if cl.accessKey != "" {
		cl.sign(r, "host", "x-sdk-date")
	}

	return cl.do(t, r)
}

func (cl *client) do(t *testing.T, r *http.Request) reply {
	t.Helper()
	resp, err := cl.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	if err := resp.Body.Close(); err != nil {
		t.Fatal(err)
	}

	return reply{status: resp.StatusCode, header: resp.Header, body: string(body)}
}

func (cl *client) request(ctx context.Context, path string, params ...string) *http.Request {
	var pairs []string
	for i := 0; i+1 < len(params); i += 2 {
		pairs = append(pairs, params[i]+"="+strings.ReplaceAll(url.QueryEscape(params[i+1]), "+", "%20"))
	}
	u := cl.base + path
	if len(pairs) > 0 {
		u += "?" + strings.Join(pairs, "&")
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, u, nil)
	if err != nil {
		panic(err)
	}
	cl.sign(r, "host", "x-sdk-date")

	return r
}

func (cl *client) sign(r *http.Request, signedHeaders ...string) {
	r.Header.Set(dateHeader, cl.now().UTC().Format(dateLayout))
	if cl.token != "" {
		r.Header.Set("X-Security-Token", cl.token)
	}
	q := &call{Request: r, query: parseQuery(r.URL.RawQuery)}
	if r.GetBody != nil {
		body, err := r.GetBody()
		if err != nil {
			panic(err)
		}
		if q.body, err = io.ReadAll(body); err != nil {
			panic(err)
		}
	}
	r.Header.Set("Authorization", algorithm+" Access="+cl.accessKey+", SignedHeaders="+strings.Join(signedHeaders, ";")+
		", Signature="+signatureOf(q, signedHeaders, cl.secretKey))
}

// at returns the time a number of hours before testNow, or after it if negative.
func at(hoursAgo float64) time.Time {
	return testNow.Add(-time.Duration(hoursAgo * float64(time.Hour)))
}
