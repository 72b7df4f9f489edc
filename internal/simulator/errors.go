package simulator

import (
	"encoding/json"
	"net/http"
)

// fail is an error of FunctionGraph or of its gateway (API.md 2.1).
func (q *call) fail(status int, code, message string) answer {
	return answer{status: status, body: encode(errorBody{code, message, q.requestID})}
}

// unauthorized is how a failed check of the signature is answered: each service has its own shape (API.md 2.1).
func (r *route) unauthorized(q *call, message string) answer {
	message = "Incorrect IAM authentication information: " + message
	if !r.iam {
		return q.fail(http.StatusUnauthorized, "APIGW.0301", message)
	}
	var body keystoneBody
	body.Error.Code = http.StatusUnauthorized
	body.Error.Message = message
	body.Error.Title = http.StatusText(http.StatusUnauthorized)
	return answer{status: http.StatusUnauthorized, body: encode(body)}
}

type errorBody struct {
	Code      string `json:"error_code"`
	Message   string `json:"error_msg"`
	RequestID string `json:"request_id"`
}

type keystoneBody struct {
	Error struct {
		Code    int    `json:"code"`
		Message string `json:"message"`
		Title   string `json:"title"`
	} `json:"error"`
}

// encode writes a string or one of this package's own wire structs.
func encode(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // they hold strings, numbers and booleans only
	}
	return b
}
