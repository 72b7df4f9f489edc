package simulator

import (
	"encoding/json"
	"net/http"
)

// success is the response with a body.
func success(body []byte) response { return response{status: http.StatusOK, body: body} }

// fail is an error of FunctionGraph or its gateway (CLOUD.md 2.1).
func (q *call) fail(status int, code, message string) response {
	return response{status: status, body: encode(errorBody{code, message, q.requestID})}
}

// failAs is the error of FunctionGraph or its gateway with a status.
func (q *call) failAs(status int) response {
	return q.fail(status, errorBodies[status].Code, errorBodies[status].Message)
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

// unauthorized is the response to a request without a valid signature. Each
// service has its own shape (CLOUD.md 2.1).
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

// errorBodies are the errors of the gateway and FunctionGraph that have a status
// of their own here (CLOUD.md 2.2, 2.3).
var errorBodies = map[int]errorBody{
	http.StatusBadRequest: {Code: "FGS.3002", Message: "Invalid parameters."},
	http.StatusUnauthorized: {
		Code: "APIGW.0301", Message: "Incorrect IAM authentication information: " + errBadSignature.Error(),
	},
	http.StatusForbidden:           {Code: "APIGW.0302", Message: "The IAM user is not authorized to access the API"},
	http.StatusNotFound:            {Code: "FGS.5002", Message: "Function flow not found."}, // or no such execution
	http.StatusTooManyRequests:     {Code: "FSS.0429", Message: "api is busy now"},
	http.StatusInternalServerError: {Code: "FGS.3002", Message: "Internal Error."},
	http.StatusBadGateway:          {Code: "APIGW.0202", Message: "Backend unavailable"},
	http.StatusServiceUnavailable:  {Code: "APIGW.0801", Message: "Service unavailable"},
	http.StatusGatewayTimeout:      {Code: "APIGW.0203", Message: "Backend timeout"},
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
