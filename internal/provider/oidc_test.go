package provider

import (
	"os"
	"path/filepath"
	"testing"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/acctest"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/client"
)

// Each exchange reads the file again, because the issuer of ID tokens renews it.
func TestIDToken_readAgain(t *testing.T) {
	t.Parallel()
	home := acctest.Home(t, map[string]string{"token": "first\n"})
	s, diags := resolve(t.Context(),
		blockOf(t, args{"assume_role_with_oidc": []args{{"agency_name": "a", "domain_id": "i", "idp_id": "idp"}}}),
		environment{"HOME": home, "HW_REGION_NAME": "cn-north-4", "HW_ASSUME_ROLE_ID_TOKEN_FILE": "~/token"}.Getenv)
	if len(diags) > 0 {
		t.Fatal(diags)
	}
	oidc, ok := s.config.Credentials.(client.OIDC)
	if !ok {
		t.Fatalf("got credentials %T", s.config.Credentials)
	}

	const failed = "attribute assume_role_with_oidc[0].id_token_file (from environment variable " +
		"HW_ASSUME_ROLE_ID_TOKEN_FILE) " +
		"must name a file that holds an ID token, and the file \"~/token\" "
	for _, step := range []struct{ file, want, problem string }{
		{file: "first\n", want: "first"},
		{file: "second", want: "second"},
		{file: "\n", problem: failed + "is empty"},
		{file: "Planted secret",
			problem: failed + "holds more: there are spaces, line breaks or control characters in it"},
	} {
		if err := os.WriteFile(filepath.Join(home, "token"), []byte(step.file), 0o600); err != nil {
			t.Fatal(err)
		}
		got, err := oidc.IDToken(t.Context())
		problem := ""
		if err != nil {
			problem = err.Error()
		}
		if got != step.want || problem != step.problem {
			t.Errorf("got %q and error %q, want %q and %q", got, problem, step.want, step.problem)
		}
	}
}
