package intake

import (
	"fmt"
	"maps"
	"slices"
	"unicode/utf8"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/checklist/validate"
)

// Codes of what a map can say wrong.
const (
	codeMapQuestion validate.Code = "map_question" // unknown, or twice
	codeMapColumn   validate.Code = "map_column"   // none, or two kinds
	codeMapOption   validate.Code = "map_option"   // unknown, or twice
	codeMapValue    validate.Code = "map_value"    // impossible, or with two meanings
	codeMapKey      validate.Code = "map_key"      // without a meaning for such a question
)

// Check says what of a map does not fit a checklist. The paths are those of the map's file:
// columns[2].values.ja.
func Check(d *checklist.Definition, m *Map) []validate.Issue {
	k := &mapCheck{d: d}
	if len(m.Questions) == 0 {
		k.add("columns", codeMapColumn, "at least one column with answers is expected")
	}
	first := map[checklist.QuestionID]int{}
	for i := range m.Questions {
		c := &m.Questions[i]
		at := fmt.Sprintf("columns[%d]", i)
		q, _, ok := d.Question(c.Question)
		if !ok {
			k.add(at+".question", codeMapQuestion, "%s has no question %s%s", d.Ref(), clip(string(c.Question)),
				k.meant(c.Question))
			continue
		}
		if before, twice := first[q.ID]; twice {
			k.add(at+".question", codeMapQuestion,
				"the question %s already stands in item %d: a question is answered once", q.ID, before+1)
			continue
		}
		first[q.ID] = i
		k.columns(at, q, c)
		k.texts(at, q, c)
	}
	return k.issues
}

type mapCheck struct {
	d      *checklist.Definition
	issues []validate.Issue
}

func (k *mapCheck) add(path string, code validate.Code, format string, args ...any) {
	k.issues = append(k.issues, validate.Issue{Path: path, Code: code, Severity: validate.SeverityError,
		Message: fmt.Sprintf(format, args...)})
}

// meant names the question that was probably meant.
func (k *mapCheck) meant(id checklist.QuestionID) string {
	var ids []string
	for _, q := range k.d.Questions() {
		ids = append(ids, string(q.ID))
	}
	if near := nearest(string(id), ids, 1); len(near) > 0 {
		return ": did you mean " + near[0] + "?"
	}
	return ""
}

// columns checks where the answer stands.
func (k *mapCheck) columns(at string, q *checklist.Question, c *QuestionColumns) {
	multi := q.Type.Many()
	switch {
	case c.Column.Text == "" && len(c.Options) == 0:
		k.add(at, codeMapColumn, "the column is missing: column: with its header or letters%s",
			map[bool]string{true: ", or options: with a column per option"}[multi])
	case len(c.Options) > 0 && !multi:
		k.add(at+".options", codeMapKey, "%s is a question of type %s: only a multi question has a column per option",
			q.ID, q.Type)
	case c.Column.Text != "" && len(c.Options) > 0:
		k.add(at+".options", codeMapColumn,
			"column and options exclude each other: the options stand in one cell, or in a column each")
	case c.Split != "" && (!multi || len(c.Options) > 0):
		k.add(at+".split", codeMapKey, "split is for multi questions whose options stand in one cell")
	}
	if c.None != "" && len(c.Options) == 0 {
		k.add(at+".none", codeMapKey, "none is for questions with a column per option")
	}
	if c.None != "" && c.None != NoneOpen {
		k.option(at+".none", q, checklist.OptionID(c.None))
	}
	if c.Decimal != "" && !q.Type.Numeric() {
		k.add(at+".decimal", codeMapKey, "%s is a question of type %s: decimal is for numbers", q.ID, q.Type)
	}
	if c.Decimal != "" && c.Decimal != DecimalComma && c.Decimal != DecimalPoint {
		k.add(at+".decimal", codeMapValue, "decimal is comma or point")
	}
	seen := map[checklist.OptionID]bool{}
	for _, o := range c.Options {
		path := at + ".options." + o.Column.Text
		if k.option(path, q, o.Option) && seen[o.Option] {
			k.add(path, codeMapOption, "the option %s has two columns", o.Option)
		}
		seen[o.Option] = true
	}
}

func (k *mapCheck) option(path string, q *checklist.Question, id checklist.OptionID) bool {
	if q.Option(id) >= 0 {
		return true
	}
	ids := ""
	for i, o := range q.Options {
		if i > 0 {
			ids += ", "
		}
		ids += string(o.ID)
	}
	k.add(path, codeMapOption, "%s has no option %s: it has %s", q.ID, clip(string(id)), ids)
	return false
}

// texts checks what the cells' texts mean: each can be, and has one meaning.
func (k *mapCheck) texts(at string, q *checklist.Question, c *QuestionColumns) {
	meant := map[string]string{} // plain text -> key
	once := func(path, text, key string) {
		plain := checklist.Plain(text)
		if before, twice := meant[plain]; twice {
			k.add(path, codeMapValue,
				"the text %q already has a meaning under %s: case, spaces and hyphens do not tell texts apart",
				clip(text), before)
		}
		if plain == "" {
			k.add(path, codeMapValue, "an empty cell always leaves the question open")
		}
		meant[plain] = key
	}
	for _, text := range slices.Sorted(maps.Keys(c.Values)) {
		path := at + ".values." + text
		once(path, text, "values")
		k.value(path, q, c.Values[text])
	}
	if len(c.Values) > 0 && len(c.Options) > 0 {
		k.add(at+".values", codeMapKey, "columns to tick hold x, ja, 1 or nothing: values is for answers in one column")
	}
	for i, text := range c.NotApplicable {
		once(fmt.Sprintf("%s.not_applicable[%d]", at, i), text, "not_applicable")
	}
	for i, text := range c.Open {
		once(fmt.Sprintf("%s.open[%d]", at, i), text, "open")
	}
	if len(c.NotApplicable) > 0 && !q.NotApplicable {
		k.add(at+".not_applicable", codeMapKey,
			"%s does not know \"not applicable\": list these texts under values or open", q.ID)
	}
	if c.Reason != "" && q.NotApplicable {
		if _, err := q.NotApplicableAnswer(c.Reason); err != nil {
			k.add(at+".reason", codeMapValue, "a reason has %d to %d characters, this one %d", checklist.MinReason,
				checklist.MaxReason, utf8.RuneCountInString(c.Reason))
		}
	}
}

// value checks what a text stands for.
func (k *mapCheck) value(path string, q *checklist.Question, to string) {
	switch q.Type.Shape() {
	case checklist.ShapeOne, checklist.ShapeMany:
		k.option(path, q, checklist.OptionID(to))
	default:
		if _, err := mappedValue(q, to); err != nil {
			k.add(path, codeMapValue, "%q is no answer to %s: %s", clip(to), q.ID, expected(k.d, q))
		}
	}
}
