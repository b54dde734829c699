package form

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/internal/prose"
	"ortsspiegel/pkg/score"
	"ortsspiegel/pkg/wording"
	"ortsspiegel/pkg/workbook/book"
)

// writeSection writes a section's questions, each in a row that begins with its number.
func (p *FormPlan) writeSection(section *formSection) {
	b, st, s := p.B, p.B.Styles, section.sheet
	s.AddHigh(26, book.Value(st.Title, section.s.Title.In(p.Lang)))
	s.Add(book.Value(st.Lead, b.Say(wording.Phrase{
		"Füllen Sie die gelben Zellen aus. Ein leeres Feld ändert nichts; „löschen“ löscht eine Antwort.",
		"Fill in the yellow cells. An empty cell changes nothing; “clear” deletes an answer."})))
	s.Skip(1)
	titles := []string{b.Say(book.WordNumber), b.Say(book.WordQuestion), b.Say(wording.Phrase{"Hinweise", "Notes"}), ""}
	if p.shift > 0 {
		titles = append(titles, b.Say(wording.Phrase{"Letztes Mal", "Last time"}),
			b.Say(wording.Phrase{"x = übernehmen", "x = still holds"}))
	}
	s.Head(2, append(titles, b.Say(book.WordAnswer),
		b.Say(wording.Phrase{"Trifft nicht zu, weil\u00a0…", "Not applicable, because\u00a0…"}),
		b.Say(book.WordComment), b.Say(book.WordState))...)
	for _, q := range section.questions {
		p.writeQuestion(s, q)
	}
	b.Keep(b.F.SetColVisible(s.Name, book.Column(formKey), false))
	p.dim(s, section)
	rows := make([]int, len(section.questions))
	for i, q := range section.questions {
		rows[i] = q.row
	}
	s.Paginate(formHead, rows)
}

func (p *FormPlan) writeQuestion(s *book.Sheet, q *FormQuestion) {
	b, st := p.B, p.B.Styles
	reason := any(book.Value(p.styles.hatched, nil))
	if q.na {
		text := any(nil)
		if q.entry.Given && q.entry.Answer.Kind == checklist.AnswerNotApplicable {
			text = q.entry.Answer.Text
		}
		reason = book.Value(p.styles.input, text)
		p.input(s, partReason, q, "", p.col(formReason), q.row)
	}
	comment := any(nil)
	if q.entry.Comment != "" {
		comment = q.entry.Comment
	}
	cells := []any{book.Value(st.Text, q.number), book.Value(st.Text, q.Q.Text.In(p.Lang)),
		book.Value(p.styles.hints, p.Hints(q)), book.Value(st.Lead, formKeyText(p.key, q.Q.ID, 0))}
	if p.shift > 0 {
		cells = append(cells, book.Value(p.styles.before, p.beforeText(q)), p.takeCell(s, q))
	}
	p.addInputs(s, 30, append(cells, p.valueCell(q), reason, book.Value(p.styles.input, comment),
		book.Formula(st.Text, p.stateText(q), p.stateWord(q.state)))...)
	p.input(s, partValue, q, "", p.col(formValue), q.row)
	p.input(s, partComment, q, "", p.col(formComment), q.row)
	p.validate(s, q)
	if q.Q.Type.Many() {
		p.writeTicks(s, q)
	}
	b.Keep(b.Err)
}

// beforeText says what was answered last time, where the question has no options of its own rows.
func (p *FormPlan) beforeText(q *FormQuestion) string {
	if q.before == nil {
		return ""
	}
	var parts []string
	if q.before.Reason == "" {
		parts = append(parts, p.answerText(q.Q, q.before.Answer))
	} else {
		for _, old := range q.before.Sources {
			if old.Entry.Given {
				parts = append(parts, p.answerText(old.Question, old.Entry.Answer))
			}
		}
		parts = append(parts, p.B.Say(wording.Phrase{"(bitte neu beantworten)", "(please answer anew)"}))
	}
	return strings.Join(parts, "\n")
}

// answerText is an answer in words.
func (p *FormPlan) answerText(q *checklist.Question, a checklist.Answer) string {
	switch a.Kind {
	case checklist.AnswerNotApplicable:
		return p.B.Say(book.WordNA) + ": " + a.Text
	case checklist.AnswerNumber:
		return wording.Cell(p.Lang).Measured(a.Number.String(), q.Unit.In(p.Lang))
	case checklist.AnswerDate:
		if t, err := time.Parse(time.DateOnly, a.Text); err == nil {
			return wording.Cell(p.Lang).ShortDate(t)
		}
		return a.Text
	case checklist.AnswerOptions:
		var list []string
		texts := book.Labels(q, p.Lang)
		for _, o := range a.Options {
			if i := q.Option(o); i >= 0 {
				list = append(list, texts[i])
			}
		}
		return strings.Join(list, "; ")
	}
	return a.Text
}

// takeCell is where a person ticks that the answer of last time still holds.
func (p *FormPlan) takeCell(s *book.Sheet, q *FormQuestion) excelize.Cell {
	if !q.take {
		return book.Value(p.styles.hatched, nil)
	}
	p.input(s, partTake, q, "", formValue+1, q.row)
	p.offerTick(s, book.Cell(formValue+1, q.row))
	return book.Value(p.styles.tick, nil)
}

// addInputs writes a row that is at least so many points high: there is something to write in it.
func (p *FormPlan) addInputs(s *book.Sheet, height float64, cells ...any) {
	s.AddHigh(max(height, s.Height(book.Row{Number: s.Next(), Cells: cells})), cells...)
}

// writeTicks writes a row per option, with a cell to tick.
func (p *FormPlan) writeTicks(s *book.Sheet, q *FormQuestion) {
	blank := book.Value(p.B.Styles.Text, nil)
	chosen := func(given bool, a checklist.Answer, i int) any {
		if given && a.Kind == checklist.AnswerOptions && slices.Contains(a.Options, q.Q.Options[i].ID) {
			return formTick
		}
		return nil
	}
	for i := range q.Q.Options {
		cells := []any{blank, blank, book.Value(p.styles.option, q.labels[i]),
			book.Value(p.B.Styles.Lead, formKeyText(p.key, q.Q.ID, i+1))}
		if p.shift > 0 {
			before := any(nil)
			if q.before != nil && q.before.Reason == "" {
				before = chosen(true, q.before.Answer, i)
			}
			cells = append(cells, book.Value(p.styles.last, before), blank)
		}
		cells = append(cells, book.Value(p.styles.tick, chosen(q.entry.Given, q.entry.Answer, i)), blank, blank, blank)
		p.addInputs(s, 16, cells...)
		p.input(s, partTick, q, q.Q.Options[i].ID, p.col(formValue), q.tick(i))
	}
	col := book.Column(p.col(formValue))
	p.offerTick(s, fmt.Sprintf("%s%d:%s%d", col, q.tick(0), col, q.tick(len(q.Q.Options)-1)))
}

// offerTick offers x and warns of anything else.
func (p *FormPlan) offerTick(s *book.Sheet, where string) {
	dv := excelize.NewDataValidation(true)
	dv.Sqref = where
	p.B.Keep(dv.SetDropList([]string{formTick}))
	dv.SetError(excelize.DataValidationErrorStyleWarning, p.B.Say(book.WordAnswer),
		p.B.Say(wording.Phrase{"Bitte mit x ankreuzen oder leer lassen.", "Please tick with x or leave it empty."}))
	p.B.Keep(p.B.F.AddDataValidation(s.Name, dv))
}

const formTick = "x"

// input names a cell that may be filled in. Excel and LibreOffice move a name with its cell.
func (p *FormPlan) input(s *book.Sheet, part string, q *FormQuestion, option checklist.OptionID, col, row int) {
	name := formName(part, q.Q.ID, option)
	ref := book.Quoted(s.Name) + "!" + book.At(book.Column(col), row)
	p.inputs = append(p.inputs, formInput{part, q.Q.ID, option, q.entry.Revision, name, ref})
	p.B.Keep(p.B.F.SetDefinedName(&excelize.DefinedName{Name: name, RefersTo: ref}))
}

// formName is the defined name of an input. Ids have hyphens, which names cannot have, and no points.
func formName(part string, q checklist.QuestionID, option checklist.OptionID) string {
	name := formNamePrefix + part + "." + strings.ReplaceAll(string(q), "-", ".")
	if option != "" {
		name += ".." + strings.ReplaceAll(string(option), "-", ".")
	}
	return name
}

const formNamePrefix = "form."

// formKeyText is what the hidden column says of a row: it stays with the row when rows are sorted,
// which names do not. ticks counts the rows of a question's options from 1; 0 is the question's own row.
func formKeyText(prefix string, q checklist.QuestionID, ticks int) string {
	if ticks > 0 {
		return prefix + string(q) + "#" + strconv.Itoa(ticks)
	}
	return prefix + string(q)
}

// keyPrefix begins the keys of one form, so that nobody's text is taken for one.
func keyPrefix(id assessment.ID, exported time.Time) string {
	sum := sha256.Sum256([]byte(fmt.Sprintf("%d %s", id, exported.UTC().Format(time.RFC3339))))
	return "form-" + hex.EncodeToString(sum[:4]) + ":"
}

// Hints are help, evidence, unit and limits.
func (p *FormPlan) Hints(q *FormQuestion) string {
	var parts []string
	if text := q.Q.Help.In(p.Lang); text != "" {
		parts = append(parts, prose.Plain(text))
	}
	if text := q.Q.Evidence.In(p.Lang); text != "" {
		parts = append(parts, p.B.Say(wording.Phrase{"Nachweis: {0}", "Evidence: {0}"}, prose.Plain(text)))
	}
	if text := wording.Cell(p.Lang).Limits(q.Q); text != "" {
		parts = append(parts, text)
	}
	if q.Q.Type.Many() {
		parts = append(parts, p.B.Say(wording.Phrase{
			"Mehrere Antworten sind möglich: bitte in den Zeilen darunter mit x ankreuzen.",
			"Several answers are possible: please tick with x in the rows below.",
		}))
	}
	return strings.Join(parts, "\n")
}

// valueCell holds the present answer; it is empty while the question is open or does not apply.
func (p *FormPlan) valueCell(q *FormQuestion) excelize.Cell {
	style := p.styles.input
	switch q.Q.Type.Shape() {
	case checklist.ShapeNumber:
		style = p.styles.number
	case checklist.ShapeDay:
		style = p.styles.date
	case checklist.ShapeMany:
		return book.Value(p.styles.grey, nil)
	}
	if !q.entry.Given {
		return book.Value(style, nil)
	}
	switch a := q.entry.Answer; a.Kind {
	case checklist.AnswerNumber:
		if a.Number.NumDigits() > 15 {
			// more than a spreadsheet's number holds
			return book.Value(style, strings.Replace(a.Number.String(), ".", ",", 1))
		}
		return book.Value(style, a.Number.InexactFloat64())
	case checklist.AnswerText:
		if isClear(a.Text) || isNotApplicable(a.Text) {
			return book.Value(style, nil) // a blank cell keeps the answer, its own words would not
		}
		return book.Value(style, a.Text)
	case checklist.AnswerDate:
		if n, ok := book.Day(a.Text); ok && n >= firstSerial {
			return book.Value(style, n)
		}
		return book.Value(style, a.Text)
	case checklist.AnswerOptions:
		if i := q.Q.Option(a.Options[0]); i >= 0 {
			return book.Value(style, q.labels[i])
		}
	}
	return book.Value(style, nil)
}

// validate offers what can be answered. Whoever pastes gets around it: ReadForm checks everything again.
func (p *FormPlan) validate(s *book.Sheet, q *FormQuestion) {
	here := book.Cell(p.col(formValue), q.row)
	dv := excelize.NewDataValidation(true)
	dv.Sqref = here
	message := wording.Phrase{"Bitte wählen Sie einen Eintrag der Liste.", "Please choose an entry of the list."}
	clear := here + "=" + p.listed(q.last, q.last)
	switch q.Q.Type.Shape() {
	case checklist.ShapeOne:
		dv.SetSqrefDropList(p.listed(q.first, q.last))
	case checklist.ShapeMany:
		dv.SetSqrefDropList(p.listed(q.last, q.last))
		message = wording.Phrase{"Bitte kreuzen Sie in den Zellen darunter an.", "Please tick in the cells below."}
	case checklist.ShapeNumber:
		message = wording.Phrase{"Bitte geben Sie eine Zahl im erlaubten Bereich ein.",
			"Please enter a number in the allowed range."}
		dv.Type, dv.Formula1 = "custom",
			book.XmlEscaper.Replace("OR("+clear+",AND("+strings.Join(p.inRange(q.Q, here), ",")+"))")
	case checklist.ShapeDay:
		message = wording.Phrase{"Bitte geben Sie ein Datum ein.", "Please enter a date."}
		dv.Type, dv.Formula1 = "custom", book.XmlEscaper.Replace("OR("+clear+",ISNUMBER("+here+"))")
	default:
		return
	}
	dv.SetError(excelize.DataValidationErrorStyleStop, p.B.Say(book.WordAnswer), p.B.Say(message))
	if text := wording.Cell(p.Lang).Limits(q.Q); text != "" {
		dv.SetInput(p.B.Say(book.WordAnswer), book.CutRunes(text, 250))
	}
	p.B.Keep(p.B.F.AddDataValidation(s.Name, dv))
}

// inRange are the conditions of a number, for a formula.
func (p *FormPlan) inRange(q *checklist.Question, x string) []string {
	list := []string{"ISNUMBER(" + x + ")"}
	if q.Min != nil {
		list = append(list, x+">="+q.Min.String())
	}
	if q.Max != nil {
		list = append(list, x+"<="+q.Max.String())
	}
	return list
}

// dim greys what does not arise and marks what the program would refuse.
func (p *FormPlan) dim(s *book.Sheet, section *formSection) {
	style := func(x excelize.Style) *int {
		id, err := p.B.F.NewConditionalStyle(&x)
		p.B.Keep(err)
		return &id
	}
	grey := style(excelize.Style{Font: &excelize.Font{Color: book.Peers, Italic: true},
		Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"EDEFF2"}}})
	wrong := style(excelize.Style{Font: &excelize.Font{Color: "B00020", Bold: true}})
	for _, q := range section.questions {
		state := book.At(book.Column(p.col(formState)), q.row)
		last := q.row
		if q.Q.Type.Many() {
			last += len(q.Q.Options)
		}
		if q.Q.When != nil {
			p.B.Keep(p.B.F.SetConditionalFormat(s.Name,
				fmt.Sprintf("A%d:%s", q.row, book.Cell(p.col(formState), last)), []excelize.ConditionalFormatOptions{
					{Type: "formula", Criteria: state + "=" + book.Literal(p.stateWord(score.Inactive)),
						Format: grey}}))
		}
		p.B.Keep(p.B.F.SetConditionalFormat(s.Name, book.Cell(p.col(formState), q.row),
			[]excelize.ConditionalFormatOptions{
				{Type: "formula", Criteria: state + "=" + book.Literal(p.stateWord(book.StateRefused)),
					Format: wrong}}))
	}
}
