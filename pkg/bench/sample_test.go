package bench

import (
	"fmt"
	"math/rand"

	"github.com/shopspring/decimal"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/score"
)

func text(s string) checklist.Text {
	return checklist.NewText("de", map[checklist.Lang]string{"de": s})
}

func withPoints(ids []string, points ...float64) []checklist.Option {
	out := make([]checklist.Option, len(ids))
	for i := range ids {
		out[i] = checklist.Option{ID: checklist.OptionID(ids[i]), Label: text(ids[i])}
		if len(points) > 0 {
			out[i].Points = &points[i]
		}
	}
	return out
}

func number(v int64) *decimal.Decimal {
	n := decimal.New(v, 0)
	return &n
}

// question makes the i-th question of a section, of a type that changes with i.
func question(section, i int) checklist.Question {
	q := checklist.Question{ID: checklist.QuestionID(fmt.Sprintf("s%d-q%d", section, i)), Text: text("?"), Weight: 1 + float64(i%3), NotApplicable: i%2 == 1}
	switch i {
	case 2:
		q.Type, q.Options = checklist.TypeMulti, withPoints([]string{"x", "y", "z"}, 40, 40, 40)
	case 3:
		q.Type, q.Unit, q.Min, q.Max = checklist.TypeNumber, text("Tage"), number(0), number(250)
		q.Targets = []checklist.Target{{At: decimal.New(0, 0), Points: 100}, {At: decimal.New(30, 0), Points: 0}}
	case 4:
		if section%2 == 0 {
			q.Type, q.Unit, q.Weight = checklist.TypeNumber, text("Personen"), 0
		} else {
			q.Type, q.Options = checklist.TypeChoice, withPoints([]string{"ja", "nein", "offen"})
		}
	case 5:
		q.Type, q.Options = checklist.TypeChoice, withPoints([]string{"nein", "ja"}, 0, 100)
		q.When = &checklist.Condition{Question: checklist.QuestionID(fmt.Sprintf("s%d-q0", section)), AtLeastOption: "geplant"}
	default:
		q.Type, q.Options = checklist.TypeChoice, withPoints([]string{"keine", "geplant", "teilweise", "weit", "ganz"}, 0, 25, 50, 75, 100)
	}
	return q
}

// sample is a checklist with all types of questions, six in each section.
func sample(sections int) *checklist.Definition {
	d := &checklist.Definition{ID: "probe", Version: "1.0.0", Languages: []checklist.Lang{"de"},
		Levels: []checklist.Level{{ID: "einstieg"}, {ID: "basis", From: 40}, {ID: "vorbild", From: 75}}}
	for s := range sections {
		section := checklist.Section{ID: checklist.SectionID(fmt.Sprintf("s%d", s)), Title: text("Teil"), Weight: float64(10 + s)}
		for i := range 6 {
			section.Questions = append(section.Questions, question(s, i))
		}
		d.Sections = append(d.Sections, section)
	}
	return d.Index()
}

// answersOf answers at random. A quality of 1 means the best answers; some are not applicable or open.
func answersOf(d *checklist.Definition, rnd *rand.Rand, quality float64) score.Answers {
	answers := score.Answers{}
	for _, q := range d.Questions() {
		at := min(max(quality+rnd.NormFloat64()/3, 0), 0.999)
		switch {
		case q.NotApplicable && rnd.Intn(12) == 0:
			answers[q.ID] = checklist.Answer{Kind: checklist.AnswerNotApplicable, Text: "gibt es hier nicht"}
		case rnd.Intn(60) == 0:
		case q.Type == checklist.TypeNumber:
			answers[q.ID] = checklist.Answer{Kind: checklist.AnswerNumber, Number: decimal.NewFromFloat(40 * (1 - at)).Round(1)}
		default:
			answers[q.ID] = checklist.Answer{Kind: checklist.AnswerOptions,
				Options: []checklist.OptionID{q.Options[int(at*float64(len(q.Options)))].ID}}
		}
	}
	return answers
}

// towns returns records of n towns in districts of about the given size.
func towns(d *checklist.Definition, n, district int, seed int64) []Record {
	rnd := rand.New(rand.NewSource(seed))
	populations := []int{4000, 14_000, 30_000, 80_000}
	out := make([]Record, n)
	for i := range out {
		ags := region.AGS(fmt.Sprintf("%05d%03d", 5000+i/district, i%district))
		out[i] = NewRecord(d, ags, populations[rnd.Intn(4)], answersOf(d, rnd, rnd.Float64()))
	}
	return out
}

// flat is a checklist of one section with one unscored number question: a record's total is set by hand.
func flat() *checklist.Definition {
	d := &checklist.Definition{ID: "flach", Version: "1.0.0", Languages: []checklist.Lang{"de"}, Levels: []checklist.Level{{ID: "basis"}},
		Sections: []checklist.Section{{ID: "a", Weight: 1, Questions: []checklist.Question{
			{ID: "q", Type: checklist.TypeChoice, Weight: 1, NotApplicable: true, Options: withPoints([]string{"k", "m", "g"}, 0, 50, 100)}}}}}
	return d.Index()
}

// scored returns a record of the flat checklist with a score in percent and an option.
func scored(ags string, population int, percent float64, option int16) Record {
	v := percent / 100
	return Record{AGS: region.AGS(ags), Population: population, Values: []float64{v, v, v}, Chosen: []int16{option}}
}

// ofDistrict returns n records of one district, in one size class, with scores spread from 5 to 95 %.
func ofDistrict(key string, n int) []Record {
	out := make([]Record, n)
	for i := range out {
		out[i] = scored(fmt.Sprintf("%s%03d", key, i), 15_000, float64(5+(i*37+len(key))%91), int16(i%3))
	}
	return out
}

func groupsOf(records []Record) []region.Group { return region.Groups(Members(records)) }
