package round

import (
	"context"

	"ortsspiegel/pkg/account"
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
