package client

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
)

// region is the cached state of one region.
type region struct {
	name      string
	endpoints endpoints
	project   *cachedCall[string]
	access    *tokenAccess // nil: the credentials are not a token
}

// region returns the state of a region; "" is the region of the configuration.
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
		run:         func(ctx context.Context) (string, error) { return c.lookUpProject(ctx, added) },
		isPermanent: isPermanentProjectError,
	}
	added.access = c.newTokenAccess(added)
	c.regions[name] = added

	return added, nil
}

// projectID returns the project ID of a region: the configured one, which is that
// of the configured region alone, or the one from IAM, which comes with an
// exchanged token or from a lookup.
func (c *Client) projectID(ctx context.Context, r *region) (string, error) {
	if c.isProjectConfigured(r) {
		return c.cfg.ProjectID, nil
	}
	id, err := r.access.project(ctx)
	if err != nil {
		return "", c.endError(ctx, &call{request: r.access.request()}, err)
	}
	if id != "" {
		return id, nil
	}
	id, err = r.project.get(ctx)

	return id, c.endError(ctx, &call{request: c.projectRequest(r)}, err)
}

// isProjectConfigured reports whether the project ID of a region is configured.
func (c *Client) isProjectConfigured(r *region) bool {
	return c.cfg.ProjectID != "" && r.name == c.cfg.Region
}

// ProjectError means that IAM does not have exactly one project of a name.
type ProjectError struct {
	Name   string
	Region string
	Found  int    // the number of projects of exactly that name in the response
	Host   string // of IAM

	Settings []string // as in [APIError.Settings]
}

func (e *ProjectError) Error() string {
	return fmt.Sprintf("IAM at %s names %d projects called %q", e.Host, e.Found, e.Name)
}

// projectRequest returns the request for a region's project (CLOUD.md 6.4).
func (c *Client) projectRequest(r *region) *request {
	return &request{
		service:   serviceNameIAM,
		operation: OperationFindProject,
		method:    http.MethodGet,
		base:      r.endpoints.iam,
		path:      []string{r.endpoints.iamVersion, "projects"},
		query:     url.Values{"name": {c.projectName(r)}},
		region:    r.name,
		access:    r.access,
	}
}

// projectName returns the name of a region's project: the configured one, which is
// that of the configured region alone, or the name of the region.
func (c *Client) projectName(r *region) string {
	if c.cfg.ProjectName != "" && r.name == c.cfg.Region {
		return c.cfg.ProjectName
	}

	return r.name
}

func (c *Client) lookUpProject(ctx context.Context, r *region) (string, error) {
	name := c.projectName(r)
	query := c.projectRequest(r)
	ids, _, err := do(ctx, c, query, func(resp *Response) ([]string, error) { return decodeProjects(resp, name) })
	if err != nil {
		return "", err
	}
	if len(ids) != 1 {
		return "", &ProjectError{Name: name, Region: r.name, Found: len(ids), Host: query.base.Host, Settings: query.settings}
	}

	return ids[0], nil
}

// project is a row of the list of IAM.
type project struct{ id, name string }

// decodeProjects reads the list of projects and returns the IDs of those with
// exactly the given name, because the service may return others whose name only
// contains it.
func decodeProjects(resp *Response, name string) (ids []string, err error) {
	const what = "the list of projects"
	list, err := DecodeList(resp, what, "projects", decodeProject)
	switch {
	case err != nil:
		return nil, err
	case !list.isArray:
		return nil, errors.New(what + " is missing")
	}
	for _, project := range list.Rows {
		switch {
		case project.name != name || project.id == "":
		case !isUsableProjectID(project.id):
			return nil, errUnusableProjectID
		default:
			ids = append(ids, project.id)
		}
	}

	return ids, nil
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
func isUsableProjectID(id string) bool {
	var none *secrets

	return none.shown(id, maxSnippet) == id
}

// isPermanentProjectError reports whether another lookup would fail in the same
// way.
func isPermanentProjectError(err error) bool {
	_, isUnknown := errors.AsType[*ProjectError](err)
	failed, ok := errors.AsType[*APIError](err)

	return isUnknown || ok && failed.isPermanent()
}
