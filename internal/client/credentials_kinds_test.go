package client

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/simulator"
)

// Two accounts besides the sample account, each with an agency and a project. The
// one of the second account trusts only the agency of the first.
const (
	firstDomain   = "11111111111111111111111111111111"
	secondDomain  = "22222222222222222222222222222222"
	secondProject = "22222222222222222222222222222200"
	idToken       = "header.payload.signature"
)

func accounts() simulator.Config {
	first := simulator.Agency{
		Name: "first", DomainID: firstDomain, DomainName: "first-account",
		TrustedBy: []string{simulator.CallerHome, "idp:github", simulator.CallerInstance},
	}

	return simulator.Config{
		Agencies: []simulator.Agency{
			first,
			{Name: "second", DomainID: secondDomain, DomainName: "second-account", TrustedBy: []string{first.Caller()}},
		},
		IdentityProviders: []simulator.IdentityProvider{{ID: "github", IDTokens: []string{idToken}}},
		Metadata:          &simulator.Metadata{},
		Projects: []simulator.Project{
			{ID: simulator.DefaultProjectID, Name: simulator.DefaultRegion},
			{ID: secondProject, Name: simulator.DefaultRegion, DomainID: secondDomain},
		},
	}
}

// The agencies as they are configured; v3 by name, v5 by ID.
var (
	firstByName  = Agency{Name: "first", DomainName: "first-account", Source: "assume_role"}
	firstByID    = Agency{Name: "first", DomainID: firstDomain, Source: "assume_role"}
	secondByName = Agency{Name: "second", DomainName: "second-account", Source: "assume_role"}
	secondByID   = Agency{Name: "second", DomainID: secondDomain, Source: "assume_role"}
)

func exchanging(token string) OIDC {
	return OIDC{
		IdentityProvider: "github", IDToken: func(context.Context) (string, error) { return token, nil },
		Source: "assume_role_with_oidc",
	}
}

// Every way to the second account reads its project. Each step is signed with the
// keys of the previous step.
func TestCredentials_kinds(t *testing.T) {
	t.Parallel()

	firstURN := "iam::" + firstDomain + ":agency:first"
	secondURN := "iam::" + secondDomain + ":agency:second"
	const (
		byAgency = string(simulator.CreateTemporaryAccessKeyByAgency)
		assume   = string(simulator.AssumeAgency)
		byToken  = string(simulator.CreateTemporaryAccessKeyByToken)
		exchange = string(simulator.CreateTokenWithIDToken)
		putToken = string(simulator.CreateMetadataToken)
		getKey   = string(simulator.ShowSecurityKey)
		projects = string(simulator.ListProjects)
	)
	tests := map[string]struct {
		from     CredentialsProvider
		agencies []Agency
		cloud    func(*simulator.Config)
		requests []string // the operation and its caller
		project  string
	}{
		"keys": {testKeys, nil, nil, []string{projects + " home"}, simulator.DefaultProjectID},
		"token": {
			Credentials{Token: "an IAM token"}, nil, func(cfg *simulator.Config) { cfg.Token = "an IAM token" },
			[]string{projects + " home"}, simulator.DefaultProjectID,
		},
		"agencies v3, v3": {
			testKeys, []Agency{firstByName, secondByName}, nil,
			[]string{byAgency + " home", byAgency + " " + firstURN, projects + " " + secondURN}, secondProject,
		},
		"agencies v5, v5": {
			testKeys, []Agency{firstByID, secondByID}, nil,
			[]string{assume + " home", assume + " " + firstURN, projects + " " + secondURN}, secondProject,
		},
		"agencies v3, v5": {
			testKeys, []Agency{firstByName, secondByID}, nil,
			[]string{byAgency + " home", assume + " " + firstURN, projects + " " + secondURN}, secondProject,
		},
		"agencies v5, v3": {
			testKeys, []Agency{firstByID, secondByName}, nil,
			[]string{assume + " home", byAgency + " " + firstURN, projects + " " + secondURN}, secondProject,
		},
		"ID token": {
			exchanging(idToken), nil, nil, []string{exchange + " ", byToken + " ", projects + " idp:github"},
			simulator.DefaultProjectID,
		},
		"ID token, agencies": {
			exchanging(idToken), []Agency{firstByID, secondByID}, nil,
			[]string{exchange + " ", byToken + " ", assume + " idp:github", assume + " " + firstURN, projects + " " + secondURN},
			secondProject,
		},
		"metadata": {
			Metadata{}, nil, nil, []string{putToken + " ", getKey + " ", projects + " instance"}, simulator.DefaultProjectID,
		},
		"metadata, agencies": {
			Metadata{}, []Agency{firstByName, secondByID}, nil,
			[]string{putToken + " ", getKey + " ", byAgency + " instance", assume + " " + firstURN, projects + " " + secondURN},
			secondProject,
		},
		"metadata, token only": {
			Metadata{}, nil, func(cfg *simulator.Config) { cfg.Metadata.TokenRequired = true },
			[]string{putToken + " ", getKey + " ", projects + " instance"}, simulator.DefaultProjectID,
		},
		"metadata, no token 404": {
			Metadata{}, nil, func(cfg *simulator.Config) { cfg.Metadata.TokenStatus = 404 },
			[]string{putToken + " ", getKey + " ", projects + " instance"}, simulator.DefaultProjectID,
		},
		"metadata, no token 405": {
			Metadata{}, nil, func(cfg *simulator.Config) { cfg.Metadata.TokenStatus = 405 },
			[]string{putToken + " ", getKey + " ", projects + " instance"}, simulator.DefaultProjectID,
		},
		"metadata, no token 501": {
			Metadata{}, nil, func(cfg *simulator.Config) { cfg.Metadata.TokenStatus = 501 },
			[]string{putToken + " ", getKey + " ", projects + " instance"}, simulator.DefaultProjectID,
		},
		"metadata, no token 503": {
			Metadata{}, nil, func(cfg *simulator.Config) { cfg.Metadata.TokenStatus = 503 },
			[]string{putToken + " ", getKey + " ", projects + " instance"}, simulator.DefaultProjectID,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				account := accounts()
				if test.cloud != nil {
					test.cloud(&account)
				}
				cloud := simulator.New(account)
				c := newTestClient(
					t, cloud.Transport(), func(cfg *Config) { cfg.Credentials, cfg.Agencies = test.from, test.agencies },
				)
				if n := len(cloud.Requests()); n != 0 {
					t.Fatalf("%d requests before the first read", n)
				}
				for _, err := range together(20, func(int) error {
					project, err := projectOf(t.Context(), c, "")
					if err == nil && project != test.project {
						t.Errorf("project %s, want %s", project, test.project)
					}
					return err
				}) {
					if err != nil {
						t.Fatal(err)
					}
				}
				var got []string
				for _, r := range cloud.Requests() {
					got = append(got, string(r.Operation)+" "+r.Caller)
				}
				if diff := cmp.Diff(test.requests, got); diff != "" {
					t.Errorf("requests (-want +got):\n%s", diff)
				}
			})
		})
	}
}

// The exact requests to IAM and STS (CLOUD.md 6.5, 6.6).
func TestCredentials_requests(t *testing.T) {
	t.Parallel()

	hour := firstByName
	hour.Duration = time.Hour
	halfHour := firstByID
	halfHour.Duration = 30 * time.Minute
	tests := map[string]struct {
		from     CredentialsProvider
		agencies []Agency
		domainID string
		number   int // of the request, from 0
		url      string
		body     string
		header   map[string]string
	}{
		"v3": {
			testKeys, []Agency{firstByName}, "", 0, "https://iam.cn-north-4.myhuaweicloud.com/v3.0/OS-CREDENTIAL/securitytokens",
			`{"auth":{"identity":{"assume_role":{"agency_name":"first",` +
				`"domain_name":"first-account","duration_seconds":43200},"methods":["assume_role"]}}}`,
			map[string]string{"X-Domain-Id": "", "Content-Type": "application/json"},
		},
		"v3 for an hour, of a known account": {
			testKeys, []Agency{hour}, "d1", 0, "https://iam.cn-north-4.myhuaweicloud.com/v3.0/OS-CREDENTIAL/securitytokens",
			`{"auth":{"identity":{"assume_role":{"agency_name":"first",` +
				`"domain_name":"first-account","duration_seconds":3600},"methods":["assume_role"]}}}`,
			map[string]string{"X-Domain-Id": "d1"},
		},
		"v5": {
			testKeys, []Agency{firstByID}, "", 0, "https://sts.cn-north-4.myhuaweicloud.com/v5/agencies/assume",
			`{"agency_session_name":"first","agency_urn":"iam::` + firstDomain + `:agency:first"}`,
			nil,
		},
		"v5 for half an hour": {
			testKeys, []Agency{halfHour}, "", 0, "https://sts.cn-north-4.myhuaweicloud.com/v5/agencies/assume",
			`{"agency_session_name":"first","agency_urn":"iam::` + firstDomain + `:agency:first","duration_seconds":1800}`,
			nil,
		},
		"the second agency's account is not the first keys'": {
			testKeys, []Agency{firstByID, secondByID}, "d1", 1, "https://sts.cn-north-4.myhuaweicloud.com/v5/agencies/assume",
			`{"agency_session_name":"second","agency_urn":"iam::` + secondDomain + `:agency:second"}`,
			map[string]string{"X-Domain-Id": ""},
		},
		"ID token": {
			exchanging(idToken), nil, "", 0, "https://iam.cn-north-4.myhuaweicloud.com/v3.0/OS-AUTH/id-token/tokens",
			`{"auth":{"id_token":{"id":"` + idToken + `"}}}`,
			map[string]string{"X-Idp-Id": "github", "Authorization": "", "X-Auth-Token": ""},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				cloud := simulator.New(accounts())
				var urls []string
				c := newTestClient(t, roundTripper(func(r *http.Request) (*http.Response, error) {
					urls = append(urls, r.URL.String())
					return cloud.Transport().RoundTrip(r)
				}), func(cfg *Config) {
					cfg.Credentials, cfg.Agencies, cfg.DomainID = test.from, test.agencies, test.domainID
				})
				if _, err := c.keys.get(t.Context()); err != nil {
					t.Fatal(err)
				}
				r := cloud.Requests()[test.number]
				if r.Method != http.MethodPost || urls[test.number] != test.url || string(r.Body) != test.body {
					t.Errorf("%s %s\n%s\nwant POST %s\n%s", r.Method, urls[test.number], r.Body, test.url, test.body)
				}
				for name, want := range test.header {
					if got := r.Header.Get(name); got != want {
						t.Errorf("%s: %q, want %q", name, got, want)
					}
				}
			})
		})
	}
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestSessionName(t *testing.T) {
	t.Parallel()

	for agency, want := range map[string]string{
		"ops": "ops", "a": "a-", "with space": "with-space", "运维": "--", "a_b+c=d,e.f@g-h": "a_b+c=d,e.f@g-h", strings.Repeat(
			"x", 200,
		): strings.Repeat("x", 128),
	} {
		if got := sessionName(agency); got != want {
			t.Errorf("%s: got %s, want %s", agency, got, want)
		}
	}
}

// The error of a failed step names the step.
func TestCredentials_steps(t *testing.T) {
	t.Parallel()

	unknown := Agency{Name: "nobody", DomainName: "first-account", Source: "assume_role"}
	wrong := Credentials{AccessKey: simulator.DefaultAccessKey, SecretKey: "wrong"}
	tests := map[string]struct {
		from     CredentialsProvider
		agencies []Agency
		step     string
		class    Class
		requests int
	}{
		"wrong key": {
			wrong, []Agency{firstByName, secondByName}, `assume_role: agency "first" of account "first-account"`, ClassAuth, 1,
		},
		"wrong key, v5": {
			wrong, []Agency{firstByID}, `assume_role: agency "first" of account "` + firstDomain + `"`, ClassAuth, 1,
		},
		"not trusted": {
			testKeys, []Agency{secondByName}, `assume_role: agency "second" of account "second-account"`, ClassPermission, 1,
		},
		"not trusted, v5": {
			testKeys, []Agency{secondByID}, `assume_role: agency "second" of account "` + secondDomain + `"`, ClassPermission, 1,
		},
		"second step": {
			testKeys, []Agency{firstByName, firstByName}, `assume_role: agency "first" of account "first-account"`,
			ClassPermission, 2,
		},
		"no such agency": {
			testKeys, []Agency{unknown}, `assume_role: agency "nobody" of account "first-account"`, ClassNotFound, 1,
		},
		"wrong ID token": {
			exchanging("wrong"), []Agency{firstByID}, "assume_role_with_oidc: the exchange of the ID token for an IAM token",
			ClassAuth, 1,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				cloud := simulator.New(accounts())
				c := newTestClient(
					t, cloud.Transport(), func(cfg *Config) { cfg.Credentials, cfg.Agencies = test.from, test.agencies },
				)
				for _, err := range together(20, func(int) error { return get(t.Context(), c) }) {
					var step *CredentialsError
					if !errors.As(err, &step) || step.Step != test.step {
						t.Fatalf("got %v, want the step %q", err, test.step)
					}
					wantClass(t, err, test.class)
				}
				if n := len(cloud.Requests()); n != test.requests {
					t.Errorf("%d requests, want %d", n, test.requests)
				}
			})
		})
	}
}

// A 400 of STS is not about the bounds of a list.
func TestCredentials_badRequestIsNotTheLists(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		short := firstByID
		short.Duration = time.Second
		cloud := simulator.New(accounts())
		c := newTestClient(t, cloud.Transport(), func(cfg *Config) {
			cfg.Credentials, cfg.Agencies, cfg.ProjectID = testKeys, []Agency{short}, secondProject
		})
		_, err := listThings(t.Context(), c)
		wantClass(t, err, ClassBadRequest)
		if n := len(cloud.Requests()); n != 1 {
			t.Errorf("%d requests, want 1", n)
		}
	})
}

// Without a metadata service, or with another one, all readers share one exchange
// of at most three seconds, which is never repeated.
func TestMetadata_none(t *testing.T) {
	t.Parallel()

	tests := map[string]struct {
		response reply
		requests int
		took     time.Duration
	}{
		"no response":           {reply{hang: true}, 2, 3 * time.Second},
		"the response hangs":    {reply{status: 200, body: "token", bodyHang: true}, 2, 3 * time.Second},
		"connection reset":      {reply{err: syscall.ECONNRESET}, 2, 0},
		"connection closed":     {reply{err: io.EOF}, 2, 0},
		"connection refused":    {reply{err: errors.New("connection refused")}, 1, 0},
		"another cloud's":       {reply{status: 404, body: "<html>"}, 2, 0},
		"another cloud's token": {reply{status: 200, body: "AQAE-token"}, 2, 0},
		"a page for everything": {reply{status: 200, body: "<html>\nhello</html>"}, 1, 0},
		"busy":                  {reply{status: 500}, 1, 0},
		"redirect":              {reply{status: 302, header: map[string]string{"Location": "http://example.com"}}, 1, 0},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				began := time.Now()
				s := replying(test.response)
				c := newTestClient(t, s, func(cfg *Config) { cfg.Credentials = Metadata{} })
				for round := range 2 {
					for _, err := range together(20, func(int) error { return get(t.Context(), c) }) {
						var failed *APIError
						if !errors.Is(err, ErrNoCredentials) || !errors.As(err, &failed) || failed.Operation != OperationMetadata {
							t.Fatalf("round %d: got %v, want no credentials, and why", round, err)
						}
					}
				}
				if took := time.Since(began); s.sent() != test.requests || took != test.took {
					t.Errorf("%d requests in %s, want %d in %s", s.sent(), took, test.requests, test.took)
				}
				for _, r := range s.requests {
					if r.URL.Host != "169.254.169.254" || r.Header.Get("Authorization") != "" {
						t.Errorf("asked %s", r.URL)
					}
				}
			})
		})
	}
}

// If the PUT for a token gets lost, the request without a token gets the keys, as
// in the vendor's provider.
func TestMetadata_tokenFormLost(t *testing.T) {
	t.Parallel()

	tests := map[string]struct {
		fault simulator.Fault
		took  time.Duration
	}{
		"no response":         {simulator.Fault{Hang: true}, time.Second},
		"late response":       {simulator.Fault{Delay: 2 * time.Second}, time.Second},
		"connection lost":     {simulator.Fault{Reset: true}, 0},
		"response in time":    {simulator.Fault{Delay: 900 * time.Millisecond}, 900 * time.Millisecond},
		"response incomplete": {simulator.Fault{CutBody: true}, 0},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				test.fault.Operation = simulator.CreateMetadataToken
				cloud := simulator.New(accounts())
				cloud.Script(test.fault)
				c := newTestClient(t, cloud.Transport(), func(cfg *Config) { cfg.Credentials = Metadata{} })
				began := time.Now()
				if _, err := projectOf(t.Context(), c, ""); err != nil {
					t.Fatal(err)
				}
				if took := time.Since(began); took != test.took {
					t.Errorf("took %s, want %s", took, test.took)
				}
				operations := ""
				for _, r := range cloud.Requests() {
					operations += string(r.Operation) + " "
				}
				if want := "CreateMetadataToken ShowSecurityKey ListProjects "; operations != want {
					t.Errorf("requests: %s, want %s", operations, want)
				}
			})
		})
	}
}

// The error about an instance without an agency names the cause.
func TestMetadata_noAgency(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		cloud := simulator.New(simulator.Config{Metadata: &simulator.Metadata{NoAgency: true}})
		c := newTestClient(t, cloud.Transport(), func(cfg *Config) { cfg.Credentials = Metadata{} })
		err := get(t.Context(), c)
		if !errors.Is(err, ErrNoCredentials) ||
			!strings.Contains(err.Error(), "Please configure Cloud Service Agency first") {
			t.Errorf("got %v", err)
		}
	})
}

// If a profile requires the metadata service, its failure is the error.
func TestMetadata_demanded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newTestClient(
			t, replying(reply{status: 404}), func(cfg *Config) { cfg.Credentials = Metadata{Source: `profile "ecs"`} },
		)
		err := get(t.Context(), c)
		step, ok := errors.AsType[*CredentialsError](err)
		if !ok || errors.Is(err, ErrNoCredentials) || step.Step != `profile "ecs": the ECS metadata service` {
			t.Errorf("got %v", err)
		}
	})
}

// The error of a reader that leaves says so, and not that there are no
// credentials.
func TestMetadata_readerLeaves(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newTestClient(t, replying(reply{hang: true}), func(cfg *Config) { cfg.Credentials = Metadata{} })
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		err := get(ctx, c)
		if wantClass(t, err, ClassDeadline); errors.Is(err, ErrNoCredentials) {
			t.Errorf("got %v", err)
		}
	})
}

func TestChooseTransport_metadata(t *testing.T) {
	t.Parallel()

	c, err := New(Config{Region: "r"})
	if err != nil {
		t.Fatal(err)
	}
	for sender, want := range map[*http.Client]bool{c.http: true, c.withoutProxy: false} {
		if transport, ok := sender.Transport.(*http.Transport); !ok || (transport.Proxy != nil) != want {
			t.Errorf("a proxy: %t, want %t", !want, want)
		}
	}
	if !newMetadataRequest(http.MethodGet).bypassProxy {
		t.Error("the metadata service is asked through the proxy")
	}
}

// Keys expire by the service's clock, however much this machine's clock differs.
func TestTemporaryKeys_byTheServicesClock(t *testing.T) {
	t.Parallel()

	for _, offset := range []time.Duration{0, -14 * time.Minute, 14 * time.Minute} {
		synctest.Test(t, func(t *testing.T) {
			account := accounts()
			account.Now = func() time.Time { return time.Now().Add(offset) }
			account.TemporaryLifetime = 12 * time.Minute
			cloud := simulator.New(account)
			c := newTestClient(
				t, cloud.Transport(),
				func(cfg *Config) { cfg.Credentials, cfg.Agencies = testKeys, []Agency{firstByID, secondByID} },
			)
			for range 60 {
				if _, err := projectOf(t.Context(), c, "r"); err != nil && !isProjectError(err) {
					t.Fatalf("service's clock off by %s: %v", offset, err)
				}
				c.regions = map[string]*region{"": c.home} // look up again
				time.Sleep(time.Minute)
			}
			renewals := 0
			for _, r := range cloud.Requests() {
				if r.Operation == simulator.AssumeAgency {
					renewals++
				}
				if r.Status >= 400 {
					t.Errorf("%s: %d", r.Operation, r.Status)
				}
			}
			if renewals != 2*7 { // each agency every nine minutes
				t.Errorf("agencies were assumed %d times", renewals)
			}
		})
	}
}

func isProjectError(err error) bool {
	var unknown *ProjectError
	return errors.As(err, &unknown)
}

func TestTemporaryKeys_malformed(t *testing.T) {
	t.Parallel()

	complete := map[string]any{
		"access": "ak", "secret": "the-secret", "securitytoken": "the-token", "expires_at": "2100-01-01T00:00:00.000000Z",
	}
	without := func(changes map[string]any) string {
		keys := map[string]any{}
		maps.Copy(keys, complete)
		maps.Copy(keys, changes)
		body, err := json.Marshal(map[string]any{"credential": keys})
		if err != nil {
			t.Fatal(err)
		}
		return string(body)
	}
	tests := map[string]struct{ body, want string }{
		"complete": {without(nil), ""},
		"no access key": {
			without(map[string]any{"access": ""}), "the response does not contain a complete set of temporary keys",
		},
		"no secret key": {
			without(map[string]any{"secret": nil}), "the response does not contain a complete set of temporary keys",
		},
		"no token": {
			without(map[string]any{"securitytoken": ""}), "the response does not contain a complete set of temporary keys",
		},
		"no end": {
			without(map[string]any{"expires_at": nil}), "the response does not say when the temporary keys expire",
		},
		"unreadable end": {
			without(map[string]any{"expires_at": "tomorrow"}), "the response does not say when the temporary keys expire",
		},
		"wrong type": {
			without(map[string]any{"secret": 5}),
			"the temporary keys cannot be read: credential.secret has the wrong type, number",
		},
		"no object": {`["the-secret"]`, "the temporary keys cannot be read: the body has the wrong type, array"},
		"no JSON": {
			`the-secret`, "the temporary keys cannot be read: invalid character 'h' in literal true (expecting 'r')",
		},
		"nothing": {``, "the temporary keys cannot be read: unexpected end of JSON input"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := replying(reply{status: 200, body: "token"}, reply{status: 200, body: test.body})
				var seen []Attempt
				c := newTestClient(t, s, func(cfg *Config) { cfg.Credentials, cfg.Observe = Metadata{}, observeInto(&seen) })
				_, err := c.keys.get(t.Context())
				if test.want == "" {
					if err != nil {
						t.Fatal(err)
					}
				} else if failed := wantClass(t, err, ClassMalformed); failed.Message != test.want ||
					strings.Contains(err.Error(), "the-secret") {
					t.Errorf("got %q, want %q", failed.Message, test.want)
				}
				if slices.ContainsFunc(seen, func(a Attempt) bool {
					return a.Body != nil || a.Err != nil && strings.Contains(a.Err.Error(), "the-secret")
				}) {
					t.Error("a response with credentials was shown")
				}
			})
		})
	}
}

// The error of a reader that leaves a step that hangs names the step, and not a
// list or a lookup that was never requested.
func TestCredentials_deadlineInAStep(t *testing.T) {
	t.Parallel()

	tests := map[string]struct {
		from      CredentialsProvider
		agencies  []Agency
		hangs     simulator.Operation
		step      string
		operation Operation
	}{
		"agency": {
			testKeys, []Agency{firstByName, secondByID}, simulator.CreateTemporaryAccessKeyByAgency,
			`assume_role: agency "first" of account "first-account"`, OperationAssumeAgency,
		},
		"second agency": {
			testKeys, []Agency{firstByName, secondByID}, simulator.AssumeAgency,
			`assume_role: agency "second" of account "` + secondDomain + `"`, OperationAssumeAgency,
		},
		"ID token": {
			exchanging(idToken), []Agency{firstByID}, simulator.CreateTokenWithIDToken,
			"assume_role_with_oidc: the exchange of the ID token for an IAM token", OperationExchangeIDToken,
		},
		"IAM token": {
			exchanging(idToken), []Agency{firstByID}, simulator.CreateTemporaryAccessKeyByToken,
			"assume_role_with_oidc: the exchange of the IAM token for temporary keys", OperationExchangeToken,
		},
		"lookup":            {testKeys, nil, simulator.ListProjects, "", OperationFindProject},
		"list":              {testKeys, nil, simulator.ListWorkflowExecutions, "", operationTest},
		"lookup of another": {testKeys, []Agency{firstByID}, simulator.ListProjects, "", OperationFindProject},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				cloud := simulator.New(accounts())
				cloud.AddWorkflow("w")
				cloud.Script(simulator.Fault{Operation: test.hangs, Hang: true, Times: -1})
				c := newTestClient(
					t, cloud.Transport(), func(cfg *Config) { cfg.Credentials, cfg.Agencies = test.from, test.agencies },
				)
				ctx, cancel := context.WithTimeout(t.Context(), time.Second)
				defer cancel()
				_, err := listThings(ctx, c)
				failed := wantClass(t, err, ClassDeadline)
				var step *CredentialsError
				if errors.As(
					err, &step,
				) != (test.step != "") || step != nil && step.Step != test.step || failed.Operation != test.operation {
					t.Errorf("got %v (%v), want the step %q", err, failed.Operation, test.step)
				}
			})
		})
	}
}

// A profile on a machine that is not an instance also causes one exchange, which
// does not use up the reader's deadline.
func TestMetadata_demandedInVain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := replying(reply{hang: true})
		c := newTestClient(t, s, func(cfg *Config) { cfg.Credentials = Metadata{Source: `profile "ecs"`} })
		for range 2 {
			for _, err := range together(20, func(int) error { return get(t.Context(), c) }) {
				if failed := wantClass(t, err, ClassNetwork); failed.Err == nil || failed.Err.Error() != "no response within 3s" {
					t.Errorf("got %v", err)
				}
			}
		}
		if s.sent() != 2 {
			t.Errorf("%d requests, want 2", s.sent())
		}
	})
}

// Keys never seem to live longer than they do, although a Date has no fractions
// and a response takes time.
func TestTemporaryKeys_neverTooLong(t *testing.T) {
	t.Parallel()

	for _, fraction := range []time.Duration{0, 500 * time.Millisecond, 999 * time.Millisecond} {
		synctest.Test(t, func(t *testing.T) {
			time.Sleep(fraction)
			account := accounts()
			account.TemporaryLifetime = time.Minute
			cloud := simulator.New(account)
			cloud.Script(simulator.Fault{Delay: 5 * time.Second, Times: -1})
			c := newTestClient(t, cloud.Transport(), func(cfg *Config) { cfg.Agencies = []Agency{firstByID} })
			asked := time.Now()
			held, err := c.keys.get(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if left := held.Expires.Sub(asked); left > time.Minute || left < time.Minute-2*time.Second {
				t.Errorf("keys for a minute, asked for at .%03d, are used for %s", fraction.Milliseconds(), left)
			}
		})
	}
}

// A later caller with more time does not make the exchange longer.
func TestMetadata_threeSecondsForAll(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newTestClient(t, replying(reply{hang: true}), func(cfg *Config) { cfg.Credentials = Metadata{} })
		began := time.Now()
		read := func(timeout time.Duration) <-chan error {
			return started(func() error {
				ctx, cancel := context.WithTimeout(t.Context(), timeout)
				defer cancel()
				return get(ctx, c)
			})
		}
		impatient := read(2 * time.Second)
		synctest.Wait()
		patient := read(5 * time.Minute)
		wantClass(t, <-impatient, ClassDeadline)
		err := <-patient
		if took := time.Since(began); took != 3*time.Second || !errors.Is(err, ErrNoCredentials) ||
			!strings.Contains(err.Error(), "GET http://169.254.169.254/openstack/latest/securitykey: no response within 3s") {
			t.Errorf("got %v after %s", err, took)
		}
	})
}

// The error of an unsigned request does not mention the clock.
func TestClock_unsigned(t *testing.T) {
	t.Parallel()

	for name, test := range map[string]struct {
		from CredentialsProvider
		want Class
	}{
		"keys":     {testKeys, ClassClock},
		"token":    {Credentials{Token: "an IAM token"}, ClassAuth},
		"ID token": {exchanging(idToken), ClassAuth},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				late := time.Now().Add(time.Hour).UTC().Format(http.TimeFormat)
				refused := reply{
					status: 401, body: `{"error_code":"APIGW.0301","error_msg":"no"}`, header: map[string]string{"Date": late},
				}
				err := get(t.Context(), newTestClient(t, replying(refused), func(cfg *Config) { cfg.Credentials = test.from }))
				wantClass(t, err, test.want)
			})
		})
	}
}
