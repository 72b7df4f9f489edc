//go:build unix

package release_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/simulator"
)

// Each configuration of the page is planned against a simulated service.
func TestAccReadme_configurations(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	srv := failing(t)
	checked(t, u, srv.URL, "") // for the environment
	srv.AddWorkflow("48aff955-ea10-4ffd-b426-190bc192dc14", simulator.Seed(50, time.Now(), time.Hour, 1)...)
	_, blocks := readme(t, readmes[0])
	planned := 0
	for _, b := range blocks {
		if b.language != "terraform" {
			continue
		}
		dir := t.TempDir()
		main, override := standalone(b.text, srv.URL)
		write(t, dir, "main.tf", main)
		write(t, dir, "simulator_override.tf", override)
		if out := u.mustRun(t, dir, u.cli, "plan"); !strings.Contains(out, "Read complete") {
			t.Errorf("nothing is read by %s: %s", b.text, out)
		}
		planned++
	}
	if planned < 6 {
		t.Errorf("only %d configurations", planned)
	}
}

// standalone returns a configuration of a page as a whole one, and an override
// file that leads it to the service at the URL. The vendor's provider is not at
// hand: its own lines are left out.
func standalone(config, url string) (main, override string) {
	main = withoutVendor(config)
	if !strings.Contains(main, "required_providers") {
		main = requiredProviders + "\n" + main
	}
	local := "huaweicloud"
	if strings.Contains(main, "fgs = {") {
		local = "fgs"
	}
	if !strings.Contains(main, "provider \""+local+"\"") {
		main += fmt.Sprintf("\nprovider %q {}\n", local)
	}

	return main, fmt.Sprintf("provider %q {\n  endpoints = { fgs = %[2]q, iam = %[2]q }\n}\n", local, url)
}

// requiredProviders is what a configuration of a page leaves out.
const requiredProviders = `terraform {
  required_providers {
    huaweicloud = {
      source = "` + address + `"
    }
  }
}
`

// withoutVendor leaves out what is about the vendor's provider.
func withoutVendor(config string) string {
	config = strings.Replace(config, "    huaweicloud = {\n      source = \"huaweicloud/huaweicloud\"\n    }\n", "", 1)
	if strings.Contains(config, "fgs = {") {
		config = strings.Replace(config, "provider \"huaweicloud\" {}\n\n", "", 1)
	}

	return config
}

// A provider_installation block hides the plugin folder, and the lines of the
// page bring it back; a lock file for other platforms is made from a mirror.
func TestAccReadme_providerInstallation(t *testing.T) {
	t.Parallel()
	commandsAlone(t)
	u := newUser(t)
	version := u.install(t, "readme")
	_, blocks := readme(t, readmes[0])
	var hcl []string
	for _, b := range blocks {
		if b.language == "hcl" {
			hcl = append(hcl, b.text)
		}
	}
	if len(hcl) != 2 {
		t.Fatalf("%d blocks of the CLI's configuration, not 2", len(hcl))
	}
	mirror := t.TempDir()
	whole := strings.Replace(hcl[0], "/opt/terraform/mirror", mirror, 1)
	rc := filepath.Join(t.TempDir(), "cli.tfrc")
	u.env = append(u.env, "TF_CLI_CONFIG_FILE="+rc)
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(rc, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}

	write(whole) // of an empty mirror
	dir := workspace(t)
	if out, err := u.run(t, dir, u.cli, "init"); err == nil {
		t.Errorf("the plugin folder is not hidden: %s", out)
	}

	folder := filepath.Join(u.home, ".terraform.d/plugins")
	lines := strings.Replace(hcl[1], "/home/me/.terraform.d/plugins", folder, 1)
	write(strings.Replace(whole, "provider_installation {\n", "provider_installation {\n"+lines, 1))
	u.mustRun(t, dir, u.cli, "init")
	u.mustRun(t, dir, u.cli, "plan")

	// The plugin folder is a mirror like any other.
	if err := os.CopyFS(mirror, os.DirFS(folder)); err != nil {
		t.Fatal(err)
	}
	other := filepath.Join(mirror, address, version)
	entries, err := os.ReadDir(other)
	if err != nil || len(entries) != 1 {
		t.Fatalf("%d platforms, error %v", len(entries), err)
	}
	here := entries[0].Name()
	elsewhere := "freebsd_arm"
	if err := os.CopyFS(filepath.Join(other, elsewhere), os.DirFS(filepath.Join(other, here))); err != nil {
		t.Fatal(err)
	}
	write(whole)
	dir = workspace(t)
	u.mustRun(t, dir, u.cli, "providers", "lock", "-fs-mirror="+mirror, "-platform="+here, "-platform="+elsewhere)
	u.mustRun(t, dir, u.cli, "init", "-lockfile=readonly")
	u.mustRun(t, dir, u.cli, "plan")
}
