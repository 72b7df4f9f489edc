package client

import (
	"context"
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
)

// collectSecrets lists the secrets of an attempt, so that later steps can hide
// them.
func collectSecrets(ctx context.Context, call *call, next handler) (*Response, error) {
	call.secrets = call.secretsOf(call.http, call.key.Credentials, call.proxy.User)
	if call.recordSecrets != nil {
		call.recordSecrets(call.secrets)
	}

	return next(ctx, call)
}

// secretsOf returns the secrets of an HTTP request, its credentials and its proxy.
func (r *request) secretsOf(req *http.Request, creds Credentials, proxy *url.Userinfo) *secrets {
	_, signature, _ := strings.Cut(req.Header.Get("Authorization"), "Signature=")
	s := &secrets{}
	if n := len(creds.AccessKey); n > minSecret {
		// The last four characters stay visible, so that users recognise the key.
		s.add(creds.AccessKey, hidden+creds.AccessKey[n-4:], true)
	}
	for _, secret := range append([]string{signature, creds.SecretKey, creds.SecurityToken, creds.Token}, r.secrets...) {
		s.add(secret, hidden, true)
	}
	s.addProxy(proxy)

	return s
}

// addProxy adds the credentials of a proxy, which net/http sends in a header that
// is not part of the request.
func (s *secrets) addProxy(user *url.Userinfo) {
	if user == nil {
		return
	}
	name := user.Username()
	password, _ := user.Password()
	for _, secret := range []string{
		name + ":" + password, base64.StdEncoding.EncodeToString([]byte(name + ":" + password)), password,
	} {
		s.add(secret, hidden, true)
	}
	s.add(name, hidden, false)
}
