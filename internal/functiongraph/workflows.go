package functiongraph

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/client"
)

// OperationListWorkflow lists the workflows of a project:
// GET /v2/{project_id}/fgs/workflows.
var OperationListWorkflow = client.NewOperation("ListWorkflow",
	"https://support.huaweicloud.com/api-functiongraph/functiongraph_06_1003.html")

// Workflow is one row of a list. An absent text is empty.
type Workflow struct {
	ID                   string
	Name                 string
	WorkflowURN          string
	Description          string
	CreatedTime          string // as in [WorkflowExecution]
	UpdatedTime          string
	CreatedBy            string
	EnableStreamResponse *bool // nil: absent
}

// ListWorkflowOptions narrow a list of workflows.
type ListWorkflowOptions struct {
	// Name keeps the workflows of exactly this name.
	Name string

	// Mode keeps the workflows of one mode, NORMAL or EXPRESS.
	Mode string

	// EnterpriseProjectID keeps the workflows of one enterprise project.
	EnterpriseProjectID string
}

// AllWorkflows returns every workflow of a project that matches, without
// duplicates, sorted by name and then by ID. It never returns a part of them. The
// error is a [*ListingError] if the list cannot be read completely, and otherwise
// as in [Client.WorkflowExecution].
func (c *Client) AllWorkflows(ctx context.Context, opts ListWorkflowOptions) ([]Workflow, error) {
	session, err := c.session(ctx)
	if err != nil {
		return nil, err
	}
	list := workflowList{
		filtered: opts.Name != "" || opts.Mode != "" || opts.EnterpriseProjectID != "",
		ask: func(filtered bool, limit, offset int) (client.List[Workflow], error) {
			question := opts
			if !filtered {
				question = ListWorkflowOptions{}
			}
			return listWorkflow(ctx, session, question, limit, offset)
		},
	}
	rows, err := list.all()
	if err != nil {
		return nil, withoutSecrets(err, session)
	}
	if opts.Name != "" {
		// How the service matches names is not documented.
		rows = slices.DeleteFunc(rows, func(w Workflow) bool { return w.Name != opts.Name })
	}
	slices.SortFunc(rows, func(a, b Workflow) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
	})

	return rows, nil
}

// listWorkflow requests one page.
func listWorkflow(ctx context.Context, session *client.Session, opts ListWorkflowOptions, limit, offset int) (
	client.List[Workflow], error,
) {
	query := url.Values{"limit": {strconv.Itoa(limit)}}
	for name, value := range map[string]string{
		"workflow_name": opts.Name, "mode": opts.Mode, "enterprise_project": opts.EnterpriseProjectID,
	} {
		if value != "" {
			query.Set(name, value)
		}
	}
	if offset > 0 {
		query.Set("offset", strconv.Itoa(offset))
	}
	reply, err := client.Get(ctx, session, client.Request{
		Operation: OperationListWorkflow,
		Path:      []string{"workflows"},
		Query:     query,
	}, decodeWorkflows)

	return reply.Value, err
}

// decodeWorkflows reads the body of a 200.
func decodeWorkflows(resp *client.Response) (client.List[Workflow], error) {
	list, err := client.DecodeList(resp, "the list of workflows", "workflows", decodeWorkflow)
	if err != nil {
		return client.List[Workflow]{}, err
	}
	for i := range list.Rows {
		switch row := &list.Rows[i]; {
		case row.ID == "":
			return client.List[Workflow]{}, errors.New("one of the workflows has no ID")
		case row.Name == "":
			return client.List[Workflow]{}, fmt.Errorf("the workflow %s has no name", row.ID)
		}
	}

	return list, nil
}

// decodeWorkflow reads one row.
func decodeWorkflow(d *client.Decoder, row *Workflow) error {
	return d.ObjectOrNull(func(key string) error {
		switch key {
		case "id":
			return d.Identifier(&row.ID)
		case "name":
			return d.Identifier(&row.Name)
		case "workflow_urn":
			return d.Text(&row.WorkflowURN)
		case "description":
			return d.Text(&row.Description)
		case "created_time":
			return d.Text(&row.CreatedTime)
		case "updated_time":
			return d.Text(&row.UpdatedTime)
		case "created_by":
			return d.AnyText(&row.CreatedBy)
		case "enable_stream_response":
			return flag(d, &row.EnableStreamResponse)
		default:
			return d.Skip()
		}
	})
}

// flag reads a boolean, also one that is written as a string or as 0 or 1. Null
// and an empty string leave target as it is.
func flag(d *client.Decoder, target **bool) error {
	var text string
	if err := d.AnyText(&text); err != nil || text == "" {
		return err
	}
	value, err := strconv.ParseBool(text)
	if err != nil {
		return errors.New("enable_stream_response is neither true nor false")
	}
	*target = &value

	return nil
}
