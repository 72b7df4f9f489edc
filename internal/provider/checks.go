package provider

import (
	"crypto/tls"
	"fmt"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/client"
)

// checkFormats validates each value of the block on its own.
func (b providerBlock) checkFormats() diag.Diagnostics {
	var diags diag.Diagnostics
	for _, name := range slices.Sorted(maps.Keys(b.values)) {
		diags.Append(b.values[name].check()...)
	}

	return diags
}

// check validates the endpoints, and the arguments of the block against each
// other, as far as this is possible without the environment. It ignores unknown
// values.
func (b providerBlock) check() diag.Diagnostics {
	diags := b.checkEndpoints()
	diags.Append(b.checkKeys()...)
	diags.Append(b.checkCertificate()...)
	diags.Append(b.checkRoles()...)
	diags.Append(b.checkOIDC()...)
	diags.Append(b.checkOldAgency()...)

	return diags
}

// checkEndpoints validates the endpoints that the provider uses. The other ones
// must not be empty.
func (b providerBlock) checkEndpoints() diag.Diagnostics {
	var diags diag.Diagnostics
	for _, service := range slices.Sorted(maps.Keys(b.endpoints)) {
		at, endpoint := endpointAt(service), b.endpoints[service]
		if problem := endpointProblem(service, endpoint); problem != "" &&
			(endpoint == "" || client.UsesEndpoint(service)) {
			diags.AddAttributeError(at, "Invalid endpoint", fmt.Sprintf("Attribute %s %s.", at, problem))
		}
	}

	return diags
}

func endpointAt(service string) path.Path { return path.Root("endpoints").AtMapKey(service) }

// checkKeys checks a pair of keys if both are in the block.
func (b providerBlock) checkKeys() diag.Diagnostics {
	access, secret := b.values["access_key"], b.values["secret_key"]
	if !swapped(access, secret) {
		return nil
	}

	return diag.Diagnostics{access.invalid(swappedKeys(secret))}
}

// checkCertificate checks that the key belongs to the certificate if both are in
// the block.
func (b providerBlock) checkCertificate() diag.Diagnostics {
	cert, key := b.values["cert"], b.values["key"]
	if !areTexts(cert, key) || len(cert.check()) > 0 || len(key.check()) > 0 {
		return nil
	}
	if _, err := tls.X509KeyPair([]byte(cert.text), []byte(key.text)); err != nil {
		return diag.Diagnostics{key.invalid(notOfCertificate(cert, err))}
	}

	return nil
}

// checkRoles checks the durations of the blocks whose keys come from STS.
func (b providerBlock) checkRoles() diag.Diagnostics {
	var diags diag.Diagnostics
	for i := range b.nested["assume_role"] {
		duration := b.at(roleAt(i).AtName("duration"))
		if b.at(roleAt(i).AtName("domain_id")).isSet() && isTooLongForSTS(duration) {
			diags.Append(duration.invalid(tooLongForSTS(duration)))
		}
	}

	return diags
}

func (b providerBlock) checkOIDC() diag.Diagnostics {
	var diags diag.Diagnostics
	n := b.nested["assume_role_with_oidc"]
	if n > 1 {
		at := path.Root("assume_role_with_oidc")
		diags.AddAttributeError(at.AtListIndex(1), "Too many blocks assume_role_with_oidc",
			fmt.Sprintf("There must be at most one block %s, got: %d. Further agencies are blocks assume_role.", at, n))
	}
	for i := range n {
		token, file := b.at(oidcAt(i).AtName("id_token")), b.at(oidcAt(i).AtName("id_token_file"))
		if token.isSet() && file.isSet() {
			diags.AddAttributeError(token.at, "Two ID tokens", fmt.Sprintf(
				"Attributes %s and %s must not both be set: leave one of them out.", token.at, file.at))
		}
	}

	return diags
}
