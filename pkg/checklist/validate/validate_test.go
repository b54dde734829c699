package validate_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/checklist/checklisttest"
	"ortsspiegel/pkg/checklist/validate"
)

func codesOf(issues []validate.Issue) []string {
	var codes []string
	for _, i := range issues {
		codes = append(codes, string(i.Code)+" "+i.Path)
	}
	return codes
}

// TestValidate changes one thing in a sound definition. The rules one by one are held by the
// files of pkg/catalog; here are those that need no file, and the paths.
func TestValidate(t *testing.T) {
	number := func(s string) *decimal.Decimal { n := decimal.RequireFromString(s); return &n }
	question := func(d *checklist.Definition, i int) *checklist.Question { return &d.Sections[0].Questions[i] }
	for _, tt := range []struct {
		name   string
		change func(d *checklist.Definition)
		want   []string
	}{
		{"nothing", func(*checklist.Definition) {}, nil},
		{"no languages", func(d *checklist.Definition) { d.Languages = nil }, []string{"languages_empty languages"}},
		{"a level twice", func(d *checklist.Definition) {
			d.Levels[1].ID = "basis"
			question(d, 0).Knockout = nil
		}, []string{"level_duplicate levels[1].id"}},
		{"points are no number", func(d *checklist.Definition) {
			nan := nan()
			question(d, 1).Options[0].Points = &nan
		}, []string{"points_range sections[0].questions[1].options[0].points"}},
		{"a knockout at no number", func(d *checklist.Definition) {
			question(d, 0).Knockout.Below = nan()
		}, []string{"knockout_below sections[0].questions[0].knockout.below"}},
		{"a knockout of a number that never falls low", func(d *checklist.Definition) {
			question(d, 2).Min = number("40")
			question(d, 2).Targets = []checklist.Target{
				{At: decimal.Zero, Points: 0}, {At: decimal.NewFromInt(40), Points: 60},
				{At: decimal.NewFromInt(50), Points: 100},
			}
			question(d, 2).Knockout = &checklist.Knockout{Below: 60, CapsAt: "basis"}
			question(d, 3).When = nil
		}, []string{"knockout_idle sections[0].questions[2].knockout.below"}},
		{"a number no step reaches", func(d *checklist.Definition) {
			question(d, 3).When.AtLeastNumber = number("95.5")
		}, nil},
		{"a number beyond the last step", func(d *checklist.Definition) {
			question(d, 2).Max = number("97")
			question(d, 3).When.AtLeastNumber = number("95.5")
		}, []string{"when_unreachable sections[0].questions[3].when"}},
		{"a contradiction through a chain", func(d *checklist.Definition) {
			question(d, 3).When = &checklist.Condition{All: []checklist.Condition{{Question: "n",
				AtLeastNumber: number("5")}, {Question: "c", AnyOf: []checklist.OptionID{"nein"}}}}
		}, []string{"when_unreachable sections[0].questions[3].when"}},
		{"an option ruled out through a chain", func(d *checklist.Definition) {
			question(d, 3).When = &checklist.Condition{All: []checklist.Condition{{Question: "n",
				AtLeastNumber: number("5")}, {Question: "c", AnyOf: []checklist.OptionID{"nein", "ja"}}}}
		}, []string{"option_unreachable sections[0].questions[3].when.all[1].any_of[0]"}},
		{"not of a contradiction", func(d *checklist.Definition) {
			question(d, 3).When = &checklist.Condition{
				Not: &checklist.Condition{All: []checklist.Condition{{Question: "c",
					AnyOf: []checklist.OptionID{"nein"}}, {Question: "c", AnyOf: []checklist.OptionID{"ja"}}}},
			}
		}, []string{"when_unreachable sections[0].questions[3].when.not"}},
		{"a condition on nothing known of a type nobody knows", func(d *checklist.Definition) {
			question(d, 0).Type = "slider"
			question(d, 1).When.AnyOf = []checklist.OptionID{"ja"}
		}, []string{"type_unknown sections[0].questions[0].type"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := checklisttest.Sound()
			tt.change(d)
			if got := codesOf(validate.Validate(d)); !slices.Equal(got, tt.want) {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}

func nan() float64 {
	zero := 0.0
	return zero / zero
}

func TestValidateStopsListing(t *testing.T) {
	d := checklisttest.Sound()
	for i := range 3 * checklist.MaxIssues {
		d.Sections[0].Questions = append(d.Sections[0].Questions,
			checklist.Question{ID: checklist.QuestionID(fmt.Sprint("Q", i)), Type: checklist.TypeText})
	}
	if n := len(validate.Validate(d)); n != checklist.MaxIssues {
		t.Errorf("%d issues", n)
	}
}

// TestEveryIssueSaysWhatWouldBeRight holds the form of the messages.
func TestEveryIssueSaysWhatWouldBeRight(t *testing.T) {
	empty := &checklist.Definition{Languages: []checklist.Lang{"de"},
		Changes: &checklist.Changes{Questions: []checklist.Mapping{{}}},
		Sections: []checklist.Section{{Questions: []checklist.Question{{Knockout: &checklist.Knockout{},
			When: &checklist.Condition{}}}}}}
	issues := validate.Validate(empty)
	if len(issues) < 15 {
		t.Errorf("only %d issues", len(issues))
	}
	for _, i := range issues {
		if !strings.Contains(i.Message, ": ") && !strings.Contains(i.Message, ", ") || i.Severity == "" ||
			i.Path == "" {
			t.Errorf("%+v", i)
		}
	}
}

func TestVersionCompare(t *testing.T) {
	ordered := []checklist.Version{"", "1.0", "x", "0.0.1", "0.9.0", "0.10.0", "1.0.0", "1.0.10", "2.0.0", "10.0.0"}
	for i, v := range ordered {
		for j, w := range ordered {
			want := min(max(i-j, -1), 1)
			if got := v.Compare(w); got != want {
				t.Errorf("%q.Compare(%q) = %d, want %d", v, w, got, want)
			}
		}
	}
	for v, want := range map[checklist.Version]bool{"1.0.0": true, "01.0.0": false, "1.0": false, "1.0.0-rc1": false,
		"1.0.0\n": false, "1234567.0.0": false} {
		if v.Valid() != want {
			t.Errorf("%q.Valid() = %v", v, !want)
		}
	}
}
