package web

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/fault"
)

// proposalRoutes confirm what a town answered in an earlier round. Without scripts the section's own form does, so that nothing
// else that was typed there is lost.
func (s *answeringPages) proposalRoutes() []route {
	return []route{
		{method: http.MethodPost, path: "/assessments/:assessment/proposals/:question", name: "proposal.confirm", action: account.EditAssessment, object: assessmentObject, handler: s.proposalConfirm},
		{method: http.MethodGet, path: "/assessments/:assessment/sections/:section/proposals", name: "proposal.left", action: account.EditAssessment, object: assessmentObject, handler: s.proposalLeft, background: true},
		{method: http.MethodPost, path: "/assessments/:assessment/sections/:section/proposals", name: "proposal.section", action: account.EditAssessment, object: assessmentObject, handler: s.proposalSection},
	}
}

// everyProposal is what the button that confirms a whole section sends: no question can have this id.
const everyProposal = "*"

// proposalsOf returns what the town's earlier answers offer to an assessment: nothing unless it takes answers from the reader's town.
func (s *assessmentPages) proposalsOf(r *request, h assessment.Head) (assessment.Proposals, error) {
	if !r.actor.Role.ForTown() || !h.TakesAnswers(s.Now()) {
		return assessment.Proposals{}, nil
	}
	return s.Assessments.Proposals(r.ctx(), h)
}

// confirmedAnswer is what a program gets for a confirmed proposal. Revision is what it is for every saved answer; the rest
// serves the page.
type confirmedAnswer struct {
	savedAnswer
	Input         []string          `json:"input,omitempty"` // as the inputs hold it
	NotApplicable *string           `json:"not_applicable,omitempty"`
	Comment       string            `json:"comment,omitempty"`
	Evidence      []evidenceAnswer  `json:"evidence,omitempty"`
	Proposals     *proposalProgress `json:"proposals,omitempty"` // of its section, where one was confirmed alone
}

// evidenceAnswer is a piece of evidence as the page's script shows it.
type evidenceAnswer struct {
	Title  string `json:"title"`
	URL    string `json:"url"`
	Link   bool   `json:"link"`
	Size   string `json:"size,omitempty"`   // of a file, in words
	Origin string `json:"origin,omitempty"` // in words
}

// confirmedSection is what a program gets for a confirmed section.
type confirmedSection struct {
	Saved     map[checklist.QuestionID]confirmedAnswer `json:"saved"`
	Kept      map[checklist.QuestionID]conflictAnswer  `json:"kept"` // somebody was faster
	Proposals proposalProgress                         `json:"proposals"`
}

// sheetOf is an assessment as it is now, with the words of its checklist.
type sheetOf struct {
	view   assessment.View
	text   *checklistText
	offers assessment.Proposals
}

func (s *assessmentPages) sheetOf(r *request) (*sheetOf, error) {
	view, err := s.assessmentView(r)
	if err != nil {
		return nil, err
	}
	text, err := s.checklistText(r, view.Definition)
	if err != nil {
		return nil, err
	}
	offers, err := s.proposalsOf(r, r.head)
	return &sheetOf{view, text, offers}, err
}

func (x *sheetOf) question(id checklist.QuestionID) *questionText {
	return &x.text.questions[x.view.Definition.Ordinal(id)]
}

// offered returns what is offered for a question; nil if that is nothing.
func (x *sheetOf) offered(id checklist.QuestionID) *assessment.Proposal {
	if len(x.offers.List) == 0 {
		return nil
	}
	if o, ok := x.offers.Offered(x.view, id); ok {
		return &o
	}
	return nil
}

// proposalConfirm makes an answer of one proposal.
func (s *answeringPages) proposalConfirm(r *request) error {
	_, q, section, err := s.questionOf(r)
	if err != nil {
		return err
	}
	done, err := s.confirm(r, func(*sheetOf) []checklist.QuestionID { return []checklist.QuestionID{q.ID} })
	if err != nil {
		return err
	}
	if len(done.kept) > 0 {
		if r.wantsJSON() {
			return r.JSON(http.StatusConflict, done.conflict(r, q.ID))
		}
		return done.faultOf(r, q.ID)
	}
	if !r.wantsJSON() {
		return r.redirect(sectionAddress(r, section.ID, done) + "#q-" + string(q.ID))
	}
	answer, err := done.answer(s, r, done.saved[0])
	if err != nil {
		return err
	}
	progress := done.after.progress(r, section.ID)
	answer.Proposals = &progress
	return r.JSON(http.StatusOK, answer)
}

// proposalSection makes answers of the proposals of a section that the page shows: it names them, for what has come up since nobody
// has read.
func (s *answeringPages) proposalSection(r *request) error {
	section, err := s.sectionOf(r)
	if err != nil {
		return err
	}
	form, err := r.form()
	if err != nil {
		return err
	}
	shown := form["question"]
	if len(shown) == 0 {
		return errProposalsUnnamed
	}
	done, err := s.confirm(r, func(x *sheetOf) []checklist.QuestionID {
		return slices.DeleteFunc(x.offers.Within(x.view, section), func(id checklist.QuestionID) bool { return !slices.Contains(shown, string(id)) })
	})
	if err != nil {
		return err
	}
	if !r.wantsJSON() {
		return r.redirect(sectionAddress(r, section, done))
	}
	out := confirmedSection{Saved: map[checklist.QuestionID]confirmedAnswer{}, Kept: map[checklist.QuestionID]conflictAnswer{}, Proposals: done.after.progress(r, section)}
	for _, e := range done.saved {
		if out.Saved[e.Question], err = done.answer(s, r, e); err != nil {
			return err
		}
	}
	for _, id := range done.kept {
		out.Kept[id] = done.conflict(r, id)
	}
	return r.JSON(http.StatusOK, out)
}

// proposalLeft says how many proposals of a section wait: an open page asks after every answer.
func (s *answeringPages) proposalLeft(r *request) error {
	section, err := s.sectionOf(r)
	if err != nil {
		return err
	}
	now, err := s.sheetOf(r)
	if err != nil {
		return err
	}
	return r.JSON(http.StatusOK, now.progress(r, section))
}

// sectionOf returns the section in the address.
func (s *answeringPages) sectionOf(r *request) (checklist.SectionID, error) {
	d, err := s.Versions.Definition(r.ctx(), r.head.Hash)
	if err != nil {
		return "", err
	}
	id := checklist.SectionID(r.Param("section"))
	if _, _, ok := d.Section(id); !ok {
		return "", errNoSection
	}
	return id, nil
}

var errProposalsUnnamed = fault.New(fault.Invalid, "proposals_unnamed", "the questions whose proposals are to be confirmed are missing")

var errNoSection = fault.New(fault.NotFound, "section_unknown", "the checklist has no such section")

// sectionAddress is where somebody without scripts goes on after a confirmation.
func sectionAddress(r *request, section checklist.SectionID, done *confirmation) string {
	return "/assessments/" + strconv.FormatInt(int64(r.head.ID), 10) + "/sections/" + string(section) + "?confirmed=" + strconv.Itoa(len(done.saved))
}

// confirmation is what became of a press on a button that confirms.
type confirmation struct {
	saved  []assessment.Entry
	kept   []checklist.QuestionID // somebody was faster
	offers assessment.Proposals   // as they were before
	after  *sheetOf
}

// confirm makes answers of the proposals of some questions, as far as they are still those that were shown.
func (s *answeringPages) confirm(r *request, choose func(*sheetOf) []checklist.QuestionID) (*confirmation, error) {
	form, err := r.form()
	if err != nil {
		return nil, err
	}
	if !r.editable() {
		return nil, s.refuseLocked(r)
	}
	before, err := s.sheetOf(r)
	if err != nil {
		return nil, err
	}
	done := &confirmation{offers: before.offers}
	questions := choose(before)
	if len(questions) == 0 && form.Get("seen") != before.offers.Seen {
		return nil, assessment.ErrProposals // what was shown is not there any more
	}
	if len(questions) > 0 {
		result, err := s.Assessments.Confirm(r.ctx(), r.actor, r.head, form.Get("seen"), questions)
		if err != nil {
			return nil, err
		}
		done.saved, done.kept = result.Saved, result.Kept
	}
	if err := s.refreshHead(r); err != nil {
		return nil, err
	}
	if done.after, err = s.sheetOf(r); err != nil {
		return nil, err
	}
	done.settle()
	return done, nil
}

// settle counts as saved what somebody has answered as proposed meanwhile: most likely the same person, whose first
// press was stored and whose answer was lost on the way.
func (c *confirmation) settle() {
	c.kept = slices.DeleteFunc(c.kept, func(id checklist.QuestionID) bool {
		e := c.after.view.Entries[id]
		same := e.Given && e.Answer.Equal(c.offers.List[id].Answer)
		if same {
			c.saved = append(c.saved, e)
		}
		return same
	})
}

// conflict shows what was proposed and what somebody else has answered.
func (c *confirmation) conflict(r *request, id checklist.QuestionID) conflictAnswer {
	q := c.after.question(id)
	f := c.faultOf(r, id)
	sent := assessment.Entry{Question: id, Given: true, Answer: c.offers.List[id].Answer, At: r.srv.Now()}
	return conflictAnswer{Error: f.Code, Message: r.text.fault(f), Sent: r.storedAnswer(q, sent, true), Stored: r.storedAnswer(q, c.after.view.Entries[id], true)}
}

// faultOf says who was faster, with both values.
func (c *confirmation) faultOf(r *request, id checklist.QuestionID) *fault.Error {
	q, e := c.after.question(id), c.after.view.Entries[id]
	return fault.New(fault.Conflict, "answered_meanwhile", "somebody has answered meanwhile").With("Name", e.By).
		With("Stored", answerInWords(r, q, e.Given, e.Answer)).With("Proposed", answerInWords(r, q, true, c.offers.List[id].Answer))
}

// answer writes a confirmed proposal as interfaces show it.
func (c *confirmation) answer(s *answeringPages, r *request, e assessment.Entry) (confirmedAnswer, error) {
	stored := r.storedAnswer(c.after.question(e.Question), e, false)
	a := confirmedAnswer{savedAnswer: r.savedAnswer(e), Input: stored.Input, NotApplicable: stored.NotApplicable, Comment: stored.Comment}
	all, err := s.assessmentEvidence(r)
	if err != nil {
		return a, err
	}
	for _, x := range all[e.Question] {
		v := newEvidenceView(r, x)
		line := evidenceAnswer{Title: v.Title, URL: v.Link, Link: v.Link != "", Size: v.Size, Origin: v.Round}
		if !line.Link {
			line.URL = "/assessments/" + strconv.FormatInt(int64(r.head.ID), 10) + "/evidence/" + strconv.FormatInt(v.ID, 10)
		}
		a.Evidence = append(a.Evidence, line)
	}
	return a, nil
}

// confirmInForm is the buttons' way without scripts, after the rest of the section was saved: what was answered or taken back in
// the same form counts more than what is proposed, and what the page did not propose is not confirmed.
func (s *answeringPages) confirmInForm(r *request, form url.Values, section *checklist.Section, out *sectionSaving) error {
	name := form.Get("confirm")
	if name == "" {
		return nil
	}
	if err := s.refreshHead(r); err != nil {
		return err
	}
	done, err := s.confirm(r, func(x *sheetOf) []checklist.QuestionID {
		if name == everyProposal {
			return slices.DeleteFunc(x.offers.Within(x.view, section.ID), func(id checklist.QuestionID) bool { return out.answered[id] || !form.Has("was."+string(id)) })
		}
		return slices.DeleteFunc(questionsOf(section), func(id checklist.QuestionID) bool { return string(id) != name || out.answered[id] })
	})
	if f := fault.As(err); errors.Is(err, assessment.ErrProposals) {
		return s.proposalsChanged(r, form, section, f, out)
	}
	if err != nil {
		return err
	}
	out.confirmed = len(done.saved)
	for _, id := range done.kept {
		q := done.after.question(id)
		out.note(r, q, r.text.fault(done.faultOf(r, id)))
	}
	return nil
}

// proposalsChanged keeps what was proposed when the page was shown, so that both can be seen.
func (s *answeringPages) proposalsChanged(r *request, form url.Values, section *checklist.Section, f *fault.Error, out *sectionSaving) error {
	if err := s.refreshHead(r); err != nil {
		return err
	}
	now, err := s.sheetOf(r)
	if err != nil {
		return err
	}
	out.conflict = true
	out.errors = append(out.errors, errorLine{Field: "proposals", Text: r.text.fault(f)})
	for _, id := range questionsOf(section) {
		q := now.question(id)
		was, ok := wordsOf(r, q, form["was."+q.ID])
		if !ok || now.view.Entries[id].Given {
			continue
		}
		offer, offered := now.offers.Offered(now.view, id)
		switch {
		case !offered:
			out.note(r, q, r.text.text("proposal.gone", "Answer", was))
		case offer.Reason != "" || was != answerInWords(r, q, true, offer.Answer):
			out.was[id] = was
		}
	}
	return nil
}

func questionsOf(section *checklist.Section) []checklist.QuestionID {
	list := make([]checklist.QuestionID, len(section.Questions))
	for i := range section.Questions {
		list[i] = section.Questions[i].ID
	}
	return list
}

// wordsOf puts into words what a form says was proposed; ok is false for what nobody can have proposed.
func wordsOf(r *request, q *questionText, values []string) (words string, ok bool) {
	if len(values) == 0 {
		return "", false
	}
	if values[0] == notApplicableChoice {
		return answerInWords(r, q, true, checklist.Answer{Kind: checklist.AnswerNotApplicable}), true
	}
	a, err := q.question.Parse(values)
	if err != nil {
		return "", false
	}
	return answerInWords(r, q, true, a), true
}
