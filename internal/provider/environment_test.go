package provider

import (
	"strings"
	"testing"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/client"
)

func TestEnvironmentConfig(t *testing.T) {
	t.Parallel()
	variables := map[string]string{
		"OS_REGION_NAME": "cn-north-4",
		"HW_ACCESS_KEY":  "AK",
		"HW_SECRET_KEY":  "SK",
		"HW_PROJECT_ID":  "0123456789abcdef0123456789abcdef",
	}
	options := Options{Version: "1", Getenv: func(name string) string { return variables[name] }}
	cfg, err := EnvironmentConfig(t.Context(), options, "https://fgs.example.com")
	if err != nil {
		t.Fatal(err)
	}
	keys, ok := cfg.Credentials.(client.Credentials)
	if !ok || keys.AccessKey != "AK" || keys.SecretKey != "SK" {
		t.Errorf("got credentials %T", cfg.Credentials)
	}
	if cfg.Region != "cn-north-4" || cfg.ProjectID != variables["HW_PROJECT_ID"] ||
		cfg.Endpoints["fgs"] != "https://fgs.example.com" {
		t.Errorf("got region %s, project %s, endpoints %v", cfg.Region, cfg.ProjectID, cfg.Endpoints)
	}

	delete(variables, "OS_REGION_NAME")
	_, err = EnvironmentConfig(t.Context(), options, "fgs.example.com:x")
	for _, want := range []string{"Missing region", "nvalid"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got error %v, want %q in it", err, want)
		}
	}
}
