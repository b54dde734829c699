package answering

import (
	"html/template"
	"slices"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/internal/plaintext"
	"ortsspiegel/pkg/score"
	"ortsspiegel/pkg/web/assessments"
	"ortsspiegel/pkg/web/site"
)

// answerView is a question with what is stored, or what somebody has just entered.
type answerView struct {
	*assessments.QuestionText
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
	Carried       bool   // the answer is a confirmed proposal
	Inactive      bool
	State         string // open, saved, error, conflict
	Status        string
	Brief         string // the status as the foot shows it; empty: as a sentence
	Undo          bool   // the answer was just taken back: it can be put back
	MayAsk        bool   // a colleague, by a link
	Error         string
	Evidence      []assessments.EvidenceView
	Conflict      *conflictView
	Origin        string // where the answer was taken from
	Offer         *assessments.OfferView
}

// storedQuestion is a question with everything that is known about it in an assessment.
type storedQuestion struct {
	*assessments.QuestionText
	entry    assessment.Entry
	state    score.State
	evidence []assessment.Evidence
	offers   *assessment.Proposals
	offer    *assessment.Proposal // nil: nothing is offered; beside an answer it is shown once that is taken back
}

type choiceView struct {
	assessments.OptionText
	Chosen bool
	Was    bool // it is proposed
}

// conflictView shows both values where somebody else was faster.
type conflictView struct {
	Sent, SentComment     string
	Stored, StoredComment string
	By, At                string
}

// newAnswerView fills a question's view from what is stored.
func newAnswerView(r *site.Request, x storedQuestion) answerView {
	q, e := x.QuestionText, x.entry
	v := answerView{QuestionText: q, Lang: r.Text.Lang, Comment: e.Comment, Revision: e.Revision,
		History: e.Revision > 0 && assessments.May(r, account.ViewHistory), Given: e.Given,
		Inactive: x.state == score.Inactive, State: "open",
		Origin: assessments.OriginText(r, e.Origin)}
	values, reason, na := assessments.RawAnswer(r.Text.Lang, e)
	v.NotApplicable, v.Reason = na, reason
	v.choose(values)
	v.MayAsk = mayAsk(r)
	v.Carried = e.Origin.Kind == assessment.OriginCarried
	v.Seen = e.Digest()
	v.Words = assessments.AnswerInWords(r, q, e.Given, e.Answer)
	switch {
	case e.Given:
		v.State, v.Status = "saved", savedAt(r, e)
		v.Brief = r.Text.Text("answer.brief", "At", briefTime(r, e.At), "Name", e.By)
	case e.Revision > 0:
		v.Status = savedAt(r, e)
	case x.offer != nil && x.offer.Reason == "":
		v.Status = r.Text.Text("answer.to_confirm")
	default:
		v.Status = r.Text.Text("answer.still_open")
	}
	for _, piece := range x.evidence {
		v.Evidence = append(v.Evidence, assessments.NewEvidenceView(r, piece))
	}
	if x.offer != nil {
		v.Offer = assessments.NewOfferView(r, q, &x.offers.From, x.offer, e)
	}
	v.mark()
	return v
}

// choose sets the inputs to values as a form sends them.
func (v *answerView) choose(values []string) {
	v.Choices = make([]choiceView, len(v.Options))
	for i, o := range v.Options {
		v.Choices[i].OptionText = o
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

// mark marks what is proposed among the choices.
func (v *answerView) mark() {
	for i := range v.Choices {
		v.Choices[i].Was = v.Offer != nil && slices.Contains(v.Offer.Values, v.Choices[i].Value)
	}
}

// mayAsk reports whether the reader may ask a colleague about a question.
func mayAsk(r *site.Request) bool {
	return assessments.Delegation(r) == nil && assessments.May(r, account.DelegateQuestions)
}

// savedAt says when and by whom an entry was written.
func savedAt(r *site.Request, e assessment.Entry) string {
	id := "answer.saved"
	switch {
	case !e.Given && e.Comment != "":
		id = "answer.comment_saved"
	case !e.Given:
		id = "answer.taken_back"
	}
	return r.Text.Text(id, "At", shownTime(r, e.At), "Name", e.By)
}

// plainText brings a text area's content into the form it is stored in.
func plainText(s string) string {
	return plaintext.Text(s)
}

// questionHTML returns a question as it is stored, from memory if it was shown before.
func (s *Pages) questionHTML(r *site.Request, x storedQuestion, editable bool) (template.HTML, error) {
	e := x.entry
	key := fragmentKey{TextKey: site.TextKey{Hash: assessments.Head(r).Hash, Lang: r.Text.Lang}, question: x.Ordinal,
		editable: editable, history: assessments.May(r, account.ViewHistory), asks: mayAsk(r),
		inactive: x.state == score.Inactive,
		pieces:   len(x.evidence)}
	if e.Revision > 0 || len(x.evidence) > 0 || x.offer != nil {
		key.assessment, key.revision, key.by = assessments.Head(r).ID, e.Revision, e.By
		key.today = assessments.SameDay(e.At, s.Now())
	}
	for _, piece := range x.evidence {
		key.evidence = max(key.evidence, piece.ID)
	}
	if x.offer != nil {
		key.offered, key.offering = x.offers.From.ID, x.offers.From.Change
	}
	if html, ok := s.Memory.fragments.Get(key); ok {
		return html, nil
	}
	html, err := s.answerHTML(r, newAnswerView(r, x), editable)
	if err != nil {
		return "", err
	}
	s.Memory.fragments.Put(key, html)
	return html, nil
}

// answerHTML fills a question's template.
func (s *Pages) answerHTML(r *site.Request, v answerView, editable bool) (template.HTML, error) {
	if editable {
		return s.Fragment(r, "question", v)
	}
	return s.Fragment(r, "question-read", v)
}
