package provider

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/client"
)

const defaultMaxRetries = 5

// settings are the validated result of the provider block, a profile and the environment.
type settings struct {
	region, projectID, projectName string
	domainID, domainName           string
	cloud, authURL                 string
	endpoints                      map[string]string
	insecure                       bool
	authorities                    *x509.CertPool
	clientCertificate              *tls.Certificate
	maxRetries                     int
	credentials                    client.CredentialsProvider
	agencies                       []client.Agency

	// unknown are the unknown arguments that decide about credentials.
	unknown []string

	// problems are errors in files and in the environment. The first read reports them, because only a read needs those
	// values.
	problems diag.Diagnostics

	// sources are the sources of the used arguments, by name. They never contain values.
	sources map[string]string
}

// resolve merges the profile, the block and the environment. The profile takes precedence over the block, and the block
// over the environment, in which the first variable that is not empty counts. An empty string counts as unset. It
// reports all errors at once: those in the block, and all warnings, as diagnostics, and the other errors as problems of
// the settings. When ctx ends, it stops waiting for files.
func resolve(ctx context.Context, block providerBlock, getenv func(string) string) (settings, diag.Diagnostics) {
	r := resolver{getenv: getenv, sources: map[string]string{}, diags: block.check()}
	profileRead := r.readProfile(ctx, block)

	s := settings{
		region:      r.text("region", block.Region),
		projectID:   r.first(r.root("project_id", block.ProjectID), r.root("tenant_id", block.TenantID)),
		projectName: r.first(r.root("project_name", block.ProjectName), r.root("tenant_name", block.TenantName)),
		cloud:       r.text("cloud", block.Cloud),
		authURL:     r.authURL(block),
		endpoints:   r.endpoints(block.Endpoints),
		insecure:    r.boolean("insecure", block.Insecure),
		maxRetries:  r.count("max_retries", block.MaxRetries, defaultMaxRetries),
		authorities: r.authorities(ctx, block),
		sources:     r.sources,
	}
	s.clientCertificate = r.clientCertificate(ctx, block)
	r.text("signing_algorithm", block.SigningAlgorithm) // only checked, because there is one algorithm
	if s.region == "" && profileRead {
		why := "It is the region to read from, for example \"cn-north-4\"."
		if r.profileSource != "" {
			why += fmt.Sprintf(" The %s has none either.", r.profileSource)
		}
		r.report(missing(path.Root("region"), why))
	}
	if profileRead {
		r.authentication(ctx, block, &s)
	}
	r.noteProject(block, s)
	s.problems = r.problems

	return s, r.diags
}

// noteProject adds the way in which the project is found to the sources. It warns of a project in the block that a
// value from elsewhere replaces.
func (r *resolver) noteProject(block providerBlock, s settings) {
	if s.projectID == "" {
		r.sources["project_id"] = "a lookup in IAM, at the first read"
		return
	}
	known := "project_id"
	if r.sources[known] == "" {
		known = "tenant_id"
	}
	if source := r.sources[known]; source != fromBlock {
		r.warnUnused(fmt.Sprintf("the project's ID is known: %s (%s)", known, source),
			r.root("project_name", block.ProjectName), r.root("tenant_name", block.TenantName))
	}
	for _, name := range []string{"project_name", "tenant_name"} {
		if source := r.sources[name]; source != "" {
			r.sources[name] = source + " (not used: the project's ID is known)"
		}
	}
}

// clientConfig returns the client's configuration.
func (s settings) clientConfig() client.Config {
	return client.Config{
		Region:            s.region,
		Cloud:             s.cloud,
		AuthURL:           s.authURL,
		Endpoints:         s.endpoints,
		ProjectID:         s.projectID,
		ProjectName:       s.projectName,
		DomainID:          s.domainID,
		DomainName:        s.domainName,
		Credentials:       s.credentials,
		Agencies:          s.agencies,
		MaxRetries:        s.maxRetries,
		Insecure:          s.insecure,
		RootCAs:           s.authorities,
		ClientCertificate: s.clientCertificate,
		Sources:           s.outsideSources(),
	}
}

// outsideSources returns the sources outside of the block, for errors.
func (s settings) outsideSources() map[string]string {
	result := maps.Clone(s.sources)
	maps.DeleteFunc(result, func(argument, source string) bool {
		return source == fromBlock ||
			argument == "credentials"
	})
	if s.projectID == "" {
		delete(result, "project_id") // it is looked up
		return result
	}
	delete(result, "project_name")
	delete(result, "tenant_name")

	return result
}

// resolver resolves arguments and collects diagnostics.
type resolver struct {
	getenv  func(string) string
	sources map[string]string

	diags    diag.Diagnostics // errors in the block, and warnings
	problems diag.Diagnostics // in files and in the environment

	profile       map[string]string // the arguments that a profile sets
	profileAgency *profileAgency    // nil if the profile has none
	profileSource string            // empty without a profile
}

// report adds a warning to the diagnostics, and an error to the problems.
func (r *resolver) report(d diag.Diagnostic) {
	if d.Severity() == diag.SeverityWarning {
		r.diags.Append(d)
		return
	}
	r.problems.Append(d)
}

// look returns the value of an argument and its source, without using it.
func (r *resolver) look(at path.Path, inBlock attr.Value) given {
	if text, ok := r.profile[nameOf(at)]; ok {
		g := given{at: at, text: text, source: r.profileSource}
		if other := textOf(inBlock); other != text {
			g.beaten = other
		}
		return g
	}
	if text := textOf(inBlock); text != "" {
		return given{at: at, text: text, source: fromBlock}
	}
	for _, variable := range variables[nameOf(at)] {
		if text := r.getenv(variable); text != "" {
			return given{at: at, text: text, source: "environment variable " + variable}
		}
	}

	return given{at: at}
}

// root looks up an argument outside of nested blocks.
func (r *resolver) root(argument string, inBlock attr.Value) given {
	return r.look(path.Root(argument), inBlock)
}

// take checks a value, records its source and returns its text.
func (r *resolver) take(g given) string {
	switch {
	case g.inBlock():
		r.diags.Append(g.check()...)
	case g.isSet():
		r.problems.Append(g.check()...)
	}
	if g.isSet() {
		r.sources[g.at.String()] = g.source
	}
	r.warnBeaten(g)

	return g.text
}

// first takes the first value that is set. It warns of a later value in the block that a value from elsewhere replaces.
func (r *resolver) first(values ...given) string {
	for i, g := range values {
		if g.isSet() {
			if !g.inBlock() {
				r.warnUnused(fmt.Sprintf("%s (%s) is set, which beats it", g.at, g.source), values[i+1:]...)
			}
			return r.take(g)
		}
	}

	return ""
}

func (r *resolver) text(argument string, inBlock types.String) string {
	return r.take(r.root(argument, inBlock))
}

func (r *resolver) boolean(argument string, inBlock types.Bool) bool {
	value, _ := strconv.ParseBool(r.take(r.root(argument, inBlock))) // reported by take

	return value
}

func (r *resolver) count(argument string, inBlock types.Number, byDefault int) int {
	text := r.take(r.root(argument, inBlock))
	if text == "" {
		return byDefault
	}
	value, _ := strconv.Atoi(text) // reported by take

	return value
}

// endpoints returns the custom endpoints, which block.check has validated.
func (r *resolver) endpoints(inBlock types.Map) map[string]string {
	result := map[string]string{}
	elements := inBlock.Elements()
	for _, service := range slices.Sorted(maps.Keys(elements)) {
		if endpoint := endpointOf(elements[service]); endpoint != "" {
			result[service] = endpoint
			r.sources[path.Root("endpoints").AtMapKey(service).String()] = fromBlock
		}
	}

	return result
}

// authURL takes the address of IAM. A variable does not take precedence over endpoints.iam in the block.
func (r *resolver) authURL(block providerBlock) string {
	g := r.root("auth_url", block.AuthURL)
	if iam, ok := block.Endpoints.Elements()["iam"]; ok && endpointOf(iam) != "" && !g.inBlock() {
		return ""
	}

	return r.take(g)
}

// authorities reads the certificates that replace those that this machine trusts.
func (r *resolver) authorities(ctx context.Context, block providerBlock) *x509.CertPool {
	data := r.pem(ctx, r.root("cacert_file", block.CACertFile), certificatesProblem)
	if data == nil {
		return nil
	}

	return authorities(data)
}

// clientCertificate reads the client certificate and its key.
func (r *resolver) clientCertificate(ctx context.Context, block providerBlock) *tls.Certificate {
	cert, key := r.root("cert", block.Cert), r.root("key", block.Key)
	switch {
	case cert.isSet() && !key.isSet():
		r.report(missingHalf(key.at, cert))
	case !cert.isSet() && key.isSet():
		r.report(missingHalf(cert.at, key))
	}
	certData, keyData := r.pem(ctx, cert, certificatesProblem), r.pem(ctx, key, privateKeyProblem)
	if certData == nil || keyData == nil {
		return nil
	}
	pair, err := clientCertificate(certData, keyData)
	if err != nil && !areTexts(cert, key) { // else reported by block.check
		r.report(key.unusable(notOfCertificate(cert, err)))
	}

	return pair
}

// pem returns a value that is PEM, or the content of the file that it names. It returns nil if the value is not set or
// has a problem, which it reports.
func (r *resolver) pem(ctx context.Context, g given, problem func([]byte) string) []byte {
	g.text = strings.TrimPrefix(g.text, byteOrderMark) // PEM after a byte order mark has no first certificate
	text := r.take(g)
	if text == "" || len(g.check()) > 0 {
		return nil
	}
	if isPEM(text) {
		return []byte(text)
	}
	data, err := readFile(ctx, text, r.getenv)
	failure := problem(data)
	if err != nil {
		failure = "cannot be read: " + err.Error()
	}
	if failure != "" {
		r.report(g.unusable(fmt.Sprintf("is used as the path of a file, because it is not PEM (-----BEGIN "+
			"...), and %s %s",
			showFile(text, existed(err)), failure)))
		return nil
	}

	return data
}
