package round

import (
	"context"
	"crypto/sha256"
	"encoding/hex"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/bench/disclosure"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/region"
)

// Preview is the release that publishing a round would add now.
type Preview struct {
	Definition *checklist.Definition
	Release    *disclosure.Release
	Before     string        // title of the round its trend leads from; empty: there is no trend
	Towns      []Participant // of the round, with states alone
	Mark       string        // of the release's bytes: what PublishSeen compares

	round Round
	data  []byte
}

// Preview computes the release of a closed round and stores nothing. A corrected release is possible
// after an earlier one only if disclosure.Disclose allows it; the fault says why not.
func (s *Service) Preview(ctx context.Context, a account.Actor, id ID) (Preview, error) {
	p := Preview{}
	r, err := s.Round(ctx, a, account.ManageRound, id)
	if err != nil {
		return p, err
	}
	p.round = r
	if r.Status != Closed && r.Status != Published {
		return p, ErrNotClosed
	}
	if p.Definition, err = s.versions.Definition(ctx, r.Hash); err != nil {
		return p, err
	}
	records, err := s.Records(ctx, r)
	if err != nil {
		return p, err
	}
	stored, err := s.store.Releases(ctx, id)
	if err != nil {
		return p, err
	}
	previous, err := releasesOf(stored)
	if err != nil {
		return p, err
	}
	others, err := s.otherRounds(ctx, r)
	if err != nil {
		return p, err
	}
	if p.Towns, err = s.store.Participants(ctx, id); err != nil {
		return p, err
	}
	consents := map[region.AGS]disclosure.Consent{}
	for _, t := range p.Towns {
		consents[t.Town.AGS] = t.Consent
	}
	p.Release, err = disclosure.Disclose(disclosure.Request{Definition: p.Definition, Records: records,
		Groups: r.Groups,
		Rules:  s.rules, Own: previous, Others: others, Consents: consents})
	if err != nil {
		return p, err
	}
	if p.Before, err = s.before(ctx, p.Release); err != nil {
		return p, err
	}
	if p.data, err = p.Release.MarshalBinary(); err != nil {
		return p, err
	}
	sum := sha256.Sum256(p.data)
	p.Mark = hex.EncodeToString(sum[:])
	return p, nil
}

// Publish computes the release of a closed round and freezes it, whatever it shows.
func (s *Service) Publish(ctx context.Context, a account.Actor, id ID) error {
	p, err := s.Preview(ctx, a, id)
	if err != nil {
		return err
	}
	return s.publish(ctx, a, p)
}

// PublishSeen does so only if the release is the one of a preview; else the fault is ErrPreview.
func (s *Service) PublishSeen(ctx context.Context, a account.Actor, id ID, mark string) error {
	p, err := s.Preview(ctx, a, id)
	if err != nil {
		return err
	}
	if p.Mark != mark {
		return ErrPreview
	}
	return s.publish(ctx, a, p)
}

func (s *Service) publish(ctx context.Context, a account.Actor, p Preview) error {
	return s.store.Publish(ctx, p.round.ID, p.data, s.now().UTC(), s.event(a, p.round, account.EventPublished, ""))
}
