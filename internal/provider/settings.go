package provider

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"maps"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/client"
)

const defaultMaxRetries = 5

// settings are the validated result of the provider block, a profile and the
// environment.
type settings struct {
	config client.Config

	// unknown are the unknown arguments that decide about credentials.
	unknown []string

	// problems are errors in files and in the environment. The first read reports
	// them, because only a read needs those values.
	problems diag.Diagnostics

	// sources are the sources of the used arguments, by name. They never contain
	// values.
	sources map[string]string
}

// resolve merges the profile, the block and the environment. The profile takes
// precedence over the block, and the block over the environment, in which the
// first variable that is not empty counts. An empty string counts as unset. It
// reports all errors at once: those in the block, and all warnings, as
// diagnostics, and the other errors as problems of the settings. When ctx ends, it
// stops waiting for files.
func resolve(ctx context.Context, block providerBlock, getenv func(string) string) (settings, diag.Diagnostics) {
	r := resolver{block: block, getenv: getenv, sources: map[string]string{}, diags: block.check()}
	profileRead := r.readProfile(ctx)

	s := settings{sources: r.sources, config: client.Config{
		Region:            r.text("region"),
		ProjectID:         r.first("project_id", "tenant_id"),
		ProjectName:       r.first("project_name", "tenant_name"),
		Cloud:             r.text("cloud"),
		AuthURL:           r.authURL(),
		Endpoints:         r.endpoints(),
		Insecure:          r.boolean("insecure"),
		MaxRetries:        r.count("max_retries", defaultMaxRetries),
		RootCAs:           r.authorities(ctx),
		ClientCertificate: r.clientCertificate(ctx),
	}}
	r.text("signing_algorithm") // only checked, because there is one algorithm
	if s.config.Region == "" && profileRead {
		why := "It is the region to read from, for example \"cn-north-4\"."
		if r.profileSource != "" {
			why += fmt.Sprintf(" The %s has none either.", r.profileSource)
		}
		r.report(missing(path.Root("region"), why))
	}
	if profileRead {
		r.authentication(ctx, &s)
	}
	r.noteProject(s.config.ProjectID != "")
	s.problems, s.config.Sources = r.problems, s.outsideSources()

	return s, r.diags
}

// noteProject adds the way in which the project is found to the sources. It warns
// of a project in the block that a value from elsewhere replaces.
func (r *resolver) noteProject(isKnown bool) {
	if !isKnown {
		r.sources["project_id"] = "a lookup in IAM, at the first read"
		return
	}
	known := "project_id"
	if r.sources[known] == "" {
		known = "tenant_id"
	}
	if source := r.sources[known]; source != fromBlock {
		r.warnUnused(fmt.Sprintf("the project's ID is known: %s (%s)", known, source),
			r.root("project_name"), r.root("tenant_name"))
	}
	for _, name := range []string{"project_name", "tenant_name"} {
		if source := r.sources[name]; source != "" {
			r.sources[name] = source + " (not used: the project's ID is known)"
		}
	}
}

// outsideSources returns the sources outside of the block, for errors.
func (s settings) outsideSources() map[string]string {
	result := maps.Clone(s.sources)
	maps.DeleteFunc(result, func(argument, source string) bool {
		return source == fromBlock || argument == "credentials"
	})
	if s.config.ProjectID == "" {
		delete(result, "project_id") // it is looked up
		return result
	}
	delete(result, "project_name")
	delete(result, "tenant_name")

	return result
}

// resolver resolves arguments and collects diagnostics.
type resolver struct {
	block   providerBlock
	getenv  func(string) string
	sources map[string]string

	diags    diag.Diagnostics // errors in the block, and warnings
	problems diag.Diagnostics // in files and in the environment

	profile       map[string]string // the arguments that a profile sets
	profileAgency profileAgency
	profileSource string // empty without a profile
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
func (r *resolver) look(at path.Path) given {
	inBlock := r.block.at(at)
	if text, ok := r.profile[nameOf(at)]; ok {
		g := given{at: at, text: text, source: r.profileSource}
		if inBlock.text != text {
			g.beaten = inBlock.text
		}
		return g
	}
	if inBlock.isSet() {
		return inBlock
	}

	return r.lookVariable(at)
}

// lookVariable returns the value of an argument in the environment.
func (r *resolver) lookVariable(at path.Path) given {
	for _, variable := range variables[nameOf(at)] {
		if text := r.getenv(variable); text != "" {
			return given{at: at, text: text, source: "environment variable " + variable}
		}
	}

	return given{at: at}
}

// root looks up an argument outside of nested blocks.
func (r *resolver) root(argument string) given { return r.look(path.Root(argument)) }

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

// first takes an argument, or if it is not set the other one. It warns if the
// other one is in the block, and is not used because of a value from elsewhere.
func (r *resolver) first(argument, other string) string {
	g := r.root(argument)
	if !g.isSet() {
		return r.text(other)
	}
	if !g.inBlock() {
		r.warnUnused(fmt.Sprintf("%s (%s) is set, which beats it", g.at, g.source), r.root(other))
	}

	return r.take(g)
}

func (r *resolver) text(argument string) string { return r.take(r.root(argument)) }

func (r *resolver) boolean(argument string) bool {
	value, _ := strconv.ParseBool(r.text(argument)) // reported by take

	return value
}

func (r *resolver) count(argument string, byDefault int) int {
	text := r.text(argument)
	if text == "" {
		return byDefault
	}
	value, _ := strconv.Atoi(text) // reported by take

	return value
}

// endpoints returns the custom endpoints, which block.check has validated.
func (r *resolver) endpoints() map[string]string {
	result := map[string]string{}
	for service, endpoint := range r.block.endpoints {
		if endpoint != "" {
			result[service] = endpoint
			r.sources[endpointAt(service).String()] = fromBlock
		}
	}

	return result
}

// authURL takes the address of IAM. A variable does not take precedence over
// endpoints.iam in the block.
func (r *resolver) authURL() string {
	g := r.root("auth_url")
	if r.block.endpoints["iam"] != "" && !g.inBlock() {
		return ""
	}

	return r.take(g)
}

// authorities reads the certificates that replace those that this machine trusts.
func (r *resolver) authorities(ctx context.Context) *x509.CertPool {
	data := r.pem(ctx, r.root("cacert_file"), certificatesProblem)
	if data == nil {
		return nil
	}

	return authorities(data)
}

// clientCertificate reads the client certificate and its key.
func (r *resolver) clientCertificate(ctx context.Context) *tls.Certificate {
	cert, key := r.root("cert"), r.root("key")
	r.checkHalves(cert, key)
	certData, keyData := r.pem(ctx, cert, certificatesProblem), r.pem(ctx, key, privateKeyProblem)
	if certData == nil || keyData == nil {
		return nil
	}
	pair, err := tls.X509KeyPair(certData, keyData)
	if err != nil {
		if !areTexts(cert, key) { // otherwise block.check has reported it
			r.report(key.unusable(notOfCertificate(cert, err)))
		}
		return nil
	}

	return &pair
}

// pem returns a value that is PEM, or the content of the file that it names. It
// returns nil if the value is not set or has a problem, which it reports.
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
		r.report(g.unusable(fmt.Sprintf("is used as the path of a file, because it is not PEM (-----BEGIN ...), "+
			"and %s %s", showFile(text, existed(err)), failure)))
		return nil
	}

	return data
}
