package functiongraph

import (
	"context"
	"slices"
	"strings"
	"testing"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/acctest"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/client"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/functiongraph/executions"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/simulator"
)

// Every operation reads from the client's region.
func TestInRegion(t *testing.T) {
	t.Parallel()
	const other, project = "cn-east-3", "22222222222222222222222222222222"
	for name, read := range map[string]func(context.Context, *Client) error{
		"AllWorkflowExecutions": func(ctx context.Context, c *Client) error {
			_, err := c.AllWorkflowExecutions(ctx, executions.Question{WorkflowID: "w"})
			return err
		},
		"AllWorkflows": func(ctx context.Context, c *Client) error {
			_, err := c.AllWorkflows(ctx, ListWorkflowOptions{})
			return err
		},
		"WorkflowExecution": func(ctx context.Context, c *Client) error {
			_, err := c.WorkflowExecution(ctx, "w", "e", false)
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := simulator.New(simulator.Config{Projects: []simulator.Project{
				{ID: simulator.DefaultProjectID, Name: simulator.DefaultRegion}, {ID: project, Name: other},
			}})
			cloud.AddWorkflow("w", simulator.Execution{ID: "e"})
			var seen []string
			c := newTestClient(t, cloud.Transport(), func(cfg *client.Config) {
				cfg.Observe = func(_ context.Context, a client.Attempt) { seen = append(seen, a.Host+a.Path) }
			})
			for _, reader := range []*Client{c, c.InRegion(other)} {
				if err := read(t.Context(), reader); err != nil {
					t.Fatal(err)
				}
			}
			for i, want := range []string{
				"functiongraph.cn-north-4.myhuaweicloud.com/v2/" + simulator.DefaultProjectID + "/fgs/",
				"iam.cn-east-3.myhuaweicloud.com/v3/projects",
				"functiongraph.cn-east-3.myhuaweicloud.com/v2/" + project + "/fgs/",
			} {
				if i >= len(seen) || !strings.HasPrefix(seen[i], want) {
					t.Fatalf("got requests %q, want request %d to %s", seen, i+1, want)
				}
			}
		})
	}
}

// Clients of one region share what they learn, and those of others do not.
func TestInRegion_facts(t *testing.T) {
	t.Parallel()
	c, err := New(acctest.ClientConfig(nil))
	if err != nil {
		t.Fatal(err)
	}
	other := c.InRegion("cn-east-3")
	shared := []bool{
		c.factsOfRegion() == c.InRegion(simulator.DefaultRegion).factsOfRegion(),
		other.factsOfRegion() == c.InRegion("cn-east-3").factsOfRegion(),
		c.factsOfRegion() == other.factsOfRegion(),
	}
	if want := []bool{true, true, false}; !slices.Equal(shared, want) {
		t.Errorf("got %v, want %v", shared, want)
	}
}
