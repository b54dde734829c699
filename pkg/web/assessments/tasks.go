package assessments

import (
	"html/template"
	"net/http"
	"time"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/web/site"
	"ortsspiegel/pkg/wording"
)

// RangeView is a score as far as it is known. Low and High differ while questions are open.
type RangeView struct {
	Defined    bool
	Score      float64
	Low, High  float64
	Unfinished bool
}

func NewRangeView(v assessment.View) RangeView {
	res := v.Result
	if res.Score == nil {
		return RangeView{}
	}
	return RangeView{Defined: true, Score: *res.Score, Low: *res.Low, High: *res.High, Unfinished: res.Provisional}
}

type assessmentTasksView struct {
	AssessmentPage
	Sections    []SectionState
	Counted     Counted
	Complete    int // sections
	Next        *SectionState
	Range       RangeView
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
	Reopen      site.InputView
	Proposals   WaitingProposals
}

func (s *Pages) assessmentTasks(r *site.Request) error {
	v, err := s.tasksView(r)
	if err != nil {
		return err
	}
	v.Notice = SavedNotice(r, v.Notice, "")
	return r.Render(http.StatusOK, "assessment_tasks", v)
}

func (s *Pages) tasksView(r *site.Request) (*assessmentTasksView, error) {
	now, err := s.SheetOf(r)
	if err != nil {
		return nil, err
	}
	view, text, h := now.View, now.Text, Head(r)
	waits := now.Waiting()
	v := &assessmentTasksView{AssessmentPage: AssessmentFrame(r, h.RoundTitle), Range: NewRangeView(view),
		Opens: h.Opens, Closes: wording.LastDay(h.Closes),
		Submitted: h.Submitted, SubmittedBy: h.SubmittedBy, Released: h.Released, Removed: h.Removed,
		RemovedFor: h.RemovedReason,
		MaySubmit:  May(r, account.SubmitAssessment), MayExport: May(r, account.ExportAssessment),
		MayDelegate: May(r, account.DelegateQuestions) && h.Status == assessment.Draft,
		MayConsent:  May(r, account.ManageConsent) && h.Removed.IsZero(),
		MayReopen:   May(r, account.ReopenAssessment) && h.Status == assessment.Submitted && h.RoundOpen,
		Counted:     CountAll(view, Editable(r))}
	v.Filled(r.Text, v.Counted)
	v.Crumbs = v.Way(r.Text)
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
		v.Reopened = ReopenedText(r, h)
	}
	v.Proposals = NewWaitingProposals(r, &now.Offers, waits.Whole)
	for i := range text.Sections {
		state := NewSectionState(&text.Sections[i], CountSection(view, i, v.Editable))
		if n := waits.sections[i]; n.Count > 0 {
			state.Proposals = r.Text.Text("proposal.in_section", "Count", n.Count, "Follow",
				followUps(r.Text, n.Follow))
		}
		if state.State == "all" {
			v.Complete++
		} else if v.Next == nil {
			next := state
			v.Next = &next
		}
		v.Sections = append(v.Sections, state)
	}
	v.Reopen = site.InputView{Name: "reason", Label: r.Text.Text("reopen.reason"), Hint: r.Text.Text("reopen.hint"),
		Type: "text", Required: true, Rows: 3}
	if !v.Foreign {
		people, err := s.services.Accounts.Contacts(r.Ctx(), r.Actor, h.Region)
		if err != nil {
			return nil, err
		}
		if v.Ask = contactLines(people); len(v.Ask) == 0 {
			v.AskOperator = s.Operator.Contact
		}
	}
	return v, nil
}

// ReopenedText says when an assessment was given back, and by whom as long as the log tells it.
func ReopenedText(r *site.Request, h assessment.Head) string {
	at := r.Text.Words().DateTime(h.Reopened)
	if h.ReopenedBy == "" {
		return r.Text.Text("assessment.reopened", "Date", at)
	}
	return r.Text.Text("assessment.reopened_by", "Date", at, "Name", h.ReopenedBy)
}

// contactLine is a person to ask, with the address as people write it.
type contactLine struct {
	Name, Email, Shown string
	Phone              string       // may be empty
	Dial               template.URL // digits alone: nothing in it can act
}

func contactLines(people []account.Contact) []contactLine {
	var list []contactLine
	for _, p := range people {
		list = append(list, contactLine{Name: p.Name, Email: p.Email, Shown: account.ShownEmail(p.Email),
			Phone: p.Phone,
			Dial:  template.URL("tel:" + account.Dial(p.Phone))})
	}
	return list
}

// assessmentReopen gives a submitted assessment back to its town.
func (s *Pages) assessmentReopen(r *site.Request) error {
	form, err := r.Form()
	if err != nil {
		return err
	}
	err = s.services.Assessments.Reopen(r.Ctx(), r.Actor, Head(r).ID, form.Get("reason"))
	if err == nil {
		// The agency no longer sees the draft: it goes on to the round.
		return r.SeeOther(site.RoundAddress(Head(r).Round) + "?done=reopened")
	}
	v, loadErr := s.tasksView(r)
	if loadErr != nil {
		return loadErr
	}
	if !v.Refused(r.Text, err) {
		return err
	}
	v.Reopen.Value, v.Reopen.Error = form.Get("reason"), v.ErrorFor("reason")
	return r.Render(http.StatusUnprocessableEntity, "assessment_tasks", v)
}
