package client

import (
	"net/url"
	"testing"
)

func TestRequestURL(t *testing.T) {
	t.Parallel()

	tests := map[string]struct {
		base  string
		path  []string
		query url.Values
		want  string
	}{
		"host alone":    {base: "https://example.com", path: []string{"v2", "p"}, want: "https://example.com/v2/p"},
		"slash":         {base: "https://example.com/", path: []string{"v2", "p"}, want: "https://example.com/v2/p"},
		"nothing below": {base: "https://example.com", want: "https://example.com/"},
		"prefix": {
			base: "http://example.com:8080/a/b/", path: []string{"v2"}, want: "http://example.com:8080/a/b/v2",
		},
		"doubled slashes":  {base: "https://example.com//a//", path: []string{"v2"}, want: "https://example.com/a/v2"},
		"prefix to escape": {base: "https://example.com/a%20b/", path: []string{"v2"}, want: "https://example.com/a%20b/v2"},

		"unreserved stays": {
			base: "https://example.com", path: []string{"AZaz09-_.~"}, want: "https://example.com/AZaz09-_.~",
		},
		"reserved is escaped": {
			base: "https://example.com", path: []string{"a:b@c,d+e*f!g'h(i)j;k=l&m$n"},
			want: "https://example.com/a%3Ab%40c%2Cd%2Be%2Af%21g%27h%28i%29j%3Bk%3Dl%26m%24n",
		},
		"one segment stays one": {
			base: "https://example.com", path: []string{"a/b?c#d"}, want: "https://example.com/a%2Fb%3Fc%23d",
		},
		"escaped once": {
			base: "https://example.com", path: []string{"a%20b c"}, want: "https://example.com/a%2520b%20c",
		},
		"UTF-8": {
			base: "https://example.com", path: []string{"函数"}, want: "https://example.com/%E5%87%BD%E6%95%B0",
		},

		"query by name": {
			base: "https://example.com", query: url.Values{"status": {"fail"}, "limit": {"200"}, "Z": {"1"}},
			want: "https://example.com/?Z=1&limit=200&status=fail",
		},
		"query with a name repeated": {
			base: "https://example.com", query: url.Values{"a": {"2", "10", "1"}, "A": {"x"}},
			want: "https://example.com/?A=x&a=1&a=10&a=2",
		},
		"query sorted before it is escaped": {
			base: "https://example.com", query: url.Values{"a": {"é", "~", "z"}},
			want: "https://example.com/?a=z&a=~&a=%C3%A9",
		},
		"query escaped": {
			base: "https://example.com", query: url.Values{
				"start_time": {"2025-12-12 08:15:00"}, "a&b": {"c=d+e"}, "empty": {""},
			},
			want: "https://example.com/?a%26b=c%3Dd%2Be&empty=&start_time=2025-12-12%2008%3A15%3A00",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			base, err := url.Parse(test.base)
			if err != nil {
				t.Fatal(err)
			}
			r := &request{base: base, path: test.path, query: test.query}
			for range 2 { // every attempt builds it again
				if got := r.url().String(); got != test.want {
					t.Errorf("got %s, want %s", got, test.want)
				}
			}
			if base.String() != test.base {
				t.Errorf("the base became %s", base)
			}
		})
	}
}
