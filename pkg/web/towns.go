package web

import (
	"net/http"
	"strconv"
	"time"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/region"
)

type townsView struct {
	pageView
	Region region.Region
	Groups []districtView
	Count  int
	People int
	Area   float64 // square kilometres
	AsOf   time.Time
}

// districtView is a district with its towns, by name.
type districtView struct {
	Name  string
	Towns []region.Municipality
}

func (s *server) towns(r *request) error {
	own, err := s.Territory.Region(r.ctx(), r.actor.Region)
	if err != nil {
		return err
	}
	list, err := s.Territory.Towns(r.ctx(), r.actor.Region)
	if err != nil {
		return err
	}
	v := townsView{pageView: r.page(r.text.text("towns.title")), Region: own, Count: len(list)}
	index := map[region.DistrictKey]int{}
	for _, m := range list {
		i, ok := index[m.District.Key]
		if !ok {
			i = len(v.Groups)
			index[m.District.Key] = i
			v.Groups = append(v.Groups, districtView{Name: m.District.Name})
		}
		v.Groups[i].Towns = append(v.Groups[i].Towns, m)
		v.People += m.Population
		v.Area += m.AreaKm2
		if at, err := parseDate(m.PopulationDate); err == nil && at.After(v.AsOf) {
			v.AsOf = at
		}
	}
	return r.render(http.StatusOK, "towns", v)
}

// auditPage is how many lines of the log a page shows.
const auditPage = 50

type auditView struct {
	pageView
	Agency bool
	Events []eventView
	Older  string // address of the next page; empty: this is the end
	First  bool
}

type eventView struct {
	At      time.Time
	Who     string
	What    string
	Subject string
	Detail  string
	Town    string
}

func (s *server) audit(r *request) error {
	before, err := strconv.ParseInt(r.QueryParam("before"), 10, 64)
	if err != nil || before < 0 {
		before = 0
	}
	events, err := s.Accounts.Events(r.ctx(), r.actor, before, auditPage+1)
	if err != nil {
		return err
	}
	v := auditView{pageView: r.page(r.text.text("audit.title")), Agency: r.actor.Role.ForAgency(), First: before == 0}
	if len(events) > auditPage {
		events = events[:auditPage]
		v.Older = "/audit?before=" + strconv.FormatInt(events[auditPage-1].ID, 10)
	}
	for _, e := range events {
		v.Events = append(v.Events, eventView{At: e.At, Who: e.Name, What: r.text.text("event." + string(e.Kind)), Subject: e.Subject, Detail: r.eventDetail(e), Town: string(e.Town)})
	}
	return r.render(http.StatusOK, "audit", v)
}

// eventDetail translates the ids that some events carry.
func (r *request) eventDetail(e account.Event) string {
	switch e.Kind {
	case account.EventInvited:
		return r.text.text("role." + e.Detail)
	case account.EventLinkMade:
		return r.text.text("link.kind_" + e.Detail)
	}
	return e.Detail
}
