package results

import (
	"cmp"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/bench"
	"ortsspiegel/pkg/bench/shift"
	"ortsspiegel/pkg/chart"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/score"
	"ortsspiegel/pkg/web/assessments"
	"ortsspiegel/pkg/web/site"
	"ortsspiegel/pkg/wording"
)

// Sheet is the table that is the chart: a row a section, with the region's middle half, its median
// and the own score in one cell, the numbers beside it and the questions below.
type Sheet struct {
	Own       string // head of the own column
	Compared  bool   // there are figures of the region
	Since     string // the round before, if there is a change since; else empty
	Finding   string
	Label     string
	Open      bool // some section has open questions
	ByGap     bool // in the order of the distance from the median
	Orders    []site.TabView
	Sections  []SheetSection
	Total     SheetLine
	Footnotes []string
	Plain     bool // on paper: nothing to open
}

// SheetSection is a section with its questions.
type SheetSection struct {
	SheetLine
	ID       string
	OpenURL  string // shows or hides the questions
	Shown    bool
	Lines    []SheetLine
	distance int // from the median, in tenths of a percentage point
}

// SheetLine is one row.
type SheetLine struct {
	Number, Title, URL string
	Words              string // the answer
	Own, UpTo          string // UpTo: what open questions still allow; empty: nothing
	Median             string
	Half               string // the middle half in words; empty: not shown
	Position           string // in words; empty: not to be told
	Change             string // since the round before, without its sign
	Way                string // up, down, same; empty: no change to be told
	Mark               Mark
}

// Mark is where a row's marks stand on the scale of 0 to 100.
type Mark struct {
	Own, Was, Median, Low, High, UpTo *float64
	Missing                           string // the sign of figures that are not shown
}

// At writes a place as an SVG attribute in percent.
func (Mark) At(p *float64) string { return strconv.FormatFloat(*p, 'f', 1, 64) + "%" }

// Width writes the distance of two places.
func (Mark) Width(from, to *float64) string {
	return strconv.FormatFloat(max(0, *to-*from), 'f', 1, 64) + "%"
}

// sheetSource is what a sheet is made from. group is nil where nothing is published, moved where
// there is no round before.
type sheetSource struct {
	r      *site.Request
	view   assessment.View
	text   *assessments.ChecklistText
	report *bench.Report
	group  *bench.Group
	moved  *shift.Shift
	since  string
	foot   *FootnoteList
	base   string // of the addresses of this page
	places chart.Comparison
}

func (s *sheetSource) sheet(plain bool) *Sheet {
	lang, d := site.LangOf(s.r), s.view.Definition
	s.places = chart.Comparison{Lang: lang, Own: s.view.Head.TownName, Whole: s.group != nil,
		Rounded: s.report != nil && s.report.Rounded}
	if s.group != nil {
		s.places.Rows = chart.Sections(d, lang, s.view.Result, s.report, s.group.ID)
	} else {
		s.places.Rows = chart.Sections(d, lang, s.view.Result, nil, "")
	}
	v := &Sheet{Own: s.view.Head.TownName, Compared: s.group != nil, Since: s.since, Finding: s.places.Standing(),
		Label: s.r.Text.Text("sheet.label", "Town", s.view.Head.TownName), Plain: plain}
	query := s.r.QueryParams()
	v.ByGap = v.Compared && query.Get("order") == "gap"
	open := strings.Split(query.Get("open"), ",")
	for i := range d.Sections {
		line := s.section(i)
		line.Shown = slices.Contains(open, line.ID)
		line.OpenURL = s.address(query, "open", toggled(open, line.ID)) + "#abschnitt-" + line.ID
		v.Open = v.Open || line.UpTo != ""
		v.Sections = append(v.Sections, line)
	}
	if v.ByGap {
		slices.SortStableFunc(v.Sections, func(a, b SheetSection) int { return cmp.Compare(a.distance, b.distance) })
	}
	if v.Compared && !plain {
		v.Orders = []site.TabView{
			{URL: s.address(query, "order", "") + "#abschnitte", Label: s.r.Text.Text("sheet.order_list"),
				Current: !v.ByGap},
			{URL: s.address(query, "order", "gap") + "#abschnitte", Label: s.r.Text.Text("sheet.order_gap"),
				Current: v.ByGap}}
	}
	v.Total = s.line(bench.Total, s.view.Result.Score)
	v.Total.Title = s.r.Text.Text("result.total")
	if res := s.view.Result; res.Provisional && res.High != nil {
		s.upTo(&v.Total, *res.High)
	}
	if s.moved != nil {
		if b, ok := s.moved.Bridge(); ok {
			s.change(&v.Total, b.Total())
			v.Total.Mark.Was = s.place(float64(b.Before) / 1000)
		}
	}
	v.Footnotes = s.foot.Texts()
	return v
}

// toggled returns a list of sections with one of them put in or taken out.
func toggled(open []string, id string) string {
	var list []string
	for _, o := range open {
		if o != "" && o != id {
			list = append(list, o)
		}
	}
	if !slices.Contains(open, id) {
		list = append(list, id)
	}
	return strings.Join(list, ",")
}

// address is this page's with one part of its query changed.
func (s *sheetSource) address(query url.Values, name, value string) string {
	next := url.Values{}
	for _, key := range []string{"group", "order", "open", "questions"} {
		if x := query.Get(key); x != "" {
			next.Set(key, x)
		}
	}
	next.Del(name)
	if value != "" {
		next.Set(name, value)
	}
	if len(next) == 0 {
		return s.base
	}
	return s.base + "?" + next.Encode()
}

func (s *sheetSource) section(i int) SheetSection {
	result, t := &s.view.Result.Sections[i], &s.text.Sections[i]
	line := SheetSection{SheetLine: s.line(bench.SectionNode(result.ID), result.Score), ID: t.ID}
	line.Number, line.Title = site.OfNumber(int64(t.Number)), t.Title
	if result.Counts.Open > 0 && result.High != nil {
		s.upTo(&line.SheetLine, *result.High)
	}
	if s.moved != nil {
		s.sectionChange(&line.SheetLine, t.ID)
	}
	if m := line.Mark; m.Own != nil && m.Median != nil {
		line.distance = int(math.Round(10 * (*m.Own - *m.Median)))
	}
	for j, qr := range result.Questions {
		q := &s.text.Questions[t.First+j]
		line.Lines = append(line.Lines, s.question(q, qr, "/sections/"+t.ID+"#q-"+q.ID))
	}
	return line
}

func (s *sheetSource) question(q *assessments.QuestionText, result score.QuestionResult, rest string) SheetLine {
	var own *float64
	if result.State == score.Answered {
		own = result.Points
	}
	line := s.line(bench.QuestionNode(q.Question.ID), own)
	line.Number, line.Title = q.Number, q.Text
	line.URL = (&assessments.AssessmentPage{ID: int64(s.view.Head.ID)}).Address(rest)
	if result.State == score.Inactive {
		line.Words = s.r.Text.Text("result.inactive")
		return line
	}
	e := s.view.Entries[q.Question.ID]
	line.Words = assessments.AnswerInWords(s.r, q, e.Given, e.Answer)
	return line
}

// line puts a score beside what is published of the same node.
func (s *sheetSource) line(id bench.NodeID, own *float64) SheetLine {
	f := s.r.Text.Words()
	line := SheetLine{Own: wording.Dash, Median: wording.Dash}
	if own != nil {
		line.Own, line.Mark.Own = f.Percent(*own), s.place(*own)
	}
	if s.group == nil {
		return line
	}
	n, ok := s.group.Node(id)
	if !ok || !n.Scored {
		return line
	}
	figures := n.Points
	line.Median = s.foot.figure(figures.Median, n.Reasons["median"], f.WholePercent)
	if figures.Median == nil {
		if reason := n.Reasons["median"]; reason != "" {
			line.Mark.Missing = line.Median
		}
	} else {
		line.Mark.Median = s.place(*figures.Median)
	}
	if figures.Q1 != nil && figures.Q3 != nil {
		line.Mark.Low, line.Mark.High = s.place(*figures.Q1), s.place(*figures.Q3)
		line.Half = f.PercentRange(*figures.Q1, *figures.Q3)
	}
	if own != nil {
		line.Position = positionInWords(s.r.Text, s.report.Position(s.group.ID, id, *own))
	}
	return line
}

func (s *sheetSource) place(v float64) *float64 {
	p := s.places.Place(v)
	return &p
}

func (s *sheetSource) upTo(line *SheetLine, high float64) {
	line.Mark.UpTo = s.place(high)
	line.UpTo = s.r.Text.Text("result.up_to", "High", s.r.Text.Words().Percent(high))
}

// sectionChange tells how a section moved on the questions that both rounds ask.
func (s *sheetSource) sectionChange(line *SheetLine, id string) {
	for i := range s.moved.Sections {
		section := &s.moved.Sections[i]
		if section.ID == checklist.SectionID(id) && section.Defined() {
			s.change(line, wording.Tenths(*section.Comparable)-wording.Tenths(*section.Rebased))
		}
	}
}

func (s *sheetSource) change(line *SheetLine, tenths int) {
	line.Way, line.Change = changed(s.r.Text.Words(), tenths)
}

// changed names the way of a change in tenths of a percentage point and writes its size.
func changed(f wording.Writer, tenths int) (way, size string) {
	switch {
	case tenths > 0:
		return "up", f.PerMille(tenths)
	case tenths < 0:
		return "down", f.PerMille(-tenths)
	}
	return "same", ""
}
