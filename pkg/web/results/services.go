package results

import (
	"context"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/report"
	"ortsspiegel/pkg/round"
	"ortsspiegel/pkg/round/trend"
)

// Services are what the pages of results ask. Each is what they need of it, no more; what a method does is said
// where it is.
type Services struct {
	Accounts  Accounts
	Reports   Reports
	Rounds    Rounds
	Territory Territory
	Trends    Trends
	Versions  Versions
}

// Accounts is what the pages of results ask of accounts.
type Accounts interface {
	Record(ctx context.Context, a account.Actor, kind account.EventKind, town region.AGS, id region.ID,
		subject string) error
}

// Rounds is what the pages of results ask of rounds.
type Rounds interface {
	Contacts(ctx context.Context, h assessment.Head) (map[region.AGS]round.Contact, error)
	Release(ctx context.Context, id round.ID) (round.Released, error)
}

// Territory is what the pages of results ask of regions and towns.
type Territory interface {
	Town(ctx context.Context, ags region.AGS) (region.Municipality, error)
	Towns(ctx context.Context, id region.ID) ([]region.Municipality, error)
}

// Trends is what the pages of results ask of rounds through the years.
type Trends interface {
	Over(ctx context.Context, a account.Actor, h assessment.Head, all []assessment.Head) (trend.Town, error)
	Town(ctx context.Context, a account.Actor, h assessment.Head) (trend.Town, error)
}

// Versions is what the pages of results ask of pinned versions.
type Versions interface {
	Definition(ctx context.Context, hash string) (*checklist.Definition, error)
}

// Reports gather what exports show; the command line uses the same.
type Reports interface {
	Answers(ctx context.Context, h assessment.Head, lang checklist.Lang) (report.TownReport, error)
	Town(ctx context.Context, a account.Actor, h assessment.Head, lang checklist.Lang) (report.TownReport, error)
}
