package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/simulator"
)

const faultUsage = "`Settings` joined by commas: op=<operation> skip=<n> times=<n> (-1: for ever) delay=<time> " +
	"hang reset cut status=<code> throttled=<period> html=<code> retry-after=<value>; such as status=503,times=2"

// parseFault reads a fault from the command line, such as "throttled=1
// second,op=ListProjects,times=2".
func parseFault(s string) (simulator.Fault, error) {
	var f simulator.Fault
	settings := flag.NewFlagSet("fault", flag.ContinueOnError)
	settings.SetOutput(io.Discard)
	settings.Func("op", "", func(value string) error {
		f.Operation = simulator.Operation(value)
		if all := simulator.Operations(); !slices.Contains(all, f.Operation) {
			return fmt.Errorf("want one of %s", all)
		}
		return nil
	})
	settings.IntVar(&f.Skip, "skip", 0, "")
	settings.IntVar(&f.Times, "times", 0, "")
	settings.DurationVar(&f.Delay, "delay", 0, "")
	settings.BoolVar(&f.Hang, "hang", false, "")
	settings.BoolVar(&f.Reset, "reset", false, "")
	settings.BoolVar(&f.CutBody, "cut", false, "")
	retryAfter := settings.String("retry-after", "", "")
	respondWith := func(response simulator.Fault) error {
		if f.Status != 0 {
			return errors.New("want only one of status, throttled and html")
		}
		f.Status, f.Body, f.Header = response.Status, response.Body, response.Header
		return nil
	}
	settings.Func("throttled", "", func(period string) error { return respondWith(simulator.Throttled(period)) })
	for name, fault := range map[string]func(int) simulator.Fault{"status": simulator.Status, "html": simulator.HTML} {
		settings.Func(name, "", func(value string) error {
			status, err := strconv.Atoi(value)
			if err != nil || status < 200 || status > 599 {
				return errors.New("want a status from 200 to 599")
			}
			return respondWith(fault(status))
		})
	}

	for setting := range strings.SplitSeq(s, ",") {
		name, _, _ := strings.Cut(setting, "=")
		if settings.Lookup(name) == nil {
			return simulator.Fault{}, fmt.Errorf("%q: no such setting", setting)
		}
		if err := settings.Parse([]string{"-" + setting}); err != nil {
			return simulator.Fault{}, err
		}
	}
	if f.Skip < 0 || f.Times < -1 || f.Delay < 0 {
		return simulator.Fault{}, errors.New("skip and delay must not be negative, and times must be at least -1")
	}
	if *retryAfter != "" {
		if f.Header == nil {
			f.Header = http.Header{}
		}
		f.Header.Set("Retry-After", *retryAfter)
	}

	return f, nil
}
