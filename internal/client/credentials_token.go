package client

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"time"
)

// tokenAccess decides which token the requests of one region carry: the
// configured one, or one of the region's project that IAM gives for it (API.md
// 6.7). The configured one may be for no project, or for another.
//
// With a known project ID the configured token is sent as it is, and a 401 or
// 403 to the first request has it exchanged. Without a project ID, but with the
// account, it is exchanged first, by the project's name: the response has the
// project's ID too. IAM may refuse to exchange a token that is for a project
// already; then the token is used as it is.
//
// A nil tokenAccess belongs to credentials that are not a token.
type tokenAccess struct {
	token  Credentials // the configured one
	byName bool        // the project's ID is not configured, and its account is
	scoped *keyring    // the token of the exchange
	first  *gate       // of requests to the service with the configured token

	mu        sync.Mutex
	projectID string    // what to exchange for; empty: the project's name
	refusal   *APIError // what a service answered to the configured token
	accepted  bool      // the configured token is good as it is
	failure   *APIError // why there is no exchange; nil: there may be one
}

// token returns the configured token, and false if there is none. Agencies are
// assumed with signed requests only, so that they need other credentials.
func (cfg Config) token() (Credentials, bool) {
	creds, _ := cfg.Credentials.(Credentials)

	return creds, creds.Token != "" && len(cfg.Agencies) == 0
}

// newTokenAccess returns nil unless the client has been given a token.
func (c *Client) newTokenAccess(r *region) *tokenAccess {
	token, ok := c.cfg.token()
	if !ok {
		return nil
	}
	access := &tokenAccess{token: token, first: newGate()}
	if c.isProjectConfigured(r) {
		access.projectID = c.cfg.ProjectID
	} else {
		access.byName = c.cfg.DomainID != "" || c.cfg.DomainName != ""
	}
	access.scoped = c.newKeyring(tokenExchange{access, r})

	return access
}

// wanted reports whether requests need another token than the configured one.
func (t *tokenAccess) wanted() bool {
	t.mu.Lock()
	defer t.mu.Unlock()

	return (t.byName || t.refusal != nil) && !t.accepted && t.failure == nil
}

// outdated reports whether a request must not go out with these credentials,
// because a token has to be exchanged for another meanwhile.
func (t *tokenAccess) outdated(creds Credentials) bool {
	return t != nil && creds.Token == t.token.Token && t.wanted()
}

// enter waits until a request may carry these credentials, as [gate.enter] does.
// IAM may know a token that the service of a region refuses, so that the first
// request with the configured token goes alone in every region.
func (t *tokenAccess) enter(ctx context.Context, r *request, k key) (leave func(*APIError), err error) {
	leaveGate, err := k.gate.enter(ctx)
	if err != nil || t == nil || r.projectID == "" || k.Token != t.token.Token {
		return leaveGate, err
	}
	leaveFirst, err := t.first.enter(ctx)
	if err != nil {
		leaveGate(notSent)
		return nil, err
	}

	return func(outcome *APIError) {
		leaveFirst(outcome)
		leaveGate(outcome)
	}, nil
}

// key returns what a request carries now.
func (t *tokenAccess) key(ctx context.Context, c *Client, r *request) (key, error) {
	if !t.wanted() {
		return c.keys.get(ctx)
	}
	scoped, err := t.scoped.get(ctx)
	switch {
	case err == nil:
		return scoped, nil
	case t.giveUp(ctx, err):
		return c.keys.get(ctx)
	default:
		return key{}, t.withRefusal(ctx, r, err)
	}
}

// withRefusal adds to the failure of an exchange why it was needed.
func (t *tokenAccess) withRefusal(ctx context.Context, r *request, err error) error {
	failed, ok := errors.AsType[*APIError](err)
	t.mu.Lock()
	defer t.mu.Unlock()
	if !ok || ctx.Err() != nil || t.refusal == nil {
		return err
	}
	refused := r.refusedBefore(t.refusal)
	refused.Exchange = failed

	return refused
}

// giveUp has the configured token used as it is from now on, if a failed
// exchange means that. A 401 means it only for a token that has reached a
// service: otherwise it shows that the token is wrong.
func (t *tokenAccess) giveUp(ctx context.Context, err error) bool {
	failed, ok := errors.AsType[*APIError](err)
	if !ok || ctx.Err() != nil {
		return false
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	switch failed.Class {
	case ClassAuth, ClassClock:
		if t.refusal == nil {
			return false
		}
	case ClassPermission, ClassNotFound, ClassBadRequest, ClassMalformed:
	case ClassServer:
		if failed.Status != http.StatusNotImplemented { // a stand-in that only knows GET
			return false
		}
	default:
		return false
	}
	t.failure = failed

	return true
}

// refused takes note of a refusal of the configured token by a service, and
// reports whether another one may help.
func (t *tokenAccess) refused(r *request, creds Credentials, failed *APIError) bool {
	if t == nil || creds.Token != t.token.Token || failed.Class != ClassAuth && failed.Class != ClassPermission {
		return false
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if r.projectID == "" || t.accepted || t.failure != nil {
		return false
	}
	if t.refusal == nil {
		t.refusal, t.projectID = failed, r.projectID
	}

	return true
}

// exchange has the token exchanged after a refusal. The error is that refusal,
// with the reason why there is no other token, or says that ctx ended.
func (t *tokenAccess) exchange(ctx context.Context, refusal *APIError) error {
	_, err := t.scoped.get(ctx)
	if err == nil || ctx.Err() != nil {
		return err
	}
	t.giveUp(ctx, err)
	told := *refusal // a gate may have shown it to others
	told.Exchange, _ = errors.AsType[*APIError](err)

	return &told
}

// succeeded takes note that a service has accepted these credentials.
func (t *tokenAccess) succeeded(r *request, creds Credentials) {
	if t == nil || r.projectID == "" || creds.Token != t.token.Token {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.accepted = true
}

// explain adds to a refusal why the token has not been exchanged for another.
func (t *tokenAccess) explain(failed *APIError, creds Credentials) *APIError {
	if t == nil || creds.Token != t.token.Token || failed.Class != ClassAuth && failed.Class != ClassPermission {
		return failed
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	failed.Exchange = t.failure

	return failed
}

// project returns the project of the exchange by name; "" if there is none.
func (t *tokenAccess) project(ctx context.Context, c *Client) (string, error) {
	if t == nil || !t.byName {
		return "", nil
	}
	if _, err := t.key(ctx, c, nil); err != nil {
		return "", err
	}
	t.mu.Lock()
	defer t.mu.Unlock()

	return t.projectID, nil
}

// tokenExchange is the exchange of a token for one of the region's project.
type tokenExchange struct {
	*tokenAccess
	region *region
}

// Retrieve implements [CredentialsProvider].
func (e tokenExchange) Retrieve(ctx context.Context, c *Client) (creds Credentials, err error) {
	r := c.exchangeRequest(e.region, e.scope(c))
	r.step = "the exchange of the token for one of the project"
	if e.token.Source != "" {
		r.step += " (token from " + e.token.Source + ")"
	}
	r.secrets = []string{e.token.Token}
	r.gate = c.exchanges
	projectID := ""
	_, err = c.do(ctx, r, func(resp *Response) (err error) {
		creds, projectID, err = decodeScopedToken(resp)
		return err
	})
	if err != nil {
		return Credentials{}, err
	}
	creds.Source = strings.TrimPrefix(e.token.Source+", exchanged for one of the project", ", ")
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.projectID == "" {
		e.projectID = projectID
	}
	if creds.Token == e.token.Token { // there is no other
		e.accepted = true
	}

	return creds, nil
}

// scope names the project: by its ID if that is known, otherwise by its name
// with its account.
func (e tokenExchange) scope(c *Client) map[string]any {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.projectID != "" {
		return map[string]any{"id": e.projectID}
	}
	account := map[string]any{"id": c.cfg.DomainID}
	if c.cfg.DomainID == "" {
		account = map[string]any{"name": c.cfg.DomainName}
	}

	return map[string]any{"name": c.projectName(e.region), "domain": account}
}

// newExchangeGate returns the gate of the configured token at IAM. A service that
// refuses the token must not keep it from being exchanged. Once the token has
// proved good, a 401 to an exchange concerns one project.
func (c *Client) newExchangeGate() *gate {
	token, _ := c.cfg.token()
	exchanges, asItIs := newGate(), c.gateFor(token)
	exchanges.proven = func() bool {
		open, _ := asItIs.state()
		return exchanges.open || open
	}

	return exchanges
}

// exchangeRequest asks IAM for a token of a project.
func (c *Client) exchangeRequest(r *region, scope map[string]any) *request {
	token, _ := c.cfg.token()
	request := c.credentialsRequest(serviceNameIAM, OperationScopeToken, r.endpoints.iam, []string{r.endpoints.iamVersion, "auth", "tokens"},
		map[string]any{"auth": map[string]any{
			"identity": map[string]any{"methods": []string{"token"}, "token": map[string]any{"id": token.Token}},
			"scope":    map[string]any{"project": scope},
		}})
	request.region, request.unsigned = r.name, true

	return request
}

// decodeScopedToken reads the token of an exchange and the ID of its project,
// which is empty if the response does not have it.
func decodeScopedToken(resp *Response) (creds Credentials, projectID string, err error) {
	if creds.Token, err = resp.subjectToken(); err != nil {
		return Credentials{}, "", err
	}
	resp.secrets.add(creds.Token, hidden, true)
	var expires string
	err = resp.Decode("the token's description", func(d *Decoder) error {
		return d.only("token", func(key string) error {
			switch key {
			case "expires_at":
				return d.Text(&expires)
			case "project":
				return d.ObjectOrNull(func(key string) error {
					if key != "id" {
						return d.Skip()
					}
					return d.Text(&projectID)
				})
			default:
				return d.Skip()
			}
		})
	})
	switch {
	case err != nil:
		return Credentials{}, "", err
	case !isUsableProjectID(projectID):
		return Credentials{}, "", errUnusableProjectID
	}
	if end, err := time.Parse(time.RFC3339, expires); err == nil {
		creds.Expires = resp.byOurClock(end)
	}

	return creds, projectID, nil
}
