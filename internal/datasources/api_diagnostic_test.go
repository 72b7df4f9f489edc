package datasources

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/diag"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/client"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/functiongraph"
)

// testSubject is what is read in all tests of wording.
var testSubject = subject{
	operation: functiongraph.OperationListWorkflowExecutions,
	lines:     labels{{"Workflow", "48aff955"}},
	region:    "cn-north-4",
	timeout:   5 * time.Minute,
}

// atFunctionGraph completes an error of the list of executions.
func atFunctionGraph(e client.APIError) error {
	e.Service, e.Operation = "FunctionGraph", functiongraph.OperationListWorkflowExecutions
	if e.KeyKind == "" {
		e.KeyKind = "access key"
	}
	e.Method, e.Scheme, e.Host, e.Path = "GET", "https", "fgs.test", "/v2/p1/fgs/workflows/48aff955/executions"
	e.Region, e.ProjectID = testSubject.region, "p1"
	return &e
}

// plainHTTP makes a request one without TLS.
func plainHTTP(err error) error {
	failed, _ := errors.AsType[*client.APIError](err)
	failed.Scheme = "http"
	return err
}

// atIAM completes an error of the project lookup.
func atIAM(e client.APIError) error {
	e.Service, e.Operation = "IAM", client.OperationFindProject
	e.KeyKind = "access key"
	e.Method, e.Scheme, e.Host, e.Path = "GET", "https", "iam.test", "/v3/projects"
	e.Region = testSubject.region
	return &e
}

// unverified is how package tls reports what is wrong with a certificate.
func unverified(err error) error { return &tls.CertificateVerificationError{Err: err} }

// wording is a diagnostic as it is shown, its summary and argument first.
func wording(d diag.Diagnostic) string {
	heading := d.Summary()
	if at, ok := d.(diag.DiagnosticWithPath); ok {
		heading += " (" + at.Path().String() + ")"
	}
	return heading + "\n" + d.Detail()
}

// The texts are interface: each is shown whole.
func TestReadDiagnostic_api(t *testing.T) {
	t.Parallel()
	notResolved := &net.OpError{Op: "dial", Err: &net.DNSError{Err: "no such host", Name: "fgs.test", IsNotFound: true}}
	tests := map[string]struct {
		err  error
		want string
	}{
		"auth at FunctionGraph": {
			err: atFunctionGraph(client.APIError{Class: client.ClassAuth, Status: 401, Code: "APIGW.0301", Message: "verify aksk signature fail", RequestID: "r1", KeySource: "environment variable HW_ACCESS_KEY", Attempts: 1}),
			want: `
Credentials refused
FunctionGraph refused the access key from environment variable HW_ACCESS_KEY. It was tried once: five failures in a row lock a key for five minutes.

  Workflow:   48aff955
  Region:     cn-north-4
  Project:    p1
  Request:    GET https://fgs.test/v2/p1/fgs/workflows/48aff955/executions
  Status:     HTTP 401
  Error code: APIGW.0301
  Message:    verify aksk signature fail
  Request ID: r1

Check that access_key and secret_key are complete, belong together and are enabled, and that temporary keys come with their security_token and have not expired.`,
		},
		"auth at IAM": {
			err: atIAM(client.APIError{Class: client.ClassAuth, Status: 401, Code: "401", Message: "verify aksk signature fail", RequestID: "r1", KeySource: "the provider block"}),
			want: `
Credentials refused
IAM refused the access key from the provider block. It was tried once: five failures in a row lock a key for five minutes.

  Workflow:   48aff955
  Region:     cn-north-4
  Request:    GET https://iam.test/v3/projects
  Status:     HTTP 401
  Error code: 401
  Message:    verify aksk signature fail
  Request ID: r1

Check that access_key and secret_key are complete, belong together and are enabled, and that temporary keys come with their security_token and have not expired.`,
		},
		"token refused": {
			err: atFunctionGraph(client.APIError{Class: client.ClassAuth, Status: 401, Code: "APIGW.0307", KeyKind: "token", KeySource: "environment variable HW_AUTH_TOKEN"}),
			want: `
Credentials refused
FunctionGraph refused the token from environment variable HW_AUTH_TOKEN.

  Workflow:   48aff955
  Region:     cn-north-4
  Project:    p1
  Request:    GET https://fgs.test/v2/p1/fgs/workflows/48aff955/executions
  Status:     HTTP 401
  Error code: APIGW.0307

Check that token is complete, has not expired (IAM tokens live for 24 hours) and is for this account and region, or use an access key.`,
		},
		"temporary key refused": {
			err: atFunctionGraph(client.APIError{Class: client.ClassAuth, Status: 401, Code: "APIGW.0301", KeyKind: "temporary access key", KeySource: "agency \"ops\" of account \"home\""}),
			want: `
Credentials refused
FunctionGraph refused the temporary access key from agency "ops" of account "home".

  Workflow:   48aff955
  Region:     cn-north-4
  Project:    p1
  Request:    GET https://fgs.test/v2/p1/fgs/workflows/48aff955/executions
  Status:     HTTP 401
  Error code: APIGW.0301

The provider got this key itself a moment ago. Check the clock of this machine, and that the user or the agency of the key is enabled and has rights in this region.`,
		},
		"auth by somebody else": {
			err: atFunctionGraph(client.APIError{Class: client.ClassAuth, Status: 401, Message: "the body begins with: <html>"}),
			want: `
Credentials refused
A server at this address refused the access key. It was tried once: five failures in a row lock a key for five minutes. The response does not come from FunctionGraph itself. A proxy or a portal may have sent it.

  Workflow: 48aff955
  Region:   cn-north-4
  Project:  p1
  Request:  GET https://fgs.test/v2/p1/fgs/workflows/48aff955/executions
  Status:   HTTP 401
  Message:  the body begins with: <html>

Check that endpoints, region and cloud lead to FunctionGraph, and that no proxy responds in its place. Check that access_key and secret_key are complete, belong together and are enabled, and that temporary keys come with their security_token and have not expired.`,
		},
		"token refused, clock ahead": {
			err: atFunctionGraph(client.APIError{Class: client.ClassAuth, Status: 401, Code: "APIGW.0307", KeyKind: "token", ClockOffset: -time.Hour}),
			want: `
Credentials refused
FunctionGraph refused the token. This machine's clock is 1h ahead of the service's.

  Workflow:   48aff955
  Region:     cn-north-4
  Project:    p1
  Request:    GET https://fgs.test/v2/p1/fgs/workflows/48aff955/executions
  Status:     HTTP 401
  Error code: APIGW.0307

Check that token is complete, has not expired (IAM tokens live for 24 hours) and is for this account and region, or use an access key.`,
		},
		"clock behind": {
			err: atFunctionGraph(client.APIError{Class: client.ClassClock, Status: 401, Code: "APIGW.0301", Message: "signature expired", ClockOffset: 20*time.Minute + 300*time.Millisecond}),
			want: `
Signature refused because of the time
FunctionGraph refused the signature's date. This machine's clock is 20m behind the service's.

  Workflow:   48aff955
  Region:     cn-north-4
  Project:    p1
  Request:    GET https://fgs.test/v2/p1/fgs/workflows/48aff955/executions
  Status:     HTTP 401
  Error code: APIGW.0301
  Message:    signature expired

Set the clock of this machine, best by NTP. A signature may be at most 15 minutes off.`,
		},
		"clock ahead": {
			err: atIAM(client.APIError{Class: client.ClassClock, Status: 401, ClockOffset: -time.Hour}),
			want: `
Signature refused because of the time
IAM refused the signature's date. This machine's clock is 1h ahead of the service's.

  Workflow: 48aff955
  Region:   cn-north-4
  Request:  GET https://iam.test/v3/projects
  Status:   HTTP 401

Set the clock of this machine, best by NTP. A signature may be at most 15 minutes off.`,
		},
		"clock, difference unknown": {
			err: atIAM(client.APIError{Class: client.ClassClock, Status: 401, Message: "signature expired", ClockOffset: 59 * time.Second}),
			want: `
Signature refused because of the time
IAM refused the signature's date.

  Workflow: 48aff955
  Region:   cn-north-4
  Request:  GET https://iam.test/v3/projects
  Status:   HTTP 401
  Message:  signature expired

Set the clock of this machine, best by NTP. A signature may be at most 15 minutes off.`,
		},
		"permission at FunctionGraph": {
			err: atFunctionGraph(client.APIError{Class: client.ClassPermission, Status: 403, Code: "APIGW.0302", Message: "not authorized", RequestID: "r1", KeySource: "the provider block"}),
			want: `
Permission denied
FunctionGraph knows the access key from the provider block and denied the list of executions.

  Workflow:   48aff955
  Region:     cn-north-4
  Project:    p1
  Request:    GET https://fgs.test/v2/p1/fgs/workflows/48aff955/executions
  Status:     HTTP 403
  Error code: APIGW.0302
  Message:    not authorized
  Request ID: r1

Ask for FunctionGraph ReadOnlyAccess or FunctionGraph Invoker on this project: workflows need a right on the IAM project, not on an enterprise project.`,
		},
		"permission, before the key is looked at": {
			err: atIAM(client.APIError{Class: client.ClassPermission, Status: 403, Code: "APIGW.0305"}),
			want: `
Permission denied
IAM denied the lookup of the region's project.

  Workflow:   48aff955
  Region:     cn-north-4
  Request:    GET https://iam.test/v3/projects
  Status:     HTTP 403
  Error code: APIGW.0305

Set project_id (HW_PROJECT_ID), which makes the lookup unnecessary, or ask for the right to read projects in IAM.`,
		},
		"permission denied by somebody else": {
			err: atIAM(client.APIError{Class: client.ClassPermission, Status: 403, Message: "the body begins with: <html>"}),
			want: `
Permission denied
A server at this address denied the lookup of the region's project. The response does not come from IAM itself.

  Workflow: 48aff955
  Region:   cn-north-4
  Request:  GET https://iam.test/v3/projects
  Status:   HTTP 403
  Message:  the body begins with: <html>

Check that auth_url, endpoints, region and cloud lead to IAM, and that no proxy responds in its place.`,
		},
		"permission at IAM": {
			err: atIAM(client.APIError{Class: client.ClassPermission, Status: 403, Code: "403"}),
			want: `
Permission denied
IAM knows the access key and denied the lookup of the region's project.

  Workflow:   48aff955
  Region:     cn-north-4
  Request:    GET https://iam.test/v3/projects
  Status:     HTTP 403
  Error code: 403

The key itself is good. Set project_id (HW_PROJECT_ID), which makes the lookup unnecessary, or ask for the right to read projects in IAM.`,
		},
		"permission with an encoded reason": {
			err: atFunctionGraph(client.APIError{Class: client.ClassPermission, Status: 403, EncodedMessage: "abc123"}),
			want: `
Permission denied
FunctionGraph denied the list of executions.

  Workflow:       48aff955
  Region:         cn-north-4
  Project:        p1
  Request:        GET https://fgs.test/v2/p1/fgs/workflows/48aff955/executions
  Status:         HTTP 403
  Encoded reason: abc123

Ask for FunctionGraph ReadOnlyAccess or FunctionGraph Invoker on this project: workflows need a right on the IAM project, not on an enterprise project.
A user who may call decode-authorization-message of STS can decode the reason.`,
		},
		"workflow not found": {
			err: atFunctionGraph(client.APIError{Class: client.ClassNotFound, Status: 404, Code: "FGS.5002", Message: "Function flow not found.", RequestID: "r1"}),
			want: `
Workflow not found (workflow_id)
FunctionGraph knows no such workflow in this region and project.

  Workflow:   48aff955
  Region:     cn-north-4
  Project:    p1
  Request:    GET https://fgs.test/v2/p1/fgs/workflows/48aff955/executions
  Status:     HTTP 404
  Error code: FGS.5002
  Message:    Function flow not found.
  Request ID: r1

Check workflow_id (the UUID, not the name), region and project_id. The console lists the workflows of a region and project under FunctionGraph > Flows (函数流), and the API call ListWorkflow returns each one's ID as id.`,
		},
		"not found by somebody else": {
			err: atFunctionGraph(client.APIError{Class: client.ClassNotFound, Status: 404, Message: "the body begins with: <html>"}),
			want: `
Not found
The server at this address has nothing at this path. The response does not come from FunctionGraph itself.

  Workflow: 48aff955
  Region:   cn-north-4
  Project:  p1
  Request:  GET https://fgs.test/v2/p1/fgs/workflows/48aff955/executions
  Status:   HTTP 404
  Message:  the body begins with: <html>

Check that endpoints, region and cloud lead to FunctionGraph, and that no proxy responds in its place.`,
		},
		"API not found": {
			err: atFunctionGraph(client.APIError{Class: client.ClassNotFound, Status: 404, Code: "APIGW.0101"}),
			want: `
API not found
The gateway at this address does not know the list of executions.

  Workflow:   48aff955
  Region:     cn-north-4
  Project:    p1
  Request:    GET https://fgs.test/v2/p1/fgs/workflows/48aff955/executions
  Status:     HTTP 404
  Error code: APIGW.0101

This region may not offer workflows: FunctionGraph has them in some regions only. Check region, endpoints and cloud.`,
		},
		"API not found on a dedicated gateway, at IAM": {
			err: atIAM(client.APIError{Class: client.ClassNotFound, Status: 404, Code: "APIG.0101"}),
			want: `
API not found
The gateway at this address does not know the lookup of the region's project.

  Workflow:   48aff955
  Region:     cn-north-4
  Request:    GET https://iam.test/v3/projects
  Status:     HTTP 404
  Error code: APIG.0101

Check region, auth_url, endpoints and cloud, or set project_id (HW_PROJECT_ID).`,
		},
		"not found by somebody else, at IAM": {
			err: atIAM(client.APIError{Class: client.ClassNotFound, Status: 404, Message: "the body begins with: <html>"}),
			want: `
Not found
The server at this address has nothing at this path. The response does not come from IAM itself.

  Workflow: 48aff955
  Region:   cn-north-4
  Request:  GET https://iam.test/v3/projects
  Status:   HTTP 404
  Message:  the body begins with: <html>

Check that auth_url, endpoints, region and cloud lead to IAM, and that no proxy responds in its place.`,
		},
		"project not found": {
			err: atIAM(client.APIError{Class: client.ClassNotFound, Status: 404, Code: "404"}),
			want: `
Project not found
IAM found nothing for the lookup of the region's project.

  Workflow:   48aff955
  Region:     cn-north-4
  Request:    GET https://iam.test/v3/projects
  Status:     HTTP 404
  Error code: 404

Check region, auth_url and cloud, or set project_id (HW_PROJECT_ID).`,
		},
		"throttled": {
			err: atFunctionGraph(client.APIError{Class: client.ClassThrottled, Status: 429, Code: "APIGW.0308", Message: "policy ip over ratelimit,limit:5,time:1 minute", Attempts: 6, Elapsed: 12345 * time.Millisecond}),
			want: `
Too many requests
FunctionGraph keeps limiting the rate of requests.

  Workflow:   48aff955
  Region:     cn-north-4
  Project:    p1
  Request:    GET https://fgs.test/v2/p1/fgs/workflows/48aff955/executions
  Status:     HTTP 429
  Error code: APIGW.0308
  Message:    policy ip over ratelimit,limit:5,time:1 minute
  Tries:      6 in 12.3s

Try again later, with fewer data sources at a time (-parallelism), or allow more time: max_retries, timeouts.read.`,
		},
		"bad request": {
			err: atFunctionGraph(client.APIError{Class: client.ClassBadRequest, Status: 400, Code: "FGS.3002", Message: "Invalid parameters."}),
			want: `
Request refused
FunctionGraph refused the request for the list of executions as invalid.

  Workflow:   48aff955
  Region:     cn-north-4
  Project:    p1
  Request:    GET https://fgs.test/v2/p1/fgs/workflows/48aff955/executions
  Status:     HTTP 400
  Error code: FGS.3002
  Message:    Invalid parameters.

Check the arguments of the data source against the message.`,
		},
		"bad request at IAM": {
			err: atIAM(client.APIError{Class: client.ClassBadRequest, Status: 400, Code: "400"}),
			want: `
Request refused
IAM refused the request for the lookup of the region's project as invalid.

  Workflow:   48aff955
  Region:     cn-north-4
  Request:    GET https://iam.test/v3/projects
  Status:     HTTP 400
  Error code: 400

Check region, project_name and auth_url against the message.`,
		},
		"refused by somebody else": {
			err: atFunctionGraph(client.APIError{Class: client.ClassBadRequest, Status: 400, Message: "the body begins with: <html>"}),
			want: `
Request refused
A server at this address refused the request for the list of executions as invalid. The response does not come from FunctionGraph itself.

  Workflow: 48aff955
  Region:   cn-north-4
  Project:  p1
  Request:  GET https://fgs.test/v2/p1/fgs/workflows/48aff955/executions
  Status:   HTTP 400
  Message:  the body begins with: <html>

Check that endpoints, region and cloud lead to FunctionGraph, and that no proxy responds in its place.`,
		},
		"server": {
			err: atFunctionGraph(client.APIError{Class: client.ClassServer, Status: 500, Code: "FGS.3002", Message: "Internal Error.", RequestID: "r1", Attempts: 3, Elapsed: 2 * time.Second}),
			want: `
FunctionGraph failed
FunctionGraph could not answer the request for the list of executions.

  Workflow:   48aff955
  Region:     cn-north-4
  Project:    p1
  Request:    GET https://fgs.test/v2/p1/fgs/workflows/48aff955/executions
  Status:     HTTP 500
  Error code: FGS.3002
  Message:    Internal Error.
  Request ID: r1
  Tries:      3 in 2s

Try again later. If it stays, Huawei Cloud's support can find the request by its ID.`,
		},
		"server at IAM": {
			err: atIAM(client.APIError{Class: client.ClassServer, Status: 503}),
			want: `
IAM failed
IAM could not answer the request for the lookup of the region's project.

  Workflow: 48aff955
  Region:   cn-north-4
  Request:  GET https://iam.test/v3/projects
  Status:   HTTP 503

Try again later. If it stays, Huawei Cloud's support can find the request by its ID.`,
		},
		"malformed": {
			err: atFunctionGraph(client.APIError{Class: client.ClassMalformed, Status: 200, Message: "the body begins with: <html>"}),
			want: `
Unexpected response
The response is not one that this API sends.

  Workflow: 48aff955
  Region:   cn-north-4
  Project:  p1
  Request:  GET https://fgs.test/v2/p1/fgs/workflows/48aff955/executions
  Status:   HTTP 200
  Message:  the body begins with: <html>

Check that endpoints, auth_url and cloud lead to Huawei Cloud, and that no proxy responds in its place.`,
		},
		"unknown host": {
			err: atFunctionGraph(client.APIError{Class: client.ClassNetwork, Err: notResolved}),
			want: `
No response from FunctionGraph
FunctionGraph did not send a complete response.

  Workflow: 48aff955
  Region:   cn-north-4
  Project:  p1
  Request:  GET https://fgs.test/v2/p1/fgs/workflows/48aff955/executions
  Cause:    dial: lookup fgs.test: no such host

The host's name cannot be resolved. Check region, cloud, endpoints and auth_url for slips, and the DNS of this machine.`,
		},
		"connection refused": {
			err: atIAM(client.APIError{Class: client.ClassNetwork, Err: &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}}),
			want: `
No response from IAM
IAM did not send a complete response.

  Workflow: 48aff955
  Region:   cn-north-4
  Request:  GET https://iam.test/v3/projects
  Cause:    dial: connection refused

Nothing listens at this address. Check endpoints, auth_url and the proxy variables (HTTPS_PROXY, NO_PROXY).`,
		},
		"unknown authority": {
			err: atFunctionGraph(client.APIError{Class: client.ClassNetwork, Err: unverified(x509.UnknownAuthorityError{})}),
			want: `
No response from FunctionGraph
FunctionGraph did not send a complete response.

  Workflow: 48aff955
  Region:   cn-north-4
  Project:  p1
  Request:  GET https://fgs.test/v2/p1/fgs/workflows/48aff955/executions
  Cause:    tls: failed to verify certificate: x509: certificate signed by unknown authority

The certificate is not signed by an authority that this machine trusts. A proxy that inspects TLS, or a private cloud, has its own: give it in cacert_file, or add it to the system's.`,
		},
		"client certificate wanted": {
			err: atFunctionGraph(client.APIError{Class: client.ClassNetwork, Err: &net.OpError{Op: "remote error", Err: errors.New("tls: certificate required")}}),
			want: `
No response from FunctionGraph
FunctionGraph did not send a complete response.

  Workflow: 48aff955
  Region:   cn-north-4
  Project:  p1
  Request:  GET https://fgs.test/v2/p1/fgs/workflows/48aff955/executions
  Cause:    remote error: tls: certificate required

The server ended the connection because of the client's certificate. Check cert and key.`,
		},
		"no TLS": {
			err: atFunctionGraph(client.APIError{Class: client.ClassNetwork, Err: http.ErrSchemeMismatch}),
			want: `
No response from FunctionGraph
FunctionGraph did not send a complete response.

  Workflow: 48aff955
  Region:   cn-north-4
  Project:  p1
  Request:  GET https://fgs.test/v2/p1/fgs/workflows/48aff955/executions
  Cause:    http: server gave HTTP response to HTTPS client

The server at this address does not use TLS. Check the port, or write the address with http:// in endpoints or auth_url.`,
		},
		"wrong host": {
			err: atFunctionGraph(client.APIError{Class: client.ClassNetwork, Err: unverified(x509.HostnameError{Certificate: &x509.Certificate{DNSNames: []string{"other.test"}}, Host: "fgs.test"})}),
			want: `
No response from FunctionGraph
FunctionGraph did not send a complete response.

  Workflow: 48aff955
  Region:   cn-north-4
  Project:  p1
  Request:  GET https://fgs.test/v2/p1/fgs/workflows/48aff955/executions
  Cause:    tls: failed to verify certificate: x509: certificate is valid for other.test, not fgs.test

The certificate is for another host. Check endpoints and auth_url.`,
		},
		"certificate expired": {
			err: atFunctionGraph(client.APIError{Class: client.ClassNetwork, Err: unverified(x509.CertificateInvalidError{Reason: x509.Expired, Detail: "it is late"})}),
			want: `
No response from FunctionGraph
FunctionGraph did not send a complete response.

  Workflow: 48aff955
  Region:   cn-north-4
  Project:  p1
  Request:  GET https://fgs.test/v2/p1/fgs/workflows/48aff955/executions
  Cause:    tls: failed to verify certificate: x509: certificate has expired or is not yet valid: it is late

The certificate has expired or is not valid yet. Check the clock of this machine.`,
		},
		"certificate invalid otherwise": {
			err: atFunctionGraph(client.APIError{Class: client.ClassNetwork, Err: x509.CertificateInvalidError{Reason: x509.TooManyIntermediates}}),
			want: `
No response from FunctionGraph
FunctionGraph did not send a complete response.

  Workflow: 48aff955
  Region:   cn-north-4
  Project:  p1
  Request:  GET https://fgs.test/v2/p1/fgs/workflows/48aff955/executions
  Cause:    x509: too many intermediates for path length constraint

The server's certificate is not valid. Replace the certificate.`,
		},
		"refused by a proxy": {
			err: atFunctionGraph(client.APIError{Class: client.ClassNetwork, Err: &client.ProxyError{Host: "proxy.test:3128", Status: 407}}),
			want: `
No response from FunctionGraph
FunctionGraph did not send a complete response.

  Workflow: 48aff955
  Region:   cn-north-4
  Project:  p1
  Request:  GET https://fgs.test/v2/p1/fgs/workflows/48aff955/executions
  Cause:    the proxy at proxy.test:3128 refused to connect: HTTP 407 Proxy Authentication Required

Check the proxy variables (HTTPS_PROXY, NO_PROXY), with user and password if the proxy wants them, and that it lets this machine reach the host.`,
		},
		"no proxy there": {
			err: atFunctionGraph(client.APIError{Class: client.ClassNetwork, Err: &net.OpError{Op: "proxyconnect", Net: "tcp", Err: &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}}}),
			want: `
No response from FunctionGraph
FunctionGraph did not send a complete response.

  Workflow: 48aff955
  Region:   cn-north-4
  Project:  p1
  Request:  GET https://fgs.test/v2/p1/fgs/workflows/48aff955/executions
  Cause:    proxyconnect tcp: dial: connection refused

The proxy itself cannot be reached. Check the proxy variables (HTTPS_PROXY, NO_PROXY).`,
		},
		"connection timed out": {
			err: atFunctionGraph(client.APIError{Class: client.ClassNetwork, Err: &net.OpError{Op: "dial", Err: context.DeadlineExceeded}}),
			want: `
No response from FunctionGraph
FunctionGraph did not send a complete response.

  Workflow: 48aff955
  Region:   cn-north-4
  Project:  p1
  Request:  GET https://fgs.test/v2/p1/fgs/workflows/48aff955/executions
  Cause:    dial: context deadline exceeded

Check that this machine can reach the host, if need be through a proxy (HTTPS_PROXY).`,
		},
		"connection lost": {
			err: atFunctionGraph(client.APIError{Class: client.ClassNetwork, Status: 200, RequestID: "r1", Err: errors.New("unexpected EOF"), Attempts: 2, Elapsed: time.Second}),
			want: `
No response from FunctionGraph
FunctionGraph did not send a complete response.

  Workflow:   48aff955
  Region:     cn-north-4
  Project:    p1
  Request:    GET https://fgs.test/v2/p1/fgs/workflows/48aff955/executions
  Status:     HTTP 200
  Request ID: r1
  Cause:      unexpected EOF
  Tries:      2 in 1s

Check the network between this machine and the host, and the proxy variables (HTTPS_PROXY, NO_PROXY).`,
		},
		"key refused for another request": {
			err: atFunctionGraph(client.APIError{Class: client.ClassAuth, Status: 401, Code: "APIGW.0301", RequestID: "r1", KeySource: "the provider block", ForAnother: true}),
			want: `
Credentials refused
FunctionGraph refused the access key from the provider block. It was tried once: five failures in a row lock a key for five minutes. That was for another request. No request was sent for this read.

  Workflow:      48aff955
  Region:        cn-north-4
  Project:       p1
  Other request: GET https://fgs.test/v2/p1/fgs/workflows/48aff955/executions
  Status:        HTTP 401
  Error code:    APIGW.0301
  Request ID:    r1

Check that access_key and secret_key are complete, belong together and are enabled, and that temporary keys come with their security_token and have not expired.`,
		},
		"signature refused for another request": {
			err: atIAM(client.APIError{Class: client.ClassClock, Status: 401, ClockOffset: -time.Hour, ForAnother: true}),
			want: `
Signature refused because of the time
IAM refused the signature's date. This machine's clock is 1h ahead of the service's. That was for another request. No request was sent for this read.

  Workflow:      48aff955
  Region:        cn-north-4
  Other request: GET https://iam.test/v3/projects
  Status:        HTTP 401

Set the clock of this machine, best by NTP. A signature may be at most 15 minutes off.`,
		},
		"token refused, and not exchanged": {
			err: atFunctionGraph(client.APIError{
				Class: client.ClassAuth, Status: 401, Code: "APIGW.0301", KeyKind: "token", KeySource: "environment variable HW_AUTH_TOKEN",
				Exchange: &client.APIError{Method: "POST", Scheme: "https", Host: "iam.test", Path: "/v3/auth/tokens", Status: 403, Code: "403", RequestID: "r2", Message: "no"},
			}),
			want: `
Credentials refused
FunctionGraph refused the token from environment variable HW_AUTH_TOKEN. IAM did not exchange it for a token of the project.

  Workflow:   48aff955
  Region:     cn-north-4
  Project:    p1
  Request:    GET https://fgs.test/v2/p1/fgs/workflows/48aff955/executions
  Status:     HTTP 401
  Error code: APIGW.0301
  Exchange:   POST https://iam.test/v3/auth/tokens: HTTP 403, error code 403, request ID r2: no

Check that token is complete, has not expired (IAM tokens live for 24 hours) and is for this account and region, or use an access key.`,
		},
		"token denied, and not exchanged": {
			err: atFunctionGraph(client.APIError{
				Class: client.ClassPermission, Status: 403, Code: "FSS.0403", KeyKind: "token",
				Exchange: &client.APIError{Method: "POST", Scheme: "https", Host: "iam.test", Path: "/v3/auth/tokens", Err: errors.New("no route")},
			}),
			want: `
Permission denied
FunctionGraph knows the token and denied the list of executions. IAM did not exchange it for a token of the project.

  Workflow:   48aff955
  Region:     cn-north-4
  Project:    p1
  Request:    GET https://fgs.test/v2/p1/fgs/workflows/48aff955/executions
  Status:     HTTP 403
  Error code: FSS.0403
  Exchange:   POST https://iam.test/v3/auth/tokens: no route

Ask for FunctionGraph ReadOnlyAccess or FunctionGraph Invoker on this project: workflows need a right on the IAM project, not on an enterprise project. A token of another project needs to be exchanged: give a token of this project, or an access key.`,
		},
		"settings from the environment": {
			err: atIAM(client.APIError{Class: client.ClassNotFound, Status: 404, Settings: []string{"auth_url from environment variable OS_AUTH_URL", "project_name from environment variable OS_PROJECT_NAME"}}),
			want: `
Not found
The server at this address has nothing at this path. The response does not come from IAM itself.

  Workflow: 48aff955
  Region:   cn-north-4
  Settings: auth_url from environment variable OS_AUTH_URL, project_name from environment variable OS_PROJECT_NAME
  Request:  GET https://iam.test/v3/projects
  Status:   HTTP 404

Check that auth_url, endpoints, region and cloud lead to IAM, and that no proxy responds in its place.`,
		},
		"http:// at a port for TLS": {
			err: plainHTTP(atFunctionGraph(client.APIError{Class: client.ClassBadRequest, Status: 400, Message: "the body begins with: Client sent an HTTP request to an HTTPS server."})),
			want: `
Request refused
A server at this address refused the request for the list of executions as invalid. The response does not come from FunctionGraph itself.

  Workflow: 48aff955
  Region:   cn-north-4
  Project:  p1
  Request:  GET http://fgs.test/v2/p1/fgs/workflows/48aff955/executions
  Status:   HTTP 400
  Message:  the body begins with: Client sent an HTTP request to an HTTPS server.

The server at this address expects TLS. Check the port, or write the address with https:// in endpoints or auth_url.`,
		},
		"deadline, and not a byte": {
			err: atFunctionGraph(client.APIError{Class: client.ClassDeadline, Err: context.DeadlineExceeded, Silent: true}),
			want: `
Read timed out
The read did not end within 5m. fgs.test did not send any response.

  Workflow: 48aff955
  Region:   cn-north-4
  Project:  p1
  Request:  GET https://fgs.test/v2/p1/fgs/workflows/48aff955/executions

Allow more time with timeouts.read, and check that this machine can reach the host, if need be through a proxy (HTTPS_PROXY).`,
		},
		"deadline": {
			err: atFunctionGraph(client.APIError{Class: client.ClassDeadline, Err: context.DeadlineExceeded}),
			want: `
Read timed out
The read did not end within 5m.

  Workflow: 48aff955
  Region:   cn-north-4
  Project:  p1
  Request:  GET https://fgs.test/v2/p1/fgs/workflows/48aff955/executions

Allow more time with timeouts.read, or ask for less: a narrower window, a status, a limit.`,
		},
		"deadline while trying again": {
			err: atFunctionGraph(client.APIError{Class: client.ClassDeadline, Attempts: 2, Elapsed: time.Second,
				Err: fmt.Errorf("%w; before that: %w", context.DeadlineExceeded, &client.APIError{Method: "GET", Scheme: "https", Host: "fgs.test", Path: "/x", Status: 503, Attempts: 2, Elapsed: time.Second})}),
			want: `
Read timed out
The read did not end within 5m.

  Workflow: 48aff955
  Region:   cn-north-4
  Project:  p1
  Request:  GET https://fgs.test/v2/p1/fgs/workflows/48aff955/executions
  Last try: GET https://fgs.test/x: HTTP 503 (2 tries in 1s)

Allow more time with timeouts.read, or ask for less: a narrower window, a status, a limit.`,
		},
		"cancelled": {
			err: atIAM(client.APIError{Class: client.ClassCancelled, Err: context.Canceled}),
			want: `
Read cancelled
Terraform stopped the read before it ended.

  Workflow: 48aff955
  Region:   cn-north-4
  Request:  GET https://iam.test/v3/projects`,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := wording(readDiagnostic(fmt.Errorf("wrapped: %w", tt.err), testSubject))
			if diff := cmp.Diff(strings.TrimSpace(tt.want), got); diff != "" {
				t.Errorf("wording (-want +got):\n%s", diff)
			}
		})
	}
}

// A timeout that has passed before the read begins is what is wrong.
func TestReadDiagnostic_noTime(t *testing.T) {
	t.Parallel()
	late := testSubject
	late.timeout = -90 * time.Minute
	got := wording(readDiagnostic(atFunctionGraph(client.APIError{Class: client.ClassDeadline, Err: context.DeadlineExceeded, Silent: true}), late))
	want := `Timeout is not positive (timeouts)
Attribute timeouts.read must be more than zero, got: -1h30m. No time was left for a request.

  Workflow: 48aff955
  Region:   cn-north-4
  Project:  p1
  Request:  GET https://fgs.test/v2/p1/fgs/workflows/48aff955/executions

Set it to a duration such as "5m", or leave it out.`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("wording (-want +got):\n%s", diff)
	}
}

// A request on the way to credentials names its step, and says what it means
// there.
func TestReadDiagnostic_credentials(t *testing.T) {
	t.Parallel()
	const agency = `assume_role of the provider block: agency "ops" of account "home"`
	iam := client.APIError{Service: "IAM", Operation: client.OperationAssumeAgency, Method: "POST", Scheme: "https", Host: "iam.test", Path: "/v3.0/x", Region: "cn-north-4"}
	sts := client.APIError{Service: "STS", Operation: client.OperationAssumeAgency, Method: "POST", Scheme: "https", Host: "sts.test", Path: "/v5/agencies/assume", Region: "cn-north-4"}
	metadata := client.APIError{Service: "The ECS metadata service", Operation: client.OperationMetadata, Method: "GET", Scheme: "http", Host: "ecs.test", Path: "/key"}
	tests := map[string]struct {
		step      client.CredentialsError
		at        client.APIError
		class     client.Class
		status    int
		code      string
		operation client.Operation
		want      string
	}{
		"agency, wrong key": {
			step: client.CredentialsError{Step: agency}, at: iam, class: client.ClassAuth, status: 401, code: "401",
			want: `
Credentials refused
IAM refused the access key from the test. It was tried once: five failures in a row lock a key for five minutes.

  Workflow:   48aff955
  Region:     cn-north-4
  Step:       assume_role of the provider block: agency "ops" of account "home"
  Request:    POST https://iam.test/v3.0/x
  Status:     HTTP 401
  Error code: 401

Check that access_key and secret_key are complete, belong together and are enabled, and that temporary keys come with their security_token and have not expired.`,
		},
		"agency, key that has worked before": {
			step: client.CredentialsError{Step: agency, Renewal: true}, at: iam, class: client.ClassAuth, status: 401, code: "401",
			want: `
Credentials refused
IAM refused the access key from the test.

  Workflow:   48aff955
  Region:     cn-north-4
  Step:       assume_role of the provider block: agency "ops" of account "home", whose keys have expired
  Request:    POST https://iam.test/v3.0/x
  Status:     HTTP 401
  Error code: 401

Check that access_key and secret_key are complete, belong together and are enabled, and that temporary keys come with their security_token and have not expired.`,
		},
		"agency, too slow": {
			step: client.CredentialsError{Step: agency}, at: sts, class: client.ClassDeadline,
			want: `
Read timed out
The read did not end within 5m.

  Workflow: 48aff955
  Region:   cn-north-4
  Step:     assume_role of the provider block: agency "ops" of account "home"
  Request:  POST https://sts.test/v5/agencies/assume

Allow more time with timeouts.read, and check that this machine can reach the host, if need be through a proxy (HTTPS_PROXY).`,
		},
		"agency, not allowed, at a renewal": {
			step: client.CredentialsError{Step: agency, Renewal: true}, at: sts, class: client.ClassPermission, status: 403, code: "STS5.1001",
			want: `
Permission denied
STS knows the access key from the test and denied temporary keys of the agency.

  Workflow:   48aff955
  Region:     cn-north-4
  Step:       assume_role of the provider block: agency "ops" of account "home", whose keys have expired
  Request:    POST https://sts.test/v5/agencies/assume
  Status:     HTTP 403
  Error code: STS5.1001

The key itself is good, but it may not assume the agency. Check agency_name and domain_name or domain_id, that the agency trusts the account that asks, and that the user has the right to assume it (Agent Operator).`,
		},
		"agency, refused": {
			step: client.CredentialsError{Step: agency}, at: sts, class: client.ClassBadRequest, status: 400, code: "STS5.1002",
			want: `
Request refused
STS refused the request for temporary keys of the agency as invalid.

  Workflow:   48aff955
  Region:     cn-north-4
  Step:       assume_role of the provider block: agency "ops" of account "home"
  Request:    POST https://sts.test/v5/agencies/assume
  Status:     HTTP 400
  Error code: STS5.1002

Check agency_name, domain_name or domain_id and duration against the message. An agency bounds how long its keys live, and one that is assumed with temporary keys gives at most an hour.`,
		},
		"agency, not found": {
			step: client.CredentialsError{Step: agency}, at: iam, class: client.ClassNotFound, status: 404, code: "IAM.0004",
			want: `
Agency not found
There is no such agency in that account.

  Workflow:   48aff955
  Region:     cn-north-4
  Step:       assume_role of the provider block: agency "ops" of account "home"
  Request:    POST https://iam.test/v3.0/x
  Status:     HTTP 404
  Error code: IAM.0004

Check agency_name and domain_name or domain_id of assume_role.`,
		},
		"agency, no such API": {
			step: client.CredentialsError{Step: agency}, at: sts, class: client.ClassNotFound, status: 404, code: "APIGW.0101",
			want: `
API not found
The gateway at this address does not know temporary keys of the agency.

  Workflow:   48aff955
  Region:     cn-north-4
  Step:       assume_role of the provider block: agency "ops" of account "home"
  Request:    POST https://sts.test/v5/agencies/assume
  Status:     HTTP 404
  Error code: APIGW.0101

Check region, auth_url, endpoints and cloud. STS, which is asked where domain_id is given, is not in every region: domain_name instead asks IAM.`,
		},
		"ID token, refused": {
			step: client.CredentialsError{Step: "oidc"}, at: iam, operation: client.OperationExchangeIDToken, class: client.ClassAuth, status: 401, code: "401",
			want: `
Credentials refused
IAM refused the ID token.

  Workflow:   48aff955
  Region:     cn-north-4
  Step:       oidc
  Request:    POST https://iam.test/v3.0/x
  Status:     HTTP 401
  Error code: 401

Check idp_id, that the identity provider in IAM fits the token (issuer, audience, signing keys), and that the token has not expired.`,
		},
		"ID token, not allowed": {
			step: client.CredentialsError{Step: "oidc"}, at: iam, operation: client.OperationExchangeIDToken, class: client.ClassPermission, status: 403, code: "403",
			want: `
Permission denied
IAM denied the exchange of the ID token.

  Workflow:   48aff955
  Region:     cn-north-4
  Step:       oidc
  Request:    POST https://iam.test/v3.0/x
  Status:     HTTP 403
  Error code: 403

Check that the identity provider's conversion rules in IAM map this identity to a user or a group.`,
		},
		"token, exchange refused": {
			step: client.CredentialsError{Step: "exchange", ProjectID: "p1"}, at: iam, operation: client.OperationScopeToken, class: client.ClassAuth, status: 401, code: "401",
			want: `
Credentials refused
IAM refused to exchange the token for one of the project.

  Workflow:   48aff955
  Region:     cn-north-4
  Project:    p1
  Step:       exchange
  Request:    POST https://iam.test/v3.0/x
  Status:     HTTP 401
  Error code: 401

Check that token is complete, has not expired (IAM tokens live for 24 hours) and belongs to the account of the project (domain_id or domain_name), or use an access key.`,
		},
		"token, exchange too slow": {
			step: client.CredentialsError{Step: "exchange"}, at: iam, operation: client.OperationScopeToken, class: client.ClassDeadline,
			want: `
Read timed out
The read did not end within 5m.

  Workflow: 48aff955
  Region:   cn-north-4
  Step:     exchange
  Request:  POST https://iam.test/v3.0/x

Allow more time with timeouts.read, and check that this machine can reach the host, if need be through a proxy (HTTPS_PROXY).`,
		},
		"ID token, unknown provider": {
			step: client.CredentialsError{Step: "oidc"}, at: iam, operation: client.OperationExchangeIDToken, class: client.ClassNotFound, status: 404, code: "IAM.0004",
			want: `
Identity provider not found
IAM knows no such identity provider.

  Workflow:   48aff955
  Region:     cn-north-4
  Step:       oidc
  Request:    POST https://iam.test/v3.0/x
  Status:     HTTP 404
  Error code: IAM.0004

Check idp_id, region, auth_url and cloud.`,
		},
		"IAM token of the ID token, refused": {
			step: client.CredentialsError{Step: "oidc"}, at: iam, operation: client.OperationExchangeToken, class: client.ClassAuth, status: 401, code: "401",
			want: `
Credentials refused
IAM refused the token that IAM itself gave for the ID token.

  Workflow:   48aff955
  Region:     cn-north-4
  Step:       oidc
  Request:    POST https://iam.test/v3.0/x
  Status:     HTTP 401
  Error code: 401

Check that the identity provider's conversion rules in IAM map this identity to a user or a group.`,
		},
		"metadata, refused": {
			step: client.CredentialsError{Step: "profile"}, at: metadata, class: client.ClassAuth, status: 401,
			want: `
No keys from the ECS metadata service
The ECS metadata service refused to give the temporary keys of this instance.

  Workflow: 48aff955
  Region:   cn-north-4
  Step:     profile
  Request:  GET http://ecs.test/key
  Status:   HTTP 401

Check that this machine is an ECS instance, and that it has an agency.`,
		},
		"metadata, not allowed": {
			step: client.CredentialsError{Step: "profile"}, at: metadata, class: client.ClassPermission, status: 403,
			want: `
No keys from the ECS metadata service
The ECS metadata service refused to give the temporary keys of this instance.

  Workflow: 48aff955
  Region:   cn-north-4
  Step:     profile
  Request:  GET http://ecs.test/key
  Status:   HTTP 403

Check that this machine is an ECS instance, and that it has an agency.`,
		},
		"metadata, invalid": {
			step: client.CredentialsError{Step: "profile"}, at: metadata, class: client.ClassBadRequest, status: 400,
			want: `
No keys from the ECS metadata service
The ECS metadata service refused to give the temporary keys of this instance.

  Workflow: 48aff955
  Region:   cn-north-4
  Step:     profile
  Request:  GET http://ecs.test/key
  Status:   HTTP 400

Check that this machine is an ECS instance, and that it has an agency.`,
		},
		"metadata, throttled": {
			step: client.CredentialsError{Step: "profile"}, at: metadata, class: client.ClassThrottled, status: 429,
			want: `
Too many requests
The ECS metadata service limits the rate of requests.

  Workflow: 48aff955
  Region:   cn-north-4
  Step:     profile
  Request:  GET http://ecs.test/key
  Status:   HTTP 429

Try again later. Check that this machine is an ECS instance, and that it has an agency.`,
		},
		"metadata, failed": {
			step: client.CredentialsError{Step: "profile"}, at: metadata, class: client.ClassServer, status: 500,
			want: `
The ECS metadata service failed
The ECS metadata service could not give the temporary keys of this instance.

  Workflow: 48aff955
  Region:   cn-north-4
  Step:     profile
  Request:  GET http://ecs.test/key
  Status:   HTTP 500

Try again later. Check that this machine is an ECS instance, and that it has an agency.`,
		},
		"metadata, malformed": {
			step: client.CredentialsError{Step: "profile"}, at: metadata, class: client.ClassMalformed, status: 200,
			want: `
Unexpected response
The response is not one that the ECS metadata service sends.

  Workflow: 48aff955
  Region:   cn-north-4
  Step:     profile
  Request:  GET http://ecs.test/key
  Status:   HTTP 200

Check that this machine is an ECS instance, and that it has an agency.`,
		},
		"metadata, no answer": {
			step: client.CredentialsError{Step: "profile"}, at: metadata, class: client.ClassNetwork,
			want: `
No response from the ECS metadata service
The ECS metadata service did not send a complete response.

  Workflow: 48aff955
  Region:   cn-north-4
  Step:     profile
  Request:  GET http://ecs.test/key

Check that this machine is an ECS instance, and that it has an agency.`,
		},
		"metadata, too slow": {
			step: client.CredentialsError{Step: "profile"}, at: metadata, class: client.ClassDeadline,
			want: `
Read timed out
The read did not end within 5m.

  Workflow: 48aff955
  Region:   cn-north-4
  Step:     profile
  Request:  GET http://ecs.test/key

Allow more time with timeouts.read. Check that this machine is an ECS instance, and that it has an agency.`,
		},
		"metadata that a profile wants": {
			step: client.CredentialsError{Step: "profile: the ECS metadata service"}, at: metadata, class: client.ClassNotFound, status: 404,
			want: `
No ECS metadata service
The server at its address is not the metadata service of an ECS instance.

  Workflow: 48aff955
  Region:   cn-north-4
  Step:     profile: the ECS metadata service
  Request:  GET http://ecs.test/key
  Status:   HTTP 404

Check that this machine is an ECS instance, and that it has an agency.`,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			failed := tt.at
			failed.Class, failed.Status, failed.Code = tt.class, tt.status, tt.code
			if tt.operation != "" {
				failed.Operation = tt.operation
			}
			if failed.Operation == client.OperationAssumeAgency {
				failed.KeyKind, failed.KeySource = "access key", "the test"
			}
			tt.step.Err = &failed
			got := wording(readDiagnostic(fmt.Errorf("wrapped: %w", &tt.step), testSubject))
			if diff := cmp.Diff(strings.TrimSpace(tt.want), got); diff != "" {
				t.Errorf("wording (-want +got):\n%s", diff)
			}
		})
	}
}

// Whatever fails, on whatever way: whole sentences, which say no more than the
// answer shows.
func TestTextsFor_all(t *testing.T) {
	t.Parallel()
	purposes := map[client.Operation]struct {
		service string
		kinds   []string // of credentials
	}{
		functiongraph.OperationListWorkflowExecutions: {"FunctionGraph", []string{"access key", "temporary access key", "token", ""}},
		client.OperationFindProject:                   {"IAM", []string{"access key", "temporary access key", "token", ""}},
		client.OperationAssumeAgency:                  {"STS", []string{"access key", "temporary access key", "token", ""}},
		client.OperationExchangeIDToken:               {"IAM", []string{""}},
		client.OperationExchangeToken:                 {"IAM", []string{""}},
		client.OperationScopeToken:                    {"IAM", []string{""}},
		client.OperationMetadata:                      {"The ECS metadata service", []string{""}},
	}
	statuses := map[client.Class]int{
		client.ClassServer: 500, client.ClassAuth: 401, client.ClassClock: 401, client.ClassPermission: 403, client.ClassNotFound: 404,
		client.ClassThrottled: 429, client.ClassBadRequest: 400, client.ClassMalformed: 200,
		client.ClassNetwork: 0, client.ClassDeadline: 0, client.ClassCancelled: 0,
	}
	broken := regexp.MustCompile(`the \.|  |%!|[^.] The |\blead to \.|Check that  |\bfrom (The|\.)|[a-z]$|^ | $`)
	ofOthers := regexp.MustCompile(`(?i)proxy|access_key|support|endpoint|auth_url|lock`)
	for operation, asked := range purposes {
		for class, status := range statuses {
			for _, kind := range asked.kinds {
				for _, code := range []string{"", "APIGW.0101", "APIGW.0302", "APIGW.0305", "FSS.0403", "IAM.0004"} {
					t.Run(fmt.Sprint(operation, class, kind, code), func(t *testing.T) {
						t.Parallel()
						e := &client.APIError{Class: class, Service: asked.service, Operation: operation, KeyKind: kind, Code: code, Status: status}
						got := textsFor(e, nil, testSubject)
						for _, text := range []string{got.summary + ".", got.what, got.next} {
							if broken.MatchString(text) {
								t.Errorf("broken: %q", text)
							}
						}
						if got.summary == "" || got.what == "" || got.next == "" && class != client.ClassCancelled {
							t.Errorf("something is missing: %+v", got)
						}
						all := got.summary + got.what + got.next
						if operation == client.OperationMetadata && (ofOthers.MatchString(all) || got.next != "" && !strings.HasSuffix(got.next, checkInstance)) {
							t.Errorf("not what helps with the metadata service: %+v", got)
						}
						if class == client.ClassPermission && !e.AcceptsKey() && (strings.Contains(all, " knows ") || strings.Contains(all, "key itself is good")) {
							t.Errorf("the answer does not show that the key is good: %+v", got)
						}
					})
				}
			}
		}
	}
}
