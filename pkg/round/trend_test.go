package round_test

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
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/round"
	"ortsspiegel/pkg/score"
)

// threeRounds are rounds of all versions in which different towns have not submitted.
func threeRounds(s *stage) []round.Round {
	var list []round.Round
	for i, v := range []checklist.Version{"1.0.0", "1.1.0", "2.0.0"} {
		answers := s.madeUp(int64(1 + i))
		list = append(list, s.round("hier", v, func(d *checklist.Definition, town int) score.Answers {
			if town%5 == i {
				return nil
			}
			return answers(d, town)
		}))
	}
	return list
}

// submitted reads what a round holds by the way that exports take.
func (s *stage) submitted(r round.Round) map[region.AGS]score.Answers {
	s.t.Helper()
	all := map[region.AGS]score.Answers{}
	must(s.t, s.Submissions(s.t.Context(), r, func(sub round.Submission) error {
		all[sub.Town.AGS] = sub.Answers
		return nil
	}))
	return all
}

func TestRegionTrendIsTheSumOfItsTowns(t *testing.T) {
	onEach(t, checklists.FS, 30, func(t *testing.T, s *stage) {
		rounds := threeRounds(s)
		other := s.round("hier", "2.0.0", s.madeUp(9)) // begins after the last that is asked for
		trend, err := s.RegionTrend(t.Context(), rounds[2])
		must(t, err)
		if len(trend.Rounds) != 3 || len(trend.Steps) != 2 || len(trend.Apart) != 0 {
			t.Fatalf("%d rounds, %d steps, %d apart", len(trend.Rounds), len(trend.Steps), len(trend.Apart))
		}
		for i, r := range rounds {
			all := s.submitted(r)
			d, err := s.Definition(t.Context(), r.Hash)
			must(t, err)
			var scores []float64
			for _, answers := range all {
				scores = append(scores, *score.Score(d, answers).Score)
			}
			slices.Sort(scores)
			got := trend.Rounds[i]
			if got.Round.ID != r.ID || got.N != len(all) || !near(*got.Score.Median, bench.Quantile(scores, 0.5)) || !near(*got.Score.Mean, bench.Mean(scores)) {
				t.Errorf("round %d: %d towns with %v, want %d with median %v", i, got.N, got.Score, len(all), bench.Quantile(scores, 0.5))
			}
		}
		for i := range trend.Steps {
			s.checkStep(trend.Steps[i], rounds[i], rounds[i+1])
		}
		before := s.tables()
		again, err := s.service().RegionTrend(t.Context(), other)
		must(t, err)
		if len(again.Rounds) != 4 || again.Steps[0].Panel.N != trend.Steps[0].Panel.N {
			t.Errorf("with the later round: %d rounds", len(again.Rounds))
		}
		if s.tables() != before {
			t.Error("looking at the trend has written")
		}
	})
}

func (s *stage) checkStep(step round.RegionStep, from, to round.Round) {
	s.t.Helper()
	path, err := s.Path(s.t.Context(), from.Hash, to.Hash)
	must(s.t, err)
	before, after := s.submitted(from), s.submitted(to)
	var shifts []shift.Shift
	for i, m := range step.Towns {
		if i > 0 && step.Towns[i-1].Town.Name > m.Town.Name {
			s.t.Errorf("%s stands before %s", step.Towns[i-1].Town.Name, m.Town.Name)
		}
		want, _ := shift.Between(path, path.Common(), before[m.Town.AGS], after[m.Town.AGS])
		if !near(*m.Shift.Before, *want.Before) || !near(*m.Shift.After, *want.After) || !near(*m.Shift.Answers(), *want.Answers()) || m.Shift.Common != want.Common {
			s.t.Errorf("%s: %v, want %v", m.Town.Name, m.Shift, want)
		}
		if sum := *m.Shift.Answers() + *m.Shift.Rules(); math.Abs(sum-(*m.Shift.After-*m.Shift.Before)) > 1e-9 {
			s.t.Errorf("%s: the parts do not add up", m.Town.Name)
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
	if len(step.Towns) != both || step.Panel.N != want.N || !near(*step.Panel.After.Mean, *want.After.Mean) || both == 0 {
		s.t.Errorf("%d of %d towns, panel of %d", len(step.Towns), both, step.Panel.N)
	}
}

// TestARoundWithoutAWayIsLeftOut goes back to an older version in between.
func TestARoundWithoutAWayIsLeftOut(t *testing.T) {
	onEach(t, checklists.FS, 8, func(t *testing.T, s *stage) {
		for _, v := range []checklist.Version{"1.0.0", "2.0.0", "1.1.0"} {
			s.round("hier", v, s.madeUp(1))
		}
		all, err := s.OfRegion(t.Context(), s.admin)
		must(t, err)
		trend, err := s.RegionTrend(t.Context(), all[0])
		must(t, err)
		if len(trend.Rounds) != 2 || len(trend.Steps) != 1 || len(trend.Apart) != 1 || trend.Apart[0].Checklist.Version != "2.0.0" || trend.Steps[0].Panel.N != 7 {
			t.Errorf("%d rounds, apart %v", len(trend.Rounds), trend.Apart)
		}
		town := account.Actor{User: 5, Role: account.TownLead, Town: s.towns[0].AGS}
		own, err := s.TownTrend(t.Context(), town, s.heads(0)[0])
		must(t, err)
		if len(own.Points) != 2 || len(own.Shifts) != 1 || len(own.Apart) != 1 || own.Apart[0].Checklist.Version != "2.0.0" {
			t.Errorf("%d points, apart %v", len(own.Points), own.Apart)
		}
	})
}

// TestTownTrendShowsWhatTheActorMaySee gives a town rounds of two agencies.
func TestTownTrendShowsWhatTheActorMaySee(t *testing.T) {
	onEach(t, checklists.FS, 6, func(t *testing.T, s *stage) {
		s.region("dort", s.towns[:2])
		s.round("hier", "1.0.0", s.madeUp(1))
		s.round("dort", "1.1.0", s.madeUp(2))
		s.round("hier", "2.0.0", s.madeUp(3))
		s.round("hier", "2.0.0", func(*checklist.Definition, int) score.Answers { return nil })
		heads := s.heads(0)
		here, there := s.admin, s.admin
		there.Region = "dort"
		for _, c := range []struct {
			who    string
			actor  account.Actor
			rounds []int
		}{
			{"town", account.Actor{User: 5, Role: account.TownViewer, Town: s.towns[0].AGS}, []int{0, 1, 2}},
			{"agency here", here, []int{0, 2}},
			{"agency there", there, []int{1}},
			{"another town", account.Actor{User: 6, Role: account.TownLead, Town: s.towns[1].AGS}, nil},
			{"nobody", account.Actor{}, nil},
		} {
			trend, err := s.TownTrend(t.Context(), c.actor, heads[3])
			must(t, err)
			if len(trend.Points) != len(c.rounds) || len(trend.Shifts) != max(len(c.rounds)-1, 0) || len(trend.Apart) != 0 {
				t.Errorf("%s sees %d points and %d shifts, want %v", c.who, len(trend.Points), len(trend.Shifts), c.rounds)
				continue
			}
			for i, at := range c.rounds {
				p := trend.Points[i]
				d, err := s.Definition(t.Context(), heads[at].Hash)
				must(t, err)
				answers, err := s.store.AnswersOf(t.Context(), []assessment.ID{heads[at].ID})
				must(t, err)
				want := score.Score(d, answers[heads[at].ID])
				if p.Head.ID != heads[at].ID || !near(*p.Score, *want.Score) || p.Level.ID != want.Level {
					t.Errorf("%s, point %d: %+v, want %v", c.who, i, p, *want.Score)
				}
				if i > 0 && (!near(*trend.Shifts[i-1].After, *p.Score) || !near(*trend.Shifts[i-1].Before, *trend.Points[i-1].Score)) {
					t.Errorf("%s: shift %d does not lead from point to point", c.who, i-1)
				}
			}
			if len(c.rounds) > 0 && trend.Points[0].Titles[0].ID == "" {
				t.Errorf("%s: the sections have no names", c.who)
			}
		}
	})
}

// TestPublishingLooksAtOtherRounds asks what a release is told before it is computed.
func TestPublishingLooksAtOtherRounds(t *testing.T) {
	onEach(t, checklists.FS, 30, func(t *testing.T, s *stage) {
		rounds := threeRounds(s)
		if list, err := s.Earlier(t.Context(), rounds[1]); err != nil || len(list) != 0 {
			t.Fatalf("nothing is published, and there are %d rounds, %v", len(list), err)
		}
		rounds[0], rounds[2] = s.publish(rounds[0]), s.publish(rounds[2])
		list, err := s.Earlier(t.Context(), rounds[1])
		must(t, err)
		if len(list) != 2 || list[0].Round != int64(rounds[0].ID) || list[0].Later || list[1].Round != int64(rounds[2].ID) || !list[1].Later {
			t.Fatalf("%d rounds", len(list))
		}
		now := s.submitted(rounds[1])
		for i, other := range []round.Round{rounds[0], rounds[2]} {
			e := list[i]
			from, to := other, rounds[1]
			if e.Later {
				from, to = to, from
			}
			if len(e.Releases) != 1 || e.Path.From().Hash != from.Hash || e.Path.To().Hash != to.Hash || len(e.Records) != len(s.submitted(other)) {
				t.Errorf("round %d: %d releases, from %s to %s", i, len(e.Releases), e.Path.From().Version, e.Path.To().Version)
			}
			both := 0
			for ags, answers := range s.submitted(other) {
				if now[ags] == nil {
					continue
				}
				both++
				before, after := answers, now[ags]
				if e.Later {
					before, after = after, before
				}
				want, unchanged := shift.Between(e.Path, e.Path.Common(), before, after)
				if got := e.Shifts[ags]; !near(*got.After, *want.After) || !near(*got.Rebased, *want.Rebased) || !slices.Equal(e.Unchanged[ags], unchanged) {
					t.Errorf("round %d, %s: %v, want %v", i, ags, got, want)
				}
			}
			if both == 0 || len(e.Shifts) != both || len(e.Unchanged) != both {
				t.Errorf("round %d: %d towns, want %d", i, len(e.Shifts), both)
			}
		}
		rounds[1] = s.publish(rounds[1])
		released, err := s.Release(t.Context(), rounds[1].ID)
		must(t, err)
		if released.Number != 1 {
			t.Errorf("release %d", released.Number)
		}
	})
}

// TestPublishingWithoutAWay leaves the other round without shifts, but not without its releases.
func TestPublishingWithoutAWay(t *testing.T) {
	onEach(t, checklists.FS, 30, func(t *testing.T, s *stage) {
		newer := s.publish(s.round("hier", "2.0.0", s.madeUp(1)))
		older := s.round("hier", "1.1.0", s.madeUp(2))
		list, err := s.Earlier(t.Context(), older)
		must(t, err)
		if len(list) != 1 || list[0].Path != nil || len(list[0].Shifts) != 0 || len(list[0].Releases) != 1 || list[0].Round != int64(newer.ID) {
			t.Errorf("%+v", list)
		}
		if older = s.publish(older); older.Status != round.Published {
			t.Errorf("the round is %s", older.Status)
		}
	})
}

// TestRegionTrendIsNeverOld withdraws a submission, changes it and submits it again while the service remembers what it computed.
func TestRegionTrendIsNeverOld(t *testing.T) {
	onEach(t, checklists.FS, 10, func(t *testing.T, s *stage) {
		ctx := t.Context()
		first, second := s.round("hier", "1.0.0", s.madeUp(1)), s.round("hier", "2.0.0", s.madeUp(2))
		h := s.heads(0)[1]
		seen := func() (n, both int, score float64) {
			t.Helper()
			trend, err := s.RegionTrend(ctx, second)
			must(t, err)
			fresh, err := s.service().RegionTrend(ctx, second)
			must(t, err)
			if trend.Rounds[0].Round.ID != first.ID || trend.Steps[0].Panel.N != fresh.Steps[0].Panel.N || !near(*trend.Rounds[1].Score.Mean, *fresh.Rounds[1].Score.Mean) {
				t.Errorf("the service remembers %d towns, there are %d", trend.Steps[0].Panel.N, fresh.Steps[0].Panel.N)
			}
			return trend.Rounds[1].N, len(trend.Steps[0].Towns), *trend.Rounds[1].Score.Mean
		}
		n, both, before := seen()
		if again, _, same := seen(); again != n || same != before {
			t.Error("the second look differs")
		}
		must(t, s.store.Reopen(ctx, h.ID, noon, "Bitte prüfen", account.Event{At: noon, Kind: account.EventReopened, Town: h.Town, Region: h.Region}))
		if k, b, _ := seen(); k != n-1 || b != both-1 {
			t.Errorf("withdrawn: %d towns, %d in both; there were %d and %d", k, b, n, both)
		}
		d, err := s.Definition(ctx, h.Hash)
		must(t, err)
		for q, a := range s.submitted(second)[s.towns[1].AGS] { // another town's answers, all of them
			entries, err := s.store.Entries(ctx, h.ID)
			must(t, err)
			_, err = s.store.SaveAnswer(ctx, assessment.Write{ID: h.ID, Question: q, Given: true, Answer: a, Revision: entries[q].Revision, By: 7, ByName: "Erika", At: noon.AddDate(-8, 0, 2)})
			must(t, err)
		}
		now, err := s.store.Head(ctx, h.ID)
		must(t, err)
		answers, err := s.store.AnswersOf(ctx, []assessment.ID{h.ID})
		must(t, err)
		record, err := bench.NewRecord(d, h.Town, 3000, answers[h.ID]).MarshalBinary()
		must(t, err)
		must(t, s.store.Submit(ctx, assessment.Handover{ID: h.ID, Change: now.Change, By: 7, ByName: "Erika", At: noon.AddDate(-8, 0, 3), Record: record}))
		if k, b, after := seen(); k != n || b != both || near(after, before) {
			t.Errorf("submitted again with other answers: %d towns, %d in both, mean %v after %v", k, b, after, before)
		}
	})
}
