package validate_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/checklist/checklisttest"
	"ortsspiegel/pkg/checklist/validate"
)

// TestValidateChanges breaks one thing in what a version says about the one before: c is a
// choice of nein and ja, m ticks x, n is a number in steps of 5, t is a text.
func TestValidateChanges(t *testing.T) {
	question := func(d *checklist.Definition, i int) *checklist.Question { return &d.Sections[0].Questions[i] }
	say := func(d *checklist.Definition, lines ...checklist.Mapping) { d.Changes.Questions = lines }
	rename := func(d *checklist.Definition, i int, id checklist.QuestionID) {
		question(d, i).ID = id
		for j := range d.Sections[0].Questions {
			if w := question(d, j).When; w != nil && w.Question == checklisttest.Sound().Sections[0].Questions[i].ID {
				w.Question = id
			}
		}
	}
	another := func(d *checklist.Definition, i int, id checklist.QuestionID) {
		q := *question(d, i)
		q.ID = id
		d.Sections[0].Questions = append(d.Sections[0].Questions, q)
	}
	with := func(m checklist.Mapping, merge string,
		options map[checklist.OptionID]checklist.OptionID) checklist.Mapping {
		m.Merge, m.Options = merge, options
		return m
	}
	meaning := func(m checklist.Mapping) checklist.Mapping { m.Changed = true; return m }
	why := func(m checklist.Mapping) checklist.Mapping { m.Why = checklisttest.German("weg"); return m }
	for _, tt := range []struct {
		name   string
		change func(d *checklist.Definition)
		want   []string
	}{
		{"nothing", func(*checklist.Definition) {}, nil},
		{"no changes", func(d *checklist.Definition) { d.Changes = nil }, []string{"changes_missing changes"}},
		{"another version before", func(d *checklist.Definition) {
			d.Changes.From = "1.0.0"
			rename(d, 3, "z")
		}, []string{"changes_before changes.from"}},
		{"renamed", func(d *checklist.Definition) { rename(d, 0, "a"); say(d, checklisttest.Line("c", "a")) }, nil},
		{"split", func(d *checklist.Definition) { another(d, 0, "d"); say(d, checklisttest.Line("c", "cd")) }, nil},
		{"split to a text", func(d *checklist.Definition) {
			another(d, 3, "d")
			say(d, checklisttest.Line("c", "cd"))
		}, nil},
		{"merged", func(d *checklist.Definition) {
			d.Sections[0].Questions = d.Sections[0].Questions[:3]
			say(d, with(checklisttest.Line("nt", "n"), checklist.MergeAsk, nil))
		}, nil},
		{"retired", func(d *checklist.Definition) {
			d.Sections[0].Questions = d.Sections[0].Questions[:3]
			say(d, why(checklisttest.Line("t", "")))
		}, nil},
		{"an unknown old question", func(d *checklist.Definition) {
			another(d, 0, "d")
			say(d, checklisttest.Line("x", "d"))
		}, []string{"mapping_source changes.questions[0].old"}},
		{"a question without a place", func(d *checklist.Definition) {
			rename(d, 3, "z")
		}, []string{"mapping_lost changes.questions"}},
		{"another type", func(d *checklist.Definition) {
			question(d, 3).Type = checklist.TypeDate
		}, []string{"mapping_fit sections[0].questions[3].type"}},
		{"another type, said", func(d *checklist.Definition) {
			question(d, 3).Type = checklist.TypeDate
			say(d, meaning(checklisttest.Line("t", "t")))
		}, nil},
		{"another type, a line that does not help", func(d *checklist.Definition) {
			question(d, 3).Type = checklist.TypeDate
			say(d, checklisttest.Line("t", "t"))
		}, []string{"mapping_fit changes.questions[0]"}},
		{"renamed to another type", func(d *checklist.Definition) {
			rename(d, 3, "z")
			question(d, 3).Type = checklist.TypeDate
			say(d, checklisttest.Line("t", "z"))
		}, []string{"mapping_fit changes.questions[0]"}},
		{"many options become one", func(d *checklist.Definition) {
			question(d, 1).Type = checklist.TypeChoice
			question(d, 1).Options = question(d, 0).Options
			question(d, 2).When = nil
		}, []string{"mapping_fit sections[0].questions[1].type"}},
		{"one option becomes many", func(d *checklist.Definition) { question(d, 0).Type = checklist.TypeMulti }, nil},
		{"another unit", func(d *checklist.Definition) {
			question(d, 2).Unit = checklisttest.German("Tage")
		}, []string{"mapping_fit sections[0].questions[2].unit"}},
		{"another word for the unit", func(d *checklist.Definition) {
			question(d, 2).Unit = checklisttest.German("Tage")
			say(d, checklisttest.Line("n", "n"))
		}, nil},
		{"renamed with another unit", func(d *checklist.Definition) {
			rename(d, 2, "z")
			question(d, 2).Unit = checklisttest.German("Tage")
			say(d, checklisttest.Line("n", "z"))
		}, []string{"mapping_unit changes.questions[0]"}},
		{"an option gone", func(d *checklist.Definition) {
			question(d, 0).Options[0].ID = "kaum"
		}, []string{"mapping_fit sections[0].questions[0].options"}},
		{"an option of a scale gone", func(d *checklist.Definition) {
			question(d, 0).Options[0].ID = "kaum"
			question(d, 0).Scale = "s"
			d.Scales = []checklist.Scale{{ID: "s", Options: question(d, 0).Options}}
		}, []string{"mapping_fit sections[0].questions[0].scale"}},
		{"an option gone, a line that does not help", func(d *checklist.Definition) {
			question(d, 0).Options[0].ID = "kaum"
			say(d, checklisttest.Line("c", "c"))
		}, []string{"option_lost changes.questions[0]"}},
		{"an option gone in a split", func(d *checklist.Definition) {
			another(d, 1, "d")
			say(d, checklisttest.Line("c", "cd"))
		}, []string{"option_lost changes.questions[0]"}},
		{"options mapped", func(d *checklist.Definition) {
			question(d, 0).Options[0].ID = "kaum"
			say(d, with(checklisttest.Line("c", "c"), "", map[checklist.OptionID]checklist.OptionID{"nein": "kaum",
				"ja": "ja"}))
		}, nil},
		{"an option forgotten", func(d *checklist.Definition) {
			question(d, 0).Options[0].ID = "kaum"
			say(d, with(checklisttest.Line("c", "c"), "", map[checklist.OptionID]checklist.OptionID{"nein": "kaum"}))
		}, []string{"option_forgotten changes.questions[0].options"}},
		{"options nobody had", func(d *checklist.Definition) {
			say(d, with(checklisttest.Line("c", "c"), "", map[checklist.OptionID]checklist.OptionID{"nein": "nein",
				"ja": "ja", "y": "ja", "b": "ja"}))
		}, []string{"option_foreign changes.questions[0].options.b", "option_foreign changes.questions[0].options.y"}},
		{"options of a number", func(d *checklist.Definition) {
			say(d, with(checklisttest.Line("n", "n"), "", map[checklist.OptionID]checklist.OptionID{"ja": "ja"}))
		},
			[]string{"mapping_option changes.questions[0].options.ja",
				"option_foreign changes.questions[0].options.ja"}},
		{"an option of a merged question forgotten", func(d *checklist.Definition) {
			d.Sections[0].Questions = slices.Delete(d.Sections[0].Questions, 1, 2)
			question(d, 1).When = nil
			say(d, with(checklisttest.Line("cm", "c"), checklist.MergeHighest,
				map[checklist.OptionID]checklist.OptionID{"nein": "nein", "ja": "ja"}))
		}, []string{"option_forgotten changes.questions[0].options"}},
		{"an option of a merged question not offered", func(d *checklist.Definition) {
			d.Sections[0].Questions = slices.Delete(d.Sections[0].Questions, 1, 2)
			question(d, 1).When = nil
			say(d, with(checklisttest.Line("cm", "c"), checklist.MergeHighest, nil))
		}, []string{"option_lost changes.questions[0]"}},
		{"the lowest of texts", func(d *checklist.Definition) {
			d.Sections[0].Questions = slices.Delete(d.Sections[0].Questions, 2, 3)
			question(d, 2).When = nil
			say(d, with(checklisttest.Line("nt", "t"), checklist.MergeLowest, nil))
		}, []string{"mapping_order changes.questions[0].merge"}},
		{"the lowest of a scale listed from the best to the worst", func(d *checklist.Definition) {
			another(d, 0, "d")
			slices.Reverse(question(d, 4).Options)
			d.Sections[0].Questions = slices.Delete(d.Sections[0].Questions, 0, 2)
			question(d, 0).When = nil
			say(d, with(checklisttest.Line("cm", "d"), checklist.MergeLowest,
				map[checklist.OptionID]checklist.OptionID{"nein": "nein", "ja": "ja", "x": "ja"}))
		}, []string{"mapping_order changes.questions[0].merge"}},
		{"whether to ask about such a scale", func(d *checklist.Definition) {
			slices.Reverse(question(d, 0).Options)
			d.Sections[0].Questions = slices.Delete(d.Sections[0].Questions, 1, 2)
			question(d, 1).When = nil
			say(d, with(checklisttest.Line("cm", "c"), checklist.MergeAsk, nil))
		}, nil},
		{"the highest of ticked options, whose order does not matter", func(d *checklist.Definition) {
			question(d, 1).Options = append(slices.Clone(question(d, 0).Options), question(d, 1).Options...)
			slices.Reverse(question(d, 1).Options)
			question(d, 1).When = nil
			d.Sections[0].Questions = d.Sections[0].Questions[1:]
			say(d, with(checklisttest.Line("cm", "m"), checklist.MergeHighest, nil))
		}, nil},
		{"the lowest of a number and a text", func(d *checklist.Definition) {
			d.Sections[0].Questions = d.Sections[0].Questions[:3]
			say(d, with(checklisttest.Line("nt", "n"), checklist.MergeLowest, nil))
		}, []string{"mapping_fit changes.questions[0].merge"}},
		{"claimed by itself and by a line", func(d *checklist.Definition) {
			another(d, 0, "d")
			say(d, checklisttest.Line("c", "d"))
		}, []string{"mapping_claimed changes.questions[0].new"}},
		{"taken by another", func(d *checklist.Definition) {
			d.Sections[0].Questions = d.Sections[0].Questions[:3]
			say(d, checklisttest.Line("t", "n"))
		}, []string{"mapping_fit changes.questions[0]", "mapping_claimed changes.questions[0].new"}},
		{"two lines claim one", func(d *checklist.Definition) {
			another(d, 0, "d")
			another(d, 0, "e")
			d.Sections[0].Questions = d.Sections[0].Questions[1:]
			for i := range d.Sections[0].Questions {
				question(d, i).When = nil
			}
			say(d, checklisttest.Line("c", "d"), checklisttest.Line("c", "e"))
		}, []string{"mapping_duplicate changes.questions[1].old"}},
		{"two lines lead to one", func(d *checklist.Definition) {
			another(d, 0, "d")
			d.Sections[0].Questions = slices.Delete(d.Sections[0].Questions, 0, 2)
			question(d, 0).When = nil
			say(d, checklisttest.Line("c", "d"), checklisttest.Line("m", "d"))
		}, []string{"mapping_duplicate changes.questions[1].new", "option_lost changes.questions[1]"}},
		{"an unknown new question beside the old one", func(d *checklist.Definition) {
			say(d, checklisttest.Line("t", "y"))
		}, []string{"mapping_question changes.questions[0].new"}},
		{"split into an unknown question", func(d *checklist.Definition) {
			another(d, 3, "u")
			say(d, checklisttest.Line("t", "uy"))
		}, []string{"mapping_question changes.questions[0].new"}},
		{"options of another meaning", func(d *checklist.Definition) {
			say(d, meaning(with(checklisttest.Line("c", "c"), "",
				map[checklist.OptionID]checklist.OptionID{"nein": "nein", "ja": "ja"})))
		}, []string{"mapping_meaning changes.questions[0].options"}},
		{"retired and there again", func(d *checklist.Definition) {
			say(d, why(checklisttest.Line("t", "")))
		}, []string{"mapping_reused changes.questions[0]"}},
		{"an id for another question", func(d *checklist.Definition) {
			another(d, 0, "d")
			question(d, 0).Options = question(d, 1).Options
			question(d, 0).Type = checklist.TypeMulti
			say(d, checklisttest.Line("c", "d"), checklisttest.Line("m", "c"))
			d.Sections[0].Questions = slices.Delete(d.Sections[0].Questions, 1, 2)
			question(d, 0).Knockout, question(d, 1).When, question(d, 2).When = nil, nil, nil
		}, []string{"mapping_reused changes.questions[1].new"}},
		{"ids exchanged", func(d *checklist.Definition) {
			another(d, 3, "u")
			say(d, checklisttest.Line("c", "c"))
			d.Changes.Questions = []checklist.Mapping{checklisttest.Line("c", "c"), checklisttest.Line("t", "n"),
				checklisttest.Line("n", "t")}
		}, []string{"mapping_cycle changes.questions[1]", "mapping_fit changes.questions[1]",
			"mapping_fit changes.questions[2]"}},
		{"ids in a ring of three", func(d *checklist.Definition) {
			say(d, checklisttest.Line("c", "m"), checklisttest.Line("m", "n"), checklisttest.Line("n", "c"))
		},
			[]string{"mapping_cycle changes.questions[0]", "option_lost changes.questions[0]",
				"mapping_fit changes.questions[1]", "mapping_fit changes.questions[2]"}},
		{"a line that Validate refuses", func(d *checklist.Definition) {
			say(d, checklisttest.Line("", "c"), checklisttest.Line("cm", "nt"), checklisttest.Line("t", "y"))
		},
			[]string{"mapping_shape changes.questions[0].old", "mapping_shape changes.questions[1]",
				"mapping_question changes.questions[2].new"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			before, d := checklisttest.TwoVersions(tt.change)
			said := validate.Validate(d)
			issues := append(said, validate.ValidateChanges(before, d)...)
			got := codesOf(issues)
			if !slices.Equal(got, tt.want) {
				t.Errorf("got %q, want %q\n%v", got, tt.want, issues)
			}
			for i, issue := range issues {
				if slices.Contains(issues[:i], issue) {
					t.Errorf("said twice: %+v", issue)
				}
			}
		})
	}
	if issues := validate.ValidateChanges(nil, checklisttest.Sound()); issues != nil {
		t.Errorf("a first version has issues: %v", issues)
	}
}

// TestChangesMessages holds words that an author acts on.
func TestChangesMessages(t *testing.T) {
	before, d := checklisttest.TwoVersions(func(d *checklist.Definition) {
		d.Sections[0].Questions[0].Options = nil
		for _, id := range []checklist.OptionID{"a", "b"} {
			d.Sections[0].Questions[0].Options = append(d.Sections[0].Questions[0].Options,
				checklist.Option{ID: id, Label: checklisttest.German("x")})
		}
		n := decimal.NewFromInt(1)
		d.Sections[0].Questions[2].Min = &n
		d.Changes.Questions = []checklist.Mapping{checklisttest.Line("n", "t"), checklisttest.Line("t", "n")}
	})
	want := []string{
		`the ids go round, "n" -> "t" -> "n": give the questions of this version ids that the version before did not use`,
		`answers of type number never fit type text: retire the old question and add a new one, or keep the id and say meaning: changed`,
		`answers of type text never fit type number: retire the old question and add a new one, or keep the id and say meaning: changed`,
		`the question no longer offers the options "nein", "ja", so that old answers may not fit: add a line for "c" with options or meaning: changed`,
	}
	var got []string
	for _, i := range validate.ValidateChanges(before, d) {
		got = append(got, i.Message)
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestClaimedTwice says what would be right where two questions claim one, or one claims two.
func TestClaimedTwice(t *testing.T) {
	for _, tt := range []struct {
		lines []checklist.Mapping
		want  string
	}{
		{[]checklist.Mapping{checklisttest.Line("c", "d"), checklisttest.Line("c", "e")},
			`if it was split, write {old: c, new: [d, e]}`},
		{[]checklist.Mapping{checklisttest.Line("c", "de"), checklisttest.Line("c", "m")},
			`if it was split, write {old: c, new: [d, e, m]}`},
		{[]checklist.Mapping{checklisttest.Line("c", "d"), checklisttest.Line("m", "d")},
			`if they became one, write {old: [c, m], new: d, merge: ask}, or lowest or highest`},
		{[]checklist.Mapping{checklisttest.Line("c", ""), checklisttest.Line("c", "d")}, `one line says all about it`},
		{[]checklist.Mapping{checklisttest.Line("cc", "d")}, `one line says all about it`},
		{[]checklist.Mapping{checklisttest.Line("m", "d")}, `write {old: m, new: [m, d]} if it was split`},
		{[]checklist.Mapping{checklisttest.Line("m", "c")},
			`write {old: [c, m], new: c} with merge if both became one`},
	} {
		before, d := checklisttest.TwoVersions(func(d *checklist.Definition) { d.Changes.Questions = tt.lines })
		q := d.Sections[0].Questions[0]
		for _, id := range []checklist.QuestionID{"d", "e"} {
			q.ID = id
			d.Sections[0].Questions = append(d.Sections[0].Questions, q)
		}
		found := slices.ContainsFunc(append(validate.Validate(d), validate.ValidateChanges(before, d)...),
			func(i validate.Issue) bool { return strings.Contains(i.Message, tt.want) })
		if !found {
			t.Errorf("%v: nobody says %q", tt.lines, tt.want)
		}
	}
}
