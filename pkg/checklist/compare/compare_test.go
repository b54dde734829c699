package compare_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/checklist/carry"
	"ortsspiegel/pkg/checklist/checklisttest"
	"ortsspiegel/pkg/checklist/compare"
)

func path(t *testing.T, versions ...*checklist.Definition) *carry.Path {
	t.Helper()
	for _, d := range versions {
		d.Index()
	}
	p, err := carry.NewPath(versions...)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestCompare changes one thing between two versions: c is a choice of nein and ja, m ticks x,
// n is a number in steps of 5, t is a text.
func TestCompare(t *testing.T) {
	question := func(d *checklist.Definition, i int) *checklist.Question { return &d.Sections[0].Questions[i] }
	say := func(d *checklist.Definition, lines ...checklist.Mapping) { d.Changes.Questions = lines }
	number := func(s string) *decimal.Decimal { n := decimal.RequireFromString(s); return &n }
	for _, tt := range []struct {
		name   string
		change func(d *checklist.Definition)
		want   string
	}{
		{"nothing", func(*checklist.Definition) {}, "patch: "},
		{"title", func(d *checklist.Definition) { d.Title = checklisttest.German("Neu") }, "patch: title"},
		{"a language", func(d *checklist.Definition) {
			d.Languages = []checklist.Lang{"de", "en"}
		}, "patch: languages"},
		{"kind", func(d *checklist.Definition) { d.Kind = checklist.KindSurvey }, "major: kind"},
		{"text", func(d *checklist.Definition) { question(d, 0).Text = checklisttest.German("Neu") }, "patch: text c"},
		{"space around a text", func(d *checklist.Definition) {
			question(d, 0).Text = checklisttest.German("C\n")
		}, "patch: "},
		{"help", func(d *checklist.Definition) { question(d, 0).Help = checklisttest.German("Neu") }, "patch: help c"},
		{"evidence", func(d *checklist.Definition) {
			question(d, 0).Evidence = checklisttest.German("Neu")
		}, "patch: evidence c"},
		{"label", func(d *checklist.Definition) {
			question(d, 0).Options[0].Label = checklisttest.German("kaum")
		}, "patch: label c"},
		{"section", func(d *checklist.Definition) {
			d.Sections[0].Title = checklisttest.German("Neu")
			d.Sections[0].Weight = 2
		}, "minor: weight a, title a"},
		{"level", func(d *checklist.Definition) {
			d.Levels[1].From = 70
			d.Levels[0].Label = checklisttest.German("Anfang")
		}, "minor: from spitze, label basis"},
		{"levels", func(d *checklist.Definition) { d.Levels[1].ID = "gipfel" }, "minor: new gipfel, retired spitze"},
		{"weight", func(d *checklist.Definition) { question(d, 0).Weight = 2 }, "minor: weight c"},
		{"knockout", func(d *checklist.Definition) { question(d, 0).Knockout = nil }, "minor: knockout c"},
		{"knockout's threshold", func(d *checklist.Definition) {
			question(d, 0).Knockout.Below = 60
		}, "minor: knockout c"},
		{"condition", func(d *checklist.Definition) { question(d, 1).When = nil }, "minor: when m"},
		{"condition's option", func(d *checklist.Definition) {
			question(d, 1).When.AnyOf = []checklist.OptionID{"nein"}
		}, "minor: when m"},
		{"condition's number", func(d *checklist.Definition) {
			question(d, 3).When.AtLeastNumber = number("5.0")
		}, "patch: "},
		{"condition's form", func(d *checklist.Definition) {
			question(d, 1).When = &checklist.Condition{Not: question(d, 1).When}
		}, "minor: when m"},
		{"not applicable", func(d *checklist.Definition) {
			question(d, 0).NotApplicable = true
		}, "minor: not_applicable c"},
		{"points", func(d *checklist.Definition) {
			half := 50.0
			question(d, 0).Options[0].Points = &half
		}, "major: points c"},
		{"no points", func(d *checklist.Definition) { question(d, 0).Options[0].Points = nil }, "major: points c"},
		{"an option more", func(d *checklist.Definition) {
			question(d, 1).Options = append(question(d, 1).Options,
				checklist.Option{ID: "y", Label: checklisttest.German("y"), Points: new(float64)})
		}, "minor: option_added m"},
		{"an option less", func(d *checklist.Definition) {
			question(d, 0).Options = question(d, 0).Options[1:]
		}, "major: option_removed c"},
		{"options turned", func(d *checklist.Definition) {
			slices.Reverse(question(d, 0).Options)
		}, "minor: option_order c"},
		{"an option stands alone", func(d *checklist.Definition) {
			question(d, 1).Options[0].Exclusive = true
		}, "major: exclusive m"},
		{"options mapped", func(d *checklist.Definition) {
			question(d, 0).Options[1].ID = "voll"
			question(d, 1).When.AnyOf = []checklist.OptionID{"voll"}
			say(d, checklist.Mapping{Old: []checklist.QuestionID{"c"}, New: []checklist.QuestionID{"c"},
				Options: map[checklist.OptionID]checklist.OptionID{"nein": "nein", "ja": "voll"}})
		}, "major: option_renamed c"},
		{"targets", func(d *checklist.Definition) { question(d, 2).Targets[1].Points = 90 }, "major: targets n"},
		{"unit", func(d *checklist.Definition) { question(d, 2).Unit = checklisttest.German("Tage") }, "major: unit n"},
		{"step", func(d *checklist.Definition) { question(d, 2).Step = number("1") }, "major: step n"},
		{"limits widened", func(d *checklist.Definition) { question(d, 2).Max = nil }, "minor: limits_widened n"},
		{"limits narrowed", func(d *checklist.Definition) {
			question(d, 2).Max = number("90")
		}, "major: limits_narrowed n"},
		{"limits widened off the step", func(d *checklist.Definition) {
			question(d, 2).Min = number("-3")
		}, "major: limits_narrowed n"},
		{"limits widened on the step", func(d *checklist.Definition) {
			question(d, 2).Min = number("-5.0")
		}, "minor: limits_widened n"},
		{"type", func(d *checklist.Definition) { question(d, 3).Type = checklist.TypeDate }, "major: type t"},
		{"meaning", func(d *checklist.Definition) {
			m := checklisttest.Line("t", "t")
			m.Changed = true
			say(d, m)
		}, "major: meaning t"},
		{"renamed, conditions too", func(d *checklist.Definition) {
			question(d, 0).ID = "k"
			question(d, 1).When.Question = "k"
			say(d, checklisttest.Line("c", "k"))
		}, "minor: renamed k"},
		{"new", func(d *checklist.Definition) {
			d.Sections[0].Questions = slices.Insert(d.Sections[0].Questions, 1,
				checklist.Question{ID: "z", Text: checklisttest.German("Z"), Type: checklist.TypeText})
		}, "minor: new z"},
		{"retired", func(d *checklist.Definition) {
			d.Sections[0].Questions = d.Sections[0].Questions[:3]
			say(d, checklisttest.Line("t", ""))
		}, "minor: retired t"},
		{"split", func(d *checklist.Definition) {
			d.Sections[0].Questions = append(d.Sections[0].Questions,
				checklist.Question{ID: "u", Text: checklisttest.German("U"), Type: checklist.TypeText})
			say(d, checklisttest.Line("t", "tu"))
		}, "major: split t, split u"},
		{"merged", func(d *checklist.Definition) {
			d.Sections[0].Questions = d.Sections[0].Questions[:3]
			m := checklisttest.Line("nt", "n")
			m.Merge = checklist.MergeAsk
			say(d, m)
		}, "major: merged n"},
		{"order", func(d *checklist.Definition) {
			q := d.Sections[0].Questions
			d.Sections[0].Questions = []checklist.Question{q[3], q[0], q[1], q[2]}
		}, "minor: order t"},
		{"moved", func(d *checklist.Definition) {
			q := d.Sections[0].Questions
			d.Sections = append(d.Sections, checklist.Section{ID: "b", Title: checklisttest.German("B"), Weight: 1,
				Questions: []checklist.Question{q[3]}})
			d.Sections[0].Questions = q[:3]
		}, "minor: new b, moved t"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			before, d := checklisttest.TwoVersions(tt.change)
			got := compare.Compare(path(t, before, d))
			if s := checklisttest.Compared(got); s != tt.want {
				t.Errorf("got %q, want %q", s, tt.want)
			}
			n := 0
			for _, topic := range compare.Topics() {
				n += got.Count(topic)
			}
			if changed := len(got.Questions) - got.Unchanged(); n < changed || changed == 0 && n > 0 {
				t.Errorf("%d questions changed, %d are counted", changed, n)
			}
		})
	}
}

func text(de, en string) checklist.Text {
	return checklist.NewText("de", map[checklist.Lang]string{"de": de, "en": en})
}

// TestCompareTexts holds which texts are compared, in which languages.
func TestCompareTexts(t *testing.T) {
	before, d := checklisttest.TwoVersions(func(d *checklist.Definition) {
		d.Languages = []checklist.Lang{"de", "en", "fr"}
		q := &d.Sections[0].Questions[2]
		q.Text = text("N neu", "")
		q.Unit = text("Tage", "days")
		d.Sections[0].Questions[0].Options[0].Label = text("nein", "no")
	})
	before.Languages = []checklist.Lang{"de", "en"}
	before.Sections[0].Questions[2].Unit = text("Tage", "workdays")
	before.Sections[0].Questions[2].Text = text("N", "n")
	diff := compare.Compare(path(t, before, d))
	if got, want := checklisttest.Compared(diff), "patch: languages, label c, text n, unit_text n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	want := []compare.TextChange{{Aspect: compare.AspectText, Option: "", Lang: "de", Old: "N", New: "N neu"},
		{Aspect: compare.AspectText, Option: "", Lang: "en", Old: "n", New: ""},
		{Aspect: compare.AspectUnitText, Option: "", Lang: "en", Old: "workdays", New: "days"}}
	if got := diff.Questions[2].Texts; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if got := diff.Questions[0].Texts; !slices.Equal(got,
		[]compare.TextChange{{Aspect: compare.AspectLabel, Option: "nein", Lang: "en", Old: "", New: "no"}}) {
		t.Errorf("got %v", got)
	}
}

// TestCompareChain compares the ends of a chain: c is renamed, split, one half merged with t,
// the other retired; m's options change twice; z comes and goes.
func TestCompareChain(t *testing.T) {
	one := checklisttest.Sound()
	one.Version = "1.0.0"
	two := checklisttest.Sound()
	two.Version = "1.1.0"
	two.Sections[0].Questions[0].ID = "k"
	two.Sections[0].Questions[1].When.Question = "k"
	two.Sections[0].Questions[1].Options[0].ID = "y"
	two.Sections[0].Questions[2].When.AnyOf = []checklist.OptionID{"y"}
	two.Sections[0].Questions = append(two.Sections[0].Questions,
		checklist.Question{ID: "z", Text: checklisttest.German("Z"), Type: checklist.TypeText})
	two.Changes = &checklist.Changes{From: "1.0.0", Questions: []checklist.Mapping{checklisttest.Line("c", "k"),
		checklisttest.Line("m", "m")}}
	two.Changes.Questions[1].Options = map[checklist.OptionID]checklist.OptionID{"x": "y"}
	three := checklisttest.Sound()
	three.Version = "2.0.0"
	q := three.Sections[0].Questions
	q[0].ID, q[3].ID = "e", "w"
	q[1].When, q[1].Options[0].ID = nil, "w"
	q[2].When.AnyOf = []checklist.OptionID{"w"}
	q[2].Weight = 3
	f := q[0]
	f.ID = "f"
	three.Sections[0].Questions = append(q, f)
	three.Changes = &checklist.Changes{From: "1.1.0", Questions: []checklist.Mapping{checklisttest.Line("k", "ef"),
		checklisttest.Line("t", "w"), checklisttest.Line("m", "m"), checklisttest.Line("z", "")}}
	three.Changes.Questions[2].Options = map[checklist.OptionID]checklist.OptionID{"y": "w"}
	three.Changes.Questions[0].Why = checklisttest.German("getrennt")
	four := checklisttest.Sound()
	four.Version = "3.0.0"
	q = four.Sections[0].Questions
	q[1].When, q[1].Options[0].ID = nil, "w"
	q[2].When.AnyOf = []checklist.OptionID{"w"}
	q[2].Weight = 3
	four.Sections[0].Questions = q[1:]
	q[3].ID = "w"
	four.Changes = &checklist.Changes{From: "2.0.0", Questions: []checklist.Mapping{checklisttest.Line("e", ""),
		checklisttest.Line("fw", "w")}}
	four.Changes.Questions[0].Why, four.Changes.Questions[1].Why = checklisttest.German("entfallen"),
		checklisttest.German("zusammen")
	four.Changes.Questions[1].Merge = checklist.MergeAsk

	diff := compare.Compare(path(t, one, two, three, four))
	if got, want := checklisttest.Compared(diff), "major: option_renamed m, merged w, when m, weight n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	last := diff.Questions[2]
	if len(last.Old) != 2 || last.Old[0].ID != "c" || last.Old[1].ID != "t" || last.Merge != checklist.MergeAsk ||
		len(last.Why) != 2 || last.Why[0].In("de") != "getrennt" {
		t.Errorf("%+v", last)
	}
	if p := diff.Questions[0].Options; len(p) != 1 || p[0].Old.ID != "x" || p[0].New.ID != "w" {
		t.Errorf("%+v", p)
	}
	diff = compare.Compare(path(t, three, four))
	if got, want := checklisttest.Compared(diff), "major: merged w, retired e"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if gone := diff.Questions[3]; len(gone.Why) != 1 || gone.Why[0].In("de") != "entfallen" || gone.New != nil {
		t.Errorf("%+v", gone)
	}
	if got, want := checklisttest.Compared(compare.Compare(path(t, four))), "patch: "; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestCompareScales gathers what a shared scale does: c, e and f share it, f has its options
// mapped, and g has the same options in place.
func TestCompareScales(t *testing.T) {
	points := func(p float64) *float64 { return &p }
	version := func(v checklist.Version, half float64) *checklist.Definition {
		d := checklisttest.Sound()
		d.Version = v
		options := []checklist.Option{{ID: "nein", Label: checklisttest.German("nein"), Points: points(0)},
			{ID: "halb", Label: checklisttest.German(fmt.Sprint("halb", half)), Points: &half},
			{ID: "ja", Label: checklisttest.German("ja"), Points: points(100)}}
		d.Scales = []checklist.Scale{{ID: "s", Options: options}}
		for _, id := range []checklist.QuestionID{"c", "e", "f", "g"} {
			q := checklist.Question{ID: id, Text: checklisttest.German("F"), Type: checklist.TypeChoice, Weight: 1,
				Options: options, Scale: "s"}
			if id == "g" {
				q.Scale = ""
			}
			d.Sections[0].Questions = append(d.Sections[0].Questions, q)
		}
		d.Sections[0].Questions = d.Sections[0].Questions[4:]
		return d
	}
	before, d := version("1.0.0", 50), version("2.0.0", 40)
	d.Sections[0].Questions[1].Weight = 2
	m := checklisttest.Line("f", "f")
	m.Options = map[checklist.OptionID]checklist.OptionID{"nein": "nein", "halb": "nein", "ja": "ja"}
	d.Changes = &checklist.Changes{From: "1.0.0", Questions: []checklist.Mapping{m}}
	diff := compare.Compare(path(t, before, d))
	if len(diff.Scales) != 1 {
		t.Fatalf("%+v", diff.Scales)
	}
	s := diff.Scales[0]
	if len(s.Questions) != 2 || s.Questions[1].ID != "e" ||
		!slices.Equal(s.Aspects, []compare.Aspect{compare.AspectLabel, compare.AspectPoints}) || len(s.Options) != 3 ||
		len(s.Texts) != 1 {
		t.Errorf("%+v", s)
	}
	for i, want := range []string{"[]", "[weight]", "[option_renamed points option_added]", "[label points]"} {
		if got := fmt.Sprint(diff.Questions[i].Apart()); got != want {
			t.Errorf("%s: %s, want %s", diff.Questions[i].New.ID, got, want)
		}
	}
}

// TestCompareDetour: the ends are the same, and answers were lost on the way between.
func TestCompareDetour(t *testing.T) {
	narrow, wide := checklisttest.Sound(), checklisttest.Sound()
	narrow.Version, narrow.Changes = "2.0.0", &checklist.Changes{From: "1.2.0"}
	wide.Version, wide.Changes = "3.0.0", &checklist.Changes{From: "2.0.0"}
	narrow.Sections[0].Questions[2].Max = checklisttest.Decimal("90")
	p := path(t, checklisttest.Sound(), narrow, wide)
	if d := compare.Compare(p); d.Class() != compare.ClassMajor || len(d.Reasons()) != 0 {
		t.Error(checklisttest.Compared(d))
	}
	c := p.Carry(map[checklist.QuestionID]checklist.Answer{"n": {Kind: checklist.AnswerNumber,
		Number: *checklisttest.Decimal("95")}})
	if len(c.Proposals) != 1 || c.Proposals[0].Reason != carry.ReasonNumber {
		t.Errorf("%+v", c.Proposals)
	}
}

// TestShares adds up: whatever the weights, the scored questions share the whole.
func TestShares(t *testing.T) {
	before, d := checklisttest.TwoVersions(func(d *checklist.Definition) {
		d.Sections[0].Questions[0].Weight = 3
		extra := checklisttest.Sound().Sections[0]
		extra.ID, extra.Weight = "b", 3
		extra.Questions = extra.Questions[:1]
		extra.Questions[0].ID = "z"
		d.Sections = append(d.Sections, extra)
	})
	diff := compare.Compare(path(t, before, d))
	var got []string
	for _, q := range diff.Questions {
		got = append(got, fmt.Sprintf("%.3f %.3f", q.OldShare, q.NewShare))
	}
	if want := []string{"0.333 0.150", "0.333 0.050", "0.333 0.050", "0.000 0.000", "0.000 0.750"}; !slices.Equal(got,
		want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if s := diff.Sections; s[0].OldShare != 1 || s[0].NewShare != 0.25 || s[1].NewShare != 0.75 {
		t.Errorf("%+v", s)
	}
}

func TestClassSteps(t *testing.T) {
	for _, tt := range []struct {
		class    compare.Class
		from, to checklist.Version
		want     bool
		next     checklist.Version
	}{
		{compare.ClassPatch, "1.2.3", "1.2.4", true, "1.2.4"},
		{compare.ClassPatch, "1.2.3", "1.2.3", false, "1.2.4"},
		{compare.ClassPatch, "1.2.3", "1.2.2", false, "1.2.4"},
		{compare.ClassPatch, "1.2.3", "9.0.0", true, "1.2.4"},
		{compare.ClassMinor, "1.2.3", "1.2.4", false, "1.3.0"},
		{compare.ClassMinor, "1.2.3", "1.3.0", true, "1.3.0"},
		{compare.ClassMinor, "1.2.3", "2.0.0", true, "1.3.0"},
		{compare.ClassMajor, "1.9.3", "1.10.0", false, "2.0.0"},
		{compare.ClassMajor, "1.9.3", "2.0.0", true, "2.0.0"},
		{compare.ClassMajor, "1.9.3", "10.1.0", true, "2.0.0"},
		{compare.ClassMajor, "1.9.3", "0.9.0", false, "2.0.0"},
		{compare.ClassPatch, "x", "1.0.0", false, "x"},
		{compare.ClassPatch, "1.0.0", "x", false, "1.0.1"},
	} {
		if got := tt.class.Allows(tt.from, tt.to); got != tt.want {
			t.Errorf("%s from %s to %s: %v", tt.class, tt.from, tt.to, got)
		}
		if got := tt.class.Next(tt.from); got != tt.next {
			t.Errorf("%s after %s: %s, want %s", tt.class, tt.from, got, tt.next)
		}
	}
}

func TestWords(t *testing.T) {
	for _, tt := range []struct{ old, new, want string }{
		{"", "", ""},
		{"", "neu", "+neu+"},
		{"alt", "", "-alt-"},
		{"gleich, gleich", "gleich, gleich", "gleich, gleich"},
		{"Gibt es eine Seite?", "Gibt es eine eigene Seite?", "Gibt es eine +eigene +Seite?"},
		{"Seite für Neue", "Seite für alle Neuen", "Seite für -Neue-+alle Neuen+"},
		{"eins zwei drei vier", "eins sechs sieben vier", "eins -zwei drei-+sechs sieben+ vier"},
		{"Steht für das Willkommen Geld bereit?", "Woher kommt das Geld?",
			"-Steht für das Willkommen Geld bereit-+Woher kommt das Geld+?"},
		{"ein a und b hier und dort", "ein c und d hier und dort", "ein -a und b-+c und d+ hier und dort"},
		{"a hier und dort und da b", "c hier und dort und da d", "-a-+c+ hier und dort und da -b-+d+"},
		{"Stadt", "Stadt,", "Stadt+,+"},
		{"Bürgerbüro", "Bürgeramt", "-Bürgerbüro-+Bürgeramt+"},
		{"a\u0308 b", "a\u0308 c", "a\u0308 -b-+c+"},
	} {
		var got strings.Builder
		for _, p := range compare.Words(tt.old, tt.new) {
			mark := map[compare.WordOp]string{compare.WordsRemoved: "-", compare.WordsAdded: "+"}[p.Op]
			got.WriteString(mark + p.Text + mark)
		}
		if got.String() != tt.want {
			t.Errorf("%q -> %q: %q, want %q", tt.old, tt.new, got.String(), tt.want)
		}
	}
}

func FuzzWords(f *testing.F) {
	f.Add("Gibt es eine Seite?", "Gibt es eine eigene Seite, immer?")
	f.Add("\xff a", "a \xff\xff")
	f.Add(strings.Repeat("a b ", 50), strings.Repeat("b a ", 50))
	f.Fuzz(func(t *testing.T, old, new string) {
		var was, is string
		var last compare.WordOp
		for i, p := range compare.Words(old, new) {
			if p.Op != compare.WordsAdded {
				was += p.Text
			}
			if p.Op != compare.WordsRemoved {
				is += p.Text
			}
			if p.Text == "" || i > 0 && p.Op == last {
				t.Errorf("%q %q: piece %d is empty or like the one before", old, new, i)
			}
			last = p.Op
		}
		if was != old || is != new {
			t.Errorf("%q %q became %q %q", old, new, was, is)
		}
	})
}

// TestWordsBeyondCount compares texts with more different words than have numbers.
func TestWordsBeyondCount(t *testing.T) {
	var b strings.Builder
	for i := range compare.MaxWords + 1 {
		fmt.Fprint(&b, i, " ")
	}
	if got := compare.Words(b.String(), "x"); len(got) != 2 || got[1].Text != "x" {
		t.Errorf("%d pieces", len(got))
	}
}
