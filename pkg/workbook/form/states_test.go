package form

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/score"
	"ortsspiegel/pkg/workbook/book"
	"ortsspiegel/pkg/workbook/sample"
)

// fill sets a question's inputs to an answer, or to nothing.
func (p *paper) fill(q *checklist.Question, a checklist.Answer, given bool, lang checklist.Lang) {
	p.t.Helper()
	id := string(q.ID)
	var value, reason any
	ticked := map[checklist.OptionID]bool{}
	switch {
	case !given:
	case a.Kind == checklist.AnswerNotApplicable:
		reason = a.Text
	case q.Type == checklist.TypeMulti:
		for _, o := range a.Options {
			ticked[o] = true
		}
	case a.Kind == checklist.AnswerOptions:
		value = book.Labels(q, lang)[q.Option(a.Options[0])]
	case a.Kind == checklist.AnswerNumber:
		value = a.Number.InexactFloat64()
	case a.Kind == checklist.AnswerDate:
		n, _ := book.Day(a.Text)
		value = n
	default:
		value = a.Text
	}
	p.set("value "+id, value)
	if q.NotApplicable {
		p.set("reason "+id, reason)
	}
	if q.Type == checklist.TypeMulti {
		for _, o := range q.Options {
			p.set("tick "+id+" "+string(o.ID), book.Ternary(ticked[o.ID], any(formTick), nil))
		}
	}
}

// drifts reports whether a condition depends, by way of questions outside the form, on one inside: what is
// outside is a constant of when the form was written.
func drifts(d *checklist.Definition, inside func(checklist.QuestionID) bool, c *checklist.Condition, out bool) bool {
	if c == nil {
		return false
	}
	for _, list := range [][]checklist.Condition{c.All, c.Any} {
		for i := range list {
			if drifts(d, inside, &list[i], out) {
				return true
			}
		}
	}
	if c.Not != nil {
		return drifts(d, inside, c.Not, out)
	}
	q, _, ok := d.Question(c.Question)
	if !ok {
		return false
	}
	if inside(q.ID) {
		return out || drifts(d, inside, q.When, false)
	}
	return drifts(d, inside, q.When, true)
}

// TestFormStates fills in forms at random, lets LibreOffice recalculate, and compares the states
// and the cover with score.
func TestFormStates(t *testing.T) {
	type sheetOf struct {
		name  string
		d     *checklist.Definition
		plan  *FormPlan
		want  []score.State
		check func(checklist.QuestionID) bool
	}
	dir := t.TempDir()
	var files []string
	var sheets []sheetOf
	definitions := []*checklist.Definition{sample.Willkommen(t), formular(t),
		sample.Load(t, "../testdata/kanten.yaml"), formular(t), sample.Load(t, "../testdata/kanten.yaml")}
	for i := range 45 {
		d := definitions[i%len(definitions)]
		rnd := sample.Seeded(uint64(i))
		before, after := sample.RandomAnswers(d, rnd, 0.6), sample.RandomAnswers(d, rnd, []float64{0.9, 1, 0.5, 0}[i%4])
		f := sample.FormOf(d, before)
		if i%2 == 1 { // a part of the questions
			f.Questions = []checklist.QuestionID{}
			for _, q := range d.Questions() {
				if rnd.IntN(2) == 0 {
					f.Questions = append(f.Questions, q.ID)
				}
			}
			if len(f.Questions) == 0 {
				f.Questions = nil
			}
		}
		inside := func(id checklist.QuestionID) bool { return f.Questions == nil || slices.Contains(f.Questions, id) }
		last := score.Answers{}
		if i%3 == 0 {
			last = sample.RandomAnswers(d, rnd, 0.7)
			proposed(&f, last)
		}
		p := onPaper(t, writtenForm(t, f, "de"))
		mixed := score.Answers{}
		for _, q := range d.Questions() {
			a, given := after[q.ID]
			_, had := before[q.ID]
			old, offered := last[q.ID]
			if !inside(q.ID) {
				a, given = before[q.ID]
			} else if offered && !had && rnd.IntN(2) == 0 {
				a, given = old, true
				p.set("take "+string(q.ID), formTick)
			} else {
				p.fill(q, a, given, "de")
			}
			if given {
				mixed[q.ID] = a
			}
		}
		file := filepath.Join(dir, fmt.Sprintf("form%02d.xlsx", i))
		if err := os.WriteFile(file, p.bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		p.f.Close()
		plan := &FormPlan{Form: &f, B: &book.Book{Lang: "de"}, Lang: "de", shift: book.Ternary(i%3 == 0, formProposed,
			0), at: map[checklist.QuestionID]*FormQuestion{}}
		plan.place()
		files = append(files, file)
		sheets = append(sheets, sheetOf{fmt.Sprintf("form%02d", i), d, plan, score.States(d, mixed),
			func(id checklist.QuestionID) bool {
				q, _, _ := d.Question(id)
				return !drifts(d, inside, q.When, false)
			}})
	}
	out := sample.Recalculate(t, "de", sample.AsTables, files)
	compared := 0
	for _, s := range sheets {
		read := sample.OfTables(t, filepath.Join(out, s.name))
		all := true
		var total [3]int // asked, done, open
		for _, section := range s.plan.sections {
			for _, q := range section.questions {
				want := s.want[s.d.Ordinal(q.Q.ID)]
				switch want {
				case score.Answered, score.NotApplicable:
					total[1]++
				case score.Open:
					total[2]++
				}
				if want != score.Inactive {
					total[0]++
				}
				if !s.check(q.Q.ID) {
					all = false
					continue
				}
				compared++
				if got := read(section.name, book.Cell(s.plan.col(formState), q.row)); got != s.plan.stateWord(want) {
					t.Errorf("%s: %s is %q, want %q", s.name, q.Q.ID, got, s.plan.stateWord(want))
				}
			}
		}
		if !all {
			continue
		}
		row := 1
		for read("Deckblatt", book.Cell(1, row)) != "Zusammen" {
			row++
		}
		for i, want := range total {
			if got := read("Deckblatt", book.Cell(2+i, row)); got != strconv.Itoa(want) {
				t.Errorf("%s: the cover says %s in column %d, want %d", s.name, got, 2+i, want)
			}
		}
		if got := read("Deckblatt", book.Cell(5, row)); got != "0" {
			t.Errorf("%s: %s answers to check, want none", s.name, got)
		}
	}
	t.Logf("%d states of %d forms", compared, len(sheets))
	if compared < 500 {
		t.Errorf("only %d states were compared", compared)
	}
}
