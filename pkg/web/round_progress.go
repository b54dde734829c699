package web

import (
	"cmp"
	"net/http"
	"slices"
	"time"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/round"
)

// roundView is a round as its agency steers it. It says how far the towns have got, never what a draft says.
type roundView struct {
	pageView
	ID            int64
	Status        string
	Checklist     string
	ChecklistURL  string
	Newer         string // version of the checklist that was published since; empty: there is none
	NewerURL      string
	Version       string
	Opens, Closes time.Time
	Overdue       bool // open, but its window has passed
	Begun         bool // assessments exist
	Steps         []roundStepLink
	MayReopen     bool
	MayExport     bool
	Progress      progressCount
	Towns         []roundTown
	Filters       []tabView
	Sorts         []tabView
	Releases      []releaseLine
	Removed       []round.RemovedTown
	EditURL       string // of what can be changed; empty: not by this reader
	CopyURL       string
	DeleteURL     string
}

// roundStepLink is what can be done next; Due says that nothing else is to be waited for.
type roundStepLink struct {
	URL, Label, Text string
	Due              bool
}

// tabView is one choice among several views of a page.
type tabView struct {
	URL, Label string
	Current    bool
}

// progressCount says how many towns have got how far.
type progressCount struct{ Towns, Submitted, Drafts, NotBegun int }

// Missing returns how many have not submitted.
func (p progressCount) Missing() int { return p.Towns - p.Submitted }

// Share returns the part of towns that have submitted, 0 to 1.
func (p progressCount) Share() float64 {
	if p.Towns == 0 {
		return 0
	}
	return float64(p.Submitted) / float64(p.Towns)
}

type roundTown struct {
	Name, District string
	State          string // not_begun, draft, submitted, planned
	Progress       float64
	Submitted      time.Time
	Consent        string // named, anonymous
	URL            string // of a submitted assessment
	ReopenURL      string
}

type releaseLine struct {
	Number int
	At     time.Time
}

// participantState names where a town stands, as the key of its text "round.town.<state>".
func participantState(p round.Participant) string {
	switch {
	case p.Assessment == 0:
		return "planned"
	case p.Status == assessment.Submitted:
		return "submitted"
	case p.Change == 0:
		return "not_begun"
	}
	return "draft"
}

func countProgress(list []round.Participant) progressCount {
	n := progressCount{Towns: len(list)}
	for _, p := range list {
		switch participantState(p) {
		case "submitted":
			n.Submitted++
		case "draft":
			n.Drafts++
		default:
			n.NotBegun++
		}
	}
	return n
}

func (s *server) roundProgress(r *request) error {
	t, x := r.text.text, r.round
	list, err := s.Rounds.Participants(r.ctx(), x)
	if err != nil {
		return err
	}
	d, err := s.Rounds.Definition(r.ctx(), x.Hash)
	if err != nil {
		return err
	}
	releases, err := s.Rounds.Releases(r.ctx(), x)
	if err != nil {
		return err
	}
	v := roundView{pageView: r.page(x.Title), ID: int64(x.ID), Status: string(x.Status), Checklist: roundName(d, langOf(r)), Version: string(x.Checklist.Version),
		ChecklistURL: "/checklists/" + string(x.Checklist.ID) + "/" + string(x.Checklist.Version), Opens: x.Opens, Closes: lastDay(x.Closes),
		Overdue: x.Status == round.Open && !s.Now().Before(x.Closes), Begun: x.Status != round.Planned, Progress: countProgress(list),
		MayReopen: x.Status == round.Open && r.mayRound(account.ManageRound), MayExport: r.mayRound(account.ExportRound)}
	v.crumbs(crumb{t("nav.start"), "/"}, crumb{x.Title, ""})
	address := roundAddress(v.ID)
	if v.Removed, err = s.Rounds.Removed(r.ctx(), x); err != nil {
		return err
	}
	if r.mayRound(account.ManageRound) {
		v.EditURL, v.CopyURL = address+"/edit", "/rounds/new?from="+ofNumber(v.ID)
		if mayBeDeleted(x, list, v.Removed) {
			v.DeleteURL = address + "/delete"
		}
		for _, step := range roundSteps[x.Status] {
			text := step
			if x.Status == round.Published {
				text = "republish"
			}
			v.Steps = append(v.Steps, roundStepLink{address + "/" + step, t("round.step." + text), t("round.step_text." + text),
				x.Status != round.Published && step != "reopen" && (step != "close" || v.Overdue || v.Progress.Missing() == 0)})
		}
	}
	newer, err := s.Rounds.Newer(r.ctx(), x)
	if err != nil {
		return err
	}
	if len(newer) > 0 && v.Begun && r.mayRound(account.ViewBenchmark) {
		v.Newer, v.NewerURL = string(newer[0]), address+"/versions/"+string(newer[0])
	}
	for _, rel := range releases {
		v.Releases = append(v.Releases, releaseLine{rel.Number, rel.At})
	}
	v.towns(r, list, address)
	return r.render(http.StatusOK, "round", v)
}

// mayRound reports whether the actor may do an action to the round of the request.
func (r *request) mayRound(action account.Action) bool {
	return account.Can(r.actor, action, r.round.Object())
}

// lastDay is the day people know as a window's end: the moment itself lies just after it.
func lastDay(closes time.Time) time.Time { return closes.Add(-time.Second) }

// The orders and selections of the progress table.
var (
	roundOrders  = []string{"name", "district", "state"}
	roundFilters = []string{"all", "missing", "not_begun", "draft", "submitted"}
)

// towns fills the table in the order and selection of the address; unknown ones are the first.
func (v *roundView) towns(r *request, list []round.Participant, address string) {
	order, show := oneOf(r.QueryParam("sort"), roundOrders), oneOf(r.QueryParam("show"), roundFilters)
	for _, o := range roundOrders {
		v.Sorts = append(v.Sorts, tabView{address + "?show=" + show + "&sort=" + o + "#towns", r.text.text("round.sort." + o), o == order})
	}
	for _, f := range roundFilters {
		v.Filters = append(v.Filters, tabView{address + "?show=" + f + "&sort=" + order + "#towns", r.text.text("round.show." + f), f == show})
	}
	rank := map[string]int{"submitted": 0, "draft": 1, "not_begun": 2, "planned": 3}
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b round.Participant) int {
		byState := cmp.Or(cmp.Compare(rank[participantState(a)], rank[participantState(b)]), cmp.Compare(b.Progress, a.Progress))
		byName := cmp.Compare(a.Town.Name, b.Town.Name)
		switch order {
		case "district":
			return cmp.Or(cmp.Compare(a.Town.District.Name, b.Town.District.Name), byName)
		case "state":
			return cmp.Or(byState, byName)
		}
		return byName
	})
	for _, p := range list {
		state := participantState(p)
		if show != "all" && state != show && (show != "missing" || state == "submitted") {
			continue
		}
		line := roundTown{Name: p.Town.Name, District: p.Town.District.Name, State: state, Progress: p.Progress, Submitted: p.Submitted, Consent: "anonymous"}
		if p.Consent.Total || p.Consent.Sections || p.Consent.Examples {
			line.Consent = "named"
		}
		if state == "submitted" {
			line.URL = "/assessments/" + ofNumber(int64(p.Assessment))
			if v.MayReopen {
				line.ReopenURL = line.URL + "#reopen"
			}
		}
		v.Towns = append(v.Towns, line)
	}
}

// oneOf returns s if it is among the known, else the first of them.
func oneOf(s string, known []string) string {
	if slices.Contains(known, s) {
		return s
	}
	return known[0]
}
