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

// client signs requests with the simulator's own code, which signature_test.go holds against published vectors.
type client struct {
	http.RoundTripper
	base                 string
	accessKey, secretKey string
	token                string
	now                  func() time.Time
}

// inProcess is a client of c with the default key and the service's clock.
func inProcess(c *Cloud) *client {
	return &client{c.Transport(), "http://simulator.test", DefaultAccessKey, DefaultSecretKey, "", c.cfg.Now}
}

// reply is an answer, read and decoded.
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

// list asks for executions; params alternate names and values.
func (cl *client) list(t *testing.T, params ...string) reply {
	t.Helper()
	return cl.get(t, "/v2/"+DefaultProjectID+"/fgs/workflows/"+testWorkflow+"/executions", params...)
}

func (cl *client) get(t *testing.T, path string, params ...string) reply {
	t.Helper()
	resp, err := cl.RoundTrip(cl.request(t.Context(), path, params...))
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
	r := reply{status: resp.StatusCode, header: resp.Header, body: string(body)}
	if r.status == http.StatusOK {
		var list struct{ Executions []map[string]any }
		if err := json.Unmarshal(body, &list); err != nil {
			t.Fatalf("%v in %s", err, body)
		}
		r.rows = list.Executions
	}
	return r
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
	r.Header.Set("Authorization", algorithm+" Access="+cl.accessKey+", SignedHeaders="+strings.Join(signedHeaders, ";")+
		", Signature="+signatureOf(q, signedHeaders, cl.secretKey))
}

// at is a moment of the given number of hours before testNow, or after it if negative.
func at(hoursAgo float64) time.Time {
	return testNow.Add(-time.Duration(hoursAgo * float64(time.Hour)))
}
