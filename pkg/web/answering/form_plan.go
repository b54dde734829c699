package answering

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/web/assessments"
	"ortsspiegel/pkg/web/site"
)

type formPlanView struct {
	assessments.AssessmentPage
	File      string
	Save      string
	Back      string
	saved     string // where the reader goes on when it is stored
	Conflicts []formLineView
	Taken     []formLineView
	Problems  []formProblemView
	Gone      []string // numbers of questions that the file no longer holds
	Far       []string // days that the file brings and that lie far from the round, with their questions' numbers
	Kept      int      // only the server's answer is newer
	Unchanged int
	Fields    []site.FormField // what the file said, for the decision
	Shown     string           // stands for what was stored while the preview is shown
	Undecided bool
}

// Nothing reports whether there is nothing to store.
func (v *formPlanView) Nothing() bool { return len(v.Conflicts)+len(v.Taken) == 0 }

type formLineView struct {
	ID, Number, Question string
	Where                string // sheet and cell
	Base, Now, File      string
	NowBy                string
	NowAt                time.Time
	NowGiven             bool
	AnswerMoves          bool
	CommentMoves         bool
	CommentCleared       bool
	CommentNow           string
	CommentFile          string
	Before               string // round whose answer is confirmed; empty: none
	Choice               string // of a conflict: file, server or nothing yet
	Error                string
}

// formProblemView is an entry that is not taken over.
type formProblemView struct {
	Number, Where string
	Entered       string // what the cell holds; empty: nothing, or it says nothing
	Text          string
	URL           string // of the question, to answer it here
}

// formSeen is what an earlier preview of the same file has shown and what its form does not bring
// again: nothing is stored in between, so it travels with the form.
type formSeen struct {
	problems        []formProblemView
	gone            []string
	kept, unchanged int
}

// formPlan shows what a form would change. decided is what was decided so far, by question; seen
// what the preview before has shown.
func (s *Pages) formPlan(r *site.Request, returned assessment.Returned, decided map[checklist.QuestionID]string,
	seen formSeen) error {
	lines, err := s.services.Assessments.PlanForm(r.Ctx(), authorOf(r), assessments.Head(r), returned)
	if err != nil {
		return s.formRefused(r, err)
	}
	d, err := s.services.Versions.Definition(r.Ctx(), assessments.Head(r).Hash)
	if err != nil {
		return err
	}
	text, err := s.ChecklistText(r, d)
	if err != nil {
		return err
	}
	v := s.formPlanFrame(r)
	v.File = returned.File
	v.Fields = append(v.Fields, site.FormField{Name: "file", Value: returned.File},
		site.FormField{Name: "proposals", Value: returned.Proposals})
	v.Problems, v.Gone, v.Kept, v.Unchanged = seen.problems, seen.gone, seen.kept, seen.unchanged
	for _, p := range returned.Problems {
		q := &text.Questions[d.Ordinal(p.Question)]
		if p.Sheet == "" {
			v.Gone = append(v.Gone, q.Number)
			continue
		}
		v.Problems = append(v.Problems, formProblemView{Number: q.Number, Where: p.Sheet + ", " + p.Cell,
			Entered: p.Entered,
			Text:    r.Text.Field(fault.Field{Code: p.Code, Message: p.Message, Args: p.Args}),
			URL:     v.questionAddress(d, p.Question)})
	}
	for i := range lines {
		v.Shown += strconv.Itoa(lines[i].Now.Revision) + "."
		v.add(r, text, &lines[i], decided)
	}
	v.remember()
	status := http.StatusOK
	if decided != nil {
		status = http.StatusUnprocessableEntity
		v.Undecided = true
		v.Notice = &site.NoticeView{Kind: "warning", Text: r.Text.Text("excel.decide_again")}
	}
	return r.Render(status, "form_plan", v)
}

// questionAddress is where a question is answered in the program.
func (v *formPlanView) questionAddress(d *checklist.Definition, id checklist.QuestionID) string {
	if v.ID == 0 { // a colleague's page has all of them
		return v.Back + "#q-" + string(id)
	}
	for i := range d.Sections {
		for j := range d.Sections[i].Questions {
			if d.Sections[i].Questions[j].ID == id {
				return v.Address("/sections/" + string(d.Sections[i].ID) + "#q-" + string(id))
			}
		}
	}
	return ""
}

// remember sends along what nothing else of the form brings again.
func (v *formPlanView) remember() {
	field := func(name, value string) { v.Fields = append(v.Fields, site.FormField{Name: name, Value: value}) }
	for _, p := range v.Problems {
		field("problem.number", p.Number)
		field("problem.where", p.Where)
		field("problem.entered", p.Entered)
		field("problem.text", p.Text)
		field("problem.question", p.question())
	}
	for _, number := range v.Gone {
		field("gone", number)
	}
	field("kept", strconv.Itoa(v.Kept))
	field("unchanged", strconv.Itoa(v.Unchanged))
}

// question is the id of the question an entry belongs to.
func (p *formProblemView) question() string {
	_, id, _ := strings.Cut(p.URL, "#q-")
	return id
}

// seenBefore reads what remember has sent along. It is shown as text and decides nothing.
func (v *formPlanView) seenBefore(d *checklist.Definition, form url.Values) formSeen {
	seen := formSeen{gone: form["gone"]}
	seen.kept, _ = strconv.Atoi(form.Get("kept")) // 0 if it is none
	seen.unchanged, _ = strconv.Atoi(form.Get("unchanged"))
	of := func(name string, i int) string {
		if list := form["problem."+name]; i < len(list) {
			return list[i]
		}
		return ""
	}
	for i := range form["problem.text"] {
		seen.problems = append(seen.problems, formProblemView{Number: of("number", i), Where: of("where", i),
			Entered: of("entered", i), Text: of("text", i),
			URL: v.questionAddress(d, checklist.QuestionID(of("question", i)))})
	}
	return seen
}

// formPlanFrame returns the preview's frame: below the assessment, or by itself for a colleague.
func (s *Pages) formPlanFrame(r *site.Request) *formPlanView {
	title := r.Text.Text("excel.plan_title")
	if assessments.Delegation(r) != nil {
		v := &formPlanView{AssessmentPage: assessments.AssessmentPage{PageView: r.Page(title)}}
		v.Save, v.Back = assessments.LinkAddress(r, "/form/save"), assessments.LinkAddress(r, "")
		v.Path, v.saved = v.Back, assessments.LinkAddress(r, "")
		return v
	}
	v := &formPlanView{AssessmentPage: assessments.AssessmentFrame(r, title)}
	v.Save, v.Back = v.Address("/form/save"), v.Address("/form")
	v.Path, v.saved = v.Back, v.Address("")
	v.SetCrumbs(append(v.Way(r.Text), site.Crumb{Label: r.Text.Text("excel.title"), URL: v.Back},
		site.Crumb{Label: v.Title, URL: ""})...)
	return v
}

// add sorts a line to where it is shown.
func (v *formPlanView) add(r *site.Request, text *assessments.ChecklistText, l *assessment.MergeLine,
	decided map[checklist.QuestionID]string) {
	switch {
	case l.Lapsed:
		q := &text.Questions[text.Definition.Ordinal(l.Question)]
		v.Problems = append(v.Problems, formProblemView{Number: q.Number, Where: l.File.Sheet + ", " + l.File.Cell,
			Entered: "x", Text: r.Text.Text("excel.lapsed"),
			URL: v.questionAddress(text.Definition, l.Question)})
		return
	case l.Conflict():
	case l.Changes(false):
	case l.Answer == assessment.Keep && !l.File.Blank || l.Comment == assessment.Keep && l.File.Comment != "":
		v.Kept++
		return
	default:
		v.Unchanged++
		return
	}
	q := &text.Questions[text.Definition.Ordinal(l.Question)]
	line := formLineView{ID: q.ID, Number: q.Number, Question: q.Text, Where: l.File.Sheet + ", " + l.File.Cell,
		Base: entryInWords(r, q, l.Base.Given, l.Base.Answer), Now: entryInWords(r, q, l.Now.Given, l.Now.Answer),
		File:  entryInWords(r, q, !l.File.Clear, l.File.Answer),
		NowBy: l.Now.By, NowAt: l.Now.At, NowGiven: l.Now.Revision > 0,
		AnswerMoves:    l.Answer == assessment.Take || l.Answer == assessment.Clash,
		CommentMoves:   l.Comment == assessment.Take || l.Comment == assessment.Clash,
		CommentCleared: l.File.ClearComment, CommentNow: l.Now.Comment, CommentFile: l.File.Comment,
		Choice: decided[l.Question]}
	if l.File.Confirm {
		line.Before = r.Text.Text("excel.confirmed")
	}
	if line.AnswerMoves && !l.File.Clear && assessments.Head(r).FarDay(l.File.Answer) {
		v.Far = append(v.Far, line.Number+" ("+line.File+")")
	}
	v.carry(l)
	if !l.Conflict() {
		v.Taken = append(v.Taken, line)
		return
	}
	if decided != nil && line.Choice == "" {
		line.Error = r.Text.Text("excel.decide")
	}
	v.Conflicts = append(v.Conflicts, line)
}

// entryInWords is an answer with its reason where it does not apply.
func entryInWords(r *site.Request, q *assessments.QuestionText, given bool, a checklist.Answer) string {
	words := assessments.AnswerInWords(r, q, given, a)
	if why := assessments.ReasonOf(given, a); why != "" {
		words += ": " + why
	}
	return words
}

// carry writes the hidden fields of a line.
func (v *formPlanView) carry(l *assessment.MergeLine) {
	id := string(l.Question)
	field := func(name, value string) {
		v.Fields = append(v.Fields, site.FormField{Name: name + "." + id, Value: value})
	}
	v.Fields = append(v.Fields, site.FormField{Name: "q", Value: id})
	field("revision", strconv.Itoa(l.File.Revision))
	field("seen", strconv.Itoa(l.Now.Revision))
	field("sheet", l.File.Sheet)
	field("cell", l.File.Cell)
	if l.File.Comment != "" {
		field("comment", l.File.Comment)
	}
	if l.File.ClearComment {
		field("clear_comment", "1")
	}
	switch {
	case l.File.Confirm:
		field("confirm", "1")
	case l.File.Blank:
		field("blank", "1")
	case l.File.Clear:
		field("clear", "1")
	default:
		in := assessment.InputOf(l.File.Answer)
		for _, value := range in.Values {
			field("value", value)
		}
		if in.NotApplicable != nil {
			field("reason", *in.NotApplicable)
		}
	}
}

// formSave stores what was decided, all of it or nothing. If an answer has changed since the preview, or a
// conflict was not decided, the preview is shown again.
func (s *Pages) formSave(r *site.Request) error {
	form, err := r.Form()
	if err != nil {
		return err
	}
	d, err := s.services.Versions.Definition(r.Ctx(), assessments.Head(r).Hash)
	if err != nil {
		return err
	}
	returned, seen, err := filledForm(d, form)
	if err != nil {
		return err
	}
	returned.Assessment, returned.Hash = assessments.Head(r).ID, assessments.Head(r).Hash
	lines, err := s.services.Assessments.PlanForm(r.Ctx(), authorOf(r), assessments.Head(r), returned)
	if err != nil {
		return s.formRefused(r, err)
	}
	frame := s.formPlanFrame(r)
	before := frame.seenBefore(d, form)
	decided, again, left := map[checklist.QuestionID]string{}, false, false
	var list []assessment.FormInput
	for i := range lines {
		l := &lines[i]
		choice := form.Get("decide." + string(l.Question))
		if choice == "file" || choice == "server" {
			decided[l.Question] = choice
		}
		if l.Now.Revision != seen[l.Question] {
			delete(decided, l.Question) // that was about another answer
			again = true
		}
		again = again || l.Lapsed || l.Conflict() && decided[l.Question] == ""
		left = left || l.Lapsed || l.Conflict() || l.Changes(false)
		if in, ok := l.Input(choice == "file"); ok {
			list = append(list, in)
		}
	}
	// If nothing is left, it is stored: by the same form, whose answer was lost, or by somebody who said the same.
	if again && left {
		return s.formPlan(r, returned, decided, before)
	}
	_, err = s.services.Assessments.SaveForm(r.Ctx(), authorOf(r), assessments.Head(r), returned.File, list)
	if errors.Is(err, assessment.ErrStale) || errors.Is(err, assessment.ErrProposals) {
		if now, ok := fault.As(err).Detail.(assessment.Entry); ok {
			delete(decided, now.Question)
		}
		return s.formPlan(r, returned, decided, before)
	}
	if err != nil {
		return err
	}
	refused := len(before.problems) + len(before.gone) + len(lines) - len(list)
	return r.SeeOther(frame.saved + "?done=form_saved&taken=" + strconv.Itoa(len(list)) + "&left=" +
		strconv.Itoa(refused))
}

// filledForm reads the hidden fields back. They are checked like anything a person sends.
func filledForm(d *checklist.Definition, form url.Values) (assessment.Returned, map[checklist.QuestionID]int, error) {
	out := assessment.Returned{File: assessment.FileName(form.Get("file")), Proposals: form.Get("proposals")}
	seen := map[checklist.QuestionID]int{}
	for _, id := range form["q"] {
		q, _, ok := d.Question(checklist.QuestionID(id))
		if _, twice := seen[checklist.QuestionID(id)]; !ok || twice {
			return out, nil, fault.New(fault.Invalid, "form_fields",
				"the form names a question the checklist does not have, or one twice")
		}
		revision, err := strconv.Atoi(form.Get("revision." + id))
		now, err2 := strconv.Atoi(form.Get("seen." + id))
		if err != nil || err2 != nil || revision < 0 || now < 0 {
			return out, nil, fault.New(fault.Invalid, "form_fields", "the form's revisions are no numbers")
		}
		f := assessment.Filled{Question: q.ID, Revision: revision, Comment: form.Get("comment." + id),
			Sheet: form.Get("sheet." + id), Cell: form.Get("cell." + id),
			ClearComment: form.Get("clear_comment."+id) != "" && form.Get("comment."+id) == "",
			Blank:        form.Get("blank."+id) != "", Clear: form.Get("clear."+id) != "",
			Confirm: form.Get("confirm."+id) != ""}
		if !f.Blank && !f.Clear && !f.Confirm {
			if reason, ok := form["reason."+id]; ok {
				f.Answer, err = q.NotApplicableAnswer(reason[0])
			} else {
				f.Answer, err = q.Parse(form["value."+id])
			}
			if err != nil {
				return out, nil, err
			}
		}
		seen[q.ID] = now
		out.Filled = append(out.Filled, f)
	}
	return out, seen, nil
}
