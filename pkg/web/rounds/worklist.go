package rounds

import (
	"cmp"
	"html/template"
	"maps"
	"slices"
	"strconv"
	"time"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/round"
	"ortsspiegel/pkg/web/site"
	"ortsspiegel/pkg/wording"
)

// workView is a round's towns as work: who is missing comes first, those who have done least at the top.
// What is chosen stands in the address: show, district, sort, q, page.
type workView struct {
	Tabs      []site.TabView
	Chips     []site.TabView // selections within the tab; nil: there are none
	Districts []site.OptionView
	List      site.ListView
	Heads     []headView
	Kept      []keptChoice // what was chosen, for the form of the selection
	Towns     []roundTown
	Contacts  bool // who coordinates is shown
	Named     bool // somebody of those shown agreed to be named
	Submitted bool // of those shown somebody has submitted
	MayInvite bool
	MayWrite  bool
	MayExport bool
	MayReopen bool
	AllURL    string // of the selection that holds the whole list, where that is more than the page
	AllCount  int

	unled int
}

// headView is a column's head. Without an address the table cannot be sorted by it.
type headView struct {
	Label, URL string
	Sorted     string // ascending, descending; empty: not by this one
	Less       bool   // left out on a telephone
}

type keptChoice struct{ Name, Value string }

type roundTown struct {
	AGS            region.AGS
	Name, District string
	State          string // not_begun, draft, submitted, planned
	Width          string // of the bar: "37%"
	Progress       float64
	Submitted      time.Time
	Consent        string // named, anonymous
	URL            string // of a submitted assessment
	ReopenURL      string
	Active         time.Time // when one of those who coordinate last signed in; zero: never
	Leads          []contactView
	InviteURL      string // empty: somebody coordinates, or the reader may not
}

// contactView is whom an agency can ask in a town.
type contactView struct {
	Name, Email, Mail string // as a person reads it, and as a mail program takes it
	Phone             string
	Dial              template.URL // digits alone: nothing in it can act
}

// shareView is a part of a bar: from where, how wide, in per cent of it.
type shareView struct{ From, Width string }

func sharesOf(p ProgressCount) (shares [3]shareView) {
	if p.Towns == 0 {
		return shares
	}
	from := 0
	for i, n := range []int{p.Submitted, p.Drafts, p.NotBegun} {
		share := func(n int) string { return strconv.FormatFloat(float64(n)*100/float64(p.Towns), 'f', 2, 64) + "%" }
		shares[i] = shareView{share(from), share(n)}
		from += n
	}
	return shares
}

// The tabs, selections and orders of the list. Where nobody is missing, or no more answers are taken,
// those who have submitted come first.
var (
	workTabs   = []string{"missing", "submitted", "all"}
	workChips  = []string{"missing", "not_begun", "draft", "unled"}
	workOrders = []string{"state", "name", "district"}
)

// workSearch is what the address asks of the list.
type workSearch struct {
	show, district, order, find string
}

func (s *Pages) workSearch(r *site.Request, l site.Lister, list []round.Participant) workSearch {
	w := workSearch{show: l.Chosen.Get("show"), district: l.Chosen.Get("district"), order: l.Chosen.Get("sort"),
		find: l.Find()}
	if !slices.Contains(workTabs, w.show) && !slices.Contains(workChips, w.show) {
		n := countProgress(list)
		switch {
		case n.Submitted == 0:
			w.show = "all"
		case roundOf(r).Status == round.Open && n.Missing() > 0:
			w.show = "missing"
		default:
			w.show = "submitted"
		}
	}
	if !slices.Contains(workOrders, w.order) {
		w.order = workOrders[0]
	}
	return w
}

// shows reports whether a selection holds a town.
func shows(show string, p *round.Participant, unled map[region.AGS]bool) bool {
	state := participantState(*p)
	switch show {
	case "all":
		return true
	case "missing":
		return state != "submitted"
	case "not_begun":
		return state == "not_begun" || state == "planned"
	case "unled":
		return state != "submitted" && unled[p.Town.AGS]
	}
	return state == show
}

// found returns the towns that are searched for, in their order.
func (w workSearch) found(list []round.Participant, unled map[region.AGS]bool) []round.Participant {
	var wanted []round.Participant // by name, as the list comes
	for i := range list {
		p := &list[i]
		if shows(w.show, p, unled) && w.meets(p) {
			wanted = append(wanted, *p)
		}
	}
	switch w.order {
	case "district":
		site.SortByKey(wanted, func(p round.Participant) string { return p.Town.District.Name })
	case "state":
		site.SortLarge(wanted, leastDone)
	}
	return wanted
}

func (w workSearch) meets(p *round.Participant) bool {
	return (w.district == "" || string(p.Town.District.Key) == w.district) &&
		site.Found(w.find, p.Town.Name, p.Town.District.Name, string(p.Town.AGS))
}

// leastDone puts towns that have done less before others, and of those that have submitted the latest.
func leastDone(a, b *round.Participant) int {
	rank := func(p *round.Participant) float64 {
		switch participantState(*p) {
		case "submitted":
			return 2
		case "draft":
			return p.Progress
		}
		return -1
	}
	return cmp.Or(cmp.Compare(rank(a), rank(b)), b.Submitted.Compare(a.Submitted))
}

// workOf fills the list of towns as the address asks for it.
func (s *Pages) workOf(r *site.Request, list []round.Participant) (workView, error) {
	address := site.RoundAddress(int64(roundOf(r).ID))
	l := r.Lister(address, "towns", "sort", "show", "district")
	v := workView{MayReopen: roundOf(r).Status == round.Open && mayRound(r, account.ManageRound),
		MayWrite: mayRound(r, account.ManageRound), MayExport: mayRound(r, account.ExportRound),
		MayInvite: account.Can(r.Actor, account.ManagePeople, site.OwnScope(r.Actor))}
	unled, err := s.services.Accounts.Unled(r.Ctx(), r.Actor)
	if err != nil {
		return v, err
	}
	w := s.workSearch(r, l, list)
	v.choices(r, l, w, list, unled)
	wanted := w.found(list, unled)
	v.List, wanted = site.PagedList(l, r.Text.Text("round.find"), wanted)
	for name, value := range map[string]string{"show": w.show, "district": w.district, "q": l.Chosen.Get("q")} {
		if value != "" {
			v.Kept = append(v.Kept, keptChoice{name, value})
		}
	}
	slices.SortFunc(v.Kept, func(a, b keptChoice) int { return cmp.Compare(a.Name, b.Name) })
	if v.List.Pages > 1 {
		all := maps.Clone(l.Chosen)
		all.Set("show", w.show)
		all.Set("all", "1")
		v.AllURL, v.AllCount = address+"/selection?"+all.Encode(), v.List.Total
	}
	for i := range wanted {
		v.add(&wanted[i])
	}
	if err := s.contacts(r, &v, wanted, unled); err != nil {
		return v, err
	}
	v.heads(r, l, w)
	return v, nil
}

// choices are the tabs, the chips with how many towns each holds, and the districts.
func (v *workView) choices(r *site.Request, l site.Lister, w workSearch, list []round.Participant,
	unled map[region.AGS]bool) {
	count, within := map[string]int{}, map[string]int{}
	districts := map[region.DistrictKey]string{}
	for i := range list {
		p := &list[i]
		districts[p.Town.District.Key] = p.Town.District.Name
		for _, show := range []string{"missing", "submitted", "all", "not_begun", "draft", "unled"} {
			if shows(show, p, unled) {
				count[show]++
				if w.meets(p) {
					within[show]++
				}
			}
		}
	}
	v.unled = count["unled"]
	inMissing := w.show != "submitted" && w.show != "all"
	label := func(prefix, show string, n int) string {
		return r.Text.Text("round.count", "What", r.Text.Text(prefix+show), "N", r.Text.Words().Number(n))
	}
	for _, show := range workTabs {
		if show == "all" || count[show] > 0 {
			v.Tabs = append(v.Tabs, site.TabView{URL: l.URL("show", show),
				Label:   label("round.tab.", show, count[show]),
				Current: show == w.show || show == "missing" && inMissing})
		}
	}
	if inMissing {
		for _, show := range workChips {
			if within[show] > 0 || show == w.show {
				v.Chips = append(v.Chips, site.TabView{URL: l.URL("show", show),
					Label: label("round.chip.", show, within[show]), Current: show == w.show})
			}
		}
	}
	if len(districts) < 2 {
		return
	}
	v.Districts = []site.OptionView{{Label: r.Text.Text("round.all_districts")}}
	for key, name := range districts {
		v.Districts = append(v.Districts, site.OptionView{Value: string(key), Label: name,
			Selected: string(key) == w.district})
	}
	rest := v.Districts[1:]
	site.SortByKey(rest, func(o site.OptionView) string { return o.Label + "\x00" + o.Value })
}

func (v *workView) heads(r *site.Request, l site.Lister, w workSearch) {
	add := func(key, order string, less bool) {
		h := headView{Label: r.Text.Text(key), Less: less}
		if order != "" {
			h.URL = l.URL("sort", order)
		}
		if order == w.order {
			h.Sorted = "ascending"
			if order == "state" && w.show == "submitted" { // the latest first
				h.Sorted = "descending"
			}
		}
		v.Heads = append(v.Heads, h)
	}
	add("round.col_town", "name", false)
	add("round.col_district", "district", false)
	add("round.col_state", "state", false)
	if v.Contacts {
		add("round.col_active", "", true)
		add("round.col_contact", "", false)
	}
	if v.Named {
		add("round.col_naming", "", false)
	}
	if v.MayReopen && v.Submitted {
		add("round.col_action", "", false)
	}
}

func (v *workView) add(p *round.Participant) {
	line := roundTown{AGS: p.Town.AGS, Name: p.Town.Name, District: p.Town.District.Name,
		State: participantState(*p), Progress: p.Progress, Width: strconv.Itoa(wording.Whole(p.Progress)) + "%",
		Submitted: p.Submitted, Consent: "anonymous"}
	if p.Consent.Total || p.Consent.Sections || p.Consent.Examples {
		line.Consent, v.Named = "named", true
	}
	if p.Status == assessment.Submitted && p.Assessment != 0 {
		v.Submitted = true
		line.URL = "/assessments/" + site.OfNumber(int64(p.Assessment))
		if v.MayReopen {
			line.ReopenURL = line.URL + "#reopen"
		}
	}
	v.Towns = append(v.Towns, line)
}

// contacts names who coordinates in the towns of the page, to those who may see people.
func (s *Pages) contacts(r *site.Request, v *workView, shown []round.Participant, unled map[region.AGS]bool) error {
	if !account.Can(r.Actor, account.ViewPeople, site.OwnScope(r.Actor)) || len(shown) == 0 {
		return nil
	}
	towns := make([]region.AGS, len(shown))
	for i, p := range shown {
		towns[i] = p.Town.AGS
	}
	leads, err := s.services.Accounts.LeadsOf(r.Ctx(), r.Actor, towns)
	if err != nil {
		return err
	}
	v.Contacts = true
	for i, ags := range towns {
		line := &v.Towns[i]
		for _, u := range leads[ags] {
			line.Leads = append(line.Leads, contactOf(u))
			if u.LastSignIn.After(line.Active) {
				line.Active = u.LastSignIn
			}
		}
		if unled[ags] && v.MayInvite {
			line.InviteURL = "/people?invite=" + string(ags) + "#invite"
		}
	}
	return nil
}

func contactOf(u account.User) contactView {
	c := contactView{Name: u.Name, Email: account.ShownEmail(u.Email), Mail: u.Email, Phone: u.Phone}
	if c.Phone != "" {
		c.Dial = template.URL("tel:" + account.Dial(u.Phone))
	}
	return c
}
