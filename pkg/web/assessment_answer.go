package web

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
)

// savedAnswer is what a program gets for an answer that was stored. Revision is a promise to outside scripts; the rest
// serves the page.
type savedAnswer struct {
	Revision int    `json:"revision"`
	Given    bool   `json:"given"`
	By       string `json:"by"`
	Time     string `json:"time"` // as shown
	Seen     string `json:"seen"`
	Origin   string `json:"origin,omitempty"`  // in words
	Carried  bool   `json:"carried,omitempty"` // a confirmed proposal
}

// savedAnswer says that an entry is stored.
func (r *request) savedAnswer(e assessment.Entry) savedAnswer {
	return savedAnswer{Revision: e.Revision, Given: e.Given, By: e.By, Time: shownTime(r, e.At), Seen: e.Digest(), Origin: r.originText(e.Origin), Carried: e.Origin.Kind == assessment.OriginCarried}
}

// storedAnswer is one answer in answers.json and in a conflict. Without value and not_applicable the answer was taken back.
type storedAnswer struct {
	Value         any      `json:"value,omitempty"`
	NotApplicable *string  `json:"not_applicable,omitempty"`
	Comment       string   `json:"comment,omitempty"`
	Revision      int      `json:"revision"`
	By            string   `json:"by,omitempty"`
	Time          string   `json:"time,omitempty"`  // as shown
	Input         []string `json:"input,omitempty"` // as the inputs hold it
	Text          string   `json:"text,omitempty"`  // in words; only in a conflict
	Seen          string   `json:"seen,omitempty"`
	Origin        string   `json:"origin,omitempty"`  // in words
	Carried       bool     `json:"carried,omitempty"` // a confirmed proposal
}

// conflictAnswer carries both values when somebody else was faster.
type conflictAnswer struct {
	Error   string       `json:"error"`
	Message string       `json:"message"`
	Sent    storedAnswer `json:"sent"`
	Stored  storedAnswer `json:"stored"`
}

// assessmentAnswer stores one answer: the page's autosave and outside scripts come here. It is the most used way of all,
// so it reads nothing beyond the session and the head, and fills no template.
func (s *answeringPages) assessmentAnswer(r *request) error {
	form, err := r.form()
	if err != nil {
		return err
	}
	in, err := answerInput(form)
	if err != nil {
		return err
	}
	e, err := s.storeAnswer(r, checklist.QuestionID(r.Param("question")), in)
	if f := fault.As(err); f != nil {
		if stale, ok := f.Detail.(assessment.Stale); ok {
			return s.answerConflict(r, f, stale)
		}
	}
	if err != nil {
		return err
	}
	return r.JSON(http.StatusOK, r.savedAnswer(e))
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
		return in, fault.Fields([]fault.Field{{Name: "revision", Code: "revision", Message: "a whole number is expected"}})
	}
	in.Revision = revision
	return in, nil
}

func (s *answeringPages) answerConflict(r *request, f *fault.Error, stale assessment.Stale) error {
	d, err := s.Versions.Definition(r.ctx(), r.head.Hash)
	if err != nil {
		return err
	}
	text, err := s.checklistText(r, d)
	if err != nil {
		return err
	}
	q := &text.questions[d.Ordinal(checklist.QuestionID(r.Param("question")))]
	return r.JSON(http.StatusConflict, conflictAnswer{Error: f.Code, Message: r.text.fault(f),
		Sent: r.storedAnswer(q, stale.Sent, true), Stored: r.storedAnswer(q, stale.Stored, true)})
}

// storedAnswer writes an entry as interfaces show it.
func (r *request) storedAnswer(q *questionText, e assessment.Entry, inWords bool) storedAnswer {
	a := storedAnswer{Comment: e.Comment, Revision: e.Revision, By: e.By, Time: shownTime(r, e.At), Origin: r.originText(e.Origin), Carried: e.Origin.Kind == assessment.OriginCarried}
	values, reason, na := rawAnswer(r.text.lang, e)
	a.Seen = e.Digest()
	switch {
	case na:
		a.NotApplicable = &reason
	case e.Given:
		a.Input, a.Value = values, answerValue(q.question, e.Answer)
	}
	if inWords {
		a.Text = answerInWords(r, q, e.Given, e.Answer)
	}
	return a
}

// answerValue returns an answer's value as JSON shows it: a list for multi, a number for a number, else text.
func answerValue(q *checklist.Question, a checklist.Answer) any {
	switch {
	case a.Kind == checklist.AnswerNumber:
		return json.Number(a.Number.String())
	case a.Kind == checklist.AnswerOptions && q.Type == checklist.TypeMulti:
		return a.Options
	case a.Kind == checklist.AnswerOptions:
		return a.Options[0]
	}
	return a.Text
}

// shownTime says when something was written: today at which hour, else on which day too; nothing where nothing was.
func shownTime(r *request, at time.Time) string {
	if at.IsZero() {
		return ""
	}
	f := r.text.words()
	if sameDay(at, r.srv.Now()) {
		return r.text.text("answer.today", "Time", f.Clock(at))
	}
	return r.text.text("answer.day", "Date", f.Date(at), "Time", f.Clock(at))
}

// ownAnswers is answers.json.
type ownAnswers struct {
	Answers map[checklist.QuestionID]storedAnswer `json:"answers"`
	Status  assessment.Status                     `json:"status"`
}

// assessmentAnswers returns what is stored, for outside scripts and for colleagues' open pages. An open page asks every few
// seconds: unless something was written, the answer costs one look at the head. The script keeps the tag itself: no cache keeps
// answers beyond the sign-out.
func (s *answeringPages) assessmentAnswers(r *request) error {
	h := r.Response().Header()
	tag := `"` + strconv.FormatInt(r.head.Change, 10) + "-" + string(r.head.Status) + "-" + r.text.lang + `"`
	h.Set("ETag", tag)
	if matches(r.Request().Header.Get("If-None-Match"), tag) {
		return r.NoContent(http.StatusNotModified)
	}
	view, err := s.assessmentView(r)
	if err != nil {
		return err
	}
	text, err := s.checklistText(r, view.Definition)
	if err != nil {
		return err
	}
	all := ownAnswers{Answers: make(map[checklist.QuestionID]storedAnswer, len(view.Entries)), Status: r.head.Status}
	for id, e := range view.Entries {
		if i := view.Definition.Ordinal(id); i >= 0 {
			all.Answers[id] = r.storedAnswer(&text.questions[i], e, false)
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
