// Command survey asks the real service what its documentation leaves open, and
// prints a report that can be published. It is configured by the environment
// variables of the provider.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/provider"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/survey"
)

func main() {
	workflowID := flag.String("workflow", "", "the ID of the workflow whose executions are listed")
	endpoint := flag.String("endpoint", "", "FunctionGraph's address, where it is not the default")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()

	report, err := run(ctx, *workflowID, *endpoint)
	if err != nil {
		fmt.Fprintln(os.Stderr, "survey:", err)
		os.Exit(1) //nolint:gocritic // stop only frees what the end of the process frees
	}
	fmt.Print(report)
}

func run(ctx context.Context, workflowID, endpoint string) (string, error) {
	if workflowID == "" {
		return "", fmt.Errorf("the ID of a workflow is missing: " +
			"make survey WORKFLOW_ID=48aff955-ea10-4ffd-b426-190bc192dc14")
	}
	cfg, err := provider.EnvironmentConfig(ctx, provider.Options{Version: "survey", Getenv: os.Getenv}, endpoint)
	if err != nil {
		return "", err
	}

	return survey.Run(ctx, cfg, workflowID, os.Stderr)
}
