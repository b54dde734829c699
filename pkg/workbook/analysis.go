package workbook

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/round"
	"ortsspiegel/pkg/score"
	"ortsspiegel/pkg/wording"
)

// AnalysisReport is what analysts get: the submitted answers of a round with all ids.
type AnalysisReport struct {
	RawReport
	// Population of each town as it was when the round opened; it decides the size class.
	Population map[region.AGS]int
}

func (r *AnalysisReport) check() error {
	if r.Definition == nil || r.Each == nil {
		return fault.New(fault.Internal, "workbook_incomplete", "the export has no checklist or nothing to read from")
	}
	return nil
}

// The columns of the tidy table: names stay as they are, for scripts and pivot tables.
var tidyColumns = []struct {
	name  phrase
	width float64
}{
	{phrase{"ags", "ags"}, 11}, {phrase{"kommune", "municipality"}, 22}, {phrase{"kreis_ags", "district_key"}, 10}, {phrase{"kreis", "district"}, 22},
	{phrase{"einwohner", "population"}, 11}, {phrase{"groessenklasse", "size_class"}, 14}, {phrase{"runde", "round"}, 8}, {phrase{"fassung", "version"}, 10},
	{phrase{"abschnitt_id", "section_id"}, 16}, {phrase{"abschnitt", "section"}, 26}, {phrase{"frage_id", "question_id"}, 26}, {phrase{"nr", "number"}, 7},
	{phrase{"frage", "question"}, 44}, {phrase{"typ", "type"}, 9}, {phrase{"zustand", "state"}, 15}, {phrase{"wert_id", "value_id"}, 22},
	{phrase{"wert", "value"}, 30}, {phrase{"zahl", "figure"}, 10}, {phrase{"datum", "date"}, 12}, {phrase{"punkte", "points"}, 9},
	{phrase{"gewicht", "weight"}, 9}, {phrase{"begruendung", "reason"}, 26}, {phrase{"bemerkung", "comment"}, 40}, {phrase{"geaendert", "changed"}, 12},
}

func tidyTitles(lang checklist.Lang) []string {
	out := make([]string, len(tidyColumns))
	for i, c := range tidyColumns {
		out[i] = c.name.in(lang)
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
func (r *AnalysisReport) eachTidy(x *describer, s round.Submission, f func(*tidyRow) error) error {
	row := tidyRow{population: r.populationOf(s.Town), round: r.Round.ID, version: r.Definition.Version}
	section, n := 0, 0
	return x.each(s.Town, s.Entries, score.Score(r.Definition, s.Answers), func(a *answerRow) error {
		for n == len(r.Definition.Sections[section].Questions) {
			section, n = section+1, 0
		}
		row.answerRow, row.section, row.question = a, &r.Definition.Sections[section], &r.Definition.Sections[section].Questions[n]
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

func (r *AnalysisReport) populationOf(town region.Municipality) int {
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
func WriteAnalysis(w io.Writer, r AnalysisReport) error {
	if err := r.check(); err != nil {
		return err
	}
	title := dated(r.Round.Title, r.Round.Closes) + " · " + r.Region.Name
	b := newBook(r.Lang, title, r.Program, r.AsOf)
	b.sheet(b.say(sheetNotes), 28, 110).writeNotes(append(append(origin(r.Lang, r.Program, r.AsOf, r.Region, r.Definition), analysisNotes(r.Lang)...), method(r.Lang)...))
	a := &analysis{AnalysisReport: &r, b: b, describer: newDescriber(r.Definition, r.Lang)}
	a.wideColumns()
	if b.err == nil {
		b.keep(a.write())
	}
	a.codebook()
	return b.write(w)
}

func analysisNotes(lang checklist.Lang) []note {
	return []note{
		{sheetAnswers, phrase{"Eine Zeile je Kommune und Frage. wert_id nennt die gewählten Möglichkeiten (mehrere mit | getrennt), wert ihre Bezeichnungen, punkte 0 bis 100. Ein leeres Feld ist keine Null: zustand sagt, ob die Frage offen ist, nicht zutrifft oder nicht gefragt ist.",
			"One row per town and question. value_id names the chosen options (several parted by |), value their labels, points 0 to 100. An empty field is no zero: state says whether the question is open, not applicable or not asked."}.in(lang)},
		{sheetWide, phrase{"Eine Zeile je Kommune, eine Spalte je Frage mit den Kennungen der Möglichkeiten oder der Zahl; Mehrfachauswahl hat je Möglichkeit eine Spalte mit 1 und 0. Nicht zutreffend: n/a.",
			"One row per town, one column per question with the options' ids or the number; several options have a column each with 1 and 0. Not applicable: n/a."}.in(lang)},
		{sheetCodebook, phrase{"Was jede Frage und jede Möglichkeit bedeutet, mit Gewichten und Punkten.", "What each question and each option means, with weights and points."}.in(lang)},
	}
}

var (
	sheetWide     = phrase{"Kommunen", "Towns"}
	sheetCodebook = phrase{"Codebuch", "Codebook"}
)

// analysis writes the tidy and the wide table in one pass over the submissions.
type analysis struct {
	*AnalysisReport
	b         *book
	describer *describer
	wide      []wideColumn
	tidy      *rowWriter
	towns     *rowWriter
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
	a.wide = append(a.wide, wideColumn{name: a.b.say(phrase{"gesamt", "total"}), section: -1})
	for i := range a.Definition.Sections {
		a.wide = append(a.wide, wideColumn{name: "abschnitt." + string(a.Definition.Sections[i].ID), section: i})
		if !wording.German(a.Lang) {
			a.wide[len(a.wide)-1].name = "section." + string(a.Definition.Sections[i].ID)
		}
	}
	for _, q := range a.Definition.Questions() {
		if q.Type != checklist.TypeMulti {
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
	s := a.b.sheet(a.b.say(sheetWide), widths...)
	a.towns = s.stream(2)
	titles := slices.Clone(tidyTitles(a.Lang)[:wideFirst])
	for _, c := range a.wide {
		titles = append(titles, c.name)
	}
	if err := a.towns.titles(a.b.styles.head, titles); err != nil {
		return err
	}
	if err := a.Each(a.submission); err != nil {
		return err
	}
	if err := a.endTidy(); err != nil {
		return err
	}
	return a.towns.closeTable(a.b.say(sheetWide), titles)
}

func (a *analysis) beginTidy() error {
	a.parts++
	widths := make([]float64, len(tidyColumns))
	for i, c := range tidyColumns {
		widths[i] = c.width
	}
	a.tidy = a.b.sheet(a.tidyName(), widths...).stream(2)
	return a.tidy.titles(a.b.styles.head, tidyTitles(a.Lang))
}

func (a *analysis) tidyName() string {
	name := a.b.say(sheetAnswers)
	if a.parts > 1 {
		name = fmt.Sprintf("%s_%d", name, a.parts)
	}
	return name
}

func (a *analysis) endTidy() error { return a.tidy.closeTable(a.tidyName(), tidyTitles(a.Lang)) }

func (a *analysis) submission(s round.Submission) error {
	if err := a.eachTidy(a.describer, s, a.tidyRow); err != nil {
		return err
	}
	return a.wideRow(s)
}

func (a *analysis) tidyRow(r *tidyRow) error {
	if a.tidy.row == maxRows {
		if err := a.endTidy(); err != nil {
			return err
		}
		if err := a.beginTidy(); err != nil {
			return err
		}
	}
	st, out := &a.b.styles, a.tidy
	out.begin()
	a.town(out, r.town, r.population)
	out.number(st.whole, float64(r.round))
	for _, t := range [...]string{string(r.version), string(r.section.ID), r.answerRow.section, string(r.question.ID), r.answerRow.number, r.text, string(r.question.Type), r.state.String(), r.valueIDs} {
		out.text(st.single, t)
	}
	text, _ := r.answer.(string)
	out.text(st.singleFree, ternary(r.date != "", "", text))
	out.figure(st.decimal, r.number)
	if n, ok := day(r.date); ok {
		out.number(st.date, n)
	} else {
		out.text(st.date, r.date)
	}
	if r.points != nil {
		out.number(st.points, 100**r.points)
	} else {
		out.text(st.points, "")
	}
	out.number(st.decimal, r.question.Weight)
	out.text(st.singleFree, r.reason)
	out.text(st.singleFree, r.comment)
	if r.changed.IsZero() {
		out.text(st.date, "")
	} else {
		out.number(st.date, serial(r.changed))
	}
	return out.end()
}

// town writes the first columns of both tables.
func (a *analysis) town(out *rowWriter, m region.Municipality, population int) {
	st := &a.b.styles
	out.text(st.ags, string(m.AGS))
	out.text(st.single, m.Name)
	out.text(st.ags, string(m.District.Key))
	out.text(st.single, m.District.Name)
	if population > 0 {
		out.number(st.whole, float64(population))
	} else {
		out.text(st.single, "") // unknown is no zero
	}
	out.text(st.single, string(region.SizeClassOf(population)))
}

func (a *analysis) wideRow(s round.Submission) error {
	st, out := &a.b.styles, a.towns
	result := score.Score(a.Definition, s.Answers)
	states := score.States(a.Definition, s.Answers)
	out.begin()
	a.town(out, s.Town, a.populationOf(s.Town))
	for _, c := range a.wide {
		switch {
		case c.question == nil && c.section < 0:
			out.percent(st.percent, result.Score)
		case c.question == nil:
			out.percent(st.percent, result.Sections[c.section].Score)
		default:
			a.wideAnswer(out, c, states[a.Definition.Ordinal(c.question.ID)], s.Answers[c.question.ID])
		}
	}
	return out.end()
}

func (a *analysis) wideAnswer(out *rowWriter, c wideColumn, state score.State, answer checklist.Answer) {
	st := &a.b.styles
	switch {
	case state == score.NotApplicable:
		out.text(st.single, "n/a")
	case state != score.Answered:
		out.text(st.single, "")
	case c.option != "":
		out.number(st.decimal, float64(ternary(slices.Contains(answer.Options, c.option), 1, 0)))
	case answer.Kind == checklist.AnswerNumber:
		out.number(st.decimal, answer.Number.InexactFloat64())
	case answer.Kind == checklist.AnswerOptions:
		out.text(st.single, optionIDs(answer.Options))
	default:
		if n, ok := day(answer.Text); ok && answer.Kind == checklist.AnswerDate {
			out.number(st.date, n)
		} else {
			out.text(st.singleFree, answer.Text)
		}
	}
}
