package web

import (
	"net/http"
	"time"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/wording"
)

// rangeView is a score as far as it is known. Low and High differ while questions are open.
type rangeView struct {
	Defined    bool
	Score      float64
	Low, High  float64
	Unfinished bool
}

func newRangeView(v assessment.View) rangeView {
	res := v.Result
	if res.Score == nil {
		return rangeView{}
	}
	return rangeView{Defined: true, Score: *res.Score, Low: *res.Low, High: *res.High, Unfinished: res.Provisional}
}

type assessmentTasksView struct {
	assessmentPage
	Sections    []sectionState
	Counted     counted
	Complete    int // sections
	Next        *sectionState
	Range       rangeView
	Opens       time.Time
	Closes      time.Time
	Reason      string    // of a reopening
	Reopened    string    // when and by whom
	Removed     time.Time // taken out of the round, and why
	RemovedFor  string
	Submitted   time.Time
	SubmittedBy string
	Ask         []contactLine
	AskOperator string // where the agency has nobody
	MaySubmit   bool
	MayExport   bool
	MayDelegate bool
	MayReopen   bool
	MayConsent  bool // say whether the town is named in the next release
	Released    bool
	Reopen      inputView
	Proposals   waitingProposals
}

func (s *assessmentPages) assessmentTasks(r *request) error {
	v, err := s.tasksView(r)
	if err != nil {
		return err
	}
	return r.render(http.StatusOK, "assessment_tasks", v)
}

func (s *assessmentPages) tasksView(r *request) (*assessmentTasksView, error) {
	now, err := s.sheetOf(r)
	if err != nil {
		return nil, err
	}
	view, text, h := now.view, now.text, r.head
	waits := now.waiting()
	v := &assessmentTasksView{assessmentPage: r.assessmentFrame(h.RoundTitle), Range: newRangeView(view), Opens: h.Opens, Closes: wording.LastDay(h.Closes),
		Submitted: h.Submitted, SubmittedBy: h.SubmittedBy, Released: h.Released, Removed: h.Removed, RemovedFor: h.RemovedReason,
		MaySubmit: r.may(account.SubmitAssessment), MayExport: r.may(account.ExportAssessment), MayDelegate: r.may(account.DelegateQuestions) && h.Status == assessment.Draft,
		MayConsent: r.may(account.ManageConsent) && h.Removed.IsZero(),
		MayReopen:  r.may(account.ReopenAssessment) && h.Status == assessment.Submitted && h.RoundOpen,
		Counted:    countAll(view, r.editable())}
	v.Crumbs = v.way(r.text)
	v.Crumbs[len(v.Crumbs)-1].URL = "" // this page
	if v.Foreign {
		v.Title = h.TownName
	}
	v.Within = v.Round
	if !v.Foreign {
		v.Within = v.Town
	}
	if h.Status == assessment.Draft {
		v.Reason = h.ReopenReason
		v.Reopened = r.reopenedText(h)
	}
	v.Proposals = r.waitingProposals(&now.offers, waits.whole)
	for i := range text.sections {
		state := newSectionState(&text.sections[i], countSection(view, i, v.Editable))
		if n := waits.sections[i]; n.Count > 0 {
			state.Proposals = r.text.text("proposal.in_section", "Count", n.Count, "Follow", r.text.followUps(n.Follow))
		}
		if state.State == "all" {
			v.Complete++
		} else if v.Next == nil {
			next := state
			v.Next = &next
		}
		v.Sections = append(v.Sections, state)
	}
	v.Reopen = inputView{Name: "reason", Label: r.text.text("reopen.reason"), Hint: r.text.text("reopen.hint"), Type: "text", Required: true, Rows: 3}
	if !v.Foreign {
		people, err := s.Accounts.Contacts(r.ctx(), r.actor, h.Region)
		if err != nil {
			return nil, err
		}
		if v.Ask = contactLines(people); len(v.Ask) == 0 {
			v.AskOperator = s.Operator.Contact
		}
	}
	return v, nil
}

// reopenedText says when an assessment was given back, and by whom as long as the log tells it.
func (r *request) reopenedText(h assessment.Head) string {
	at := r.text.words().DateTime(h.Reopened)
	if h.ReopenedBy == "" {
		return r.text.text("assessment.reopened", "Date", at)
	}
	return r.text.text("assessment.reopened_by", "Date", at, "Name", h.ReopenedBy)
}

// contactLine is a person to ask, with the address as people write it.
type contactLine struct{ Name, Email, Shown string }

func contactLines(people []account.Contact) []contactLine {
	var list []contactLine
	for _, p := range people {
		list = append(list, contactLine{Name: p.Name, Email: p.Email, Shown: account.ShownEmail(p.Email)})
	}
	return list
}

// assessmentReopen gives a submitted assessment back to its town.
func (s *assessmentPages) assessmentReopen(r *request) error {
	form, err := r.form()
	if err != nil {
		return err
	}
	err = s.Assessments.Reopen(r.ctx(), r.actor, r.head.ID, form.Get("reason"))
	if err == nil {
		// The agency no longer sees the draft: it goes on to the round.
		return r.redirect(roundAddress(r.head.Round) + "?done=reopened")
	}
	v, loadErr := s.tasksView(r)
	if loadErr != nil {
		return loadErr
	}
	if !v.refused(r.text, err) {
		return err
	}
	v.Reopen.Value, v.Reopen.Error = form.Get("reason"), v.errorFor("reason")
	return r.render(http.StatusUnprocessableEntity, "assessment_tasks", v)
}
