package survey

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"time"

	"terraform.local/fgs/terraform-provider-huaweicloud/internal/client"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/functiongraph"
	"terraform.local/fgs/terraform-provider-huaweicloud/internal/functiongraph/executions"
)

// operationHistory is the other list of executions, which has a total.
var operationHistory = client.NewOperation("ShowWorkflowExecutionForPage",
	"https://support.huaweicloud.com/api-functiongraph/functiongraph_06_1032_0.html")

// query is one request for a list. Its zero value requests 200 rows.
type query struct {
	start, end time.Time // as written, taken as UTC; zero: not sent
	form       executions.Form
	status     string
	limit      int // 0: 200; noLimit: not sent
	offset     int // 0: not sent
	history    bool
	workflow   string     // empty: the one that is surveyed
	other      url.Values // sent as they are
}

const noLimit = -1

func (q query) isBounded() bool { return !q.start.IsZero() && !q.end.IsZero() }

func (q query) values() url.Values {
	v := url.Values{}
	if !q.start.IsZero() {
		v.Set("start_time", q.form.Format(q.start))
	}
	if !q.end.IsZero() {
		v.Set("end_time", q.form.Format(q.end))
	}
	if q.status != "" {
		v.Set("status", q.status)
	}
	switch {
	case q.limit > 0:
		v.Set("limit", strconv.Itoa(q.limit))
	case q.limit == 0:
		v.Set("limit", strconv.Itoa(executions.MaxPage))
	}
	if q.offset > 0 || q.history {
		v.Set("offset", strconv.Itoa(q.offset))
	}
	maps.Copy(v, q.other)

	return v
}

// response is the response to a query.
type response struct {
	query query
	list
	failed *client.APIError // nil: a list came
	spent  bool             // no request was left
	date   time.Time        // by its header; zero: none
}

func (r *response) isOK() bool { return r.failed == nil && !r.spent }

// isRefused reports whether the service calls the request invalid.
func (r *response) isRefused() bool {
	return r.failed != nil && r.failed.Class == client.ClassBadRequest
}

// isShort reports whether a page shows fewer rows than it may.
func (s *survey) isShort(r *response) bool {
	limit := r.query.limit
	switch {
	case limit == 0:
		limit = executions.MaxPage
	case limit == noLimit && s.isLimitRefused:
		limit = s.longestPage()
	}
	if s.pageLimit > 0 {
		limit = min(limit, s.pageLimit)
	}

	// As long as it is not known how long a page can be, the longest may be full.
	if !s.isLimitTried && len(r.rows) >= 10 && len(r.rows) == s.longestPage() {
		return false
	}

	return limit > 0 && len(r.rows) < limit
}

// errorCode matches the error codes of this cloud. Other texts are not shown.
var errorCode = regexp.MustCompile(`^(APIGW?|FSS|FGS|IAM|STS5)\.\d{3,5}$`)

// why says why a request brought no list.
func (r *response) why() string {
	switch {
	case r.spent:
		return "no request was left for it"
	case r.failed.Status == 0:
		return "no response came"
	case r.failed.Status/100 == 2:
		return "the response was not a list of executions"
	case errorCode.MatchString(r.failed.Code):
		return fmt.Sprintf("the response was HTTP %d, error code %s", r.failed.Status, r.failed.Code)
	default:
		return fmt.Sprintf("the response was HTTP %d", r.failed.Status)
	}
}

// queryTimeout bounds one query, including its retries.
const queryTimeout = 2 * time.Minute

// send sends a query and records the rows of its response. What ends the survey is
// kept in its err, and the response is as if no request was left.
func (s *survey) send(ctx context.Context, q query) *response {
	r := &response{query: q}
	if s.err != nil {
		r.spent = true
		return r
	}
	if q.workflow == "" {
		q.workflow = s.workflow
	}
	operation, last := functiongraph.OperationListWorkflowExecutions, "executions"
	if q.history {
		operation, last = operationHistory, "executions-history"
	}
	if s.isLimitRefused && q.limit == 0 {
		q.limit = noLimit
	}
	r.query.limit = q.limit
	limited, cancel := context.WithTimeout(ctx, queryTimeout)
	defer cancel()
	reply, err := client.Get(limited, s.session, client.Request{
		Operation: operation, Path: []string{"workflows", q.workflow, last}, Query: q.values(),
	}, func(*client.Response) (list, error) { return parseList(s.transport.last.body) })
	if errors.Is(err, errSpent) {
		r.spent = true
		return r
	}
	s.noteDate()
	failed, isAnswered := errors.AsType[*client.APIError](err)
	switch {
	case ctx.Err() != nil:
		s.err, r.spent = ctx.Err(), true
		return r
	case err != nil && (!isAnswered || failed.Class == client.ClassAuth || failed.Class == client.ClassClock):
		s.err, r.spent = err, true
		return r
	case err != nil:
		r.failed = failed
		return r
	}
	r.list, r.date = reply.Value, reply.Date
	if q.workflow == s.workflow && !q.history {
		s.responses = append(s.responses, r)
		for _, row := range r.rows { // a later version replaces an earlier one
			if row.id != "" {
				s.known[row.id] = row
			}
		}
	}

	return r
}

// noteDate compares the Date header of the last response with this machine's
// clock.
func (s *survey) noteDate() {
	switch date, err := http.ParseTime(s.transport.last.header.Get("Date")); {
	case s.transport.last.status == 0: // no response came
	case err != nil:
		s.undated++
	default:
		s.offsets = append(s.offsets, time.Until(date))
	}
}
