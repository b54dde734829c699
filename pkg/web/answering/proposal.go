package answering

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
	"ortsspiegel/pkg/web/assessments"
	"ortsspiegel/pkg/web/site"
)

// proposalRoutes confirm what a town answered in an earlier round. Without scripts the section's
// own form does, so that nothing else that was typed there is lost.
func (s *Pages) proposalRoutes() []site.Route {
	return []site.Route{
		{Method: http.MethodGet, Path: "/assessments/:assessment/proposals", Name: "proposals",
			Action: account.EditAssessment, Object: s.AssessmentObject, Handler: s.proposals},
		{Method: http.MethodPost, Path: "/assessments/:assessment/proposals", Name: "proposals.confirm",
			Action: account.EditAssessment, Object: s.AssessmentObject, Handler: s.proposalsConfirm,
			Body: assessments.BodySection},
		{Method: http.MethodPost, Path: "/assessments/:assessment/proposals/:question", Name: "proposal.confirm",
			Action: account.EditAssessment, Object: s.AssessmentObject, Handler: s.proposalConfirm},
		{Method: http.MethodGet, Path: "/assessments/:assessment/sections/:section/proposals", Name: "proposal.left",
			Action: account.EditAssessment, Object: s.AssessmentObject, Handler: s.proposalLeft,
			Background: true},
		{Method: http.MethodPost, Path: "/assessments/:assessment/sections/:section/proposals",
			Name: "proposal.section", Action: account.EditAssessment, Object: s.AssessmentObject,
			Handler: s.proposalSection},
	}
}

// EveryProposal is what the button that confirms a whole section sends: no question can have this id.
const EveryProposal = "*"

// ConfirmedAnswer is what a program gets for a confirmed proposal. Revision is what it is for every
// saved answer; the rest serves the page.
type ConfirmedAnswer struct {
	SavedAnswer
	Input         []string         `json:"input,omitempty"` // as the inputs hold it
	NotApplicable *string          `json:"not_applicable,omitempty"`
	Comment       string           `json:"comment,omitempty"`
	Evidence      []evidenceAnswer `json:"evidence,omitempty"`
	// of its section, where one was confirmed alone
	Proposals *assessments.ProposalProgress `json:"proposals,omitempty"`
}

// evidenceAnswer is a piece of evidence as the page's script shows it.
type evidenceAnswer struct {
	Title  string `json:"title"`
	URL    string `json:"url"`
	Link   bool   `json:"link"`
	Size   string `json:"size,omitempty"`   // of a file, in words
	Origin string `json:"origin,omitempty"` // in words
}

// ConfirmedSection is what a program gets for a confirmed section.
type ConfirmedSection struct {
	Saved     map[checklist.QuestionID]ConfirmedAnswer `json:"saved"`
	Kept      map[checklist.QuestionID]ConflictAnswer  `json:"kept"` // somebody was faster
	Proposals assessments.ProposalProgress             `json:"proposals"`
}

// proposalConfirm makes an answer of one proposal.
func (s *Pages) proposalConfirm(r *site.Request) error {
	_, q, section, err := s.QuestionOf(r)
	if err != nil {
		return err
	}
	done, err := s.confirm(r, func(*assessments.SheetOf) []checklist.QuestionID { return []checklist.QuestionID{q.ID} })
	if err != nil {
		return err
	}
	if len(done.kept) > 0 {
		if r.WantsJSON() {
			return r.JSON(http.StatusConflict, done.conflict(r, q.ID))
		}
		return done.faultOf(r, q.ID)
	}
	if !r.WantsJSON() {
		return r.SeeOther(sectionAddress(r, section.ID, done) + "#q-" + string(q.ID))
	}
	answer, err := done.answer(s, r, done.saved[0])
	if err != nil {
		return err
	}
	progress := done.after.Progress(r, section.ID)
	answer.Proposals = &progress
	return r.JSON(http.StatusOK, answer)
}

// proposalSection makes answers of the proposals of a section that the page shows: it names them,
// for what has come up since nobody has read.
func (s *Pages) proposalSection(r *site.Request) error {
	section, err := s.sectionOf(r)
	if err != nil {
		return err
	}
	form, err := r.Form()
	if err != nil {
		return err
	}
	shown := form["question"]
	if len(shown) == 0 {
		return errProposalsUnnamed
	}
	done, err := s.confirm(r, func(x *assessments.SheetOf) []checklist.QuestionID {
		return slices.DeleteFunc(x.Offers.Within(x.View, section), func(id checklist.QuestionID) bool {
			return !slices.Contains(shown, string(id))
		})
	})
	if err != nil {
		return err
	}
	if !r.WantsJSON() {
		return r.SeeOther(sectionAddress(r, section, done))
	}
	out := ConfirmedSection{Saved: map[checklist.QuestionID]ConfirmedAnswer{},
		Kept: map[checklist.QuestionID]ConflictAnswer{}, Proposals: done.after.Progress(r, section)}
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
func (s *Pages) proposalLeft(r *site.Request) error {
	section, err := s.sectionOf(r)
	if err != nil {
		return err
	}
	now, err := s.SheetOf(r)
	if err != nil {
		return err
	}
	return r.JSON(http.StatusOK, now.Progress(r, section))
}

// sectionOf returns the section in the address.
func (s *Pages) sectionOf(r *site.Request) (checklist.SectionID, error) {
	d, err := s.services.Versions.Definition(r.Ctx(), assessments.Head(r).Hash)
	if err != nil {
		return "", err
	}
	id := checklist.SectionID(r.Param("section"))
	if _, _, ok := d.Section(id); !ok {
		return "", assessments.ErrNoSection
	}
	return id, nil
}

var errProposalsUnnamed = fault.New(fault.Invalid, "proposals_unnamed",
	"the questions whose proposals are to be confirmed are missing")

// sectionAddress is where somebody without scripts goes on after a confirmation.
func sectionAddress(r *site.Request, section checklist.SectionID, done *confirmation) string {
	return site.AssessmentAddress(assessments.Head(r).ID) + "/sections/" + string(section) + "?confirmed=" +
		strconv.Itoa(len(done.saved))
}

// confirmation is what became of a press on a button that confirms.
type confirmation struct {
	saved  []assessment.Entry
	kept   []checklist.QuestionID // somebody was faster
	offers assessment.Proposals   // as they were before
	after  *assessments.SheetOf
}

// confirm makes answers of the proposals of some questions, as far as they are still those that were shown.
func (s *Pages) confirm(r *site.Request, choose func(*assessments.SheetOf) []checklist.QuestionID) (*confirmation,
	error) {
	form, err := r.Form()
	if err != nil {
		return nil, err
	}
	if !assessments.Editable(r) {
		return nil, s.refuseLocked(r)
	}
	before, err := s.SheetOf(r)
	if err != nil {
		return nil, err
	}
	done := &confirmation{offers: before.Offers}
	questions := choose(before)
	if len(questions) == 0 && form.Get("seen") != before.Offers.Seen {
		return nil, assessment.ErrProposals // what was shown is not there any more
	}
	if len(questions) > 0 {
		result, err := s.services.Assessments.Confirm(r.Ctx(), r.Actor, assessments.Head(r), form.Get("seen"),
			questions)
		if err != nil {
			return nil, err
		}
		done.saved, done.kept = result.Saved, result.Kept
	}
	if err := s.RefreshHead(r); err != nil {
		return nil, err
	}
	if done.after, err = s.SheetOf(r); err != nil {
		return nil, err
	}
	done.settle()
	return done, nil
}

// settle counts as saved what somebody has answered as proposed meanwhile: most likely the same person, whose first
// press was stored and whose answer was lost on the way.
func (c *confirmation) settle() {
	c.kept = slices.DeleteFunc(c.kept, func(id checklist.QuestionID) bool {
		e := c.after.View.Entries[id]
		same := e.Given && e.Answer.Equal(c.offers.List[id].Answer)
		if same {
			c.saved = append(c.saved, e)
		}
		return same
	})
}

// conflict shows what was proposed and what somebody else has answered.
func (c *confirmation) conflict(r *site.Request, id checklist.QuestionID) ConflictAnswer {
	q := c.after.Question(id)
	f := c.faultOf(r, id)
	sent := assessment.Entry{Question: id, Given: true, Answer: c.offers.List[id].Answer, At: r.Srv.Now()}
	return ConflictAnswer{Error: f.Code, Message: r.Text.Fault(f), Sent: storedAnswer(r, q, sent, true),
		Stored: storedAnswer(r, q, c.after.View.Entries[id], true)}
}

// faultOf says who was faster, with both values.
func (c *confirmation) faultOf(r *site.Request, id checklist.QuestionID) *fault.Error {
	q, e := c.after.Question(id), c.after.View.Entries[id]
	return fault.New(fault.Conflict, "answered_meanwhile", "somebody has answered meanwhile").With("Name", e.By).
		With("Stored", assessments.AnswerInWords(r, q, e.Given, e.Answer)).With("Proposed",
		assessments.AnswerInWords(r, q, true, c.offers.List[id].Answer))
}

// answer writes a confirmed proposal as interfaces show it.
func (c *confirmation) answer(s *Pages, r *site.Request, e assessment.Entry) (ConfirmedAnswer, error) {
	stored := storedAnswer(r, c.after.Question(e.Question), e, false)
	a := ConfirmedAnswer{SavedAnswer: savedAnswer(r, e), Input: stored.Input, NotApplicable: stored.NotApplicable,
		Comment: stored.Comment}
	all, err := s.AssessmentEvidence(r)
	if err != nil {
		return a, err
	}
	for _, x := range all[e.Question] {
		v := assessments.NewEvidenceView(r, x)
		line := evidenceAnswer{Title: v.Title, URL: v.Link, Link: v.Link != "", Size: v.Size, Origin: v.Round}
		if !line.Link {
			line.URL = "/assessments/" + strconv.FormatInt(int64(assessments.Head(r).ID), 10) + "/evidence/" +
				strconv.FormatInt(v.ID, 10)
		}
		a.Evidence = append(a.Evidence, line)
	}
	return a, nil
}

// confirmInForm is the buttons' way without scripts, after the rest of the section was saved: what
// was answered or taken back in the same form counts more than what is proposed, and what the page
// did not propose is not confirmed.
func (s *Pages) confirmInForm(r *site.Request, form url.Values, section *checklist.Section, out *sectionSaving) error {
	name := form.Get("confirm")
	if name == "" {
		return nil
	}
	if err := s.RefreshHead(r); err != nil {
		return err
	}
	done, err := s.confirm(r, func(x *assessments.SheetOf) []checklist.QuestionID {
		if name == EveryProposal {
			return slices.DeleteFunc(x.Offers.Within(x.View, section.ID), func(id checklist.QuestionID) bool {
				return out.answered[id] || !form.Has("was."+string(id))
			})
		}
		return slices.DeleteFunc(questionsOf(section), func(id checklist.QuestionID) bool {
			return string(id) != name || out.answered[id]
		})
	})
	if f := fault.As(err); errors.Is(err, assessment.ErrProposals) {
		return s.proposalsChanged(r, form, section, f, out)
	}
	if err != nil {
		return err
	}
	out.confirmed = len(done.saved)
	for _, id := range done.kept {
		q := done.after.Question(id)
		out.note(r, q, r.Text.Fault(done.faultOf(r, id)))
	}
	return nil
}

// proposalsChanged keeps what was proposed when the page was shown, so that both can be seen.
func (s *Pages) proposalsChanged(r *site.Request, form url.Values, section *checklist.Section, f *fault.Error,
	out *sectionSaving) error {
	if err := s.RefreshHead(r); err != nil {
		return err
	}
	now, err := s.SheetOf(r)
	if err != nil {
		return err
	}
	out.conflict = true
	out.errors = append(out.errors, site.ErrorLine{Field: "proposals", Text: r.Text.Fault(f)})
	for _, id := range questionsOf(section) {
		q := now.Question(id)
		was, ok := wordsOf(r, q, form["was."+q.ID])
		if !ok || now.View.Entries[id].Given {
			continue
		}
		offer, offered := now.Offers.Offered(now.View, id)
		switch {
		case !offered:
			out.note(r, q, r.Text.Text("proposal.gone", "Answer", was))
		case offer.Reason != "" || was != assessments.AnswerInWords(r, q, true, offer.Answer):
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
func wordsOf(r *site.Request, q *assessments.QuestionText, values []string) (words string, ok bool) {
	if len(values) == 0 {
		return "", false
	}
	if values[0] == assessments.NotApplicableChoice {
		return assessments.AnswerInWords(r, q, true, checklist.Answer{Kind: checklist.AnswerNotApplicable}), true
	}
	a, err := q.Question.Parse(values)
	if err != nil {
		return "", false
	}
	return assessments.AnswerInWords(r, q, true, a), true
}
