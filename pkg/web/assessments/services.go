package assessments

import (
	"context"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/bench/disclosure"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/round"
)

// Services are what the pages of an assessment ask. Each is what they need of it, no more; what a method does is said
// where it is.
type Services struct {
	Accounts    Accounts
	Assessments Assessments
	Rounds      Rounds
	Versions    Versions
}

// Accounts is what the pages of an assessment ask of accounts.
type Accounts interface {
	Contacts(ctx context.Context, a account.Actor, id region.ID) ([]account.Contact, error)
	Leads(ctx context.Context, a account.Actor) ([]account.Contact, error)
}

// Assessments is what the pages of an assessment ask of assessments.
type Assessments interface {
	AddFile(ctx context.Context, a account.Actor, h assessment.Head, q checklist.QuestionID, name string,
		data []byte) (assessment.EvidenceID, error)
	AddLink(ctx context.Context, a account.Actor, h assessment.Head, q checklist.QuestionID, address,
		title string) (assessment.EvidenceID, error)
	Delegated(ctx context.Context, token string) (assessment.Head, assessment.Delegation, error)
	Evidence(ctx context.Context, h assessment.Head) ([]assessment.Evidence, error)
	EvidenceFile(ctx context.Context, h assessment.Head, e assessment.EvidenceID) (assessment.Evidence,
		[]byte, error)
	Head(ctx context.Context, a account.Actor, action account.Action, id assessment.ID) (assessment.Head, error)
	History(ctx context.Context, h assessment.Head, q checklist.QuestionID) ([]assessment.Change, error)
	Proposals(ctx context.Context, h assessment.Head) (assessment.Proposals, error)
	RemoveEvidence(ctx context.Context, a account.Actor, h assessment.Head, id assessment.EvidenceID) error
	Reopen(ctx context.Context, a account.Actor, id assessment.ID, reason string) error
	Submit(ctx context.Context, a account.Actor, id assessment.ID, change int64) error
	View(ctx context.Context, h assessment.Head) (assessment.View, error)
}

// Rounds is what the pages of an assessment ask of rounds.
type Rounds interface {
	CheckContact(c round.Contact) error
	Consent(ctx context.Context, h assessment.Head) (disclosure.Consent, error)
	Contact(ctx context.Context, h assessment.Head) (round.Contact, error)
	SetConsent(ctx context.Context, a account.Actor, h assessment.Head, c disclosure.Consent,
		shown *disclosure.Consent) error
	SetContact(ctx context.Context, a account.Actor, h assessment.Head, c, shown round.Contact) error
}

// Versions is what the pages of an assessment ask of pinned versions.
type Versions interface {
	Definition(ctx context.Context, hash string) (*checklist.Definition, error)
}
