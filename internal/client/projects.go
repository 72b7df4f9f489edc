package client

import (
	"context"
	"errors"
	"fmt"
	"net/url"
)

// region is what the client knows of one region.
type region struct {
	name      string
	endpoints endpoints
	project   *cachedCall[string]
	access    *tokenAccess // nil: the credentials are not a token
}

// region returns the entry of a region; "" is the one of the configuration.
func (c *Client) region(name string) (*region, error) {
	if name == "" {
		name = c.cfg.Region
	}
	c.mu.Lock()
	defer c.mu.Unlock()

	if known := c.regions[name]; known != nil {
		return known, nil
	}
	addresses, err := endpointsFor(c.cfg, name)
	if err != nil {
		return nil, err
	}
	added := &region{name: name, endpoints: addresses}
	added.project = &cachedCall[string]{
		work:  func(ctx context.Context) (string, error) { return c.lookUpProject(ctx, added) },
		final: isFinalForProject,
	}
	added.access = c.newTokenAccess(added)
	c.regions[name] = added

	return added, nil
}

// projectID returns the project to read from in a region: the configured one,
// which belongs to the configured region alone, else the one that IAM names,
// either with the token of an exchange or in a lookup.
func (c *Client) projectID(ctx context.Context, r *region) (string, error) {
	if c.isProjectConfigured(r) {
		return c.cfg.ProjectID, nil
	}
	id, err := r.access.project(ctx)
	if err != nil {
		return "", c.endError(ctx, r.access.request(nil), err, nil, nil)
	}
	if id != "" {
		return id, nil
	}
	id, err = r.project.get(ctx)
	if err != nil {
		return "", c.endError(ctx, c.projectRequest(r), err, nil, nil)
	}

	return id, nil
}

// isProjectConfigured reports whether a region's project needs no lookup.
func (c *Client) isProjectConfigured(r *region) bool {
	return c.cfg.ProjectID != "" && r.name == c.cfg.Region
}

// ProjectError says that IAM knows no project of the name that was looked up.
type ProjectError struct {
	Name   string
	Region string
	Found  int    // how many projects of exactly that name the answer holds
	Host   string // of IAM

	Settings []string // as in [APIError.Settings]
}

// Error implements error.
func (e *ProjectError) Error() string {
	return fmt.Sprintf("IAM at %s names %d projects called %q", e.Host, e.Found, e.Name)
}

// projectRequest asks IAM for a region's project (API.md 6.4).
func (c *Client) projectRequest(r *region) *request {
	return &request{
		service:   serviceNameIAM,
		operation: OperationFindProject,
		base:      r.endpoints.iam,
		path:      []string{r.endpoints.iamVersion, "projects"},
		query:     url.Values{"name": {c.projectName(r)}},
		region:    r.name,
		access:    r.access,
	}
}

// projectName is the region's own name, unless another is configured, which
// then belongs to the configured region alone.
func (c *Client) projectName(r *region) string {
	if c.cfg.ProjectName != "" && r.name == c.cfg.Region {
		return c.cfg.ProjectName
	}

	return r.name
}

func (c *Client) lookUpProject(ctx context.Context, r *region) (string, error) {
	name := c.projectName(r)
	query := c.projectRequest(r)
	projects, _, err := do(ctx, c, query, func(resp *Response) ([]project, error) { return decodeProjects(resp, name) })
	if err != nil {
		return "", err
	}

	// The service may match more than the exact name.
	var ids []string
	for _, project := range projects {
		if project.name == name && project.id != "" {
			ids = append(ids, project.id)
		}
	}
	if len(ids) != 1 {
		return "", &ProjectError{Name: name, Region: r.name, Found: len(ids), Host: query.base.Host, Settings: query.settings}
	}

	return ids[0], nil
}

// project is one row of IAM's list.
type project struct{ id, name string }

// decodeProjects reads the body of a 200. A project of the given name must have
// an ID that can be used.
func decodeProjects(resp *Response, name string) ([]project, error) {
	const what = "the list of projects"
	list, err := DecodeList(resp, what, "projects", decodeProject)
	switch {
	case err != nil:
		return nil, err
	case !list.isArray:
		return nil, errors.New(what + " is missing")
	}
	for _, project := range list.Rows {
		if project.name == name && !isUsableProjectID(project.id) {
			return nil, errUnusableProjectID
		}
	}

	return list.Rows, nil
}

func decodeProject(d *Decoder, row *project) error {
	return d.ObjectOrNull(func(key string) error {
		switch key {
		case "id":
			return d.Text(&row.id)
		case "name":
			return d.Text(&row.name)
		default:
			return d.Skip()
		}
	})
}

var errUnusableProjectID = errors.New("the response contains an invalid project ID")

// isUsableProjectID reports whether an ID can be used in paths, headers and
// diagnostics.
func isUsableProjectID(id string) bool { return printable(id, maxSnippet) == id }

// isFinalForProject reports whether another lookup would fail in the same way.
func isFinalForProject(err error) bool {
	if _, unknown := errors.AsType[*ProjectError](err); unknown {
		return true
	}
	failed, ok := errors.AsType[*APIError](err)

	return ok && failed.isFinal()
}
