package web

import (
	"fmt"
	"testing"

	"github.com/shopspring/decimal"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/round"
	"ortsspiegel/pkg/web/site"
)

// years is a region of 24 towns with a round per version of the checklist: two that are published
// and one that is open. The towns from lateTown on submitted in the last two only, those from
// newTown on in the last one only; draftTown has not in the last one.
type years struct {
	*house
	admin  account.Actor
	towns  []region.Municipality
	rounds []round.ID
}

const (
	lateTown  = 16
	newTown   = 22
	draftTown = 15
)

func newYears(t *testing.T) years {
	t.Helper()
	y := years{house: newHouse(t), admin: account.Actor{User: 1, Name: "Amt", Role: account.AgencyAdmin,
		Region: "years"}}
	var all []region.AGS
	for i := range 24 {
		m := town(region.AGS(fmt.Sprintf("05903%03d", i)), fmt.Sprintf("Jahrort %02d", i), 5000+2500*i)
		y.towns, all = append(y.towns, m), append(all, m.AGS)
	}
	y.towns[3].Name = hostileName
	y.settle("years", "Jahresland", y.towns...)
	for i, version := range []checklist.Version{"1.0.0", "1.1.0", "2.0.0"} {
		id, err := y.house.rounds.Create(t.Context(), y.admin, round.New{Title: fmt.Sprintf("Willkommen %d", 2024+i),
			Checklist: checklist.Ref{ID: "willkommen", Version: version},
			Opens:     y.now.AddDate(i-2, 0, -10), Closes: y.now.AddDate(i-2, 0, 20), Towns: all})
		must(t, err)
		must(t, y.house.rounds.Open(t.Context(), y.admin, id))
		y.rounds = append(y.rounds, id)
		y.fill(t, i)
		if i < 2 {
			must(t, y.house.rounds.Close(t.Context(), y.admin, id))
			must(t, y.house.rounds.Publish(t.Context(), y.admin, id))
		}
	}
	return y
}

// fill lets the towns answer in a year: most go on from what they had, a little better.
func (y years) fill(t *testing.T, year int) {
	t.Helper()
	x, err := y.house.rounds.Round(t.Context(), y.admin, account.ViewRound, y.rounds[year])
	must(t, err)
	d, err := y.house.versions.Definition(t.Context(), x.Hash)
	must(t, err)
	var list []assessment.Import
	for i, m := range y.towns {
		if i >= newTown && year < 2 || i >= lateTown && year < 1 {
			continue
		}
		b := assessment.Import{Town: m.AGS, By: 1}
		for k, q := range d.Questions() {
			var a checklist.Answer
			switch {
			case q.Type == checklist.TypeNumber:
				a = checklist.Answer{Kind: checklist.AnswerNumber, Number: decimal.NewFromInt(int64(i))}
			case len(q.Options) > 0:
				better := 0
				if (i+k+len(q.ID))%4 < year {
					better = 1
				}
				a = checklist.Answer{Kind: checklist.AnswerOptions,
					Options: []checklist.OptionID{q.Options[min((i+len(q.ID))%len(q.Options)+better,
						len(q.Options)-1)].ID}}
			default:
				continue
			}
			e := assessment.Entry{Question: q.ID, Given: true, Answer: a, Comment: secretComment + string(m.AGS),
				By: "Anna", At: x.Opens}
			b.Entries = append(b.Entries, e)
		}
		if i != draftTown || year < 2 {
			must(t, b.Submit(d, m.Population, x.Opens.AddDate(0, 0, 5), "Anna"))
		}
		list = append(list, b)
	}
	must(t, y.store.ImportAssessments(t.Context(), y.rounds[year], list))
}

func (y years) lead(i int) account.Actor {
	return account.Actor{User: 1, Name: "Leitung", Role: account.TownLead, Town: y.towns[i].AGS}
}

// sheetOf is the address of a town's assessment of a year.
func (y years) sheetOf(t *testing.T, i, year int) (string, assessment.Head) {
	t.Helper()
	heads, err := y.assessments.OfTown(t.Context(), y.lead(i))
	must(t, err)
	for _, h := range heads {
		if h.Round == int64(y.rounds[year]) {
			return site.AssessmentAddress(h.ID), h
		}
	}
	t.Fatalf("town %d has no assessment of year %d", i, year)
	return "", assessment.Head{}
}

func (y years) addressOf(year int) string { return site.RoundAddress(int64(y.rounds[year])) }
