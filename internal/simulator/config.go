package simulator

import (
	"cmp"
	"slices"
	"time"
)

// What the service accepts and knows unless [Config] says otherwise. The keys are samples and open nothing.
const (
	DefaultRegion    = "cn-north-4"
	DefaultProjectID = "0123456789abcdef0123456789abcdef"
	DefaultAccessKey = "SIMULATORACCESSKEY00"
	DefaultSecretKey = "NotASecretJustTheSampleKeyOfTheSimulator"

	// The sample account, which owns the key pair of [Config] and everything that names no other account.
	DefaultDomainID   = "fedcba9876543210fedcba9876543210"
	DefaultDomainName = "sample-account"
)

// Config says which account the service knows and how it behaves. The zero value is the service as documented, with
// the default key and one project named [DefaultRegion].
type Config struct {
	// Now is the service's clock: it dates answers, judges the age of signatures and ends the default window.
	// Nil means time.Now.
	Now func() time.Time

	// AccessKey and SecretKey are the one key pair accepted besides those that the service issues itself. Both empty
	// means the default pair.
	AccessKey, SecretKey string
	// SecurityToken makes the pair a temporary one: requests must carry exactly this X-Security-Token. If it is
	// empty, they must carry none.
	SecurityToken string

	// Token is an IAM token of [CallerHome] that X-Auth-Token may carry instead of a signature. Empty means none.
	Token string
	// TokenExpires is when Token ends. The zero time means never.
	TokenExpires time.Time
	// TokenProject is the ID of the one project that Token is for. FunctionGraph denies it every other project, and IAM
	// exchanges it for a token of any project of the account. Empty means every project, [Unscoped] means none.
	TokenProject string
	// TokenExchange is the status with which IAM refuses to exchange a token that is for a project already, which is not
	// documented. 0 means that it is exchanged.
	TokenExchange int

	// Agencies are what may be assumed, through IAM or STS. None means that no agency is found.
	Agencies []Agency
	// IdentityProviders are whose ID tokens IAM takes. None means that no identity provider is found.
	IdentityProviders []IdentityProvider
	// Metadata is the metadata service of the ECS instance on which the client runs. Nil means that it runs elsewhere:
	// the paths of the service are not found.
	Metadata *Metadata

	// TemporaryLifetime is how long keys from IAM and STS live, whatever was asked for. 0 means as asked.
	TemporaryLifetime time.Duration
	// TokenLifetime is how long IAM tokens that were exchanged for ID tokens live. 0 means 24 hours.
	TokenLifetime time.Duration

	// Projects are what IAM's lookup finds and what paths may name. Nil means one, with the default ID and region.
	// Non-nil and empty means an account without projects.
	Projects []Project

	// Behaviour settles what the documentation leaves open.
	Behaviour Behaviour
}

// Project is a region's compartment of an account (CLOUD.md 6.4).
type Project struct {
	ID       string // 32 hexadecimal digits
	Name     string // the region's name, or "<region>_<name>" for a subproject
	DomainID string // the account that owns it; see [Agency] for who has access
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
	cfg.Agencies = slices.Clone(cfg.Agencies)
	for i := range cfg.Agencies {
		cfg.Agencies[i].setDefaults()
	}
	cfg.IdentityProviders = slices.Clone(cfg.IdentityProviders)
	for i := range cfg.IdentityProviders {
		p := &cfg.IdentityProviders[i]
		p.IDTokens, p.DomainID = slices.Clone(p.IDTokens), cmp.Or(p.DomainID, DefaultDomainID)
	}
	if cfg.Metadata != nil {
		m := *cfg.Metadata
		m.DomainID = cmp.Or(m.DomainID, DefaultDomainID)
		cfg.Metadata = &m
	}

	return cfg
}
