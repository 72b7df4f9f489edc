package provider

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
)

// defaultConfigFile is the configuration file of hcloud, Huawei Cloud's command
// line tool (KooCLI).
const defaultConfigFile = "~/.hcloud/config.json"

// profile is what the provider uses of a profile of hcloud.
type profile struct {
	name   string
	exists bool // whether the file has a profile of that name

	// keys are empty for a profile whose keys come from the ECS metadata service.
	keys hcloudKeys

	region    string
	projectID string
	domainID  string
	agency    profileAgency
}

// profileAgency is the agency that a profile assumes, and its account by name or
// by ID. The zero value means none.
type profileAgency struct{ name, domainName, domainID string }

// hcloudConfig is the part of hcloud's configuration file that the provider reads.
type hcloudConfig struct {
	Current     string          `json:"current"`
	AuthEncrypt flag            `json:"authEncrypt"`
	Profiles    []hcloudProfile `json:"profiles"`
}

type hcloudProfile struct {
	Name             string `json:"name"`
	Mode             string `json:"mode"`
	AccessKey        string `json:"accessKeyId"`
	SecretKey        string `json:"secretAccessKey"`
	SecurityToken    string `json:"securityToken"`
	Region           string `json:"region"`
	ProjectID        string `json:"projectId"`
	DomainID         string `json:"domainId"`
	AgencyName       string `json:"agencyName"`
	AgencyDomainID   string `json:"agencyDomainId"`
	AgencyDomainName string `json:"agencyDomainName"`
	SSOAuth          struct {
		STSToken hcloudKeys `json:"stsToken"`
	} `json:"ssoAuth"`
}

type hcloudKeys struct {
	AccessKey     string `json:"accessKeyId"`
	SecretKey     string `json:"secretAccessKey"`
	SecurityToken string `json:"securityToken"`
}

// flag is a boolean that hcloud writes as a string.
type flag bool

func (f *flag) UnmarshalJSON(data []byte) error {
	*f = flag(strings.EqualFold(strings.Trim(string(data), `"`), "true"))

	return nil
}

// parseProfile finds a profile in hcloud's configuration file: the profile of that
// name, or the current one if name is empty. The error is a clause that follows
// "cannot be used: ", and never contains a key.
func parseProfile(data []byte, name string) (profile, error) {
	var config hcloudConfig
	if err := json.Unmarshal(bytes.TrimPrefix(data, []byte(byteOrderMark)), &config); err != nil {
		return profile{name: name}, formError(data, err)
	}
	name = cmp.Or(name, config.Current)
	if name == "" {
		return profile{}, errors.New("the file names no current profile. Set profile to one of its names")
	}
	for _, p := range config.Profiles {
		if p.Name == name {
			return p.read(bool(config.AuthEncrypt))
		}
	}

	return profile{name: name}, fmt.Errorf("the file has no profile of this name. %s", config.names())
}

// formError returns the place at which a file deviates from what hcloud writes. It
// does not show the text.
func formError(data []byte, err error) error {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		line := 1 + bytes.Count(data[:min(int(syntax.Offset), len(data))], []byte("\n"))
		return fmt.Errorf("the file is not valid JSON, as line %d shows. \"hcloud configure set\" writes it", line)
	case errors.As(err, &kind) && kind.Field != "":
		return fmt.Errorf("the file is not as hcloud writes it: %s is of another kind", kind.Field)
	default:
		return errors.New("the file is not as hcloud writes it")
	}
}

// names lists the profiles for an error message.
func (c hcloudConfig) names() string {
	if len(c.Profiles) == 0 {
		return "It has none; \"hcloud configure set\" makes one"
	}
	var names []string
	for _, p := range c.Profiles {
		names = append(names, show(p.Name))
	}

	return "It has " + strings.Join(names, ", ")
}

// Modes of hcloud that need more than the keys of the profile.
const (
	modeSSO       = "SSO"
	modeECSAgency = "ecsAgency"
)

// read validates a profile and returns how it authenticates.
func (p hcloudProfile) read(encrypted bool) (profile, error) {
	result := profile{name: p.Name, exists: true, region: p.Region, projectID: p.ProjectID, domainID: p.DomainID}
	onECS, sso := strings.EqualFold(p.Mode, modeECSAgency), strings.EqualFold(p.Mode, modeSSO)
	switch {
	case onECS:
	case sso:
		result.keys = p.SSOAuth.STSToken
	default:
		result.keys = hcloudKeys{p.AccessKey, p.SecretKey, p.SecurityToken}
	}
	keys := result.keys

	switch {
	case onECS:
	case sso && (keys.AccessKey == "" || keys.SecretKey == ""):
		return result, errors.New("it has no temporary keys. Log in again with \"hcloud configure sso\"")
	case keys.AccessKey == "" && keys.SecretKey == "":
		return result, fmt.Errorf("it has no keys, and its mode is %s. Choose one of mode AKSK, SSO or ecsAgency, "+
			"or leave profile and shared_config_file out", show(p.Mode))
	case keys.AccessKey == "" || keys.SecretKey == "":
		return result, errors.New("it has only half of a pair of keys. Set accessKeyId and secretAccessKey with " +
			"\"hcloud configure set\"")
	case encrypted:
		return result, errors.New("its keys are encrypted (authEncrypt), and only hcloud can read them. " +
			"Have them stored as they are with \"hcloud configure set --cli-auth-encrypt=false\", " +
			"or leave profile and shared_config_file out and set HW_ACCESS_KEY and HW_SECRET_KEY")
	}

	switch {
	case p.AgencyName == "":
	case p.AgencyDomainName != "": // IAM is asked (v3)
		result.agency = profileAgency{name: p.AgencyName, domainName: p.AgencyDomainName}
	case p.AgencyDomainID != "": // STS is asked (v5)
		result.agency = profileAgency{name: p.AgencyName, domainID: p.AgencyDomainID}
	case !onECS: // there, without an account, it is the instance's own, whose keys the metadata service gives
		return result, fmt.Errorf("it names the agency %s without its account. "+
			"Set agencyDomainName or agencyDomainId with \"hcloud configure set\"", show(p.AgencyName))
	}

	return result, nil
}

// arguments returns the arguments that the profile sets. The keys replace all
// others even if they are empty, because a security token belongs to one pair of
// keys.
func (p profile) arguments() map[string]string {
	result := map[string]string{
		"access_key":     p.keys.AccessKey,
		"secret_key":     p.keys.SecretKey,
		"security_token": p.keys.SecurityToken,
	}
	for argument, value := range map[string]string{"region": p.region, "project_id": p.projectID,
		"domain_id": p.domainID} {
		if value != "" {
			result[argument] = value
		}
	}

	return result
}

// readProfile reads the profile that the block or the environment selects. It
// returns false if the profile cannot be used.
func (r *resolver) readProfile(ctx context.Context) bool {
	name, file := r.root("profile"), r.root("shared_config_file")
	var asked []given
	for _, g := range []given{name, file} {
		if g.isSet() {
			asked = append(asked, g)
		}
	}
	if len(asked) == 0 {
		return true
	}

	r.take(name)
	at := cmp.Or(r.take(file), defaultConfigFile)
	if len(name.check()) > 0 || len(file.check()) > 0 {
		return false
	}
	data, err := readFile(ctx, at, r.getenv)
	if err != nil {
		r.report(diag.NewAttributeErrorDiagnostic(asked[len(asked)-1].at, "Unreadable configuration file", fmt.Sprintf(
			"The configuration file of hcloud, asked for by %s, cannot be read: %s: %s. \"hcloud configure set\" "+
				"writes it; to do without it, leave profile and shared_config_file out.",
			list(asked), showFile(at, existed(err)), err)))
		return false
	}
	found, err := parseProfile(data, name.text)
	source := profileSource(found.name, at)
	if err != nil {
		if !found.exists {
			source = missingProfile(found.name, at)
		}
		r.report(diag.NewAttributeErrorDiagnostic(asked[0].at, "Unusable profile", fmt.Sprintf(
			"The %s, asked for by %s, cannot be used: %s.", source, list(asked), err)))
		return false
	}
	r.profile, r.profileAgency, r.profileSource = found.arguments(), found.agency, source

	return true
}

// missingProfile returns the problem of a profile that the file does not have. It
// hides a name that may be a misplaced secret.
func missingProfile(name, file string) string {
	switch {
	case name == "":
		return fmt.Sprintf("current profile of %q", file)
	case mayBeSecret(name):
		return fmt.Sprintf("profile of %q (its name is not shown, because it may be a secret)", file)
	default:
		return profileSource(name, file)
	}
}

// profileSource describes a profile as a source of values. The profile and the
// file exist, so that their names are not secrets.
func profileSource(name, file string) string { return fmt.Sprintf("profile %q of %q", name, file) }
