//go:build unix

package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"github.com/vmihailenco/msgpack/v5"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/client"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/functiongraph"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/simulator"
)

const workflowID = "48aff955-ea10-4ffd-b426-190bc192dc14"

// service is a simulator on a loopback port.
type service struct {
	*simulator.Cloud
	url         string
	connections atomic.Int64 // that have been opened
	stop        func()
}

// serve has one workflow with so many rows, spread over three days.
func serve(ctx context.Context, rows int) (*service, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s := &service{Cloud: newCloud(rows), url: "http://" + listener.Addr().String()}
	server := &http.Server{
		Handler:           s.Cloud,
		ReadHeaderTimeout: 10 * time.Second,
		ConnState: func(_ net.Conn, state http.ConnState) {
			if state == http.StateNew {
				s.connections.Add(1)
			}
		},
	}
	s.stop = func() { _ = server.Close() }
	go func() { _ = server.Serve(listener) }() // ends with ErrServerClosed

	return s, nil
}

func newCloud(rows int) *simulator.Cloud {
	cloud := simulator.New(simulator.Config{})
	spacing := 71 * time.Hour / time.Duration(max(rows, 1))
	cloud.AddWorkflow(workflowID, simulator.Seed(rows, time.Now(), spacing, 1)...)

	return cloud
}

// reset forgets what has been asked so far.
func (s *service) reset() {
	s.ResetRequests()
	s.connections.Store(0)
}

// setLatency makes every answer take so long.
func (s *service) setLatency(d time.Duration) {
	s.ClearScript()
	s.Script(simulator.Fault{Delay: d, Times: -1})
}

// provider is the block that leads to the service.
func (s *service) provider() string {
	return fmt.Sprintf("provider \"huaweicloud\" {\n  endpoints = { fgs = %[1]q, iam = %[1]q }\n}\n", s.url)
}

// dataSources read the workflow so many times.
func dataSources(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "data \"huaweicloud_fgs_workflow_executions\" \"of_%d\" {\n  workflow_id = %q\n}\n", i, workflowID)
	}

	return b.String()
}

// reader is a client in this process.
func reader(transport http.RoundTripper) (*functiongraph.Client, error) {
	return functiongraph.New(client.Config{
		Region:      simulator.DefaultRegion,
		ProjectID:   simulator.DefaultProjectID,
		Credentials: client.Credentials{AccessKey: simulator.DefaultAccessKey, SecretKey: simulator.DefaultSecretKey},
		Transport:   transport,
	})
}

// floorRow is a row as Terraform gets it, its attributes in order.
type floorRow struct {
	BeginTime      *string `msgpack:"begin_time"`
	CreatedBy      *string `msgpack:"created_by"`
	EndTime        *string `msgpack:"end_time"`
	ExecutionID    *string `msgpack:"execution_id"`
	LastUpdateTime *string `msgpack:"last_update_time"`
	Status         *string `msgpack:"status"`
	WorkflowID     *string `msgpack:"workflow_id"`
	WorkflowURN    *string `msgpack:"workflow_urn"`
}

// writeFloor encodes a service's rows for the floor provider and returns its
// environment.
func (w *workspace) writeFloor(ctx context.Context, cloud *simulator.Cloud) (env []string, err error) {
	c, err := reader(cloud.Transport())
	if err != nil {
		return nil, err
	}
	executions, err := c.AllWorkflowExecutions(ctx, workflowID, functiongraph.ListWorkflowExecutionsOptions{})
	if err != nil {
		return nil, err
	}
	orNull := func(s string) *string {
		if s == "" {
			return nil
		}
		return &s
	}
	rows := make([]floorRow, 0, len(executions))
	for _, e := range executions {
		rows = append(rows, floorRow{
			orNull(e.BeginTime), orNull(e.CreatedBy), orNull(e.EndTime), orNull(e.ExecutionID),
			orNull(e.LastUpdateTime), orNull(e.Status), orNull(e.WorkflowID), orNull(e.WorkflowURN),
		})
	}
	encoded, err := msgpack.Marshal(rows)
	if err != nil {
		return nil, err
	}
	file := filepath.Join(w.dir, fmt.Sprintf("rows-%d", len(rows)))

	return []string{"BENCH_ROWS=" + file, "BENCH_WORKFLOW=" + workflowID}, os.WriteFile(file, encoded, 0o600)
}
