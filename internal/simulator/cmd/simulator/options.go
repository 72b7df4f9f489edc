package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
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

	orderOptions(flags, b)
	windowOptions(flags, b)
	rowOptions(flags, b)
	workflowOptions(flags, b)

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

// orderOptions defines the options of the order of rows.
func orderOptions(flags *flag.FlagSet, b *simulator.Behaviour) {
	choice(flags, &b.Order, "order", "order of rows",
		simulator.NewestFirst, simulator.OldestFirst, simulator.Unordered)
	choice(flags, &b.OrderBy, "order-by", "field that rows are sorted by",
		simulator.OrderByBegin, simulator.OrderByLastUpdate, simulator.OrderByEnd, simulator.OrderByID)
	choice(flags, &b.Missing, "missing", "place of rows that lack this field",
		simulator.MissingOldest, simulator.MissingFirst, simulator.MissingLast)
	choice(flags, &b.Running, "running", "place of running rows",
		simulator.RunningInOrder, simulator.RunningFirst, simulator.RunningLast)
	choice(flags, &b.Shuffle, "shuffle", "what has another order in each response",
		simulator.ShuffleNone, simulator.ShuffleTies, simulator.ShuffleAll)
	choice(flags, &b.Offset, "offset", "what offset does",
		simulator.OffsetHonoured, simulator.OffsetIgnored, simulator.OffsetRejected)
	flags.IntVar(&b.OffsetCap, "offset-cap", 0, "largest `offset` that is honoured; 0 means any")
	choice(flags, &b.OffsetBeyond, "offset-beyond", "response to an offset beyond -offset-cap",
		simulator.OffsetLastPage, simulator.OffsetFirstPage, simulator.OffsetNoRows, simulator.OffsetBadRequest)
	flags.IntVar(&b.DefaultLimit, "default-limit", 0, "`rows` on a page when limit is not sent; 0 means 200")
	flags.IntVar(&b.PageCap, "page-cap", 0, "most `rows` on a page; 0 means 200")
}

// windowOptions defines the options of start_time and end_time.
func windowOptions(flags *flag.FlagSet, b *simulator.Behaviour) {
	choice(flags, &b.TimeForm, "time-form", "form of bounds that is understood",
		simulator.AnyTimeForm, simulator.SpaceTimeForm, simulator.RFC3339TimeForm, simulator.NoTimeForm)
	choice(flags, &b.UnreadTime, "unread-time", "bounds in another form are",
		simulator.UnreadTimeRejected, simulator.UnreadTimeIgnored, simulator.UnreadTimeUnbounded,
		simulator.UnreadTimeNothing)
	choice(flags, &b.Zone, "zone", "time zone that bounds are read in",
		simulator.ZoneUTC, simulator.ZoneChinaUnlessNamed, simulator.ZoneChina)
	choice(flags, &b.Window, "window", "what bounds apply to",
		simulator.WindowBegin, simulator.WindowLastUpdate, simulator.WindowEnd, simulator.WindowOverlap)
	flags.BoolVar(&b.ExcludeStart, "exclude-start", false, "leave out rows exactly on start_time")
	flags.BoolVar(&b.ExcludeEnd, "exclude-end", false, "leave out rows exactly on end_time")
	choice(flags, &b.Fractions, "fractions", "fractions of a second in times of executions are",
		simulator.FractionsCut, simulator.FractionsHidden, simulator.FractionsRounded)
	flags.DurationVar(&b.Precision, "precision", 0, "`time` to a multiple of which bounds are rounded down")
	flags.DurationVar(&b.MaxSpan, "max-span", 0, "longest `time` from start_time to end_time; 0 means any")
	choice(flags, &b.SpanCut, "span-cut", "a window longer than -max-span",
		simulator.SpanKeepsStart, simulator.SpanKeepsEnd, simulator.SpanRejected)
	choice(flags, &b.LoneBound, "lone-bound", "what one bound without the other selects",
		simulator.LoneBoundThreeDays, simulator.LoneBoundOpen, simulator.LoneBoundIgnored)
	flags.DurationVar(&b.DefaultSpan, "default-span", 0, "`time` that a list without bounds covers; 0 means three days")
}

// rowOptions defines the options of filters and of the form of rows.
func rowOptions(flags *flag.FlagSet, b *simulator.Behaviour) {
	flags.BoolVar(&b.HideStatuses, "hide-statuses", false, "show undocumented statuses in executions-history alone")
	choice(flags, &b.HistoryTotal, "history-total", "what the total of executions-history counts",
		simulator.HistoryTotalMatching, simulator.HistoryTotalOfWorkflow, simulator.HistoryTotalOfPage)
	flags.BoolVar(&b.IgnoreStatus, "ignore-status", false, "ignore the status filter")
	flags.BoolVar(&b.StatusCase, "status-case", false, "ignore the letter case of the status filter")
	choice(flags, &b.StatusText, "status-text", "how the status of a row is written",
		simulator.StatusPlain, simulator.StatusCapitals, simulator.StatusOmittedByFilter, simulator.StatusOmitted)
	flags.BoolVar(&b.WorkflowIDCase, "workflow-id-case", false, "ignore the letter case of workflow IDs")
	choice(flags, &b.NoSuchWorkflow, "no-such-workflow", "response about an unknown workflow",
		simulator.WorkflowNotFound, simulator.WorkflowEmpty)
	choice(flags, &b.EmptyList, "empty-list", "how no rows are written",
		simulator.EmptyArray, simulator.NullList, simulator.NoList)
	choice(flags, &b.NoEnd, "no-end", "how the end of a running execution is written", simulator.NoEndOmitted,
		simulator.NoEndEmpty, simulator.NoEndNull, simulator.NoEndZeroDate, simulator.NoEndBegin)
	flags.DurationVar(&b.DateSkew, "date-skew", 0, "`time` by which the Date header is ahead of the clock")
	flags.BoolVar(&b.NoDate, "no-date", false, "leave out the Date header")
}

// workflowOptions defines the options of ListWorkflow.
func workflowOptions(flags *flag.FlagSet, b *simulator.Behaviour) {
	choice(flags, &b.WorkflowName, "workflow-name", "what the filter by name does", simulator.NameContains,
		simulator.NameContainsAnyCase, simulator.NameBegins, simulator.NameEquals, simulator.NameIgnored)
	choice(flags, &b.WorkflowTotal, "workflow-total", "what the total of workflows counts",
		simulator.TotalMatching, simulator.TotalEverything, simulator.TotalPage, simulator.TotalMissing)
	choice(flags, &b.WorkflowOffset, "workflow-offset", "what offset does in lists of workflows",
		simulator.OffsetHonoured, simulator.OffsetIgnored, simulator.OffsetRejected)
	choice(flags, &b.WorkflowOrder, "workflow-order", "order of workflows",
		simulator.WorkflowsNewestFirst, simulator.WorkflowsByName, simulator.WorkflowsShuffled)
	flags.BoolVar(&b.NoStream, "no-stream", false, "leave out enable_stream_response of workflows")
}

// choice defines a flag with named values. The first is the default.
func choice[T fmt.Stringer](flags *flag.FlagSet, target *T, name, usage string, values ...T) {
	names := make([]string, len(values))
	for i, v := range values {
		names[i] = v.String()
	}
	all := strings.Join(names, ", ")
	flags.Func(name, fmt.Sprintf("%s: `one` of %s (default %s)", usage, all, names[0]), func(s string) error {
		for i, v := range values {
			if names[i] == s {
				*target = v
				return nil
			}
		}
		return errors.New("want one of " + all)
	})
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
