package checklist

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
)

func german(s string) Text { return NewText("de", map[Lang]string{"de": s}) }

// sound returns a definition without any issue: a choice, a multi and a number question.
func sound() *Definition {
	points := func(p float64) *float64 { return &p }
	n := decimal.NewFromInt
	low, high, step := n(0), n(100), n(5)
	return &Definition{
		ID: "probe", Version: "1.2.0", Kind: KindAssessment, Languages: []Lang{"de"}, Title: german("Probe"),
		Levels: []Level{{ID: "basis", From: 0, Label: german("Basis")}, {ID: "spitze", From: 80, Label: german("Spitze")}},
		Sections: []Section{{ID: "a", Title: german("A"), Weight: 1, Questions: []Question{
			{ID: "c", Text: german("C"), Type: TypeChoice, Weight: 1, Options: []Option{
				{ID: "nein", Label: german("nein"), Points: points(0)}, {ID: "ja", Label: german("ja"), Points: points(100)},
			}, Knockout: &Knockout{Below: 50, CapsAt: "basis"}},
			{ID: "m", Text: german("M"), Type: TypeMulti, Weight: 1, Options: []Option{{ID: "x", Label: german("x"), Points: points(100)}},
				When: &Condition{Question: "c", AnyOf: []OptionID{"ja"}}},
			{ID: "n", Text: german("N"), Type: TypeNumber, Weight: 1, Min: &low, Max: &high, Step: &step,
				Targets: []Target{{At: n(0), Points: 0}, {At: n(50), Points: 100}},
				When:    &Condition{Question: "m", AnyOf: []OptionID{"x"}}},
			{ID: "t", Text: german("T"), Type: TypeText, Weight: 1, When: &Condition{Question: "n", AtLeastNumber: &step}},
		}}},
	}
}

func codesOf(issues []Issue) []string {
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
	question := func(d *Definition, i int) *Question { return &d.Sections[0].Questions[i] }
	for _, tt := range []struct {
		name   string
		change func(d *Definition)
		want   []string
	}{
		{"nothing", func(*Definition) {}, nil},
		{"no languages", func(d *Definition) { d.Languages = nil }, []string{"languages_empty languages"}},
		{"a level twice", func(d *Definition) { d.Levels[1].ID = "basis"; question(d, 0).Knockout = nil }, []string{"level_duplicate levels[1].id"}},
		{"points are no number", func(d *Definition) { nan := nan(); question(d, 1).Options[0].Points = &nan }, []string{"points_range sections[0].questions[1].options[0].points"}},
		{"a knockout at no number", func(d *Definition) { question(d, 0).Knockout.Below = nan() }, []string{"knockout_below sections[0].questions[0].knockout.below"}},
		{"a knockout of a number that never falls low", func(d *Definition) {
			question(d, 2).Min = number("40")
			question(d, 2).Targets = []Target{
				{At: decimal.Zero, Points: 0}, {At: decimal.NewFromInt(40), Points: 60}, {At: decimal.NewFromInt(50), Points: 100},
			}
			question(d, 2).Knockout = &Knockout{Below: 60, CapsAt: "basis"}
			question(d, 3).When = nil
		}, []string{"knockout_idle sections[0].questions[2].knockout.below"}},
		{"a number no step reaches", func(d *Definition) { question(d, 3).When.AtLeastNumber = number("95.5") }, nil},
		{"a number beyond the last step", func(d *Definition) {
			question(d, 2).Max = number("97")
			question(d, 3).When.AtLeastNumber = number("95.5")
		}, []string{"when_unreachable sections[0].questions[3].when"}},
		{"a contradiction through a chain", func(d *Definition) {
			question(d, 3).When = &Condition{All: []Condition{{Question: "n", AtLeastNumber: number("5")}, {Question: "c", AnyOf: []OptionID{"nein"}}}}
		}, []string{"when_unreachable sections[0].questions[3].when"}},
		{"an option ruled out through a chain", func(d *Definition) {
			question(d, 3).When = &Condition{All: []Condition{{Question: "n", AtLeastNumber: number("5")}, {Question: "c", AnyOf: []OptionID{"nein", "ja"}}}}
		}, []string{"option_unreachable sections[0].questions[3].when.all[1].any_of[0]"}},
		{"not of a contradiction", func(d *Definition) {
			question(d, 3).When = &Condition{Not: &Condition{All: []Condition{{Question: "c", AnyOf: []OptionID{"nein"}}, {Question: "c", AnyOf: []OptionID{"ja"}}}}}
		}, []string{"when_unreachable sections[0].questions[3].when.not"}},
		{"a condition on nothing known of a type nobody knows", func(d *Definition) { question(d, 0).Type = "slider"; question(d, 1).When.AnyOf = []OptionID{"ja"} }, []string{"type_unknown sections[0].questions[0].type"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := sound()
			tt.change(d)
			if got := codesOf(Validate(d)); !slices.Equal(got, tt.want) {
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
	d := sound()
	for i := range 3 * MaxIssues {
		d.Sections[0].Questions = append(d.Sections[0].Questions, Question{ID: QuestionID(fmt.Sprint("Q", i)), Type: TypeText})
	}
	if n := len(Validate(d)); n != MaxIssues {
		t.Errorf("%d issues", n)
	}
}

// TestEveryIssueSaysWhatWouldBeRight holds the form of the messages.
func TestEveryIssueSaysWhatWouldBeRight(t *testing.T) {
	empty := &Definition{Languages: []Lang{"de"}, Changes: &Changes{Questions: []Mapping{{}}}, Sections: []Section{{Questions: []Question{{Knockout: &Knockout{}, When: &Condition{}}}}}}
	issues := Validate(empty)
	if len(issues) < 15 {
		t.Errorf("only %d issues", len(issues))
	}
	for _, i := range issues {
		if !strings.Contains(i.Message, ": ") && !strings.Contains(i.Message, ", ") || i.Severity == "" || i.Path == "" {
			t.Errorf("%+v", i)
		}
	}
}

func TestVersionCompare(t *testing.T) {
	ordered := []Version{"", "1.0", "x", "0.0.1", "0.9.0", "0.10.0", "1.0.0", "1.0.10", "2.0.0", "10.0.0"}
	for i, v := range ordered {
		for j, w := range ordered {
			want := min(max(i-j, -1), 1)
			if got := v.Compare(w); got != want {
				t.Errorf("%q.Compare(%q) = %d, want %d", v, w, got, want)
			}
		}
	}
	for v, want := range map[Version]bool{"1.0.0": true, "01.0.0": false, "1.0": false, "1.0.0-rc1": false, "1.0.0\n": false, "1234567.0.0": false} {
		if v.Valid() != want {
			t.Errorf("%q.Valid() = %v", v, !want)
		}
	}
}
