package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/simulator"
)

// options are the options of the command line.
type options struct {
	listen   string
	region   string
	workflow string
	others   int
	rows     int
	spacing  time.Duration
	seed     uint64

	behaviour simulator.Behaviour
	latency   time.Duration
	faults    []simulator.Fault
}

func parseOptions(args []string, stderr io.Writer) (options, error) {
	var o options
	b := &o.behaviour
	flags := flag.NewFlagSet("simulator", flag.ContinueOnError)
	flags.SetOutput(stderr)

	flags.StringVar(&o.listen, "listen", "127.0.0.1:0", "loopback `address` and port; port 0 picks a free one")
	flags.StringVar(&o.region, "region", simulator.DefaultRegion, "the region, and so the `name` of the one project")
	flags.StringVar(&o.workflow, "workflow", "48aff955-ea10-4ffd-b426-190bc192dc14",
		"`ID` of the workflow with executions")
	flags.IntVar(&o.others, "workflows", 7, "`number` of further workflows, which have none")
	flags.IntVar(&o.rows, "rows", 401, "`number` of its executions")
	flags.DurationVar(&o.spacing, "spacing", time.Minute,
		"`time` from one execution to the next, the newest beginning now")
	flags.Uint64Var(&o.seed, "seed", 1, "`number` that the executions are drawn from")

	switchOptions(flags, b)

	flags.DurationVar(&o.latency, "latency", 0, "`time` that each response takes, except those of faults")
	flags.Func("fault", "what goes wrong, in order; may be repeated. "+faultUsage, func(s string) error {
		f, err := parseFault(s)
		o.faults = append(o.faults, f)
		return err
	})

	if err := flags.Parse(args); err != nil {
		return o, err
	}
	switch {
	case flags.NArg() > 0:
		return o, fmt.Errorf("unexpected argument %q", flags.Arg(0))
	case o.workflow == "" || o.region == "":
		return o, errors.New("-workflow and -region must not be empty")
	case min(o.rows, o.others, b.DefaultLimit, b.PageCap, b.OffsetCap) < 0,
		min(o.spacing, o.latency, b.Precision, b.MaxSpan, b.DefaultSpan) < 0:
		return o, errors.New("numbers and times must not be negative")
	}

	return o, nil
}

// switchOptions defines an option for each switch, with the name of the field:
// -order-by for OrderBy.
func switchOptions(flags *flag.FlagSet, b *simulator.Behaviour) {
	for field, value := range reflect.ValueOf(b).Elem().Fields() {
		name := optionName(field.Name)
		usage := strings.ReplaceAll(field.Tag.Get("usage"), "'", "`") // which a tag cannot contain
		switch target := value.Addr().Interface().(type) {
		case *bool:
			flags.BoolVar(target, name, false, usage)
		case *int:
			flags.IntVar(target, name, 0, usage)
		case *time.Duration:
			flags.DurationVar(target, name, 0, usage)
		default:
			choice(flags, value, name, usage)
		}
	}
}

var innerCapital = regexp.MustCompile(`\B[A-Z]`)

// optionName returns "workflow-id-case" for WorkflowIDCase.
func optionName(field string) string {
	return strings.ToLower(innerCapital.ReplaceAllString(strings.ReplaceAll(field, "ID", "Id"), "-$0"))
}

// choice defines an option whose values have names. The first is the default.
func choice(flags *flag.FlagSet, target reflect.Value, name, usage string) {
	names := valueNames(target.Type())
	all := strings.Join(names, ", ")
	flags.Func(name, fmt.Sprintf("%s: `one` of %s (default %s)", usage, all, names[0]), func(s string) error {
		i := slices.Index(names, s)
		if i < 0 {
			return errors.New("want one of " + all)
		}
		target.SetInt(int64(i))
		return nil
	})
}

// valueNames returns the names of the values of a type, from 0 on.
func valueNames(of reflect.Type) []string {
	var names []string
	for value := reflect.New(of).Elem(); ; value.SetInt(value.Int() + 1) {
		name := fmt.Sprint(value.Interface())
		if name == strconv.FormatInt(value.Int(), 10) { // a value without a name
			return names
		}
		names = append(names, name)
	}
}

// workflowName is the name of the workflow with executions.
const workflowName = "payments"

// The agencies and the identity provider that the guides name, so that what they show can be tried.
const (
	agencyName       = "terraform-reader"
	firstAccount     = "0a1b2c3d4e5f60718293a4b5c6d7e8f9"
	secondAccount    = "9f8e7d6c5b4a39281706f5e4d3c2b1a0"
	identityProvider = "ci"
	idToken          = "NotASecret.JustTheSampleIDToken.OfTheSimulator"
)

// newCloud returns the service that the options describe.
func (o options) newCloud(now time.Time) *simulator.Cloud {
	cloud := simulator.New(simulator.Config{
		Agencies: []simulator.Agency{
			{
				Name: agencyName, DomainID: firstAccount, DomainName: "other-account",
				TrustedBy: []string{simulator.CallerHome, "idp:" + identityProvider},
			},
			{Name: agencyName, DomainID: secondAccount},
		},
		IdentityProviders: []simulator.IdentityProvider{{ID: identityProvider, IDTokens: []string{idToken}}},
		Projects: []simulator.Project{
			{ID: simulator.DefaultProjectID, Name: o.region},
			{ID: "00000000000000000000000000000001", Name: o.region, DomainID: firstAccount},
			{ID: "00000000000000000000000000000002", Name: o.region, DomainID: secondAccount},
		},
		Behaviour: o.behaviour,
	})
	for _, w := range simulator.SeedWorkflows(o.others, now, o.seed) {
		cloud.PutWorkflow(w)
	}
	cloud.PutWorkflow(simulator.Workflow{ID: o.workflow, Name: workflowName})
	cloud.AddWorkflow(o.workflow, simulator.Seed(o.rows, now, o.spacing, o.seed)...)
	cloud.Script(o.faults...)
	if o.latency > 0 {
		cloud.Script(simulator.Fault{Delay: o.latency, Times: -1})
	}

	return cloud
}
