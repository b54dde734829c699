package answering

import (
	"time"

	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/score"
	"ortsspiegel/pkg/web/assessments"
	"ortsspiegel/pkg/web/site"
)

// AskedLine is a colleague who was asked, for a dashboard: the silent ones first.
type AskedLine struct {
	Name      string // as it was typed when asking
	Questions int
	Done      int       // of these, answered
	Until     time.Time // the last day
	State     string    // silent, unopened, some, done, expired
	Days      int       // since the asking or the last reminder, of one who is silent
}

// silentAfter is how long somebody may take before it is said.
const silentAfter = 3 * 24 * time.Hour

// AskedOf returns whom the town asked for answers to the request's assessment, those first who are silent
// or whose link has ended; revoked links are left out.
func (s *Pages) AskedOf(r *site.Request, view assessment.View, text *assessments.ChecklistText) ([]AskedLine, error) {
	list, err := s.services.Assessments.Delegations(r.Ctx(), view.Head)
	if err != nil {
		return nil, err
	}
	states := score.States(view.Definition, assessment.Answers(view.Entries))
	var late, rest []AskedLine
	for i := range list {
		asked := newAskedView(r, &list[i], view, text, states)
		if asked.State == "revoked" {
			continue
		}
		line := AskedLine{Name: asked.For, Questions: asked.All, Done: asked.Done, Until: asked.Until,
			State: asked.State}
		last := asked.Created
		if asked.Reminded.After(last) {
			last = asked.Reminded
		}
		if waits := s.Now().Sub(last); asked.State == "unopened" && waits >= silentAfter {
			line.State, line.Days = "silent", int(waits/(24*time.Hour))
		}
		if line.State == "silent" || line.State == "expired" {
			late = append(late, line)
		} else {
			rest = append(rest, line)
		}
	}
	return append(late, rest...), nil
}
