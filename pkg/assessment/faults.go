package assessment

import (
	"ortsspiegel/pkg/fault"
)

// What an assessment refuses. Compare with errors.Is: some carry more than is said here.
var (
	ErrUnknown    = fault.New(fault.NotFound, "assessment_unknown", "there is no such assessment")
	ErrNoQuestion = fault.New(fault.NotFound, "question_unknown", "the checklist has no such question")
	ErrNoEvidence = fault.New(fault.NotFound, "evidence_unknown", "there is no such evidence")

	// ErrLocked, ErrRoundClosed, ErrRemoved: nothing is written any more, or not now.
	ErrLocked = fault.New(fault.Conflict, "assessment_locked",
		"the assessment was submitted and takes no more answers")
	ErrRoundClosed = fault.New(fault.Conflict, "round_closed", "the round is not open")
	ErrRemoved     = fault.New(fault.Conflict, "assessment_removed", "the municipality was taken out of the round")

	// ErrStale has what is stored now as its Detail: an Entry of the store, a Stale of the Service.
	ErrStale     = fault.New(fault.Conflict, "stale", "somebody has changed this answer meanwhile")
	ErrMeanwhile = fault.New(fault.Conflict, "changed_meanwhile",
		"somebody has changed an answer meanwhile: please look at it again")
	ErrProposals = fault.New(fault.Conflict, "proposal_changed",
		"the proposals have changed meanwhile: please look at them again")
	ErrNotSubmitted = fault.New(fault.Conflict, "not_submitted", "the assessment is not submitted")
	ErrTouched      = fault.New(fault.Conflict, "assessment_touched", "somebody has entered something already")

	// What a link refuses. The last three name in Args["Lead"] whom to ask.
	ErrNoLink         = fault.New(fault.NotFound, "delegation_unknown", "there is no such link")
	ErrNameless       = fault.New(fault.Conflict, "delegation_nameless", "please say first who you are")
	ErrManyLinks      = fault.New(fault.Conflict, "delegation_many", "too many links are open: please revoke some")
	ErrOtherQuestions = fault.New(fault.Invalid, "form_delegated",
		"this form has other questions than those you were asked: please take the one of this page")
	ErrLinkRevoked  = fault.New(fault.Conflict, "delegation_revoked", "this link was revoked")
	ErrLinkReplaced = fault.New(fault.Conflict, "delegation_replaced", "there is a newer link: please use that")
	ErrLinkExpired  = fault.New(fault.Conflict, "delegation_expired", "this link has expired")
)
