package web

import (
	"html/template"
	"time"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/internal/plaintext"
	"ortsspiegel/pkg/score"
	"ortsspiegel/pkg/wording"
)

// notApplicableChoice is the value of the radio button "not applicable": no option can have this id.
const notApplicableChoice = "!"

// answerView is a question with what is stored, or what somebody has just entered.
type answerView struct {
	*questionText
	Lang          string
	Choices       []choiceView
	Value         string // number, text and date
	NotApplicable bool
	Reason        string
	Comment       string
	Revision      int
	History       bool   // what was there before may be looked at
	ByLink        bool   // shown to a colleague without an account: neither evidence nor history
	Seen          string // digest of what is shown, to tell an untouched question from a changed one
	Given         bool
	Words         string // the answer in words
	Inactive      bool
	State         string // open, saved, error, conflict
	Status        string
	Error         string
	Evidence      []evidenceView
	Conflict      *conflictView
	Origin        string // where the answer was taken from
	Offer         *offerView
}

// storedQuestion is a question with everything that is known about it in an assessment.
type storedQuestion struct {
	*questionText
	entry    assessment.Entry
	state    score.State
	evidence []assessment.Evidence
	offers   *assessment.Proposals
	offer    *assessment.Proposal // nil: nothing is offered; beside an answer it is shown once that is taken back
}

type choiceView struct {
	optionText
	Chosen bool
}

type evidenceView struct {
	ID     int64
	Link   string // empty: a file
	Title  string
	Size   string
	Type   string
	By     string
	At     time.Time
	Origin string // where it was taken from
	Round  string // the same, in short
}

// conflictView shows both values where somebody else was faster.
type conflictView struct {
	Sent, SentComment     string
	Stored, StoredComment string
	By, At                string
}

// answerView fills a question's view from what is stored.
func (r *request) answerView(x storedQuestion) answerView {
	q, e := x.questionText, x.entry
	v := answerView{questionText: q, Lang: r.text.lang, Comment: e.Comment, Revision: e.Revision, History: e.Revision > 0 && r.may(account.ViewHistory), Given: e.Given, Inactive: x.state == score.Inactive, State: "open",
		Origin: r.originText(e.Origin)}
	values, reason, na := rawAnswer(r.text.lang, e)
	v.NotApplicable, v.Reason = na, reason
	v.choose(values)
	v.Seen = e.Digest()
	v.Words = answerInWords(r, q, e.Given, e.Answer)
	if e.Revision > 0 {
		v.Status = r.savedAt(e)
		if e.Given {
			v.State = "saved"
		}
	}
	for _, piece := range x.evidence {
		v.Evidence = append(v.Evidence, newEvidenceView(r, piece))
	}
	if x.offer != nil {
		v.Offer = r.offerView(q, &x.offers.From, x.offer, e)
	}
	return v
}

// choose sets the inputs to values as a form sends them.
func (v *answerView) choose(values []string) {
	v.Choices = make([]choiceView, len(v.Options))
	for i, o := range v.Options {
		v.Choices[i].optionText = o
		for _, x := range values {
			if x == o.Value {
				v.Choices[i].Chosen = true
			}
		}
	}
	v.Value = ""
	if len(v.Options) == 0 && len(values) > 0 {
		v.Value = values[0]
	}
}

// savedAt says when and by whom an entry was written.
func (r *request) savedAt(e assessment.Entry) string {
	id := "answer.saved"
	switch {
	case !e.Given && e.Comment != "":
		id = "answer.comment_saved"
	case !e.Given:
		id = "answer.taken_back"
	}
	return r.text.text(id, "At", shownTime(r, e.At), "Name", e.By)
}

func sameDay(a, b time.Time) bool {
	return wording.ISODay(a) == wording.ISODay(b)
}

// rawAnswer returns an entry as the inputs hold it.
func rawAnswer(lang string, e assessment.Entry) (values []string, reason string, na bool) {
	if !e.Given {
		return nil, "", false
	}
	switch a := e.Answer; a.Kind {
	case checklist.AnswerNotApplicable:
		return nil, a.Text, true
	case checklist.AnswerNumber:
		return []string{wording.Page(checklist.Lang(lang)).Marked(a.Number.String())}, "", false
	case checklist.AnswerOptions:
		values = make([]string, len(a.Options))
		for i, id := range a.Options {
			values[i] = string(id)
		}
		return values, "", false
	default:
		return []string{a.Text}, "", false
	}
}

// plainText brings a text area's content into the form it is stored in.
func plainText(s string) string {
	return plaintext.Text(s)
}

// questionHTML returns a question as it is stored, from memory if it was shown before.
func (s *answeringPages) questionHTML(r *request, x storedQuestion, editable bool) (template.HTML, error) {
	e := x.entry
	key := fragmentKey{textKey: textKey{r.head.Hash, r.text.lang}, question: x.ordinal, editable: editable, history: r.may(account.ViewHistory), inactive: x.state == score.Inactive, pieces: len(x.evidence)}
	if e.Revision > 0 || len(x.evidence) > 0 || x.offer != nil {
		key.assessment, key.revision, key.by = r.head.ID, e.Revision, e.By
		key.today = sameDay(e.At, s.Now())
	}
	for _, piece := range x.evidence {
		key.evidence = max(key.evidence, piece.ID)
	}
	if x.offer != nil {
		key.offered, key.offering = x.offers.From.ID, x.offers.From.Change
	}
	if html, ok := s.memory.fragments.get(key); ok {
		return html, nil
	}
	html, err := s.answerHTML(r, r.answerView(x), editable)
	if err != nil {
		return "", err
	}
	s.memory.fragments.put(key, html)
	return html, nil
}

// answerHTML fills a question's template.
func (s *answeringPages) answerHTML(r *request, v answerView, editable bool) (template.HTML, error) {
	if editable {
		return s.fragment(r, "question", v)
	}
	return s.fragment(r, "question-read", v)
}

func newEvidenceView(r *request, e assessment.Evidence) evidenceView {
	v := evidenceView{ID: int64(e.ID), Link: e.Link, Title: e.Title, By: e.By, At: e.At, Origin: r.originText(e.Origin), Round: r.originShort(e.Origin)}
	if e.Link == "" {
		v.Size = fileSize(r, e.Size)
	}
	return v
}

// fileSize writes bytes as people read them: 340 kB, 1,2 MB.
func fileSize(r *request, bytes int64) string {
	f := r.text.words()
	if bytes < 1_000_000 {
		return f.Decimal(float64(max(bytes, 1000))/1000, 0) + " kB"
	}
	return f.Decimal(float64(bytes)/1e6, 1) + " MB"
}
