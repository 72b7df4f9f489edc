package client

import (
	"maps"
	"slices"
)

// Operation is the name of an operation in the documentation of the service.
// Errors contain it.
type Operation string

// operations maps all operations to the addresses of their documentation.
var operations = map[Operation]string{}

// NewOperation returns an operation and adds it to [Operations]. documentation is
// the address of the page that describes it. Call NewOperation for package
// variables only, because it is not safe for concurrent use.
func NewOperation(name, documentation string) Operation {
	operations[Operation(name)] = documentation

	return Operation(name)
}

// Operations returns the operations of all packages, sorted. The texts of errors
// must cover each of them.
func Operations() []Operation { return slices.Sorted(maps.Keys(operations)) }

// Documentation returns the address of the page that describes the operation.
func (o Operation) Documentation() string { return operations[o] }

// The operations on the way to a project and to credentials.
var (
	// OperationFindProject looks up the project of a region.
	OperationFindProject = NewOperation("KeystoneListProjects",
		"https://support.huaweicloud.com/api-iam/iam_06_0001.html")

	// OperationAssumeAgency returns temporary keys of an agency, from IAM
	// (CreateTemporaryAccessKeyByAgency) or from STS (AssumeAgency).
	OperationAssumeAgency = NewOperation("AssumeAgency",
		"https://support.huaweicloud.com/api-iam/iam_04_0101.html")

	// OperationExchangeIDToken returns an IAM token for an ID token.
	OperationExchangeIDToken = NewOperation("CreateTokenWithIdToken",
		"https://support.huaweicloud.com/api-iam/iam_13_0605.html")

	// OperationExchangeToken returns temporary keys for an IAM token.
	OperationExchangeToken = NewOperation("CreateTemporaryAccessKeyByToken",
		"https://support.huaweicloud.com/api-iam/iam_04_0002.html")

	// OperationScopeToken returns a token of one project for another token.
	OperationScopeToken = NewOperation("KeystoneCreateScopedToken",
		"https://support.huaweicloud.com/api-iam/iam_13_0604.html")

	// OperationMetadata returns the temporary keys of an ECS instance.
	OperationMetadata = NewOperation("ECS metadata",
		"https://support.huaweicloud.com/usermanual-ecs/ecs_03_0166.html")
)
