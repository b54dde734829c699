package workbook

import (
	"fmt"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"

	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/score"
)

var answerWidths = []float64{6, 18, 33, 17, 20, 13, 9, 10, 13, 20, 26, 28, 13, 26}

// writeAnswers writes a row per question and one per option of a multi question. The answer
// cells are the only ones a reader is meant to change.
func (p *plan) writeAnswers(s *sheet) {
	b, st := s.b, s.b.styles
	s.addHigh(26, value(st.title, b.say(sheetAnswers)))
	s.add(value(st.lead, b.say(phrase{
		"Probieren Sie aus, was eine andere Antwort brächte: Ändern Sie die gelben Zellen, das Blatt „Ergebnis“ rechnet mit. Im Programm ändert sich dadurch nichts.",
		"Try out what another answer would bring: change the yellow cells and the sheet “Result” follows. Nothing changes in the program."})))
	s.skip(1)
	s.printOnly(11)
	head := s.head(3, b.say(wordNumber), b.say(wordSection), b.say(wordQuestion), b.say(wordOption), b.say(wordAnswer), b.say(wordState),
		b.say(wordPoints), b.say(wordWeight), b.say(wordGainHead), b.say(wordReason), b.say(wordComment), b.say(wordEvidence), b.say(wordChanged), b.say(wordID))
	evidence := map[checklist.QuestionID][]string{}
	for _, e := range p.Evidence {
		evidence[e.Question] = append(evidence[e.Question], evidenceText(e))
	}
	for i := range p.asked {
		a := &p.asked[i]
		p.writeAnswer(s, a, strings.Join(evidence[a.q.ID], "\n"))
		p.validate(s, a)
	}
	last := s.next() - 1
	s.filter(head, len(answerWidths), last)
	p.hideEmpty(s)
	p.highlight(s, head+1, last)
	b.keep(b.f.AddIgnoredErrors(s.name, fmt.Sprintf("A%d:E%d", head+1, last), excelize.IgnoredErrorsNumberStoredAsText))
}

// hideEmpty hides the columns of reasons and comments where there are none: what is printed on A4 stays readable.
func (p *plan) hideEmpty(s *sheet) {
	reasons, comments := false, false
	for i := range p.asked {
		e := &p.asked[i].entry
		reasons = reasons || e.Given && e.Answer.Kind == checklist.AnswerNotApplicable
		comments = comments || e.Comment != ""
	}
	for col, used := range map[string]bool{"J": reasons, "K": comments} {
		if !used {
			s.b.keep(s.b.f.SetColVisible(s.name, col, false))
		}
	}
}

func evidenceText(e assessment.Evidence) string {
	if e.Link != "" && e.Title != "" && e.Title != e.Link {
		return e.Title + ": " + e.Link
	}
	return e.Link + ternary(e.Link == "", e.Title, "")
}

func (p *plan) writeAnswer(s *sheet, a *asked, evidence string) {
	b, st := s.b, s.b.styles
	section := p.sections[a.section].s.Title.In(p.Lang)
	reason, changed := "", any(value(st.date, nil))
	if a.entry.Given && a.entry.Answer.Kind == checklist.AnswerNotApplicable {
		reason = a.entry.Answer.Text
	}
	if a.entry.Revision > 0 && !a.entry.At.IsZero() {
		changed = value(st.date, serial(a.entry.At))
	}
	unit := a.q.Unit.In(p.Lang)
	if a.q.Type == checklist.TypeMulti {
		unit = b.say(phrase{"mehrere möglich:", "several possible:"})
	}
	points, gain := any(value(st.points, nil)), any(value(st.points, nil))
	if a.q.Scored() {
		cached, more := any(nil), any(nil)
		if a.result.Points != nil && a.result.State == score.Answered {
			cached = 100 * *a.result.Points
		}
		if a.result.Gain != nil {
			more = 100 * *a.result.Gain
		}
		points = formula(st.points, fmt.Sprintf(`IF(%s=1,100*%s,"")`, p.stepped("D", a.step), p.stepped("F", a.step)), cached)
		gain = formula(st.points, fmt.Sprintf(`IF(%s=1,100*%s,"")`, p.stepped("H", a.step), p.stepped("M", a.step)), more)
	}
	s.add(value(st.text, a.number), value(st.text, section), value(st.text, a.q.Text.In(p.Lang)), value(st.text, unit), p.answerCell(s, a),
		formula(st.text, p.stateText(a), b.say(statePhrases[a.result.State])), points, value(st.decimal, a.q.Weight), gain,
		value(st.free, reason), value(st.free, a.entry.Comment), value(st.free, evidence), changed, value(st.text, string(a.q.ID)))
	if a.q.Type != checklist.TypeMulti {
		return
	}
	for i, o := range a.q.Options {
		chosen := any(value(st.choose, nil))
		if a.entry.Given && a.entry.Answer.Kind == checklist.AnswerOptions {
			chosen = value(st.choose, b.say(ternary(slices.Contains(a.entry.Answer.Options, o.ID), wordYes, wordNo)))
		}
		blank := value(st.text, nil)
		cells := []any{value(st.repeated, a.number), value(st.repeated, section), blank, value(st.text, a.labels[i]), chosen,
			blank, blank, blank, blank, blank, blank, blank, blank, value(st.text, string(a.q.ID)+"/"+string(o.ID))}
		// with a height of its own no program makes room for the section, which is there for the filter
		s.addHigh(s.points(row{number: s.next(), cells: cells}), cells...)
	}
}

// stateText is the state's name for a reader.
func (p *plan) stateText(a *asked) string {
	names := make([]string, len(statePhrases))
	for i, n := range statePhrases {
		names[i] = literal(n.in(p.Lang))
	}
	return "CHOOSE(" + p.stepped("D", a.step) + "+1," + strings.Join(names, ",") + ")"
}

// answerCell is the cell a reader may change: what was answered, as text, number or date. It
// is empty while the question is open.
func (p *plan) answerCell(s *sheet, a *asked) excelize.Cell {
	st, answer := s.b.styles, a.entry.Answer
	style := st.choose
	switch a.q.Type {
	case checklist.TypeNumber:
		style = st.chooseNumber
	case checklist.TypeDate:
		style = st.chooseDate
	}
	if !a.entry.Given {
		return value(style, nil)
	}
	switch answer.Kind {
	case checklist.AnswerNotApplicable:
		return value(style, s.b.say(wordNA))
	case checklist.AnswerNumber:
		return value(style, answer.Number.InexactFloat64())
	case checklist.AnswerText:
		return value(style, answer.Text)
	case checklist.AnswerDate:
		if n, ok := day(answer.Text); ok {
			return value(style, n)
		}
		return value(style, answer.Text)
	}
	if a.q.Type == checklist.TypeChoice {
		if i := a.q.Option(answer.Options[0]); i >= 0 {
			return value(style, a.labels[i])
		}
	}
	return value(style, nil)
}

var xmlEscaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// validate offers what can be chosen and refuses anything else.
func (p *plan) validate(s *sheet, a *asked) {
	here := cell(5, a.row)
	message := phrase{"Bitte wählen Sie einen Eintrag der Liste oder leeren Sie die Zelle.", "Please choose an entry of the list or clear the cell."}
	dv := excelize.NewDataValidation(true)
	dv.Sqref = here
	switch a.q.Type {
	case checklist.TypeChoice:
		dv.SetSqrefDropList(p.listed("B", a.first, a.choices))
	case checklist.TypeMulti:
		if a.na {
			dv.SetSqrefDropList(p.word(listsNA))
		} else {
			dv.Type, dv.Formula1 = "textLength", "0"
			dv.Operator = "equal"
			message = phrase{"Bitte wählen Sie „ja“ oder „nein“ in den Zeilen darunter.", "Please choose “yes” or “no” in the rows below."}
		}
		p.offer(s, fmt.Sprintf("E%d:E%d", a.row+1, a.row+len(a.q.Options)))
	case checklist.TypeNumber, checklist.TypeDate:
		conditions := []string{"ISNUMBER(" + here + ")"}
		message = phrase{"Bitte geben Sie eine Zahl ein.", "Please enter a number."}
		if a.q.Type == checklist.TypeDate {
			message = phrase{"Bitte geben Sie ein Datum ein.", "Please enter a date."}
		}
		if a.q.Min != nil {
			conditions = append(conditions, here+">="+a.q.Min.String())
		}
		if a.q.Max != nil {
			conditions = append(conditions, here+"<="+a.q.Max.String())
			message = phrase{"Bitte geben Sie eine Zahl im erlaubten Bereich ein.", "Please enter a number in the allowed range."}
		}
		test := "AND(" + strings.Join(conditions, ",") + ")"
		if a.na {
			test = "OR(EXACT(" + here + "," + p.word(listsNA) + ")," + test + ")"
		}
		dv.Type, dv.Formula1 = "custom", xmlEscaper.Replace(test)
	default:
		return
	}
	dv.SetError(excelize.DataValidationErrorStyleStop, s.b.say(wordAnswer), s.b.say(message))
	s.b.keep(s.b.f.AddDataValidation(s.name, dv))
}

// offer lets a range take yes or no.
func (p *plan) offer(s *sheet, where string) {
	dv := excelize.NewDataValidation(true)
	dv.Sqref = where
	dv.SetSqrefDropList(p.listed("B", listsYes, listsNo))
	dv.SetError(excelize.DataValidationErrorStyleStop, s.b.say(wordAnswer), s.b.say(phrase{"Bitte wählen Sie „ja“ oder „nein“.", "Please choose “yes” or “no”."}))
	s.b.keep(s.b.f.AddDataValidation(s.name, dv))
}

// highlight marks what is open or refused and dims what does not arise.
func (p *plan) highlight(s *sheet, first, last int) {
	b := s.b
	style := func(font excelize.Font) *int {
		id, err := b.f.NewConditionalStyle(&excelize.Style{Font: &font})
		b.keep(err)
		return &id
	}
	rule := func(where string, state score.State, id *int) {
		b.keep(b.f.SetConditionalFormat(s.name, where, []excelize.ConditionalFormatOptions{{Type: "formula",
			Criteria: fmt.Sprintf("$F%d=%s", first, literal(b.say(statePhrases[state]))), Format: id}}))
	}
	states := fmt.Sprintf("F%d:F%d", first, last)
	rule(states, score.Open, style(excelize.Font{Color: amber, Bold: true}))
	rule(states, stateRefused, style(excelize.Font{Color: "B00020", Bold: true}))
	rule(fmt.Sprintf("A%d:N%d", first, last), score.Inactive, style(excelize.Font{Color: peers, Italic: true}))
}
