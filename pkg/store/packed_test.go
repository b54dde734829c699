package store_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/round"
	"ortsspiegel/pkg/score"
	"ortsspiegel/pkg/store"
)

// sayings are answers whose texts could be mistaken for what stands between them.
var sayings = []score.Answers{
	{"one": options("teilweise"), "many": options("a", "b"), "quoted": options(`a"b`, `","`)},
	{},
	{"text": {Kind: checklist.AnswerText, Text: "one options 9 [\"nein\"]two text 3 x"},
		"zwei": {Kind: checklist.AnswerText, Text: " \n Grüße 🌻 'ß' 7 "},
		"na":   {Kind: checklist.AnswerNotApplicable, Text: "gibt es 12 Mal nicht"}},
	{"n": {Kind: checklist.AnswerNumber, Number: decimal.RequireFromString("-12.000001")},
		"day":  {Kind: checklist.AnswerDate, Text: "2026-02-28"},
		"lang": {Kind: checklist.AnswerText, Text: strings.Repeat("ä ", 1000)}},
}

// submitted loads the sayings, in turn, as submissions of n towns; every fifth town keeps its draft.
func submitted(t testing.TB, s *store.Store, id round.ID, n int) {
	t.Helper()
	var list []assessment.Import
	for i := range n {
		b := assessment.Import{Town: town(i).AGS, By: 7, Submitted: noon, SubmittedBy: "Erika",
			Record: []byte("record")}
		for q, a := range sayings[i%len(sayings)] {
			b.Entries = append(b.Entries, assessment.Entry{Question: q, Given: true, Answer: a, By: "Erika", At: noon})
		}
		b.Entries = append(b.Entries, assessment.Entry{Question: "open", Comment: "offen", By: "Erika", At: noon})
		if i%5 == 4 {
			b.Record = nil
		}
		list = append(list, b)
	}
	must(t, s.ImportAssessments(t.Context(), id, list))
}

func TestSubmittedAnswersComeBackAsTheyWere(t *testing.T) {
	const n = 23
	onEach(t, func(t *testing.T, s *store.Store) {
		first, second, other := openRound(t, s, n), openRound(t, s, n), openRound(t, s, n)
		submitted(t, s, first, n)
		submitted(t, s, second, n-3)
		submitted(t, s, other, 2)
		got := map[round.ID]map[region.AGS]score.Answers{first: {}, second: {}}
		before := region.AGS("")
		must(t, s.SubmittedAnswers(t.Context(), []round.ID{second, first}, func(a round.Answered) error {
			if a.Town < before {
				t.Errorf("%s comes after %s", a.Town, before)
			}
			before = a.Town
			got[a.Round][a.Town] = a.Answers
			return nil
		}))
		for id, towns := range map[round.ID]int{first: n, second: n - 3} {
			want := 0
			for i := range towns {
				answers, ok := got[id][town(i).AGS]
				if i%5 == 4 {
					if ok {
						t.Errorf("round %d: a draft was read", id)
					}
					continue
				}
				want++
				if !ok || !same(answers, sayings[i%len(sayings)]) {
					t.Errorf("round %d, town %d: got %v, want %v", id, i, answers, sayings[i%len(sayings)])
				}
			}
			if len(got[id]) != want {
				t.Errorf("round %d: %d assessments, want %d", id, len(got[id]), want)
			}
		}
		stop := errors.New("enough")
		if err := s.SubmittedAnswers(t.Context(), []round.ID{first}, func(round.Answered) error {
			return stop
		}); !errors.Is(err, stop) {
			t.Errorf("got %v, want the reader's own error", err)
		}
		must(t, s.SubmittedAnswers(t.Context(), nil, func(round.Answered) error { return stop }))
	})
}

func same(a, b score.Answers) bool {
	if len(a) != len(b) {
		return false
	}
	for q := range b {
		if !a[q].Equal(b[q]) {
			return false
		}
	}
	return true
}

func TestTownsOfRounds(t *testing.T) {
	onEach(t, func(t *testing.T, s *store.Store) {
		few, many := openRound(t, s, 3), openRound(t, s, 20)
		for _, c := range []struct {
			rounds []round.ID
			want   int
		}{{nil, 0}, {[]round.ID{few}, 3}, {[]round.ID{many}, 20}, {[]round.ID{few, many}, 20},
			{[]round.ID{many + 1}, 0}} {
			list, err := s.TownsOf(t.Context(), c.rounds)
			must(t, err)
			if len(list) != c.want {
				t.Fatalf("%v: %d towns, want %d", c.rounds, len(list), c.want)
			}
			for i, m := range list {
				if m != town(i) {
					t.Errorf("%v: %+v at place %d", c.rounds, m, i)
				}
			}
		}
	})
}

// TestBrokenAnswersAreNotPassedOver spoils what is stored, which only a damaged file does.
func TestBrokenAnswersAreNotPassedOver(t *testing.T) {
	s, dir := onSQLite(t)
	id := openRound(t, s, 1)
	submitted(t, s, id, 1)
	raw := rawSQLite(t, dir)
	for _, value := range []string{`nein`, `["a"`} {
		_, err := raw.Exec(`UPDATE answers SET value = ? WHERE question = 'one'`, value)
		must(t, err)
		err = s.SubmittedAnswers(t.Context(), []round.ID{id}, func(round.Answered) error { return nil })
		if f := fault.As(err); err == nil || f != nil && f.Kind != fault.Internal {
			t.Errorf("%s: got %v, want an internal error", value, err)
		}
	}
}
