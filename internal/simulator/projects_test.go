package simulator

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestListProjects(t *testing.T) {
	t.Parallel()
	projects := []Project{
		{ID: "11111111111111111111111111111111", Name: "cn-north-4"},
		{ID: "22222222222222222222222222222222", Name: "cn-north-4_team", DomainID: "d2"},
		{ID: "33333333333333333333333333333333", Name: "cn-east-3", DomainID: DefaultDomainID},
	}
	tests := map[string]struct {
		projects []Project
		params   []string
		want     []string
	}{
		"by name":      {projects, []string{"name", "cn-north-4"}, []string{projects[0].ID}},
		"no such name": {projects, []string{"name", "cn-north"}, nil},
		"all":          {projects, nil, []string{projects[0].ID, projects[2].ID}},
		"default":      {nil, []string{"name", DefaultRegion}, []string{DefaultProjectID}},
		"no projects":  {[]Project{}, nil, nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := New(Config{Now: fixedClock, Projects: tt.projects})
			var body struct{ Projects []struct{ ID string } }
			if err := json.Unmarshal([]byte(inProcess(c).get(t, "/iam/v3/projects", tt.params...).body),
				&body); err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, p := range body.Projects {
				got = append(got, p.ID)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("projects (-want +got):\n%s", diff)
			}
		})
	}
}

func TestListProjects_shape(t *testing.T) {
	t.Parallel()
	got := inProcess(New(Config{Now: fixedClock})).get(t, "/v3/projects", "name", DefaultRegion)
	want := `{"projects":[{"id":"0123456789abcdef0123456789abcdef","name":"cn-north-4",` +
		`"domain_id":"fedcba9876543210fedcba9876543210","parent_id":"fedcba9876543210fedcba9876543210",` +
		`"enabled":true,"is_domain":false,"description":"",` +
		`"links":{"self":"http://simulator.test/v3/projects/0123456789abcdef0123456789abcdef","next":null,` +
		`"previous":null}}],` +
		`"links":{"self":"http://simulator.test/v3/projects","next":null,"previous":null}}`
	if diff := cmp.Diff(want, got.body); diff != "" {
		t.Errorf("body (-want +got):\n%s", diff)
	}
}
