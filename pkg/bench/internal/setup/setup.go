// Package setup holds what tests of benchmarks begin with: small checklists, their next versions,
// towns that answer at random.
package setup

import (
	"encoding/json"
	"fmt"
	"math/rand"
	"testing"

	"github.com/shopspring/decimal"

	"ortsspiegel/pkg/bench"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/checklist/carry"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/score"
)

// Text returns a German text.
func Text(s string) checklist.Text {
	return checklist.NewText("de", map[checklist.Lang]string{"de": s})
}

// Options returns options with these ids and points; without points they have none.
func Options(ids []string, points ...float64) []checklist.Option {
	out := make([]checklist.Option, len(ids))
	for i := range ids {
		out[i] = checklist.Option{ID: checklist.OptionID(ids[i]), Label: Text(ids[i])}
		if len(points) > 0 {
			out[i].Points = &points[i]
		}
	}
	return out
}

// Number returns a whole number.
func Number(v int64) *decimal.Decimal {
	n := decimal.New(v, 0)
	return &n
}

// Question makes the i-th question of a section, of a type that changes with i.
func Question(section, i int) checklist.Question {
	q := checklist.Question{ID: checklist.QuestionID(fmt.Sprintf("s%d-q%d", section, i)), Text: Text("?"),
		Weight: 1 + float64(i%3), NotApplicable: i%2 == 1}
	switch i {
	case 2:
		q.Type, q.Options = checklist.TypeMulti, Options([]string{"x", "y", "z"}, 40, 40, 40)
	case 3:
		q.Type, q.Unit, q.Min, q.Max = checklist.TypeNumber, Text("Tage"), Number(0), Number(250)
		q.Targets = []checklist.Target{{At: decimal.New(0, 0), Points: 100}, {At: decimal.New(30, 0), Points: 0}}
	case 4:
		if section%2 == 0 {
			q.Type, q.Unit, q.Weight = checklist.TypeNumber, Text("Personen"), 0
		} else {
			q.Type, q.Options = checklist.TypeChoice, Options([]string{"ja", "nein", "offen"})
		}
	case 5:
		q.Type, q.Options = checklist.TypeChoice, Options([]string{"nein", "ja"}, 0, 100)
		q.When = &checklist.Condition{Question: checklist.QuestionID(fmt.Sprintf("s%d-q0", section)),
			AtLeastOption: "geplant"}
	default:
		q.Type, q.Options = checklist.TypeChoice, Options([]string{"keine", "geplant", "teilweise", "weit", "ganz"}, 0,
			25, 50, 75, 100)
	}
	return q
}

// Checklist is a checklist with all types of questions, six in each section.
func Checklist(sections int) *checklist.Definition {
	d := &checklist.Definition{ID: "probe", Version: "1.0.0", Languages: []checklist.Lang{"de"},
		Levels: []checklist.Level{{ID: "einstieg"}, {ID: "basis", From: 40}, {ID: "vorbild", From: 75}}}
	for s := range sections {
		section := checklist.Section{ID: checklist.SectionID(fmt.Sprintf("s%d", s)), Title: Text("Teil"),
			Weight: float64(10 + s)}
		for i := range 6 {
			section.Questions = append(section.Questions, Question(s, i))
		}
		d.Sections = append(d.Sections, section)
	}
	return d.Index()
}

// Answers answers at random. A quality of 1 means the best answers; some are not applicable or
// open.
func Answers(d *checklist.Definition, rnd *rand.Rand, quality float64) score.Answers {
	answers := score.Answers{}
	for _, q := range d.Questions() {
		at := min(max(quality+rnd.NormFloat64()/3, 0), 0.999)
		switch {
		case q.NotApplicable && rnd.Intn(12) == 0:
			answers[q.ID] = checklist.Answer{Kind: checklist.AnswerNotApplicable, Text: "gibt es hier nicht"}
		case rnd.Intn(60) == 0:
		case q.Type == checklist.TypeNumber:
			answers[q.ID] = checklist.Answer{Kind: checklist.AnswerNumber,
				Number: decimal.NewFromFloat(40 * (1 - at)).Round(1)}
		default:
			answers[q.ID] = checklist.Answer{Kind: checklist.AnswerOptions,
				Options: []checklist.OptionID{q.Options[int(at*float64(len(q.Options)))].ID}}
		}
	}
	return answers
}

// Towns returns records of n towns in districts of about the given size.
func Towns(d *checklist.Definition, n, district int, seed int64) []bench.Record {
	rnd := rand.New(rand.NewSource(seed))
	populations := []int{4000, 14_000, 30_000, 80_000}
	out := make([]bench.Record, n)
	for i := range out {
		ags := region.AGS(fmt.Sprintf("%05d%03d", 5000+i/district, i%district))
		out[i] = bench.NewRecord(d, ags, populations[rnd.Intn(4)], Answers(d, rnd, rnd.Float64()))
	}
	return out
}

// Flat is a checklist of one section with one unscored number question: a record's total is set by
// hand.
func Flat() *checklist.Definition {
	d := &checklist.Definition{ID: "flach", Version: "1.0.0", Languages: []checklist.Lang{"de"},
		Levels: []checklist.Level{{ID: "basis"}},
		Sections: []checklist.Section{{ID: "a", Weight: 1, Questions: []checklist.Question{
			{ID: "q", Type: checklist.TypeChoice, Weight: 1, NotApplicable: true,
				Options: Options([]string{"k", "m", "g"}, 0, 50, 100)}}}}}
	return d.Index()
}

// Scored returns a record of the flat checklist with a score in percent and an option.
func Scored(ags string, population int, percent float64, option int16) bench.Record {
	v := percent / 100
	return bench.Record{AGS: region.AGS(ags), Population: population, Values: []float64{v, v, v},
		Chosen: []int16{option}}
}

// OfDistrict returns n records of one district, in one size class, with scores spread from 5 to 95
// %.
func OfDistrict(key string, n int) []bench.Record {
	out := make([]bench.Record, n)
	for i := range out {
		out[i] = Scored(fmt.Sprintf("%s%03d", key, i), 15_000, float64(5+(i*37+len(key))%91), int16(i%3))
	}
	return out
}

// Join puts lists one behind the other.
func Join(lists ...[]bench.Record) (out []bench.Record) {
	for _, l := range lists {
		out = append(out, l...)
	}
	return out
}

// Groups returns the peer groups of all towns.
func Groups(records []bench.Record) []region.Group { return region.Groups(bench.Members(records)) }

// Next is the next version of Checklist. In every section q0 is renamed, q1 weighs more, q2 stays,
// q3 stays, q4 stays, q5 is retired and q6 new. In the first section q1 is also split and in the
// second q0 is merged from q0 and q1; in the third the meaning of q1 changed and q0 lost an option.
func Next(sections int) *checklist.Definition {
	d := Checklist(sections)
	d.Version = "2.0.0"
	d.Changes = &checklist.Changes{From: "1.0.0"}
	for s := range d.Sections {
		list := d.Sections[s].Questions
		old := func(i int) checklist.QuestionID { return Question(s, i).ID }
		renamed := old(0) + "-neu"
		list[0].ID = renamed
		list[1].Weight++
		list[5] = Question(s, 6)
		d.Changes.Questions = append(d.Changes.Questions, checklist.Mapping{Old: []checklist.QuestionID{old(5)}})
		first := checklist.Mapping{Old: []checklist.QuestionID{old(0)}, New: []checklist.QuestionID{renamed}}
		switch s {
		case 0:
			half := list[1]
			half.ID += "-b"
			d.Sections[s].Questions = append(list, half)
			d.Changes.Questions = append(d.Changes.Questions,
				checklist.Mapping{Old: []checklist.QuestionID{old(1)}, New: []checklist.QuestionID{old(1), half.ID}})
		case 1:
			first.Old, first.Merge = append(first.Old, old(1)), checklist.MergeLowest
			list[0].NotApplicable = true
			d.Sections[s].Questions = append(list[:1:1], list[2:]...)
		case 2:
			d.Changes.Questions = append(d.Changes.Questions,
				checklist.Mapping{Old: []checklist.QuestionID{old(1)}, New: []checklist.QuestionID{old(1)},
					Changed: true})
			list[0].Options = list[0].Options[1:]
		}
		d.Changes.Questions = append(d.Changes.Questions, first)
	}
	return d.Index()
}

// Path returns the path along versions, the oldest first.
func Path(t testing.TB, versions ...*checklist.Definition) *carry.Path {
	t.Helper()
	p, err := carry.NewPath(versions...)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// Gauge is a checklist of two sections with two questions each, whose points are the number
// that is answered in percent.
func Gauge() *checklist.Definition {
	d := &checklist.Definition{ID: "pegel", Version: "1.0.0", Languages: []checklist.Lang{"de"},
		Levels: []checklist.Level{{ID: "basis"}}}
	for s := range 2 {
		section := checklist.Section{ID: checklist.SectionID(fmt.Sprintf("s%d", s)), Weight: 1}
		for q := range 2 {
			section.Questions = append(section.Questions,
				checklist.Question{ID: checklist.QuestionID(fmt.Sprintf("s%d-q%d", s, q)),
					Type: checklist.TypeNumber, Weight: 1, NotApplicable: q == 1, Min: Number(0), Max: Number(100),
					Targets: []checklist.Target{{At: decimal.New(0, 0)}, {At: decimal.New(100, 0), Points: 100}}})
		}
		d.Sections = append(d.Sections, section)
	}
	return d.Index()
}

// GaugeNext renames one of the gauge's questions, adds one that is not scored and lets the first
// section weigh more.
func GaugeNext() *checklist.Definition {
	d := Gauge()
	d.Version = "2.0.0"
	d.Sections[0].Weight = 3
	list := d.Sections[0].Questions
	list[0].ID = "neuer-name"
	more := list[1]
	more.ID, more.Weight = "s0-q2", 0
	d.Sections[0].Questions = append(list, more)
	d.Changes = &checklist.Changes{From: "1.0.0", Questions: []checklist.Mapping{{Old: []checklist.QuestionID{"s0-q0"},
		New: []checklist.QuestionID{"neuer-name"}}}}
	return d.Index()
}

// Percent answers a question of the gauge.
func Percent(v float64) checklist.Answer {
	return checklist.Answer{Kind: checklist.AnswerNumber, Number: decimal.NewFromFloat(v).Round(2)}
}

// ThreeOptions returns a choice question with 0, 50 and 100 points.
func ThreeOptions(id checklist.QuestionID, weight float64) checklist.Question {
	return checklist.Question{ID: id, Type: checklist.TypeChoice, Weight: weight, NotApplicable: true,
		Options: Options([]string{"k", "m", "g"}, 0, 50, 100)}
}

// Small is a checklist of two sections: a with q1 and q2, b with q3, all of weight 1.
func Small() *checklist.Definition {
	d := &checklist.Definition{ID: "wandel", Version: "1.0.0", Languages: []checklist.Lang{"de"},
		Levels: []checklist.Level{{ID: "basis"}},
		Sections: []checklist.Section{
			{ID: "a", Weight: 1, Questions: []checklist.Question{ThreeOptions("q1", 1), ThreeOptions("q2", 1)}},
			{ID: "b", Weight: 1, Questions: []checklist.Question{ThreeOptions("q3", 1)}}}}
	return d.Index()
}

// JSON returns how a value is written as JSON, as text and decoded.
func JSON(t testing.TB, v any) (string, map[string]any) {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var out map[string]any
	if err := json.Unmarshal(b, &out); err != nil {
		t.Fatal(err)
	}
	return string(b), out
}

// NodeOf returns a node of a decoded report.
func NodeOf(t testing.TB, report map[string]any, group, node string) map[string]any {
	t.Helper()
	for _, g := range report["groups"].([]any) {
		if g := g.(map[string]any); g["id"] == group {
			for _, n := range g["nodes"].([]any) {
				if n := n.(map[string]any); n["id"] == node {
					return n
				}
			}
		}
	}
	t.Fatalf("no %s in %s", node, group)
	return nil
}
