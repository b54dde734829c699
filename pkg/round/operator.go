package round

import (
	"context"
	"slices"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/lineage"
	"ortsspiegel/pkg/region"
)

// Operator does what an agency does with its rounds, for whoever holds the data folder: no right is asked
// for. Only the command line has one.
type Operator struct {
	s  *Service
	by account.Actor // named in the log
}

// Operator returns the service without its policy.
func (s *Service) Operator(by account.Actor) Operator { return Operator{s, by} }

// Round returns any round. Errors: NotFound.
func (o Operator) Round(ctx context.Context, id ID) (Round, error) { return o.s.store.Round(ctx, id) }

// OfRegion lists the rounds of any region, the newest first.
func (o Operator) OfRegion(ctx context.Context, of region.ID) ([]Round, error) {
	return o.s.store.RoundsOfRegion(ctx, of)
}

// Create plans a round of a region, as Service.Create does.
func (o Operator) Create(ctx context.Context, of region.ID, in New) (ID, error) {
	return o.s.create(ctx, o.by, of, in)
}

// Open starts a planned round.
func (o Operator) Open(ctx context.Context, id ID) error { return o.with(ctx, id, o.s.open) }

// Close ends an open round.
func (o Operator) Close(ctx context.Context, id ID) error { return o.with(ctx, id, o.s.close) }

func (o Operator) with(ctx context.Context, id ID, do func(context.Context, account.Actor, Round) error) error {
	r, err := o.s.store.Round(ctx, id)
	if err != nil {
		return err
	}
	return do(ctx, o.by, r)
}

// Fill stores assessments in an open round in which nobody has touched them. Errors as for Store.ImportAssessments.
func (o Operator) Fill(ctx context.Context, id ID, list []assessment.Import) error {
	return o.s.store.ImportAssessments(ctx, id, list)
}

// TakeIn stores an intake and its assessments, all or nothing, and returns the round's number. Errors as for
// Store.ImportTable.
func (o Operator) TakeIn(ctx context.Context, in Intake, list []assessment.Import) (ID, error) {
	return o.s.store.ImportTable(ctx, in, list)
}

// Intake is everything that is stored when a table of answers comes in, in one transaction: with nothing in
// between that somebody could see, or that would be left behind.
type Intake struct {
	Round  Round // ID 0: it is created, opened, filled and closed; Planned: it is opened and filled
	Pins   []lineage.Pinned
	Towns  []region.AGS   // of a new round
	Groups []region.Group // of a round that is opened
	Before []account.Event
	After  []account.Event
}

// IntakeOfNew returns what is stored of a round that is over before it comes into being. Errors as for Create.
func (o Operator) IntakeOfNew(ctx context.Context, of region.ID, in New) (Intake, error) {
	out, own, err := o.s.planned(ctx, o.by, of, in)
	if err != nil {
		return out, err
	}
	var members []region.Member
	for _, m := range own {
		if slices.Contains(out.Towns, m.AGS) {
			members = append(members, region.Member{AGS: m.AGS, Population: m.Population})
		}
	}
	out.Groups = region.Groups(members)
	out.Before = append(out.Before, o.s.event(o.by, out.Round, account.EventRoundOpened, ""))
	out.After = []account.Event{o.s.event(o.by, out.Round, account.EventRoundClosed, "")}
	return out, nil
}

// IntakeOf returns what is stored of a planned or open round.
func (o Operator) IntakeOf(ctx context.Context, r Round) (Intake, error) {
	out := Intake{Round: r}
	if r.Status != Planned {
		return out, nil
	}
	members, err := o.s.members(ctx, r.ID)
	out.Groups = region.Groups(members)
	out.Before = []account.Event{o.s.event(o.by, r, account.EventRoundOpened, "")}
	return out, err
}
