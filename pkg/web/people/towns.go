package people

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/internal/plaintext"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/web/site"
	"ortsspiegel/pkg/wording"
)

type townsView struct {
	site.PageView
	Region region.Region
	Towns  []region.Municipality // of the page
	List   site.ListView
	Sorts  []site.TabView
	Count  int
	People int
	Area   float64 // square kilometres
	AsOf   time.Time
	// Remove is the choice of the town to take out of the region; only for those who manage it.
	// Towns are taken in by the operator's import alone: whoever could take in any town could also
	// give its people new passwords.
	Remove *site.TownChoice
}

func (s *Pages) towns(r *site.Request) error {
	v, err := s.townsView(r, "")
	if err != nil {
		return err
	}
	return r.Render(http.StatusOK, "towns", v)
}

// townOrders are the orders of the region's towns; the first is the one without a choice.
var townOrders = []string{"district", "name", "population"}

func (s *Pages) townsView(r *site.Request, removing string) (townsView, error) {
	own, err := s.services.Territory.Region(r.Ctx(), r.Actor.Region)
	if err != nil {
		return townsView{}, err
	}
	list, err := s.services.Territory.Towns(r.Ctx(), r.Actor.Region)
	if err != nil {
		return townsView{}, err
	}
	v := townsView{PageView: r.Page(r.Text.Text("towns.title")), Region: own, Count: len(list)}
	l := r.Lister("/towns", "towns", "sort")
	order, sorts := l.Choice("sort", townOrders, "towns.sort.")
	v.Sorts = sorts
	find := l.Find()
	var wanted []region.Municipality
	for _, m := range list {
		v.People += m.Population
		v.Area += m.AreaKm2
		if m.PopulationDate != "" && (v.AsOf.IsZero() || m.PopulationDate > v.AsOf.Format(time.DateOnly)) {
			if at, err := site.ParseDate(m.PopulationDate); err == nil {
				v.AsOf = at
			}
		}
		if site.Found(find, m.Name, m.District.Name, string(m.AGS)) {
			wanted = append(wanted, m)
		}
	}
	switch order {
	case "district":
		wanted = site.ByDistrict(wanted)
	case "name":
		site.SortByKey(wanted, func(m region.Municipality) string { return m.Name })
	case "population":
		site.SortLarge(wanted, func(a, b *region.Municipality) int { return b.Population - a.Population })
	}
	v.List, v.Towns = site.PagedList(l, r.Text.Text("towns.find"), wanted)
	if account.Can(r.Actor, account.ManageTowns, site.OwnScope(r.Actor)) {
		choice := site.NewTownChoice(r, list, removing)
		if choice.Select != nil {
			choice.Select.Hint, choice.Select.Options[0].Label = "", r.Text.Text("towns.choose")
		}
		v.Remove = &choice
	}
	return v, nil
}

// townsRemove takes a town out of the region; the town, its people and its past rounds stay.
func (s *Pages) townsRemove(r *site.Request) error {
	form, err := r.Form()
	if err != nil {
		return err
	}
	ags, err := s.TownNamed(r, site.Value(form, "town"))
	if err == nil {
		err = s.services.Territory.RemoveTown(r.Ctx(), r.Actor, r.Actor.Region, ags)
	}
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.NotFound) {
		v, loadErr := s.townsView(r, site.Value(form, "town"))
		if loadErr != nil {
			return loadErr
		}
		if !v.Refused(r.Text, err) {
			v.Errors = []site.ErrorLine{{Field: "town", Text: r.Text.Text("towns.not_in_region")}}
		}
		v.Remove.Refused(v.ErrorFor("town"))
		return r.Render(http.StatusUnprocessableEntity, "towns", v)
	}
	if err != nil {
		return err
	}
	return r.SeeOther("/towns?done=town_removed")
}

// auditPage is how many lines of the log a page shows.
const auditPage = 50

type auditView struct {
	site.PageView
	Agency bool
	Events []eventView
	Older  string // address of the next page; empty: this is the end
	First  bool

	Kind        site.SelectView
	From, Until site.InputView
	Find        site.InputView
	Searched    bool // the list holds what was searched for, by pages
	List        site.ListView
	Since       time.Time // the search went back to here alone; zero: it looked at everything in its days
}

type eventView struct {
	At      time.Time
	Who     string
	What    string
	Subject string
	Detail  string
	Town    string
}

func (s *Pages) audit(r *site.Request) error {
	v := auditView{PageView: r.Page(r.Text.Text("audit.title")), Agency: r.Actor.Role.ForAgency()}
	l := r.Lister("/audit", "events", "kind", "from", "until")
	in, kind, status := v.search(r, l)
	v.Searched = len(l.Chosen) > 0
	var events []account.Event
	var err error
	switch {
	case status != http.StatusOK:
	case v.Searched:
		events, err = s.auditSearch(r, &v, l, in, kind)
	default:
		events, err = s.auditNewest(r, &v)
	}
	if err != nil {
		return err
	}
	for _, e := range events {
		v.Events = append(v.Events, eventView{At: e.At, Who: e.Name, What: r.Text.Text("event." + string(e.Kind)),
			Subject: eventSubject(r, e), Detail: eventDetail(r, e), Town: string(e.Town)})
	}
	return r.Render(status, "audit", v)
}

// auditNewest reads the log backwards, from an event on.
func (s *Pages) auditNewest(r *site.Request, v *auditView) ([]account.Event, error) {
	before, err := strconv.ParseInt(r.QueryParam("before"), 10, 64)
	if err != nil || before < 0 {
		before = 0
	}
	v.First = before == 0
	events, err := s.services.Accounts.Events(r.Ctx(), r.Actor, before, auditPage+1)
	if len(events) > auditPage {
		events = events[:auditPage]
		v.Older = "/audit?before=" + strconv.FormatInt(events[auditPage-1].ID, 10)
	}
	return events, err
}

// search fills the form of the search with what was chosen; a day that cannot be read is said there.
func (v *auditView) search(r *site.Request, l site.Lister) (in account.Span, kind account.EventKind, status int) {
	t := r.Text.Text
	kinds := account.EventKindsFor(r.Actor)
	v.Kind = site.SelectView{Name: "kind", Label: t("audit.what"),
		Options: []site.OptionView{{Label: t("audit.any_kind")}}}
	for _, k := range kinds {
		chosen := string(k) == l.Chosen.Get("kind")
		if chosen {
			kind = k
		}
		v.Kind.Options = append(v.Kind.Options, site.OptionView{Value: string(k), Label: t("event." + string(k)),
			Selected: chosen})
	}
	slices.SortStableFunc(v.Kind.Options[1:], func(a, b site.OptionView) int {
		return strings.Compare(plaintext.Fold(a.Label), plaintext.Fold(b.Label))
	})
	if kind == "" {
		l.Chosen.Del("kind")
	}
	v.Find = site.InputView{Name: "q", Label: t("audit.find"), Type: "search", Autocomplete: "off",
		Value: l.Chosen.Get("q")}
	status = http.StatusOK
	day := func(name string) (site.InputView, time.Time) {
		d := site.DayIn(l.Chosen, name)
		field := site.InputView{Name: name, Label: t("audit." + name), Type: "date", Autocomplete: "off",
			Value: l.Chosen.Get(name)}
		if d.IsZero() && field.Value != "" {
			field.Error, status = t("fault.round_day"), http.StatusUnprocessableEntity
			v.Errors = append(v.Errors, site.ErrorLine{Field: name, Text: field.Error})
		} else if !d.IsZero() {
			field.Value = d.Format(time.DateOnly)
		}
		return field, d
	}
	v.From, in.From = day("from")
	var last time.Time
	v.Until, last = day("until")
	in.Until = site.EndOf(last)
	return in, kind, status
}

// auditSearch finds events by kind, day, and what their lines say: who, what it was about, and in
// which town. Addresses of mail are not searched: what is searched for stands in the page's own
// address.
func (s *Pages) auditSearch(r *site.Request, v *auditView, l site.Lister, in account.Span,
	kind account.EventKind) ([]account.Event, error) {
	find := l.Find()
	names := map[region.AGS]string{}
	if v.Agency && find != "" {
		towns, err := s.services.Territory.Towns(r.Ctx(), r.Actor.Region)
		if err != nil {
			return nil, err
		}
		for _, m := range towns {
			names[m.AGS] = m.Name
		}
	}
	events, since, err := s.services.Accounts.FindEvents(r.Ctx(), r.Actor, in, func(e account.Event) bool {
		if kind != "" && e.Kind != kind {
			return false
		}
		subject := e.Subject
		if account.PlausibleEmail(subject) {
			subject = ""
		}
		return site.Found(find, e.Name, subject, names[e.Town], string(e.Town))
	})
	v.Since = since
	v.List, events = site.PagedList(l, v.Find.Label, events)
	return events, err
}

// eventSubject shows addresses of mail as people write them.
func eventSubject(r *site.Request, e account.Event) string {
	if account.PlausibleEmail(e.Subject) {
		return account.ShownEmail(e.Subject)
	}
	return e.Subject
}

// eventDetail puts the ids that some events carry into words.
func eventDetail(r *site.Request, e account.Event) string {
	switch e.Kind {
	case account.EventInvited, account.EventRole: // a role, or "old → new"
		return inWords(r, e.Detail, " → ", "role.")
	case account.EventConsent:
		return inWords(r, e.Detail, ", ", "consent.word.")
	case account.EventRoundCreated:
		if id, version, ok := strings.Cut(e.Detail, "@"); ok {
			return r.Text.Text("audit.checklist", "Checklist", id, "Version", version)
		}
	case account.EventRoundChanged, account.EventRoundReopened:
		return changeInWords(r, e.Detail)
	case account.EventLinkMade:
		return r.Text.Text("link.kind_" + e.Detail)
	}
	return e.Detail
}

// changeInWords puts the lines of a changed round into words: what, a blank, and how; moments become days.
func changeInWords(r *site.Request, detail string) string {
	f := r.Text.Words()
	var parts []string
	for line := range strings.SplitSeq(detail, "\n") {
		what, how, _ := strings.Cut(line, " ")
		if !r.Text.Has("round.log." + what) {
			parts = append(parts, line)
			continue
		}
		sides := strings.Split(how, " → ")
		for i, side := range sides {
			if at, err := time.Parse(time.RFC3339, side); err == nil {
				if what == "closes" {
					at = wording.LastDay(at)
				}
				sides[i] = f.Date(at)
			}
		}
		parts = append(parts, r.Text.Text("round.log."+what, "Text", strings.Join(sides, " → ")))
	}
	return strings.TrimSpace(strings.Join(parts, " · "))
}

// inWords replaces each part of a list by its text; what has none stays as it is.
func inWords(r *site.Request, list, separator, prefix string) string {
	parts := strings.Split(list, separator)
	for i, part := range parts {
		if r.Text.Has(prefix + part) {
			parts[i] = r.Text.Text(prefix + part)
		}
	}
	return strings.Join(parts, separator)
}
