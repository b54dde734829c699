package rounds

import (
	"cmp"
	"net/http"
	"time"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/round"
	"ortsspiegel/pkg/web/site"
	"ortsspiegel/pkg/wording"
)

// roundView is a round as its agency steers it. It says how far the towns have got, never what a draft says.
type roundView struct {
	site.PageView
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
	Progress      ProgressCount
	Towns         []roundTown
	Filters       []site.TabView
	Sorts         []site.TabView
	Releases      []releaseLine
	List          site.ListView
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

// ProgressCount says how many towns have got how far.
type ProgressCount struct{ Towns, Submitted, Drafts, NotBegun int }

// Missing returns how many have not submitted.
func (p ProgressCount) Missing() int { return p.Towns - p.Submitted }

// Share returns the part of towns that have submitted, 0 to 1.
func (p ProgressCount) Share() float64 {
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

func countProgress(list []round.Participant) ProgressCount {
	n := ProgressCount{Towns: len(list)}
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

func (s *Pages) roundProgress(r *site.Request) error {
	t, x := r.Text.Text, r.Round
	list, err := s.Rounds.Participants(r.Ctx(), x)
	if err != nil {
		return err
	}
	d, err := s.Versions.Definition(r.Ctx(), x.Hash)
	if err != nil {
		return err
	}
	releases, err := s.Rounds.Releases(r.Ctx(), x)
	if err != nil {
		return err
	}
	v := roundView{PageView: r.Page(x.Title), ID: int64(x.ID), Status: string(x.Status),
		Checklist: roundName(d, site.LangOf(r)), Version: string(x.Checklist.Version),
		ChecklistURL: "/checklists/" + string(x.Checklist.ID) + "/" + string(x.Checklist.Version), Opens: x.Opens,
		Closes:  wording.LastDay(x.Closes),
		Overdue: x.Status == round.Open && !s.Now().Before(x.Closes), Begun: x.Status != round.Planned,
		Progress:  countProgress(list),
		MayReopen: x.Status == round.Open && mayRound(r, account.ManageRound),
		MayExport: mayRound(r, account.ExportRound)}
	v.SetCrumbs(site.Crumb{Label: t("nav.start"), URL: "/"}, site.Crumb{Label: x.Title, URL: ""})
	address := site.RoundAddress(v.ID)
	if v.Removed, err = s.Rounds.Removed(r.Ctx(), x); err != nil {
		return err
	}
	if mayRound(r, account.ManageRound) {
		v.EditURL, v.CopyURL = address+"/edit", "/rounds/new?from="+site.OfNumber(v.ID)
		if mayBeDeleted(x, list, v.Removed) {
			v.DeleteURL = address + "/delete"
		}
		if mayClear(x.Status) {
			drafts, err := s.Rounds.Drafts(r.Ctx(), x)
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
			v.Steps = append(v.Steps, roundStepLink{address + "/" + step, t("round.step." + text),
				t("round.step_text." + text),
				x.Status != round.Published && step != "reopen" &&
					(step != "close" || v.Overdue || v.Progress.Missing() == 0)})
		}
	}
	newer, err := s.Versions.Newer(x.Checklist)
	if err != nil {
		return err
	}
	if len(newer) > 0 && v.Begun && mayRound(r, account.ViewBenchmark) {
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
	return r.Render(http.StatusOK, "round", v)
}

// mayRound reports whether the actor may do an action to the round of the request.
func mayRound(r *site.Request, action account.Action) bool {
	return account.Can(r.Actor, action, r.Round.Object())
}

// The orders and selections of the progress table.
var (
	roundOrders  = []string{"name", "district", "state"}
	roundFilters = []string{"all", "missing", "not_begun", "draft", "submitted"}
)

// towns fills the table in the order and selection of the address; unknown ones are the first.
func (v *roundView) towns(r *site.Request, list []round.Participant, address string) []round.Participant {
	l := r.Lister(address, "towns", "sort", "show")
	order, sorts := l.Choice("sort", roundOrders, "round.sort.")
	show, filters := l.Choice("show", roundFilters, "round.show.")
	v.Sorts, v.Filters = sorts, filters
	find := l.Find()
	var wanted []round.Participant // by name, as the list comes
	for _, p := range list {
		state := participantState(p)
		if (show == "all" || state == show || show == "missing" && state != "submitted") &&
			site.Found(find, p.Town.Name, p.Town.District.Name, string(p.Town.AGS)) {
			wanted = append(wanted, p)
		}
		v.Named = v.Named || p.Consent.Total || p.Consent.Sections || p.Consent.Examples
	}
	rank := map[string]int{"submitted": 0, "draft": 1, "not_begun": 2, "planned": 3}
	switch order {
	case "district":
		site.SortLarge(wanted, func(a, b *round.Participant) int {
			return cmp.Compare(a.Town.District.Name, b.Town.District.Name)
		})
	case "state":
		site.SortLarge(wanted, func(a, b *round.Participant) int {
			return cmp.Or(cmp.Compare(rank[participantState(*a)], rank[participantState(*b)]),
				cmp.Compare(b.Progress, a.Progress))
		})
	}
	v.List, wanted = site.PagedList(l, r.Text.Text("round.find"), wanted)
	for _, p := range wanted {
		state := participantState(p)
		line := roundTown{Name: p.Town.Name, District: p.Town.District.Name, State: state, Progress: p.Progress,
			Submitted: p.Submitted, Consent: "anonymous"}
		if p.Consent.Total || p.Consent.Sections || p.Consent.Examples {
			line.Consent = "named"
		}
		if state == "submitted" {
			line.URL = "/assessments/" + site.OfNumber(int64(p.Assessment))
			if v.MayReopen {
				line.ReopenURL = line.URL + "#reopen"
			}
		}
		v.Towns = append(v.Towns, line)
	}
	return wanted
}

// contacts names who coordinates in the towns of the page, to those who may see people.
func (s *Pages) contacts(r *site.Request, v *roundView, shown []round.Participant) error {
	if !account.Can(r.Actor, account.ViewPeople, site.OwnScope(r.Actor)) || len(shown) == 0 {
		return nil
	}
	towns := make([]region.AGS, len(shown))
	for i, p := range shown {
		towns[i] = p.Town.AGS
	}
	leads, err := s.Accounts.LeadsOf(r.Ctx(), r.Actor, towns)
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
