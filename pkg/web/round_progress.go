package web

import (
	"cmp"
	"net/http"
	"slices"
	"time"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/round"
	"ortsspiegel/pkg/wording"
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
	List          listView
	Contacts      bool // who coordinates is shown
	Named         bool // somebody agreed to be named
	Removed       []round.RemovedTown
	RemovedMore   int
	EditURL       string // of what can be changed; empty: not by this reader
	CopyURL       string
	DeleteURL     string
	ClearURL      string // drafts are deleted there; empty: there are none
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
	Leads          []contactView
}

// contactView is whom an agency can ask in a town.
type contactView struct {
	Name, Email string
	Last        time.Time // zero: never
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

func (s *roundPages) roundProgress(r *request) error {
	t, x := r.text.text, r.round
	list, err := s.Rounds.Participants(r.ctx(), x)
	if err != nil {
		return err
	}
	d, err := s.Versions.Definition(r.ctx(), x.Hash)
	if err != nil {
		return err
	}
	releases, err := s.Rounds.Releases(r.ctx(), x)
	if err != nil {
		return err
	}
	v := roundView{pageView: r.page(x.Title), ID: int64(x.ID), Status: string(x.Status), Checklist: roundName(d, langOf(r)), Version: string(x.Checklist.Version),
		ChecklistURL: "/checklists/" + string(x.Checklist.ID) + "/" + string(x.Checklist.Version), Opens: x.Opens, Closes: wording.LastDay(x.Closes),
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
		if mayClear(x.Status) {
			drafts, err := s.Rounds.Drafts(r.ctx(), x)
			if err != nil {
				return err
			}
			if len(drafts) > 0 {
				v.ClearURL = address + "/clear"
			}
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
	newer, err := s.Versions.Newer(x.Checklist)
	if err != nil {
		return err
	}
	if len(newer) > 0 && v.Begun && r.mayRound(account.ViewBenchmark) {
		v.Newer, v.NewerURL = string(newer[0]), address+"/versions/"+string(newer[0])
	}
	for _, rel := range releases {
		v.Releases = append(v.Releases, releaseLine{rel.Number, rel.At})
	}
	if more := len(v.Removed) - mostNames; more > 0 {
		v.Removed, v.RemovedMore = v.Removed[:mostNames], more
	}
	shown := v.towns(r, list, address)
	if err := s.contacts(r, &v, shown); err != nil {
		return err
	}
	return r.render(http.StatusOK, "round", v)
}

// mayRound reports whether the actor may do an action to the round of the request.
func (r *request) mayRound(action account.Action) bool {
	return account.Can(r.actor, action, r.round.Object())
}

// The orders and selections of the progress table.
var (
	roundOrders  = []string{"name", "district", "state"}
	roundFilters = []string{"all", "missing", "not_begun", "draft", "submitted"}
)

// towns fills the table in the order and selection of the address; unknown ones are the first.
func (v *roundView) towns(r *request, list []round.Participant, address string) []round.Participant {
	l := r.lister(address, "towns", "sort", "show")
	order, sorts := l.choice("sort", roundOrders, "round.sort.")
	show, filters := l.choice("show", roundFilters, "round.show.")
	v.Sorts, v.Filters = sorts, filters
	find := l.find()
	var wanted []round.Participant // by name, as the list comes
	for _, p := range list {
		state := participantState(p)
		if (show == "all" || state == show || show == "missing" && state != "submitted") && found(find, p.Town.Name, p.Town.District.Name, string(p.Town.AGS)) {
			wanted = append(wanted, p)
		}
		v.Named = v.Named || p.Consent.Total || p.Consent.Sections || p.Consent.Examples
	}
	rank := map[string]int{"submitted": 0, "draft": 1, "not_begun": 2, "planned": 3}
	switch order {
	case "district":
		sortLarge(wanted, func(a, b *round.Participant) int { return cmp.Compare(a.Town.District.Name, b.Town.District.Name) })
	case "state":
		sortLarge(wanted, func(a, b *round.Participant) int {
			return cmp.Or(cmp.Compare(rank[participantState(*a)], rank[participantState(*b)]), cmp.Compare(b.Progress, a.Progress))
		})
	}
	v.List, wanted = pagedList(l, r.text.text("round.find"), wanted)
	for _, p := range wanted {
		state := participantState(p)
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
	return wanted
}

// contacts names who coordinates in the towns of the page, to those who may see people.
func (s *roundPages) contacts(r *request, v *roundView, shown []round.Participant) error {
	if !account.Can(r.actor, account.ViewPeople, ownScope(r.actor)) || len(shown) == 0 {
		return nil
	}
	towns := make([]region.AGS, len(shown))
	for i, p := range shown {
		towns[i] = p.Town.AGS
	}
	leads, err := s.Accounts.LeadsOf(r.ctx(), r.actor, towns)
	if err != nil {
		return err
	}
	v.Contacts = true
	for i, ags := range towns {
		for _, u := range leads[ags] {
			v.Towns[i].Leads = append(v.Towns[i].Leads, contactView{u.Name, u.Email, u.LastSignIn})
		}
	}
	return nil
}

// oneOf returns s if it is among the known, else the first of them.
func oneOf(s string, known []string) string {
	if slices.Contains(known, s) {
		return s
	}
	return known[0]
}
