package simulator

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const (
	metadataToken = "/meta-data/latest/api/token"
	securityKey   = "/openstack/latest/securitykey"
)

func TestMetadata(t *testing.T) {
	t.Parallel()
	c := New(Config{Now: fixedClock, Metadata: &Metadata{}})
	c.AddWorkflow(testWorkflow)
	cl := anonymous(c)
	token := cl.send(t, "PUT", metadataToken, "", "X-Metadata-Token-Ttl-Seconds", "21600")
	if token.status != http.StatusOK || token.header.Get("Content-Type") != "text/plain" {
		t.Fatalf("got %d %s %s", token.status, token.header, token.body)
	}
	keys := cl.send(t, "GET", securityKey, "", "X-Metadata-Token", token.body)
	pair := c.creds.instance
	want := `{"credential":{"access":"` + pair.accessKey + `","secret":"` + pair.secretKey + `","securitytoken":"` +
		pair.securityToken + `","expires_at":"2026-03-11T12:00:00.000000Z"}}`
	if diff := cmp.Diff(want, keys.body); diff != "" {
		t.Errorf("keys (-want +got):\n%s", diff)
	}
	if got := cl.as(t, http.StatusOK, keys).list(t); got.status != http.StatusOK {
		t.Errorf("with the keys: %d %s", got.status, got.body)
	}
	var got []Operation
	for _, r := range c.Requests() {
		got = append(got, r.Operation)
	}
	if diff := cmp.Diff([]Operation{CreateMetadataToken, ShowSecurityKey, ListWorkflowExecutions}, got); diff != "" {
		t.Errorf("operations (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"", "", CallerInstance}, callers(c)); diff != "" {
		t.Errorf("callers (-want +got):\n%s", diff)
	}
}

func TestCreateMetadataToken_refused(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		metadata *Metadata
		ttl      []string
		want     int
	}{
		"shortest":     {&Metadata{}, []string{"X-Metadata-Token-Ttl-Seconds", "1"}, 200},
		"no life":      {&Metadata{}, nil, 400},
		"zero":         {&Metadata{}, []string{"X-Metadata-Token-Ttl-Seconds", "0"}, 400},
		"too long":     {&Metadata{}, []string{"X-Metadata-Token-Ttl-Seconds", "21601"}, 400},
		"no number":    {&Metadata{}, []string{"X-Metadata-Token-Ttl-Seconds", "6h"}, 400},
		"404":          {&Metadata{TokenStatus: 404}, []string{"X-Metadata-Token-Ttl-Seconds", "1"}, 404},
		"405":          {&Metadata{TokenStatus: 405}, []string{"X-Metadata-Token-Ttl-Seconds", "1"}, 405},
		"503":          {&Metadata{TokenStatus: 503}, []string{"X-Metadata-Token-Ttl-Seconds", "1"}, 503},
		"not instance": {nil, []string{"X-Metadata-Token-Ttl-Seconds", "1"}, 404},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cl := anonymous(New(Config{Now: fixedClock, Metadata: tt.metadata}))
			if got := cl.send(t, "PUT", metadataToken, "", tt.ttl...); got.status != tt.want {
				t.Errorf("got %d %s, want %d", got.status, got.body, tt.want)
			}
		})
	}
}

func TestShowSecurityKey(t *testing.T) {
	t.Parallel()
	const noAgency = "Please configure Cloud Service Agency first"
	for name, tt := range map[string]struct {
		metadata *Metadata
		token    string // "good" for one that was issued for a minute
		later    time.Duration
		status   int
		body     string // "" for any
	}{
		"plain":            {metadata: &Metadata{}, status: 200},
		"token":            {metadata: &Metadata{}, token: "good", status: 200},
		"token to its end": {metadata: &Metadata{}, token: "good", later: time.Minute - 1, status: 200},
		"ended token": {metadata: &Metadata{}, token: "good", later: time.Minute, status: 401,
			body: "Unauthorized"},
		"unknown token":           {metadata: &Metadata{}, token: "bad", status: 401, body: "Unauthorized"},
		"required":                {metadata: &Metadata{TokenRequired: true}, token: "good", status: 200},
		"required and missing":    {metadata: &Metadata{TokenRequired: true}, status: 401, body: "Unauthorized"},
		"no token form":           {metadata: &Metadata{TokenStatus: 405}, status: 200},
		"no token form but token": {metadata: &Metadata{TokenStatus: 405}, token: "bad", status: 200},
		"no agency":               {metadata: &Metadata{NoAgency: true}, token: "good", status: 401, body: noAgency},
		"no instance":             {status: 404},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			now := testNow
			cl := anonymous(New(Config{Now: func() time.Time { return now }, Metadata: tt.metadata}))
			var headers []string
			switch tt.token {
			case "":
			case "good":
				issued := cl.send(t, "PUT", metadataToken, "", "X-Metadata-Token-Ttl-Seconds", "60")
				headers = []string{"X-Metadata-Token", issued.body}
			default:
				headers = []string{"X-Metadata-Token", tt.token}
			}
			now = now.Add(tt.later)
			got := cl.send(t, "GET", securityKey, "", headers...)
			if got.status != tt.status || tt.body != "" && got.body != tt.body {
				t.Errorf("got %d %s, want %d %s", got.status, got.body, tt.status, tt.body)
			}
		})
	}
}

// All requests get the same keys until their renewal.
func TestShowSecurityKey_renewal(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		metadata Metadata
		at       []time.Duration
		want     []int // which keys, counted from 0
	}{
		"at their end": {
			Metadata{}, []time.Duration{0, 24*time.Hour - 1, 24 * time.Hour, 48*time.Hour - 1}, []int{0, 0, 1, 1},
		},
		"before their end": {
			Metadata{Lifetime: time.Hour, RenewBefore: 10 * time.Minute},
			[]time.Duration{0, 50*time.Minute - 1, 50 * time.Minute, 100*time.Minute - 1, 100 * time.Minute},
			[]int{0, 0, 1, 1, 2},
		},
		"every time": {Metadata{Lifetime: time.Minute, RenewBefore: time.Hour}, []time.Duration{0, 0, 1},
			[]int{0, 1, 2}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			now := testNow
			cl := anonymous(New(Config{Now: func() time.Time { return now }, Metadata: &tt.metadata}))
			var seen []string
			var got []int
			for _, at := range tt.at {
				now = testNow.Add(at)
				body := cl.send(t, "GET", securityKey, "").body
				if !slices.Contains(seen, body) {
					seen = append(seen, body)
				}
				got = append(got, slices.Index(seen, body))
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("keys (-want +got):\n%s", diff)
			}
		})
	}
}

// Missing and hanging metadata services are faults of these operations.
func TestMetadata_faults(t *testing.T) {
	t.Parallel()
	c := New(Config{Now: fixedClock})
	c.Script(Fault{Reset: true}.On(CreateMetadataToken), Fault{Status: 500}.On(ShowSecurityKey))
	cl := anonymous(c)
	if got := cl.send(t, "GET", securityKey, ""); got.status != 500 {
		t.Errorf("got %d, want 500", got.status)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPut, cl.base+metadataToken, nil)
	if err != nil {
		t.Fatal(err)
	}
	if resp, err := cl.RoundTrip(r); err == nil {
		_ = resp.Body.Close()
		t.Error("the reset request got a response")
	}
}
