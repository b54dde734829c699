package workbook

import (
	"fmt"
	"io"
	"math"
	"sort"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/bench"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/round"
	"ortsspiegel/pkg/round/trend"
	"ortsspiegel/pkg/wording"
)

// RegionReport is what an agency's workbook of a round is made from. It holds every figure by
// name and is for the agency alone.
type RegionReport struct {
	Lang         checklist.Lang
	Program      string // name and version
	AsOf         time.Time
	Region       region.Region
	Round        round.Round
	Definition   *checklist.Definition
	Participants []round.Participant
	Records      []bench.Record // of the submitted assessments: round.Live
	Report       *bench.Report  // of the audience bench.Agency: round.Live
	Trend        trend.Region
	Each         Submissions // for the sheet of raw data
	// Contacts are who leads the towns, for a reader who may see them; nil: the sheet of towns names nobody.
	Contacts map[region.AGS][]account.User
	// Districts names the districts of peer groups; a missing one is shown by its key.
	Districts map[region.DistrictKey]string
}

// regional knows where everything of a region's workbook stands.
type regional struct {
	*RegionReport
	b       *book
	records []bench.Record // of participants, by total, the highest first
	names   map[region.AGS]region.Municipality
	nodes   []bench.NodeID
}

// WriteRegion writes the agency's workbook of a round as .xlsx. Errors: Internal if the report is
// incomplete; else those of Each and of w.
func WriteRegion(w io.Writer, r RegionReport) error {
	if r.Definition == nil || r.Report == nil || r.Each == nil || r.Report.Audience != bench.Agency {
		return fault.New(fault.Internal, "workbook_incomplete", "the report has no checklist, no figures for the agency or nothing to read from")
	}
	title := dated(r.Round.Title, r.Round.Closes) + " · " + r.Region.Name
	b := newBook(r.Lang, title, r.Program, r.AsOf)
	x := r.regional(b)
	sections := len(r.Definition.Sections)
	matrix := make([]float64, 3+1+sections)
	for i := range matrix {
		matrix[i] = 15
	}
	matrix[0], matrix[1], matrix[2] = 11, 24, 24
	exact := make([]float64, 2+len(x.nodes))
	for i := range exact {
		exact[i] = 20
	}
	x.writeCover(b.sheet(b.say(sheetCover), 30, 70))
	x.writeOverview(b.sheet(b.say(sheetOverview), 11, 24, 24, 17, 22, 16, 13, 18, 14, 18, 8, 10, 24, 34, 18))
	x.writeMatrix(b.sheet(b.say(sheetMatrix), matrix...))
	x.writeCharts(b.sheet(b.say(sheetCharts), 12))
	x.writeCompare(b.sheet(b.say(sheetCompare), 34, 12, 6, 54, 14, 10, 10, 10, 10, 10, 10, 10))
	x.writeTrend(b.sheet(b.say(sheetTrend), regionTrendWidths...))
	list := x.asking()
	x.writeQuestions(b.sheet(b.say(sheetAsked), 6, 26, 56, 10, 11, 11, 11, 11, 14, 26), list)
	x.writeDistributions(b.sheet(b.say(sheetSpread), 6, 26, 60, 34, 10, 10), list)
	b.writeAnswerRows(r.Definition, r.Each, maxRows)
	b.sheet(b.say(sheetNotes), 28, 110).writeNotes(x.notes())
	values := b.sheet(b.say(sheetValues), exact...)
	x.writeValues(values)
	b.keep(b.f.SetSheetVisible(values.name, false))
	return b.write(w)
}

var sheetValues = phrase{"Werte", "Values"}

func (r *RegionReport) regional(b *book) *regional {
	x := &regional{RegionReport: r, b: b, names: map[region.AGS]region.Municipality{}, nodes: bench.Nodes(r.Definition)}
	for _, p := range r.Participants {
		x.names[p.Town.AGS] = p.Town
	}
	for i := range r.Records {
		if _, ok := x.names[r.Records[i].AGS]; ok && len(r.Records[i].Values) == len(x.nodes) {
			x.records = append(x.records, r.Records[i])
		}
	}
	sort.SliceStable(x.records, func(i, j int) bool {
		a, b := x.records[i].Values[0], x.records[j].Values[0]
		return a > b || math.IsNaN(b) && !math.IsNaN(a)
	})
	return x
}

func (x *regional) writeCover(s *sheet) {
	b, st := s.b, s.b.styles
	s.addHigh(34, value(st.title, x.Definition.Title.In(x.Lang)))
	s.add(value(st.lead, b.say(phrase{"Auswertung für die Region", "Analysis for the region"})+" "+x.Region.Name))
	s.skip(1)
	submitted := 0
	for _, p := range x.Participants {
		if p.Status == assessment.Submitted {
			submitted++
		}
	}
	median := "–"
	if g, ok := x.Report.Group(region.All); ok {
		if n, ok := g.Node(bench.Total); ok && n.Points.Median != nil {
			median = wording.Cell(x.Lang).Percent(*n.Points.Median)
		}
	}
	for _, f := range []struct {
		name  phrase
		style int
		v     any
	}{
		{wordRegion, st.text, x.Region.Name}, {phrase{"Agentur", "Agency"}, st.text, x.Region.Agency}, {wordRound, st.text, x.Round.Title},
		{phrase{"Zeitraum", "Period"}, st.text, wording.Cell(x.Lang).ShortDate(x.Round.Opens) + " – " + wording.Cell(x.Lang).ShortDate(wording.LastDay(x.Round.Closes))},
		{wordChecklist, st.text, x.Definition.Title.In(x.Lang) + " (" + x.Definition.Ref().String() + ")"},
		{phrase{"Teilnehmende Kommunen", "Participating towns"}, st.wholeLeft, len(x.Participants)},
		{phrase{"davon eingereicht", "of these submitted"}, st.wholeLeft, submitted},
		{phrase{"Median der Punktzahl gesamt", "Median of the totals"}, st.bold, median}, {wordAsOf, st.moment, serial(x.AsOf)},
	} {
		s.add(value(st.bold, b.say(f.name)), value(f.style, f.v))
	}
	s.skip(1)
	s.add(value(st.warn, b.say(phrase{"Nur für die Agentur: Diese Datei nennt einzelne Kommunen mit ihren Ergebnissen.", "For the agency only: this file names single towns with their results."})))
	s.merge(s.next()-1, 1, 2)
}

// writeOverview lists the participants by name with their status and result.
func (x *regional) writeOverview(s *sheet) {
	b, st := s.b, s.b.styles
	s.addHigh(26, value(st.title, b.say(sheetOverview)))
	s.skip(1)
	titles := []string{b.say(wordKey), b.say(wordTown), b.say(wordDistrict), b.say(wordPopulation), b.say(phrase{"Größenklasse", "Size class"}), b.say(wordStatus),
		b.say(phrase{"Bearbeitet", "Done"}), b.say(wordSubmitted), b.say(wordTotal), b.say(wordLevel), b.say(phrase{"Rang", "Rank"}),
		b.say(phrase{"Tage bis Frist", "Days left"})}
	if x.Contacts != nil {
		titles = append(titles, b.say(phrase{"Koordination", "Coordination"}), b.say(phrase{"E-Mail", "E-mail"}), b.say(phrase{"Zuletzt angemeldet", "Last signed in"}))
	}
	head := s.head(2, titles...)
	type scored struct {
		record *bench.Record
		rank   int
	}
	found := map[region.AGS]scored{}
	totals := make([]float64, 0, len(x.records))
	for i := range x.records {
		if v := x.records[i].Values[0]; !math.IsNaN(v) {
			totals = append(totals, v)
		}
	}
	sort.Float64s(totals)
	for i := range x.records {
		found[x.records[i].AGS] = scored{&x.records[i], bench.Rank(totals, x.records[i].Values[0])}
	}
	for _, p := range x.Participants {
		status := string(p.Status)
		if p.Status != assessment.Submitted && p.Change == 0 {
			status = "none"
		}
		when, total, level, rank := any(nil), value(st.suppress, nil), "", any(nil)
		if !p.Submitted.IsZero() {
			when = serial(p.Submitted)
		}
		if f, ok := found[p.Town.AGS]; ok && p.Status == assessment.Submitted {
			total = value(st.suppress, "–")
			if v := f.record.Values[0]; !math.IsNaN(v) {
				total, rank = value(st.percent, shown(v)), f.rank
			}
			if l, _, ok := x.Definition.Level(f.record.Level); ok {
				level = l.Label.In(x.Lang)
				if held := heldBy(x.Definition, f.record); held != "" {
					level += " (" + b.say(phrase{"begrenzt durch Mindestanforderung {0}", "held by minimum requirement {0}"}, held) + ")"
				}
			}
		}
		population := p.Population
		if population == 0 {
			population = p.Town.Population
		}
		left := any(nil)
		if x.Round.Status == round.Open && p.Status != assessment.Submitted {
			left = x.daysLeft()
		}
		person, mail, last := reach(x.Contacts[p.Town.AGS])
		cells := []any{value(st.ags, string(p.Town.AGS)), value(st.text, p.Town.Name), value(st.text, p.Town.District.Name), value(st.whole, known(population)),
			value(st.text, groupName(region.SizeGroup(region.SizeClassOf(population)), x.Lang, x.Districts)), value(st.text, b.say(statusPhrases[status])),
			value(st.percent, shown(p.Progress)), value(st.moment, when), total, value(st.text, level), value(st.whole, rank),
			value(st.whole, left)}
		if x.Contacts != nil {
			cells = append(cells, value(st.text, person), value(st.free, mail), value(st.moment, last))
		}
		s.add(cells...)
	}
	s.filter(head, len(titles), s.next()-1)
	b.keep(b.f.AddIgnoredErrors(s.name, fmt.Sprintf("A%d:A%d", head+1, max(s.next()-1, head+1)), excelize.IgnoredErrorsNumberStoredAsText))
}

// daysLeft counts the days from today to the round's last day: 0 on that day itself, negative after it.
func (x *regional) daysLeft() int {
	return int(math.Floor(serial(x.Round.Closes.Add(-time.Second))) - math.Floor(serial(x.AsOf)))
}

// reach joins whom to write to as programs for mail take it, and says when one of them signed in last; nil: never.
func reach(leads []account.User) (names, addresses string, last any) {
	var n, a []string
	var latest time.Time
	for _, u := range leads {
		n, a = append(n, u.Name), append(a, account.ShownEmail(u.Email))
		if u.LastSignIn.After(latest) {
			latest = u.LastSignIn
		}
	}
	if !latest.IsZero() {
		last = serial(latest)
	}
	return strings.Join(n, "; "), strings.Join(a, "; "), last
}

func (x *regional) notes() []note {
	notes := origin(x.Lang, x.Program, x.AsOf, x.Region, x.Definition)
	notes = append(notes, note{phrase{"Kommunen (n)", "Towns (n)"}, phrase{
		"{0} teilnehmende, davon {1} eingereicht. Verglichen werden nur eingereichte Selbsteinschätzungen; Entwürfe zählen nie.",
		"{0} taking part, of these {1} submitted. Only submitted self-assessments are compared; drafts never count."}.in(x.Lang, itoa(len(x.Participants)), itoa(len(x.records)))})
	notes = append(notes, method(x.Lang)...)
	return append(notes, note{phrase{"Vertraulichkeit", "Confidentiality"}, phrase{
		"Diese Datei ist für die Agentur: Sie zeigt alle Zahlen ohne Mindestzahlen und nennt Kommunen. Für Kommunen und Öffentlichkeit gibt es die Veröffentlichung. Namen und Adressen der Koordination stehen im Blatt „Übersicht“, wenn Sie die Liste der Personen sehen dürfen; freie Texte können weitere Personen nennen.",
		"This file is for the agency: it shows all figures without thresholds and names towns. For towns and the public there is the published release. Names and addresses of those who coordinate stand on the sheet “Overview” if you may see the list of people; free texts may mention more persons."}.in(x.Lang)})
}

// heldBy lists the numbers of the knockouts that keep a level below the one the score would reach.
func heldBy(d *checklist.Definition, record *bench.Record) string {
	var numbers []string
	for _, id := range record.HeldBy(d) {
		for i := range d.Sections {
			for j := range d.Sections[i].Questions {
				if d.Sections[i].Questions[j].ID == id {
					numbers = append(numbers, itoa(i+1)+"."+itoa(j+1))
				}
			}
		}
	}
	return strings.Join(numbers, ", ")
}

// known is a population for a cell; one that is not known leaves it empty.
func known(population int) any {
	if population == 0 {
		return nil
	}
	return population
}

// Towns lists the keys of the towns that take part.
func (r *RegionReport) Towns() []region.AGS {
	towns := make([]region.AGS, len(r.Participants))
	for i := range r.Participants {
		towns[i] = r.Participants[i].Town.AGS
	}
	return towns
}
