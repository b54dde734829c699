package answering

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/internal/plaintext"
	"ortsspiegel/pkg/web/assessments"
	"ortsspiegel/pkg/web/site"
)

// SavedAnswer is what a program gets for an answer that was stored. Revision is a promise to outside scripts; the rest
// serves the page.
type SavedAnswer struct {
	Revision int    `json:"revision"`
	Given    bool   `json:"given"`
	By       string `json:"by"`
	Time     string `json:"time"`  // as shown
	Brief    string `json:"brief"` // the same as the foot of a question shows it
	Seen     string `json:"seen"`
	Origin   string `json:"origin,omitempty"`  // in words
	Carried  bool   `json:"carried,omitempty"` // a confirmed proposal
}

// savedAnswer says that an entry is stored.
func savedAnswer(r *site.Request, e assessment.Entry) SavedAnswer {
	return SavedAnswer{Revision: e.Revision, Given: e.Given, By: e.By, Time: shownTime(r, e.At),
		Brief: briefTime(r, e.At), Seen: e.Digest(),
		Origin: assessments.OriginText(r, e.Origin), Carried: e.Origin.Kind == assessment.OriginCarried}
}

// StoredAnswer is one answer in answers.json and in a conflict. Without value and not_applicable
// the answer was taken back.
type StoredAnswer struct {
	Value         any      `json:"value,omitempty"`
	NotApplicable *string  `json:"not_applicable,omitempty"`
	Comment       string   `json:"comment,omitempty"`
	Revision      int      `json:"revision"`
	By            string   `json:"by,omitempty"`
	Time          string   `json:"time,omitempty"`  // as shown
	Brief         string   `json:"brief,omitempty"` // the same as the foot of a question shows it
	Input         []string `json:"input,omitempty"` // as the inputs hold it
	Text          string   `json:"text,omitempty"`  // in words; only in a conflict
	Seen          string   `json:"seen,omitempty"`
	Origin        string   `json:"origin,omitempty"`  // in words
	Carried       bool     `json:"carried,omitempty"` // a confirmed proposal
}

// ConflictAnswer carries both values when somebody else was faster.
type ConflictAnswer struct {
	Error   string       `json:"error"`
	Message string       `json:"message"`
	Sent    StoredAnswer `json:"sent"`
	Stored  StoredAnswer `json:"stored"`
}

// assessmentAnswer stores one answer: the page's autosave and outside scripts come here. It is the
// most used way of all, so it reads nothing beyond the session and the head, and fills no template.
func (s *Pages) assessmentAnswer(r *site.Request) error {
	form, err := r.Form()
	if err != nil {
		return err
	}
	in, err := answerInput(form)
	if err != nil {
		return err
	}
	e, err := s.services.Assessments.Answer(r.Ctx(), authorOf(r), assessments.Head(r),
		checklist.QuestionID(r.Param("question")), in)
	if f := fault.As(err); f != nil {
		if stale, ok := f.Detail.(assessment.Stale); ok {
			return s.answerConflict(r, f, stale)
		}
	}
	if err != nil {
		return err
	}
	return r.JSON(http.StatusOK, savedAnswer(r, e))
}

// answerInput reads the form of one answer. A missing comment leaves the stored one as it is. The page's script also
// sends what the page showed; outside scripts know the revision alone.
func answerInput(form url.Values) (assessment.Input, error) {
	in := assessment.Input{Values: form["value"], Shown: form.Get("seen")}
	if reason, ok := form["not_applicable"]; ok && (!plaintext.IsBlank(reason[0]) || len(in.Values) == 0) {
		in.NotApplicable = &reason[0]
	}
	if comment, ok := form["comment"]; ok {
		in.Comment = &comment[0]
	}
	if len(form["revision"]) == 0 {
		return in, nil
	}
	revision, err := strconv.Atoi(strings.TrimSpace(form.Get("revision")))
	if err != nil {
		return in, fault.Fields([]fault.Field{{Name: "revision", Code: "revision",
			Message: "a whole number is expected"}})
	}
	in.Revision = revision
	return in, nil
}

func (s *Pages) answerConflict(r *site.Request, f *fault.Error, stale assessment.Stale) error {
	d, err := s.services.Versions.Definition(r.Ctx(), assessments.Head(r).Hash)
	if err != nil {
		return err
	}
	text, err := s.ChecklistText(r, d)
	if err != nil {
		return err
	}
	q := &text.Questions[d.Ordinal(checklist.QuestionID(r.Param("question")))]
	return r.JSON(http.StatusConflict, ConflictAnswer{Error: f.Code, Message: r.Text.Fault(f),
		Sent: storedAnswer(r, q, stale.Sent, true), Stored: storedAnswer(r, q, stale.Stored, true)})
}

// storedAnswer writes an entry as interfaces show it.
func storedAnswer(r *site.Request, q *assessments.QuestionText, e assessment.Entry, inWords bool) StoredAnswer {
	a := StoredAnswer{Comment: e.Comment, Revision: e.Revision, By: e.By, Time: shownTime(r, e.At),
		Brief:  briefTime(r, e.At),
		Origin: assessments.OriginText(r, e.Origin), Carried: e.Origin.Kind == assessment.OriginCarried}
	values, reason, na := assessments.RawAnswer(r.Text.Lang, e)
	a.Seen = e.Digest()
	switch {
	case na:
		a.NotApplicable = &reason
	case e.Given:
		a.Input, a.Value = values, answerValue(q.Question, e.Answer)
	}
	if inWords {
		a.Text = assessments.AnswerInWords(r, q, e.Given, e.Answer)
	}
	return a
}

// answerValue returns an answer's value as JSON shows it: a list for multi, a number for a number, else text.
func answerValue(q *checklist.Question, a checklist.Answer) any {
	switch {
	case a.Kind == checklist.AnswerNumber:
		return json.Number(a.Number.String())
	case a.Kind == checklist.AnswerOptions && q.Type.Many():
		return a.Options
	case a.Kind == checklist.AnswerOptions:
		return a.Options[0]
	}
	return a.Text
}

// shownTime says when something was written: today at which hour, else on which day too; nothing where nothing was.
func shownTime(r *site.Request, at time.Time) string {
	if at.IsZero() {
		return ""
	}
	f := r.Text.Words()
	if assessments.SameDay(at, r.Srv.Now()) {
		return r.Text.Text("answer.today", "Time", f.Clock(at))
	}
	return r.Text.Text("answer.day", "Date", f.Date(at), "Time", f.Clock(at))
}

// briefTime is shownTime where there is little room: today the hour, else the day.
func briefTime(r *site.Request, at time.Time) string {
	if at.IsZero() {
		return ""
	}
	f, now := r.Text.Words(), r.Srv.Now()
	switch {
	case assessments.SameDay(at, now):
		return f.Clock(at)
	case f.Year(at) == f.Year(now):
		return f.ShortDay(at)
	}
	return f.ShortDate(at)
}

// ownAnswers is answers.json.
type ownAnswers struct {
	Answers map[checklist.QuestionID]StoredAnswer `json:"answers"`
	Status  assessment.Status                     `json:"status"`
}

// assessmentAnswers returns what is stored, for outside scripts and for colleagues' open pages. An
// open page asks every few seconds: unless something was written, the answer costs one look at the
// head. The script keeps the tag itself: no cache keeps answers beyond the sign-out.
func (s *Pages) assessmentAnswers(r *site.Request) error {
	h := r.Response().Header()
	tag := `"` + strconv.FormatInt(assessments.Head(r).Change, 10) + "-" + string(assessments.Head(r).Status) + "-" + r.Text.Lang + `"`
	h.Set("ETag", tag)
	if matches(r.Request().Header.Get("If-None-Match"), tag) {
		return r.NoContent(http.StatusNotModified)
	}
	view, err := s.AssessmentView(r)
	if err != nil {
		return err
	}
	text, err := s.ChecklistText(r, view.Definition)
	if err != nil {
		return err
	}
	all := ownAnswers{Answers: make(map[checklist.QuestionID]StoredAnswer, len(view.Entries)),
		Status: assessments.Head(r).Status}
	for id, e := range view.Entries {
		if i := view.Definition.Ordinal(id); i >= 0 {
			all.Answers[id] = storedAnswer(r, &text.Questions[i], e, false)
		}
	}
	return r.JSON(http.StatusOK, all)
}

// matches reports whether an If-None-Match header names the tag.
func matches(header, tag string) bool {
	for _, t := range strings.Split(header, ",") {
		if t = strings.TrimSpace(t); t == "*" || strings.TrimPrefix(t, "W/") == tag {
			return true
		}
	}
	return false
}

// authorOf is who answers questions by a request: whoever has the link of its address, else whoever is signed in.
func authorOf(r *site.Request) assessment.Author {
	if d := assessments.Delegation(r); d != nil {
		return assessment.ByLink(*d)
	}
	return assessment.ByAccount(r.Actor)
}
