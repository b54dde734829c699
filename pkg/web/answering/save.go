package answering

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/web/assessments"
	"ortsspiegel/pkg/web/site"
)

// sentQuestion is what the form of a section sends for one question.
type sentQuestion struct {
	values   []string
	na       bool
	reason   string
	comment  string
	revision int
	seen     string // digest of what the page showed; empty: the form does not say
}

// readQuestion reads a question's fields. Where a value and "not applicable" came together, as they
// can without scripts, what is new counts.
func readQuestion(form url.Values, q *checklist.Question, stored assessment.Entry) sentQuestion {
	id := string(q.ID)
	in := sentQuestion{reason: plainText(form.Get("reason." + id)), comment: plainText(form.Get("comment." + id)),
		seen: form.Get("seen." + id)}
	in.revision, _ = strconv.Atoi(form.Get("rev." + id)) // a broken one is 0: then the store finds it stale
	in.na = form.Has("na." + id)
	for _, v := range form["a."+id] {
		switch v = plainText(v); v {
		case "":
		case assessments.NotApplicableChoice:
			in.na = true
		default:
			in.values = append(in.values, v)
		}
	}
	wasNotApplicable := stored.Given && stored.Answer.Kind == checklist.AnswerNotApplicable
	switch {
	case in.na && len(in.values) > 0 && wasNotApplicable:
		in.na = false
	case in.na && len(in.values) > 0:
		in.values = nil
	case !in.na && len(in.values) == 0 && in.reason != "" && !wasNotApplicable:
		in.na = true // a reason without its tick means it
	}
	if !in.na {
		in.reason = ""
	}
	return in
}

// answer checks what was sent as the service will.
func (in sentQuestion) answer(q *checklist.Question) (a checklist.Answer, given bool, err error) {
	switch {
	case in.na:
		a, err = q.NotApplicableAnswer(in.reason)
		return a, true, err
	case len(in.values) > 0:
		a, err = q.Parse(in.values)
		return a, true, err
	}
	return checklist.Answer{}, false, nil
}

func (in sentQuestion) input() assessment.Input {
	out := assessment.Input{Values: in.values, Comment: &in.comment, Revision: in.revision, Shown: in.seen}
	if in.na {
		out.NotApplicable = &in.reason
	}
	return out
}

// untouched reports whether the question was sent as it was shown. What would be refused today may have been stored
// by the rules of another day.
func (in sentQuestion) untouched(q *checklist.Question) bool {
	e := assessment.Entry{Comment: in.comment}
	var err error
	if e.Answer, e.Given, err = in.answer(q); err != nil {
		switch {
		case in.na:
			e.Answer = checklist.Answer{Kind: checklist.AnswerNotApplicable, Text: in.reason}
		case q.Type.Shape() == checklist.ShapeText:
			e.Answer = checklist.Answer{Kind: checklist.AnswerText, Text: in.values[0]}
		default:
			return false
		}
	}
	return in.seen != "" && in.seen == e.Digest()
}

// sameAs reports whether what was sent says what is stored anyway.
func (in sentQuestion) sameAs(q *checklist.Question, e assessment.Entry) bool {
	a, given, err := in.answer(q)
	return err == nil && given == e.Given && (!given || a.Equal(e.Answer)) && in.comment == e.Comment
}

// sectionSaving is one save of a whole section without scripts: what can be stored is stored, the rest is shown again.
type sectionSaving struct {
	saved     int
	confirmed int
	answered  map[checklist.QuestionID]bool       // those that the form answers or takes back, or tries to
	entered   map[checklist.QuestionID]answerView // refused ones, as they were entered
	noted     map[checklist.QuestionID]string     // what is said at a question that is shown as it is stored
	was       map[checklist.QuestionID]string     // what was proposed when the form was shown
	errors    []site.ErrorLine
	conflict  bool
	asked     []string // the basket that travels along
}

func newSectionSaving() sectionSaving {
	return sectionSaving{answered: map[checklist.QuestionID]bool{}, entered: map[checklist.QuestionID]answerView{},
		noted: map[checklist.QuestionID]string{}, was: map[checklist.QuestionID]string{}}
}

// about reports whether there is something to say at a question.
func (x *sectionSaving) about(id checklist.QuestionID) bool {
	_, entered := x.entered[id]
	return entered || x.noted[id] != "" || x.was[id] != ""
}

// note says at a question why something was not stored; the question is shown as it is.
func (x *sectionSaving) note(r *site.Request, q *assessments.QuestionText, text string) {
	x.conflict = true
	x.noted[q.Question.ID] = text
	x.errors = append(x.errors, site.ErrorLine{Field: "q-" + q.ID, Text: r.Text.Text("answer.error_line", "Number",
		q.Number, "Error", text)})
}

// assessmentSectionSave stores all changed questions of a section, each with its own revision.
func (s *Pages) assessmentSectionSave(r *site.Request) error {
	form, err := r.Form()
	if err != nil {
		return err
	}
	view, err := s.AssessmentView(r)
	if err != nil {
		return err
	}
	section, _, ok := view.Definition.Section(checklist.SectionID(r.Param("section")))
	if !ok {
		return assessments.ErrNoSection
	}
	if !assessments.Editable(r) {
		return s.refuseLocked(r)
	}
	text, err := s.ChecklistText(r, view.Definition)
	if err != nil {
		return err
	}
	out := newSectionSaving()
	out.asked = form["asked"]
	for i := range section.Questions {
		q := &section.Questions[i]
		if err := s.saveQuestion(r, form, &text.Questions[view.Definition.Ordinal(q.ID)], view.Entries[q.ID],
			&out); err != nil {
			return err
		}
	}
	if err := s.undo(r, form, &out); err != nil {
		return err
	}
	if err := s.confirmInForm(r, form, section, &out); err != nil {
		return err
	}
	if len(out.errors) == 0 {
		return r.SeeOther(s.afterSaving(r, form, view.Definition, &out))
	}
	return s.showRefused(r, &out)
}

// showRefused shows the section once more, with what was refused and why.
func (s *Pages) showRefused(r *site.Request, out *sectionSaving) error {
	if err := s.RefreshHead(r); err != nil {
		return err
	}
	page, err := s.fillSection(r, out)
	if err != nil {
		return err
	}
	page.Errors = out.errors
	var done []string
	if out.confirmed > 0 {
		done = append(done, r.Text.Text("proposal.confirmed", "Count", out.confirmed))
	}
	if out.saved > 0 {
		done = append(done, r.Text.Text("section.others_saved", "Count", out.saved))
	}
	if len(done) > 0 {
		page.Notice = &site.NoticeView{Kind: "success", Text: strings.Join(done, " ")}
	}
	status := http.StatusUnprocessableEntity
	if out.conflict {
		status = http.StatusConflict
	}
	return r.Render(status, "assessment_section", page)
}

// refuseLocked says why nothing can be stored any more.
func (s *Pages) refuseLocked(r *site.Request) error {
	if assessments.Head(r).Status == assessment.Submitted {
		return assessment.ErrLocked
	}
	return assessment.ErrRoundClosed
}

// saveQuestion stores one question of the form if it was changed. Refused input is kept in out.
func (s *Pages) saveQuestion(r *site.Request, form url.Values, q *assessments.QuestionText, stored assessment.Entry,
	out *sectionSaving) error {
	id := q.Question.ID
	if !form.Has("rev."+q.ID) || form.Get("keep") == q.ID {
		return nil // not in the form, or the reader decided for what is stored
	}
	in := readQuestion(form, q.Question, stored)
	if form.Get("clear") == q.ID {
		in.values, in.na, in.reason = nil, false, ""
	}
	out.answered[id] = len(in.values) > 0 || in.na
	if in.untouched(q.Question) || in.sameAs(q.Question, stored) {
		return nil
	}
	out.answered[id] = out.answered[id] || stored.Given
	_, err := s.services.Assessments.Answer(r.Ctx(), authorOf(r), assessments.Head(r), id, in.input())
	if err == nil {
		out.saved++
		return nil
	}
	f := fault.As(err)
	if f == nil {
		return err
	}
	v := enteredView(r, q, in)
	stale, isStale := f.Detail.(assessment.Stale)
	switch {
	case isStale:
		out.conflict = true
		v.State, v.Conflict = "conflict", newConflict(r, q, stale)
		// Saving once more now means: my input counts, over what is shown as stored.
		v.Revision, v.Seen = stale.Stored.Revision, stale.Stored.Digest()
		v.Error = r.Text.Text("answer.conflict")
	case f.Kind == fault.Invalid:
		v.Error = fieldErrors(r, f)
	default:
		return err
	}
	out.entered[id] = v
	out.errors = append(out.errors, site.ErrorLine{Field: "a-" + q.ID, Text: r.Text.Text("answer.error_line", "Number",
		q.Number, "Error", v.Error)})
	return nil
}

// undo puts an answer back that was taken back last, unless the form answers the question anew. What was there is
// read from the history: nothing needs to travel along.
func (s *Pages) undo(r *site.Request, form url.Values, out *sectionSaving) error {
	id := checklist.QuestionID(form.Get("undo"))
	if answered, sent := out.answered[id]; !sent || answered {
		return nil
	}
	changes, err := s.services.Assessments.History(r.Ctx(), assessments.Head(r), id)
	if err != nil {
		return err
	}
	for _, c := range changes { // the newest first
		if c.ToGiven {
			return nil
		}
		if !c.FromGiven {
			continue // the comment alone
		}
		in := assessment.InputOf(c.From)
		in.Revision = changes[0].Revision
		if _, err := s.services.Assessments.Answer(r.Ctx(), authorOf(r), assessments.Head(r), id, in); err != nil {
			return err
		}
		out.saved++
		return nil
	}
	return nil
}

// clearedIn is the part of an address that offers to put back what was just taken back.
func clearedIn(button, question string) string {
	if button != "clear" {
		return ""
	}
	return "&cleared=" + question
}

// justCleared reports whether the form that led here took the answer to a question back.
func justCleared(r *site.Request, x storedQuestion) bool {
	return r.QueryParam("cleared") == x.ID && !x.entry.Given && x.entry.Revision > 0
}

// enteredView shows a question as it was sent.
func enteredView(r *site.Request, q *assessments.QuestionText, in sentQuestion) answerView {
	v := answerView{QuestionText: q, Lang: r.Text.Lang, NotApplicable: in.na, Reason: in.reason, Comment: in.comment,
		Revision: in.revision,
		Seen:     in.seen, State: "error", Status: r.Text.Text("answer.not_saved")}
	v.choose(in.values)
	return v
}

func fieldErrors(r *site.Request, f *fault.Error) string {
	texts := make([]string, 0, len(f.Fields))
	for _, field := range f.Fields {
		if t := r.Text.Field(field); !slices.Contains(texts, t) {
			texts = append(texts, t)
		}
	}
	if len(texts) == 0 {
		return r.Text.Fault(f)
	}
	return strings.Join(texts, " ")
}

func newConflict(r *site.Request, q *assessments.QuestionText, stale assessment.Stale) *conflictView {
	return &conflictView{
		Sent: assessments.AnswerInWords(r, q, stale.Sent.Given, stale.Sent.Answer), SentComment: stale.Sent.Comment,
		Stored:        assessments.AnswerInWords(r, q, stale.Stored.Given, stale.Stored.Answer),
		StoredComment: stale.Stored.Comment,
		By:            stale.Stored.By, At: shownTime(r, stale.Stored.At),
	}
}

// afterSaving is where the button that was pressed leads.
func (s *Pages) afterSaving(r *site.Request, form url.Values, d *checklist.Definition, out *sectionSaving) string {
	base := "/assessments/" + strconv.FormatInt(int64(assessments.Head(r).ID), 10)
	_, index, _ := d.Section(checklist.SectionID(r.Param("section")))
	saved := strconv.Itoa(out.saved)
	if form.Has("confirm") {
		saved += "&confirmed=" + strconv.Itoa(out.confirmed)
	}
	here := base + "/sections/" + r.Param("section") + "?saved=" + saved
	if q := form.Get("evidence"); q != "" && d.Ordinal(checklist.QuestionID(q)) >= 0 {
		return base + "/questions/" + q + "/evidence"
	}
	basket := newBasket(d, form["asked"])
	if q := form.Get("ask"); q != "" && d.Ordinal(checklist.QuestionID(q)) >= 0 {
		return base + basket.with(q).delegations()
	}
	here += basket.query("&")
	for _, name := range []string{"clear", "undo", "keep", "take", "confirm"} {
		if q := form.Get(name); q != "" && d.Ordinal(checklist.QuestionID(q)) >= 0 {
			return here + clearedIn(name, q) + "#q-" + q
		}
	}
	// The next page says what was saved, and its heading gets the focus.
	arrival := "?of=" + r.Param("section") + "&saved=" + saved + basket.query("&") + "#heading"
	switch {
	case form.Get("then") != "next":
		return here
	case index+1 < len(d.Sections):
		return base + "/sections/" + string(d.Sections[index+1].ID) + arrival
	}
	return base + "/overview" + arrival
}
