package client

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/client/listing"
)

// region is what the client knows of one region.
type region struct {
	name      string
	endpoints endpoints
	project   *shared[string]
	facts     listing.Facts // of FunctionGraph there
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
	added.project = &shared[string]{
		work:  func(ctx context.Context) (string, error) { return c.lookUpProject(ctx, added) },
		final: isFinalForProject,
	}
	c.regions[name] = added

	return added, nil
}

// projectID returns the project to read from in a region: the configured one,
// which belongs to the configured region alone, else the one that IAM names.
func (c *Client) projectID(ctx context.Context, r *region) (string, error) {
	if c.isProjectConfigured(r) {
		return c.cfg.ProjectID, nil
	}
	id, err := r.project.get(ctx)
	if err != nil {
		return "", orEnded(ctx, c.projectRequest(r), err, nil, nil)
	}

	return id, nil
}

// isProjectConfigured reports whether a region's project needs no lookup.
func (c *Client) isProjectConfigured(r *region) bool {
	return c.cfg.ProjectID != "" && r.name == c.cfg.Region
}

// projectSource says where a region's project ID was configured; "": IAM gives it.
func (c *Client) projectSource(r *region) string {
	if !c.isProjectConfigured(r) {
		return ""
	}

	return c.cfg.ProjectSource
}

// ProjectError says that IAM knows no project of the name that was looked up.
type ProjectError struct {
	Name   string
	Region string
	Found  int    // how many projects of exactly that name the answer holds
	Host   string // of IAM
}

// Error implements error.
func (e *ProjectError) Error() string {
	return fmt.Sprintf("IAM at %s names %d projects called %q", e.Host, e.Found, e.Name)
}

// projectRequest asks IAM for a region's project (API.md 6.4).
func (c *Client) projectRequest(r *region) *request {
	return &request{
		service: serviceNameIAM,
		purpose: PurposeFindProject,
		base:    r.endpoints.iam,
		path:    []string{r.endpoints.iamVersion, "projects"},
		query:   url.Values{"name": {c.projectName(r)}},
		region:  r.name,
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
	var answer struct {
		Projects fresh[struct {
			ID   string `json:"id"`
			Name string `json:"name"`
		}] `json:"projects"`
	}
	decode := func(resp *response) error {
		answer.Projects = nil
		if err := json.Unmarshal(resp.body, &answer); err != nil {
			return unreadable("the list of projects", err)
		}
		if answer.Projects == nil {
			return errors.New("the answer holds no list of projects")
		}
		for _, project := range answer.Projects {
			if project.Name == name && printable(project.ID, maxSnippet) != project.ID { // it goes into paths, headers and diagnostics
				return errors.New("the answer holds a project with an ID that is none")
			}
		}
		return nil
	}
	query := c.projectRequest(r)
	if _, err := c.do(ctx, query, decode); err != nil {
		return "", err
	}

	// The service may match more than the exact name.
	var ids []string
	for _, project := range answer.Projects {
		if project.Name == name && project.ID != "" {
			ids = append(ids, project.ID)
		}
	}
	if len(ids) != 1 {
		return "", &ProjectError{Name: name, Region: r.name, Found: len(ids), Host: query.base.Host}
	}

	return ids[0], nil
}

// isFinalForProject reports whether another lookup would fail in the same way.
func isFinalForProject(err error) bool {
	if _, unknown := errors.AsType[*ProjectError](err); unknown {
		return true
	}
	failed, ok := errors.AsType[*APIError](err)

	return ok && failed.isFinal()
}
