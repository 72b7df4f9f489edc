package client

import (
	"errors"
	"strings"
)

// maxHeaderText bounds a key or a token from a service, in bytes. Real ones have a
// few KB, and servers refuse requests with much larger headers.
const maxHeaderText = 64 << 10

// fitsHeader reports whether a key or a token can be sent in a header.
func fitsHeader(text string) bool {
	unfit := func(r rune) bool { return r <= ' ' || r > '~' }

	return text != "" && len(text) <= maxHeaderText && !strings.ContainsFunc(text, unfit)
}

// subjectToken returns the IAM token in the header of a response.
func (r *Response) subjectToken() (string, error) {
	token := r.http.Header.Get("X-Subject-Token")
	switch {
	case token == "":
		return "", errors.New("the response does not contain an X-Subject-Token")
	case !fitsHeader(token):
		return "", errors.New("the X-Subject-Token of the response cannot be sent in a header")
	default:
		return token, nil
	}
}
