package main

import (
	"bytes"
	"io"
	"text/template"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/simulator"
)

// The guide sets or unsets every variable, because a leftover one would send the
// sample key to a real service.
var guide = template.Must(template.New("").Parse(`Simulator of IAM and FunctionGraph at {{.URL}}
Workflow {{.Workflow}}, named {{.Name}}, with {{.Rows}} executions, one every {{.Spacing}}

Environment:

  export HW_REGION_NAME={{.Region}}
  export HW_ACCESS_KEY={{.AccessKey}}
  export HW_SECRET_KEY={{.SecretKey}}
  export HW_AUTH_URL={{.URL}}/v3
  unset HW_SECURITY_TOKEN HW_AUTH_TOKEN HW_PROJECT_ID HW_PROJECT_NAME HW_PROFILE HW_SHARED_CONFIG_FILE
  unset HW_ASSUME_ROLE_IDP_ID HW_ASSUME_ROLE_AGENCY_NAME HW_ASSUME_ROLE_DOMAIN_ID HW_ASSUME_ROLE_DOMAIN_NAME

Configuration:

  provider "huaweicloud" {
    endpoints = {
      fgs = "{{.URL}}"
      iam = "{{.URL}}"
      sts = "{{.URL}}"
    }
  }

  data "huaweicloud_fgs_workflow_executions" "recent" {
    workflow_id = "{{.Workflow}}"
  }

Other accounts, as in the guides: the agency {{.Agency}} of the accounts {{.First}} and
{{.Second}}.

ID tokens, as in a CI job: the identity provider {{.Provider}}, for the agency of the first of these accounts.

  unset HW_ACCESS_KEY HW_SECRET_KEY
  export HW_ASSUME_ROLE_IDP_ID={{.Provider}}
  export HW_ASSUME_ROLE_AGENCY_NAME={{.Agency}}
  export HW_ASSUME_ROLE_DOMAIN_ID={{.First}}
  export HW_ASSUME_ROLE_ID_TOKEN={{.IDToken}}

Stop with Ctrl-C. Requests:
`))

func printGuide(w io.Writer, url string, opts options) error {
	var text bytes.Buffer
	err := guide.Execute(&text, map[string]any{
		"URL":       url,
		"Workflow":  opts.workflow,
		"Name":      workflowName,
		"Rows":      opts.rows,
		"Spacing":   opts.spacing,
		"Region":    opts.region,
		"AccessKey": simulator.DefaultAccessKey,
		"SecretKey": simulator.DefaultSecretKey,
		"Agency":    agencyName,
		"First":     firstAccount,
		"Second":    secondAccount,
		"Provider":  identityProvider,
		"IDToken":   idToken,
	})
	if err != nil {
		return err
	}
	_, err = text.WriteTo(w) // one write, for programs that read it

	return err
}
