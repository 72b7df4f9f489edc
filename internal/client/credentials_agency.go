package client

import "time"

// Agency is a right to act for another account, or for another role of one's
// own, that is exchanged for temporary keys (API.md 6.5).
type Agency struct {
	Name string

	// DomainID is the ID of the account that has made the agency: STS is asked
	// (v5). Without it DomainName, the account's name, is needed and IAM is
	// asked (v3).
	DomainID   string
	DomainName string

	// Duration is how long the keys are to live. 0: twelve hours from IAM, as
	// long as STS gives from STS.
	Duration time.Duration

	// Source tells practitioners where the agency was configured, for example
	// "assume_role of the provider block".
	Source string
}
