package main

import (
	"fmt"
	"math"
	"slices"
	"time"

	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/bench/disclosure"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/demo"
	"ortsspiegel/pkg/lineage"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/round"
	"ortsspiegel/pkg/wording"
)

// demoPlan is a round as it is made up.
type demoPlan struct {
	checklist     *checklist.Definition
	title         string
	opens, closes time.Time
	until         time.Time // when the last town did something
	towns         []demo.Assessment
}

// demoSteps are the rounds of the demonstration: the versions of one checklist, and when the
// round on each opened, in days from now. They lie more than a year apart, so that no two have
// the same year in their titles.
var demoSteps = []struct {
	ref   checklist.Ref
	opens int
	share float64 // submitted assessments, of those of the open round
}{
	{checklist.Ref{ID: "willkommen", Version: "1.0.0"}, -785, 24. / 38},
	{checklist.Ref{ID: "willkommen", Version: "1.1.0"}, -415, 31. / 38},
	{checklist.Ref{ID: "willkommen", Version: "2.0.0"}, -45, 1},
}

// plan makes up all rounds.
func (m *demoMaker) plan() error {
	var waves []demo.Wave
	for i, s := range demoSteps {
		d, _, err := m.catalog.Get(s.ref)
		if err != nil {
			return err
		}
		waves = append(waves, demo.Wave{Definition: d,
			Participants: int(math.Round(float64(m.command.Participants) * s.share))})
		p := demoPlan{checklist: d, opens: day(m.now(), s.opens), closes: day(m.now(), s.opens+60)}
		p.until = p.closes
		if i == len(demoSteps)-1 {
			p.closes, p.until = day(m.now(), s.opens+90), m.now()
		}
		p.title = fmt.Sprintf("%s %d", d.Title.In("de"), p.opens.Year())
		m.plans = append(m.plans, p)
	}
	series, err := demo.Series(waves, m.towns, m.command.seed())
	for i := range series {
		m.plans[i].towns = series[i]
	}
	return err
}

// latest is what the towns did in the open round.
func (m *demoMaker) latest() []demo.Assessment { return m.plans[len(m.plans)-1].towns }

// first returns the place of the first town in the open round that is like this, or that of
// the first town.
func (m *demoMaker) first(is func(demo.Assessment) bool) int {
	return max(0, slices.IndexFunc(m.latest(), is))
}

// team is a town at work, if possible one that has taken over a part of what it answered last.
func (m *demoMaker) team() int {
	atWork := func(a demo.Assessment) bool { return a.State == demo.Draft && len(a.Answers) > 10 }
	if i := slices.IndexFunc(m.latest(), func(a demo.Assessment) bool {
		return atWork(a) && len(a.Carried) > 5 && len(a.Answers) < 30
	}); i >= 0 {
		return i
	}
	return m.first(atWork)
}

// shown are the towns worth trying: one that has submitted, one at work, and one that has
// submitted before and not begun this time.
func (m *demoMaker) shown() []int {
	towns := []int{m.finished(), m.team()}
	if i := slices.IndexFunc(m.latest(), func(a demo.Assessment) bool {
		return a.State == demo.Untouched && a.From > 0
	}); i >= 0 {
		towns = append(towns, i)
	}
	return towns
}

// finished is a town that has submitted in every round.
func (m *demoMaker) finished() int {
	for i := range m.towns {
		if !slices.ContainsFunc(m.plans, func(p demoPlan) bool { return p.towns[i].State != demo.Submitted }) {
			return i
		}
	}
	return m.first(func(a demo.Assessment) bool { return a.State == demo.Submitted })
}

// day is midnight in Germany, some days from now.
func day(now time.Time, days int) time.Time {
	y, month, d := now.In(wording.Berlin).AddDate(0, 0, days).Date()
	return time.Date(y, month, d, 0, 0, 0, 0, wording.Berlin)
}

// round creates and opens a round, each at its time, and loads what the towns did in it. All
// but the last are closed, and published two weeks later.
func (m *demoMaker) round(i int) error {
	p := m.plans[i]
	clock := p.opens.AddDate(0, 0, -14)
	then, err := round.NewService(m.store, lineage.New(m.store, m.catalog), m.store, disclosure.DefaultRules(),
		func() time.Time { return clock })
	if err != nil {
		return err
	}
	all := make([]region.AGS, len(m.towns))
	for k, t := range m.towns {
		all[k] = t.AGS
	}
	id, err := then.Create(m.ctx, m.admin, round.New{Title: p.title, Checklist: p.checklist.Ref(), Opens: p.opens,
		Closes: p.closes, Towns: all})
	if err != nil {
		return err
	}
	clock = p.opens
	if err := then.Open(m.ctx, m.admin, id); err != nil {
		return err
	}
	clock = p.until
	if err := m.load(then, id, i); err != nil {
		return err
	}
	status := round.Open
	if i < len(m.plans)-1 {
		clock, status = p.closes, round.Published
		if err := then.Close(m.ctx, m.admin, id); err != nil {
			return err
		}
		clock = p.closes.AddDate(0, 0, 14)
		if err := then.Publish(m.ctx, m.admin, id); err != nil {
			return err
		}
	}
	m.out.Rounds = append([]demoRound{{id, p.checklist.ID, p.checklist.Version, status}}, m.out.Rounds...)
	return nil
}

// load stores what the towns did in a round, and what they agreed to be named with.
func (m *demoMaker) load(rounds *round.Service, id round.ID, i int) error {
	p := m.plans[i]
	var bulk []assessment.Import
	for k := range p.towns {
		if p.towns[k].State == demo.Untouched {
			continue
		}
		b, err := m.bulk(i, k)
		if err != nil {
			return err
		}
		bulk = append(bulk, b)
	}
	if err := rounds.Operator(operator).Fill(m.ctx, id, bulk); err != nil {
		return err
	}
	for _, a := range p.towns {
		if a.State != demo.Submitted || a.Consent == (disclosure.Consent{}) {
			continue
		}
		h := assessment.Head{Town: a.Town.AGS, TownName: a.Town.Name, Region: demoRegion, Round: int64(id),
			RoundTitle: p.title}
		if err := rounds.SetConsent(m.ctx, operator, h, a.Consent, nil); err != nil {
			return err
		}
	}
	return nil
}

// at is when a town submitted in this round, or last saved.
func (p *demoPlan) at(town int) time.Time {
	return p.opens.Add(time.Duration(p.towns[town].Offset * float64(p.until.Sub(p.opens)))).UTC()
}

// signedIn is when a town's lead signed in last: before what the town did last; the zero time if it never did anything.
func (m *demoMaker) signedIn(town int) time.Time {
	for i := len(m.plans) - 1; i >= 0; i-- {
		if p := &m.plans[i]; p.towns[town].State != demo.Untouched {
			return p.at(town).Add(-time.Duration(len(p.checklist.Questions())+5) * time.Minute)
		}
	}
	return time.Time{}
}

// answered is when a town answered a question: one a minute, the last before it submitted.
func (p *demoPlan) answered(town int, q checklist.QuestionID) time.Time {
	d := p.checklist
	return p.at(town).Add(-time.Duration(len(d.Questions())-d.Ordinal(q)) * time.Minute)
}

func (m *demoMaker) bulk(i, town int) (assessment.Import, error) {
	plan := &m.plans[i]
	a, d := plan.towns[town], plan.checklist
	by := leadName(a.Town.AGS)
	b := assessment.Import{Town: a.Town.AGS}
	for _, q := range d.Questions() {
		answer, given := a.Answers[q.ID]
		comment := a.Comments[q.ID]
		if !given && comment == "" {
			continue
		}
		b.Entries = append(b.Entries, assessment.Entry{Question: q.ID, Given: given, Answer: answer, Comment: comment,
			Revision: 1, By: by,
			At: plan.answered(town, q.ID), Origin: m.origin(a, town, a.Carried[q.ID])})
	}
	for _, l := range a.Evidence {
		e := assessment.Evidence{Question: l.Question, Link: l.Address, Title: l.Title, By: by, At: plan.at(town)}
		if l.Carried {
			from := &m.plans[a.From-1]
			e.Origin = assessment.Origin{Kind: assessment.OriginCarried, Subject: from.title, At: from.at(town)}
		}
		b.Evidence = append(b.Evidence, e)
	}
	if a.State != demo.Submitted {
		return b, nil
	}
	return b, b.Submit(d, a.Town.Population, plan.at(town), by)
}

// origin is where an answer comes from that was taken over from these questions; the zero
// origin without any.
func (m *demoMaker) origin(a demo.Assessment, town int, sources []checklist.QuestionID) assessment.Origin {
	if len(sources) == 0 {
		return assessment.Origin{}
	}
	from := &m.plans[a.From-1]
	o := assessment.Origin{Kind: assessment.OriginCarried, Subject: from.title}
	for _, q := range sources {
		if at := from.answered(town, q); at.After(o.At) {
			o.At = at
		}
	}
	return o
}
