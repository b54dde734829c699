package web

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/score"
)

type assessmentOverviewView struct {
	assessmentPage
	Counted   counted
	Open      []overviewSection // sections with open questions
	Taken     []overviewLine    // not applicable, with the reason
	Comments  int
	Evidence  int
	Range     rangeView
	Change    int64
	MaySubmit bool
	Leads     []contactLine
	Submitted bool
	Confirm   string       // why the confirmation was refused
	Consent   *consentView // asked when it is handed in; nil: not here
	Proposals waitingProposals
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

func (s *assessmentPages) assessmentOverview(r *request) error {
	v, err := s.overview(r)
	if err != nil {
		return err
	}
	if v.Notice, err = s.savedInSection(r, v.Notice); err != nil {
		return err
	}
	return r.render(http.StatusOK, "assessment_overview", v)
}

func (s *assessmentPages) overview(r *request) (*assessmentOverviewView, error) {
	now, err := s.sheetOf(r)
	if err != nil {
		return nil, err
	}
	view := now.view
	evidence, err := s.assessmentEvidence(r)
	if err != nil {
		return nil, err
	}
	maySubmit := r.may(account.SubmitAssessment) && r.head.TakesAnswers(s.Now())
	title := "tasks.to_overview"
	if r.head.Status == assessment.Submitted {
		title = "tasks.to_summary"
	}
	if maySubmit {
		title = "tasks.to_submit"
	}
	v := &assessmentOverviewView{assessmentPage: r.assessmentFrame(r.text.text(title)), Counted: countAll(view, r.editable()),
		Range: newRangeView(view), Change: r.head.Change,
		MaySubmit: maySubmit, Submitted: r.head.Status == assessment.Submitted}
	v.Path = v.address("/overview")
	v.list(now)
	v.Proposals = r.waitingProposals(&now.offers, now.waiting().whole)
	for _, old := range now.offers.Retired {
		v.Retired = append(v.Retired, r.oldAnswer(old))
	}
	for _, list := range evidence {
		v.Evidence += len(list)
	}
	if v.MaySubmit {
		if v.Consent, err = s.consentAsked(r); err != nil {
			return nil, err
		}
	}
	if !v.Foreign && !v.MaySubmit && r.head.TakesAnswers(s.Now()) {
		leads, err := s.Accounts.Leads(r.ctx(), r.actor)
		if err != nil {
			return nil, err
		}
		v.Leads = contactLines(leads)
	}
	return v, nil
}

// list sorts the questions into open and not applicable ones and counts the comments.
func (v *assessmentOverviewView) list(now *sheetOf) {
	view, text := now.view, now.text
	for i, section := range view.Result.Sections {
		open := overviewSection{Title: text.sections[i].Title}
		for j, qr := range section.Questions {
			q := &text.questions[text.sections[i].first+j]
			e := view.Entries[qr.ID]
			if e.Comment != "" {
				v.Comments++
			}
			line := overviewLine{Number: q.Number, Text: q.Text, URL: v.address("/sections/" + text.sections[i].ID + "#q-" + q.ID)}
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
func (s *assessmentPages) assessmentSubmit(r *request) error {
	form, err := r.form()
	if err != nil {
		return err
	}
	if form.Get("confirm") != "yes" && r.head.TakesAnswers(s.Now()) {
		return s.refuseSubmit(r, form, http.StatusUnprocessableEntity, r.text.text("overview.confirm_missing"))
	}
	if _, without := r.choiceOf(form); without != "" && r.head.TakesAnswers(s.Now()) {
		return s.refuseSubmit(r, form, http.StatusUnprocessableEntity, "")
	}
	change, err := strconv.ParseInt(form.Get("change"), 10, 64)
	if err != nil {
		change = -1
	}
	err = s.Assessments.Submit(r.ctx(), r.actor, r.head.ID, change)
	if errors.Is(err, assessment.ErrMeanwhile) {
		if err := s.refreshHead(r); err != nil {
			return err
		}
		return s.refuseSubmit(r, form, http.StatusConflict, r.text.fault(assessment.ErrMeanwhile))
	}
	if err != nil {
		return err
	}
	if shown, err := s.consentChosen(r, form); shown || err != nil {
		return err
	}
	return r.redirect("/assessments/" + strconv.FormatInt(int64(r.head.ID), 10) + "?done=submitted")
}

// refuseSubmit shows the page again, with the choice about the name as it was made.
func (s *assessmentPages) refuseSubmit(r *request, form url.Values, status int, why string) error {
	v, err := s.overview(r)
	if err != nil {
		return err
	}
	v.Confirm = why
	if v.Consent != nil && form.Has("naming") {
		c, without := r.choiceOf(form)
		v.Consent.Named, v.Consent.What = form.Get("naming") == "named", without
		v.Consent.Total, v.Consent.Sections, v.Consent.Examples = c.Total, c.Sections, c.Examples
	}
	if why != "" {
		v.Errors = []errorLine{{Field: "confirm", Text: why}}
	}
	if v.Consent != nil && v.Consent.What != "" {
		v.Errors = append(v.Errors, errorLine{Field: "total", Text: v.Consent.What})
	}
	return r.render(status, "assessment_overview", v)
}

// roundAddress is the page of a round.
func roundAddress(id int64) string { return "/rounds/" + strconv.FormatInt(id, 10) }
