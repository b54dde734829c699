package reports

import (
	"fmt"
	"io"
	"math"
	"sort"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/bench"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/report"
	"ortsspiegel/pkg/round"
	"ortsspiegel/pkg/wording"
	"ortsspiegel/pkg/workbook/book"
)

// regional knows where everything of a region's workbook stands.
type regional struct {
	*report.RegionReport
	b       *book.Book
	records []bench.Record // of participants, by total, the highest first
	names   map[region.AGS]region.Municipality
	nodes   []bench.NodeID
}

// WriteRegion writes the agency's workbook of a round as .xlsx. Errors: Internal if the report is
// incomplete; else those of Each and of w.
func WriteRegion(w io.Writer, r report.RegionReport) error {
	if r.Definition == nil || r.Report == nil || r.Each == nil || r.Report.Audience != bench.Agency {
		return fault.New(fault.Internal, "workbook_incomplete",
			"the report has no checklist, no figures for the agency or nothing to read from")
	}
	title := book.Dated(r.Round.Title, r.Round.Closes) + " · " + r.Region.Name
	b := book.NewBook(r.Lang, title, r.Program, r.AsOf)
	x := newRegional(&r, b)
	sections := len(r.Definition.Sections)
	matrix := make([]float64, 3+1+sections)
	for i := range matrix {
		matrix[i] = 15
	}
	matrix[0], matrix[1], matrix[2] = 11, 24, 24
	for i := range r.Definition.Sections { // no word of a head is broken
		for word := range strings.FieldsSeq(r.Definition.Sections[i].Title.In(r.Lang)) {
			matrix[4+i] = min(max(matrix[4+i], 1.25*float64(utf8.RuneCountInString(word))+2), 30)
		}
	}
	exact := make([]float64, 2+len(x.nodes))
	for i := range exact {
		exact[i] = 20
	}
	x.writeCover(b.Sheet(b.Say(book.SheetCover), 30, 70))
	x.writeOverview(b.Sheet(b.Say(book.SheetOverview), 11, 24, 24, 17, 22, 16, 13, 18, 14, 18, 8, 10, 24, 34, 18))
	x.writeMatrix(b.Sheet(b.Say(book.SheetMatrix), matrix...))
	x.writeCharts(b.Sheet(b.Say(book.SheetCharts), 12))
	x.writeCompare(b.Sheet(b.Say(book.SheetCompare), 34, 12, 6, 54, 14, 10, 10, 10, 10, 10, 10, 10))
	x.writeTrend(b.Sheet(b.Say(book.SheetTrend), regionTrendWidths...))
	list := x.asking()
	x.writeQuestions(b.Sheet(b.Say(book.SheetAsked), 6, 26, 56, 10, 11, 11, 11, 11, 14, 26), list)
	x.writeDistributions(b.Sheet(b.Say(book.SheetSpread), 6, 26, 60, 34, 10, 10), list)
	writeAnswerRows(b, r.Definition, r.Each, maxRows)
	writeNotes(b.Sheet(b.Say(book.SheetNotes), 28, 110), x.notes())
	values := b.Sheet(b.Say(sheetValues), exact...)
	x.writeValues(values)
	b.Keep(b.F.SetSheetVisible(values.Name, false))
	return b.Write(w)
}

var sheetValues = wording.Phrase{"Werte", "Values"}

func newRegional(r *report.RegionReport, b *book.Book) *regional {
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

func (x *regional) writeCover(s *book.Sheet) {
	b, st := s.B, s.B.Styles
	s.AddHigh(34, book.Value(st.Title, x.Definition.Title.In(x.Lang)))
	s.Add(book.Value(st.Lead, b.Say(wording.Phrase{"Auswertung für die Region", "Analysis for the region"})+" "+
		x.Region.Name))
	s.Skip(1)
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
		name  wording.Phrase
		style int
		v     any
	}{
		{book.WordRegion, st.Text, x.Region.Name}, {wording.Phrase{"Agentur", "Agency"}, st.Text, x.Region.Agency},
		{book.WordRound, st.Text, x.Round.Title},
		{wording.Phrase{"Zeitraum", "Period"}, st.Text, wording.Cell(x.Lang).ShortDate(x.Round.Opens) + " – " +
			wording.Cell(x.Lang).ShortDate(wording.LastDay(x.Round.Closes))},
		{book.WordChecklist, st.Text, x.Definition.Title.In(x.Lang) + " (" + x.Definition.Ref().String() + ")"},
		{wording.Phrase{"Teilnehmende Kommunen", "Participating towns"}, st.WholeLeft, len(x.Participants)},
		{wording.Phrase{"davon eingereicht", "of these submitted"}, st.WholeLeft, submitted},
		{wording.Phrase{"Median der Punktzahl gesamt", "Median of the totals"}, st.Bold, median},
		{book.WordAsOf, st.Moment, book.Serial(x.AsOf)},
	} {
		s.Add(book.Value(st.Bold, b.Say(f.name)), book.Value(f.style, f.v))
	}
	s.Skip(1)
	s.Add(book.Value(st.Warn, b.Say(wording.Phrase{
		"Nur für die Agentur: Diese Datei nennt einzelne Kommunen mit ihren Ergebnissen.",
		"For the agency only: this file names single towns with their results.",
	})))
	s.Merge(s.Next()-1, 1, 2)
}

// writeOverview lists the participants by name with their status and result.
func (x *regional) writeOverview(s *book.Sheet) {
	b, st := s.B, s.B.Styles
	s.AddHigh(26, book.Value(st.Title, b.Say(book.SheetOverview)))
	s.Skip(1)
	titles := []string{b.Say(book.WordKey), b.Say(book.WordTown), b.Say(book.WordDistrict), b.Say(book.WordPopulation),
		b.Say(wording.Phrase{"Größenklasse", "Size class"}), b.Say(book.WordStatus),
		b.Say(wording.Phrase{"Bearbeitet", "Done"}), b.Say(book.WordSubmitted), b.Say(book.WordTotal),
		b.Say(book.WordLevel), b.Say(wording.Phrase{"Rang", "Rank"}),
		b.Say(wording.Phrase{"Tage bis Frist", "Days left"})}
	if x.Contacts != nil {
		titles = append(titles, b.Say(wording.Phrase{"Koordination", "Coordination"}),
			b.Say(wording.Phrase{"E-Mail", "E-mail"}), b.Say(wording.Phrase{"Zuletzt angemeldet", "Last signed in"}))
	}
	head := s.Head(2, titles...)
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
		when, total, level, rank := any(nil), book.Value(st.Suppress, nil), "", any(nil)
		if !p.Submitted.IsZero() {
			when = book.Serial(p.Submitted)
		}
		if f, ok := found[p.Town.AGS]; ok && p.Status == assessment.Submitted {
			total = book.Value(st.Suppress, "–")
			if v := f.record.Values[0]; !math.IsNaN(v) {
				total, rank = book.Value(st.Percent, book.Shown(v)), f.rank
			}
			if l, _, ok := x.Definition.Level(f.record.Level); ok {
				level = l.Label.In(x.Lang)
				if held := heldBy(x.Definition, f.record); held != "" {
					level += " (" + b.Say(wording.Phrase{"begrenzt durch Mindestanforderung {0}",
						"held by minimum requirement {0}"}, held) + ")"
				}
			}
		}
		population := p.Population
		if population == 0 {
			population = p.Town.Population
		}
		left := any(nil)
		if x.Round.Status == round.Open && p.Status != assessment.Submitted {
			left = wording.DaysLeft(x.AsOf, x.Round.Closes)
		}
		person, mail, last := reach(x.Contacts[p.Town.AGS])
		cells := []any{book.Value(st.Ags, string(p.Town.AGS)), book.Value(st.Text, p.Town.Name),
			book.Value(st.Text, p.Town.District.Name), book.Value(st.Whole, known(population)),
			book.Value(st.Text, groupName(region.SizeGroup(region.SizeClassOf(population)), x.Lang, x.Districts)),
			book.Value(st.Text, b.Say(book.StatusPhrases[status])),
			book.Value(st.Percent, book.Shown(p.Progress)), book.Value(st.Moment, when), total,
			book.Value(st.Text, level), book.Value(st.Whole, rank),
			book.Value(st.Whole, left)}
		if x.Contacts != nil {
			cells = append(cells, book.Value(st.Text, person), book.Value(st.Free, mail), book.Value(st.Moment, last))
		}
		s.Add(cells...)
	}
	s.Filter(head, len(titles), s.Next()-1)
	b.Keep(b.F.AddIgnoredErrors(s.Name, fmt.Sprintf("A%d:A%d", head+1, max(s.Next()-1, head+1)),
		excelize.IgnoredErrorsNumberStoredAsText))
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
		last = book.Serial(latest)
	}
	return strings.Join(n, "; "), strings.Join(a, "; "), last
}

func (x *regional) notes() []note {
	notes := origin(x.Lang, x.Program, x.AsOf, x.Region, x.Definition)
	notes = append(notes, note{wording.Phrase{"Kommunen (n)", "Towns (n)"}, wording.Phrase{
		"{0} teilnehmende, davon {1} eingereicht. Verglichen werden nur eingereichte Selbsteinschätzungen; Entwürfe " +
			"zählen nie.",
		"{0} taking part, of these {1} submitted. Only submitted self-assessments are compared; drafts never count.",
	}.In(x.Lang, book.Itoa(len(x.Participants)), book.Itoa(len(x.records)))})
	notes = append(notes, method(x.Lang)...)
	return append(notes, note{wording.Phrase{"Vertraulichkeit", "Confidentiality"}, wording.Phrase{
		"Diese Datei ist für die Agentur: Sie zeigt alle Zahlen ohne Mindestzahlen und nennt Kommunen. Für Kommunen " +
			"und Öffentlichkeit gibt es die Veröffentlichung. Namen und Adressen der Koordination stehen im Blatt " +
			"„Übersicht“, wenn Sie die Liste der Personen sehen dürfen; freie Texte können weitere Personen nennen.",
		"This file is for the agency: it shows all figures without thresholds and names towns. For towns and the " +
			"public there is the published release. Names and addresses of those who coordinate stand on the sheet " +
			"“Overview” if you may see the list of people; free texts may mention more persons."}.In(x.Lang)})
}

// heldBy lists the numbers of the knockouts that keep a level below the one the score would reach.
func heldBy(d *checklist.Definition, record *bench.Record) string {
	var numbers []string
	for _, id := range record.HeldBy(d) {
		for i := range d.Sections {
			for j := range d.Sections[i].Questions {
				if d.Sections[i].Questions[j].ID == id {
					numbers = append(numbers, book.Itoa(i+1)+"."+book.Itoa(j+1))
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
