package simulator

import (
	"cmp"
	"slices"
)

// The callers that are there without being configured, as in [Request.Caller].
const (
	CallerHome     = "home"     // the key pair of [Config] and its Token
	CallerInstance = "instance" // the keys that the metadata service hands out
)

// identity is who a request comes from.
type identity struct {
	name     string // as in Request.Caller
	domainID string // the account
}

// Agency is an identity of an account that others may assume (CLOUD.md 6.5).
//
// Who assumes it reads the projects of its account and no others. A project belongs to the account that it names if
// there is an agency, an identity provider or an instance of that account, and to the sample account otherwise.
type Agency struct {
	Name string
	// DomainID and DomainName are the account. An empty DomainID means the sample account, which is called
	// DefaultDomainName unless DomainName says otherwise. Another account without a DomainName has no name to be
	// found by.
	DomainID, DomainName string
	// TrustedBy are the callers who may assume it, as in [Request.Caller], so that one agency can be made the way to
	// another. Nil means CallerHome, non-nil and empty means nobody.
	TrustedBy []string
}

// Caller is the name of the agency in [Request.Caller], which is its URN as AssumeAgency takes it.
func (a Agency) Caller() string {
	return "iam::" + cmp.Or(a.DomainID, DefaultDomainID) + ":agency:" + a.Name
}

func (a *Agency) setDefaults() {
	a.DomainID = cmp.Or(a.DomainID, DefaultDomainID)
	if a.DomainID == DefaultDomainID {
		a.DomainName = cmp.Or(a.DomainName, DefaultDomainName)
	}
	if a.TrustedBy == nil {
		a.TrustedBy = []string{CallerHome}
	}
	a.TrustedBy = slices.Clone(a.TrustedBy)
}

func (a Agency) trusts(caller identity) bool { return slices.Contains(a.TrustedBy, caller.name) }

func (a Agency) identity() identity { return identity{a.Caller(), a.DomainID} }

// agency returns the first agency that a request can mean.
func (c *Cloud) agency(meant func(Agency) bool) (Agency, bool) {
	i := slices.IndexFunc(c.cfg.Agencies, meant)
	if i < 0 {
		return Agency{}, false
	}

	return c.cfg.Agencies[i], true
}

// IdentityProvider issues ID tokens that IAM takes (CLOUD.md 6.6).
type IdentityProvider struct {
	ID       string   // as in X-Idp-Id
	IDTokens []string // accepted, character by character
	DomainID string   // the account that its users work in; empty means the sample account
}

// Caller is the name of the provider's users in [Request.Caller].
func (p IdentityProvider) Caller() string { return "idp:" + p.ID }

func (p IdentityProvider) identity() identity { return identity{p.Caller(), p.DomainID} }

// owns reports whether a project belongs to the account of a caller.
func (c *Cloud) owns(caller identity, p Project) bool {
	owner := cmp.Or(p.DomainID, DefaultDomainID)
	if !c.knowsAccount(owner) {
		owner = DefaultDomainID
	}

	return owner == caller.domainID
}

// knowsAccount reports whether anybody but the main key pair belongs to an account.
func (c *Cloud) knowsAccount(domainID string) bool {
	return slices.ContainsFunc(c.cfg.Agencies, func(a Agency) bool { return a.DomainID == domainID }) ||
		slices.ContainsFunc(c.cfg.IdentityProviders, func(p IdentityProvider) bool { return p.DomainID == domainID }) ||
		c.cfg.Metadata != nil && c.cfg.Metadata.DomainID == domainID
}
