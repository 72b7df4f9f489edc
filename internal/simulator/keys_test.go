package simulator

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestVerify(t *testing.T) {
	t.Parallel()
	const signatureFails = "verify aksk signature fail"
	tests := map[string]struct {
		cfg    Config
		client func(*client)
		change func(*http.Request) // after signing
		want   string              // "" for accepted
	}{
		"good": {},
		"own key": {cfg: Config{AccessKey: "AK", SecretKey: "SK"},
			client: func(cl *client) { cl.accessKey, cl.secretKey = "AK", "SK" }},
		"token":         {cfg: Config{SecurityToken: "tok"}, client: func(cl *client) { cl.token = "tok" }},
		"token missing": {cfg: Config{SecurityToken: "tok"}, want: "decrypt token fail"},
		"token unasked": {client: func(cl *client) { cl.token = "tok" }, want: "decrypt token fail"},
		"no header": {change: func(r *http.Request) { r.Header.Del("Authorization") },
			want: "x-auth-token not found"},
		"garbage": {change: func(r *http.Request) { r.Header.Set("Authorization", "Bearer x") },
			want: signatureFails},
		"unknown key": {client: func(cl *client) { cl.accessKey = "SomebodyElse" },
			want: "Get secretKey failed,ak:Some****,err:ak not exist"},
		"wrong secret":     {client: func(cl *client) { cl.secretKey += "x" }, want: signatureFails},
		"15 minutes late":  {client: clockOff(-15 * time.Minute)},
		"15 minutes early": {client: clockOff(15 * time.Minute)},
		"too late": {client: clockOff(-15*time.Minute - time.Second),
			want: "calc ak sk signature fail: signature expired"},
		"too early": {client: clockOff(15*time.Minute + time.Second),
			want: "calc ak sk signature fail: signature expired"},
		"changed query":  {change: func(r *http.Request) { r.URL.RawQuery += "&a=b" }, want: signatureFails},
		"changed path":   {change: func(r *http.Request) { r.URL.Path = "/x" + r.URL.Path }, want: signatureFails},
		"changed method": {change: func(r *http.Request) { r.Method = http.MethodHead }, want: signatureFails},
		"changed host":   {change: func(r *http.Request) { r.Host = "other.test" }, want: signatureFails},
		"plus for space": {change: func(r *http.Request) {
			r.URL.RawQuery = strings.ReplaceAll(r.URL.RawQuery, "%20",
				"+")
		}, want: signatureFails},
		"unsigned header": {change: func(r *http.Request) { r.Header.Set("User-Agent", "any") }},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tt.cfg.Now = fixedClock
			c := New(tt.cfg)
			cl := inProcess(c)
			if tt.client != nil {
				tt.client(cl)
			}
			r := cl.request(t.Context(), "/v3/projects", "name", "a b")
			if tt.change != nil {
				tt.change(r)
			}
			_, err := c.verify(&call{Request: r, query: parseQuery(r.URL.RawQuery), now: testNow})
			got := ""
			if err != nil {
				got = err.Error()
			}
			if got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func clockOff(d time.Duration) func(*client) {
	return func(cl *client) { cl.now = func() time.Time { return testNow.Add(d) } }
}

func TestVerify_dateMustBeSigned(t *testing.T) {
	t.Parallel()
	c := New(Config{Now: fixedClock})
	cl := inProcess(c)
	r := cl.request(t.Context(), "/v3/projects")
	cl.sign(r, "host")
	if _, err := c.verify(&call{Request: r, now: testNow}); err == nil {
		t.Error("a signature without x-sdk-date passed")
	}
}

func TestAdmit_locksKey(t *testing.T) {
	t.Parallel()
	now := testNow
	c := New(Config{Now: func() time.Time { return now }})
	c.AddWorkflow(testWorkflow)
	good, bad := inProcess(c), inProcess(c)
	bad.secretKey = "wrong"
	try := func(cl *client) string {
		t.Helper()
		r := cl.list(t)
		if r.status == http.StatusOK {
			return ""
		}
		var body errorBody
		if err := json.Unmarshal([]byte(r.body), &body); err != nil {
			t.Fatal(err)
		}
		return strings.TrimPrefix(body.Message, "Incorrect IAM authentication information: ")
	}
	expect := func(step string, cl *client, times int, want string) {
		t.Helper()
		for i := range times {
			if got := try(cl); got != want {
				t.Fatalf("%s, request %d: got %q, want %q", step, i+1, got, want)
			}
		}
	}

	expect("four failures", bad, 4, errBadSignature.Error())
	expect("success starts the count again", good, 1, "")
	expect("five failures", bad, 5, errBadSignature.Error())
	expect("locked", good, 2, errLocked.Error())
	now = now.Add(lockPeriod - time.Second)
	expect("still locked", good, 1, errLocked.Error())
	now = now.Add(time.Second)
	expect("open again", good, 1, "")
	expect("count is new", bad, 4, errBadSignature.Error())
	expect("not locked", good, 1, "")
}

// Each service has its own shape of a 401.
func TestUnauthorized(t *testing.T) {
	t.Parallel()
	c := New(Config{Now: fixedClock})
	cl := inProcess(c)
	cl.secretKey = "wrong"

	const text = "Incorrect IAM authentication information: verify aksk signature fail"
	got := []string{cl.list(t).body, cl.get(t, "/v3/projects").body}
	want := []string{
		`{"error_code":"APIGW.0301","error_msg":"` + text + `","request_id":"00000000000000000000000000000001"}`,
		`{"error":{"code":401,"message":"` + text + `","title":"Unauthorized"}}`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("bodies (-want +got):\n%s", diff)
	}
	for i, r := range c.Requests() {
		if r.SignatureValid || r.Status != http.StatusUnauthorized {
			t.Errorf("request %d recorded as valid=%t, status %d", i+1, r.SignatureValid, r.Status)
		}
	}
}
