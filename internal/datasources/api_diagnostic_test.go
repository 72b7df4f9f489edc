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

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/client"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/functiongraph"
)

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

// plainHTTP changes the scheme of a request to http.
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

// unverified returns the error of package tls for a certificate that err refuses.
func unverified(err error) error { return &tls.CertificateVerificationError{Err: err} }

// apiErrors are failed requests for a list and for the lookup of its project.
func apiErrors() map[string]error {
	notResolved := &net.OpError{Op: "dial", Err: &net.DNSError{Err: "no such host", Name: "fgs.test", IsNotFound: true}}
	return map[string]error{
		"auth at FunctionGraph": atFunctionGraph(client.APIError{
			Class: client.ClassAuth, Status: 401, Code: "APIGW.0301", Message: "verify aksk signature fail",
			RequestID: "r1", KeySource: "environment variable HW_ACCESS_KEY", Attempts: 1,
		}),
		"auth at IAM": atIAM(client.APIError{
			Class: client.ClassAuth, Status: 401, Code: "401", Message: "verify aksk signature fail",
			RequestID: "r1", KeySource: "the provider block",
		}),
		"token refused": atFunctionGraph(client.APIError{
			Class: client.ClassAuth, Status: 401, Code: "APIGW.0307", KeyKind: "token",
			KeySource: "environment variable HW_AUTH_TOKEN",
		}),
		"temporary key refused": atFunctionGraph(client.APIError{
			Class: client.ClassAuth, Status: 401, Code: "APIGW.0301", KeyKind: "temporary access key",
			KeySource: "agency \"ops\" of account \"home\"",
		}),
		"auth, foreign response": atFunctionGraph(client.APIError{
			Class: client.ClassAuth, Status: 401, Message: "the body begins with: <html>",
		}),
		"token refused, clock ahead": atFunctionGraph(client.APIError{
			Class: client.ClassAuth, Status: 401, Code: "APIGW.0307", KeyKind: "token", ClockOffset: -time.Hour,
		}),
		"clock behind": atFunctionGraph(client.APIError{
			Class: client.ClassClock, Status: 401, Code: "APIGW.0301", Message: "signature expired",
			ClockOffset: 20*time.Minute + 300*time.Millisecond,
		}),
		"clock ahead": atIAM(client.APIError{Class: client.ClassClock, Status: 401, ClockOffset: -time.Hour}),
		"clock, difference unknown": atIAM(client.APIError{
			Class: client.ClassClock, Status: 401, Message: "signature expired", ClockOffset: 59 * time.Second,
		}),
		"permission at FunctionGraph": atFunctionGraph(client.APIError{
			Class: client.ClassPermission, Status: 403, Code: "APIGW.0302", Message: "not authorized",
			RequestID: "r1", KeySource: "the provider block",
		}),
		"permission, before the key is checked": atIAM(client.APIError{
			Class: client.ClassPermission, Status: 403, Code: "APIGW.0305",
		}),
		"permission, foreign response": atIAM(client.APIError{
			Class: client.ClassPermission, Status: 403, Message: "the body begins with: <html>",
		}),
		"permission at IAM": atIAM(client.APIError{Class: client.ClassPermission, Status: 403, Code: "403"}),
		"permission with an encoded reason": atFunctionGraph(client.APIError{
			Class: client.ClassPermission, Status: 403, EncodedMessage: "abc123",
		}),
		"workflow not found": atFunctionGraph(client.APIError{
			Class: client.ClassNotFound, Status: 404, Code: "FGS.5002", Message: "Function flow not found.",
			RequestID: "r1",
		}),
		"not found, foreign response": atFunctionGraph(client.APIError{
			Class: client.ClassNotFound, Status: 404, Message: "the body begins with: <html>",
		}),
		"API not found": atFunctionGraph(client.APIError{
			Class: client.ClassNotFound, Status: 404, Code: "APIGW.0101",
		}),
		"API not found on a dedicated gateway, at IAM": atIAM(client.APIError{
			Class: client.ClassNotFound, Status: 404, Code: "APIG.0101",
		}),
		"not found, foreign response at IAM": atIAM(client.APIError{
			Class: client.ClassNotFound, Status: 404, Message: "the body begins with: <html>",
		}),
		"project not found": atIAM(client.APIError{Class: client.ClassNotFound, Status: 404, Code: "404"}),
		"throttled": atFunctionGraph(client.APIError{
			Class: client.ClassThrottled, Status: 429, Code: "APIGW.0308",
			Message: "policy ip over ratelimit,limit:5,time:1 minute", Attempts: 6,
			Elapsed: 12345 * time.Millisecond,
		}),
		"bad request": atFunctionGraph(client.APIError{
			Class: client.ClassBadRequest, Status: 400, Code: "FGS.3002", Message: "Invalid parameters.",
		}),
		"bad request at IAM": atIAM(client.APIError{Class: client.ClassBadRequest, Status: 400, Code: "400"}),
		"bad request, foreign response": atFunctionGraph(client.APIError{
			Class: client.ClassBadRequest, Status: 400, Message: "the body begins with: <html>",
		}),
		"server": atFunctionGraph(client.APIError{
			Class: client.ClassServer, Status: 500, Code: "FGS.3002", Message: "Internal Error.",
			RequestID: "r1", Attempts: 3, Elapsed: 2 * time.Second,
		}),
		"server at IAM": atIAM(client.APIError{Class: client.ClassServer, Status: 503}),
		"malformed": atFunctionGraph(client.APIError{
			Class: client.ClassMalformed, Status: 200, Message: "the body begins with: <html>",
		}),
		"unknown host": atFunctionGraph(client.APIError{Class: client.ClassNetwork, Err: notResolved}),
		"connection refused": atIAM(client.APIError{
			Class: client.ClassNetwork, Err: &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED},
		}),
		"unknown authority": atFunctionGraph(client.APIError{
			Class: client.ClassNetwork, Err: unverified(x509.UnknownAuthorityError{}),
		}),
		"client certificate required": atFunctionGraph(client.APIError{
			Class: client.ClassNetwork,
			Err:   &net.OpError{Op: "remote error", Err: errors.New("tls: certificate required")},
		}),
		"server without TLS": atFunctionGraph(client.APIError{Class: client.ClassNetwork, Err: http.ErrSchemeMismatch}),
		"wrong host": atFunctionGraph(client.APIError{
			Class: client.ClassNetwork,
			Err: unverified(x509.HostnameError{
				Certificate: &x509.Certificate{DNSNames: []string{"other.test"}}, Host: "fgs.test",
			}),
		}),
		"certificate expired": atFunctionGraph(client.APIError{
			Class: client.ClassNetwork,
			Err:   unverified(x509.CertificateInvalidError{Reason: x509.Expired, Detail: "it is late"}),
		}),
		"certificate invalid otherwise": atFunctionGraph(client.APIError{
			Class: client.ClassNetwork, Err: x509.CertificateInvalidError{Reason: x509.TooManyIntermediates},
		}),
		"refused by a proxy": atFunctionGraph(client.APIError{
			Class: client.ClassNetwork, Err: &client.ProxyError{Host: "proxy.test:3128", Status: 407},
		}),
		"proxy that cannot be reached": atFunctionGraph(client.APIError{
			Class: client.ClassNetwork,
			Err:   &net.OpError{Op: "proxyconnect", Net: "tcp", Err: &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}},
		}),
		"connection timed out": atFunctionGraph(client.APIError{
			Class: client.ClassNetwork, Err: &net.OpError{Op: "dial", Err: context.DeadlineExceeded},
		}),
		"connection lost": atFunctionGraph(client.APIError{
			Class: client.ClassNetwork, Status: 200, RequestID: "r1", Err: errors.New("unexpected EOF"),
			Attempts: 2, Elapsed: time.Second,
		}),
		"key refused for another request": atFunctionGraph(client.APIError{
			Class: client.ClassAuth, Status: 401, Code: "APIGW.0301", RequestID: "r1",
			KeySource: "the provider block", ForAnother: true,
		}),
		"signature refused for another request": atIAM(client.APIError{
			Class: client.ClassClock, Status: 401, ClockOffset: -time.Hour, ForAnother: true,
		}),
		"token refused, and not exchanged": atFunctionGraph(client.APIError{
			Class: client.ClassAuth, Status: 401, Code: "APIGW.0301", KeyKind: "token",
			KeySource: "environment variable HW_AUTH_TOKEN",
			Exchange: &client.APIError{
				Method: "POST", Scheme: "https", Host: "iam.test", Path: "/v3/auth/tokens",
				Status: 403, Code: "403", RequestID: "r2", Message: "no",
			},
		}),
		"token denied, and not exchanged": atFunctionGraph(client.APIError{
			Class: client.ClassPermission, Status: 403, Code: "FSS.0403", KeyKind: "token",
			Exchange: &client.APIError{
				Method: "POST", Scheme: "https", Host: "iam.test", Path: "/v3/auth/tokens", Err: errors.New("no route"),
			},
		}),
		"settings from the environment": atIAM(client.APIError{
			Class: client.ClassNotFound, Status: 404,
			Settings: []string{
				"auth_url from environment variable OS_AUTH_URL",
				"project_name from environment variable OS_PROJECT_NAME",
			},
		}),
		"http:// at a port for TLS": plainHTTP(atFunctionGraph(client.APIError{
			Class: client.ClassBadRequest, Status: 400,
			Message: "the body begins with: Client sent an HTTP request to an HTTPS server.",
		})),
		"deadline, without any response": atFunctionGraph(client.APIError{
			Class: client.ClassDeadline, Err: context.DeadlineExceeded, Silent: true,
		}),
		"deadline": atFunctionGraph(client.APIError{Class: client.ClassDeadline, Err: context.DeadlineExceeded}),
		"deadline during a retry": atFunctionGraph(client.APIError{
			Class: client.ClassDeadline, Attempts: 2, Elapsed: time.Second,
			Err: fmt.Errorf("%w; before that: %w", context.DeadlineExceeded, &client.APIError{
				Method: "GET", Scheme: "https", Host: "fgs.test", Path: "/x",
				Status: 503, Attempts: 2, Elapsed: time.Second,
			}),
		}),
		"cancelled": atIAM(client.APIError{Class: client.ClassCancelled, Err: context.Canceled}),
	}
}

// credentialsErrors are failed requests on the way to credentials.
func credentialsErrors() map[string]error {
	const agency = `assume_role of the provider block: agency "ops" of account "home"`
	iam := client.APIError{Service: "IAM", Host: "iam.test", Path: "/v3.0/x"}
	sts := client.APIError{Service: "STS", Host: "sts.test", Path: "/v5/agencies/assume"}
	metadata := client.APIError{Service: "The ECS metadata service", Host: "ecs.test", Path: "/key"}
	failed := func(step client.CredentialsError, at client.APIError, operation client.Operation,
		class client.Class, status int, code string,
	) error {
		at.Operation, at.Class, at.Status, at.Code = operation, class, status, code
		switch operation {
		case client.OperationMetadata:
			at.Method, at.Scheme = "GET", "http"
		case client.OperationAssumeAgency:
			at.KeyKind, at.KeySource = "access key", "the test"
			fallthrough
		default:
			at.Method, at.Scheme, at.Region = "POST", "https", "cn-north-4"
		}
		step.Err = &at
		return &step
	}
	return map[string]error{
		"agency, wrong key": failed(client.CredentialsError{Step: agency}, iam,
			client.OperationAssumeAgency, client.ClassAuth, 401, "401"),
		"agency, key that has worked before": failed(client.CredentialsError{Step: agency, Renewal: true}, iam,
			client.OperationAssumeAgency, client.ClassAuth, 401, "401"),
		"agency, too slow": failed(client.CredentialsError{Step: agency}, sts,
			client.OperationAssumeAgency, client.ClassDeadline, 0, ""),
		"agency, not allowed, at a renewal": failed(client.CredentialsError{Step: agency, Renewal: true}, sts,
			client.OperationAssumeAgency, client.ClassPermission, 403, "STS5.1001"),
		"agency, refused": failed(client.CredentialsError{Step: agency}, sts,
			client.OperationAssumeAgency, client.ClassBadRequest, 400, "STS5.1002"),
		"agency, not found": failed(client.CredentialsError{Step: agency}, iam,
			client.OperationAssumeAgency, client.ClassNotFound, 404, "IAM.0004"),
		"agency, no such API": failed(client.CredentialsError{Step: agency}, sts,
			client.OperationAssumeAgency, client.ClassNotFound, 404, "APIGW.0101"),
		"ID token, refused": failed(client.CredentialsError{Step: "oidc"}, iam,
			client.OperationExchangeIDToken, client.ClassAuth, 401, "401"),
		"ID token, not allowed": failed(client.CredentialsError{Step: "oidc"}, iam,
			client.OperationExchangeIDToken, client.ClassPermission, 403, "403"),
		"token, exchange refused": failed(client.CredentialsError{Step: "exchange", ProjectID: "p1"}, iam,
			client.OperationScopeToken, client.ClassAuth, 401, "401"),
		"token, exchange too slow": failed(client.CredentialsError{Step: "exchange"}, iam,
			client.OperationScopeToken, client.ClassDeadline, 0, ""),
		"ID token, unknown provider": failed(client.CredentialsError{Step: "oidc"}, iam,
			client.OperationExchangeIDToken, client.ClassNotFound, 404, "IAM.0004"),
		"IAM token of the ID token, refused": failed(client.CredentialsError{Step: "oidc"}, iam,
			client.OperationExchangeToken, client.ClassAuth, 401, "401"),
		"metadata, refused": failed(client.CredentialsError{Step: "profile"}, metadata,
			client.OperationMetadata, client.ClassAuth, 401, ""),
		"metadata, not allowed": failed(client.CredentialsError{Step: "profile"}, metadata,
			client.OperationMetadata, client.ClassPermission, 403, ""),
		"metadata, invalid": failed(client.CredentialsError{Step: "profile"}, metadata,
			client.OperationMetadata, client.ClassBadRequest, 400, ""),
		"metadata, throttled": failed(client.CredentialsError{Step: "profile"}, metadata,
			client.OperationMetadata, client.ClassThrottled, 429, ""),
		"metadata, failed": failed(client.CredentialsError{Step: "profile"}, metadata,
			client.OperationMetadata, client.ClassServer, 500, ""),
		"metadata, malformed": failed(client.CredentialsError{Step: "profile"}, metadata,
			client.OperationMetadata, client.ClassMalformed, 200, ""),
		"metadata, no response": failed(client.CredentialsError{Step: "profile"}, metadata,
			client.OperationMetadata, client.ClassNetwork, 0, ""),
		"metadata, too slow": failed(client.CredentialsError{Step: "profile"}, metadata,
			client.OperationMetadata, client.ClassDeadline, 0, ""),
		"metadata for a profile": failed(client.CredentialsError{Step: "profile: the ECS metadata service"}, metadata,
			client.OperationMetadata, client.ClassNotFound, 404, ""),
	}
}

// Every text is a sentence, and says no more than the response shows.
func TestTextsFor_all(t *testing.T) {
	t.Parallel()
	keyKinds := []string{"access key", "temporary access key", "token", ""}
	type request struct {
		service  string
		keyKinds []string
	}
	requests := map[client.Operation]request{
		client.OperationFindProject:     {"IAM", keyKinds},
		client.OperationAssumeAgency:    {"STS", keyKinds},
		client.OperationExchangeIDToken: {"IAM", []string{""}},
		client.OperationExchangeToken:   {"IAM", []string{""}},
		client.OperationScopeToken:      {"IAM", []string{""}},
		client.OperationMetadata:        {"The ECS metadata service", []string{""}},
	}
	for operation := range textsByOperation {
		if _, ok := requests[operation]; !ok {
			requests[operation] = request{"FunctionGraph", keyKinds}
		}
	}
	statuses := map[client.Class]int{
		client.ClassServer: 500, client.ClassAuth: 401, client.ClassClock: 401, client.ClassPermission: 403,
		client.ClassNotFound: 404, client.ClassThrottled: 429, client.ClassBadRequest: 400, client.ClassMalformed: 200,
		client.ClassNetwork: 0, client.ClassDeadline: 0, client.ClassCancelled: 0,
	}
	for operation, r := range requests {
		for class, status := range statuses {
			for _, kind := range r.keyKinds {
				for _, code := range []string{"", "APIGW.0101", "APIGW.0302", "APIGW.0305", "FSS.0403", "IAM.0004"} {
					t.Run(fmt.Sprint(operation, class, kind, code), func(t *testing.T) {
						t.Parallel()
						checkTexts(t, &client.APIError{
							Class: class, Service: r.service, Operation: operation, KeyKind: kind, Code: code, Status: status,
						})
					})
				}
			}
		}
	}
}

var (
	// brokenText matches a text with a missing part.
	brokenText = regexp.MustCompile(
		`the \.|  |%!|[^.] The |\blead to \.|Check that  |\bfrom (The|\.)|\b(denied|know|for) \.|[a-z]$|^ | $`)

	// notOfMetadata matches advice that does not help with the metadata service.
	notOfMetadata = regexp.MustCompile(`(?i)proxy|access_key|support|endpoint|auth_url|lock`)
)

// checkTexts checks the texts of a failed request.
func checkTexts(t *testing.T, e *client.APIError) {
	t.Helper()
	got := textsFor(e, nil, testSubject)
	for _, text := range []string{got.summary + ".", got.what, got.next} {
		if brokenText.MatchString(text) {
			t.Errorf("broken: %q", text)
		}
	}
	if got.summary == "" || got.what == "" || got.next == "" && e.Class != client.ClassCancelled {
		t.Errorf("a text is missing: %+v", got)
	}
	all := got.summary + got.what + got.next
	if e.Operation == client.OperationMetadata {
		if notOfMetadata.MatchString(all) || got.next != "" && !strings.HasSuffix(got.next, checkInstance) {
			t.Errorf("the advice does not help with the metadata service: %+v", got)
		}
	}
	saysValid := strings.Contains(all, " knows ") || strings.Contains(all, "key itself is good")
	if e.Class == client.ClassPermission && saysValid && !e.AcceptsKey() {
		t.Errorf("the response does not show that the key is valid: %+v", got)
	}
}
