package simulator

import (
	"cmp"
	"slices"
)

// Callers that need no configuration, as in [Request.Caller].
const (
	CallerHome     = "home"     // the key pair of [Config] and its Token
	CallerInstance = "instance" // the keys from the metadata service
)

// identity is the sender of a request.
type identity struct {
	name     string // as in Request.Caller
	domainID string // the account
}

// Agency is an identity of an account that other callers can assume (CLOUD.md
// 6.5).
//
// A caller that assumes it reads the projects of its account and no others.
type Agency struct {
	Name string
	// DomainID and DomainName are the account. An empty DomainID means the sample
	// account, whose name is DefaultDomainName by default. Another account without a
	// DomainName cannot be found by name.
	DomainID, DomainName string
	// TrustedBy are the callers that can assume the agency, as in [Request.Caller]. An
	// agency can trust another agency. Nil means CallerHome, and an empty list means
	// no caller.
	TrustedBy []string
}

// Caller returns the name of the agency in [Request.Caller]: the URN that
// AssumeAgency uses.
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
}

func (a Agency) trusts(caller identity) bool { return slices.Contains(a.TrustedBy, caller.name) }

func (a Agency) identity() identity { return identity{a.Caller(), a.DomainID} }

// IdentityProvider issues ID tokens that IAM accepts (CLOUD.md 6.6).
type IdentityProvider struct {
	ID       string   // as in X-Idp-Id
	IDTokens []string // accepted tokens
	DomainID string   // account of its users; empty means the sample account
}

// Caller returns the name of the provider's users in [Request.Caller].
func (p IdentityProvider) Caller() string { return "idp:" + p.ID }

func (p IdentityProvider) identity() identity {
	return identity{p.Caller(), cmp.Or(p.DomainID, DefaultDomainID)}
}

// first returns the first item that is meant.
func first[Item any](items []Item, meant func(Item) bool) (item Item, found bool) {
	i := slices.IndexFunc(items, meant)
	if i < 0 {
		return item, false
	}

	return items[i], true
}
