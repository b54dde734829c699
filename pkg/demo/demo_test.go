package demo_test

import (
	"fmt"
	"maps"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"ortsspiegel/checklists"
	"ortsspiegel/pkg/bench/disclosure"
	"ortsspiegel/pkg/catalog"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/demo"
	"ortsspiegel/pkg/gazetteer"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/score"
)

// definitions are all checklists that ship with the program.
func definitions(t testing.TB) map[string]*checklist.Definition {
	t.Helper()
	c := catalog.New(checklists.FS)
	refs, err := c.Refs()
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]*checklist.Definition{}
	for _, ref := range refs {
		d, _, err := c.Get(ref)
		if err != nil {
			t.Fatal(err)
		}
		all[ref.String()] = d
	}
	return all
}

func towns(t testing.TB) []region.Municipality {
	t.Helper()
	list, _, err := gazetteer.Suedwestfalen()
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// revalidate gives an answer to the checklist's own rules again.
func revalidate(q *checklist.Question, a checklist.Answer) error {
	var again checklist.Answer
	var err error
	switch a.Kind {
	case checklist.AnswerNotApplicable:
		again, err = q.NotApplicableAnswer(a.Text)
	case checklist.AnswerOptions:
		var values []string
		for _, o := range a.Options {
			values = append(values, string(o))
		}
		again, err = q.Parse(values)
	case checklist.AnswerNumber:
		again, err = q.Parse([]string{a.Number.StringFixed(6)})
	default:
		again, err = q.Parse([]string{a.Text})
	}
	if err == nil && !again.Equal(a) {
		return fmt.Errorf("%+v became %+v", a, again)
	}
	return err
}

func checkPlan(t interface {
	Errorf(string, ...any)
}, d *checklist.Definition, plan []demo.Assessment) {
	for _, a := range plan {
		states := score.States(d, a.Answers)
		for id, given := range a.Answers {
			q, _, ok := d.Question(id)
			if !ok {
				t.Errorf("%s answers %s, which is not asked", a.Town.Name, id)
				continue
			}
			if err := revalidate(q, given); err != nil {
				t.Errorf("%s, %s: %v", a.Town.Name, id, err)
			}
			if states[d.Ordinal(id)] == score.Inactive {
				t.Errorf("%s answers %s, which is inactive", a.Town.Name, id)
			}
		}
		for id, c := range a.Comments {
			if _, ok := a.Answers[id]; !ok || c == "" || !utf8.ValidString(c) ||
				utf8.RuneCountInString(c) > checklist.MaxComment || strings.Contains(c, "{town}") {
				t.Errorf("%s, %s: comment %q", a.Town.Name, id, c)
			}
		}
		for _, l := range a.Evidence {
			u, err := url.Parse(l.Address)
			if _, ok := a.Answers[l.Question]; !ok || err != nil || u.Scheme != "https" ||
				u.Host != "www.example.org" || l.Title == "" || utf8.RuneCountInString(l.Title) > 200 {
				t.Errorf("%s: evidence %+v", a.Town.Name, l)
			}
		}
		if (a.State == demo.Untouched) != (a.Offset == 0) || a.Offset < 0 || a.Offset >= 1 {
			t.Errorf("%s: state %d at %v", a.Town.Name, a.State, a.Offset)
		}
		if a.State == demo.Untouched && len(a.Answers)+len(a.Comments)+len(a.Evidence) > 0 ||
			a.State != demo.Submitted && a.Consent != (disclosure.Consent{}) {
			t.Errorf("%s: state %d with %+v", a.Town.Name, a.State, a)
		}
	}
}

func count(plan []demo.Assessment) (submitted, begun, empty, untouched int) {
	for _, a := range plan {
		switch {
		case a.State == demo.Submitted:
			submitted++
		case a.State == demo.Untouched:
			untouched++
		case len(a.Answers) == 0:
			empty++
		default:
			begun++
		}
	}
	return
}

func TestPlanOfTheDemoRegion(t *testing.T) {
	for name, d := range definitions(t) {
		for _, seed := range []int64{1, 2, 3, 4, 5, -7} {
			t.Run(fmt.Sprint(name, " seed ", seed), func(t *testing.T) {
				list := towns(t)
				plan := demo.Plan(d, list, 38, seed)
				checkPlan(t, d, plan)
				if s, b, e, u := count(plan); s != 38 || b != 6 || e != 1 || u != 14 {
					t.Errorf("%d submitted, %d begun, %d empty, %d untouched", s, b, e, u)
				}
				for i := range plan {
					if plan[i].Town != list[i] {
						t.Fatalf("town %d is %s", i, plan[i].Town.Name)
					}
				}
				if !reflect.DeepEqual(plan, demo.Plan(d, list, 38, seed)) {
					t.Error("the same seed gives another round")
				}
				if reflect.DeepEqual(plan, demo.Plan(d, list, 38, seed+1)) {
					t.Error("another seed gives the same round")
				}
				plausible(t, d, plan)
			})
		}
	}
}

// plausible looks at the submitted assessments as a reader of the demo would.
func plausible(t *testing.T, d *checklist.Definition, plan []demo.Assessment) {
	t.Helper()
	levels := map[checklist.LevelID]int{}
	notApplicable, complete, comments, links, low, high := 0, 0, 0, 0, 1.0, 0.0
	consents := map[disclosure.Consent]int{}
	var completeness []float64
	for _, a := range plan {
		r := score.Score(d, a.Answers)
		if a.State == demo.Draft && len(a.Answers) > 0 {
			completeness = append(completeness, r.Completeness)
		}
		if a.State != demo.Submitted || r.Score == nil {
			continue
		}
		levels[d.Levels[score.LevelOf(d, *r.Score)].ID]++
		if r.Counts.NotApplicable > r.Counts.Answered {
			notApplicable++
		} else if r.Completeness < 0.9 {
			t.Errorf("%s submitted with %.0f %%", a.Town.Name, r.Completeness*100)
		} else {
			low, high = min(low, *r.Score), max(high, *r.Score)
		}
		if r.Counts.Open == 0 {
			complete++
		}
		comments += len(a.Comments)
		links += len(a.Evidence)
		consents[a.Consent]++
	}
	slices.Sort(completeness)
	t.Logf("levels %v, scores %.2f to %.2f, %d complete, %d comments, %d links, drafts %.2f, consents %d sorts",
		levels, low, high, complete, comments, links, completeness, len(consents))
	if len(d.Questions()) > 40 && (notApplicable != 1 || len(levels) != len(d.Levels)) {
		t.Errorf("%d towns with most not applicable, levels %v", notApplicable, levels)
	}
	if high-low < 0.4 || complete < 25 || comments < 38 || links < 10 || len(consents) < 3 || completeness[0] > 0.3 ||
		completeness[len(completeness)-1] < 0.7 {
		t.Error("this does not look like a survey round")
	}
}

func TestHostileTextsAreAllThere(t *testing.T) {
	for name, d := range definitions(t) {
		for _, participants := range []int{1, 3, 38} {
			found := map[string]bool{}
			asText := false
			for _, a := range demo.Plan(d, towns(t), participants, 1) {
				for _, c := range a.Comments {
					found[c] = true
				}
				for _, given := range a.Answers {
					asText = asText || given.Kind == checklist.AnswerText && given.Text == demo.Hostile()[0]
				}
			}
			for _, h := range demo.Hostile() {
				if !found[h] {
					t.Errorf("%s with %d: %.30q is missing", name, participants, h)
				}
			}
			if participants == 38 && !asText {
				t.Errorf("%s: no hostile text as an answer", name)
			}
		}
	}
	longest := 0
	for _, h := range demo.Hostile() {
		longest = max(longest, utf8.RuneCountInString(h))
	}
	if longest != 2000 {
		t.Errorf("the longest has %d characters", longest)
	}
}

func TestPlanAtItsEdges(t *testing.T) {
	d := definitions(t)["willkommen@1.0.0"]
	list := towns(t)
	for _, c := range []struct{ towns, participants, submitted, begun, empty, untouched int }{
		{0, 38, 0, 0, 0, 0}, {1, 0, 0, 0, 1, 0}, {1, 1, 1, 0, 0, 0}, {2, -5, 0, 1, 1, 0}, {59, 59, 59, 0, 0, 0},
		{59, 100, 59, 0, 0, 0}, {59, 0, 0, 6, 1, 52}, {59, 58, 58, 0, 1, 0},
	} {
		plan := demo.Plan(d, list[:c.towns], c.participants, 1)
		checkPlan(t, d, plan)
		if s, b, e, u := count(plan); s != c.submitted || b != c.begun || e != c.empty || u != c.untouched {
			t.Errorf("%+v: %d submitted, %d begun, %d empty, %d untouched", c, s, b, e, u)
		}
	}
}

// A town's answers are its own: more participants do not change them, and bigger towns do better on average.
func TestAnswersDependOnTheTownAlone(t *testing.T) {
	d := definitions(t)["willkommen@1.0.0"]
	var small, large []float64
	for _, m := range towns(t) {
		for seed := range int64(8) {
			a := demo.Answers(d, seed, m.AGS, demo.ProfileOf(m, seed))
			if seed == 0 && !maps.EqualFunc(a, demo.Answers(d, seed, m.AGS, demo.ProfileOf(m, seed)),
				checklist.Answer.Equal) {
				t.Fatalf("%s answers differently", m.Name)
			}
			s := *score.Score(d, a).Score
			if m.Population < 12_000 {
				small = append(small, s)
			} else if m.Population > 30_000 {
				large = append(large, s)
			}
		}
	}
	if a, b := mean(small), mean(large); b < a+0.03 || b > a+0.35 {
		t.Errorf("small towns have %.2f, large ones %.2f", a, b)
	}
}

func mean(list []float64) float64 {
	sum := 0.0
	for _, v := range list {
		sum += v
	}
	return sum / float64(len(list))
}
