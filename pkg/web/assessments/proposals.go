package assessments

import (
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/web/site"
)

// ProposalsOf returns what the town's earlier answers offer to an assessment: nothing unless it
// takes answers from the reader's town.
func (s *Pages) ProposalsOf(r *site.Request, h assessment.Head) (assessment.Proposals, error) {
	if !r.Actor.Role.ForTown() || !h.TakesAnswers(s.Now()) {
		return assessment.Proposals{}, nil
	}
	return s.services.Assessments.Proposals(r.Ctx(), h)
}

// SheetOf is an assessment as it is now, with the words of its checklist.
type SheetOf struct {
	View   assessment.View
	Text   *ChecklistText
	Offers assessment.Proposals
}

func (s *Pages) SheetOf(r *site.Request) (*SheetOf, error) {
	view, err := s.AssessmentView(r)
	if err != nil {
		return nil, err
	}
	text, err := s.ChecklistText(r, view.Definition)
	if err != nil {
		return nil, err
	}
	offers, err := s.ProposalsOf(r, Head(r))
	return &SheetOf{view, text, offers}, err
}

func (x *SheetOf) Question(id checklist.QuestionID) *QuestionText {
	return &x.Text.Questions[x.View.Definition.Ordinal(id)]
}

// offered returns what is offered for a question; nil if that is nothing.
func (x *SheetOf) offered(id checklist.QuestionID) *assessment.Proposal {
	if len(x.Offers.List) == 0 {
		return nil
	}
	if o, ok := x.Offers.Offered(x.View, id); ok {
		return &o
	}
	return nil
}

var ErrNoSection = fault.New(fault.NotFound, "section_unknown", "the checklist has no such section")
