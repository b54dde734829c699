package web

import (
	"slices"
	"time"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/round"
	"ortsspiegel/pkg/web/rounds"
	"ortsspiegel/pkg/web/site"
	"ortsspiegel/pkg/wording"
)

// agencyStart is an agency's start page: what is due, each with one thing to do, who is missing in the round that ends
// next, and all rounds.
type agencyStart struct {
	Due     []dueLine
	Running *runningRound // nil: no round takes answers
	Rounds  []startRound
}

// dueLine is something that waits for the agency.
type dueLine struct {
	Late        bool // its day has passed
	Text        string
	Action, URL string
}

// runningRound is the round that ends next.
type runningRound struct {
	ID       int64
	Title    string
	Closes   time.Time // the last day
	DaysLeft int
	Progress rounds.ProgressCount
	Missing  []missingTown // those who have done least, the first of them
	More     int
	MoreURL  string
}

type missingTown struct {
	Name  string
	State string // not_begun, draft
	URL   string // to remind it; empty: not by this reader
}

// startRound is a line of an agency's dashboard.
type startRound struct {
	ID            int64
	Title, Status string
	Checklist     string
	Opens, Closes time.Time // the last day, as people say it
	Overdue       bool
	Progress      *rounds.ProgressCount // while it runs
}

// missingShown is how many of the missing towns the start page names.
const missingShown = 5

// agencyOf gathers an agency's start page.
func (s *shell) agencyOf(r *site.Request, manages bool) (agencyStart, error) {
	var v agencyStart
	list, err := s.begun.OfRegion(r.Ctx(), r.Actor)
	if err != nil {
		return v, err
	}
	var next *round.Round
	for i := range list {
		x := &list[i]
		line := roundLine(*x)
		if x.Status == round.Open {
			counts, err := s.begun.Counts(r.Ctx(), *x)
			if err != nil {
				return v, err
			}
			counted := rounds.ProgressCount{Towns: counts.Towns, Submitted: counts.Submitted,
				Drafts: counts.Drafts, NotBegun: counts.Towns - counts.Submitted - counts.Drafts}
			line.Overdue, line.Progress = !s.Now().Before(x.Closes), &counted
			if !line.Overdue && (next == nil || x.Closes.Before(next.Closes)) {
				next = x
				v.Running = &runningRound{ID: line.ID, Title: x.Title, Closes: line.Closes,
					DaysLeft: wording.DaysLeft(s.Now(), x.Closes), Progress: counted}
			}
		}
		v.Rounds = append(v.Rounds, line)
		v.due(r, s.Now(), &line, manages)
	}
	slices.SortStableFunc(v.Due, func(a, b dueLine) int {
		switch {
		case a.Late == b.Late:
			return 0
		case a.Late:
			return -1
		}
		return 1
	})
	if next == nil || v.Running.Progress.Missing() == 0 {
		return v, nil
	}
	return v, s.missing(r, &v, *next, manages)
}

// due says what a round waits for.
func (v *agencyStart) due(r *site.Request, now time.Time, x *startRound, manages bool) {
	t, address := r.Text.Text, site.RoundAddress(x.ID)
	add := func(late bool, text, step string) {
		line := dueLine{Late: late, Text: text, URL: address, Action: t("start.to_round")}
		if manages {
			line.URL, line.Action = address+"/"+step, t("round.step."+step)
		}
		v.Due = append(v.Due, line)
	}
	switch {
	case x.Overdue:
		add(true, t("start.due_close", "Round", x.Title, "Date", r.Text.Words().Date(x.Closes)), "close")
	case x.Status == string(round.Planned) && !now.Before(x.Opens):
		add(true, t("start.due_open", "Round", x.Title, "Date", r.Text.Words().Date(x.Opens)), "open")
	case x.Status == string(round.Closed):
		add(false, t("start.due_publish", "Round", x.Title), "publish")
	case x.Progress != nil && x.Progress.Missing() > 0:
		v.Due = append(v.Due, dueLine{Text: t("start.due_missing", "Round", x.Title, "Count", x.Progress.Missing()),
			URL: address + "?show=missing#towns", Action: t("start.due_who")})
	}
}

// missing names those who have done least in the round that ends next, and counts towns that nobody leads.
func (s *shell) missing(r *site.Request, v *agencyStart, x round.Round, manages bool) error {
	list, err := s.begun.Standing(r.Ctx(), x)
	if err != nil {
		return err
	}
	unled, err := s.unled.Unled(r.Ctx(), r.Actor)
	if err != nil {
		return err
	}
	address := site.RoundAddress(int64(x.ID))
	var names []missingTown
	leaderless := 0
	for _, begun := range []bool{false, true} {
		for i := range list {
			p := &list[i]
			if p.Status == assessment.Submitted || (p.Change > 0) != begun {
				continue
			}
			if unled[p.Town.AGS] {
				leaderless++
			}
			if len(names) < missingShown {
				names = append(names, missingTownOf(p, address, manages && !unled[p.Town.AGS]))
			}
		}
	}
	v.Running.Missing, v.Running.MoreURL = names, address+"?show=missing#towns"
	v.Running.More = v.Running.Progress.Missing() - len(names)
	if leaderless > 0 && account.Can(r.Actor, account.ManagePeople, site.OwnScope(r.Actor)) {
		v.Due = append(v.Due, dueLine{Text: r.Text.Text("start.due_unled", "Round", x.Title, "Count", leaderless),
			URL: address + "?show=unled#towns", Action: r.Text.Text("start.due_invite")})
	}
	return nil
}

func missingTownOf(p *round.Participant, address string, remind bool) missingTown {
	m := missingTown{Name: p.Town.Name, State: "not_begun"}
	if p.Change > 0 {
		m.State = "draft"
	}
	if remind {
		m.URL = address + "/selection?town=" + string(p.Town.AGS)
	}
	return m
}

func roundLine(x round.Round) startRound {
	return startRound{ID: int64(x.ID), Title: x.Title, Status: string(x.Status), Checklist: x.Checklist.String(),
		Opens: x.Opens, Closes: wording.LastDay(x.Closes)}
}
