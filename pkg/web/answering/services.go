package answering

import (
	"context"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/region"
)

// Services are what the pages that take answers ask. Each is what they need of it, no more; what a method does is said
// where it is.
type Services struct {
	Accounts    Accounts
	Assessments Assessments
	Versions    Versions
}

// Accounts is what the pages that take answers ask of accounts.
type Accounts interface {
	Record(ctx context.Context, a account.Actor, kind account.EventKind, town region.AGS, id region.ID,
		subject string) error
}

// Assessments is what the pages that take answers ask of assessments.
type Assessments interface {
	Acquaintances(ctx context.Context, h assessment.Head) ([]assessment.Acquaintance, error)
	Answer(ctx context.Context, by assessment.Author, h assessment.Head, q checklist.QuestionID,
		in assessment.Input) (assessment.Entry, error)
	Confirm(ctx context.Context, a account.Actor, h assessment.Head, seen string,
		questions []checklist.QuestionID) (assessment.Confirmed, error)
	Delegate(ctx context.Context, a account.Actor, h assessment.Head, r assessment.Request) (token string,
		d assessment.Delegation, err error)
	Delegated(ctx context.Context, token string) (assessment.Head, assessment.Delegation, error)
	Delegation(ctx context.Context, h assessment.Head, id assessment.DelegationID) (assessment.Delegation, error)
	Delegations(ctx context.Context, h assessment.Head) ([]assessment.Delegation, error)
	Finish(ctx context.Context, h assessment.Head, d assessment.Delegation) error
	History(ctx context.Context, h assessment.Head, q checklist.QuestionID) ([]assessment.Change, error)
	Opened(ctx context.Context, h assessment.Head, d assessment.Delegation) error
	PlanForm(ctx context.Context, by assessment.Author, h assessment.Head,
		r assessment.Returned) ([]assessment.MergeLine, error)
	Remind(ctx context.Context, a account.Actor, h assessment.Head, id assessment.DelegationID,
		key string) (token string, d assessment.Delegation, err error)
	Revoke(ctx context.Context, a account.Actor, h assessment.Head, id assessment.DelegationID) error
	SaveForm(ctx context.Context, by assessment.Author, h assessment.Head, file string,
		list []assessment.FormInput) ([]assessment.Entry, error)
	StateName(ctx context.Context, h assessment.Head, d assessment.Delegation, name string) error
}

// Versions is what the pages that take answers ask of pinned versions.
type Versions interface {
	Definition(ctx context.Context, hash string) (*checklist.Definition, error)
}
