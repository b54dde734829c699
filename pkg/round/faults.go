package round

import (
	"ortsspiegel/pkg/fault"
)

// What a round refuses. Compare with errors.Is: some carry more than is said here.
var (
	ErrUnknown = fault.New(fault.NotFound, "round_unknown", "there is no such round")

	// ErrChanged: somebody has changed the round since it was shown.
	ErrChanged = fault.New(fault.Conflict, "round_changed",
		"the round was changed meanwhile: please look at it again")
	// ErrStatus names in Args["Status"] where the round stands.
	ErrStatus = fault.New(fault.Conflict, "round_status", "the round stands elsewhere by now")
	ErrExists = fault.New(fault.Conflict, "round_exists",
		"the region already has a round of this title that began then")
	ErrNotOver   = fault.New(fault.Conflict, "round_not_over", "drafts can be deleted once the round is closed")
	ErrNotClosed = fault.New(fault.Conflict, "round_not_closed", "a round is published after it was closed")
	// ErrPreview: what would be published is no longer what was confirmed.
	ErrPreview = fault.New(fault.Conflict, "preview_changed",
		"what would be published is no longer what the preview showed")
	// ErrConsent has what is stored now as its Detail: a disclosure.Consent, or a Contact.
	ErrConsent = fault.New(fault.Conflict, "consent_meanwhile", "somebody has chosen otherwise meanwhile")
)
