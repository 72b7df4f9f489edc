package client

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"time"
)

// tokenAccess decides which token the requests of one region carry: the
// configured one, or a token of the region's project that IAM returns in exchange
// (CLOUD.md 6.7). The configured token may be of another project, or of none.
//
// With a configured project ID, requests carry the configured token, and it is
// exchanged after a 401 or 403. Without a project ID, but with the account, it is
// exchanged first, by the name of the project, and the response contains the
// project's ID, too. If IAM refuses the exchange, requests carry the configured
// token.
//
// A nil tokenAccess is that of credentials without a token. It is safe for
// concurrent use.
type tokenAccess struct {
	region *region
	keys   *keyring       // with the configured token
	token  Credentials    // the configured one
	byName bool           // without a configured project ID, but with the account
	scoped *keyring       // the token of the exchange
	first  *gate          // of requests to the service with the configured token
	atIAM  *gate          // of exchanges of the configured token
	named  map[string]any // the project by its name and its account

	mu        sync.Mutex
	projectID string    // the project of the exchange; empty: by its name
	refusal   *APIError // the response of a service that refused the configured token
	accepted  bool      // a service accepted the configured token
	failure   *APIError // why the token cannot be exchanged; nil: it can
}

// token returns the configured token, and false if there is none. A token cannot
// assume agencies, because those requests must be signed.
func (cfg Config) token() (Credentials, bool) {
	creds, _ := cfg.Credentials.(Credentials)

	return creds, creds.Token != "" && len(cfg.Agencies) == 0
}

// newTokenAccess returns nil without a configured token.
func (c *Client) newTokenAccess(r *region) *tokenAccess {
	token, ok := c.cfg.token()
	if !ok {
		return nil
	}
	account := map[string]any{"id": c.cfg.DomainID}
	if c.cfg.DomainID == "" {
		account = map[string]any{"name": c.cfg.DomainName}
	}
	access := &tokenAccess{
		region: r,
		keys:   c.keys,
		token:  token,
		first:  newGate(),
		atIAM:  c.exchanges,
		named:  map[string]any{"name": c.projectName(r), "domain": account},
	}
	if c.isProjectConfigured(r) {
		access.projectID = c.cfg.ProjectID
	} else {
		access.byName = c.cfg.DomainID != "" || c.cfg.DomainName != ""
	}
	access.scoped = c.newKeyring(access)

	return access
}

// needsExchange reports whether requests need another token than the configured
// one.
func (t *tokenAccess) needsExchange() bool {
	t.mu.Lock()
	defer t.mu.Unlock()

	return (t.byName || t.refusal != nil) && !t.accepted && t.failure == nil
}

// outdated reports whether a request must not carry these credentials, because
// they must be exchanged first.
func (t *tokenAccess) outdated(creds Credentials) bool {
	return t != nil && creds.Token == t.token.Token && t.needsExchange()
}

// enter is [gate.enter] for a request with these credentials. The first request
// with the configured token is sent alone in each region, because the service of
// a region may refuse a token that IAM accepts.
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

// key returns the credentials of a request. It exchanges the token if that is
// necessary.
func (t *tokenAccess) key(ctx context.Context, r *request) (key, error) {
	if !t.needsExchange() {
		return t.keys.get(ctx)
	}
	scoped, err := t.scoped.get(ctx)
	switch {
	case err == nil:
		return scoped, nil
	case t.giveUp(ctx, err):
		return t.keys.get(ctx)
	default:
		return key{}, t.withRefusal(ctx, r, err)
	}
}

// withRefusal adds to the failure of an exchange the refusal that made it
// necessary.
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

// giveUp reports whether a failed exchange means that IAM does not exchange the
// token. If so, requests carry the configured token from now on. A 401 means so
// only after a service has refused the token; before, the token may be wrong.
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
		if failed.Status != http.StatusNotImplemented { // some stand-ins for IAM implement GET only
			return false
		}
	default:
		return false
	}
	t.failure = failed

	return true
}

// refused records that a service refused the configured token, and reports
// whether an exchange may help. If not, it adds to the refusal why the token could
// not be exchanged before.
func (t *tokenAccess) refused(r *request, creds Credentials, failed *APIError) bool {
	if t == nil || creds.Token != t.token.Token || failed.Class != ClassAuth && failed.Class != ClassPermission {
		return false
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if r.projectID == "" || t.accepted || t.failure != nil {
		failed.Exchange = t.failure
		return false
	}
	if t.refusal == nil {
		t.refusal, t.projectID = failed, r.projectID
	}

	return true
}

// exchange exchanges the token after a refusal. The error is the refusal with the
// failure of the exchange, or that of ctx.
func (t *tokenAccess) exchange(ctx context.Context, refusal *APIError) error {
	_, err := t.scoped.get(ctx)
	if err == nil || ctx.Err() != nil {
		return err
	}
	t.giveUp(ctx, err)
	failed := *refusal // a copy, because a gate may have passed refusal to other requests
	failed.Exchange, _ = errors.AsType[*APIError](err)

	return &failed
}

// succeeded records that a service accepted these credentials.
func (t *tokenAccess) succeeded(r *request, creds Credentials) {
	if t == nil || r.projectID == "" || creds.Token != t.token.Token {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.accepted = true
}

// project returns the project ID of an exchange by name; "" without one.
func (t *tokenAccess) project(ctx context.Context) (string, error) {
	if t == nil || !t.byName {
		return "", nil
	}
	if _, err := t.key(ctx, nil); err != nil {
		return "", err
	}
	t.mu.Lock()
	defer t.mu.Unlock()

	return t.projectID, nil
}

// retrieve implements [CredentialsProvider]: it exchanges the token.
func (t *tokenAccess) retrieve(ctx context.Context, s sender) (creds Credentials, err error) {
	scoped, _, err := do(ctx, s, t.request(), decodeScopedToken)
	if err != nil {
		return Credentials{}, err
	}
	creds = scoped.Credentials
	creds.Source = strings.TrimPrefix(t.token.Source+", exchanged for one of the project", ", ")
	t.mu.Lock()
	defer t.mu.Unlock()
	t.projectID = cmp.Or(t.projectID, scoped.projectID)
	t.accepted = t.accepted || creds.Token == t.token.Token // IAM returned the same token

	return creds, nil
}

// newTokenGate returns the gate of the configured token at IAM, which is the same
// for all regions. It is another gate than that of the token itself, because IAM
// may exchange a token that a service refuses. Once the token has proved good, a
// 401 to an exchange concerns one project.
func (c *Client) newTokenGate() *gate {
	token, _ := c.cfg.token()
	exchanges, asItIs := newGate(), c.gateFor(token)
	exchanges.proven = func() bool {
		open, _ := asItIs.state()
		return exchanges.open || open
	}

	return exchanges
}

// request returns the request to IAM for a token of the project.
func (t *tokenAccess) request() *request {
	project := t.named
	t.mu.Lock()
	if t.projectID != "" {
		project = map[string]any{"id": t.projectID}
	}
	t.mu.Unlock()
	path := []string{t.region.endpoints.iamVersion, "auth", "tokens"}
	r := newCredentialsRequest(serviceNameIAM, OperationScopeToken, path, map[string]any{"auth": map[string]any{
		"identity": map[string]any{"methods": []string{"token"}, "token": map[string]any{"id": t.token.Token}},
		"scope":    map[string]any{"project": project},
	}})
	r.credentialsStep = "the exchange of the token for one of the project"
	if t.token.Source != "" {
		r.credentialsStep += " (token from " + t.token.Source + ")"
	}
	r.base, r.region = t.region.endpoints.iam, t.region.name
	r.unsigned, r.secrets, r.gate = true, []string{t.token.Token}, t.atIAM

	return r
}

// scopedToken is a token of one project.
type scopedToken struct {
	Credentials
	projectID string // empty: the response does not have it
}

// decodeScopedToken reads the token of an exchange.
func decodeScopedToken(resp *Response) (token scopedToken, err error) {
	if token.Token, err = resp.subjectToken(); err != nil {
		return scopedToken{}, err
	}
	resp.secrets.add(token.Token, hidden, true)
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
					return d.Text(&token.projectID)
				})
			default:
				return d.Skip()
			}
		})
	})
	switch {
	case err != nil:
		return scopedToken{}, err
	case !isUsableProjectID(token.projectID):
		return scopedToken{}, errUnusableProjectID
	}
	if end, err := time.Parse(time.RFC3339, expires); err == nil {
		token.Expires = resp.byOurClock(end)
	}

	return token, nil
}
