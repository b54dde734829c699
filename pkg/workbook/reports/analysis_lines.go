package reports

import (
	"encoding/json"
	"fmt"
	"io"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/report"
	"ortsspiegel/pkg/round"
	"ortsspiegel/pkg/wording"
	"ortsspiegel/pkg/workbook/book"
)

// WriteAnalysisCSV streams the tidy table as CSV, as German Excel opens it.
func WriteAnalysisCSV(w io.Writer, r report.AnalysisReport) error {
	if err := checkAnalysis(&r); err != nil {
		return err
	}
	c := newTable(w, tidyTitles(r.Lang))
	x := newDescriber(r.Definition, r.Lang)
	fields := make([]string, len(tidyColumns))
	figure := func(x *float64, scale float64) string {
		if x == nil {
			return ""
		}
		return decimalComma(scale * *x)
	}
	err := r.Each(func(s round.Submission) error {
		return eachTidy(&r, x, s, func(t *tidyRow) error {
			if c.err != nil {
				return c.err
			}
			text, _ := t.answer.(string)
			changed := ""
			if !t.changed.IsZero() {
				changed = wording.ISODay(t.changed)
			}
			fields = append(fields[:0], string(t.town.AGS), guarded(t.town.Name), string(t.town.District.Key),
				guarded(t.town.District.Name), knownPopulation(t.population),
				string(region.SizeClassOf(t.population)), book.Itoa(int(t.round)), string(t.version),
				string(t.section.ID), guarded(t.answerRow.section), string(t.question.ID), t.answerRow.number,
				guarded(t.text), string(t.question.Type), t.state.String(), t.valueIDs,
				guarded(book.Ternary(t.date != "", "", text)), figure(t.number, 1), t.date, figure(t.points, 100),
				decimalComma(t.question.Weight), guarded(t.reason), guarded(t.comment), changed)
			c.err = c.w.Write(fields)
			return c.err
		})
	})
	if err != nil {
		return fmt.Errorf("workbook: write csv: %w", err)
	}
	return c.end()
}

// WriteAnalysisLines streams the submitted assessments as JSON Lines, one per town, as
// `ortsspiegel bench` reads them.
func WriteAnalysisLines(w io.Writer, r report.AnalysisReport) error {
	if err := checkAnalysis(&r); err != nil {
		return err
	}
	out := json.NewEncoder(w)
	out.SetEscapeHTML(false)
	return r.Each(func(s round.Submission) error {
		answers := make(map[checklist.QuestionID]answerJSON, len(s.Answers))
		for id, a := range s.Answers {
			if q, _, ok := r.Definition.Question(id); ok {
				answers[id] = answerJSONOf(q, a)
			}
		}
		return out.Encode(struct {
			AGS        region.AGS                          `json:"ags"`
			Population int                                 `json:"population"`
			Answers    map[checklist.QuestionID]answerJSON `json:"answers"`
		}{s.Town.AGS, populationOf(&r, s.Town), answers})
	})
}

type answerJSON struct {
	Value         any    `json:"value,omitempty"`
	NotApplicable string `json:"not_applicable,omitempty"`
}

func answerJSONOf(q *checklist.Question, a checklist.Answer) answerJSON {
	switch a.Kind {
	case checklist.AnswerNotApplicable:
		return answerJSON{NotApplicable: a.Text}
	case checklist.AnswerNumber:
		return answerJSON{Value: json.Number(a.Number.String())}
	case checklist.AnswerOptions:
		if q.Type.One() {
			return answerJSON{Value: a.Options[0]}
		}
		return answerJSON{Value: a.Options}
	}
	return answerJSON{Value: a.Text}
}

// knownPopulation is empty for a population that nobody knows: an empty field is no zero.
func knownPopulation(n int) string {
	if n == 0 {
		return ""
	}
	return book.Itoa(n)
}
