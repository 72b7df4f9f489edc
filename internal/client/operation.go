package client

import "slices"

// Operation is one call of an API, by the name that the service's documentation
// gives it. It says in errors what a request was for.
type Operation string

// operations are all that have been made, with their documentation.
var operations = map[Operation]string{}

// NewOperation returns an operation, which becomes one of [Operations].
// Packages call it for their variables. documentation is the address of the
// page that describes the operation.
func NewOperation(name, documentation string) Operation {
	operations[Operation(name)] = documentation

	return Operation(name)
}

// Operations returns all operations of this client and of the packages that are
// built on it, sorted. Each needs texts for its failures.
func Operations() []Operation {
	all := make([]Operation, 0, len(operations))
	for operation := range operations {
		all = append(all, operation)
	}
	slices.Sort(all)

	return all
}

// Documentation returns the address of the page that describes the operation.
func (o Operation) Documentation() string { return operations[o] }

// The operations on the way to a project and to credentials.
var (
	// OperationFindProject looks a region's project up.
	OperationFindProject = NewOperation("KeystoneListProjects",
		"https://support.huaweicloud.com/api-iam/iam_06_0001.html")

	// OperationAssumeAgency gives temporary keys of an agency: of IAM
	// (CreateTemporaryAccessKeyByAgency) or of STS (AssumeAgency).
	OperationAssumeAgency = NewOperation("AssumeAgency",
		"https://support.huaweicloud.com/api-iam/iam_04_0101.html")

	// OperationExchangeIDToken gives an IAM token for an ID token.
	OperationExchangeIDToken = NewOperation("CreateTokenWithIdToken",
		"https://support.huaweicloud.com/api-iam/iam_13_0605.html")

	// OperationExchangeToken gives temporary keys for an IAM token.
	OperationExchangeToken = NewOperation("CreateTemporaryAccessKeyByToken",
		"https://support.huaweicloud.com/api-iam/iam_04_0002.html")

	// OperationScopeToken gives a token of one project for another token.
	OperationScopeToken = NewOperation("KeystoneCreateScopedToken",
		"https://support.huaweicloud.com/api-iam/iam_13_0604.html")

	// OperationMetadata gives the temporary keys of an ECS instance.
	OperationMetadata = NewOperation("ECS metadata",
		"https://support.huaweicloud.com/usermanual-ecs/ecs_03_0166.html")
)
