package workbook

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
)

// writeSection writes a section's questions, each in a row that begins with its number.
func (p *formPlan) writeSection(section *formSection) {
	b, st, s := p.b, p.b.styles, section.sheet
	s.addHigh(26, value(st.title, section.s.Title.In(p.lang)))
	s.add(value(st.lead, b.say(phrase{
		"Füllen Sie die gelben Zellen aus. Ein leeres Feld ändert nichts; „löschen“ löscht eine Antwort.",
		"Fill in the yellow cells. An empty cell changes nothing; “clear” deletes an answer."})))
	s.skip(1)
	titles := []string{b.say(wordNumber), b.say(wordQuestion), b.say(phrase{"Hinweise", "Notes"}), ""}
	if p.shift > 0 {
		titles = append(titles, b.say(phrase{"Letztes Mal", "Last time"}), b.say(phrase{"x = übernehmen", "x = still holds"}))
	}
	s.head(2, append(titles, b.say(wordAnswer), b.say(phrase{"Trifft nicht zu, weil …", "Not applicable, because …"}), b.say(wordComment), b.say(wordState))...)
	for _, q := range section.questions {
		p.writeQuestion(s, q)
	}
	b.keep(b.f.SetColVisible(s.name, column(formKey), false))
	p.dim(s, section)
	rows := make([]int, len(section.questions))
	for i, q := range section.questions {
		rows[i] = q.row
	}
	s.paginate(formHead, rows)
}

func (p *formPlan) writeQuestion(s *sheet, q *formQuestion) {
	b, st := p.b, p.b.styles
	reason := any(value(p.styles.hatched, nil))
	if q.na {
		text := any(nil)
		if q.entry.Given && q.entry.Answer.Kind == checklist.AnswerNotApplicable {
			text = q.entry.Answer.Text
		}
		reason = value(p.styles.input, text)
		p.input(s, partReason, q, "", p.col(formReason), q.row)
	}
	comment := any(nil)
	if q.entry.Comment != "" {
		comment = q.entry.Comment
	}
	cells := []any{value(st.text, q.number), value(st.text, q.q.Text.In(p.lang)), value(p.styles.hints, p.hints(q)), value(st.lead, formKeyText(p.key, q.q.ID, 0))}
	if p.shift > 0 {
		cells = append(cells, value(p.styles.before, p.beforeText(q)), p.takeCell(s, q))
	}
	p.addInputs(s, 30, append(cells, p.valueCell(q), reason, value(p.styles.input, comment), formula(st.text, p.stateText(q), p.stateWord(q.state)))...)
	p.input(s, partValue, q, "", p.col(formValue), q.row)
	p.input(s, partComment, q, "", p.col(formComment), q.row)
	p.validate(s, q)
	if q.q.Type == checklist.TypeMulti {
		p.writeTicks(s, q)
	}
	b.keep(b.err)
}

// beforeText says what was answered last time, where the question has no options of its own rows.
func (p *formPlan) beforeText(q *formQuestion) string {
	if q.before == nil {
		return ""
	}
	var parts []string
	if q.before.Reason == "" {
		parts = append(parts, p.answerText(q.q, q.before.Answer))
	} else {
		for _, old := range q.before.Sources {
			if old.Entry.Given {
				parts = append(parts, p.answerText(old.Question, old.Entry.Answer))
			}
		}
		parts = append(parts, p.b.say(phrase{"(bitte neu beantworten)", "(please answer anew)"}))
	}
	return strings.Join(parts, "\n")
}

// answerText is an answer in words.
func (p *formPlan) answerText(q *checklist.Question, a checklist.Answer) string {
	switch a.Kind {
	case checklist.AnswerNotApplicable:
		return p.b.say(wordNA) + ": " + a.Text
	case checklist.AnswerNumber:
		return wording.Cell(p.lang).Measured(a.Number.String(), q.Unit.In(p.lang))
	case checklist.AnswerDate:
		if t, err := time.Parse(time.DateOnly, a.Text); err == nil {
			return wording.Cell(p.lang).ShortDate(t)
		}
		return a.Text
	case checklist.AnswerOptions:
		var list []string
		texts := labels(q, p.lang)
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
func (p *formPlan) takeCell(s *sheet, q *formQuestion) excelize.Cell {
	if !q.take {
		return value(p.styles.hatched, nil)
	}
	p.input(s, partTake, q, "", formValue+1, q.row)
	p.offerTick(s, cell(formValue+1, q.row))
	return value(p.styles.tick, nil)
}

// addInputs writes a row that is at least so many points high: there is something to write in it.
func (p *formPlan) addInputs(s *sheet, height float64, cells ...any) {
	s.addHigh(max(height, s.height(row{number: s.next(), cells: cells})), cells...)
}

// writeTicks writes a row per option, with a cell to tick.
func (p *formPlan) writeTicks(s *sheet, q *formQuestion) {
	blank := value(p.b.styles.text, nil)
	chosen := func(given bool, a checklist.Answer, i int) any {
		if given && a.Kind == checklist.AnswerOptions && slices.Contains(a.Options, q.q.Options[i].ID) {
			return formTick
		}
		return nil
	}
	for i := range q.q.Options {
		cells := []any{blank, blank, value(p.styles.option, q.labels[i]), value(p.b.styles.lead, formKeyText(p.key, q.q.ID, i+1))}
		if p.shift > 0 {
			before := any(nil)
			if q.before != nil && q.before.Reason == "" {
				before = chosen(true, q.before.Answer, i)
			}
			cells = append(cells, value(p.styles.last, before), blank)
		}
		cells = append(cells, value(p.styles.tick, chosen(q.entry.Given, q.entry.Answer, i)), blank, blank, blank)
		p.addInputs(s, 16, cells...)
		p.input(s, partTick, q, q.q.Options[i].ID, p.col(formValue), q.tick(i))
	}
	col := column(p.col(formValue))
	p.offerTick(s, fmt.Sprintf("%s%d:%s%d", col, q.tick(0), col, q.tick(len(q.q.Options)-1)))
}

// offerTick offers x and warns of anything else.
func (p *formPlan) offerTick(s *sheet, where string) {
	dv := excelize.NewDataValidation(true)
	dv.Sqref = where
	p.b.keep(dv.SetDropList([]string{formTick}))
	dv.SetError(excelize.DataValidationErrorStyleWarning, p.b.say(wordAnswer), p.b.say(phrase{"Bitte mit x ankreuzen oder leer lassen.", "Please tick with x or leave it empty."}))
	p.b.keep(p.b.f.AddDataValidation(s.name, dv))
}

const formTick = "x"

// input names a cell that may be filled in. Excel and LibreOffice move a name with its cell.
func (p *formPlan) input(s *sheet, part string, q *formQuestion, option checklist.OptionID, col, row int) {
	name := formName(part, q.q.ID, option)
	ref := quoted(s.name) + "!" + at(column(col), row)
	p.inputs = append(p.inputs, formInput{part, q.q.ID, option, q.entry.Revision, name, ref})
	p.b.keep(p.b.f.SetDefinedName(&excelize.DefinedName{Name: name, RefersTo: ref}))
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

// hints are help, evidence, unit and limits.
func (p *formPlan) hints(q *formQuestion) string {
	var parts []string
	if text := q.q.Help.In(p.lang); text != "" {
		parts = append(parts, prose.Plain(text))
	}
	if text := q.q.Evidence.In(p.lang); text != "" {
		parts = append(parts, p.b.say(phrase{"Nachweis: {0}", "Evidence: {0}"}, prose.Plain(text)))
	}
	if text := wording.Cell(p.lang).Limits(q.q); text != "" {
		parts = append(parts, text)
	}
	if q.q.Type == checklist.TypeMulti {
		parts = append(parts, p.b.say(phrase{"Mehrere Antworten sind möglich: bitte in den Zeilen darunter mit x ankreuzen.", "Several answers are possible: please tick with x in the rows below."}))
	}
	return strings.Join(parts, "\n")
}

// valueCell holds the present answer; it is empty while the question is open or does not apply.
func (p *formPlan) valueCell(q *formQuestion) excelize.Cell {
	style := p.styles.input
	switch q.q.Type {
	case checklist.TypeNumber:
		style = p.styles.number
	case checklist.TypeDate:
		style = p.styles.date
	case checklist.TypeMulti:
		return value(p.styles.grey, nil)
	}
	if !q.entry.Given {
		return value(style, nil)
	}
	switch a := q.entry.Answer; a.Kind {
	case checklist.AnswerNumber:
		if a.Number.NumDigits() > 15 {
			return value(style, strings.Replace(a.Number.String(), ".", ",", 1)) // more than a spreadsheet's number holds
		}
		return value(style, a.Number.InexactFloat64())
	case checklist.AnswerText:
		if isClear(a.Text) || isNotApplicable(a.Text) {
			return value(style, nil) // a blank cell keeps the answer, its own words would not
		}
		return value(style, a.Text)
	case checklist.AnswerDate:
		if n, ok := day(a.Text); ok && n >= firstSerial {
			return value(style, n)
		}
		return value(style, a.Text)
	case checklist.AnswerOptions:
		if i := q.q.Option(a.Options[0]); i >= 0 {
			return value(style, q.labels[i])
		}
	}
	return value(style, nil)
}

// validate offers what can be answered. Whoever pastes gets around it: ReadForm checks everything again.
func (p *formPlan) validate(s *sheet, q *formQuestion) {
	here := cell(p.col(formValue), q.row)
	dv := excelize.NewDataValidation(true)
	dv.Sqref = here
	message := phrase{"Bitte wählen Sie einen Eintrag der Liste.", "Please choose an entry of the list."}
	clear := here + "=" + p.listed(q.last, q.last)
	switch q.q.Type {
	case checklist.TypeChoice:
		dv.SetSqrefDropList(p.listed(q.first, q.last))
	case checklist.TypeMulti:
		dv.SetSqrefDropList(p.listed(q.last, q.last))
		message = phrase{"Bitte kreuzen Sie in den Zellen darunter an.", "Please tick in the cells below."}
	case checklist.TypeNumber:
		message = phrase{"Bitte geben Sie eine Zahl im erlaubten Bereich ein.", "Please enter a number in the allowed range."}
		dv.Type, dv.Formula1 = "custom", xmlEscaper.Replace("OR("+clear+",AND("+strings.Join(p.inRange(q.q, here), ",")+"))")
	case checklist.TypeDate:
		message = phrase{"Bitte geben Sie ein Datum ein.", "Please enter a date."}
		dv.Type, dv.Formula1 = "custom", xmlEscaper.Replace("OR("+clear+",ISNUMBER("+here+"))")
	default:
		return
	}
	dv.SetError(excelize.DataValidationErrorStyleStop, p.b.say(wordAnswer), p.b.say(message))
	if text := wording.Cell(p.lang).Limits(q.q); text != "" {
		dv.SetInput(p.b.say(wordAnswer), cutRunes(text, 250))
	}
	p.b.keep(p.b.f.AddDataValidation(s.name, dv))
}

// inRange are the conditions of a number, for a formula.
func (p *formPlan) inRange(q *checklist.Question, x string) []string {
	list := []string{"ISNUMBER(" + x + ")"}
	if q.Min != nil {
		list = append(list, x+">="+q.Min.String())
	}
	if q.Max != nil {
		list = append(list, x+"<="+q.Max.String())
	}
	return list
}

// stateText is the formula of a question's state in words.
func (p *formPlan) stateText(q *formQuestion) string {
	word := func(s score.State) string { return literal(p.stateWord(s)) }
	value, reason := at(column(p.col(formValue)), q.row), at(column(p.col(formReason)), q.row)
	given, fits := "LEN(TRIM("+value+"))>0", "TRUE"
	cleared := "FALSE" // an option may have the name of the word
	if q.last > q.options {
		cleared = value + "=" + p.listed(q.last, q.last)
	}
	switch q.q.Type {
	case checklist.TypeChoice:
		fits = fmt.Sprintf("SUMPRODUCT((%s=%s)*1)>0", p.listed(q.first, q.options), value)
	case checklist.TypeMulti:
		given = p.ticked(q) + ">0"
		if sole := p.soleTicks(q); sole != "" {
			fits = fmt.Sprintf("OR(%s=0,%s=1)", sole, p.ticked(q))
		}
	case checklist.TypeNumber:
		fits = "AND(" + strings.Join(p.inRange(q.q, value), ",") + ")"
	case checklist.TypeDate:
		fits = "ISNUMBER(" + value + ")"
	}
	f := fmt.Sprintf("IF(%s,%s,IF(%s,IF(%s,%s,%s),%s))", cleared, word(score.Open), given, fits, word(score.Answered), word(stateRefused), word(score.Open))
	if q.na {
		f = fmt.Sprintf("IF(LEN(TRIM(%s))>0,IF(AND(LEN(TRIM(%s))>=%d,NOT(%s)),%s,%s),%s)", reason, reason, checklist.MinReason, given, word(score.NotApplicable), word(stateRefused), f)
	}
	if q.take {
		holds := ternary(q.before.Answer.Kind == checklist.AnswerNotApplicable, score.NotApplicable, score.Answered)
		f = fmt.Sprintf("IF(%s,IF(OR(%s,LEN(TRIM(%s))>0),%s,%s),%s)", p.taken(q, ""), given, reason, word(stateRefused), word(holds), f)
	}
	if q.q.When != nil {
		f = fmt.Sprintf("IF(%s,%s,%s)", p.condition(q, q.q.When), f, word(score.Inactive))
	}
	return f
}

func (p *formPlan) stateWord(s score.State) string { return p.b.say(statePhrases[s]) }

// taken says that the answer of last time was confirmed; from is a prefix such as 'Netz'!.
func (p *formPlan) taken(q *formQuestion, from string) string {
	return "LEN(TRIM(" + from + at(column(formValue+1), q.row) + "))>0"
}

// ticked counts a multi question's ticks.
func (p *formPlan) ticked(q *formQuestion) string {
	col := column(p.col(formValue))
	return fmt.Sprintf("SUMPRODUCT((LEN(TRIM(%s:%s))>0)*1)", at(col, q.tick(0)), at(col, q.tick(len(q.q.Options)-1)))
}

// soleTicks counts ticks of options that stand alone; empty if there are none.
func (p *formPlan) soleTicks(q *formQuestion) string {
	var terms []string
	for i, o := range q.q.Options {
		if o.Exclusive {
			terms = append(terms, "(LEN(TRIM("+at(column(p.col(formValue)), q.tick(i))+"))>0)")
		}
	}
	if len(terms) == 0 {
		return ""
	}
	return "(" + strings.Join(terms, "+") + ")"
}

// condition writes when a question is asked. What a condition says of a question that is not in
// this form is a constant: its answer as of now.
func (p *formPlan) condition(of *formQuestion, c *checklist.Condition) string {
	several := func(function string, list []checklist.Condition) string {
		parts := make([]string, len(list))
		for i := range list {
			parts[i] = p.condition(of, &list[i])
		}
		return function + "(" + strings.Join(parts, ",") + ")"
	}
	switch {
	case len(c.All) > 0:
		return several("AND", c.All)
	case len(c.Any) > 0:
		return several("OR", c.Any)
	case c.Not != nil:
		return "NOT(" + p.condition(of, c.Not) + ")"
	}
	q := p.at[c.Question]
	if q == nil {
		return ternary(score.Holds(p.View.Definition, c, assessment.Answers(p.View.Entries)), "TRUE", "FALSE")
	}
	from := quoted(q.section.name) + "!"
	value := from + at(column(p.col(formValue)), q.row)
	answered := from + at(column(p.col(formState)), q.row) + "=" + literal(p.stateWord(score.Answered))
	listed := func(i int) string { return value + "=" + p.listed(q.first+i, q.first+i) }
	var any []string
	switch {
	case c.AtLeastNumber != nil:
		any = append(any, value+">="+c.AtLeastNumber.String())
	case c.AtLeastOption != "":
		for i := max(q.q.Option(c.AtLeastOption), 0); i < len(q.q.Options); i++ {
			any = append(any, listed(i))
		}
	}
	for _, id := range c.AnyOf {
		i := q.q.Option(id)
		switch {
		case i < 0:
		case q.q.Type == checklist.TypeMulti:
			any = append(any, "LEN(TRIM("+from+at(column(p.col(formValue)), q.tick(i))+"))>0")
		default:
			any = append(any, listed(i))
		}
	}
	if len(any) == 0 {
		return "FALSE"
	}
	holds := "OR(" + strings.Join(any, ",") + ")"
	if q.take { // what was answered last time says it then
		last := score.Holds(p.View.Definition, c, score.Answers{q.q.ID: q.before.Answer})
		holds = fmt.Sprintf("IF(%s,%s,%s)", p.taken(q, from), ternary(last, "TRUE", "FALSE"), holds)
	}
	return "AND(" + answered + "," + holds + ")"
}

// dim greys what does not arise and marks what the program would refuse.
func (p *formPlan) dim(s *sheet, section *formSection) {
	style := func(x excelize.Style) *int {
		id, err := p.b.f.NewConditionalStyle(&x)
		p.b.keep(err)
		return &id
	}
	grey := style(excelize.Style{Font: &excelize.Font{Color: peers, Italic: true}, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"EDEFF2"}}})
	wrong := style(excelize.Style{Font: &excelize.Font{Color: "B00020", Bold: true}})
	for _, q := range section.questions {
		state := at(column(p.col(formState)), q.row)
		last := q.row
		if q.q.Type == checklist.TypeMulti {
			last += len(q.q.Options)
		}
		if q.q.When != nil {
			p.b.keep(p.b.f.SetConditionalFormat(s.name, fmt.Sprintf("A%d:%s", q.row, cell(p.col(formState), last)), []excelize.ConditionalFormatOptions{
				{Type: "formula", Criteria: state + "=" + literal(p.stateWord(score.Inactive)), Format: grey}}))
		}
		p.b.keep(p.b.f.SetConditionalFormat(s.name, cell(p.col(formState), q.row), []excelize.ConditionalFormatOptions{
			{Type: "formula", Criteria: state + "=" + literal(p.stateWord(stateRefused)), Format: wrong}}))
	}
}
