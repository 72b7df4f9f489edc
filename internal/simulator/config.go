package simulator

import (
	"slices"
	"time"
)

// What the service accepts and knows unless [Config] says otherwise. The keys are samples and open nothing.
const (
	DefaultRegion    = "cn-north-4"
	DefaultProjectID = "0123456789abcdef0123456789abcdef"
	DefaultAccessKey = "SIMULATORACCESSKEY00"
	DefaultSecretKey = "NotASecretJustTheSampleKeyOfTheSimulator"
)

// Config says which account the service knows and how it behaves. The zero value is the service as documented, with
// the default key and one project named [DefaultRegion].
type Config struct {
	// Now is the service's clock: it dates answers, judges the age of signatures and ends the default window.
	// Nil means time.Now.
	Now func() time.Time

	// AccessKey and SecretKey are the one key pair accepted. Both empty means the default pair.
	AccessKey, SecretKey string
	// SecurityToken makes the pair a temporary one: requests must carry exactly this X-Security-Token. If it is
	// empty, they must carry none.
	SecurityToken string

	// Projects are what IAM's lookup finds and what paths may name. Nil means one, with the default ID and region.
	// Non-nil and empty means an account without projects.
	Projects []Project

	// Behaviour settles what the documentation leaves open.
	Behaviour Behaviour
}

// Project is a region's compartment of an account (API.md 6.4).
type Project struct {
	ID       string // 32 hexadecimal digits
	Name     string // the region's name, or "<region>_<name>" for a subproject
	DomainID string // the account; empty means a sample account
}

func (cfg Config) withDefaults() Config {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.AccessKey == "" && cfg.SecretKey == "" {
		cfg.AccessKey, cfg.SecretKey = DefaultAccessKey, DefaultSecretKey
	}
	if cfg.Projects == nil {
		cfg.Projects = []Project{{ID: DefaultProjectID, Name: DefaultRegion}}
	}
	cfg.Projects = slices.Clone(cfg.Projects)
	return cfg
}
