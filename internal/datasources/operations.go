package datasources

import (
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/client"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/functiongraph"
)

// operationTexts describe an operation and its failures.
type operationTexts struct {
	purpose string // what a request asks for: a noun phrase

	// Next steps, by failure.
	denied     string // the credentials may not do this
	keyIsValid string // a sentence before denied, if the response shows that the key is valid
	invalid    string // the service refuses the request as invalid
	unknownAPI string // the gateway does not know the operation
	slow       string // the read timed out

	notFound diagnosticTexts // the object does not exist
	address  string          // the arguments that lead to the service

	// Only for an operation that a data source reads.
	read readTexts
}

// readTexts describe a read of a data source that fails without a failed request.
type readTexts struct {
	failed     string // summary of any other failure
	incomplete string // summary for a list that cannot be read completely

	// Only for a list that may be too long for Terraform.
	rows    string // what the list holds: a capitalized plural noun
	tooLong string // the next step
}

const (
	// checkInstance is the next step after any failure of the metadata service,
	// which needs no key, and which no endpoint and no proxy leads to.
	checkInstance = "Check that this machine is an ECS instance, and that it has an agency."

	// allowMoreTime is the next step after a host was too slow.
	allowMoreTime = "Allow more time with timeouts.read, and check that this machine can reach the host, " +
		"if need be through a proxy (HTTPS_PROXY)."

	// askForWorkflows is the next step if workflows may not be read.
	askForWorkflows = "Ask for FunctionGraph ReadOnlyAccess or FunctionGraph Invoker on this project: " +
		"workflows need a right on the IAM project, not on an enterprise project."

	// checkWorkflowRegion is the next step if the gateway does not know the workflows'
	// API.
	checkWorkflowRegion = "This region may not offer workflows: FunctionGraph has them in some regions only. " +
		"Check region, endpoints and cloud."

	// toFunctionGraph names the arguments that lead to FunctionGraph.
	toFunctionGraph = "endpoints, region and cloud"

	// toIAM names the arguments that lead to IAM and STS.
	toIAM = "auth_url, endpoints, region and cloud"
)

// textsByOperation has the texts of every operation. There are no others:
// TestOperationTexts_complete fails for an operation that is not in the table.
var textsByOperation = map[client.Operation]operationTexts{
	functiongraph.OperationListWorkflowExecutions: {
		purpose:    "the list of executions",
		denied:     askForWorkflows,
		invalid:    "Check the arguments of the data source against the message.",
		unknownAPI: checkWorkflowRegion,
		slow:       "Allow more time with timeouts.read, or ask for less: a narrower window, a status, a limit.",
		notFound: diagnosticTexts{
			summary: "Workflow not found",
			what:    "FunctionGraph knows no such workflow in this region and project.",
			next: "Check workflow_id (the UUID, not the name), region and project_id. " +
				"The data source huaweicloud_fgs_workflows lists the workflows of a region and project.",
			argument: "workflow_id",
		},
		address: toFunctionGraph,
		read: readTexts{
			failed:     "Unable to list workflow executions",
			incomplete: "Incomplete list of workflow executions",
			rows:       "Executions",
			tooLong:    "Ask for less at once: narrow start_time and end_time, filter by status, or set limit.",
		},
	},
	functiongraph.OperationListWorkflow: {
		purpose:    "the list of workflows",
		denied:     askForWorkflows,
		invalid:    "Check the arguments of the data source against the message.",
		unknownAPI: checkWorkflowRegion,
		slow:       "Allow more time with timeouts.read, or ask for fewer workflows: by name, mode or enterprise_project_id.",
		notFound: diagnosticTexts{
			summary: "Workflows not found",
			what:    "FunctionGraph found no workflows of this region and project.",
			next:    "Check region, project_id and enterprise_project_id.",
		},
		address: toFunctionGraph,
		read: readTexts{
			failed:     "Unable to list workflows",
			incomplete: "Incomplete list of workflows",
		},
	},
	functiongraph.OperationShowWorkflowExecution: {
		purpose:    "the details of the execution",
		denied:     askForWorkflows,
		invalid:    "Check workflow_id and execution_id against the message.",
		unknownAPI: checkWorkflowRegion,
		slow:       allowMoreTime,
		notFound: diagnosticTexts{
			summary: "Execution not found",
			what:    "FunctionGraph knows no such execution of this workflow in this region and project.",
			next: "Check workflow_id, execution_id, region and project_id. The service does not keep executions for ever. " +
				"The data source huaweicloud_fgs_workflow_executions lists those that it has.",
			argument: "execution_id",
		},
		address: toFunctionGraph,
		read:    readTexts{failed: "Unable to read the workflow execution"},
	},
	client.OperationFindProject: {
		purpose: "the lookup of the region's project",
		denied: "Set project_id (HW_PROJECT_ID), which makes the lookup unnecessary, " +
			"or ask for the right to read projects in IAM.",
		keyIsValid: "The key itself is good. ",
		invalid:    "Check region, project_name and auth_url against the message.",
		unknownAPI: "Check region, auth_url, endpoints and cloud, or set project_id (HW_PROJECT_ID).",
		slow:       allowMoreTime,
		notFound: diagnosticTexts{
			summary: "Project not found",
			what:    "IAM found nothing for the lookup of the region's project.",
			next:    "Check region, auth_url and cloud, or set project_id (HW_PROJECT_ID).",
		},
		address: toIAM,
	},
	client.OperationAssumeAgency: {
		purpose: "temporary keys of the agency",
		denied: "Check agency_name and domain_name or domain_id, that the agency trusts " +
			"the account that asks, and that the user has the right to assume it (Agent Operator).",
		keyIsValid: "The key itself is good, but it may not assume the agency. ",
		invalid: "Check agency_name, domain_name or domain_id and duration against the message. " +
			"An agency bounds how long its keys live, " +
			"and one that is assumed with temporary keys gives at most an hour.",
		unknownAPI: "Check region, auth_url, endpoints and cloud. " +
			"STS, which is asked where domain_id is given, is not in every region: domain_name instead asks IAM.",
		slow: allowMoreTime,
		notFound: diagnosticTexts{
			summary: "Agency not found",
			what:    "There is no such agency in that account.",
			next:    "Check agency_name and domain_name or domain_id of assume_role.",
		},
		address: toIAM,
	},
	client.OperationExchangeIDToken: exchangeTexts,
	client.OperationExchangeToken:   exchangeTexts,
	client.OperationScopeToken: {
		purpose: "the exchange of the token for one of the project",
		denied:  "Give a token of this project, or use an access key.",
		invalid: "Check project_id or project_name, and domain_id or domain_name, against the message.",
		unknownAPI: "Check region, auth_url, endpoints and cloud, " +
			"or give a token of this project with project_id (HW_PROJECT_ID).",
		slow: allowMoreTime,
		notFound: diagnosticTexts{
			summary: "Project not found",
			what:    "IAM found no project to exchange the token for.",
			next:    "Check region, project_id or project_name, and domain_id or domain_name.",
		},
		address: toIAM,
	},
	// metadataTexts has the rest.
	client.OperationMetadata: {
		purpose: "the temporary keys of this instance",
		slow:    "Allow more time with timeouts.read. " + checkInstance,
	},
}

// exchangeTexts are for both requests that turn an ID token into temporary keys.
var exchangeTexts = operationTexts{
	purpose:    "the exchange of the ID token",
	denied:     "Check that the identity provider's conversion rules in IAM map this identity to a user or a group.",
	invalid:    "Check idp_id and the ID token against the message.",
	unknownAPI: "Check region, auth_url, endpoints and cloud.",
	slow:       allowMoreTime,
	notFound: diagnosticTexts{
		summary: "Identity provider not found",
		what:    "IAM knows no such identity provider.",
		next:    "Check idp_id, region, auth_url and cloud.",
	},
	address: toIAM,
}
