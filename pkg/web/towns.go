package web

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
	"ortsspiegel/pkg/wording"
)

type townsView struct {
	pageView
	Region region.Region
	Towns  []region.Municipality // of the page
	List   listView
	Sorts  []tabView
	Count  int
	People int
	Area   float64 // square kilometres
	AsOf   time.Time
	// Remove is the choice of the town to take out of the region; only for those who manage it. Towns are taken in by the
	// operator's import alone: whoever could take in any town could also give its people new passwords.
	Remove *townChoice
}

func (s *peoplePages) towns(r *request) error {
	v, err := s.townsView(r, "")
	if err != nil {
		return err
	}
	return r.render(http.StatusOK, "towns", v)
}

// townOrders are the orders of the region's towns; the first is the one without a choice.
var townOrders = []string{"district", "name", "population"}

func (s *peoplePages) townsView(r *request, removing string) (townsView, error) {
	own, err := s.Territory.Region(r.ctx(), r.actor.Region)
	if err != nil {
		return townsView{}, err
	}
	list, err := s.Territory.Towns(r.ctx(), r.actor.Region)
	if err != nil {
		return townsView{}, err
	}
	v := townsView{pageView: r.page(r.text.text("towns.title")), Region: own, Count: len(list)}
	l := r.lister("/towns", "towns", "sort")
	order, sorts := l.choice("sort", townOrders, "towns.sort.")
	v.Sorts = sorts
	find := l.find()
	var wanted []region.Municipality
	for _, m := range list {
		v.People += m.Population
		v.Area += m.AreaKm2
		if m.PopulationDate != "" && (v.AsOf.IsZero() || m.PopulationDate > v.AsOf.Format(time.DateOnly)) {
			if at, err := parseDate(m.PopulationDate); err == nil {
				v.AsOf = at
			}
		}
		if found(find, m.Name, m.District.Name, string(m.AGS)) {
			wanted = append(wanted, m)
		}
	}
	switch order {
	case "district":
		wanted = byDistrict(wanted)
	case "name":
		sortByKey(wanted, func(m region.Municipality) string { return m.Name })
	case "population":
		sortLarge(wanted, func(a, b *region.Municipality) int { return b.Population - a.Population })
	}
	v.List, v.Towns = pagedList(l, r.text.text("towns.find"), wanted)
	if account.Can(r.actor, account.ManageTowns, ownScope(r.actor)) {
		choice := newTownChoice(r, list, removing)
		if choice.Select != nil {
			choice.Select.Hint, choice.Select.Options[0].Label = "", r.text.text("towns.choose")
		}
		v.Remove = &choice
	}
	return v, nil
}

// townsRemove takes a town out of the region; the town, its people and its past rounds stay.
func (s *peoplePages) townsRemove(r *request) error {
	form, err := r.form()
	if err != nil {
		return err
	}
	ags, err := s.townNamed(r, value(form, "town"))
	if err == nil {
		err = s.Territory.RemoveTown(r.ctx(), r.actor, r.actor.Region, ags)
	}
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.NotFound) {
		v, loadErr := s.townsView(r, value(form, "town"))
		if loadErr != nil {
			return loadErr
		}
		if !v.refused(r.text, err) {
			v.Errors = []errorLine{{Field: "town", Text: r.text.text("towns.not_in_region")}}
		}
		v.Remove.refused(v.errorFor("town"))
		return r.render(http.StatusUnprocessableEntity, "towns", v)
	}
	if err != nil {
		return err
	}
	return r.redirect("/towns?done=town_removed")
}

// auditPage is how many lines of the log a page shows.
const auditPage = 50

type auditView struct {
	pageView
	Agency bool
	Events []eventView
	Older  string // address of the next page; empty: this is the end
	First  bool

	Kind        selectView
	From, Until inputView
	Find        inputView
	Searched    bool // the list holds what was searched for, by pages
	List        listView
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

func (s *peoplePages) audit(r *request) error {
	v := auditView{pageView: r.page(r.text.text("audit.title")), Agency: r.actor.Role.ForAgency()}
	l := r.lister("/audit", "events", "kind", "from", "until")
	in, kind, status := v.search(r, l)
	v.Searched = len(l.chosen) > 0
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
		v.Events = append(v.Events, eventView{At: e.At, Who: e.Name, What: r.text.text("event." + string(e.Kind)), Subject: r.eventSubject(e), Detail: r.eventDetail(e), Town: string(e.Town)})
	}
	return r.render(status, "audit", v)
}

// auditNewest reads the log backwards, from an event on.
func (s *peoplePages) auditNewest(r *request, v *auditView) ([]account.Event, error) {
	before, err := strconv.ParseInt(r.QueryParam("before"), 10, 64)
	if err != nil || before < 0 {
		before = 0
	}
	v.First = before == 0
	events, err := s.Accounts.Events(r.ctx(), r.actor, before, auditPage+1)
	if len(events) > auditPage {
		events = events[:auditPage]
		v.Older = "/audit?before=" + strconv.FormatInt(events[auditPage-1].ID, 10)
	}
	return events, err
}

// search fills the form of the search with what was chosen; a day that cannot be read is said there.
func (v *auditView) search(r *request, l lister) (in account.Span, kind account.EventKind, status int) {
	t := r.text.text
	kinds := account.EventKindsFor(r.actor)
	v.Kind = selectView{Name: "kind", Label: t("audit.what"), Options: []optionView{{Label: t("audit.any_kind")}}}
	for _, k := range kinds {
		chosen := string(k) == l.chosen.Get("kind")
		if chosen {
			kind = k
		}
		v.Kind.Options = append(v.Kind.Options, optionView{Value: string(k), Label: t("event." + string(k)), Selected: chosen})
	}
	slices.SortStableFunc(v.Kind.Options[1:], func(a, b optionView) int { return strings.Compare(plaintext.Fold(a.Label), plaintext.Fold(b.Label)) })
	if kind == "" {
		l.chosen.Del("kind")
	}
	v.Find = inputView{Name: "q", Label: t("audit.find"), Type: "search", Autocomplete: "off", Value: l.chosen.Get("q")}
	status = http.StatusOK
	day := func(name string) (inputView, time.Time) {
		d := dayIn(l.chosen, name)
		field := inputView{Name: name, Label: t("audit." + name), Type: "date", Autocomplete: "off", Value: l.chosen.Get(name)}
		if d.IsZero() && field.Value != "" {
			field.Error, status = t("fault.round_day"), http.StatusUnprocessableEntity
			v.Errors = append(v.Errors, errorLine{Field: name, Text: field.Error})
		} else if !d.IsZero() {
			field.Value = d.Format(time.DateOnly)
		}
		return field, d
	}
	v.From, in.From = day("from")
	var last time.Time
	v.Until, last = day("until")
	in.Until = endOf(last)
	return in, kind, status
}

// auditSearch finds events by kind, day, and what their lines say: who, what it was about, and in which town. Addresses of mail are
// not searched: what is searched for stands in the page's own address.
func (s *peoplePages) auditSearch(r *request, v *auditView, l lister, in account.Span, kind account.EventKind) ([]account.Event, error) {
	find := l.find()
	names := map[region.AGS]string{}
	if v.Agency && find != "" {
		towns, err := s.Territory.Towns(r.ctx(), r.actor.Region)
		if err != nil {
			return nil, err
		}
		for _, m := range towns {
			names[m.AGS] = m.Name
		}
	}
	events, since, err := s.Accounts.FindEvents(r.ctx(), r.actor, in, func(e account.Event) bool {
		if kind != "" && e.Kind != kind {
			return false
		}
		subject := e.Subject
		if account.PlausibleEmail(subject) {
			subject = ""
		}
		return found(find, e.Name, subject, names[e.Town], string(e.Town))
	})
	v.Since = since
	v.List, events = pagedList(l, v.Find.Label, events)
	return events, err
}

// eventSubject shows addresses of mail as people write them.
func (r *request) eventSubject(e account.Event) string {
	if account.PlausibleEmail(e.Subject) {
		return account.ShownEmail(e.Subject)
	}
	return e.Subject
}

// eventDetail puts the ids that some events carry into words.
func (r *request) eventDetail(e account.Event) string {
	switch e.Kind {
	case account.EventInvited, account.EventRole: // a role, or "old → new"
		return r.inWords(e.Detail, " → ", "role.")
	case account.EventConsent:
		return r.inWords(e.Detail, ", ", "consent.word.")
	case account.EventRoundCreated:
		if id, version, ok := strings.Cut(e.Detail, "@"); ok {
			return r.text.text("audit.checklist", "Checklist", id, "Version", version)
		}
	case account.EventRoundChanged, account.EventRoundReopened:
		return r.changeInWords(e.Detail)
	case account.EventLinkMade:
		return r.text.text("link.kind_" + e.Detail)
	}
	return e.Detail
}

// changeInWords puts the lines of a changed round into words: what, a blank, and how; moments become days.
func (r *request) changeInWords(detail string) string {
	f := r.text.words()
	var parts []string
	for line := range strings.SplitSeq(detail, "\n") {
		what, how, _ := strings.Cut(line, " ")
		if !r.text.has("round.log." + what) {
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
		parts = append(parts, r.text.text("round.log."+what, "Text", strings.Join(sides, " → ")))
	}
	return strings.TrimSpace(strings.Join(parts, " · "))
}

// inWords replaces each part of a list by its text; what has none stays as it is.
func (r *request) inWords(list, separator, prefix string) string {
	parts := strings.Split(list, separator)
	for i, part := range parts {
		if r.text.has(prefix + part) {
			parts[i] = r.text.text(prefix + part)
		}
	}
	return strings.Join(parts, separator)
}
