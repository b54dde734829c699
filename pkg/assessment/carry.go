package assessment

import (
	"context"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/fault"
)

// Proposals returns what the town's last submitted assessment offers for a draft of an open
// round whose head was already allowed for editing. Anything else is offered nothing.
func (s *Service) Proposals(ctx context.Context, h Head) (Proposals, error) {
	return Proposals{}, nil
}

// Confirm makes answers of proposals, in an assessment whose head was already allowed for
// editing. seen is what Proposals said when they were shown. A question that somebody has
// answered meanwhile stays as it is and is reported as kept. Errors: Conflict with code
// proposal_changed if other things are proposed by now, or assessment_locked, round_closed;
// Invalid for a question without a proposal.
func (s *Service) Confirm(ctx context.Context, a account.Actor, h Head, seen string, questions []checklist.QuestionID) (Confirmed, error) {
	return Confirmed{}, fault.New(fault.Conflict, "proposal_changed", "the proposals have changed meanwhile: please look at them again")
}
