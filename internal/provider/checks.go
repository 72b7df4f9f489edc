package provider

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/client"
)

// check validates the arguments of the block against each other, as far as this is possible without the environment. It
// ignores unknown values. The formats check single values.
func (b providerBlock) check() diag.Diagnostics {
	diags := checkEndpoints(b.Endpoints)
	diags.Append(b.checkKeys()...)
	diags.Append(b.checkCertificate()...)
	diags.Append(b.checkRoles()...)
	diags.Append(b.checkOIDC()...)
	diags.Append(b.checkOldAgency()...)

	return diags
}

// checkEndpoints validates the endpoints that the provider uses. The other ones must not be empty.
func checkEndpoints(endpoints types.Map) diag.Diagnostics {
	var diags diag.Diagnostics
	elements := endpoints.Elements()
	for _, service := range slices.Sorted(maps.Keys(elements)) {
		if elements[service].IsNull() || elements[service].IsUnknown() {
			continue
		}
		at := path.Root("endpoints").AtMapKey(service)
		endpoint := endpointOf(elements[service])
		if problem := endpointProblem(service, endpoint); problem != "" &&
			(endpoint == "" || client.UsesEndpoint(service)) {
			diags.AddAttributeError(at, "Invalid endpoint", fmt.Sprintf("Attribute %s %s.", at, problem))
		}
	}

	return diags
}

// endpointOf returns one endpoint of the map, without surrounding spaces, as in the vendor's provider.
func endpointOf(element attr.Value) string { return strings.TrimSpace(textOf(element)) }

// checkKeys checks a pair of keys if both are in the block.
func (b providerBlock) checkKeys() diag.Diagnostics {
	access, secret := inBlock("access_key", b.AccessKey), inBlock("secret_key", b.SecretKey)
	if !swapped(access, secret) {
		return nil
	}

	return diag.Diagnostics{access.invalid(swappedKeys(secret))}
}

// checkCertificate checks that the key belongs to the certificate if both are in the block.
func (b providerBlock) checkCertificate() diag.Diagnostics {
	cert, key := inBlock("cert", b.Cert), inBlock("key", b.Key)
	if !areTexts(cert, key) || len(cert.check()) > 0 || len(key.check()) > 0 {
		return nil
	}
	if _, err := clientCertificate([]byte(cert.text), []byte(key.text)); err != nil {
		return diag.Diagnostics{key.invalid(notOfCertificate(cert, err))}
	}

	return nil
}

// checkRoles checks the durations of the blocks whose keys come from STS.
func (b providerBlock) checkRoles() diag.Diagnostics {
	var diags diag.Diagnostics
	for i, role := range b.roles {
		at := path.Root("assume_role").AtListIndex(i)
		duration := given{at: at.AtName("duration"), text: textOf(role.Duration), source: fromBlock}
		if textOf(role.DomainID) != "" && isTooLongForSTS(duration) {
			diags.Append(duration.invalid(tooLongForSTS(duration)))
		}
	}

	return diags
}

// inBlock returns the value of an argument of the block.
func inBlock(argument string, value attr.Value) given {
	return given{at: path.Root(argument), text: textOf(value), source: fromBlock}
}

func (b providerBlock) checkOIDC() diag.Diagnostics {
	var diags diag.Diagnostics
	if n := len(b.oidc); n > 1 {
		at := path.Root("assume_role_with_oidc")
		diags.AddAttributeError(at.AtListIndex(1), "Too many blocks assume_role_with_oidc",
			fmt.Sprintf("There must be at most one block %s, got: %d. Further agencies are blocks assume_role.", at, n))
	}
	for i, block := range b.oidc {
		if at := oidcAt(i); textOf(block.IDToken) != "" && textOf(block.IDTokenFile) != "" {
			diags.AddAttributeError(at.AtName("id_token"), "Two ID tokens", fmt.Sprintf(
				"Attributes %s and %s must not both be set: leave one of them out.", at.AtName("id_token"),
				at.AtName("id_token_file")))
		}
	}

	return diags
}
