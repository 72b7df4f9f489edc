package client

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/simulator"
)

// Errors name the variables that led to a request, and no others.
func TestSettings(t *testing.T) {
	t.Parallel()

	all := map[string]string{}
	for _, argument := range []string{
		"region", "auth_url", "cloud", "project_id", "project_name", "domain_id", "domain_name", "cacert_file",
	} {
		all[argument] = "variable " + argument
	}
	all["assume_role[0].domain_name"], all["assume_role_with_oidc[0].idp_id"] = "variable name", "variable idp"
	const sample = "https://sample.test"
	tests := map[string]struct {
		cfg    func(*Config)
		region string
		reply  reply
		want   []string
	}{
		"list": {
			cfg: func(cfg *Config) { cfg.ProjectID = "p1" }, reply: reply{status: 403},
			want: []string{
				"region from variable region", "cloud from variable cloud", "project_id from variable project_id",
				"project_name from variable project_name",
			},
		},
		"list of another region": {
			cfg: func(cfg *Config) {
				cfg.ProjectID = "p1"
				cfg.Endpoints = map[string]string{
					"iam": sample,
				}
			}, region: "r2", reply: reply{status: 403},
			want: nil, // the lookup's endpoint is of the block
		},
		"list at a custom endpoint": {
			cfg:   func(cfg *Config) { cfg.ProjectID = "p1"; cfg.Endpoints = map[string]string{"fgs": sample} },
			reply: reply{status: 403},
			want: []string{
				"region from variable region", "project_id from variable project_id", "project_name from variable project_name",
			},
		},
		"lookup": {
			cfg: func(cfg *Config) { cfg.AuthURL = sample }, reply: reply{status: 403},
			want: []string{
				"region from variable region", "auth_url from variable auth_url", "project_id from variable project_id",
				"project_name from variable project_name",
			},
		},
		"lookup, no response": {
			cfg: func(cfg *Config) { cfg.AuthURL = sample }, reply: reply{err: errors.New("no")},
			want: []string{
				"region from variable region", "auth_url from variable auth_url", "project_id from variable project_id",
				"project_name from variable project_name", "cacert_file from variable cacert_file",
			},
		},
		"agency": {
			cfg: func(cfg *Config) { cfg.AuthURL = sample; cfg.Agencies = []Agency{firstByName} }, reply: reply{status: 403},
			want: []string{
				"region from variable region", "auth_url from variable auth_url", "domain_id from variable domain_id",
				"assume_role[0].domain_name from variable name",
			},
		},
		"agency at endpoints.iam": {
			cfg: func(cfg *Config) {
				cfg.AuthURL, cfg.Endpoints, cfg.Agencies = sample, map[string]string{"iam": sample}, []Agency{firstByName}
			},
			reply: reply{status: 403},
			want: []string{
				"region from variable region", "domain_id from variable domain_id", "assume_role[0].domain_name from variable name",
			},
		},
		"agency at STS": {
			cfg: func(cfg *Config) { cfg.AuthURL = sample; cfg.Agencies = []Agency{firstByID} }, reply: reply{status: 403},
			want: []string{
				"region from variable region", "cloud from variable cloud", "domain_id from variable domain_id",
				"assume_role[0].domain_name from variable name",
			},
		},
		"ID token": {
			cfg: func(cfg *Config) { cfg.Credentials = exchanging("wrong") }, reply: reply{status: 403},
			want: []string{
				"region from variable region", "cloud from variable cloud", "assume_role_with_oidc[0].idp_id from variable idp",
			},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newTestClient(t, replying(test.reply), func(cfg *Config) { cfg.Sources = all }, test.cfg)
			failed := asAPIError(t, listOf(test.region)(t.Context(), c))
			if diff := cmp.Diff(test.want, failed.Settings); diff != "" {
				t.Errorf("settings (-want +got):\n%s", diff)
			}
		})
	}
}

// A refused key concerns all readers; the error of each has its own region and
// project, and names the request.
func TestRefusedForAnother(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		cloud := simulator.New(simulator.Config{})
		c := newTestClient(t, cloud.Transport(), func(cfg *Config) {
			cfg.Credentials, cfg.ProjectID = Credentials{AccessKey: "wrong", SecretKey: "wrong"}, simulator.DefaultProjectID
		})
		first := wantClass(t, listOf("")(t.Context(), c), ClassAuth)
		if first.ForAnother || first.Region != simulator.DefaultRegion {
			t.Errorf("the first: %+v", first)
		}
		second := wantClass(t, listOf("r2")(t.Context(), c), ClassAuth)
		if !second.ForAnother || second.Region != "r2" || second.ProjectID != "" || second.RequestID != first.RequestID ||
			second.Request() != first.Request() {
			t.Errorf("the second: %+v", second)
		}
		third := wantClass(t, listOf("")(t.Context(), c), ClassAuth)
		if !third.ForAnother || third.Region != simulator.DefaultRegion || third.ProjectID != simulator.DefaultProjectID ||
			third.Attempts != 0 {
			t.Errorf("the third: %+v", third)
		}
		if n := len(cloud.Requests()); n != 1 {
			t.Errorf("%d requests, want 1", n)
		}
	})
}

// A step on the way to credentials fails for every reader in its own region.
func TestCredentialsError_ofReader(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		for name, from := range map[string]CredentialsProvider{
			"metadata": Metadata{Source: "profile"}, "OIDC": exchanging("wrong"),
		} {
			cloud := simulator.New(accounts())
			cloud.Script(simulator.Fault{Status: 401, Body: "no", Times: -1})
			c := newTestClient(t, cloud.Transport(), func(cfg *Config) { cfg.Credentials, cfg.ProjectID = from, "p1" })
			for region, project := range map[string]string{simulator.DefaultRegion: "p1", "r2": ""} {
				err := listOf(region)(t.Context(), c)
				step, ok := errors.AsType[*CredentialsError](err)
				if !ok || step.Region != region || step.ProjectID != project {
					t.Errorf("%s: %+v, want region %s and project %q", name, step, region, project)
				}
			}
		}
	})
}

// Whether a host has ever responded decides what to do about a lack of time.
func TestSilent(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := replying(reply{hang: true}, good, reply{hang: true})
		c := newTestClient(t, s)
		for n, want := range []bool{true, false, false} {
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			err := get(ctx, c)
			cancel()
			if n == 1 {
				if err != nil {
					t.Fatal(err)
				}
				continue
			}
			if failed := wantClass(t, err, ClassDeadline); failed.Silent != want {
				t.Errorf("read %d: silent %t, want %t", n, failed.Silent, want)
			}
		}
	})
}
