package form

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
	"time"

	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/workbook/book"
)

// formIdentity is the hidden sheet that says whose form it is and what stands behind each input;
// formFormat changes when older programs could no longer read a form. Forms of older formats are read as well: people
// have them on their desks.
const (
	formIdentity    = "_Ortsspiegel"
	formFormat      = "2"
	formFormatFirst = "1" // four options beside each other, nothing proposed
)

// The keys of the identity's first rows, in their order; a form of the first format ends before the proposals.
var formKeys = []string{"ortsspiegel-form", "assessment", "checklist", "hash", "exported", "language", "proposals"}

// formLayout is where the inputs of a form were written.
type formLayout struct {
	ticks int // options of a multi question beside each other
	shift int // columns between the key and the answer
}

// writeIdentity writes everything as text: a number might come back in another form.
func (p *FormPlan) writeIdentity(s *book.Sheet) {
	h := &p.View.Head
	values := []string{formFormat, strconv.FormatInt(int64(h.ID), 10), h.Checklist.String(), p.View.Definition.Hash,
		p.At.UTC().Format(time.RFC3339), string(p.Lang), p.seen()}
	var rows [][]string
	for i, key := range formKeys {
		rows = append(rows, []string{key, values[i]})
	}
	for _, in := range p.inputs {
		rows = append(rows, []string{in.part, string(in.question), string(in.option), strconv.Itoa(in.revision),
			in.name})
	}
	rows = append(rows, []string{"checksum", formChecksum(rows)})
	for _, r := range rows {
		cells := make([]any, len(r))
		for i := range r {
			cells[i] = book.Value(p.B.Styles.Free, r[i])
		}
		s.Add(cells...)
	}
}

// seen is what a confirmation of the form's proposals goes back to; empty if it has none.
func (p *FormPlan) seen() string {
	if p.shift == 0 {
		return ""
	}
	return p.Proposals.Seen
}

// formChecksum is the SHA-256 of rows whose empty cells at the end do not count, in hexadecimal.
func formChecksum(rows [][]string) string {
	sum := sha256.New()
	for _, r := range rows {
		sum.Write([]byte(strings.TrimRight(strings.Join(r, "\x1f"), "\x1f") + "\n"))
	}
	return hex.EncodeToString(sum.Sum(nil))
}

// identity is what a form's hidden sheet says.
type identity struct {
	assessment assessment.ID
	hash       string
	exported   time.Time
	lang       checklist.Lang
	proposals  string // Proposals.Seen; empty: the form has none
	layout     formLayout
	inputs     []formInput
}

// byQuestion sorts the inputs by question; ok is false if they are not those that WriteForm writes for the
// questions: a checksum can be computed by anybody.
func (id *identity) byQuestion(d *checklist.Definition) (map[checklist.QuestionID][]formInput, bool) {
	inputs := map[checklist.QuestionID][]formInput{}
	seen := map[string]bool{}
	for _, in := range id.inputs {
		q, _, ok := d.Question(in.question)
		if !ok || seen[in.name] || (in.part == partTick) != (in.option != "") ||
			in.part == partTick && q.Option(in.option) < 0 {
			return nil, false
		}
		seen[in.name] = true
		inputs[q.ID] = append(inputs[q.ID], in)
	}
	for question, list := range inputs {
		count := map[string]int{}
		for _, in := range list {
			count[in.part]++
			if in.revision != list[0].revision {
				return nil, false
			}
		}
		q, _, _ := d.Question(question)
		ticks := book.Ternary(q.Type.Many(), len(q.Options), 0)
		if count[partValue] != 1 || count[partComment] != 1 || count[partTick] != ticks || count[partReason] > 1 ||
			count[partTake] > 1 ||
			count[partTake] > 0 && id.proposals == "" || len(list) != 2+ticks+count[partReason]+count[partTake] {
			return nil, false
		}
	}
	return inputs, true
}

var (
	errNoForm = fault.New(fault.Invalid, "form_none",
		"this workbook is no form of Ortsspiegel: take the file that was made with “Fill in with Excel”, and leave "+
			"its hidden sheets in it")
	errFormHidden = fault.New(fault.Invalid, "form_hidden",
		"the hidden sheet of this form was removed: take a new form and copy your answers into it")
	errFormFormat = fault.New(fault.Invalid, "form_format",
		"this form was made by another version of the program: take a new form and copy your answers into it")
	errFormDamaged = fault.New(fault.Invalid, "form_damaged",
		"the hidden sheet of this form was changed: take a new form and copy your answers into it")
)

// readIdentity checks the checksum before it believes anything.
func readIdentity(rows [][]string) (identity, error) {
	for len(rows) > 0 && strings.Join(rows[len(rows)-1], "") == "" {
		rows = rows[:len(rows)-1]
	}
	n := len(rows) - 1
	at := func(row, col int) string {
		if row < 0 || row >= len(rows) || col >= len(rows[row]) {
			return ""
		}
		return rows[row][col]
	}
	keys, layout := formKeys, formLayout{ticks: 1}
	switch at(0, 1) {
	case formFormat:
		if at(len(keys)-1, 1) != "" {
			layout.shift = formProposed
		}
	case formFormatFirst:
		keys, layout = formKeys[:len(formKeys)-1], formLayout{ticks: 4}
	}
	switch {
	case at(0, 0) != keys[0]:
		return identity{}, errNoForm
	case at(0, 1) != formFormat && at(0, 1) != formFormatFirst:
		return identity{}, errFormFormat
	case n < len(keys) || at(n, 0) != "checksum" || at(n, 1) != formChecksum(rows[:n]):
		return identity{}, errFormDamaged
	}
	for i, key := range keys {
		if at(i, 0) != key {
			return identity{}, errFormDamaged
		}
	}
	number, err := strconv.ParseInt(at(1, 1), 10, 64)
	exported, err2 := time.Parse(time.RFC3339, at(4, 1))
	if err != nil || err2 != nil {
		return identity{}, errFormDamaged
	}
	id := identity{assessment: assessment.ID(number), hash: at(3, 1), exported: exported,
		lang: checklist.Lang(at(5, 1)), layout: layout}
	if len(keys) == len(formKeys) {
		id.proposals = at(6, 1)
	}
	for i := len(keys); i < n; i++ {
		revision, err := strconv.Atoi(at(i, 3))
		in := formInput{part: at(i, 0), question: checklist.QuestionID(at(i, 1)), option: checklist.OptionID(at(i, 2)),
			revision: revision, name: at(i, 4)}
		if err != nil || revision < 0 || in.name != formName(in.part, in.question, in.option) {
			return identity{}, errFormDamaged
		}
		id.inputs = append(id.inputs, in)
	}
	return id, nil
}
