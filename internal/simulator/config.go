package simulator

import (
	"slices"
	"time"
)

// Defaults of [Config]. The keys are samples without a real account.
const (
	DefaultRegion    = "cn-north-4"
	DefaultProjectID = "0123456789abcdef0123456789abcdef"
	DefaultAccessKey = "SIMULATORACCESSKEY00"
	DefaultSecretKey = "NotASecretJustTheSampleKeyOfTheSimulator"

	// The sample account. It owns the key pair of [Config] and everything without
	// another account.
	DefaultDomainID   = "fedcba9876543210fedcba9876543210"
	DefaultDomainName = "sample-account"
)

// Config is the configuration of the service. The zero value is the service as
// documented, with the default key and one project named [DefaultRegion].
type Config struct {
	// Now is the service's clock. It dates responses, checks the age of signatures and
	// ends the default window. Nil means time.Now.
	Now func() time.Time

	// AccessKey and SecretKey are the key pair that the service accepts, besides the
	// pairs that it issues. Both empty means the default pair.
	AccessKey, SecretKey string
	// SecurityToken makes the pair a temporary one. Requests must have exactly this
	// X-Security-Token, or none if it is empty.
	SecurityToken string

	// Token is an IAM token of [CallerHome], which X-Auth-Token can carry instead of a
	// signature. Empty means none.
	Token string
	// TokenExpires is the time at which Token expires. The zero time means never.
	TokenExpires time.Time
	// TokenProject is the ID of the only project of Token. FunctionGraph denies it all
	// other projects, and IAM exchanges it for a token of any project of the account.
	// Empty means all projects, and [Unscoped] means none.
	TokenProject string
	// TokenExchange is the status with which IAM refuses to exchange a token that
	// already has a project. This is not documented. 0 means that IAM exchanges it.
	TokenExchange int

	// Agencies are the agencies that callers can assume through IAM or STS.
	Agencies []Agency
	// IdentityProviders are the identity providers whose ID tokens IAM accepts.
	IdentityProviders []IdentityProvider
	// Metadata is the metadata service of the ECS instance on which the client runs.
	// Nil means that the client runs elsewhere, and its paths are not found.
	Metadata *Metadata

	// TemporaryLifetime replaces the requested lifetime of keys from IAM and STS. 0
	// means the requested one.
	TemporaryLifetime time.Duration
	// TokenLifetime is the lifetime of IAM tokens from ID tokens. 0 means 24 hours.
	TokenLifetime time.Duration

	// Projects are the projects of all accounts. Nil means one with the default ID and
	// region, and an empty list means none.
	Projects []Project

	// Behaviour decides what the documentation leaves open.
	Behaviour Behaviour
}

// Project is a project of an account in a region (CLOUD.md 6.4).
type Project struct {
	ID       string // 32 hexadecimal digits
	Name     string // the region's name, or "<region>_<name>" for a subproject
	DomainID string // account, whose callers alone read the project; empty means the sample account
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
	cfg.Agencies = slices.Clone(cfg.Agencies)
	for i := range cfg.Agencies {
		cfg.Agencies[i].setDefaults()
	}

	return cfg
}
