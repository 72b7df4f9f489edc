package provider

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
)

func TestParseProfile(t *testing.T) {
	t.Parallel()
	pair := hcloudKeys{AccessKey: "AK", SecretKey: "SK"}
	const keys = `"accessKeyId":"AK","secretAccessKey":"SK"`
	const encrypted = "its keys are encrypted (authEncrypt), and only hcloud can read them. Have them stored as they " +
		"are with " +
		"\"hcloud configure set --cli-auth-encrypt=false\", or leave profile and shared_config_file out and set " +
		"HW_ACCESS_KEY and HW_SECRET_KEY"
	noKeys := func(mode string) string {
		return "it has no keys, and its mode is \"" + mode +
			"\". Choose one of mode AKSK, SSO or ecsAgency, or leave profile and shared_config_file out"
	}
	tests := map[string]struct {
		file    string
		profile string
		want    profile
		problem string
	}{
		"by name": {file: `{"current":"b","profiles":[{"name":"a",` + keys + `},{"name":"b"}]}`,
			profile: "a", want: profile{name: "a", keys: pair}},
		"the current one": {file: `{"current":"a","profiles":[{"name":"b"},{"name":"a",` + keys + `}]}`,
			want: profile{name: "a", keys: pair}},
		"the first of a name": {file: `{"profiles":[{"name":"a","region":"r",` + keys + `},{"name":"a"}]}`,
			profile: "a", want: profile{name: "a", keys: pair, region: "r"}},
		"byte order mark": {file: "\ufeff" + `{"current":"a","profiles":[{"name":"a",` + keys + `}]}`,
			want: profile{name: "a", keys: pair}},
		"everything": {
			file: `{"current":"a","profiles":[{"name":"a","mode":"AKSK","accessKeyId":"AK","secretAccessKey":"SK",
				"securityToken":"T","region":"r","projectId":"p",
				"domainId":"d","agencyName":"n","agencyDomainName":"m","agencyDomainId":"i","readTimeout":10,
					"skipSecureVerify":"false","ssoAuth":{}}],"language":"cn","offline":"true"}`,
			want: profile{name: "a", keys: hcloudKeys{"AK", "SK", "T"}, region: "r", projectID: "p", domainID: "d",
				agency: profileAgency{name: "n", domainName: "m"}},
		},
		"agency by ID": {file: `{"current":"a","profiles":[{"name":"a","agencyName":"n","agencyDomainId":"i",` +
			keys + `}]}`, want: profile{name: "a", keys: pair, agency: profileAgency{name: "n", domainID: "i"}}},
		"account, no agency": {file: `{"current":"a","profiles":[{"name":"a","agencyDomainId":"i",` + keys + `}]}`,
			want: profile{name: "a", keys: pair}},
		"agency, no account": {file: `{"current":"a","profiles":[{"name":"a","agencyName":"n",` + keys + `}]}`,
			problem: `it names the agency "n" without its account. Set agencyDomainName or agencyDomainId with ` +
				`"hcloud configure set"`},
		"ECS": {file: `{"current":"a","profiles":[{"name":"a","mode":"ECSagency",` +
			`"accessKeyId":"left over","agencyName":"the instance's"}]}`, want: profile{name: "a"}},
		"ECS, then an agency": {file: `{"current":"a","profiles":[{"name":"a","mode":"ecsAgency","agencyName":"n",` +
			`"agencyDomainName":"m"}]}`, want: profile{name: "a", agency: profileAgency{name: "n", domainName: "m"}}},
		"SSO": {
			file: `{"current":"a","profiles":[{"name":"a","mode":"sso","accessKeyId":"left over",` +
				`"secretAccessKey":"too","ssoAuth":{"stsToken":{"accessKeyId":"AK","secretAccessKey":"SK",` +
				`"securityToken":"T"}}}]}`,
			want: profile{name: "a", keys: hcloudKeys{"AK", "SK", "T"}},
		},
		"SSO, not logged in": {file: `{"current":"a","profiles":[{"name":"a","mode":"SSO",` + keys + `}]}`,
			problem: `it has no temporary keys. Log in again with "hcloud configure sso"`},
		"half a pair": {file: `{"current":"a","profiles":[{"name":"a","accessKeyId":"AK"}]}`,
			problem: `it has only half of a pair of keys. Set accessKeyId and secretAccessKey with "hcloud ` +
				`configure set"`},
		"mode token": {file: `{"current":"a","profiles":[{"name":"a","mode":"token"}]}`,
			problem: noKeys("token")},
		"no mode": {file: `{"current":"a","profiles":[{"name":"a"}]}`, problem: noKeys("")},
		"encrypted, a text": {file: `{"current":"a","authEncrypt":"true","profiles":[{"name":"a",` + keys + `}]}`,
			problem: encrypted},
		"encrypted, a boolean": {file: `{"current":"a","authEncrypt":true,"profiles":[{"name":"a",` + keys + `}]}`,
			problem: encrypted},
		"encrypted SSO": {file: `{"current":"a","authEncrypt":"TRUE","profiles":[{"name":"a","mode":"SSO",` +
			`"ssoAuth":{"stsToken":{` + keys + `}}}]}`, problem: encrypted},
		"not encrypted": {file: `{"current":"a","authEncrypt":"false","profiles":[{"name":"a",` + keys + `}]}`,
			want: profile{name: "a", keys: pair}},
		"encrypted, no keys": {file: `{"current":"a","authEncrypt":"true","profiles":[{"name":"a",` +
			`"mode":"ecsAgency"}]}`, want: profile{name: "a"}},
		"unknown name": {file: `{"current":"a","profiles":[{"name":"a"},{"name":"b c"}]}`, profile: "d",
			problem: `the file has no profile of this name. It has "a", "b c"`},
		"no profiles": {file: `{}`, profile: "d",
			problem: `the file has no profile of this name. It has none; "hcloud configure set" makes one`},
		"no current profile": {file: `{"profiles":[{"name":"a"}]}`,
			problem: "the file names no current profile. Set profile to one of its names"},
		"not JSON": {file: "{\n\"profiles\":\n[{\"secretAccessKey\": SK}]}", profile: "a",
			problem: "the file is not valid JSON, as line 3 shows. \"hcloud configure set\" writes it"},
		"incomplete": {file: "{\n\"profiles\":[", profile: "a",
			problem: "the file is not valid JSON, as line 2 shows. \"hcloud configure set\" writes it"},
		"empty": {file: "", profile: "a",
			problem: "the file is not valid JSON, as line 1 shows. \"hcloud configure set\" writes it"},
		"another kind of value": {file: `{"profiles":[{"secretAccessKey":4711}]}`, profile: "a",
			problem: "the file is not as hcloud writes it: profiles.secretAccessKey is of another kind"},
		"another kind of file": {file: `["SK"]`, profile: "a", problem: "the file is not as hcloud writes it"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := parseProfile([]byte(tt.file), tt.profile)
			if tt.problem != "" {
				if err == nil || err.Error() != tt.problem {
					t.Errorf("got error %v, want %s", err, tt.problem)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			tt.want.exists = true
			if diff := cmp.Diff(tt.want, got, cmp.AllowUnexported(profile{}, profileAgency{})); diff != "" {
				t.Errorf("profile (-want +got):\n%s", diff)
			}
		})
	}
}

// Any file results in a profile, or in an error of one printable line without
// secrets.
func FuzzProfile(f *testing.F) {
	for _, seed := range []string{
		"", "null", "[]", `{"profiles":{}}`, `{"authEncrypt":true}`, "\ufeff{}",
		`{"current":"a","authEncrypt":"true","profiles":[{"name":"a","mode":"AKSK","accessKeyId":"AK",` +
			`"secretAccessKey":"SK"}]}`,
		`{"current":"a","authEncrypt":"false","profiles":[{"name":"a","mode":"AKSK","accessKeyId":"AK",` +
			`"secretAccessKey":"SK","agencyName":"n","agencyDomainId":"i"}]}`,
		`{"current":"b","profiles":[{"name":"a","mode":"ecsAgency"},{"name":"b","mode":"SSO",` +
			`"ssoAuth":{"stsToken":{"accessKeyId":"AK","secretAccessKey":"SK","securityToken":"T"}}}]}`,
		`{"current":"a","profiles":[{"name":"a","accessKeyId":"AK"}]}`,
		`{"current":"a","profiles":[{"name":"a","agencyName":"n","accessKeyId":"AK","secretAccessKey":"SK"}]}`,
		`{"current":"a","profiles":[{"name":"a\n","secretAccessKey":SK}]}`,
	} {
		f.Add([]byte(seed), "")
		f.Add([]byte(seed), "a")
	}
	f.Fuzz(func(t *testing.T, file []byte, name string) {
		checkProfile(t, file, name)
		// The same with recognizable secrets.
		var config hcloudConfig
		if json.Unmarshal(file, &config) != nil {
			return
		}
		for i := range config.Profiles {
			p := &config.Profiles[i]
			sts := &p.SSOAuth.STSToken
			for _, key := range []*string{&p.AccessKey, &p.SecretKey, &p.SecurityToken, &sts.AccessKey, &sts.SecretKey,
				&sts.SecurityToken} {
				if *key != "" {
					*key = plantedSecret
				}
			}
		}
		planted, err := json.Marshal(config)
		if err != nil {
			t.Fatal(err)
		}
		checkProfile(t, planted, name)
	})
}

const plantedSecret = "PLANTED-SECRET-b0b5"

func checkProfile(t *testing.T, file []byte, name string) {
	t.Helper()
	p, err := parseProfile(file, name)
	if err != nil {
		if text := err.Error(); text == "" || strings.Contains(text, plantedSecret) ||
			strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }) {
			t.Errorf("got error %q", text)
		}
		return
	}
	if p.name == "" || name != "" && p.name != name {
		t.Errorf("got profile %q, asked for %q", p.name, name)
	}
	if (p.keys.AccessKey == "") != (p.keys.SecretKey == "") {
		t.Error("got half of a pair of keys")
	}
	if p.agency.name != "" && (p.agency.domainName == "") == (p.agency.domainID == "") {
		t.Error("got an agency without an account, or with two")
	}
}
