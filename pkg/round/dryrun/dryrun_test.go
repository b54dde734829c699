package dryrun_test

import (
	"testing"
	"testing/fstest"

	"pgregory.net/rapid"

	"ortsspiegel/checklists"
	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/checklist/carry"
	"ortsspiegel/pkg/demo"
	"ortsspiegel/pkg/internal/testkit/setup"
	"ortsspiegel/pkg/round"
	"ortsspiegel/pkg/round/dryrun"
	"ortsspiegel/pkg/score"
)

// TestDryRunIsTheSumOfItsTowns counts again, town by town, what the page and the command say.
func TestDryRunIsTheSumOfItsTowns(t *testing.T) {
	setup.OnEach(t, checklists.FS, 40, func(t *testing.T, s *setup.Rounds) {
		for _, from := range []checklist.Version{"1.0.0", "1.1.0"} {
			r := s.NewRound("hier", from, s.MadeUp(3))
			path := s.PathTo(r, "2.0.0")
			before := s.Tables()
			run, err := s.DryRuns.Run(t.Context(), r, path)
			setup.Must(t, err)
			if s.Tables() != before {
				t.Fatal("a dry run has written")
			}
			recount(t, s, r, run)
			if run.Towns != 35 || len(run.Levels) == 0 || run.Answers.Retired == 0 || run.Answers.Asked == 0 {
				t.Errorf("a run over %d towns with %+v and %d moves proves little", run.Towns, run.Answers,
					len(run.Levels))
			}
			again, err := s.Restarted().DryRuns.Run(t.Context(), r, path)
			setup.Must(t, err)
			if len(again.Levels) != len(run.Levels) || again.Answers != run.Answers {
				t.Errorf("the second run says %+v, the first %+v", again.Answers, run.Answers)
			}
		}
	})
}

// TestDryRunIsNeverOld withdraws a submission while the service remembers what it counted.
func TestDryRunIsNeverOld(t *testing.T) {
	setup.OnEach(t, checklists.FS, 10, func(t *testing.T, s *setup.Rounds) {
		ctx := t.Context()
		r := s.NewRound("hier", "1.0.0", s.MadeUp(1))
		towns := func() int {
			t.Helper()
			run, err := s.DryRuns.Run(ctx, r, s.PathTo(r, "2.0.0"))
			setup.Must(t, err)
			recount(t, s, r, run)
			return run.Towns
		}
		n := towns()
		if again := towns(); again != n {
			t.Errorf("the second look counts %d towns, the first %d", again, n)
		}
		h := s.Heads(0)[0]
		setup.Must(t, s.Store.Reopen(ctx, h.ID, setup.Noon, "Bitte prüfen",
			account.Event{At: setup.Noon, Kind: account.EventReopened, Town: h.Town, Region: h.Region}))
		if now := towns(); now != n-1 {
			t.Errorf("one of %d towns was withdrawn, and %d are counted", n, now)
		}
	})
}

// recount compares a run with what Carry says of each town.
func recount(t testing.TB, s *setup.Rounds, r round.Round, run dryrun.Result) {
	t.Helper()
	old := map[checklist.QuestionID]map[carry.Outcome]int{}
	proposed, anew := map[checklist.QuestionID]int{}, map[checklist.QuestionID]map[carry.Reason]int{}
	towns, answers := 0, 0
	setup.Must(t, s.Submissions(t.Context(), r, func(sub round.Submission) error {
		towns++
		answers += len(sub.Answers)
		c := run.Path.Carry(sub.Answers)
		for id, outcome := range c.Outcomes {
			count(old, id, outcome)
		}
		for _, p := range c.Proposals {
			if p.Reason == "" {
				proposed[p.Question]++
			} else {
				count(anew, p.Question, p.Reason)
			}
		}
		return nil
	}))
	if run.Towns != towns || run.Answers.Total() != answers {
		t.Fatalf("%d towns with %d answers, want %d with %d", run.Towns, run.Answers.Total(), towns, answers)
	}
	var sum dryrun.AnswerRun
	for _, o := range run.Old {
		got := o.Answers
		want := dryrun.AnswerRun{Carried: old[o.Question.ID][carry.Carried], Asked: old[o.Question.ID][carry.Asked],
			Retired: old[o.Question.ID][carry.Retired]}
		if got != want {
			t.Errorf("%s: %+v, want %+v", o.Question.ID, got, want)
		}
		if o.Gone && got.Carried+got.Asked > 0 || !o.Gone && got.Retired > 0 {
			t.Errorf("%s: gone is %v with %+v", o.Question.ID, o.Gone, got)
		}
		sum = dryrun.AnswerRun{Carried: sum.Carried + got.Carried, Asked: sum.Asked + got.Asked,
			Retired: sum.Retired + got.Retired}
	}
	if sum != run.Answers {
		t.Errorf("all questions together: %+v, said is %+v", sum, run.Answers)
	}
	for i := range run.Questions {
		q := &run.Questions[i]
		if q.Proposed != proposed[q.Question.ID] || q.Proposed+q.Asked()+q.Without != towns || q.Without < 0 ||
			q.New && q.Without != towns {
			t.Errorf("%s: %+v, %d proposals wanted", q.Question.ID, q, proposed[q.Question.ID])
		}
		for reason, n := range anew[q.Question.ID] {
			if q.Anew[reason] != n {
				t.Errorf("%s: %d times %s, want %d", q.Question.ID, q.Anew[reason], reason, n)
			}
		}
	}
}

func count[A, B comparable](into map[A]map[B]int, a A, b B) {
	if into[a] == nil {
		into[a] = map[B]int{}
	}
	into[a][b]++
}

// TestDryRunProperty draws towns that have answered anything or nothing.
func TestDryRunProperty(t *testing.T) {
	setup.OnEach(t, checklists.FS, 6, func(t *testing.T, s *setup.Rounds) {
		rapid.Check(t, func(r *rapid.T) {
			asked := s.NewRound("hier", rapid.SampledFrom([]checklist.Version{"1.0.0", "1.1.0", "2.0.0"}).Draw(r,
				"version"), func(d *checklist.Definition, town int) score.Answers {
				if rapid.IntRange(0, 5).Draw(r, "submitted") == 0 {
					return nil
				}
				answers := demo.Answers(d, rapid.Int64Range(1, 1000).Draw(r, "seed"), s.Towns[town].AGS,
					demo.Profile{Quality: rapid.Float64Range(-2, 2).Draw(r, "quality")})
				keep := rapid.IntRange(0, 100).Draw(r, "keep")
				for i, q := range d.Questions() {
					if (i*37+town*11)%100 >= keep {
						delete(answers, q.ID)
					}
				}
				return answers
			})
			run, err := s.DryRuns.Run(t.Context(), asked, s.PathTo(asked, "2.0.0"))
			setup.Must(t, err)
			recount(t, s, asked, run)
			if asked.Checklist.Version == "2.0.0" &&
				(run.Answers.Carried != run.Answers.Total() || len(run.Levels) > 0) {
				t.Errorf("the same version changes %+v and %d levels", run.Answers, len(run.Levels))
			}
		})
	})
}

// stairs is a checklist of two questions whose next version raises a level, adds a question
// and gives one another meaning.
var stairs = fstest.MapFS{
	"treppe/1.0.0.yaml": {Data: []byte(stairsHead + `version: 1.0.0
levels:
  - {id: unten, from: 0, label: {de: Unten}}
  - {id: oben, from: 50, label: {de: Oben}}
sections:
  - id: a
    title: {de: A}
    weight: 1
    questions:
      - {id: eins, text: {de: Eins?}, type: choice, scale: stufe}
      - {id: zwei, text: {de: Zwei?}, type: choice, scale: stufe}
      - {id: drei, text: {de: Drei?}, type: choice, scale: stufe, weight: 2}
      - {id: vier, text: {de: Vier?}, type: choice, scale: stufe, when: {question: drei, any_of: [ganz]}}
`)},
	"treppe/2.0.0.yaml": {Data: []byte(stairsHead + `version: 2.0.0
levels:
  - {id: unten, from: 0, label: {de: Unten}}
  - {id: oben, from: 60, label: {de: Oben}}
sections:
  - id: a
    title: {de: A}
    weight: 1
    questions:
      - {id: eins, text: {de: Eins?}, type: choice, scale: stufe}
      - {id: zwei, text: {de: Zwei?}, type: choice, scale: stufe}
      - {id: drei, text: {de: Ganz anders?}, type: choice, scale: stufe, weight: 20}
      - {id: vier, text: {de: Vier?}, type: choice, scale: stufe}
      - {id: neu, text: {de: Neu?}, type: choice, scale: stufe, weight: 20, knockout: {below: 50, caps_at: unten}}
changes:
  from: 1.0.0
  note: {de: Neu.}
  questions:
    - {old: drei, new: drei, meaning: changed}
`)},
}

const stairsHead = `id: treppe
kind: assessment
languages: [de]
title: {de: Treppe}
summary: {de: Zum Prüfen.}
scales:
  stufe:
    options:
      - {id: nicht, points: 0, label: {de: Nicht}}
      - {id: halb, points: 55, label: {de: Halb}}
      - {id: ganz, points: 100, label: {de: Ganz}}
`

// said answers the questions of the first version in turn; an empty one stays open.
func said(options ...checklist.OptionID) score.Answers {
	answers := score.Answers{}
	for i, o := range options {
		if o != "" {
			answers[[]checklist.QuestionID{"eins", "zwei", "drei", "vier"}[i]] = checklist.Answer{
				Kind: checklist.AnswerOptions, Options: []checklist.OptionID{o},
			}
		}
	}
	return answers
}

// TestDryRunMovesLevelsByTheRulesAlone reckons by hand: only eins and zwei carry over, and vier
// where it was asked; drei has another meaning and neu nobody could answer.
func TestDryRunMovesLevelsByTheRulesAlone(t *testing.T) {
	towns := []struct {
		answers    score.Answers
		was, is    float64
		from, into checklist.LevelID // empty: no move
	}{
		{said("halb", "halb", "halb"), 0.55, 0.55, "oben", "unten"}, // the threshold has risen
		// drei and vier do not count any more
		{said("ganz", "ganz", "nicht"), 0.5, 1, "", ""},
		{said("ganz", "halb", "nicht"), 0.3875, 0.775, "unten", "oben"}, // only drei held it down
		// zwei is open before and after, vier carries over
		{said("halb", "", "ganz", "ganz"), 0.71, 1.55 / 3, "oben", "unten"},
		// vier was asked and left open: it counts
		{said("ganz", "ganz", "ganz"), 0.8, 2. / 3, "", ""},
		{said("nicht", "nicht", "ganz", "ganz"), 0.6, 1. / 3, "oben", "unten"}, // what held it up is gone
		{said("nicht", "nicht", "nicht"), 0, 0, "", ""},                        // low before and after
		// an answer from before drei made it inactive counts again
		{score.Answers{"vier": said("", "", "", "ganz")["vier"]}, 0, 1. / 3, "", ""},
	}
	setup.OnEach(t, stairs, len(towns), func(t *testing.T, s *setup.Rounds) {
		r := s.NewRound("hier", "1.0.0", func(_ *checklist.Definition, town int) score.Answers {
			return towns[town].answers
		})
		run, err := s.DryRuns.Run(t.Context(), r, s.PathTo(r, "2.0.0"))
		setup.Must(t, err)
		recount(t, s, r, run)
		moves := map[string]dryrun.LevelMove{}
		for i, m := range run.Levels {
			moves[m.Town.Name] = m
			if i > 0 && run.Levels[i-1].Town.Name > m.Town.Name {
				t.Errorf("%s stands before %s", run.Levels[i-1].Town.Name, m.Town.Name)
			}
		}
		for i, want := range towns {
			m, moved := moves[s.Towns[i].Name]
			switch {
			case !moved && want.from == "":
			case m.Before.ID != want.from || m.After.ID != want.into || !setup.Near(m.Was, want.was) ||
				!setup.Near(m.Is, want.is):
				t.Errorf("town %d: %s %.4f to %s %.4f, want %s %.4f to %s %.4f", i, m.Before.ID, m.Was, m.After.ID,
					m.Is, want.from, want.was, want.into, want.is)
			}
		}
	})
}
