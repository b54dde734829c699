package checklist

import (
	"slices"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
)

// twoVersions returns a sound version and a later one, still the same but for what change does to it.
func twoVersions(change func(d *Definition)) (before, d *Definition) {
	before, d = sound(), sound()
	before.Version = "1.1.0"
	d.Changes = &Changes{From: "1.1.0", Note: german("Hinweis")}
	change(d)
	return before.Index(), d
}

func line(old, new string) Mapping {
	m := Mapping{}
	for _, id := range []byte(old) {
		m.Old = append(m.Old, QuestionID(string(id)))
	}
	for _, id := range []byte(new) {
		m.New = append(m.New, QuestionID(string(id)))
	}
	return m
}

// TestValidateChanges breaks one thing in what a version says about the one before: c is a
// choice of nein and ja, m ticks x, n is a number in steps of 5, t is a text.
func TestValidateChanges(t *testing.T) {
	question := func(d *Definition, i int) *Question { return &d.Sections[0].Questions[i] }
	say := func(d *Definition, lines ...Mapping) { d.Changes.Questions = lines }
	rename := func(d *Definition, i int, id QuestionID) {
		question(d, i).ID = id
		for j := range d.Sections[0].Questions {
			if w := question(d, j).When; w != nil && w.Question == sound().Sections[0].Questions[i].ID {
				w.Question = id
			}
		}
	}
	another := func(d *Definition, i int, id QuestionID) {
		q := *question(d, i)
		q.ID = id
		d.Sections[0].Questions = append(d.Sections[0].Questions, q)
	}
	with := func(m Mapping, merge string, options map[OptionID]OptionID) Mapping {
		m.Merge, m.Options = merge, options
		return m
	}
	meaning := func(m Mapping) Mapping { m.Changed = true; return m }
	why := func(m Mapping) Mapping { m.Why = german("weg"); return m }
	for _, tt := range []struct {
		name   string
		change func(d *Definition)
		want   []string
	}{
		{"nothing", func(*Definition) {}, nil},
		{"no changes", func(d *Definition) { d.Changes = nil }, []string{"changes_missing changes"}},
		{"another version before", func(d *Definition) { d.Changes.From = "1.0.0"; rename(d, 3, "z") }, []string{"changes_before changes.from"}},
		{"renamed", func(d *Definition) { rename(d, 0, "a"); say(d, line("c", "a")) }, nil},
		{"split", func(d *Definition) { another(d, 0, "d"); say(d, line("c", "cd")) }, nil},
		{"split to a text", func(d *Definition) { another(d, 3, "d"); say(d, line("c", "cd")) }, nil},
		{"merged", func(d *Definition) {
			d.Sections[0].Questions = d.Sections[0].Questions[:3]
			say(d, with(line("nt", "n"), MergeAsk, nil))
		}, nil},
		{"retired", func(d *Definition) {
			d.Sections[0].Questions = d.Sections[0].Questions[:3]
			say(d, why(line("t", "")))
		}, nil},
		{"an unknown old question", func(d *Definition) { another(d, 0, "d"); say(d, line("x", "d")) }, []string{"mapping_source changes.questions[0].old"}},
		{"a question without a place", func(d *Definition) { rename(d, 3, "z") }, []string{"mapping_lost changes.questions"}},
		{"another type", func(d *Definition) { question(d, 3).Type = TypeDate }, []string{"mapping_fit sections[0].questions[3].type"}},
		{"another type, said", func(d *Definition) { question(d, 3).Type = TypeDate; say(d, meaning(line("t", "t"))) }, nil},
		{"another type, a line that does not help", func(d *Definition) { question(d, 3).Type = TypeDate; say(d, line("t", "t")) }, []string{"mapping_fit changes.questions[0]"}},
		{"renamed to another type", func(d *Definition) {
			rename(d, 3, "z")
			question(d, 3).Type = TypeDate
			say(d, line("t", "z"))
		}, []string{"mapping_fit changes.questions[0]"}},
		{"many options become one", func(d *Definition) {
			question(d, 1).Type = TypeChoice
			question(d, 1).Options = question(d, 0).Options
			question(d, 2).When = nil
		}, []string{"mapping_fit sections[0].questions[1].type"}},
		{"one option becomes many", func(d *Definition) { question(d, 0).Type = TypeMulti }, nil},
		{"another unit", func(d *Definition) { question(d, 2).Unit = german("Tage") }, []string{"mapping_fit sections[0].questions[2].unit"}},
		{"another word for the unit", func(d *Definition) { question(d, 2).Unit = german("Tage"); say(d, line("n", "n")) }, nil},
		{"renamed with another unit", func(d *Definition) {
			rename(d, 2, "z")
			question(d, 2).Unit = german("Tage")
			say(d, line("n", "z"))
		}, []string{"mapping_unit changes.questions[0]"}},
		{"an option gone", func(d *Definition) { question(d, 0).Options[0].ID = "kaum" }, []string{"mapping_fit sections[0].questions[0].options"}},
		{"an option of a scale gone", func(d *Definition) {
			question(d, 0).Options[0].ID = "kaum"
			question(d, 0).Scale = "s"
			d.Scales = []Scale{{ID: "s", Options: question(d, 0).Options}}
		}, []string{"mapping_fit sections[0].questions[0].scale"}},
		{"an option gone, a line that does not help", func(d *Definition) {
			question(d, 0).Options[0].ID = "kaum"
			say(d, line("c", "c"))
		}, []string{"option_lost changes.questions[0]"}},
		{"an option gone in a split", func(d *Definition) {
			another(d, 1, "d")
			say(d, line("c", "cd"))
		}, []string{"option_lost changes.questions[0]"}},
		{"options mapped", func(d *Definition) {
			question(d, 0).Options[0].ID = "kaum"
			say(d, with(line("c", "c"), "", map[OptionID]OptionID{"nein": "kaum", "ja": "ja"}))
		}, nil},
		{"an option forgotten", func(d *Definition) {
			question(d, 0).Options[0].ID = "kaum"
			say(d, with(line("c", "c"), "", map[OptionID]OptionID{"nein": "kaum"}))
		}, []string{"option_forgotten changes.questions[0].options"}},
		{"options nobody had", func(d *Definition) {
			say(d, with(line("c", "c"), "", map[OptionID]OptionID{"nein": "nein", "ja": "ja", "y": "ja", "b": "ja"}))
		}, []string{"option_foreign changes.questions[0].options.b", "option_foreign changes.questions[0].options.y"}},
		{"options of a number", func(d *Definition) { say(d, with(line("n", "n"), "", map[OptionID]OptionID{"ja": "ja"})) },
			[]string{"mapping_option changes.questions[0].options.ja", "option_foreign changes.questions[0].options.ja"}},
		{"an option of a merged question forgotten", func(d *Definition) {
			d.Sections[0].Questions = slices.Delete(d.Sections[0].Questions, 1, 2)
			question(d, 1).When = nil
			say(d, with(line("cm", "c"), MergeHighest, map[OptionID]OptionID{"nein": "nein", "ja": "ja"}))
		}, []string{"option_forgotten changes.questions[0].options"}},
		{"an option of a merged question not offered", func(d *Definition) {
			d.Sections[0].Questions = slices.Delete(d.Sections[0].Questions, 1, 2)
			question(d, 1).When = nil
			say(d, with(line("cm", "c"), MergeHighest, nil))
		}, []string{"option_lost changes.questions[0]"}},
		{"the lowest of texts", func(d *Definition) {
			d.Sections[0].Questions = slices.Delete(d.Sections[0].Questions, 2, 3)
			question(d, 2).When = nil
			say(d, with(line("nt", "t"), MergeLowest, nil))
		}, []string{"mapping_order changes.questions[0].merge"}},
		{"the lowest of a scale listed from the best to the worst", func(d *Definition) {
			another(d, 0, "d")
			slices.Reverse(question(d, 4).Options)
			d.Sections[0].Questions = slices.Delete(d.Sections[0].Questions, 0, 2)
			question(d, 0).When = nil
			say(d, with(line("cm", "d"), MergeLowest, map[OptionID]OptionID{"nein": "nein", "ja": "ja", "x": "ja"}))
		}, []string{"mapping_order changes.questions[0].merge"}},
		{"whether to ask about such a scale", func(d *Definition) {
			slices.Reverse(question(d, 0).Options)
			d.Sections[0].Questions = slices.Delete(d.Sections[0].Questions, 1, 2)
			question(d, 1).When = nil
			say(d, with(line("cm", "c"), MergeAsk, nil))
		}, nil},
		{"the highest of ticked options, whose order does not matter", func(d *Definition) {
			question(d, 1).Options = append(slices.Clone(question(d, 0).Options), question(d, 1).Options...)
			slices.Reverse(question(d, 1).Options)
			question(d, 1).When = nil
			d.Sections[0].Questions = d.Sections[0].Questions[1:]
			say(d, with(line("cm", "m"), MergeHighest, nil))
		}, nil},
		{"the lowest of a number and a text", func(d *Definition) {
			d.Sections[0].Questions = d.Sections[0].Questions[:3]
			say(d, with(line("nt", "n"), MergeLowest, nil))
		}, []string{"mapping_fit changes.questions[0].merge"}},
		{"claimed by itself and by a line", func(d *Definition) { another(d, 0, "d"); say(d, line("c", "d")) }, []string{"mapping_claimed changes.questions[0].new"}},
		{"taken by another", func(d *Definition) {
			d.Sections[0].Questions = d.Sections[0].Questions[:3]
			say(d, line("t", "n"))
		}, []string{"mapping_fit changes.questions[0]", "mapping_claimed changes.questions[0].new"}},
		{"two lines claim one", func(d *Definition) {
			another(d, 0, "d")
			another(d, 0, "e")
			d.Sections[0].Questions = d.Sections[0].Questions[1:]
			for i := range d.Sections[0].Questions {
				question(d, i).When = nil
			}
			say(d, line("c", "d"), line("c", "e"))
		}, []string{"mapping_duplicate changes.questions[1].old"}},
		{"two lines lead to one", func(d *Definition) {
			another(d, 0, "d")
			d.Sections[0].Questions = slices.Delete(d.Sections[0].Questions, 0, 2)
			question(d, 0).When = nil
			say(d, line("c", "d"), line("m", "d"))
		}, []string{"mapping_duplicate changes.questions[1].new", "option_lost changes.questions[1]"}},
		{"an unknown new question beside the old one", func(d *Definition) { say(d, line("t", "y")) }, []string{"mapping_question changes.questions[0].new"}},
		{"split into an unknown question", func(d *Definition) { another(d, 3, "u"); say(d, line("t", "uy")) }, []string{"mapping_question changes.questions[0].new"}},
		{"options of another meaning", func(d *Definition) {
			say(d, meaning(with(line("c", "c"), "", map[OptionID]OptionID{"nein": "nein", "ja": "ja"})))
		}, []string{"mapping_meaning changes.questions[0].options"}},
		{"retired and there again", func(d *Definition) { say(d, why(line("t", ""))) }, []string{"mapping_reused changes.questions[0]"}},
		{"an id for another question", func(d *Definition) {
			another(d, 0, "d")
			question(d, 0).Options = question(d, 1).Options
			question(d, 0).Type = TypeMulti
			say(d, line("c", "d"), line("m", "c"))
			d.Sections[0].Questions = slices.Delete(d.Sections[0].Questions, 1, 2)
			question(d, 0).Knockout, question(d, 1).When, question(d, 2).When = nil, nil, nil
		}, []string{"mapping_reused changes.questions[1].new"}},
		{"ids exchanged", func(d *Definition) {
			another(d, 3, "u")
			say(d, line("c", "c"))
			d.Changes.Questions = []Mapping{line("c", "c"), line("t", "n"), line("n", "t")}
		}, []string{"mapping_cycle changes.questions[1]", "mapping_fit changes.questions[1]", "mapping_fit changes.questions[2]"}},
		{"ids in a ring of three", func(d *Definition) { say(d, line("c", "m"), line("m", "n"), line("n", "c")) },
			[]string{"mapping_cycle changes.questions[0]", "option_lost changes.questions[0]", "mapping_fit changes.questions[1]", "mapping_fit changes.questions[2]"}},
		{"a line that Validate refuses", func(d *Definition) { say(d, line("", "c"), line("cm", "nt"), line("t", "y")) },
			[]string{"mapping_shape changes.questions[0].old", "mapping_shape changes.questions[1]", "mapping_question changes.questions[2].new"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			before, d := twoVersions(tt.change)
			said := Validate(d)
			issues := append(said, ValidateChanges(before, d)...)
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
	if issues := ValidateChanges(nil, sound()); issues != nil {
		t.Errorf("a first version has issues: %v", issues)
	}
}

// TestChangesMessages holds words that an author acts on.
func TestChangesMessages(t *testing.T) {
	before, d := twoVersions(func(d *Definition) {
		d.Sections[0].Questions[0].Options = nil
		for _, id := range []OptionID{"a", "b"} {
			d.Sections[0].Questions[0].Options = append(d.Sections[0].Questions[0].Options, Option{ID: id, Label: german("x")})
		}
		n := decimal.NewFromInt(1)
		d.Sections[0].Questions[2].Min = &n
		d.Changes.Questions = []Mapping{line("n", "t"), line("t", "n")}
	})
	want := []string{
		`the ids go round, "n" -> "t" -> "n": give the questions of this version ids that the version before did not use`,
		`answers of type number never fit type text: retire the old question and add a new one, or keep the id and say meaning: changed`,
		`answers of type text never fit type number: retire the old question and add a new one, or keep the id and say meaning: changed`,
		`the question no longer offers the options "nein", "ja", so that old answers may not fit: add a line for "c" with options or meaning: changed`,
	}
	var got []string
	for _, i := range ValidateChanges(before, d) {
		got = append(got, i.Message)
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestClaimedTwice says what would be right where two questions claim one, or one claims two.
func TestClaimedTwice(t *testing.T) {
	for _, tt := range []struct {
		lines []Mapping
		want  string
	}{
		{[]Mapping{line("c", "d"), line("c", "e")}, `if it was split, write {old: c, new: [d, e]}`},
		{[]Mapping{line("c", "de"), line("c", "m")}, `if it was split, write {old: c, new: [d, e, m]}`},
		{[]Mapping{line("c", "d"), line("m", "d")}, `if they became one, write {old: [c, m], new: d, merge: ask}, or lowest or highest`},
		{[]Mapping{line("c", ""), line("c", "d")}, `one line says all about it`},
		{[]Mapping{line("cc", "d")}, `one line says all about it`},
		{[]Mapping{line("m", "d")}, `write {old: m, new: [m, d]} if it was split`},
		{[]Mapping{line("m", "c")}, `write {old: [c, m], new: c} with merge if both became one`},
	} {
		before, d := twoVersions(func(d *Definition) { d.Changes.Questions = tt.lines })
		q := d.Sections[0].Questions[0]
		for _, id := range []QuestionID{"d", "e"} {
			q.ID = id
			d.Sections[0].Questions = append(d.Sections[0].Questions, q)
		}
		found := slices.ContainsFunc(append(Validate(d), ValidateChanges(before, d)...), func(i Issue) bool { return strings.Contains(i.Message, tt.want) })
		if !found {
			t.Errorf("%v: nobody says %q", tt.lines, tt.want)
		}
	}
}
