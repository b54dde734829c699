package assessment_test

import (
	"bytes"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/xuri/excelize/v2"

	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/internal/testkit"
	"ortsspiegel/pkg/round"
	"ortsspiegel/pkg/workbook/form"
)

func TestMain(m *testing.M) { os.Exit(testkit.RunKeeping(m)) }

// told is what somebody says to a question; the zero value is nothing.
type told struct {
	given   bool
	answer  checklist.Answer
	comment string
}

func (a told) same(b told) bool { return a.given == b.given && (!a.given || a.answer.Equal(b.answer)) }

// desk is the model: what is stored, with its history, and the workbooks that are on their way.
type desk struct {
	*setup
	rnd   *rand.Rand
	head  assessment.Head
	d     *checklist.Definition
	lines map[checklist.QuestionID][]told // by revision, from 1
	by    map[checklist.QuestionID]string // whose change the last one was: by hand or a file's name
	forms []*taken
	edits int
	seen  map[string]int // how often what happened
}

// taken is a workbook: when it was taken, and what its cells say.
type taken struct {
	name  string
	f     *excelize.File
	base  map[checklist.QuestionID]int // revision
	cells map[checklist.QuestionID]*cells
}

type cells struct {
	told
	clear, clearComment bool
}

func (m *desk) now(q checklist.QuestionID) told {
	if list := m.lines[q]; len(list) > 0 {
		return list[len(list)-1]
	}
	return told{}
}

func (m *desk) question() *checklist.Question {
	list := m.d.Questions()
	return list[m.rnd.IntN(len(list))]
}

// anything answers a question at random.
func (m *desk) anything(q *checklist.Question) checklist.Answer {
	if q.NotApplicable && m.rnd.IntN(4) == 0 {
		return checklist.Answer{Kind: checklist.AnswerNotApplicable, Text: fmt.Sprintf("Gibt es bei uns nicht (%d).",
			m.rnd.IntN(3))}
	}
	switch q.Type {
	case checklist.TypeNumber:
		n := decimal.NewFromInt(int64(m.rnd.IntN(3)))
		if q.Min != nil {
			n = q.Min.Add(n)
		}
		return checklist.Answer{Kind: checklist.AnswerNumber, Number: n}
	case checklist.TypeDate:
		return checklist.Answer{Kind: checklist.AnswerDate, Text: fmt.Sprintf("2025-03-%02d", 1+m.rnd.IntN(3))}
	case checklist.TypeText:
		return checklist.Answer{Kind: checklist.AnswerText, Text: fmt.Sprintf("Text %d\nmit zwei Zeilen",
			m.rnd.IntN(3))}
	case checklist.TypeMulti:
		a := checklist.Answer{Kind: checklist.AnswerOptions}
		for _, o := range q.Options {
			if !o.Exclusive && m.rnd.IntN(2) == 0 {
				a.Options = append(a.Options, o.ID)
			}
		}
		if len(a.Options) > 0 {
			return a
		}
	}
	return checklist.Answer{Kind: checklist.AnswerOptions,
		Options: []checklist.OptionID{q.Options[m.rnd.IntN(len(q.Options))].ID}}
}

// edit changes an answer by hand, as on the page.
func (m *desk) edit() {
	q := m.question()
	before := m.now(q.ID)
	after := before
	switch m.rnd.IntN(5) {
	case 0:
		after.given, after.answer = false, checklist.Answer{}
	case 1:
		after.comment = []string{"", "von Hand", "anders"}[m.rnd.IntN(3)]
	default:
		after.given, after.answer = true, m.anything(q)
	}
	in := assessment.Input{Revision: len(m.lines[q.ID])}
	if after.given {
		in = assessment.InputOf(after.answer)
		in.Revision = len(m.lines[q.ID])
	}
	in.Comment = &after.comment
	e, err := m.Answer(m.t.Context(), assessment.ByAccount(lead(m.head.Town)), m.head, q.ID, in)
	must(m.t, err)
	m.store1(q.ID, after, "")
	if e.Revision != len(m.lines[q.ID]) {
		m.t.Fatalf("%s: revision %d, the model has %d", q.ID, e.Revision, len(m.lines[q.ID]))
	}
	m.edits++
}

// store1 keeps a line of the model, unless it says what is there.
func (m *desk) store1(q checklist.QuestionID, after told, file string) {
	before := m.now(q)
	if before.same(after) && before.comment == after.comment {
		return
	}
	if !before.same(after) {
		m.by[q] = file
	}
	m.lines[q] = append(m.lines[q], after)
}

// take exports a workbook, of all questions or of some.
func (m *desk) take() {
	f := assessment.Form{View: m.view(m.head), At: m.setup.now}
	if m.rnd.IntN(2) == 0 {
		for _, q := range m.d.Questions() {
			if m.rnd.IntN(3) == 0 {
				f.Questions = append(f.Questions, q.ID)
			}
		}
	}
	var b bytes.Buffer
	must(m.t, form.WriteForm(&b, f, "de", "Test"))
	book, err := excelize.OpenReader(&b)
	must(m.t, err)
	x := &taken{name: fmt.Sprintf("Mappe %d.xlsx", len(m.forms)+1), f: book, base: map[checklist.QuestionID]int{},
		cells: map[checklist.QuestionID]*cells{}}
	for _, q := range m.d.Questions() {
		if f.Questions == nil || slices.Contains(f.Questions, q.ID) {
			x.base[q.ID], x.cells[q.ID] = len(m.lines[q.ID]), &cells{told: m.now(q.ID)}
		}
	}
	m.forms = append(m.forms, x)
	m.seen["taken"]++
}

func (m *desk) set(x *taken, part string, q checklist.QuestionID, option checklist.OptionID, v any) {
	m.t.Helper()
	name := "form." + part + "." + strings.ReplaceAll(string(q), "-", ".")
	if option != "" {
		name += ".." + strings.ReplaceAll(string(option), "-", ".")
	}
	for _, n := range x.f.GetDefinedName() {
		if n.Name == name {
			i := strings.LastIndex(n.RefersTo, "!")
			must(m.t, x.f.SetCellValue(strings.ReplaceAll(strings.Trim(n.RefersTo[:i], "'"), "''", "'"),
				strings.ReplaceAll(n.RefersTo[i+1:], "$", ""), v))
			return
		}
	}
	if part != "reason" || v != nil {
		m.t.Fatalf("the form has no %s", name)
	}
}

// fillIn changes cells of a workbook.
func (m *desk) fillIn() {
	if len(m.forms) == 0 {
		return
	}
	x := m.forms[m.rnd.IntN(len(m.forms))]
	ids := slices.Sorted(maps.Keys(x.cells))
	if len(ids) == 0 {
		return
	}
	q, _, _ := m.d.Question(ids[m.rnd.IntN(len(ids))])
	c := x.cells[q.ID]
	m.edits++
	switch m.rnd.IntN(8) {
	case 0, 1:
		text := []string{"aus der Mappe", "anders", "", "löschen"}[m.rnd.IntN(4)]
		m.set(x, "comment", q.ID, "", text)
		c.comment, c.clearComment = text, text == "löschen"
		if c.clearComment {
			c.comment = ""
		}
		return
	case 2:
		c.given, c.answer, c.clear = false, checklist.Answer{}, false
	case 3:
		c.given, c.answer, c.clear = false, checklist.Answer{}, true
	default:
		c.given, c.answer, c.clear = true, m.anything(q), false
	}
	var value, reason any
	a := c.answer
	switch {
	case c.clear:
		value = "löschen"
	case !c.given:
	case a.Kind == checklist.AnswerNotApplicable:
		reason = a.Text
	case a.Kind == checklist.AnswerNumber:
		value = a.Number.InexactFloat64()
	case a.Kind == checklist.AnswerOptions && q.Type == checklist.TypeChoice:
		value = string(a.Options[0])
	case a.Kind != checklist.AnswerOptions:
		value = a.Text
	}
	m.set(x, "value", q.ID, "", value)
	m.set(x, "reason", q.ID, "", reason)
	if q.Type == checklist.TypeMulti {
		for _, o := range q.Options {
			mark := any(nil)
			if slices.Contains(a.Options, o.ID) {
				mark = "x"
			}
			m.set(x, "tick", q.ID, o.ID, mark)
		}
	}
}

// decide is the model's own merge of one thing.
func decide(silent, fileIsBase, fileIsNow, baseIsNow bool) (take, conflict bool) {
	if silent || fileIsNow || fileIsBase {
		return false, false
	}
	return baseIsNow, !baseIsNow
}

// bringBack merges a workbook; conflicts are decided at random. Sometimes somebody is quicker.
func (m *desk) bringBack() {
	if len(m.forms) == 0 {
		return
	}
	ctx := m.t.Context()
	x := m.forms[m.rnd.IntN(len(m.forms))]
	var b bytes.Buffer
	_, err := x.f.WriteTo(&b)
	must(m.t, err)
	returned, err := form.ReadForm(ctx, bytes.NewReader(b.Bytes()), int64(b.Len()),
		func(hash string) (*checklist.Definition, error) { return m.versions.Definition(ctx, hash) })
	must(m.t, err)
	if len(returned.Problems) > 0 {
		m.t.Fatalf("problem: %s", returned.Problems[0].Message)
	}
	if len(returned.Filled) != len(x.cells) {
		m.t.Fatalf("%d of %d questions came back", len(returned.Filled), len(x.cells))
	}
	lines, err := m.PlanForm(ctx, assessment.ByAccount(lead(m.head.Town)), m.head, returned)
	must(m.t, err)
	after := map[checklist.QuestionID]told{}
	var inputs []assessment.FormInput
	for i := range lines {
		l := &lines[i]
		q, c := l.Question, x.cells[l.Question]
		base, now := told{}, m.now(q)
		if r := x.base[q]; r > 0 {
			base = m.lines[q][r-1]
		}
		file := told{given: c.given, answer: c.answer, comment: c.comment}
		take, conflict := decide(!c.given && !c.clear, file.same(base), file.same(now), base.same(now))
		takeComment, commentConflict := decide(c.comment == "" && !c.clearComment, file.comment == base.comment,
			file.comment == now.comment, base.comment == now.comment)
		if l.Conflict() != (conflict || commentConflict) || l.Changes(false) != (take || takeComment) {
			m.t.Fatalf("%s: verdicts %s and %s; base %+v, now %+v, file %+v", q, l.Answer, l.Comment, base, now, c)
		}
		prefer := m.rnd.IntN(2) == 0
		if l.Conflict() {
			m.seen["conflict"]++
		}
		if in, ok := l.Input(prefer); ok {
			inputs = append(inputs, in)
		}
		result := now
		if take || conflict && prefer {
			result.given, result.answer = file.given, file.answer
		}
		if takeComment || commentConflict && prefer {
			result.comment = file.comment
		}
		after[q] = result
	}
	if len(inputs) > 0 && m.rnd.IntN(4) == 0 {
		m.quicker(inputs, x.name)
		return
	}
	_, err = m.SaveForm(ctx, assessment.ByAccount(lead(m.head.Town)), m.head, x.name, inputs)
	must(m.t, err)
	for q, a := range after {
		m.store1(q, a, x.name)
	}
	m.seen["brought back"]++
	if len(inputs) > 0 {
		m.seen["stored"]++
	}
}

// quicker changes one of the answers between the preview and saving: nothing of the file is stored.
func (m *desk) quicker(inputs []assessment.FormInput, file string) {
	in := inputs[m.rnd.IntN(len(inputs))]
	before := m.now(in.Question)
	after := before
	after.comment = before.comment + "!"
	typed := assessment.Input{Revision: len(m.lines[in.Question]), Comment: &after.comment}
	if before.given {
		typed.Values, typed.NotApplicable = assessment.InputOf(before.answer).Values,
			assessment.InputOf(before.answer).NotApplicable
	}
	_, err := m.Answer(m.t.Context(), assessment.ByAccount(lead(m.head.Town)), m.head, in.Question, typed)
	must(m.t, err)
	m.store1(in.Question, after, "")
	_, err = m.SaveForm(m.t.Context(), assessment.ByAccount(lead(m.head.Town)), m.head, file, inputs)
	wantCode(m.t, err, fault.Conflict, "stale")
	m.seen["stale"]++
}

// check compares what is stored, with its history, and the model.
func (m *desk) check() {
	m.t.Helper()
	entries, err := m.store.Entries(m.t.Context(), m.head.ID)
	must(m.t, err)
	for _, q := range m.d.Questions() {
		want, e := m.now(q.ID), entries[q.ID]
		if e.Revision != len(m.lines[q.ID]) || !want.same(told{given: e.Given, answer: e.Answer}) ||
			e.Comment != want.comment {
			m.t.Fatalf("%s: stored %+v, the model has %+v at revision %d", q.ID, e, want, len(m.lines[q.ID]))
		}
		origin := assessment.Origin{}
		if file := m.by[q.ID]; file != "" {
			origin = assessment.Origin{Kind: assessment.OriginForm, Subject: file}
		}
		if e.Origin != origin {
			m.t.Fatalf("%s: origin %+v, want %+v", q.ID, e.Origin, origin)
		}
		history, err := m.History(m.t.Context(), m.head, q.ID)
		must(m.t, err)
		if len(history) != len(m.lines[q.ID]) {
			m.t.Fatalf("%s: %d lines of history, want %d", q.ID, len(history), len(m.lines[q.ID]))
		}
		for i, c := range history {
			line := m.lines[q.ID][len(history)-1-i]
			if !line.same(told{given: c.ToGiven, answer: c.To}) || c.Comment != line.comment {
				m.t.Fatalf("%s: line %d says %+v, want %+v", q.ID, c.Revision, c, line)
			}
		}
	}
}

func newDesk(t *testing.T, database string, seed uint64) *desk {
	o := newSetupOn(t, database)
	m := &desk{setup: o, rnd: rand.New(rand.NewPCG(seed, 4)), lines: map[checklist.QuestionID][]told{},
		by: map[checklist.QuestionID]string{}, seen: map[string]int{}}
	m.head = o.head(arnsberg, o.round("here", "1.0.0", arnsberg, bestwig))
	var err error
	m.d, err = o.versions.Definition(t.Context(), m.head.Hash)
	must(t, err)
	return m
}

// TestFormsAgainstAModel interleaves edits by hand, workbooks taken, filled in and brought back,
// whole and in part, also twice, and compares with a model after each.
func TestFormsAgainstAModel(t *testing.T) {
	for name, edits := range map[string]int{"sqlite": 500, "postgres": 80} {
		t.Run(name, func(t *testing.T) {
			database := ""
			if name == "postgres" {
				database = testkit.Postgres(t)
			}
			m := newDesk(t, database, 1)
			m.take()
			for m.edits < edits {
				m.setup.now = m.setup.now.Add(time.Minute)
				switch n := m.rnd.IntN(100); {
				case n < 40:
					m.edit()
				case n < 85:
					m.fillIn()
				case n < 90 && len(m.forms) < 12:
					m.take()
				default:
					m.bringBack()
					m.check()
				}
			}
			m.check()
			t.Logf("%d edits: %v", m.edits, m.seen)
			for _, what := range []string{"conflict", "stored", "stale"} {
				if m.seen[what] == 0 {
					t.Errorf("there was no %s", what)
				}
			}
		})
	}
}

// TestFormsRefused brings forms to where they may not be brought.
func TestFormsRefused(t *testing.T) {
	m := newDesk(t, "", 2)
	ctx := t.Context()
	r := assessment.Returned{Assessment: m.head.ID, Hash: m.head.Hash}
	other := m.head
	other.ID++
	_, err := m.PlanForm(ctx, assessment.ByAccount(lead(arnsberg)), other, r)
	wantCode(t, err, fault.Invalid, "form_other")
	stale := r
	stale.Hash = strings.Repeat("0", 64)
	_, err = m.PlanForm(ctx, assessment.ByAccount(lead(arnsberg)), m.head, stale)
	wantCode(t, err, fault.Invalid, "form_version")
	q := m.d.Questions()[0].ID
	in := []assessment.FormInput{{Question: q, Input: assessment.Input{Values: []string{"ja"}}}}
	_, err = m.SaveForm(ctx, assessment.ByAccount(lead(arnsberg)), m.head, "x.xlsx",
		[]assessment.FormInput{in[0], {Question: "gibt-es-nicht"}})
	wantCode(t, err, fault.NotFound, "question_unknown")
	_, err = m.SaveForm(ctx, assessment.ByAccount(lead(arnsberg)), m.head, "x.xlsx",
		[]assessment.FormInput{in[0], {Question: "tage", Input: assessment.Input{Values: []string{"viele"}}}})
	wantCode(t, err, fault.Invalid, "number")
	m.check() // nothing of it
	locked := m.submit(arnsberg, round.ID(m.head.Round))
	_, err = m.PlanForm(ctx, assessment.ByAccount(lead(arnsberg)), locked, r)
	wantCode(t, err, fault.Conflict, "assessment_locked")
	_, err = m.SaveForm(ctx, assessment.ByAccount(lead(arnsberg)), locked, "x.xlsx", in)
	wantCode(t, err, fault.Conflict, "assessment_locked")
	_, err = m.SaveForm(ctx, assessment.ByAccount(lead(arnsberg)), m.head, "x.xlsx", in) // with the head as it was
	wantCode(t, err, fault.Conflict, "assessment_locked")
	b := m.setup.head(bestwig, round.ID(m.head.Round))
	m.setup.now = m.setup.now.AddDate(1, 0, 0)
	_, err = m.PlanForm(ctx, assessment.ByAccount(lead(arnsberg)), b,
		assessment.Returned{Assessment: b.ID, Hash: b.Hash})
	wantCode(t, err, fault.Conflict, "round_closed")
	m.check()
}

func TestFileName(t *testing.T) {
	for name, want := range map[string]string{
		"Antworten.xlsx": "Antworten.xlsx", `C:\Users\amt\Antworten.xlsx`: "Antworten.xlsx",
		"../../etc/passwd": "passwd", "a\r\nb\x00\u202e.xlsx": "ab.xlsx", "  ": "form.xlsx", "": "form.xlsx",
		"/":                      "form.xlsx",
		strings.Repeat("ä", 200): strings.Repeat("ä", 120), "\xff.xlsx": ".xlsx",
	} {
		if got := assessment.FileName(name); got != want {
			t.Errorf("%q: got %q, want %q", name, got, want)
		}
	}
}
