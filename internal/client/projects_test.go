package client

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/simulator"
)

// projectsNamed is a response of IAM.
func projectsNamed(names ...string) reply {
	type project struct {
		ID   string `json:"id"`
		Name string `json:"name"`
	}
	list := []project{}
	for _, name := range names {
		list = append(list, project{"id of " + name, name})
	}
	body, err := json.Marshal(map[string]any{"projects": list})
	if err != nil {
		panic(err)
	}

	return reply{status: http.StatusOK, body: string(body)}
}

// projectOf returns the project that is read from in a region.
func projectOf(ctx context.Context, c *Client, name string) (string, error) {
	r, err := c.region(name)
	if err != nil {
		return "", err
	}

	return c.projectID(ctx, r)
}

func TestProjectID_exactName(t *testing.T) {
	t.Parallel()

	const name = simulator.DefaultRegion
	tests := map[string]struct {
		reply reply
		want  string
		found int // of a ProjectError
	}{
		"one":                {reply: projectsNamed(name), want: "id of " + name},
		"one of many":        {reply: projectsNamed("cn-north-44", name, name+"_sub", "CN-NORTH-4"), want: "id of " + name},
		"none":               {reply: projectsNamed()},
		"only similar names": {reply: projectsNamed(name+"_sub", "cn-north-44", "CN-NORTH-4", " "+name)},
		"two":                {reply: projectsNamed(name, name), found: 2},
		"no id":              {reply: reply{status: 200, body: `{"projects":[{"name":"` + name + `"}]}`}},
	}
	for how, test := range tests {
		t.Run(how, func(t *testing.T) {
			t.Parallel()

			s := replying(test.reply)
			c := newTestClient(t, s)
			for range 2 {
				got, err := projectOf(t.Context(), c, "")
				if got != test.want {
					t.Errorf("got %q, want %q", got, test.want)
				}
				var notOne *ProjectError
				if errors.As(err, &notOne) == (test.want != "") {
					t.Fatalf("got %v", err)
				}
				want := &ProjectError{Name: name, Region: name, Found: test.found, Host: "iam.cn-north-4.myhuaweicloud.com"}
				if diff := cmp.Diff(want, notOne); notOne != nil && diff != "" {
					t.Errorf("error (-want +got):\n%s", diff)
				}
			}
			if s.sent() != 1 {
				t.Errorf("%d requests, want 1", s.sent())
			}
			want := "https://iam.cn-north-4.myhuaweicloud.com/v3/projects?name=cn-north-4"
			if got := s.requests[0].URL.String(); got != want {
				t.Errorf("requested %s, want %s", got, want)
			}
			if got := s.requests[0].Header.Get(headerProjectID); got != "" {
				t.Errorf("sent the project %q before it is known", got)
			}
		})
	}
}

func TestProjectError_Error(t *testing.T) {
	t.Parallel()

	err := &ProjectError{Name: "cn-north-4_dev", Region: "cn-north-4", Found: 0, Host: "iam.example.com"}
	if got, want := err.Error(), `IAM at iam.example.com names 0 projects called "cn-north-4_dev"`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// A response that is not a list proves nothing about projects, and is not cached.
func TestProjectID_malformed(t *testing.T) {
	t.Parallel()

	for name, body := range map[string]string{
		"error":      `{"error_code":"IAM.0002","error_msg":"busy"}`,
		"no list":    `{}`,
		"null":       `null`,
		"null list":  `{"projects":null}`,
		"wrong type": `{"projects":{}}`,
		"another":    `[]`,
		"HTML":       `<html>`,
		"empty":      ``,
		"number ID":  `{"projects":[{"id":1,"name":"cn-north-4"}]}`,
		"incomplete": `{"projects":[`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				broken := reply{status: 200, body: body}
				s := replying(broken, broken, projectsNamed(simulator.DefaultRegion))
				c := newTestClient(t, s)
				_, err := projectOf(t.Context(), c, "")
				wantClass(t, err, ClassMalformed)
				if _, err := projectOf(t.Context(), c, ""); err != nil || s.sent() != 3 {
					t.Errorf("then %v, with %d requests", err, s.sent())
				}
			})
		})
	}
}

// A result that another lookup would not change is cached.
func TestProjectID_failures(t *testing.T) {
	t.Parallel()

	tests := map[string]struct {
		reply      reply
		class      Class
		remembered bool
	}{
		"401":         {wrongKey, ClassAuth, true},
		"403":         {reply{status: 403}, ClassPermission, true},
		"clock":       {reply{status: 401, body: `{"error_msg":"signature expired"}`}, ClassClock, true},
		"500":         {reply{status: 500}, ClassServer, false},
		"503":         {reply{status: 503}, ClassServer, false},
		"429":         {reply{status: 429}, ClassThrottled, false},
		"404":         {reply{status: 404}, ClassNotFound, false},
		"no response": {reply{err: errors.New("unheard of")}, ClassNetwork, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := replying(test.reply, projectsNamed(simulator.DefaultRegion))
				c := newTestClient(t, s, maxRetries(0))
				_, err := projectOf(t.Context(), c, "")
				wantClass(t, err, test.class)

				_, err = projectOf(t.Context(), c, "")
				if test.remembered {
					wantClass(t, err, test.class)
				} else if err != nil {
					t.Errorf("then %v", err)
				}
				if want := map[bool]int{true: 1, false: 2}[test.remembered]; s.sent() != want {
					t.Errorf("%d requests, want %d", s.sent(), want)
				}
			})
		})
	}
}

func TestIsPermanentProjectError(t *testing.T) {
	t.Parallel()

	permanent := map[Class]bool{ClassAuth: true, ClassClock: true, ClassPermission: true}
	for class := ClassServer; class <= ClassCancelled; class++ {
		if got := isPermanentProjectError(&APIError{Class: class}); got != permanent[class] {
			t.Errorf("class %d: %t, want %t", class, got, permanent[class])
		}
	}
	if !isPermanentProjectError(&ProjectError{}) {
		t.Error("an unknown project is not permanent")
	}
	if isPermanentProjectError(ErrNoCredentials) {
		t.Error("missing credentials are permanent")
	}
}

func TestProjectID_regions(t *testing.T) {
	t.Parallel()

	tests := map[string]struct {
		change func(*Config)
		region string
		want   string
		sent   int
	}{
		"looked up":                  {func(*Config) {}, "", "id of cn-north-4", 1},
		"another region":             {func(*Config) {}, "r2", "id of r2", 1},
		"configured":                 {func(cfg *Config) { cfg.ProjectID = "p9" }, "", "p9", 0},
		"configured, region given":   {func(cfg *Config) { cfg.ProjectID = "p9" }, "cn-north-4", "p9", 0},
		"configured, another region": {func(cfg *Config) { cfg.ProjectID = "p9" }, "r2", "id of r2", 1},
		"named": {
			func(cfg *Config) { cfg.ProjectName = "cn-north-4_dev" }, "", "id of cn-north-4_dev", 1,
		},
		"named, another region": {func(cfg *Config) { cfg.ProjectName = "cn-north-4_dev" }, "r2", "id of r2", 1},
		"configured and named":  {func(cfg *Config) { cfg.ProjectID, cfg.ProjectName = "p9", "n" }, "", "p9", 0},
		"configured and named, elsewhere": {
			func(cfg *Config) { cfg.ProjectID, cfg.ProjectName = "p9", "n" }, "r2", "id of r2", 1,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			s := &service{respond: func(_ int, r *http.Request) reply { return projectsNamed(r.URL.Query().Get("name")) }}
			c := newTestClient(t, s, test.change)
			for range 2 {
				if got, err := projectOf(t.Context(), c, test.region); got != test.want || err != nil {
					t.Errorf("got %q, %v; want %q", got, err, test.want)
				}
			}
			if s.sent() != test.sent {
				t.Errorf("%d requests, want %d", s.sent(), test.sent)
			}
		})
	}
}

// One lookup serves all readers of a region, and each region has its own.
func TestProjectID_lookedUpOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		cloud := simulator.New(simulator.Config{Projects: []simulator.Project{
			{ID: simulator.DefaultProjectID, Name: simulator.DefaultRegion},
			{ID: "22222222222222222222222222222222", Name: "ap-southeast-1"},
		}})
		cloud.Script(simulator.Fault{Delay: time.Second}.Repeat(-1))
		c := newTestClient(t, cloud.Transport())
		regions := []string{"", simulator.DefaultRegion, "ap-southeast-1"}
		want := []string{simulator.DefaultProjectID, simulator.DefaultProjectID, "22222222222222222222222222222222"}
		for _, err := range together(30, func(i int) error {
			id, err := projectOf(t.Context(), c, regions[i%3])
			if id != want[i%3] {
				t.Errorf("region %q: project %q, want %q", regions[i%3], id, want[i%3])
			}
			return err
		}) {
			if err != nil {
				t.Error(err)
			}
		}
		if n := len(cloud.Requests()); n != 2 {
			t.Errorf("%d requests, want 2", n)
		}
	})
}

func TestProjectID_callerLeaves(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		slowly := projectsNamed(simulator.DefaultRegion)
		slowly.delay = 20 * time.Second
		s := replying(slowly)
		c := newTestClient(t, s)
		short, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		leaving := started(func() error { _, err := projectOf(short, c, ""); return err })
		synctest.Wait()
		staying := started(func() error { _, err := projectOf(t.Context(), c, ""); return err })

		left := wantClass(t, <-leaving, ClassDeadline)
		if left.Host != "iam.cn-north-4.myhuaweicloud.com" || left.Path != "/v3/projects" {
			t.Errorf("the error names %s%s", left.Host, left.Path)
		}
		if err := <-staying; err != nil || s.sent() != 1 {
			t.Errorf("the caller that stays got %v, with %d requests", err, s.sent())
		}
	})
}

// An attempt ends after its timeout even if the first caller had an earlier
// deadline.
func TestProjectID_attemptTimeoutForALaterCaller(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := replying(reply{hang: true}, projectsNamed(simulator.DefaultRegion))
		c := newTestClient(t, s)
		short, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		first := started(func() error { _, err := projectOf(short, c, ""); return err })
		synctest.Wait()
		long, cancelLong := context.WithTimeout(t.Context(), 5*time.Minute)
		defer cancelLong()
		start := time.Now()
		if _, err := projectOf(long, c, ""); err != nil {
			t.Error(err)
		}
		if took := time.Since(start); took > attemptTimeout+time.Second {
			t.Errorf("took %s, want %s and a retry", took, attemptTimeout)
		}
		wantClass(t, <-first, ClassDeadline)
	})
}

// A retry after the deadlines of all callers ends the lookup at once with the last
// failure.
func TestProjectID_waitPastTheDeadline(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := replying(throttledFor("1 minute"))
		c := newTestClient(t, s)
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
		defer cancel()
		start := time.Now()
		_, err := projectOf(ctx, c, "")
		wantClass(t, err, ClassThrottled)
		if took := time.Since(start); took != 0 {
			t.Errorf("took %s", took)
		}
	})
}

// The error of a reader whose time ends at the gate describes the request that it
// waited for.
func TestProjectID_deadlineAtTheGate(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		cfg       func(*Config)
		gate      func(*Client) *gate
		operation Operation
		step      string // "": none
	}{
		"lookup": {
			func(*Config) {}, func(c *Client) *gate { return c.gateFor(testKeys) }, OperationFindProject, "",
		},
		"exchange of a token": {
			withToken(testToken, withAccount), func(c *Client) *gate { return c.exchanges },
			OperationScopeToken, "the exchange of the token for one of the project (token from the test)",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := replying(good)
				c := newTestClient(t, s, test.cfg)
				test.gate(c).turn <- struct{}{} // another request is in flight
				ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
				defer cancel()
				_, err := projectOf(ctx, c, "r2")
				failed := wantClass(t, err, ClassDeadline)
				if failed.Operation != test.operation || failed.Host != "iam.r2.myhuaweicloud.com" || s.sent() != 0 {
					t.Errorf("got %+v after %d requests", failed, s.sent())
				}
				step, _ := errors.AsType[*CredentialsError](err)
				if (step != nil) != (test.step != "") || step != nil && step.Step != test.step {
					t.Errorf("got step %+v, want %q", step, test.step)
				}
			})
		})
	}
}

// The error of a reader that leaves a lookup that hangs contains the failure
// before.
func TestProjectID_deadlineAfterFailures(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newTestClient(t, replying(reply{status: 503, body: `{"error_code":"APIGW.0613"}`}, reply{hang: true}))
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		_, err := projectOf(ctx, c, "")
		failed := wantClass(t, err, ClassDeadline)
		var before *APIError
		if !errors.As(failed.Err, &before) || before.Code != "APIGW.0613" || before.Attempts != 1 {
			t.Errorf("got %v, want the failure before", err)
		}
	})
}
