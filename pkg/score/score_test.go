package score_test

import (
	"encoding/json"
	"math"
	"testing"

	"github.com/shopspring/decimal"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/internal/testkit"
	"ortsspiegel/pkg/score"
)

func points(p float64) *float64 { return &p }

func number(s string) decimal.Decimal { return decimal.RequireFromString(s) }

func numberp(s string) *decimal.Decimal { n := number(s); return &n }

func text(s string) checklist.Text {
	return checklist.NewText("de", map[checklist.Lang]string{"de": s})
}

// worked is the example of the method page: two sections, one question not applicable, one open,
// one inactive.
func worked() (*checklist.Definition, score.Answers) {
	steps := []checklist.Option{{ID: "nein", Points: points(0)}, {ID: "teilweise", Points: points(50)},
		{ID: "weit", Points: points(75)}, {ID: "ja", Points: points(100)}}
	choice := func(id checklist.QuestionID, w float64) checklist.Question {
		return checklist.Question{ID: id, Text: text(string(id)), Type: checklist.TypeChoice, Options: steps, Weight: w}
	}
	a3 := choice("a3", 2)
	a3.NotApplicable = true
	a1 := choice("a1", 3)
	a1.Knockout = &checklist.Knockout{Below: 75, CapsAt: "basis"}
	b3 := choice("b3", 1)
	b3.When = &checklist.Condition{Question: "a1", AnyOf: []checklist.OptionID{"ja"}}
	d := &checklist.Definition{ID: "beispiel", Version: "1.0.0", Kind: checklist.KindAssessment,
		Languages: []checklist.Lang{"de"},
		Levels:    []checklist.Level{{ID: "einstieg"}, {ID: "basis", From: 40}, {ID: "gut", From: 60}},
		Sections: []checklist.Section{
			{ID: "a", Weight: 30, Questions: []checklist.Question{a1, choice("a2", 1), a3}},
			{ID: "b", Weight: 70, Questions: []checklist.Question{choice("b1", 2), choice("b2", 1), b3}},
		}}
	return d.Index(), score.Answers{
		"a1": option("teilweise"), "a2": option("ja"),
		"a3": {Kind: checklist.AnswerNotApplicable, Text: "bei uns gibt es das nicht"},
		"b2": option("weit"),
		"b3": option("ja"), // stored, but inactive
	}
}

func option(ids ...checklist.OptionID) checklist.Answer {
	return checklist.Answer{Kind: checklist.AnswerOptions, Options: ids}
}

func near(t *testing.T, what string, got *float64, want float64) {
	t.Helper()
	if got == nil || math.Abs(*got-want) > 1e-9 {
		t.Errorf("%s = %v, want %v", what, deref(got), want)
	}
}

func deref(p *float64) any {
	if p == nil {
		return "undefined"
	}
	return *p
}

func TestWorkedExample(t *testing.T) {
	d, answers := worked()
	r := score.Score(d, answers)
	near(t, "s_A", r.Sections[0].Score, 0.625)
	near(t, "s_B", r.Sections[1].Score, 0.25)
	near(t, "s", r.Score, 0.3625)
	near(t, "low", r.Low, 0.3625)
	near(t, "high", r.High, (30*0.625+70*(2.75/3))/100)
	near(t, "completeness", &r.Completeness, 0.8)
	near(t, "NA share", &r.NotApplicableShare, 0.1)
	for id, want := range map[checklist.QuestionID]float64{"a1": .1125, "a2": 0, "b1": .70 * 2 / 3,
		"b2": .70 / 3 * .25} {
		q, _ := r.Question(id)
		near(t, "gain "+string(id), q.Gain, want)
	}
	for id, want := range map[checklist.QuestionID]score.State{"a3": score.NotApplicable, "b1": score.Open,
		"b3": score.Inactive} {
		if q, _ := r.Question(id); q.State != want {
			t.Errorf("state of %s = %v, want %v", id, q.State, want)
		}
	}
	if got := score.Display(*r.Score, "de") + " " + score.Display(*r.High, "de"); got != "36,2 82,9" {
		t.Errorf("display = %q", got)
	}
	if r.Level != "einstieg" || !r.Provisional || len(r.Caps) != 1 ||
		r.Caps[0] != (score.Cap{Question: "a1", CapsAt: "basis"}) {
		t.Errorf("level %s, provisional %v, caps %v", r.Level, r.Provisional, r.Caps)
	}
	if l := r.Levers(); len(l) != 3 || l[0].Question != "b1" || l[1].Question != "a1" || l[2].Question != "b2" {
		t.Errorf("levers = %v", l)
	}
}

func TestDeriveAddsUp(t *testing.T) {
	d, answers := worked()
	v := score.Score(d, answers).Derive()
	if v.Total != 362 {
		t.Errorf("total = %d tenths, want 362", v.Total)
	}
	if got := []int{v.Sections[0].Part, v.Sections[1].Part}; got[0]+got[1] != 362 || got[0] != 187 {
		t.Errorf("sections = %v", got)
	}
	if v.Sections[0].Share+v.Sections[1].Share != 1000 {
		t.Errorf("shares = %v", v.Sections)
	}
}

func TestDisplayIsCut(t *testing.T) {
	for _, c := range []struct {
		s    float64
		want string
	}{{0, "0,0"}, {1, "100,0"}, {0.99999, "99,9"}, {0.5999999999, "60,0"}, {0.5999, "59,9"}, {2.0 / 3, "66,6"},
		{0.29, "29,0"}, {0.1 + 0.2, "30,0"}} {
		if got := score.Display(c.s, "de"); got != c.want {
			t.Errorf("Display(%v) = %s, want %s", c.s, got, c.want)
		}
	}
	if got := score.Display(0.666, "en"); got != "66.6" {
		t.Errorf("English: %s", got)
	}
}

func TestPoints(t *testing.T) {
	q := &checklist.Question{Type: checklist.TypeNumber, Weight: 1,
		Targets: []checklist.Target{{At: number("0"), Points: 100}, {At: number("10"), Points: 0}}}
	for _, c := range []struct {
		n    string
		want float64
	}{{"-1", 1}, {"0", 1}, {"2.5", .75}, {"10", 0}, {"99", 0}} {
		if p, ok := score.Points(q, checklist.Answer{Kind: checklist.AnswerNumber, Number: number(c.n)}); !ok ||
			math.Abs(p-c.want) > 1e-12 {
			t.Errorf("%s: %v, want %v", c.n, p, c.want)
		}
	}
	m := &checklist.Question{Type: checklist.TypeMulti, Weight: 1,
		Options: []checklist.Option{{ID: "x", Points: points(60)}, {ID: "y", Points: points(70)}}}
	if p, _ := score.Points(m, option("x", "y")); p != 1 {
		t.Errorf("multi is capped at 1, got %v", p)
	}
	m.Weight = 0
	if _, ok := score.Points(m, option("x")); ok {
		t.Error("a question of weight 0 is unscored")
	}
}

func TestConditions(t *testing.T) {
	d := &checklist.Definition{Sections: []checklist.Section{{ID: "s", Weight: 1, Questions: []checklist.Question{
		{ID: "c", Type: checklist.TypeChoice, Weight: 1, NotApplicable: true,
			Options: []checklist.Option{{ID: "a", Points: points(0)}, {ID: "b", Points: points(50)},
				{ID: "z", Points: points(100)}}},
		{ID: "n", Type: checklist.TypeNumber},
		{ID: "m", Type: checklist.TypeMulti, Options: []checklist.Option{{ID: "p"}, {ID: "q"}}},
		{ID: "t", Type: checklist.TypeText},
	}}}}
	d.Index()
	atLeastB := checklist.Condition{Question: "c", AtLeastOption: "b"}
	atLeast5 := checklist.Condition{Question: "n", AtLeastNumber: numberp("5")}
	anyQ := checklist.Condition{Question: "m", AnyOf: []checklist.OptionID{"q"}}
	na := checklist.Answer{Kind: checklist.AnswerNotApplicable, Text: "bei uns nicht"}
	for _, c := range []struct {
		name string
		when checklist.Condition
		in   score.Answers
		want bool
	}{
		{"option at", atLeastB, score.Answers{"c": option("b")}, true},
		{"option after", atLeastB, score.Answers{"c": option("z")}, true},
		{"option before", atLeastB, score.Answers{"c": option("a")}, false},
		{"open", atLeastB, score.Answers{}, false},
		{"not applicable", atLeastB, score.Answers{"c": na}, false},
		{"not of open", checklist.Condition{Not: &atLeastB}, score.Answers{}, true},
		{"number", atLeast5, score.Answers{"n": {Kind: checklist.AnswerNumber, Number: number("5.0")}}, true},
		{"number below", atLeast5, score.Answers{"n": {Kind: checklist.AnswerNumber, Number: number("4.99")}}, false},
		{"multi", anyQ, score.Answers{"m": option("p", "q")}, true},
		{"multi other", anyQ, score.Answers{"m": option("p")}, false},
		{"all", checklist.Condition{All: []checklist.Condition{atLeastB, anyQ}}, score.Answers{"c": option("b")},
			false},
		{"any", checklist.Condition{Any: []checklist.Condition{atLeastB, anyQ}}, score.Answers{"c": option("b")}, true},
	} {
		d.Sections[0].Questions[3].When = &c.when
		if got := score.States(d, c.in)[3] != score.Inactive; got != c.want {
			t.Errorf("%s: active = %v, want %v", c.name, got, c.want)
		}
	}
}

func TestInactiveMakesDependentsFalse(t *testing.T) {
	d, answers := worked()
	q, _, _ := d.Question("b3")
	// b3 is inactive though an answer is stored: nothing may depend on that answer.
	d.Sections[1].Questions = append(d.Sections[1].Questions, checklist.Question{ID: "b4", Type: checklist.TypeText,
		When: &checklist.Condition{Question: q.ID, AnyOf: []checklist.OptionID{"ja"}}})
	d.Index()
	if states := score.States(d, answers); states[6] != score.Inactive {
		t.Errorf("b4 is %v", states[6])
	}
}

func TestLevelThresholds(t *testing.T) {
	d, _ := worked()
	for _, c := range []struct {
		s    float64
		want int
	}{{0, 0}, {0.39999, 0}, {0.4, 1}, {0.4 - 1e-12, 1}, {0.59, 1}, {0.6, 2}, {1, 2}} {
		if got := score.LevelOf(d, c.s); got != c.want {
			t.Errorf("LevelOf(%v) = %d, want %d", c.s, got, c.want)
		}
	}
}

func TestKnockoutCapsLevelNotScore(t *testing.T) {
	d, _ := worked()
	best := score.Answers{"a1": option("teilweise"), "a2": option("ja"), "a3": option("ja"), "b1": option("ja"),
		"b2": option("ja")}
	r := score.Score(d, best)
	if r.Level != "basis" || *r.Score < 0.6 {
		t.Errorf("level %s at %v, want the cap basis above 0.6", r.Level, *r.Score)
	}
	best["a1"] = option("weit") // exactly the threshold passes
	if r := score.Score(d, best); r.Level != "gut" || len(r.Caps) != 0 {
		t.Errorf("level %s, caps %v", r.Level, r.Caps)
	}
}

func TestNothingCounts(t *testing.T) {
	d, _ := worked()
	for i := range d.Sections {
		for j := range d.Sections[i].Questions {
			d.Sections[i].Questions[j].NotApplicable = true
			d.Sections[i].Questions[j].When = nil
			d.Sections[i].Questions[j].Knockout = nil
		}
	}
	na := checklist.Answer{Kind: checklist.AnswerNotApplicable, Text: "bei uns gibt es das nicht"}
	answers := score.Answers{}
	for _, q := range d.Questions() {
		answers[q.ID] = na
	}
	r := score.Score(d, answers)
	if r.Score != nil || r.Level != "" || r.Provisional || r.Completeness != 1 || r.NotApplicableShare != 1 {
		t.Errorf("%+v", r)
	}
	data, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	var back map[string]any
	if err := json.Unmarshal(data, &back); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"score", "low", "high", "display", "level"} {
		if v, ok := back[key]; !ok || v != nil {
			t.Errorf("%s = %v, want null", key, v)
		}
	}
}

func TestResultJSON(t *testing.T) {
	d, answers := worked()
	got, err := json.MarshalIndent(score.Score(d, answers), "", " ")
	if err != nil {
		t.Fatal(err)
	}
	testkit.Golden(t, "testdata/worked.json", append(got, '\n')) // the JSON shape is a promise
}

func TestReadAnswers(t *testing.T) {
	d, _ := worked()
	d.Sections[0].Questions = append(d.Sections[0].Questions,
		checklist.Question{ID: "n", Type: checklist.TypeNumber, Min: numberp("0"), Max: numberp("2000"),
			Step: numberp("0.5")},
		checklist.Question{ID: "m", Type: checklist.TypeMulti, Options: []checklist.Option{{ID: "p"}, {ID: "q"},
			{ID: "nichts", Exclusive: true}}},
		checklist.Question{ID: "t", Type: checklist.TypeText}, checklist.Question{ID: "d", Type: checklist.TypeDate})
	d.Index()
	good := `{"answers":{"a1":{"value":"ja"},"n":{"value":1500.000},"m":{"value":["q","p"]},"t":{"value":"=1+1"},"d":{"value":"2026-02-28"},"a3":{"not_applicable":"gibt es hier nicht"}}}`
	a, err := score.ReadAnswers(d, []byte(good))
	if err != nil {
		t.Fatal(err)
	}
	if !a["n"].Number.Equal(number("1500")) || len(a["m"].Options) != 2 || a["m"].Options[0] != "p" ||
		a["a3"].Kind != checklist.AnswerNotApplicable {
		t.Errorf("%+v", a)
	}
	for name, bad := range map[string]string{
		"unknown outer key":     `{"answers":{},"x":1}`,
		"answers missing":       `{}`,
		"unknown question":      `{"answers":{"zz":{"value":"ja"}}}`,
		"unknown option":        `{"answers":{"a1":{"value":"vielleicht"}}}`,
		"unknown inner key":     `{"answers":{"a1":{"wert":"ja"}}}`,
		"both":                  `{"answers":{"a3":{"value":"ja","not_applicable":"gibt es hier nicht"}}}`,
		"neither":               `{"answers":{"a1":{}}}`,
		"not applicable there":  `{"answers":{"a1":{"not_applicable":"gibt es hier nicht"}}}`,
		"reason short":          `{"answers":{"a3":{"not_applicable":"nein"}}}`,
		"number as text":        `{"answers":{"n":{"value":"7"}}}`,
		"number out of range":   `{"answers":{"n":{"value":2000.5}}}`,
		"number off step":       `{"answers":{"n":{"value":1.25}}}`,
		"number monster":        `{"answers":{"n":{"value":1e999999999}}}`,
		"exclusive with others": `{"answers":{"m":{"value":["p","nichts"]}}}`,
		"option twice":          `{"answers":{"m":{"value":["p","p"]}}}`,
		"empty list":            `{"answers":{"m":{"value":[]}}}`,
		"choice as list":        `{"answers":{"a1":{"value":["ja"]}}}`,
		"date that is none":     `{"answers":{"d":{"value":"2026-02-30"}}}`,
		"question twice":        `{"answers":{"a1":{"value":"ja"},"a1":{"value":"nein"}}}`,
		"null":                  `{"answers":{"a1":{"value":null}}}`,
		"more behind":           `{"answers":{}} {}`,
		"cut off":               `{"answers":{"a1":`,
		"no JSON":               `ja`,
	} {
		if _, err := score.ReadAnswers(d, []byte(bad)); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v, want an Invalid fault", name, err)
		}
	}
}
