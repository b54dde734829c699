package workbook

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
	"ortsspiegel/pkg/score"
)

var asOf = time.Date(2026, 11, 20, 13, 3, 0, 0, time.UTC)

func load(t testing.TB, file string) *checklist.Definition {
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

func willkommen(t testing.TB) *checklist.Definition {
	return load(t, "../../checklists/willkommen/1.0.0.yaml")
}

// randomAnswers answers a share of the questions; some are not applicable. Questions whose
// condition is false may be answered too: the stored value must not count.
func randomAnswers(d *checklist.Definition, rnd *rand.Rand, share float64) score.Answers {
	answers := score.Answers{}
	for _, q := range d.Questions() {
		if rnd.Float64() > share {
			continue
		}
		if q.NotApplicable && rnd.IntN(6) == 0 {
			answers[q.ID] = checklist.Answer{Kind: checklist.AnswerNotApplicable, Text: "Gibt es bei uns nicht, weil der Kreis zuständig ist."}
			continue
		}
		answers[q.ID] = randomAnswer(q, rnd)
	}
	return answers
}

func randomAnswer(q *checklist.Question, rnd *rand.Rand) checklist.Answer {
	switch q.Type {
	case checklist.TypeChoice:
		return checklist.Answer{Kind: checklist.AnswerOptions, Options: []checklist.OptionID{q.Options[rnd.IntN(len(q.Options))].ID}}
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
		return checklist.Answer{Kind: checklist.AnswerNumber, Number: low.Add(step.Mul(decimal.NewFromInt(rnd.Int64N(steps + 1))))}
	case checklist.TypeDate:
		return checklist.Answer{Kind: checklist.AnswerDate, Text: fmt.Sprintf("20%02d-%02d-%02d", 10+rnd.IntN(16), 1+rnd.IntN(12), 1+rnd.IntN(28))}
	}
	return checklist.Answer{Kind: checklist.AnswerText, Text: "Ein Text mit Umlauten: äöüß, „Anführung“ & <Zeichen>."}
}

func seeded(n uint64) *rand.Rand { return rand.New(rand.NewPCG(n, 20261122)) }

// hostile are texts that must stay texts.
var hostile = []string{"=1+1", "+49 2931 1234", "-5", "@SUM(A1)", "\t=1", "\r=1", `=HYPERLINK("http://example.org";"x")`, `"><script>alert(1)</script>`,
	"{{.}}", "_x0041_ ist kein A", "Emoji 🎉 und\nZeilen\r\nbruch", "Steuer\x00zeichen\x1b[31m", strings.Repeat("Lang äöü ", 222), "\xff kaputt"}

func entries(d *checklist.Definition, answers score.Answers, comments []string) map[checklist.QuestionID]assessment.Entry {
	out := map[checklist.QuestionID]assessment.Entry{}
	for i, q := range d.Questions() {
		a, given := answers[q.ID]
		comment := ""
		if i < len(comments) {
			comment = comments[i]
		}
		if given || comment != "" {
			out[q.ID] = assessment.Entry{Question: q.ID, Given: given, Answer: a, Comment: comment, Revision: 1, By: "Erika Canary", At: asOf.Add(-time.Duration(i) * time.Hour)}
		}
	}
	return out
}

var arnsberg = region.Municipality{AGS: "05958004", Name: "Arnsberg", OfficialName: "Arnsberg, Stadt", Kind: "Stadt", District: region.District{Key: "05958", Name: "Hochsauerlandkreis"},
	Population: 74879, PopulationDate: "2024-12-31"}

var suedwestfalen = region.Region{ID: "suedwestfalen", Name: "Südwestfalen", Agency: "Südwestfalen Agentur GmbH",
	Source: "Quelle: Statistisches Bundesamt (Destatis), Gemeindeverzeichnis, Gebietsstand 30.11.2025, Bevölkerung 31.12.2024"}

func townReport(d *checklist.Definition, answers score.Answers, lang checklist.Lang) TownReport {
	e := entries(d, answers, nil)
	return TownReport{Lang: lang, Program: "Ortsspiegel 1.0.0", AsOf: asOf, Region: suedwestfalen, Town: arnsberg,
		View: assessment.View{Definition: d, Entries: e, Result: score.Score(d, assessment.Answers(e)),
			Head: assessment.Head{ID: 7, Town: arnsberg.AGS, TownName: arnsberg.Name, Status: assessment.Submitted, RoundTitle: "Willkommens-Check 2026 & Co", Submitted: asOf.Add(-48 * time.Hour), Hash: d.Hash, Checklist: d.Ref()}},
		Districts: map[region.DistrictKey]string{"05958": "Hochsauerlandkreis"}}
}
