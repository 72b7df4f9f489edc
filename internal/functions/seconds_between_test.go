package functions

import (
	"math"
	"math/big"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

func TestSecondsBetween(t *testing.T) {
	t.Parallel()
	invalid := func(argument int64, got string) *function.FuncError {
		const must = `must be a time in RFC 3339 such as "2026-01-31T12:00:00Z", got `
		return function.NewArgumentFuncError(argument, must+got)
	}
	at := types.StringValue
	tests := map[string]struct {
		start, end types.String
		want       string // "" for null
		err        *function.FuncError
	}{
		"seconds":       {start: at("2026-03-10T12:00:00Z"), end: at("2026-03-10T12:01:30Z"), want: "90"},
		"equal":         {start: at("2026-03-10T12:00:00Z"), end: at("2026-03-10T20:00:00+08:00"), want: "0"},
		"offsets":       {start: at("2026-03-10T12:00:00-05:30"), end: at("2026-03-10T12:00:00+05:45"), want: "-40500"},
		"negative":      {start: at("2026-03-10T12:00:01Z"), end: at("2026-03-10T12:00:00Z"), want: "-1"},
		"fraction":      {start: at("2026-03-10T12:00:00Z"), end: at("2026-03-10T12:00:00.1Z"), want: "0.1"},
		"negative half": {start: at("2026-03-10T12:00:00.75Z"), end: at("2026-03-10T12:00:00.25Z"), want: "-0.5"},
		"nanosecond":    {start: at("2026-03-10T11:59:59.999999999Z"), end: at("2026-03-10T12:00:00Z"), want: "0.000000001"},
		"leap day":      {start: at("2024-02-28T00:00:00Z"), end: at("2024-03-01T00:00:00Z"), want: "172800"},
		// Time.Sub has no difference of more than 292 years.
		"all years": {
			start: at("0000-01-01T00:00:00Z"), end: at("9999-12-31T23:59:59.999999999Z"), want: "315569519999.999999999",
		},

		"no end":             {start: at("2026-03-10T12:00:00Z"), end: types.StringNull()},
		"no start":           {start: types.StringNull(), end: at("2026-03-10T12:00:00Z")},
		"neither":            {start: types.StringNull(), end: types.StringNull()},
		"unread":             {start: at("soon"), end: types.StringNull()},
		"a word":             {start: at("soon"), end: at("later"), err: invalid(0, `"soon"`)},
		"empty end":          {start: at("2026-03-10T12:00:00Z"), end: at(""), err: invalid(1, `""`)},
		"no offset":          {start: at("2026-03-10T12:00:00"), end: at(""), err: invalid(0, `"2026-03-10T12:00:00"`)},
		"a date":             {start: at("2026-03-10T12:00:00Z"), end: at("2026-03-10"), err: invalid(1, `"2026-03-10"`)},
		"no such day":        {start: at("2026-02-30T12:00:00Z"), end: at(""), err: invalid(0, `"2026-02-30T12:00:00Z"`)},
		"leap second":        {start: at("2016-12-31T23:59:60Z"), end: at(""), err: invalid(0, `"2016-12-31T23:59:60Z"`)},
		"year of five":       {start: at("10000-01-01T00:00:00Z"), end: at(""), err: invalid(0, `"10000-01-01T00:00:00Z"`)},
		"control characters": {start: at("\x1b[31m"), end: at(""), err: invalid(0, `"\x1b[31m"`)},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := run(t, NewSecondsBetween(), tt.start, tt.end)
			if !tt.err.Equal(err) {
				t.Fatalf("error (-want +got):\n%s", cmp.Diff(tt.err, err))
			}
			if err != nil {
				return
			}
			want := types.NumberNull()
			if tt.want != "" {
				want = types.NumberValue(terraformNumber(t, tt.want))
			}
			if !got.Equal(want) {
				t.Errorf("got %s, want %s", got, want)
			}
		})
	}
}

// terraformNumber returns decimals as Terraform converts them.
func terraformNumber(t *testing.T, decimals string) *big.Float {
	t.Helper()
	n, _, err := big.ParseFloat(decimals, 10, 512, big.ToNearestEven)
	if err != nil {
		t.Fatal(err)
	}

	return n
}

// FuzzSecondsBetween: what is accepted is RFC 3339, and the seconds lead from
// one time to the other.
func FuzzSecondsBetween(f *testing.F) {
	for _, seed := range []string{
		"2026-01-31T12:00:00Z", "2026-01-31T20:00:00.123456789+08:00",
		"0000-01-01T00:00:00+23:59", "9999-12-31T23:59:59.999999999-23:59",
		"2026-01-31t12:00:00z", "2026-01-31 12:00:00Z", "2026-01-31T12:00:00,5Z",
		"2016-12-31T23:59:60Z", "2026-01-31", "", "\x1b[31m",
	} {
		f.Add(seed, "2026-01-31T12:00:00.5Z")
	}
	f.Fuzz(func(t *testing.T, one, other string) {
		start, problem := parseTime(one)
		if problem != "" {
			wantPrintable(t, problem)
			return
		}
		if want, err := time.Parse(time.RFC3339, one); err != nil || !start.Equal(want) {
			t.Errorf("%q is read as %s, want %s, %v", one, start, want, err)
		}
		end, problem := parseTime(other)
		if problem != "" {
			return
		}
		n := seconds(start, end)
		if back := seconds(end, start); n.Cmp(back.Neg(back)) != 0 {
			t.Errorf("from %q to %q it is %s, and back -%s", one, other, n, back)
		}
		whole, _ := n.Int64()
		fraction := new(big.Float).SetPrec(precision).Sub(n, new(big.Float).SetInt64(whole))
		nanoseconds, _ := fraction.Mul(fraction, big.NewFloat(1e9)).Float64()
		got := time.Unix(start.Unix()+whole, int64(start.Nanosecond())+int64(math.Round(nanoseconds)))
		if !got.Equal(end) {
			t.Errorf("%q and %s seconds is %s, want %q", one, n, got, other)
		}
	})
}
