package results

import (
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/bench"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/score"
	"ortsspiegel/pkg/web/assessments"
	"ortsspiegel/pkg/web/site"
	"ortsspiegel/pkg/wording"
)

// Example is a made-up result with its comparison, drawn as a town's own are: it shows what the
// program does to those who have not signed in.
type Example struct {
	Town, Level string
	Score       string
	Above       int // sections above the median
	Sections    int
	Towns       int
	Position    string // of the total score, in words
	Median      string
	Half        string // the middle half of the total score
	Change      string // since the round before, in percentage points, without its sign
	Way         string // up, down or same
	Ladder      *Ladder
	Sheet       *Sheet
}

// exampleFigures are the made-up figures: scores and figures of the region in [0, 1], changes in
// tenths of a percentage point. The first line is the total.
var exampleFigures = []struct {
	title               string // of its text
	own, q1, median, q3 float64
	change              int
}{
	{"result.total", 0.627, 0.44, 0.53, 0.63, 46},
	{"landing.section1", 0.742, 0.41, 0.56, 0.68, 121},
	{"landing.section2", 0.615, 0.48, 0.59, 0.71, 18},
	{"landing.section3", 0.688, 0.28, 0.46, 0.62, 92},
	{"landing.section4", 0.463, 0.42, 0.55, 0.66, -24},
	{"landing.section5", 0.594, 0.39, 0.52, 0.64, 0},
}

// exampleLevels are the made-up levels: where they begin, in percent, and the text of their names.
var exampleLevels = []struct {
	from  float64
	label string
}{{0, "landing.level_1"}, {40, "landing.level_2"}, {65, "landing.level_3"}, {80, "landing.level_4"}}

// exampleTowns is how many towns the made-up region has.
const exampleTowns = 24

// NewExample makes the example in the reader's language.
func NewExample(r *site.Request) Example {
	t, f, lang := r.Text.Text, r.Text.Words(), site.LangOf(r)
	said := func(key string) checklist.Text {
		return checklist.NewText(lang, map[checklist.Lang]string{lang: t(key)})
	}
	total := exampleFigures[0]
	before := total.own - float64(total.change)/1000
	d := &checklist.Definition{}
	for _, l := range exampleLevels {
		d.Levels = append(d.Levels, checklist.Level{ID: checklist.LevelID(l.label), From: l.from, Label: said(l.label)})
	}
	level := d.Levels[score.LevelOf(d, total.own)]
	result := &score.Result{Score: &total.own, Low: &total.own, High: &total.own, Completeness: 1, Level: level.ID}
	group := bench.Group{ID: region.All, N: exampleTowns}
	text := &assessments.ChecklistText{Definition: d}
	for i := range exampleFigures {
		x := &exampleFigures[i]
		node := bench.Node{ID: bench.Total, N: exampleTowns, Scored: true,
			Points: bench.Figures{Q1: &x.q1, Median: &x.median, Q3: &x.q3}}
		if i > 0 {
			id := site.OfNumber(int64(i))
			node.ID = bench.SectionNode(checklist.SectionID(id))
			d.Sections = append(d.Sections, checklist.Section{ID: checklist.SectionID(id), Title: said(x.title)})
			result.Sections = append(result.Sections, score.SectionResult{ID: checklist.SectionID(id), Score: &x.own})
			text.Sections = append(text.Sections, assessments.SectionText{ID: id, Number: i, Title: t(x.title)})
		}
		group.Nodes = append(group.Nodes, node)
	}
	report := &bench.Report{Audience: bench.Town, Groups: []bench.Group{group}}
	town := t("landing.town")
	s := sheetSource{r: r, report: report, group: &report.Groups[0], text: text, since: t("landing.round_before"),
		foot: &FootnoteList{Lang: lang},
		view: assessment.View{Head: assessment.Head{TownName: town}, Definition: d, Result: result}}
	v := Example{Town: town, Level: level.Label.In(lang), Score: f.Percent(total.own), Sections: len(d.Sections),
		Towns: exampleTowns, Median: f.WholePercent(total.median), Half: f.PercentRange(total.q1, total.q3),
		Position: positionInWords(r.Text, report.Position(region.All, bench.Total, total.own)),
		Ladder:   NewLadder(r, d, result, town, &before), Sheet: s.sheet(true)}
	for i := range v.Sheet.Sections {
		x := &exampleFigures[i+1]
		s.change(&v.Sheet.Sections[i].SheetLine, x.change)
		if wording.Whole(x.own) > wording.Whole(x.median) {
			v.Above++
		}
	}
	s.change(&v.Sheet.Total, total.change)
	v.Sheet.Total.Mark.Was = s.place(before)
	v.Way, v.Change = v.Sheet.Total.Way, v.Sheet.Total.Change
	return v
}
