package client

import (
	"compress/gzip"
	"io"
	"strings"
	"testing"
)

func TestClassifyStep(t *testing.T) {
	t.Parallel()

	tests := map[string]struct {
		status     int
		body       string
		incomplete error
		class      Class // 0: success
		message    string
	}{
		"success":      {200, "{}", nil, 0, ""},
		"proxy":        {407, "", nil, ClassNetwork, "the response has no body"},
		"error":        {403, `{"error_code":"c","error_msg":"m"}`, nil, ClassPermission, "m"},
		"broken error": {503, "{", io.ErrUnexpectedEOF, ClassServer, "the body begins with: {"},
		"broken":       {200, "{", io.ErrUnexpectedEOF, ClassNetwork, ""},
		"corrupt": {
			200, "", gzip.ErrChecksum, ClassMalformed, "the response cannot be unpacked: gzip: invalid checksum",
		},
		"too large": {
			200, strings.Repeat("x", maxSecretBody+1), nil, ClassMalformed, "the response is larger than 1 MiB",
		},
		"other success": {204, "", nil, ClassMalformed, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			call, resp := newCall(), httpResponse(test.status, nil)
			resp.body, resp.incomplete, call.returnsCredentials = []byte(test.body), test.incomplete, true
			got, err := classify(t.Context(), call, (&fakeSteps{errs: []error{nil}, resp: resp}).handle)
			if got != resp {
				t.Error("the response is lost")
			}
			if test.class == 0 && err == nil {
				return
			}
			if failed := wantClass(t, err, test.class); failed.Message != test.message || failed.Status != test.status {
				t.Errorf("got %d, %q", failed.Status, failed.Message)
			}
		})
	}
}
