package datasources

import (
	"errors"
	"time"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/client"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/functiongraph"
)

// subjectOf is a read of an operation.
func subjectOf(operation client.Operation) subject {
	return subject{operation: operation, lines: labels{{"Name", "订单"}}, region: "cn-north-4", timeout: 5 * time.Minute}
}

// operationErrors are the failures whose texts depend on the operation.
func operationErrors(operation client.Operation) map[string]error {
	at := func(e client.APIError) error {
		e.Service, e.Operation, e.Method, e.Scheme = "FunctionGraph", operation, "GET", "https"
		e.Host, e.Path = "functiongraph.cn-north-4.myhuaweicloud.com", "/v2/p1/fgs/workflows"
		e.Region, e.ProjectID = "cn-north-4", "p1"
		return &e
	}
	failures := map[string]error{
		"not found": at(client.APIError{
			Class: client.ClassNotFound, Status: 404, Code: "FGS.5002", Message: "Function flow not found.",
		}),
		"API not found": at(client.APIError{Class: client.ClassNotFound, Status: 404, Code: "APIGW.0101"}),
		"permission":    at(client.APIError{Class: client.ClassPermission, Status: 403, Code: "FSS.0403"}),
		"bad request":   at(client.APIError{Class: client.ClassBadRequest, Status: 400, Code: "FGS.3002"}),
		"malformed":     at(client.APIError{Class: client.ClassMalformed, Status: 200, Message: "it is wrong"}),
		"deadline":      at(client.APIError{Class: client.ClassDeadline}),
		"no request":    errors.New("the IAM endpoint must name a host"),
	}
	if textsByOperation[operation].read.incomplete != "" {
		failures["incomplete list"] = &functiongraph.ListingError{
			Reason: "Its total is 3, and 2 workflows came.", Advice: "Try again.",
		}
	}
	if textsByOperation[operation].read.tooLong != "" {
		failures["too long for Terraform"] = &functiongraph.TooLongError{Executions: 800000}
	}
	return failures
}
