package main

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/simulator"
)

const faultUsage = "`Settings` joined by commas: op=<operation> skip=<n> times=<n> (-1: for ever) delay=<time> " +
	"hang reset cut status=<code> throttled=<period> html=<code> retry-after=<value>; such as status=503,times=2"

// parseFault reads a fault from the command line, such as "throttled=1 second,op=ListProjects,times=2".
func parseFault(s string) (simulator.Fault, error) {
	var f simulator.Fault
	var retryAfter string
	responses := 0
	for setting := range strings.SplitSeq(s, ",") {
		name, value, _ := strings.Cut(setting, "=")
		var response simulator.Fault
		var err error
		switch name {
		case "op":
			f.Operation, err = parseOperation(value)
		case "skip":
			f.Skip, err = atLeast(0, value)
		case "times":
			f.Times, err = atLeast(-1, value)
		case "delay":
			f.Delay, err = delay(value)
		case "hang":
			f.Hang, err = true, bare(value)
		case "reset":
			f.Reset, err = true, bare(value)
		case "cut":
			f.CutBody, err = true, bare(value)
		case "status":
			response, err = withStatus(simulator.Status, value)
		case "html":
			response, err = withStatus(simulator.HTML, value)
		case "throttled":
			response = simulator.Throttled(value)
		case "retry-after":
			retryAfter = value
		default:
			err = errors.New("no such setting")
		}
		if err != nil {
			return simulator.Fault{}, fmt.Errorf("%q: %w", setting, err)
		}
		if response.Status != 0 {
			f.Status, f.Body, f.Header = response.Status, response.Body, response.Header
			responses++
		}
	}
	if responses > 1 {
		return simulator.Fault{}, errors.New("only one of status, throttled and html")
	}
	if retryAfter != "" {
		if f.Header == nil {
			f.Header = http.Header{}
		}
		f.Header.Set("Retry-After", retryAfter)
	}

	return f, nil
}

func parseOperation(s string) (simulator.Operation, error) {
	op, all := simulator.Operation(s), simulator.Operations()
	if !slices.Contains(all, op) {
		return "", fmt.Errorf("want one of %s", all)
	}

	return op, nil
}

func withStatus(fault func(int) simulator.Fault, s string) (simulator.Fault, error) {
	status, err := strconv.Atoi(s)
	if err != nil || status < 200 || status > 599 {
		return simulator.Fault{}, errors.New("want a status from 200 to 599")
	}

	return fault(status), nil
}

func atLeast(least int, s string) (int, error) {
	n, err := strconv.Atoi(s)
	if err != nil || n < least {
		return 0, fmt.Errorf("want a number, %d or more", least)
	}

	return n, nil
}

func delay(s string) (time.Duration, error) {
	d, err := time.ParseDuration(s)
	if err != nil || d < 0 {
		return 0, errors.New("want a time such as 1s or 250ms")
	}

	return d, nil
}

func bare(value string) error {
	if value != "" {
		return errors.New("takes no value")
	}

	return nil
}
