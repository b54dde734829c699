package rounds

import (
	"context"
	"time"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/checklist/carry"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/report"
	"ortsspiegel/pkg/round"
	"ortsspiegel/pkg/round/dryrun"
	"ortsspiegel/pkg/round/trend"
)

// Services are what the pages of rounds ask. Each is what they need of it, no more; what a method does is said
// where it is.
type Services struct {
	Accounts   Accounts
	Checklists Checklists
	DryRuns    DryRuns
	Reports    Reports
	Rounds     Rounds
	Territory  Territory
	Trends     Trends
	Versions   Versions
}

// Accounts is what the pages of rounds ask of accounts.
type Accounts interface {
	LeadsOf(ctx context.Context, a account.Actor, towns []region.AGS) (map[region.AGS][]account.User, error)
	Record(ctx context.Context, a account.Actor, kind account.EventKind, town region.AGS, id region.ID,
		subject string) error
	Unled(ctx context.Context, a account.Actor) (map[region.AGS]bool, error)
}

// DryRuns is what the pages of rounds ask of what a version would do.
type DryRuns interface {
	Run(ctx context.Context, r round.Round, path *carry.Path) (dryrun.Result, error)
}

// Rounds is what the pages of rounds ask of rounds.
type Rounds interface {
	Change(ctx context.Context, a account.Actor, id round.ID, in round.Change) (round.Effect, error)
	Close(ctx context.Context, a account.Actor, id round.ID) error
	Create(ctx context.Context, a account.Actor, in round.New) (round.ID, error)
	Delete(ctx context.Context, a account.Actor, id round.ID) error
	Drafts(ctx context.Context, r round.Round) ([]region.Municipality, error)
	Effect(ctx context.Context, a account.Actor, id round.ID, in round.Change) (round.Effect, error)
	Live(ctx context.Context, r round.Round) (round.Live, error)
	OfRegion(ctx context.Context, a account.Actor) ([]round.Round, error)
	Open(ctx context.Context, a account.Actor, id round.ID) error
	Participants(ctx context.Context, r round.Round) ([]round.Participant, error)
	Preview(ctx context.Context, a account.Actor, id round.ID) (round.Preview, error)
	Publish(ctx context.Context, a account.Actor, id round.ID) error
	PublishSeen(ctx context.Context, a account.Actor, id round.ID, mark string) error
	Releases(ctx context.Context, r round.Round) ([]round.ReleaseDay, error)
	RemoveDrafts(ctx context.Context, a account.Actor, id round.ID) (int, error)
	Removed(ctx context.Context, r round.Round) ([]round.RemovedTown, error)
	Reopen(ctx context.Context, a account.Actor, id round.ID, closes time.Time) error
	Round(ctx context.Context, a account.Actor, action account.Action, id round.ID) (round.Round, error)
	Standing(ctx context.Context, r round.Round) ([]round.Participant, error)
	WithoutLead(ctx context.Context, r round.Round) ([]region.Municipality, error)
}

// Territory is what the pages of rounds ask of regions and towns.
type Territory interface {
	OutlinesUpTo(ctx context.Context, id region.ID, most int) (geojson []byte, some bool, err error)
	Outlines(ctx context.Context, id region.ID) ([]byte, error)
	Region(ctx context.Context, id region.ID) (region.Region, error)
	Towns(ctx context.Context, id region.ID) ([]region.Municipality, error)
}

// Trends is what the pages of rounds ask of rounds through the years.
type Trends interface {
	Region(ctx context.Context, r round.Round) (trend.Region, error)
}

// Versions is what the pages of rounds ask of pinned versions.
type Versions interface {
	Definition(ctx context.Context, hash string) (*checklist.Definition, error)
	Newer(than checklist.Ref) ([]checklist.Version, error)
	PathTo(ctx context.Context, fromHash string, to *checklist.Definition) (*carry.Path, error)
	Version(of checklist.ID, version checklist.Version) (*checklist.Definition, error)
}

// Checklists are the versions this installation knows.
type Checklists interface {
	// Get returns a version and its file's bytes; an unknown one is fault.NotFound.
	Get(ref checklist.Ref) (*checklist.Definition, []byte, error)
	// Refs lists all versions, the newest of each checklist first.
	Refs() ([]checklist.Ref, error)
}

// Reports gather what exports show; the command line uses the same.
type Reports interface {
	Analysis(ctx context.Context, r round.Round, lang checklist.Lang) (report.AnalysisReport, error)
	Raw(ctx context.Context, r round.Round, lang checklist.Lang) (report.RawReport, error)
	Region(ctx context.Context, r round.Round, lang checklist.Lang) (report.RegionReport, error)
}
