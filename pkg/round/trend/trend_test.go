package trend_test

import (
	"math"
	"slices"
	"testing"

	"ortsspiegel/checklists"
	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/bench"
	"ortsspiegel/pkg/bench/shift"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/internal/testkit/setup"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/round"
	"ortsspiegel/pkg/round/trend"
	"ortsspiegel/pkg/score"
)

func TestRegionTrendIsTheSumOfItsTowns(t *testing.T) {
	setup.OnEach(t, checklists.FS, 30, func(t *testing.T, s *setup.Rounds) {
		rounds := s.ThreeRounds()
		other := s.NewRound("hier", "2.0.0", s.MadeUp(9)) // begins after the last that is asked for
		trend, err := s.Trends.Region(t.Context(), rounds[2])
		setup.Must(t, err)
		if len(trend.Rounds) != 3 || len(trend.Steps) != 2 || len(trend.Apart) != 0 {
			t.Fatalf("%d rounds, %d steps, %d apart", len(trend.Rounds), len(trend.Steps), len(trend.Apart))
		}
		for i, r := range rounds {
			all := s.Submitted(r)
			d, err := s.Versions.Definition(t.Context(), r.Hash)
			setup.Must(t, err)
			var scores []float64
			for _, answers := range all {
				scores = append(scores, *score.Score(d, answers).Score)
			}
			slices.Sort(scores)
			got := trend.Rounds[i]
			if got.Round.ID != r.ID || got.N != len(all) ||
				!setup.Near(*got.Score.Median, bench.Quantile(scores, 0.5)) ||
				!setup.Near(*got.Score.Mean, bench.Mean(scores)) {
				t.Errorf("round %d: %d towns with %v, want %d with median %v", i, got.N, got.Score, len(all),
					bench.Quantile(scores, 0.5))
			}
		}
		for i := range trend.Steps {
			checkStep(s, trend.Steps[i], rounds[i], rounds[i+1])
		}
		before := s.Tables()
		again, err := s.Restarted().Trends.Region(t.Context(), other)
		setup.Must(t, err)
		if len(again.Rounds) != 4 || again.Steps[0].Panel.N != trend.Steps[0].Panel.N {
			t.Errorf("with the later round: %d rounds", len(again.Rounds))
		}
		if s.Tables() != before {
			t.Error("looking at the trend has written")
		}
	})
}

func checkStep(s *setup.Rounds, step trend.Step, from, to round.Round) {
	s.T.Helper()
	path, err := s.Versions.Path(s.T.Context(), from.Hash, to.Hash)
	setup.Must(s.T, err)
	before, after := s.Submitted(from), s.Submitted(to)
	var shifts []shift.Shift
	for i, m := range step.Towns {
		if i > 0 && step.Towns[i-1].Town.Name > m.Town.Name {
			s.T.Errorf("%s stands before %s", step.Towns[i-1].Town.Name, m.Town.Name)
		}
		want, _ := shift.NewWay(path).Between(before[m.Town.AGS], after[m.Town.AGS])
		if !setup.Near(*m.Shift.Before, *want.Before) || !setup.Near(*m.Shift.After, *want.After) ||
			!setup.Near(*m.Shift.Answers(), *want.Answers()) || m.Shift.Common != want.Common {
			s.T.Errorf("%s: %v, want %v", m.Town.Name, m.Shift, want)
		}
		if sum := *m.Shift.Answers() + *m.Shift.Rules(); math.Abs(sum-(*m.Shift.After-*m.Shift.Before)) > 1e-9 {
			s.T.Errorf("%s: the parts do not add up", m.Town.Name)
		}
		shifts = append(shifts, m.Shift)
	}
	both := 0
	for ags := range before {
		if after[ags] != nil {
			both++
		}
	}
	want := shift.NewPanel(path.To(), shifts)
	if len(step.Towns) != both || step.Panel.N != want.N || !setup.Near(*step.Panel.After.Mean, *want.After.Mean) ||
		both == 0 {
		s.T.Errorf("%d of %d towns, panel of %d", len(step.Towns), both, step.Panel.N)
	}
}

// TestARoundWithoutAWayIsLeftOut goes back to an older version in between.
func TestARoundWithoutAWayIsLeftOut(t *testing.T) {
	setup.OnEach(t, checklists.FS, 8, func(t *testing.T, s *setup.Rounds) {
		for _, v := range []checklist.Version{"1.0.0", "2.0.0", "1.1.0"} {
			s.NewRound("hier", v, s.MadeUp(1))
		}
		all, err := s.OfRegion(t.Context(), s.Admin)
		setup.Must(t, err)
		trend, err := s.Trends.Region(t.Context(), all[0])
		setup.Must(t, err)
		if len(trend.Rounds) != 2 || len(trend.Steps) != 1 || len(trend.Apart) != 1 ||
			trend.Apart[0].Checklist.Version != "2.0.0" || trend.Steps[0].Panel.N != 7 {
			t.Errorf("%d rounds, apart %v", len(trend.Rounds), trend.Apart)
		}
		town := account.Actor{User: 5, Role: account.TownLead, Town: s.Towns[0].AGS}
		own, err := s.Trends.Town(t.Context(), town, s.Heads(0)[0])
		setup.Must(t, err)
		if len(own.Points) != 2 || len(own.Shifts) != 1 || len(own.Apart) != 1 ||
			own.Apart[0].Checklist.Version != "2.0.0" {
			t.Errorf("%d points, apart %v", len(own.Points), own.Apart)
		}
	})
}

// TestTownTrendShowsWhatTheActorMaySee gives a town rounds of two agencies.
func TestTownTrendShowsWhatTheActorMaySee(t *testing.T) {
	setup.OnEach(t, checklists.FS, 6, func(t *testing.T, s *setup.Rounds) {
		s.AddRegion("dort", s.Towns[:2])
		s.NewRound("hier", "1.0.0", s.MadeUp(1))
		s.NewRound("dort", "1.1.0", s.MadeUp(2))
		s.NewRound("hier", "2.0.0", s.MadeUp(3))
		s.NewRound("hier", "2.0.0", func(*checklist.Definition, int) score.Answers { return nil })
		heads := s.Heads(0)
		here, there := s.Admin, s.Admin
		there.Region = "dort"
		for _, c := range []struct {
			who    string
			actor  account.Actor
			rounds []int
		}{
			{"town", account.Actor{User: 5, Role: account.TownViewer, Town: s.Towns[0].AGS}, []int{0, 1, 2}},
			{"agency here", here, []int{0, 2}},
			{"agency there", there, []int{1}},
			{"another town", account.Actor{User: 6, Role: account.TownLead, Town: s.Towns[1].AGS}, nil},
			{"nobody", account.Actor{}, nil},
		} {
			trend, err := s.Trends.Town(t.Context(), c.actor, heads[3])
			setup.Must(t, err)
			if len(trend.Points) != len(c.rounds) || len(trend.Shifts) != max(len(c.rounds)-1, 0) ||
				len(trend.Apart) != 0 {
				t.Errorf("%s sees %d points and %d shifts, want %v", c.who, len(trend.Points), len(trend.Shifts),
					c.rounds)
				continue
			}
			for i, at := range c.rounds {
				p := trend.Points[i]
				d, err := s.Versions.Definition(t.Context(), heads[at].Hash)
				setup.Must(t, err)
				answers, err := s.Store.AnswersOf(t.Context(), []assessment.ID{heads[at].ID})
				setup.Must(t, err)
				want := score.Score(d, answers[heads[at].ID])
				if p.Head.ID != heads[at].ID || !setup.Near(*p.Score, *want.Score) || p.Level.ID != want.Level {
					t.Errorf("%s, point %d: %+v, want %v", c.who, i, p, *want.Score)
				}
				if i > 0 && (!setup.Near(*trend.Shifts[i-1].After, *p.Score) ||
					!setup.Near(*trend.Shifts[i-1].Before, *trend.Points[i-1].Score)) {
					t.Errorf("%s: shift %d does not lead from point to point", c.who, i-1)
				}
			}
			if len(c.rounds) > 0 && trend.Points[0].Titles[0].ID == "" {
				t.Errorf("%s: the sections have no names", c.who)
			}
		}
	})
}

// TestRegionTrendIsNeverOld withdraws a submission, changes it and submits it again while the
// service remembers what it computed.
func TestRegionTrendIsNeverOld(t *testing.T) {
	setup.OnEach(t, checklists.FS, 10, func(t *testing.T, s *setup.Rounds) {
		ctx := t.Context()
		first, second := s.NewRound("hier", "1.0.0", s.MadeUp(1)), s.NewRound("hier", "2.0.0", s.MadeUp(2))
		was, h := s.Heads(0)[0], s.Heads(0)[1]
		seen := func() (n, both int, score float64) {
			t.Helper()
			trend, err := s.Trends.Region(ctx, second)
			setup.Must(t, err)
			fresh, err := s.Restarted().Trends.Region(ctx, second)
			setup.Must(t, err)
			if trend.Rounds[0].Round.ID != first.ID || trend.Steps[0].Panel.N != fresh.Steps[0].Panel.N ||
				!setup.Near(*trend.Rounds[1].Score.Mean, *fresh.Rounds[1].Score.Mean) {
				t.Errorf("the service remembers %d towns, there are %d", trend.Steps[0].Panel.N, fresh.Steps[0].Panel.N)
			}
			return trend.Rounds[1].N, len(trend.Steps[0].Towns), *trend.Rounds[1].Score.Mean
		}
		n, both, before := seen()
		if again, _, same := seen(); again != n || same != before {
			t.Error("the second look differs")
		}
		setup.Must(t, s.Store.Reopen(ctx, h.ID, setup.Noon, "Bitte prüfen",
			account.Event{At: setup.Noon, Kind: account.EventReopened, Town: h.Town, Region: h.Region}))
		if k, b, _ := seen(); k != n-1 || b != both-1 {
			t.Errorf("withdrawn: %d towns, %d in both; there were %d and %d", k, b, n, both)
		}
		setup.Must(t, s.Store.Reopen(ctx, was.ID, setup.Noon, "Bitte prüfen",
			account.Event{At: setup.Noon, Kind: account.EventReopened, Town: h.Town, Region: h.Region}))
		if k, b, _ := seen(); k != n-1 || b != both-1 {
			t.Errorf("withdrawn in the first round too: %d towns, %d in both", k, b)
		}
		renamed := s.Towns[1]
		renamed.Name = "Örtel"
		s.AddRegion("hier", []region.Municipality{renamed})
		course, err := s.Trends.Region(ctx, second)
		setup.Must(t, err)
		if !slices.ContainsFunc(course.Steps[0].Towns, func(m trend.TownShift) bool { return m.Town == renamed }) {
			t.Error("the trend calls a town by the name it had")
		}
		d, err := s.Versions.Definition(ctx, h.Hash)
		setup.Must(t, err)
		for q, a := range s.Submitted(second)[s.Towns[1].AGS] { // another town's answers, all of them
			entries, err := s.Store.Entries(ctx, h.ID)
			setup.Must(t, err)
			at := setup.Noon.AddDate(-8, 0, 2)
			_, err = s.Store.Save(ctx, h.ID, at, nil, assessment.Write{ID: h.ID, Question: q, Given: true, Answer: a,
				Revision: entries[q].Revision, By: 7, ByName: "Erika", At: at})
			setup.Must(t, err)
		}
		now, err := s.Store.Head(ctx, h.ID)
		setup.Must(t, err)
		answers, err := s.Store.AnswersOf(ctx, []assessment.ID{h.ID})
		setup.Must(t, err)
		record, err := bench.NewRecord(d, h.Town, 3000, answers[h.ID]).MarshalBinary()
		setup.Must(t, err)
		setup.Must(t, s.Store.Submit(ctx, assessment.Handover{ID: h.ID, Change: now.Change, By: 7, ByName: "Erika",
			At: setup.Noon.AddDate(-8, 0, 3), Record: record}))
		if k, b, after := seen(); k != n || b != both-1 || setup.Near(after, before) {
			t.Errorf("submitted again with other answers: %d towns, %d in both, mean %v after %v", k, b, after, before)
		}
	})
}
