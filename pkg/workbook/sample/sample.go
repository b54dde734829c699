package sample

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/catalog"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/report"
	"ortsspiegel/pkg/score"
)

var AsOf = time.Date(2026, 11, 20, 13, 3, 0, 0, time.UTC)

func Load(t testing.TB, file string) *checklist.Definition {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	d, problems := catalog.ParseStored(file, data)
	if d == nil {
		t.Fatalf("%s: %v", file, problems)
	}
	return d
}

func Willkommen(t testing.TB) *checklist.Definition {
	return Load(t, "../../../checklists/willkommen/1.0.0.yaml")
}

// RandomAnswers answers a share of the questions; some are not applicable. Questions whose
// condition is false may be answered too: the stored value must not count.
func RandomAnswers(d *checklist.Definition, rnd *rand.Rand, share float64) score.Answers {
	answers := score.Answers{}
	for _, q := range d.Questions() {
		if rnd.Float64() > share {
			continue
		}
		if q.NotApplicable && rnd.IntN(6) == 0 {
			answers[q.ID] = checklist.Answer{Kind: checklist.AnswerNotApplicable,
				Text: "Gibt es bei uns nicht, weil der Kreis zuständig ist."}
			continue
		}
		answers[q.ID] = randomAnswer(q, rnd)
	}
	return answers
}

func randomAnswer(q *checklist.Question, rnd *rand.Rand) checklist.Answer {
	switch q.Type {
	case checklist.TypeChoice:
		return checklist.Answer{Kind: checklist.AnswerOptions,
			Options: []checklist.OptionID{q.Options[rnd.IntN(len(q.Options))].ID}}
	case checklist.TypeMulti:
		a := checklist.Answer{Kind: checklist.AnswerOptions}
		sole := rnd.IntN(8) == 0
		for _, o := range q.Options {
			if o.Exclusive == sole && (sole || rnd.IntN(2) == 0) {
				a.Options = append(a.Options, o.ID)
			}
		}
		if len(a.Options) == 0 {
			a.Options = []checklist.OptionID{q.Options[0].ID}
		}
		return a
	case checklist.TypeNumber:
		low, high, step := decimal.Zero, decimal.NewFromInt(50), decimal.NewFromInt(1)
		if q.Min != nil {
			low = *q.Min
		}
		if q.Max != nil {
			high = *q.Max
		}
		if q.Step != nil {
			step = *q.Step
		}
		steps := high.Sub(low).Div(step).IntPart()
		return checklist.Answer{Kind: checklist.AnswerNumber,
			Number: low.Add(step.Mul(decimal.NewFromInt(rnd.Int64N(steps + 1))))}
	case checklist.TypeDate:
		return checklist.Answer{Kind: checklist.AnswerDate, Text: fmt.Sprintf("20%02d-%02d-%02d", 10+rnd.IntN(16),
			1+rnd.IntN(12), 1+rnd.IntN(28))}
	}
	return checklist.Answer{Kind: checklist.AnswerText, Text: "Ein Text mit Umlauten: äöüß, „Anführung“ & <Zeichen>."}
}

func Seeded(n uint64) *rand.Rand { return rand.New(rand.NewPCG(n, 20261122)) }

// Hostile are texts that must stay texts.
var Hostile = []string{"=1+1", "+49 2931 1234", "-5", "@SUM(A1)", "\t=1", "\r=1",
	`=HYPERLINK("http://example.org";"x")`, `"><script>alert(1)</script>`,
	"{{.}}", "_x0041_ ist kein A", "Emoji 🎉 und\nZeilen\r\nbruch", "Steuer\x00zeichen\x1b[31m",
	strings.Repeat("Lang äöü ", 222), "\xff kaputt"}

func Entries(d *checklist.Definition, answers score.Answers,
	comments []string) map[checklist.QuestionID]assessment.Entry {
	out := map[checklist.QuestionID]assessment.Entry{}
	for i, q := range d.Questions() {
		a, given := answers[q.ID]
		comment := ""
		if i < len(comments) {
			comment = comments[i]
		}
		if given || comment != "" {
			out[q.ID] = assessment.Entry{Question: q.ID, Given: given, Answer: a, Comment: comment, Revision: 1,
				By: "Erika Canary", At: AsOf.Add(-time.Duration(i) * time.Hour)}
		}
	}
	return out
}

var arnsberg = region.Municipality{AGS: "05958004", Name: "Arnsberg", OfficialName: "Arnsberg, Stadt", Kind: "Stadt",
	District:   region.District{Key: "05958", Name: "Hochsauerlandkreis"},
	Population: 74879, PopulationDate: "2024-12-31"}

var Suedwestfalen = region.Region{ID: "suedwestfalen", Name: "Südwestfalen", Agency: "Südwestfalen Agentur GmbH",
	Source: "Quelle: Statistisches Bundesamt (Destatis), Gemeindeverzeichnis, Gebietsstand 30.11.2025, Bevölkerung " +
		"31.12.2024"}

func TownReport(d *checklist.Definition, answers score.Answers, lang checklist.Lang) report.TownReport {
	e := Entries(d, answers, nil)
	return report.TownReport{Lang: lang, Program: "Ortsspiegel 1.0.0", AsOf: AsOf, Region: Suedwestfalen,
		Town: arnsberg,
		View: assessment.View{Definition: d, Entries: e, Result: score.Score(d, assessment.Answers(e)),
			Head: assessment.Head{ID: 7, Town: arnsberg.AGS, TownName: arnsberg.Name, Status: assessment.Submitted,
				RoundTitle: "Willkommens-Check 2026 & Co", Submitted: AsOf.Add(-48 * time.Hour), Hash: d.Hash,
				Checklist: d.Ref()}},
		Districts: map[region.DistrictKey]string{"05958": "Hochsauerlandkreis"}}
}

// FormOf is a form of an assessment with these answers, each of revision 3.
func FormOf(d *checklist.Definition, answers score.Answers) assessment.Form {
	entries := map[checklist.QuestionID]assessment.Entry{}
	for id, a := range answers {
		entries[id] = assessment.Entry{Question: id, Given: true, Answer: a, Revision: 3, By: "Leitung", At: AsOf,
			Comment: "Bemerkung zu " + string(id)}
	}
	head := assessment.Head{ID: 17, Town: "05958004", TownName: "Arnsberg", Status: assessment.Draft,
		RoundTitle: "Willkommen vor Ort 2026", Checklist: d.Ref(), Hash: d.Hash,
		RoundOpen: true, Closes: AsOf.Add(40 * 24 * time.Hour)}
	return assessment.Form{View: assessment.View{Head: head, Definition: d, Entries: entries,
		Result: score.Score(d, answers)}, At: AsOf}
}
