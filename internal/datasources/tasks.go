package datasources

import "terraform.local/fgs/terraform-provider-huaweicloud/internal/client"

// task is what a request was for, in words, and what to look at when the
// service does not do it.
type task struct {
	call    string // what was asked for
	denied  string // next step if that is not allowed
	good    string // said before it if the answer shows that the key is good
	invalid string // if the request is refused as invalid
	missing texts  // if there is no such thing
	unknown string // if the gateway does not know the request
	address string // the arguments that lead to the service
	slow    string // next step if it takes too long
}

// checkInstance is the next step whatever the metadata service does: it wants
// no key, and is reached through no endpoint and no proxy.
const checkInstance = "Check that this machine is an ECS instance, and that it has an agency."

// allowMoreTime is the next step after a host was too slow.
const allowMoreTime = "Allow more time with timeouts.read, and check that this machine can reach the host, if need be through a proxy (HTTPS_PROXY)."

// taskOf returns the words for a request.
func taskOf(operation client.Operation) task {
	const toIAM = "auth_url, endpoints, region and cloud"
	switch operation {
	case client.OperationFindProject:
		return task{
			call:    "the lookup of the region's project",
			denied:  "Set project_id (HW_PROJECT_ID), which makes the lookup unnecessary, or ask for the right to read projects in IAM.",
			good:    "The key itself is good. ",
			invalid: "Check region, project_name and auth_url against the message.",
			missing: texts{
				summary: "Project not found",
				what:    "IAM found nothing for the lookup of the region's project.",
				next:    "Check region, auth_url and cloud, or set project_id (HW_PROJECT_ID).",
			},
			unknown: "Check region, auth_url, endpoints and cloud, or set project_id (HW_PROJECT_ID).",
			address: toIAM,
			slow:    allowMoreTime,
		}
	case client.OperationAssumeAgency:
		return task{
			call: "temporary keys of the agency",
			good: "The key itself is good, but it may not assume the agency. ",
			denied: "Check agency_name and domain_name or domain_id, that the agency trusts " +
				"the account that asks, and that the user has the right to assume it (Agent Operator).",
			invalid: "Check agency_name, domain_name or domain_id and duration against the message. An agency bounds how long its keys live, " +
				"and one that is assumed with temporary keys gives at most an hour.",
			missing: texts{
				summary: "Agency not found",
				what:    "There is no such agency in that account.",
				next:    "Check agency_name and domain_name or domain_id of assume_role.",
			},
			unknown: "Check region, auth_url, endpoints and cloud. STS, which is asked where domain_id is given, is not in every region: domain_name instead asks IAM.",
			address: toIAM,
			slow:    allowMoreTime,
		}
	case client.OperationExchangeIDToken, client.OperationExchangeToken:
		return task{
			call:    "the exchange of the ID token",
			denied:  "Check that the identity provider's conversion rules in IAM map this identity to a user or a group.",
			invalid: "Check idp_id and the ID token against the message.",
			missing: texts{
				summary: "Identity provider not found",
				what:    "IAM knows no such identity provider.",
				next:    "Check idp_id, region, auth_url and cloud.",
			},
			unknown: "Check region, auth_url, endpoints and cloud.",
			address: toIAM,
			slow:    allowMoreTime,
		}
	case client.OperationScopeToken:
		return task{
			call:    "the exchange of the token for one of the project",
			denied:  "Give a token of this project, or use an access key.",
			invalid: "Check project_id or project_name, and domain_id or domain_name, against the message.",
			missing: texts{
				summary: "Project not found",
				what:    "IAM found no project to exchange the token for.",
				next:    "Check region, project_id or project_name, and domain_id or domain_name.",
			},
			unknown: "Check region, auth_url, endpoints and cloud, or give a token of this project with project_id (HW_PROJECT_ID).",
			address: toIAM,
			slow:    allowMoreTime,
		}
	case client.OperationMetadata: // see metadataTexts for the rest
		return task{slow: "Allow more time with timeouts.read. " + checkInstance}
	default: // functiongraph.OperationListWorkflowExecutions
		return task{
			call: "the list of executions",
			denied: "Ask for FunctionGraph ReadOnlyAccess or FunctionGraph Invoker on this project: " +
				"workflows need a right on the IAM project, not on an enterprise project.",
			invalid: "Check the arguments of the data source against the message.",
			missing: texts{
				summary: "Workflow not found",
				what:    "FunctionGraph knows no such workflow in this region and project.",
				next: "Check workflow_id (the UUID, not the name), region and project_id. The console lists the workflows of a region and project " +
					"under FunctionGraph > Flows (函数流), and the API call ListWorkflow returns each one's ID as id.",
				blame: "workflow_id",
			},
			unknown: "This region may not offer workflows: FunctionGraph has them in some regions only. Check region, endpoints and cloud.",
			address: "endpoints, region and cloud",
			slow:    "Allow more time with timeouts.read, or ask for less: a narrower window, a status, a limit.",
		}
	}
}
