package round

import (
	"context"
	"strings"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/bench/disclosure"
	"ortsspiegel/pkg/fault"
)

// Consent returns what a town has agreed to be named with so far.
func (s *Service) Consent(ctx context.Context, h assessment.Head) (disclosure.Consent, error) {
	c, err := s.store.Consent(ctx, ID(h.Round), h.Town)
	if fault.Is(err, fault.NotFound) {
		return disclosure.Consent{}, ErrUnknown
	}
	return c, err
}

// SetConsent says whether and with what a town is named in the next release. shown is what the page that was
// filled in showed as chosen; nil if that is not known. If somebody has chosen otherwise since: Conflict with code
// consent_meanwhile and Detail bench.Consent. A choice that is stored already leaves no trace.
func (s *Service) SetConsent(ctx context.Context, a account.Actor, h assessment.Head, c disclosure.Consent,
	shown *disclosure.Consent) error {
	e := account.Event{At: s.now().UTC(), Actor: a.User, Name: a.Name, Kind: account.EventConsent, Town: h.Town,
		Region:  h.Region,
		Subject: h.TownName + " · " + h.RoundTitle, Detail: consentText(c)}
	return s.store.SetConsent(ctx, ID(h.Round), h.Town, c, shown, e)
}

func consentText(c disclosure.Consent) string {
	var parts []string
	for _, p := range []struct {
		on   bool
		name string
	}{{c.Total, "total"}, {c.Sections, "sections"}, {c.Examples, "examples"}} {
		if p.on {
			parts = append(parts, p.name)
		}
	}
	if len(parts) == 0 {
		return "anonymous"
	}
	return strings.Join(parts, ", ")
}
