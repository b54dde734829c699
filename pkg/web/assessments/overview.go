package assessments

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/score"
	"ortsspiegel/pkg/web/site"
)

type assessmentOverviewView struct {
	AssessmentPage
	Counted   Counted
	Open      []overviewSection // sections with open questions
	Taken     []overviewLine    // not applicable, with the reason
	Comments  int
	Evidence  int
	Range     RangeView
	Change    int64
	MaySubmit bool
	Leads     []contactLine
	Submitted bool
	Confirm   string       // why the confirmation was refused
	Consent   *consentView // asked when it is handed in; nil: not here
	Proposals WaitingProposals
	Retired   []oldAnswerView // answers to earlier questions that are no longer asked
}

type overviewSection struct {
	Title string
	Lines []overviewLine
}

// overviewLine leads to a question.
type overviewLine struct {
	Number, Text, URL, Reason string
	Proposed                  bool // an earlier answer waits for its confirmation
}

func (s *Pages) assessmentOverview(r *site.Request) error {
	v, err := s.overview(r)
	if err != nil {
		return err
	}
	if v.Notice, err = s.SavedInSection(r, v.Notice); err != nil {
		return err
	}
	return r.Render(http.StatusOK, "assessment_overview", v)
}

func (s *Pages) overview(r *site.Request) (*assessmentOverviewView, error) {
	now, err := s.SheetOf(r)
	if err != nil {
		return nil, err
	}
	view := now.View
	evidence, err := s.AssessmentEvidence(r)
	if err != nil {
		return nil, err
	}
	maySubmit := May(r, account.SubmitAssessment) && Head(r).TakesAnswers(s.Now())
	title := "tasks.to_overview"
	if Head(r).Status == assessment.Submitted {
		title = "tasks.to_summary"
	}
	if maySubmit {
		title = "tasks.to_submit"
	}
	v := &assessmentOverviewView{AssessmentPage: AssessmentFrame(r, r.Text.Text(title)),
		Counted: CountAll(view, Editable(r)),
		Range:   NewRangeView(view), Change: Head(r).Change,
		MaySubmit: maySubmit, Submitted: Head(r).Status == assessment.Submitted}
	v.Filled(r.Text, v.Counted)
	v.Path = v.Address("/overview")
	v.list(now)
	v.Proposals = NewWaitingProposals(r, &now.Offers, now.Waiting().Whole)
	for _, old := range now.Offers.Retired {
		v.Retired = append(v.Retired, oldAnswer(r, old))
	}
	for _, list := range evidence {
		v.Evidence += len(list)
	}
	if v.MaySubmit {
		if v.Consent, err = s.consentAsked(r); err != nil {
			return nil, err
		}
	}
	if !v.Foreign && !v.MaySubmit && Head(r).TakesAnswers(s.Now()) {
		leads, err := s.services.Accounts.Leads(r.Ctx(), r.Actor)
		if err != nil {
			return nil, err
		}
		v.Leads = contactLines(leads)
	}
	return v, nil
}

// list sorts the questions into open and not applicable ones and counts the comments.
func (v *assessmentOverviewView) list(now *SheetOf) {
	view, text := now.View, now.Text
	for i, section := range view.Result.Sections {
		open := overviewSection{Title: text.Sections[i].Title}
		for j, qr := range section.Questions {
			q := &text.Questions[text.Sections[i].First+j]
			e := view.Entries[qr.ID]
			if e.Comment != "" {
				v.Comments++
			}
			line := overviewLine{Number: q.Number, Text: q.Text,
				URL: v.Address("/sections/" + text.Sections[i].ID + "#q-" + q.ID)}
			switch qr.State {
			case score.Open:
				if o := now.offered(qr.ID); o != nil && o.Reason == "" {
					line.Proposed = true
				}
				open.Lines = append(open.Lines, line)
			case score.NotApplicable:
				line.Reason = e.Answer.Text
				v.Taken = append(v.Taken, line)
			}
		}
		if len(open.Lines) > 0 {
			v.Open = append(v.Open, open)
		}
	}
}

// assessmentSubmit hands the assessment in, as it was when the page was shown.
func (s *Pages) assessmentSubmit(r *site.Request) error {
	form, err := r.Form()
	if err != nil {
		return err
	}
	if form.Get("confirm") != "yes" && Head(r).TakesAnswers(s.Now()) {
		return s.refuseSubmit(r, form, http.StatusUnprocessableEntity, r.Text.Text("overview.confirm_missing"))
	}
	if _, without := choiceOf(r, form); without != "" && Head(r).TakesAnswers(s.Now()) {
		return s.refuseSubmit(r, form, http.StatusUnprocessableEntity, "")
	}
	if contact, _, ok := contactEntered(r, form); ok && Head(r).TakesAnswers(s.Now()) {
		if f := fault.As(s.services.Rounds.CheckContact(contact)); f != nil {
			return s.refuseSubmit(r, form, http.StatusUnprocessableEntity, "")
		}
	}
	change, err := strconv.ParseInt(form.Get("change"), 10, 64)
	if err != nil {
		change = -1
	}
	err = s.services.Assessments.Submit(r.Ctx(), r.Actor, Head(r).ID, change)
	if errors.Is(err, assessment.ErrMeanwhile) {
		if err := s.RefreshHead(r); err != nil {
			return err
		}
		return s.refuseSubmit(r, form, http.StatusConflict, r.Text.Fault(assessment.ErrMeanwhile))
	}
	if err != nil {
		return err
	}
	if shown, err := s.consentChosen(r, form); shown || err != nil {
		return err
	}
	if shown, err := s.contactChosen(r, form); shown || err != nil {
		return err
	}
	return r.SeeOther("/assessments/" + strconv.FormatInt(int64(Head(r).ID), 10) + "?done=submitted")
}

// refuseSubmit shows the page again, with the choice about the name as it was made.
func (s *Pages) refuseSubmit(r *site.Request, form url.Values, status int, why string) error {
	v, err := s.overview(r)
	if err != nil {
		return err
	}
	v.Confirm = why
	if v.Consent != nil && form.Has("naming") {
		c, without := choiceOf(r, form)
		v.Consent.Named, v.Consent.What = form.Get("naming") == "named", without
		v.Consent.Total, v.Consent.Sections, v.Consent.Examples = c.Total, c.Sections, c.Examples
		v.Consent.keepContact(r)
	}
	if why != "" {
		v.Errors = []site.ErrorLine{{Field: "confirm", Text: why}}
	}
	if v.Consent != nil && v.Consent.What != "" {
		v.Errors = append(v.Errors, site.ErrorLine{Field: "total", Text: v.Consent.What})
	}
	if contact, _, ok := contactEntered(r, form); ok && v.Consent != nil {
		if f := fault.As(s.services.Rounds.CheckContact(contact)); f != nil {
			v.Errors = append(v.Errors, v.Consent.refuseContact(r, f)...)
		}
	}
	return r.Render(status, "assessment_overview", v)
}
