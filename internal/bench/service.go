//go:build unix

package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/vmihailenco/msgpack/v5"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/client"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/functiongraph"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/functiongraph/executions"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/simulator"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/simulator/workspace"
)

const workflowID = "48aff955-ea10-4ffd-b426-190bc192dc14"

// serve serves one workflow with the given number of executions.
func serve(ctx context.Context, rows int) (*simulator.Server, error) {
	return simulator.Serve(ctx, "127.0.0.1:0", newCloud(rows))
}

// newCloud returns a cloud with one workflow, whose executions are spread over
// three days.
func newCloud(rows int) *simulator.Cloud {
	cloud := simulator.New(simulator.Config{})
	spacing := 71 * time.Hour / time.Duration(max(rows, 1))
	cloud.AddWorkflow(workflowID, simulator.Seed(rows, time.Now(), spacing, 1)...)

	return cloud
}

// configOf returns a configuration that reads the workflow n times. It has no
// provider block if url is empty.
func configOf(url string, n int) string {
	var text strings.Builder
	if url != "" {
		text.WriteString(workspace.ProviderBlock(url))
	}
	for i := range n {
		text.WriteString(workspace.DataSource(fmt.Sprintf("number_%d", i), workflowID))
	}

	return text.String()
}

// reader returns a client in this process.
func reader(transport http.RoundTripper) (*functiongraph.Client, error) {
	return functiongraph.New(client.Config{
		Region:      simulator.DefaultRegion,
		ProjectID:   simulator.DefaultProjectID,
		Credentials: client.Credentials{AccessKey: simulator.DefaultAccessKey, SecretKey: simulator.DefaultSecretKey},
		Transport:   transport,
	})
}

// writeFloor encodes the rows of a cloud for the floor provider and returns its
// environment.
func (f folder) writeFloor(ctx context.Context, cloud *simulator.Cloud) (env []string, err error) {
	c, err := reader(cloud.Transport())
	if err != nil {
		return nil, err
	}
	executions, err := c.AllWorkflowExecutions(ctx, executions.Question{WorkflowID: workflowID})
	if err != nil {
		return nil, err
	}
	rows := make([]map[string]*string, 0, len(executions))
	for _, e := range executions {
		row := map[string]*string{
			"begin_time": &e.BeginTime, "created_by": &e.CreatedBy, "end_time": &e.EndTime, "execution_id": &e.ExecutionID,
			"last_update_time": &e.LastUpdateTime, "status": &e.Status, "workflow_id": &e.WorkflowID,
			"workflow_urn": &e.WorkflowURN,
		}
		for name, text := range row {
			if *text == "" {
				row[name] = nil // null
			}
		}
		rows = append(rows, row)
	}
	encoded, err := msgpack.Marshal(rows)
	if err != nil {
		return nil, err
	}
	file := filepath.Join(f.Dir, fmt.Sprintf("rows-%d", len(rows)))

	return []string{"BENCH_ROWS=" + file, "BENCH_WORKFLOW=" + workflowID}, os.WriteFile(file, encoded, 0o600)
}
