package client

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/simulator"
)

const testToken = "an-IAM-token-of-the-test"

// asIs and exchanged are lines of the requests that a test wants: the operation,
// and whether it carried the configured token or another one.
const (
	listAsIs      = "ListWorkflowExecutions as it is"
	listExchanged = "ListWorkflowExecutions exchanged"
	lookupAsIs    = "ListProjects as it is"
	exchange      = "KeystoneCreateToken"
)

// tokenCloud is a cloud with a workflow and a token, and a second region.
func tokenCloud(project string, refuses int) *simulator.Cloud {
	cloud := simulator.New(simulator.Config{
		Token: testToken, TokenProject: project, TokenExchange: refuses,
		Projects: []simulator.Project{
			{ID: simulator.DefaultProjectID, Name: simulator.DefaultRegion},
			{ID: secondProject, Name: "cn-east-3"},
		},
	})
	cloud.AddWorkflow("w")

	return cloud
}

// carried lists the requests of a cloud.
func carried(cloud *simulator.Cloud) []string {
	var lines []string
	for _, r := range cloud.Requests() {
		line := string(r.Operation)
		switch r.Header.Get(headerAuthToken) {
		case "":
		case testToken:
			line += " as it is"
		default:
			line += " exchanged"
		}
		lines = append(lines, line)
	}

	return lines
}

func withToken(token string, changes ...func(*Config)) func(*Config) {
	return func(cfg *Config) {
		cfg.Credentials = Credentials{Token: token, Source: "the test"}
		for _, change := range changes {
			change(cfg)
		}
	}
}

func withProject(cfg *Config) { cfg.ProjectID = simulator.DefaultProjectID }

func withAccount(cfg *Config) { cfg.DomainName = simulator.DefaultDomainName }

func listOf(region string) func(context.Context, *Client) error {
	return func(ctx context.Context, c *Client) error {
		_, err := listThingsIn(ctx, c, region)
		return err
	}
}

// With twenty readers at once the token is exchanged only if it is not enough, and
// only once.
func TestToken(t *testing.T) {
	t.Parallel()

	tests := map[string]struct {
		project string // that the token is for
		refuses int    // status of the exchange of scoped tokens
		cfg     func(*Config)
		first   []string // requests, without the lists of the other readers
		then    string
		class   Class // 0: success
	}{
		"for the project": {
			project: simulator.DefaultProjectID, cfg: withProject,
			first: []string{listAsIs}, then: listAsIs,
		},
		"for the project, account known": {
			project: simulator.DefaultProjectID, cfg: func(cfg *Config) { withProject(cfg); withAccount(cfg) },
			first: []string{listAsIs}, then: listAsIs,
		},
		"unscoped, project known": {
			project: simulator.Unscoped, cfg: withProject,
			first: []string{listAsIs, exchange, listExchanged}, then: listExchanged,
		},
		"of another project, project known": {
			project: secondProject, cfg: withProject,
			first: []string{listAsIs, exchange, listExchanged}, then: listExchanged,
		},
		"unscoped, account known": {
			project: simulator.Unscoped, cfg: withAccount,
			first: []string{exchange, listExchanged}, then: listExchanged,
		},
		"unscoped, account known by its ID": {
			project: simulator.Unscoped, cfg: func(cfg *Config) { cfg.DomainID = simulator.DefaultDomainID },
			first: []string{exchange, listExchanged}, then: listExchanged,
		},
		"unscoped, nothing known": {
			project: simulator.Unscoped, cfg: func(*Config) {},
			first: []string{lookupAsIs, listAsIs, exchange, listExchanged}, then: listExchanged,
		},
		"for the project, scoped tokens are not exchanged": {
			project: simulator.DefaultProjectID, refuses: 403, cfg: withAccount,
			first: []string{exchange, lookupAsIs, listAsIs}, then: listAsIs,
		},
		"for the project, scoped tokens are invalid requests": {
			project: simulator.DefaultProjectID, refuses: 400, cfg: withAccount,
			first: []string{exchange, lookupAsIs, listAsIs}, then: listAsIs,
		},
		"of another project, scoped tokens are not exchanged": {
			project: secondProject, refuses: 403, cfg: withProject,
			first: []string{listAsIs, exchange}, then: listAsIs, class: ClassPermission,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				cloud := tokenCloud(test.project, test.refuses)
				cloud.Script(simulator.Fault{Delay: time.Second}.Repeat(-1))
				c := newTestClient(t, cloud.Transport(), withToken(testToken, test.cfg))
				for _, err := range together(20, func(int) error { return listOf("")(t.Context(), c) }) {
					if test.class == 0 && err != nil {
						t.Fatal(err)
					}
					if test.class != 0 {
						if failed := wantClass(t, err, test.class); failed.Exchange == nil || failed.Exchange.Status != test.refuses {
							t.Errorf("got %v, want the exchange's failure with it: %v", failed, failed.Exchange)
						}
					}
				}
				want := test.first
				for len(want) < len(test.first)+19 {
					want = append(want, test.then)
				}
				if diff := cmp.Diff(want, carried(cloud)); diff != "" {
					t.Errorf("requests (-want +got):\n%s", diff)
				}
			})
		})
	}
}

// A wrong token is sent once and exchanged once, for any number of readers.
func TestToken_wrong(t *testing.T) {
	t.Parallel()

	tests := map[string]struct {
		cfg     func(*Config)
		regions []string
		want    []string
		both    bool // whether the error has both responses
	}{
		"project known": {
			withProject, []string{""}, []string{"ListWorkflowExecutions exchanged", exchange}, true,
		},
		"account known":              {withAccount, []string{""}, []string{exchange}, false},
		"account known, two regions": {withAccount, []string{"", "cn-east-3"}, []string{exchange}, false},
		"nothing known": {
			func(*Config) {}, []string{"", "cn-east-3"}, []string{"ListProjects exchanged"}, false,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				cloud := tokenCloud("", 0)
				cloud.Script(simulator.Fault{Delay: time.Second}.Repeat(-1))
				c := newTestClient(t, cloud.Transport(), withToken("a wrong token", test.cfg))
				errs := together(50, func(i int) error { return listOf(test.regions[i%len(test.regions)])(t.Context(), c) })
				for _, err := range append(errs, listOf("")(t.Context(), c)) {
					if failed := wantClass(t, err, ClassAuth); (failed.Exchange != nil) != test.both {
						t.Errorf("got %v with the exchange's %v", failed, failed.Exchange)
					}
				}
				if diff := cmp.Diff(test.want, carried(cloud)); diff != "" {
					t.Errorf("requests (-want +got):\n%s", diff)
				}
			})
		})
	}
}

// The exact requests to IAM (CLOUD.md 6.7).
func TestToken_request(t *testing.T) {
	t.Parallel()

	tests := map[string]struct {
		cfg         func(*Config)
		region      string
		url, scope  string
		alsoRefused bool
	}{
		"by ID": {
			cfg: withProject, url: "https://iam.cn-north-4.myhuaweicloud.com/v3/auth/tokens",
			scope: `{"project":{"id":"` + simulator.DefaultProjectID + `"}}`,
		},
		"by the region's name": {
			cfg: withAccount, url: "https://iam.cn-north-4.myhuaweicloud.com/v3/auth/tokens",
			scope: `{"project":{"domain":{"name":"sample-account"},"name":"cn-north-4"}}`,
		},
		"by the account's ID, which is exact": {
			cfg:   func(cfg *Config) { cfg.DomainID, cfg.DomainName = "d1", "n1" },
			url:   "https://iam.cn-north-4.myhuaweicloud.com/v3/auth/tokens",
			scope: `{"project":{"domain":{"id":"d1"},"name":"cn-north-4"}}`,
		},
		"by project_name, at auth_url": {
			cfg: func(cfg *Config) { withAccount(cfg); cfg.ProjectName, cfg.AuthURL = "sub", "https://auth.test/v3" },
			url: "https://auth.test/v3/auth/tokens", scope: `{"project":{"domain":{"name":"sample-account"},"name":"sub"}}`,
		},
		"of another region, whose project is not the configured one": {
			cfg: func(cfg *Config) { withAccount(cfg); withProject(cfg) }, region: "cn-east-3",
			url:   "https://iam.cn-east-3.myhuaweicloud.com/v3/auth/tokens",
			scope: `{"project":{"domain":{"name":"sample-account"},"name":"cn-east-3"}}`,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := replying(reply{status: 401, body: `{"error":{"code":401,"message":"no"}}`})
			err := listOf(test.region)(t.Context(), newTestClient(t, s, withToken(testToken, test.cfg)))
			wantClass(t, err, ClassAuth)
			r := s.requests[len(s.requests)-1]
			body := make([]byte, 1000)
			n, _ := must(r.GetBody()).Read(body)
			want := `{"auth":{"identity":{"methods":["token"],"token":{"id":"` + testToken + `"}},"scope":` + test.scope + `}}`
			if diff := cmp.Diff("POST "+test.url+"\n"+want, r.Method+" "+r.URL.String()+"\n"+string(body[:n])); diff != "" {
				t.Errorf("request (-want +got):\n%s", diff)
			}
			for _, name := range []string{"Authorization", headerAuthToken, headerProjectID} {
				if value := r.Header.Get(name); value != "" {
					t.Errorf("%s: %s", name, value)
				}
			}
		})
	}
}

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}

	return value
}

// A stand-in without IAM works with a token, a project and an endpoint. If the
// exchange is not possible, readers get the stand-in's own response.
func TestToken_withoutIAM(t *testing.T) {
	t.Parallel()

	works := reply{status: 200, body: `{"executions":[]}`}
	denied := reply{status: 403, body: `{"error_code":"FSS.0403","error_msg":"invalid token"}`}
	tests := map[string]struct {
		cfg   func(*Config)
		fgs   reply
		other reply // everything but lists and lookups
		class Class
		sent  int
	}{
		"works":                         {withProject, works, reply{err: errors.New("no IAM")}, 0, 1},
		"denied, IAM not there":         {withProject, denied, reply{err: errors.New("no IAM")}, ClassPermission, 2},
		"denied, another body for IAM":  {withProject, denied, reply{status: 200, body: `{}`}, ClassPermission, 3},
		"denied, not found":             {withProject, denied, reply{status: 404, body: `<html>`}, ClassPermission, 2},
		"account, IAM without exchange": {withAccount, works, reply{status: 404}, 0, 3},
		"account, IAM only knows GET":   {withAccount, works, reply{status: 501}, 0, 3},
		"account, POST is not allowed":  {withAccount, works, reply{status: 405}, 0, 3},
		"account, no token comes back":  {withAccount, works, reply{status: 200, body: `{"projects":[]}`}, 0, 4},
		"account, the token comes back": {withAccount, works, reply{
			status: 201, header: map[string]string{"X-Subject-Token": testToken}, body: `{"token":{"project":{"id":"p1"}}}`,
		}, 0, 2},
		"denied, the token comes back": {
			withProject, denied, reply{status: 201, header: map[string]string{"X-Subject-Token": testToken}, body: `{}`},
			ClassPermission, 3,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := replying()
				s.respond = func(_ int, r *http.Request) reply {
					switch {
					case strings.HasSuffix(r.URL.Path, "/executions"):
						return test.fgs
					case strings.HasSuffix(r.URL.Path, "/projects"):
						return reply{status: 200, body: `{"projects":[{"id":"p1","name":"cn-north-4"}]}`}
					default:
						return test.other
					}
				}
				err := listOf("")(t.Context(), newTestClient(t, s, withToken(testToken, test.cfg)))
				if test.class == 0 && err != nil {
					t.Errorf("got %v", err)
				}
				if test.class != 0 {
					wantClass(t, err, test.class)
				}
				if s.sent() != test.sent {
					t.Errorf("%d requests, want %d", s.sent(), test.sent)
				}
			})
		})
	}
}

// The exchanged token lives as long as IAM says, and is renewed like any other.
func TestToken_renewed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		cloud := simulator.New(simulator.Config{Token: testToken, TokenProject: simulator.Unscoped, TokenLifetime: time.Hour})
		cloud.AddWorkflow("w")
		c := newTestClient(t, cloud.Transport(), withToken(testToken, withProject))
		for range 3 {
			if err := listOf("")(t.Context(), c); err != nil {
				t.Fatal(err)
			}
			time.Sleep(52 * time.Minute)
		}
		want := []string{listAsIs, exchange, listExchanged, exchange, listExchanged, exchange, listExchanged}
		if diff := cmp.Diff(want, carried(cloud)); diff != "" {
			t.Errorf("requests (-want +got):\n%s", diff)
		}
	})
}

// After the token has been accepted, a refusal is about the request.
func TestToken_refusedLater(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		cloud := tokenCloud(simulator.DefaultProjectID, 0)
		c := newTestClient(t, cloud.Transport(), withToken(testToken, withProject))
		if err := listOf("")(t.Context(), c); err != nil {
			t.Fatal(err)
		}
		cloud.Script(simulator.Status(403))
		wantClass(t, listOf("")(t.Context(), c), ClassPermission)
		if diff := cmp.Diff([]string{listAsIs, listAsIs}, carried(cloud)); diff != "" {
			t.Errorf("requests (-want +got):\n%s", diff)
		}
	})
}

// After a temporary failure of IAM the next reader tries again. The error has both
// responses.
func TestToken_exchangeFails(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		cloud := tokenCloud(simulator.Unscoped, 0)
		cloud.Script(simulator.Fault{Operation: simulator.CreateTokenWithToken, Status: 503, Body: "{}"})
		c := newTestClient(t, cloud.Transport(), withToken(testToken, withProject), maxRetries(0))
		failed := wantClass(t, listOf("")(t.Context(), c), ClassAuth)
		if failed.Exchange == nil || failed.Exchange.Status != 503 || failed.Status != 401 {
			t.Errorf("got %v and %v", failed, failed.Exchange)
		}
		if err := listOf("")(t.Context(), c); err != nil {
			t.Error(err)
		}
		if diff := cmp.Diff([]string{listAsIs, exchange, exchange, listExchanged}, carried(cloud)); diff != "" {
			t.Errorf("requests (-want +got):\n%s", diff)
		}
	})
}

// A later reader whose exchange also fails gets both responses and its own
// project.
func TestToken_exchangeFailsAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		cloud := tokenCloud(simulator.Unscoped, 0)
		cloud.Script(simulator.Fault{Operation: simulator.CreateTokenWithToken, Status: 503, Body: "{}"}.Repeat(-1))
		c := newTestClient(t, cloud.Transport(), withToken(testToken, withProject), maxRetries(0))
		wantClass(t, listOf("")(t.Context(), c), ClassAuth)
		failed := wantClass(t, listOf("")(t.Context(), c), ClassAuth)
		if !failed.ForAnother || failed.Status != 401 || failed.ProjectID != simulator.DefaultProjectID ||
			failed.Exchange == nil || failed.Exchange.Status != 503 {
			t.Errorf("got %v and %v", failed, failed.Exchange)
		}
		if diff := cmp.Diff([]string{listAsIs, exchange, exchange}, carried(cloud)); diff != "" {
			t.Errorf("requests (-want +got):\n%s", diff)
		}
	})
}

// A reader whose time ends during the exchange gets an error that names the step.
func TestToken_deadline(t *testing.T) {
	t.Parallel()
	for name, cfg := range map[string]func(*Config){"project known": withProject, "account known": withAccount} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				cloud := tokenCloud(simulator.Unscoped, 0)
				cloud.Script(simulator.Fault{Operation: simulator.CreateTokenWithToken, Hang: true, Times: -1})
				c := newTestClient(t, cloud.Transport(), withToken(testToken, cfg))
				ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
				defer cancel()
				err := listOf("")(ctx, c)
				failed := wantClass(t, err, ClassDeadline)
				if _, ok := errors.AsType[*CredentialsError](err); !ok || failed.Operation != OperationScopeToken {
					t.Errorf("got %v", err)
				}
			})
		})
	}
}

// An unusable response to the exchange is an error that quotes nothing of it.
func TestToken_unfitResponse(t *testing.T) {
	t.Parallel()

	const other = "the-other-token"
	project := func(id string) string { return `{"token":{"project":{"id":"` + id + `"}}}` }
	tests := map[string]struct{ token, body, want string }{
		"no token":           {"", project("p1"), "the response does not contain an X-Subject-Token"},
		"token with a space": {"the other", project("p1"), "the X-Subject-Token of the response cannot be sent in a header"},
		"no body":            {other, "", "the token's description cannot be read: unexpected end of JSON input"},
		"the same key twice": {
			other, `{"token":{},"token":{}}`, `the token's description cannot be read: the key "token" appears twice`,
		},
		"project of its own": {other, project(other), "token.project.id repeats a secret of the request"},
		"project of ours":    {other, project("x" + testToken), "token.project.id repeats a secret of the request"},
		"project of no use":  {other, project("a\\nb"), "the response contains an invalid project ID"},
		"project of a number": {
			other, `{"token":{"project":{"id":5}}}`,
			"the token's description cannot be read: token.project.id has the wrong type, number",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := replying()
				s.respond = func(_ int, r *http.Request) reply {
					if r.Method == http.MethodPost {
						return reply{status: 201, header: map[string]string{"X-Subject-Token": test.token}, body: test.body}
					}
					return reply{status: 401, body: `{"error_msg":"no"}`}
				}
				failed := wantClass(t, listOf("")(t.Context(), newTestClient(t, s, withToken(testToken, withProject))), ClassAuth)
				if failed.Exchange == nil || failed.Exchange.Message != test.want {
					t.Errorf("got %v, want %s", failed.Exchange, test.want)
				}
				if text := failed.Exchange.Error(); strings.Contains(text, other) || strings.Contains(text, testToken) {
					t.Errorf("a token is shown: %s", text)
				}
				if s.sent() != 3 { // a response that cannot be read is requested again, once
					t.Errorf("%d requests, want 3", s.sent())
				}
			})
		})
	}
}

// Neither token is ever shown.
func TestToken_secret(t *testing.T) {
	t.Parallel()
	s := replying()
	s.respond = func(_ int, r *http.Request) reply {
		if r.Method == "POST" {
			return reply{status: 201, header: map[string]string{"X-Subject-Token": "the-other-token"}, body: `{"token":{}}`}
		}
		return reply{
			status: 403, body: `{"error_code":"FSS.0403","error_msg":"invalid token ` + r.Header.Get(headerAuthToken) + `"}`,
		}
	}
	var seen []Attempt
	c := newTestClient(t, s, withToken(testToken, withProject), func(cfg *Config) { cfg.Observe = observeInto(&seen) })
	err := listOf("")(t.Context(), c)
	wantClass(t, err, ClassPermission)
	texts := []string{err.Error()}
	for _, attempt := range seen {
		texts = append(texts, string(attempt.Body))
		if attempt.Err != nil {
			texts = append(texts, attempt.Err.Error())
		}
	}
	for _, text := range texts {
		if strings.Contains(text, "the-other-token") || strings.Contains(text, testToken) {
			t.Errorf("a token is shown: %s", text)
		}
	}
}
