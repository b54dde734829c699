package rounds

import (
	"bytes"
	"net/http"
	"slices"
	"strings"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/report"
	"ortsspiegel/pkg/round"
	"ortsspiegel/pkg/web/site"
	"ortsspiegel/pkg/wording"
	"ortsspiegel/pkg/workbook/reports"
)

// selectionView shows whom some towns of a round can be reached by, and what a reminder would say. Nothing is sent from
// here: the reader's own mail program does that.
type selectionView struct {
	site.PageView
	Round     string
	BackURL   string
	Count     int
	Reached   int      // towns with an address
	Names     []string // of the towns, as many as are shown
	More      int      // towns beyond
	Without   []string // towns without an address
	Addresses string   // of all persons, as mail programs take them
	People    int
	TooMany   bool // more towns than a page lists addresses for
	Most      int
	ExcelURL  string
	Reminder  *reminderView // nil: the round takes no answers, or nobody of the chosen is missing
	Answered  int           // towns of the choice that have submitted
}

type reminderView struct {
	Subject, Text string
	Addresses     string
	People        int
	MailURL       string // empty: too many addresses for an address line
}

// What a selection shows: addresses beyond that make a page heavy, and no mail program takes as many.
const (
	mostAddressed = 500
	mostMailURL   = 1900 // characters that every mail program understands
)

// chosen returns the towns that an address names: each by town, or with all=1 those of a list. They are in the order
// of the list.
func (s *Pages) chosen(r *site.Request, list []round.Participant) ([]round.Participant, error) {
	if r.QueryParam("all") == "" {
		named := map[region.AGS]bool{}
		for _, ags := range r.QueryParams()["town"] {
			named[region.AGS(ags)] = true
		}
		return slices.DeleteFunc(slices.Clone(list), func(p round.Participant) bool { return !named[p.Town.AGS] }), nil
	}
	unled, err := s.services.Accounts.Unled(r.Ctx(), r.Actor)
	if err != nil {
		return nil, err
	}
	l := r.Lister(site.RoundAddress(int64(roundOf(r).ID)), "towns", "sort", "show", "district")
	return s.workSearch(r, l, list).found(list, unled), nil
}

// roundSelection shows the addresses of the chosen towns and the text of a reminder.
func (s *Pages) roundSelection(r *site.Request) error {
	t, x := r.Text.Text, roundOf(r)
	list, err := s.services.Rounds.Participants(r.Ctx(), x)
	if err != nil {
		return err
	}
	picked, err := s.chosen(r, list)
	if err != nil {
		return err
	}
	address := site.RoundAddress(int64(x.ID))
	v := selectionView{PageView: r.Page(t("selection.title")), Round: x.Title, BackURL: address + "#towns",
		Count: len(picked), Most: mostAddressed, ExcelURL: address + "/towns-export.xlsx?" + r.QueryParams().Encode()}
	v.Within = x.Title
	v.SetCrumbs(site.Crumb{Label: t("nav.start"), URL: "/"}, site.Crumb{Label: x.Title, URL: address},
		site.Crumb{Label: t("selection.title")})
	if len(picked) > mostAddressed {
		v.TooMany = true
		picked = picked[:mostAddressed]
	}
	for _, p := range picked[:min(len(picked), mostNames)] {
		v.Names = append(v.Names, p.Town.Name)
	}
	v.More = v.Count - len(v.Names)
	if len(picked) == 0 {
		return r.Render(http.StatusOK, "round_selection", v)
	}
	towns := make([]region.AGS, len(picked))
	for i, p := range picked {
		towns[i] = p.Town.AGS
	}
	leads, err := s.services.Accounts.LeadsOf(r.Ctx(), r.Actor, towns)
	if err != nil {
		return err
	}
	var all, missing []string
	for _, p := range picked {
		people := leads[p.Town.AGS]
		if len(people) == 0 {
			v.Without = append(v.Without, p.Town.Name)
		} else {
			v.Reached++
		}
		late := p.Status != assessment.Submitted
		if !late {
			v.Answered++
		}
		for _, u := range people {
			all = append(all, account.ShownEmail(u.Email))
			if late {
				missing = append(missing, u.Email)
			}
		}
	}
	v.Addresses, v.People = strings.Join(all, "; "), len(all)
	if x.Status == round.Open && s.Now().Before(x.Closes) && len(missing) > 0 {
		v.Reminder = s.reminder(r, missing)
	}
	return r.Render(http.StatusOK, "round_selection", v)
}

// reminder writes the mail to those who have not submitted.
func (s *Pages) reminder(r *site.Request, to []string) *reminderView {
	x := roundOf(r)
	args := []any{"Round", x.Title, "Date", r.Text.Words().Date(wording.LastDay(x.Closes)),
		"Count", wording.DaysLeft(s.Now(), x.Closes), "By", r.Actor.Name, "Place", r.Place(),
		"Link", s.PublicURL.Link("/")}
	v := &reminderView{Subject: r.Text.Text("selection.mail_subject", args...),
		Text: r.Text.Text("selection.mail_text", args...), People: len(to)}
	shown := make([]string, len(to))
	for i, address := range to {
		shown[i] = account.ShownEmail(address)
	}
	v.Addresses = strings.Join(shown, "; ")
	if address := site.MailURL("", to, v.Subject, v.Text); len(address) <= mostMailURL {
		v.MailURL = address
	}
	return v
}

// roundTownsExport sends the chosen towns as a workbook, one row a person, for letters and lists; without a
// choice all of them.
func (s *Pages) roundTownsExport(r *site.Request) error {
	if err := s.beginRoundExport(r); err != nil {
		return err
	}
	list, err := s.services.Rounds.Participants(r.Ctx(), roundOf(r))
	if err != nil {
		return err
	}
	picked := list
	if query := r.QueryParams(); query.Get("all") != "" || len(query["town"]) > 0 {
		if picked, err = s.chosen(r, list); err != nil {
			return err
		}
	}
	towns := make([]region.AGS, len(picked))
	for i, p := range picked {
		towns[i] = p.Town.AGS
	}
	where, err := s.services.Territory.Region(r.Ctx(), roundOf(r).Region)
	if err != nil {
		return err
	}
	of := report.TownsReport{Lang: site.LangOf(r), Program: s.Program, AsOf: s.Now(), Region: where, Round: roundOf(r),
		Towns: picked}
	if of.Contacts, err = s.services.Accounts.LeadsOf(r.Ctx(), r.Actor, towns); err != nil {
		return err
	}
	var b bytes.Buffer
	if err := reports.WriteTowns(&b, of); err != nil {
		return err
	}
	if err := s.recordRoundExport(r); err != nil {
		return err
	}
	return r.Download(site.TypeXLSX, reports.RoundFile(where.Name, roundOf(r).Title, roundOf(r).Closes, of.AsOf,
		r.Text.Text("round.towns_file"), ".xlsx"), b.Bytes())
}
