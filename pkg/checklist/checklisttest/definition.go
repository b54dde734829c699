package checklisttest

import (
	"strings"

	"github.com/shopspring/decimal"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/checklist/compare"
)

func Decimal(s string) *decimal.Decimal { d := decimal.RequireFromString(s); return &d }

// Compared returns the aspects of a difference, as "aspect where", and its class.
func Compared(d *compare.Difference) string {
	var parts []string
	for _, r := range d.Reasons() {
		where := string(r.Question)
		if where == "" {
			where = string(r.Section) + string(r.Level)
		}
		parts = append(parts, strings.TrimSpace(string(r.Code)+" "+where))
	}
	return string(d.Class()) + ": " + strings.Join(parts, ", ")
}

// TwoVersions returns a sound version and a later one, still the same but for what change does to it.
func TwoVersions(change func(d *checklist.Definition)) (before, d *checklist.Definition) {
	before, d = Sound(), Sound()
	before.Version = "1.1.0"
	d.Changes = &checklist.Changes{From: "1.1.0", Note: German("Hinweis")}
	change(d)
	return before.Index(), d
}

func Line(old, new string) checklist.Mapping {
	m := checklist.Mapping{}
	for _, id := range []byte(old) {
		m.Old = append(m.Old, checklist.QuestionID(string(id)))
	}
	for _, id := range []byte(new) {
		m.New = append(m.New, checklist.QuestionID(string(id)))
	}
	return m
}

func German(s string) checklist.Text {
	return checklist.NewText("de", map[checklist.Lang]string{"de": s})
}

// Sound returns a definition without any issue: a choice, a multi and a number question.
func Sound() *checklist.Definition {
	points := func(p float64) *float64 { return &p }
	n := decimal.NewFromInt
	low, high, step := n(0), n(100), n(5)
	return &checklist.Definition{
		ID: "probe", Version: "1.2.0", Kind: checklist.KindAssessment, Languages: []checklist.Lang{"de"},
		Title: German("Probe"),
		Levels: []checklist.Level{{ID: "basis", From: 0, Label: German("Basis")},
			{ID: "spitze", From: 80, Label: German("Spitze")}},
		Sections: []checklist.Section{{ID: "a", Title: German("A"), Weight: 1, Questions: []checklist.Question{
			{ID: "c", Text: German("C"), Type: checklist.TypeChoice, Weight: 1, Options: []checklist.Option{
				{ID: "nein", Label: German("nein"), Points: points(0)},
				{ID: "ja", Label: German("ja"), Points: points(100)},
			}, Knockout: &checklist.Knockout{Below: 50, CapsAt: "basis"}},
			{ID: "m", Text: German("M"), Type: checklist.TypeMulti, Weight: 1,
				Options: []checklist.Option{{ID: "x", Label: German("x"), Points: points(100)}},
				When:    &checklist.Condition{Question: "c", AnyOf: []checklist.OptionID{"ja"}}},
			{ID: "n", Text: German("N"), Type: checklist.TypeNumber, Weight: 1, Min: &low, Max: &high, Step: &step,
				Targets: []checklist.Target{{At: n(0), Points: 0}, {At: n(50), Points: 100}},
				When:    &checklist.Condition{Question: "m", AnyOf: []checklist.OptionID{"x"}}},
			{ID: "t", Text: German("T"), Type: checklist.TypeText, Weight: 1, When: &checklist.Condition{Question: "n",
				AtLeastNumber: &step}},
		}}},
	}
}
