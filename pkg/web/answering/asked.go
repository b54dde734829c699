package answering

import (
	"time"

	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/score"
	"ortsspiegel/pkg/web/site"
)

// AskedLine is a colleague who was asked, for a dashboard: the silent ones first.
type AskedLine struct {
	Name      string // as it was typed when asking
	Questions int
	Done      int // of these, answered
	Until     time.Time
	State     string // silent, some, done, expired
	Days      int    // since the asking or the last reminder, of one who is silent
}

// silentAfter is how long somebody may take before it is said.
const silentAfter = 3 * 24 * time.Hour

// AskedOf returns whom the town asked for answers to an assessment and who has not said that all is done.
func (s *Pages) AskedOf(r *site.Request, view assessment.View) ([]AskedLine, error) {
	list, err := s.services.Assessments.Delegations(r.Ctx(), view.Head)
	if err != nil {
		return nil, err
	}
	now := s.Now()
	states := score.States(view.Definition, assessment.Answers(view.Entries))
	var silent, rest []AskedLine
	for i := range list {
		d := &list[i]
		if !d.Revoked.IsZero() {
			continue
		}
		line := AskedLine{Name: d.For, Until: d.Expires, State: "some"}
		for _, id := range d.Questions {
			if states[view.Definition.Ordinal(id)] == score.Inactive {
				continue
			}
			line.Questions++
			if view.Entries[id].Given {
				line.Done++
			}
		}
		asked := d.Created
		if d.Reminded.After(asked) {
			asked = d.Reminded
		}
		switch {
		case !d.Done.IsZero():
			line.State = "done"
		case !now.Before(d.Expires):
			line.State = "expired"
		case d.Name == "" && now.Sub(asked) >= silentAfter:
			line.State, line.Days = "silent", int(now.Sub(asked)/(24*time.Hour))
		}
		if line.State == "silent" || line.State == "expired" {
			silent = append(silent, line)
		} else {
			rest = append(rest, line)
		}
	}
	return append(silent, rest...), nil
}
