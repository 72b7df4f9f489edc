package simulator

import (
	"encoding/json"
	"net/http"
)

// fail is an error of FunctionGraph or its gateway (CLOUD.md 2.1).
func (q *call) fail(status int, code, message string) response {
	return response{status: status, body: encode(errorBody{code, message, q.requestID})}
}

// badParameters is FunctionGraph's response to invalid parameters.
func (q *call) badParameters() response {
	return q.fail(http.StatusBadRequest, "FGS.3002", "Invalid parameters.")
}

// noSuchWorkflow is FunctionGraph's response for an unknown workflow or execution.
func (q *call) noSuchWorkflow() response {
	return q.fail(http.StatusNotFound, "FGS.5002", "Function flow not found.")
}

// noSuchAPI is the response to a request without an operation.
func (q *call) noSuchAPI() response {
	return q.fail(http.StatusNotFound, "APIGW.0101",
		"The API does not exist or has not been published in the environment")
}

// refuse is an error of IAM v3.0 or STS (CLOUD.md 2.1).
func refuse(status int, code, message string) response {
	return response{status: status, body: encode(iamErrorBody{Code: code, Message: message})}
}

// unauthorized is the response to a request without a valid signature. Each service has its own shape (CLOUD.md 2.1).
func (r *route) unauthorized(q *call, message string) response {
	message = "Incorrect IAM authentication information: " + message
	switch r.service {
	case keystone:
		return keystoneError(http.StatusUnauthorized, message)
	case iam:
		return refuse(http.StatusUnauthorized, iamUnauthorized, message)
	case sts:
		return refuse(http.StatusUnauthorized, stsUnauthorized, message)
	default:
		return q.fail(http.StatusUnauthorized, "APIGW.0301", message)
	}
}

// keystoneError is an error of IAM v3 (CLOUD.md 2.1).
func keystoneError(status int, message string) response {
	var body keystoneBody
	body.Error.Code, body.Error.Message, body.Error.Title = status, message, http.StatusText(status)

	return response{status: status, body: encode(body)}
}

type errorBody struct {
	Code      string `json:"error_code"`
	Message   string `json:"error_msg"`
	RequestID string `json:"request_id"`
}

type iamErrorBody struct {
	Code    string `json:"error_code"`
	Message string `json:"error_msg"`
	Encoded string `json:"encoded_authorization_message,omitempty"` // STS only, on 403
}

type keystoneBody struct {
	Error struct {
		Code    int    `json:"code"`
		Message string `json:"message"`
		Title   string `json:"title"`
	} `json:"error"`
}

// encode encodes a string or a wire struct of this package.
func encode(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // the structs contain only strings, numbers and booleans
	}

	return b
}
