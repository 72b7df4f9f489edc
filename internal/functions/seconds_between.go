package functions

import (
	"context"
	"fmt"
	"math/big"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

type secondsBetween struct{}

// NewSecondsBetween returns the function seconds_between.
func NewSecondsBetween() function.Function { return secondsBetween{} }

func (secondsBetween) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "seconds_between"
}

func (secondsBetween) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "Returns how many seconds lie between two times.",
		MarkdownDescription: "Returns the seconds from `start` to `end`, exact to the nanosecond: " +
			"with a fraction if the times have one, and negative if `end` is before `start`. " +
			"It returns null if a time is null, as the `end_time` of a running execution may be.",
		Parameters: []function.Parameter{
			function.StringParameter{
				Name:                "start",
				MarkdownDescription: "The first time, in RFC 3339 with any offset, such as `2026-01-31T12:00:00Z`; or null.",
				AllowNullValue:      true,
			},
			function.StringParameter{
				Name:                "end",
				MarkdownDescription: "The second time, in RFC 3339 with any offset, such as `2026-01-31T20:00:30+08:00`; or null.",
				AllowNullValue:      true,
			},
		},
		Return: function.NumberReturn{},
	}
}

func (secondsBetween) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var start, end types.String
	if resp.Error = req.Arguments.Get(ctx, &start, &end); resp.Error != nil {
		return
	}
	if start.IsNull() || end.IsNull() {
		resp.Error = resp.Result.Set(ctx, types.NumberNull())
		return
	}

	var times [2]time.Time
	for i, argument := range []types.String{start, end} {
		var problem string
		if times[i], problem = parseTime(argument.ValueString()); problem != "" {
			resp.Error = function.NewArgumentFuncError(int64(i), problem)
			return
		}
	}
	resp.Error = resp.Result.Set(ctx, types.NumberValue(seconds(times[0], times[1])))
}

// parseTime returns the time of a text in RFC 3339, or what is wrong with it. It
// accepts what the time arguments of data sources accept.
func parseTime(text string) (t time.Time, problem string) {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return time.Time{}, fmt.Sprintf("must be a time in RFC 3339 such as \"2026-01-31T12:00:00Z\", got %s", quote(text))
	}

	return t, ""
}

// precision is the one that Terraform has for numbers, in bits.
const precision = 512

// seconds returns the time from start to end. It does not use Time.Sub, whose
// result ends at 292 years. A fraction is the number that Terraform makes of the
// same decimals, so that the two compare as equal.
func seconds(start, end time.Time) *big.Float {
	nanoseconds := func(t time.Time) *big.Int {
		n := big.NewInt(t.Unix())
		return n.Add(n.Mul(n, big.NewInt(1e9)), big.NewInt(int64(t.Nanosecond())))
	}
	difference := new(big.Int).Sub(nanoseconds(end), nanoseconds(start))
	decimals := new(big.Rat).SetFrac(difference, big.NewInt(1e9))

	return new(big.Float).SetPrec(precision).SetRat(decimals)
}
