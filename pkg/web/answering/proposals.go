package answering

import (
	"errors"
	"net/http"
	"slices"
	"strconv"

	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/score"
	"ortsspiegel/pkg/web/assessments"
	"ortsspiegel/pkg/web/site"
)

// proposalsView lists what waits for a confirmation in all sections.
type proposalsView struct {
	assessments.AssessmentPage
	Round, Year string // the earlier answers are from
	Seen        string // travels along: nothing that was not shown is confirmed
	Count       int
	Sections    []proposedSection
}

type proposedSection struct {
	ID, Title string
	Number    int
	Lines     []proposedLine
}

// proposedLine is a proposal with what comes along.
type proposedLine struct {
	ID, Number, Text string
	Offer            *assessments.OfferView
	Follows          bool // asked only once another proposal is confirmed
	Chosen           bool
}

func (s *Pages) proposals(r *site.Request) error {
	v, err := s.proposalsView(r, nil)
	if err != nil {
		return err
	}
	return r.Render(http.StatusOK, "assessment_proposals", v)
}

// proposalsView fills the page with all proposals; chosen are those of a form that was just refused, nil: all.
func (s *Pages) proposalsView(r *site.Request, chosen []string) (*proposalsView, error) {
	now, err := s.SheetOf(r)
	if err != nil {
		return nil, err
	}
	v := &proposalsView{AssessmentPage: assessments.AssessmentFrame(r, r.Text.Text("proposal.list")),
		Round: now.Offers.From.RoundTitle, Year: r.Text.Words().Year(now.Offers.From.Submitted), Seen: now.Offers.Seen}
	v.Filled(r.Text, assessments.CountAll(now.View, v.Editable))
	v.Path = v.Address("/proposals")
	for i := range now.Text.Sections {
		text := &now.Text.Sections[i]
		section := proposedSection{ID: text.ID, Title: text.Title, Number: text.Number}
		for _, id := range now.Offers.Within(now.View, checklist.SectionID(text.ID)) {
			q, o := now.Question(id), now.Offers.List[id]
			state := now.View.Result.Sections[i].Questions[q.Ordinal-text.First].State
			section.Lines = append(section.Lines, proposedLine{ID: q.ID, Number: q.Number, Text: q.Text,
				Offer:   assessments.NewOfferView(r, q, &now.Offers.From, &o, now.View.Entries[id]),
				Follows: state == score.Inactive, Chosen: chosen == nil || slices.Contains(chosen, q.ID)})
		}
		if len(section.Lines) > 0 {
			v.Count += len(section.Lines)
			v.Sections = append(v.Sections, section)
		}
	}
	return v, nil
}

// proposalsConfirm makes answers of those proposals of all sections that were shown and chosen.
func (s *Pages) proposalsConfirm(r *site.Request) error {
	form, err := r.Form()
	if err != nil {
		return err
	}
	chosen := form["question"]
	if len(chosen) == 0 && assessments.Editable(r) {
		return s.proposalsRefused(r, http.StatusUnprocessableEntity, []string{}, errProposalsUnnamed)
	}
	done, err := s.confirm(r, func(x *assessments.SheetOf) []checklist.QuestionID {
		var list []checklist.QuestionID
		for i := range x.View.Definition.Sections {
			list = append(list, x.Offers.Within(x.View, x.View.Definition.Sections[i].ID)...)
		}
		return slices.DeleteFunc(list, func(id checklist.QuestionID) bool {
			return !slices.Contains(chosen, string(id))
		})
	})
	if errors.Is(err, assessment.ErrProposals) {
		if err := s.RefreshHead(r); err != nil {
			return err
		}
		return s.proposalsRefused(r, http.StatusConflict, chosen, fault.As(err))
	}
	if err != nil {
		return err
	}
	return r.SeeOther("/assessments/" + strconv.FormatInt(int64(assessments.Head(r).ID), 10) + "?confirmed=" +
		strconv.Itoa(len(done.saved)) + "&kept=" + strconv.Itoa(len(done.kept)))
}

// proposalsRefused shows the list as it is now, and why nothing was confirmed.
func (s *Pages) proposalsRefused(r *site.Request, status int, chosen []string, f *fault.Error) error {
	v, err := s.proposalsView(r, chosen)
	if err != nil {
		return err
	}
	v.Errors = []site.ErrorLine{{Field: "proposals", Text: r.Text.Fault(f)}}
	return r.Render(status, "assessment_proposals", v)
}
