package reports

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/report"
	"ortsspiegel/pkg/round"
	"ortsspiegel/pkg/score"
	"ortsspiegel/pkg/wording"
	"ortsspiegel/pkg/workbook/book"
)

func checkAnalysis(r *report.AnalysisReport) error {
	if r.Definition == nil || r.Each == nil {
		return fault.New(fault.Internal, "workbook_incomplete", "the export has no checklist or nothing to read from")
	}
	return nil
}

// The columns of the tidy table: names stay as they are, for scripts and pivot tables.
var tidyColumns = []struct {
	name  wording.Phrase
	width float64
}{
	{wording.Phrase{"ags", "ags"}, 11}, {wording.Phrase{"kommune", "municipality"}, 22},
	{wording.Phrase{"kreis_ags", "district_key"}, 13}, {wording.Phrase{"kreis", "district"}, 22},
	{wording.Phrase{"einwohner", "population"}, 13}, {wording.Phrase{"groessenklasse", "size_class"}, 17},
	{wording.Phrase{"runde", "round"}, 8}, {wording.Phrase{"version", "version"}, 10},
	{wording.Phrase{"abschnitt_id", "section_id"}, 16}, {wording.Phrase{"abschnitt", "section"}, 36},
	{wording.Phrase{"frage_id", "question_id"}, 26}, {wording.Phrase{"nr", "number"}, 7},
	{wording.Phrase{"frage", "question"}, 44}, {wording.Phrase{"typ", "type"}, 9},
	{wording.Phrase{"stand", "state"}, 15}, {wording.Phrase{"wert_id", "value_id"}, 22},
	{wording.Phrase{"wert", "value"}, 30}, {wording.Phrase{"zahl", "figure"}, 10},
	{wording.Phrase{"datum", "date"}, 12}, {wording.Phrase{"punkte", "points"}, 9},
	{wording.Phrase{"gewicht", "weight"}, 9}, {wording.Phrase{"begruendung", "reason"}, 26},
	{wording.Phrase{"kommentar", "comment"}, 40}, {wording.Phrase{"geaendert", "changed"}, 12},
}

func tidyTitles(lang checklist.Lang) []string {
	out := make([]string, len(tidyColumns))
	for i, c := range tidyColumns {
		out[i] = c.name.In(lang)
	}
	return out
}

// tidyRow is a row of the tidy table. Fields are in the order of tidyColumns.
type tidyRow struct {
	*answerRow
	population int
	round      round.ID
	version    checklist.Version
	section    *checklist.Section
	question   *checklist.Question
	valueIDs   string
	number     *float64
	date       string
}

// eachTidy calls f for every question of every submitted assessment. The row is used again.
func eachTidy(r *report.AnalysisReport, x *describer, s round.Submission, f func(*tidyRow) error) error {
	row := tidyRow{population: populationOf(r, s.Town), round: r.Round.ID, version: r.Definition.Version}
	section, n := 0, 0
	return x.each(s.Town, s.Entries, score.Score(r.Definition, s.Answers), func(a *answerRow) error {
		for n == len(r.Definition.Sections[section].Questions) {
			section, n = section+1, 0
		}
		row.answerRow, row.section, row.question = a, &r.Definition.Sections[section],
			&r.Definition.Sections[section].Questions[n]
		n++
		row.valueIDs, row.number, row.date = "", nil, ""
		if e := s.Entries[a.question]; e.Given {
			switch e.Answer.Kind {
			case checklist.AnswerOptions:
				row.valueIDs = optionIDs(e.Answer.Options)
			case checklist.AnswerNumber:
				x := e.Answer.Number.InexactFloat64()
				row.number = &x
			case checklist.AnswerDate:
				row.date = e.Answer.Text
			}
		}
		return f(&row)
	})
}

func populationOf(r *report.AnalysisReport, town region.Municipality) int {
	if n, ok := r.Population[town.AGS]; ok {
		return n
	}
	return town.Population
}

func optionIDs(options []checklist.OptionID) string {
	ids := make([]string, len(options))
	for i, o := range options {
		ids[i] = string(o)
	}
	return strings.Join(ids, "|")
}

// WriteAnalysis streams the workbook for analysts: a tidy table of one row per town and
// question, a wide one of towns by questions, a codebook, all of them named tables. Memory does
// not grow with the number of towns. If Each fails nothing is written.
func WriteAnalysis(w io.Writer, r report.AnalysisReport) error {
	if err := checkAnalysis(&r); err != nil {
		return err
	}
	title := book.Dated(r.Round.Title, r.Round.Closes) + " · " + r.Region.Name
	b := book.NewBook(r.Lang, title, r.Program, r.AsOf)
	writeNotes(b.Sheet(b.Say(book.SheetNotes), 28, 110),
		append(append(origin(r.Lang, r.Program, r.AsOf, r.Region, r.Definition), analysisNotes(r.Lang)...),
			method(r.Lang)...))
	a := &analysis{AnalysisReport: &r, b: b, describer: newDescriber(r.Definition, r.Lang)}
	a.wideColumns()
	if b.Err == nil {
		b.Keep(a.write())
	}
	a.codebook()
	return b.Write(w)
}

func analysisNotes(lang checklist.Lang) []note {
	return []note{
		{book.SheetAnswers,
			wording.Phrase{"Eine Zeile je Kommune und Frage. wert_id nennt die gewählten Möglichkeiten (mehrere mit " +
				"| getrennt), wert ihre Bezeichnungen, punkte 0 bis 100. Ein leeres Feld ist keine Null: stand " +
				"sagt, ob die Frage offen ist, nicht zutrifft oder nicht gefragt ist.",
				"One row per town and question. value_id names the chosen options (several parted by |), value their " +
					"labels, points 0 to 100. An empty field is no zero: state says whether the question is open, " +
					"not applicable or not asked."}.In(lang)},
		{sheetWide,
			wording.Phrase{"Eine Zeile je Kommune, eine Spalte je Frage mit den Kennungen der Möglichkeiten oder der " +
				"Zahl; Mehrfachauswahl hat je Möglichkeit eine Spalte mit 1 und 0. Nicht zutreffend: n/a.",
				"One row per town, one column per question with the options' ids or the number; several options have " +
					"a column each with 1 and 0. Not applicable: n/a."}.In(lang)},
		{sheetCodebook, wording.Phrase{"Was jede Frage und jede Möglichkeit bedeutet, mit Gewichten und Punkten.",
			"What each question and each option means, with weights and points."}.In(lang)},
	}
}

var (
	sheetWide     = wording.Phrase{"Kommunen", "Towns"}
	sheetCodebook = wording.Phrase{"Codebuch", "Codebook"}
)

// analysis writes the tidy and the wide table in one pass over the submissions.
type analysis struct {
	*report.AnalysisReport
	b         *book.Book
	describer *describer
	wide      []wideColumn
	tidy      *book.RowWriter
	towns     *book.RowWriter
	parts     int
}

// wideColumn is a column of the wide table: a score, a question or an option of one.
type wideColumn struct {
	name     string
	section  int // of a section's score
	question *checklist.Question
	option   checklist.OptionID
}

// wideFirst is how many columns say which town it is, before the scores.
const wideFirst = 6

func (a *analysis) wideColumns() {
	a.wide = append(a.wide, wideColumn{name: a.b.Say(wording.Phrase{"gesamt", "total"}), section: -1})
	for i := range a.Definition.Sections {
		a.wide = append(a.wide, wideColumn{name: "abschnitt." + string(a.Definition.Sections[i].ID), section: i})
		if !wording.German(a.Lang) {
			a.wide[len(a.wide)-1].name = "section." + string(a.Definition.Sections[i].ID)
		}
	}
	for _, q := range a.Definition.Questions() {
		if !q.Type.Many() {
			a.wide = append(a.wide, wideColumn{name: string(q.ID), question: q})
			continue
		}
		for _, o := range q.Options {
			a.wide = append(a.wide, wideColumn{name: string(q.ID) + "." + string(o.ID), question: q, option: o.ID})
		}
	}
}

func (a *analysis) write() error {
	if err := a.beginTidy(); err != nil {
		return err
	}
	widths := []float64{11, 22, 10, 22, 11, 14}
	for range a.wide {
		widths = append(widths, 14)
	}
	s := a.b.Sheet(a.b.Say(sheetWide), widths...)
	a.towns = s.Stream(2)
	titles := slices.Clone(tidyTitles(a.Lang)[:wideFirst])
	for _, c := range a.wide {
		titles = append(titles, c.name)
	}
	if err := a.towns.Titles(a.b.Styles.Head, titles); err != nil {
		return err
	}
	if err := a.Each(a.submission); err != nil {
		return err
	}
	if err := a.endTidy(); err != nil {
		return err
	}
	return a.towns.CloseTable(a.b.Say(sheetWide), titles)
}

func (a *analysis) beginTidy() error {
	a.parts++
	widths := make([]float64, len(tidyColumns))
	for i, c := range tidyColumns {
		widths[i] = c.width
	}
	a.tidy = a.b.Sheet(a.tidyName(), widths...).Stream(2)
	return a.tidy.Titles(a.b.Styles.Head, tidyTitles(a.Lang))
}

func (a *analysis) tidyName() string {
	name := a.b.Say(book.SheetAnswers)
	if a.parts > 1 {
		name = fmt.Sprintf("%s_%d", name, a.parts)
	}
	return name
}

func (a *analysis) endTidy() error { return a.tidy.CloseTable(a.tidyName(), tidyTitles(a.Lang)) }

func (a *analysis) submission(s round.Submission) error {
	if err := eachTidy(a.AnalysisReport, a.describer, s, a.tidyRow); err != nil {
		return err
	}
	return a.wideRow(s)
}

func (a *analysis) tidyRow(r *tidyRow) error {
	if a.tidy.Row == maxRows {
		if err := a.endTidy(); err != nil {
			return err
		}
		if err := a.beginTidy(); err != nil {
			return err
		}
	}
	st, out := &a.b.Styles, a.tidy
	out.Begin()
	a.town(out, r.town, r.population)
	out.Number(st.Whole, float64(r.round))
	for _, t := range [...]string{string(r.version), string(r.section.ID), r.answerRow.section, string(r.question.ID),
		r.answerRow.number, r.text, string(r.question.Type), r.state.String(), r.valueIDs} {
		out.Text(st.Single, t)
	}
	text, _ := r.answer.(string)
	out.Text(st.SingleFree, book.Ternary(r.date != "", "", text))
	out.Figure(st.Decimal, r.number)
	if n, ok := book.Day(r.date); ok {
		out.Number(st.Date, n)
	} else {
		out.Text(st.Date, r.date)
	}
	if r.points != nil {
		out.Number(st.Points, 100**r.points)
	} else {
		out.Text(st.Points, "")
	}
	out.Number(st.Decimal, r.question.Weight)
	out.Text(st.SingleFree, r.reason)
	out.Text(st.SingleFree, r.comment)
	if r.changed.IsZero() {
		out.Text(st.Date, "")
	} else {
		out.Number(st.Date, book.Serial(r.changed))
	}
	return out.End()
}

// town writes the first columns of both tables.
func (a *analysis) town(out *book.RowWriter, m region.Municipality, population int) {
	st := &a.b.Styles
	out.Text(st.Ags, string(m.AGS))
	out.Text(st.Single, m.Name)
	out.Text(st.Ags, string(m.District.Key))
	out.Text(st.Single, m.District.Name)
	if population > 0 {
		out.Number(st.Whole, float64(population))
	} else {
		out.Text(st.Single, "") // unknown is no zero
	}
	out.Text(st.Single, string(region.SizeClassOf(population)))
}

func (a *analysis) wideRow(s round.Submission) error {
	st, out := &a.b.Styles, a.towns
	result := score.Score(a.Definition, s.Answers)
	states := score.States(a.Definition, s.Answers)
	out.Begin()
	a.town(out, s.Town, populationOf(a.AnalysisReport, s.Town))
	for _, c := range a.wide {
		switch {
		case c.question == nil && c.section < 0:
			out.Percent(st.Percent, result.Score)
		case c.question == nil:
			out.Percent(st.Percent, result.Sections[c.section].Score)
		default:
			a.wideAnswer(out, c, states[a.Definition.Ordinal(c.question.ID)], s.Answers[c.question.ID])
		}
	}
	return out.End()
}

func (a *analysis) wideAnswer(out *book.RowWriter, c wideColumn, state score.State, answer checklist.Answer) {
	st := &a.b.Styles
	switch {
	case state == score.NotApplicable:
		out.Text(st.Single, "n/a")
	case state != score.Answered:
		out.Text(st.Single, "")
	case c.option != "":
		out.Number(st.Decimal, float64(book.Ternary(slices.Contains(answer.Options, c.option), 1, 0)))
	case answer.Kind == checklist.AnswerNumber:
		out.Number(st.Decimal, answer.Number.InexactFloat64())
	case answer.Kind == checklist.AnswerOptions:
		out.Text(st.Single, optionIDs(answer.Options))
	default:
		if n, ok := book.Day(answer.Text); ok && answer.Kind == checklist.AnswerDate {
			out.Number(st.Date, n)
		} else {
			out.Text(st.SingleFree, answer.Text)
		}
	}
}
