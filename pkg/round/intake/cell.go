package intake

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/internal/plaintext"
)

const formulaMessage = "the cell holds a formula, whose value may be anybody's: copy it and paste the values"

// kindCode and kindMessage say what is wrong with a cell, if its kind alone does.
func kindCode(c Cell, otherwise string) string {
	switch c.Kind {
	case CellFormula:
		return "formula"
	case CellError:
		return "error"
	}
	return otherwise
}

func kindMessage(c Cell, otherwise string) string {
	switch c.Kind {
	case CellFormula:
		return formulaMessage
	case CellError:
		return "the cell holds an error of the spreadsheet: write the value itself, or leave it empty"
	}
	return otherwise
}

// answer reads the answer to a question in a row, marks its cells and reports what cannot be placed.
func (p *placer) answer(r townRow, q *plannedQuestion) (checklist.Answer, bool) {
	if len(q.ticks) > 0 {
		return p.ticked(r, q)
	}
	c, ok := r.at(q.column)
	if !ok || q.column == 0 {
		return checklist.Answer{}, false
	}
	a, given, wrong := q.read(c)
	switch {
	case wrong != nil:
		p.report(r, c, q, wrong.Code, wrong.Message, nil)
	case given:
		p.mark(r.Number, c.Column, fatePlaced)
	default:
		p.mark(r.Number, c.Column, fateIgnored)
	}
	return a, given && wrong == nil
}

// read says what a cell means; given is false for what the map says is nothing.
func (q *plannedQuestion) read(c Cell) (a checklist.Answer, given bool, wrong *fault.Field) {
	if code := kindCode(c, ""); code != "" {
		return a, false, &fault.Field{Code: code, Message: kindMessage(c, "")}
	}
	said := spellings(c)
	for _, s := range said {
		switch to, ok := q.values[s]; {
		case ok:
			a, err := mappedValue(q.q, to)
			return a, true, q.field(err, c)
		case q.na[s]:
			a, err := q.notApplicable(c)
			return a, true, q.field(err, c)
		case q.open[s]:
			return a, false, nil
		}
	}
	if q.q.NotApplicable && isNotApplicable(said[0]) {
		a, err := q.notApplicable(c)
		return a, true, q.field(err, c)
	}
	a, err := q.value(c)
	return a, true, q.field(err, c)
}

// mappedValue is what a map gives for a text: an option's id, or what would be typed.
func mappedValue(q *checklist.Question, to string) (checklist.Answer, error) {
	switch q.Type.Shape() {
	case checklist.ShapeOne, checklist.ShapeMany:
		return q.Parse([]string{to})
	}
	plain := plannedQuestion{q: q}
	return plain.value(Cell{Kind: CellText, Text: to})
}

// spellings are a cell's text as a map may write it, by checklist.Plain.
func spellings(c Cell) []string {
	switch c.Kind {
	case CellNumber:
		return []string{c.Text, strings.Replace(c.Text, ".", ",", 1)}
	case CellPercent:
		comma := strings.Replace(c.Text, ".", ",", 1)
		return []string{comma + " %", c.Text + " %", comma + "%", c.Text + "%"}
	case CellDate:
		if t, err := time.Parse(time.DateOnly, c.Text); err == nil {
			return []string{c.Text, t.Format("02.01.2006"), t.Format("2.1.2006")}
		}
	case CellBool:
		if c.Text == "true" {
			return []string{"wahr", "true", "ja", "yes"}
		}
		return []string{"falsch", "false", "nein", "no"}
	}
	return []string{checklist.Plain(c.Text)}
}

func isNotApplicable(plain string) bool {
	return plain == "trifft nicht zu" || plain == "not applicable"
}

// notApplicable gives the reason of the map, or one that says where it comes from.
func (q *plannedQuestion) notApplicable(c Cell) (checklist.Answer, error) {
	reason := q.Reason
	if reason == "" {
		if reason = c.Text; plaintext.Length(reason) < checklist.MinReason || isNotApplicable(checklist.Plain(reason)) {
			reason = "laut Tabelle: " + c.Text
		}
	}
	return q.q.NotApplicableAnswer(reason)
}

// field turns a refusal into what is told of the cell.
func (q *plannedQuestion) field(err error, c Cell) *fault.Field {
	if err == nil {
		return nil
	}
	f := fault.As(err)
	if f == nil {
		return &fault.Field{Code: "refused", Message: err.Error()}
	}
	field := fault.Field{Code: f.Code, Message: f.Message}
	if len(f.Fields) > 0 {
		field = f.Fields[0]
	}
	switch field.Code {
	case "option_unknown", "number", "date":
		field.Message = q.right
		if c.Kind == CellDate && q.q.Type.Shape() != checklist.ShapeDay {
			field.Message = "the spreadsheet has made a date of it; " + q.right
		}
	case "date_ambiguous":
		field.Message = ambiguousMessage
	case "number_ambiguous":
		field.Message += ", or say decimal: comma or decimal: point in the map"
	case "option_exclusive":
		field.Message = "an option that stands alone is together with others"
	}
	return &field
}

func unknown(code string) error { return fault.New(fault.Invalid, code, "%s", code) }

// value reads what is an answer by itself.
func (q *plannedQuestion) value(c Cell) (checklist.Answer, error) {
	switch q.q.Type.Shape() {
	case checklist.ShapeOne:
		id, ok := q.option(c)
		if !ok {
			return checklist.Answer{}, unknown("option_unknown")
		}
		return q.q.Parse([]string{string(id)})
	case checklist.ShapeMany:
		return q.several(c)
	case checklist.ShapeNumber:
		return q.number(c)
	case checklist.ShapeDay:
		day, ambiguous := dayOf(c, q.days)
		switch {
		case ambiguous:
			return checklist.Answer{}, unknown("date_ambiguous")
		case day == "":
			return checklist.Answer{}, unknown("date")
		}
		return q.q.Parse([]string{day})
	}
	return q.q.Parse([]string{spoken(c)})
}

// spoken is a cell as it is shown in a German spreadsheet.
func spoken(c Cell) string {
	switch c.Kind {
	case CellText, CellError, CellFormula:
		return c.Text
	}
	return spellings(c)[min(1, len(spellings(c))-1)]
}

func (q *plannedQuestion) option(c Cell) (checklist.OptionID, bool) {
	for _, s := range spellings(c) {
		if id, ok := q.q.OptionSaid(s); ok {
			return id, true
		}
	}
	return "", false
}

// several reads the options in one cell: all of it is one option, or its parts are.
func (q *plannedQuestion) several(c Cell) (checklist.Answer, error) {
	if id, ok := q.option(c); ok {
		return q.q.Parse([]string{string(id)})
	}
	if q.Split == "" {
		return checklist.Answer{}, unknown("option_unknown")
	}
	var ids []string
	for part := range strings.SplitSeq(c.Text, q.Split) {
		if plaintext.IsBlank(part) {
			continue
		}
		to, ok := q.values[checklist.Plain(part)]
		id := checklist.OptionID(to)
		if !ok {
			id, ok = q.q.OptionSaid(part)
		}
		if !ok {
			return checklist.Answer{}, fault.New(fault.Invalid, "option_part", "%q is none of the options; %s",
				clip(part), q.right)
		}
		ids = append(ids, string(id))
	}
	return q.q.Parse(ids)
}

// number reads a number. What the spreadsheet holds as one is one; a text may have the question's unit behind it.
func (q *plannedQuestion) number(c Cell) (checklist.Answer, error) {
	switch c.Kind {
	case CellNumber, CellPercent:
		if c.Kind == CellPercent && !q.percent() {
			return checklist.Answer{}, fault.New(fault.Invalid, "percent",
				"the cell is formatted as per cent, the question asks for another unit: format it as a number")
		}
		n, err := decimal.NewFromString(c.Text)
		if err != nil {
			return checklist.Answer{}, unknown("number")
		}
		return q.q.NumberAnswer(n.Round(6)) // spreadsheets count in binary fractions
	case CellDate, CellBool:
		return checklist.Answer{}, unknown("number")
	}
	text := checklist.Plain(c.Text)
	units := q.units
	if q.percent() {
		units = append(slices.Clone(units), "%")
	}
	for _, unit := range units {
		if rest, ok := strings.CutSuffix(text, unit); ok {
			text = strings.TrimSpace(rest)
			break
		}
	}
	n, err := parseDecimal(text, q.Decimal)
	if err != nil {
		return checklist.Answer{}, err
	}
	return q.q.NumberAnswer(n)
}

// percent reports whether the question asks for per cent.
func (q *plannedQuestion) percent() bool {
	return slices.ContainsFunc(q.units, func(unit string) bool {
		return strings.Contains(unit, "%") || strings.Contains(unit, "prozent") ||
			strings.Contains(unit, "per cent") || strings.Contains(unit, "percent")
	})
}

// parseDecimal reads a number whose decimal mark is known, or as checklist.ParseNumber does.
func parseDecimal(text, mark string) (decimal.Decimal, error) {
	if mark == "" {
		return checklist.ParseNumber(text)
	}
	if mark == DecimalPoint {
		text = strings.NewReplacer(".", ",", ",", ".").Replace(text)
	}
	if !strings.Contains(text, ",") {
		text += ",0" // so that points stand between thousands
	}
	return checklist.ParseNumber(text)
}

const ambiguousMessage = "the day can be read in two ways: say dates: day_first or dates: month_first in the map, or " +
	"write it as 31.03.2019"

// dayOf reads a day, YYYY-MM-DD; empty for none. A number is none: 2019 would be a day of 1905.
func dayOf(c Cell, order plaintext.DayOrder) (day string, ambiguous bool) {
	if c.Kind != CellText && c.Kind != CellDate {
		return "", false
	}
	day, ambiguous = plaintext.Day(c.Text, order)
	if day != "" && (day < "1900" || day >= "2200") {
		return "", false
	}
	return day, ambiguous
}

// Words in columns to tick, by checklist.Plain.
var (
	tickYes = []string{"x", "1", "ja", "yes", "j", "y", "wahr", "true", "✓", "✔", "☒", "☑"}
	tickNo  = []string{"-", "0", "nein", "no", "n", "falsch", "false", "o", "☐"}
)

// ticks are the cells of a multi question with a column per option, by what they say.
type ticks struct {
	ids   []string // options that are ticked
	said  []Cell   // ticked or not
	no    int      // how many of said say no
	na    []Cell
	open  []Cell
	bad   *Cell // the first that is none of this; further ones are in said
	wrong fault.Field
}

// read sorts a cell of an option's column.
func (k *ticks) read(q *plannedQuestion, c Cell, option checklist.OptionID) {
	spelled := spellings(c)
	is := func(f func(s string) bool) bool { return kindCode(c, "") == "" && slices.ContainsFunc(spelled, f) }
	switch {
	case is(func(s string) bool { return q.open[s] }):
		k.open = append(k.open, c)
		return
	case is(func(s string) bool { return q.na[s] || q.q.NotApplicable && isNotApplicable(s) }):
		k.na = append(k.na, c)
		return
	case is(func(s string) bool { return slices.Contains(tickYes, s) }):
		k.ids = append(k.ids, string(option))
	case is(func(s string) bool { return slices.Contains(tickNo, s) }):
		k.no++
	case k.bad == nil:
		k.bad = &c
		k.wrong = fault.Field{Code: kindCode(c, "tick"),
			Message: kindMessage(c, "x or nothing is expected here (or ja and nein, 1 and 0)")}
		return
	}
	k.said = append(k.said, c)
}

// ticked reads a multi question with a column per option.
func (p *placer) ticked(r townRow, q *plannedQuestion) (a checklist.Answer, given bool) {
	var k ticks
	for i, column := range q.ticks {
		if c, ok := r.at(column); ok {
			k.read(q, c, q.Options[i].Option)
		}
	}
	p.markAll(r, k.open, fateIgnored)
	cells := append(slices.Clone(k.said), k.na...)
	var err error
	switch {
	case k.bad != nil:
		p.report(r, *k.bad, q, k.wrong.Code, k.wrong.Message, cells)
		return a, false
	case len(cells) == 0:
		return a, false
	case len(k.na) > 0 && len(k.ids) > 0:
		p.report(r, k.na[0], q, "both", "it does not apply, and options are ticked: leave one of them",
			append(k.said, k.na[1:]...))
		return a, false
	case len(k.na) > 0:
		a, err = q.notApplicable(k.na[0])
	case len(k.ids) > 0:
		a, err = q.q.Parse(k.ids)
	case k.no < len(q.ticks) || q.None == NoneOpen: // some say nothing, so it is not known that none holds
		p.markAll(r, cells, fateIgnored)
		return a, false
	case q.None == "":
		p.report(r, cells[0], q, "none_ticked",
			"every option says no: say in the map what that means (none: an option, or none: open)", cells[1:])
		return a, false
	default:
		a, err = q.q.Parse([]string{q.None})
	}
	if wrong := q.field(err, cells[0]); wrong != nil {
		p.report(r, cells[0], q, wrong.Code, fmt.Sprintf("%s (%s)", wrong.Message, strings.Join(k.ids, ", ")),
			cells[1:])
		return checklist.Answer{}, false
	}
	p.markAll(r, cells, fatePlaced)
	return a, true
}

func (p *placer) markAll(r townRow, cells []Cell, f fate) {
	for _, c := range cells {
		p.mark(r.Number, c.Column, f)
	}
}
