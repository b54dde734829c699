package web

import (
	"context"
	"net/http"
	"time"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/bench"
	"ortsspiegel/pkg/chart"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/round"
	"ortsspiegel/pkg/score"
	"ortsspiegel/pkg/wording"
)

type assessmentResultView struct {
	assessmentPage
	Print             bool
	Full              bool // on paper: with every question and the pictures
	Range             rangeView
	Complete          float64
	NAShare           float64
	Open              int
	Level             string
	Uncapped          string // the level the score alone would reach, where knockouts hold it down
	Levels            []resultLevel
	Caps              []resultCap
	Sections          []resultSection
	Release           *resultRelease
	Levers            []resultLever
	Total, TotalShare string // of the derivation, as shown
	Derived           []derivedSection
	Pictures          []chartView
	MayExport         bool
	MayRelease        bool
	At                time.Time // now: when a draft was looked at, or the print made
	Submitted         time.Time // zero: it is a draft
	Checklist         string
	Hash              string
	Trend             *trendStep // what led to this result from the round before; nil: there was none
}

type resultLevel struct {
	Label   string
	From    float64
	Reached bool
	Current bool
}

// resultCap is a knockout question that holds the level down.
type resultCap struct {
	Number, Text, URL string
	CapsAt            string
	Below             float64
	Open              bool // not answered yet
}

// resultRelease says which published comparison the page shows.
type resultRelease struct {
	Number int
	At     time.Time
	N      int
}

// resultSection is a section's bar: own score, the region's median, the range while questions are open. Scores 0 to 1.
type resultSection struct {
	ID, Title, URL   string
	Number           int
	Defined          bool
	Score, Low, High float64
	Drawn            float64 // the score as the bar shows it: beside a median by the median's measure
	Unfinished       bool
	Median           *float64
	Suppressed       string // why there is no median
	Weight           float64
	Compared         string // above, at, below the median; empty: not compared
}

// Bar returns the length of the own bar in percent.
func (s resultSection) Bar() float64 { return 100 * s.Drawn }

// RangeWidth returns what open questions could still add, in percent.
func (s resultSection) RangeWidth() float64 { return 100 * (s.High - s.Drawn) }

// MedianAt returns the place of the median's mark, kept inside the picture.
func (s resultSection) MedianAt() float64 {
	if s.Median == nil {
		return 0
	}
	return min(max(100*(*s.Median)-0.4, 0), 99.2)
}

// resultLever is one of the questions that would add most.
type resultLever struct {
	Number, Text, URL, Section string
	Gain                       string // percentage points
	Hint                       *proseView
	Now                        string // what was answered
	CompareURL                 string // the question in the published comparison; empty: there is none
}

type derivedSection struct {
	Number      int
	Title       string
	Counts      bool
	Weight      float64
	Score       *float64
	Share, Part string
	Lines       []derivedLine
}

type derivedLine struct {
	Number, Text, URL string
	Answer            string
	State             string // open, answered, not_applicable, inactive, unscored
	Counts            bool
	Weight            float64
	Points            string // 0 to 100
	Share, Part       string
}

// resultRoutes are a town's result and its report.
func (s *resultPages) resultRoutes() []route {
	return []route{
		{method: http.MethodGet, path: "/assessments/:assessment/result", name: "assessment.result", action: account.ViewResult, object: assessmentObject, handler: s.assessmentResult},
		{method: http.MethodGet, path: "/assessments/:assessment/result/print", name: "assessment.result_print", action: account.ViewResult, object: assessmentObject, handler: s.assessmentResultPrint},
		{method: http.MethodGet, path: "/assessments/:assessment/export.xlsx", name: "assessment.export_xlsx", action: account.ExportAssessment, object: assessmentObject, handler: s.assessmentExportXLSX, timeout: time.Minute, cost: costly},
		{method: http.MethodGet, path: "/assessments/:assessment/export.csv", name: "assessment.export_csv", action: account.ExportAssessment, object: assessmentObject, handler: s.assessmentExportCSV, timeout: time.Minute, cost: costly},
	}
}

func (s *resultPages) assessmentResult(r *request) error { return s.showResult(r, false) }

// assessmentResultPrint is the result for the council: two pages at most, or with all questions unfolded.
func (s *resultPages) assessmentResultPrint(r *request) error { return s.showResult(r, true) }

func (s *resultPages) showResult(r *request, print bool) error {
	view, err := s.assessmentView(r)
	if err != nil {
		return err
	}
	text, err := s.checklistText(r, view.Definition)
	if err != nil {
		return err
	}
	released, err := s.releaseFor(r.ctx(), r.head)
	if err != nil {
		return err
	}
	d, res := view.Definition, view.Result
	lang := langOf(r)
	v := &assessmentResultView{assessmentPage: r.assessmentFrame(r.text.text("result.title")), Print: print, Range: newRangeView(view),
		Complete: res.Completeness, NAShare: res.NotApplicableShare, Open: res.Counts.Open, MayExport: r.may(account.ExportAssessment),
		MayRelease: r.may(account.ViewRelease) && r.head.Released, At: s.Now(), Submitted: submittedAt(r.head), Checklist: d.Title.In(lang) + " " + string(d.Version), Hash: d.Hash}
	v.Full = print && r.QueryParam("questions") != ""
	v.Title, v.Within = r.text.text("result.title")+" · "+v.Town, v.Round
	if v.Trend, err = s.stepTo(r, v.who()); err != nil {
		return err
	}
	v.levels(d, res, lang)
	v.caps(text, res, lang)
	v.sections(r, text, view, released)
	v.levers(r, text, view)
	v.derive(r, text, view)
	if !print || v.Full {
		v.pictures(r, view, released)
	}
	return r.render(http.StatusOK, "assessment_result", v)
}

// submittedAt is when an assessment was handed in, zero while it is a draft, one that was given back too.
func submittedAt(h assessment.Head) time.Time {
	if h.Status != assessment.Submitted {
		return time.Time{}
	}
	return h.Submitted
}

// releaseFor returns the round's published comparison, nil if there is none. Towns and agency see the same frozen figures here.
func (s *resultPages) releaseFor(ctx context.Context, h assessment.Head) (*round.Released, error) {
	if !h.Released {
		return nil, nil
	}
	released, err := s.Rounds.Release(ctx, round.ID(h.Round))
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &released, nil
}

func (v *assessmentResultView) levels(d *checklist.Definition, res *score.Result, lang checklist.Lang) {
	if res.Score == nil || len(d.Levels) == 0 {
		return
	}
	_, at, _ := d.Level(res.Level)
	for i, l := range d.Levels {
		v.Levels = append(v.Levels, resultLevel{Label: l.Label.In(lang), From: l.From, Reached: i <= at, Current: i == at})
	}
	v.Level = d.Levels[at].Label.In(lang)
	if alone := score.LevelOf(d, *res.Score); alone > at {
		v.Uncapped = d.Levels[alone].Label.In(lang)
	}
}

func (v *assessmentResultView) caps(text *checklistText, res *score.Result, lang checklist.Lang) {
	d := text.definition
	for _, c := range res.Caps {
		q := &text.questions[d.Ordinal(c.Question)]
		qr, _ := res.Question(c.Question)
		line := resultCap{Number: q.Number, Text: q.Text, URL: v.questionURL(d, q), Below: q.question.Knockout.Below, Open: qr.State == score.Open}
		if l, _, ok := d.Level(c.CapsAt); ok {
			line.CapsAt = l.Label.In(lang)
		}
		v.Caps = append(v.Caps, line)
	}
}

func (v *assessmentResultView) questionURL(d *checklist.Definition, q *questionText) string {
	_, section, _ := d.Question(q.question.ID)
	return v.address("/sections/" + string(section.ID) + "#q-" + q.ID)
}

func (v *assessmentResultView) sections(r *request, text *checklistText, view assessment.View, released *round.Released) {
	var group *bench.Group
	if released != nil {
		v.Release = &resultRelease{Number: released.Number, At: released.At}
		if g, ok := released.Release.Report.Group(region.All); ok {
			group, v.Release.N = g, g.N
		}
	}
	for i := range view.Result.Sections {
		sr := &view.Result.Sections[i]
		t := &text.sections[i]
		line := resultSection{ID: t.ID, Title: t.Title, Number: t.Number, URL: v.address("/sections/" + t.ID), Weight: sr.Weight}
		if sr.Score != nil {
			line.Defined, line.Score, line.Low, line.High = true, *sr.Score, *sr.Low, *sr.High
			line.Drawn, line.Unfinished = *sr.Score, sr.Counts.Open > 0
		}
		if group != nil {
			line.compare(r, &released.Release.Report, group, bench.SectionNode(sr.ID))
		}
		v.Sections = append(v.Sections, line)
	}
}

// compare adds the region's published median, or why it is not shown.
func (s *resultSection) compare(r *request, report *bench.Report, group *bench.Group, id bench.NodeID) {
	node, ok := group.Node(id)
	switch {
	case group.Suppressed:
		s.Suppressed = wording.NotShown(langOf(r), group.Reason)
	case !ok:
		s.Suppressed = wording.NotShown(langOf(r), "")
	case node.Points.Median == nil:
		s.Suppressed = wording.NotShown(langOf(r), "")
		if reason := node.Reasons["median"]; reason != "" {
			s.Suppressed = wording.NotShown(langOf(r), reason)
		}
	default:
		s.Median = node.Points.Median
		if s.Defined {
			s.Drawn = report.Shown(s.Score)
			s.Compared = string(report.Position(group.ID, id, s.Score).Side)
		}
	}
}

// leversShown is how many levers the page names.
const leversShown = 3

func (v *assessmentResultView) levers(r *request, text *checklistText, view assessment.View) {
	d := view.Definition
	for _, l := range view.Result.Levers() {
		if len(v.Levers) == leversShown {
			return
		}
		q := &text.questions[d.Ordinal(l.Question)]
		section, _, _ := d.Section(l.Section)
		e := view.Entries[l.Question]
		compare := ""
		if v.MayRelease {
			compare = v.address("/benchmark#frage-" + q.ID)
		}
		v.Levers = append(v.Levers, resultLever{CompareURL: compare, Number: q.Number, Text: q.Text, URL: v.questionURL(d, q), Section: section.Title.In(langOf(r)),
			Gain: r.text.words().PercentNumber(l.Gain), Hint: q.Help, Now: answerInWords(r, q, e.Given, e.Answer)})
	}
}

// derive puts the derivation into lines. Shares and parts are shown in percentage points of the total; they add up exactly
// because score.Derive cuts running sums.
func (v *assessmentResultView) derive(r *request, text *checklistText, view assessment.View) {
	derivation := view.Result.Derive()
	share := 0
	for _, head := range derivation.Sections {
		share += head.Share
	}
	v.Total, v.TotalShare = r.text.words().PerMille(derivation.Total), r.text.words().PerMille(share)
	for i, head := range derivation.Sections {
		sr := &view.Result.Sections[i]
		t := &text.sections[i]
		section := derivedSection{Number: t.Number, Title: t.Title, Counts: head.Counts, Weight: head.Weight, Score: sr.Score,
			Share: r.text.words().PerMille(head.Share), Part: r.text.words().PerMille(head.Part)}
		for j, l := range derivation.Lines[i] {
			q := &text.questions[t.first+j]
			qr := &sr.Questions[j]
			e := view.Entries[l.Question]
			line := derivedLine{Number: q.Number, Text: q.Text, URL: v.address("/sections/" + t.ID + "#q-" + q.ID), State: qr.State.String(), Counts: l.Counts,
				Weight: l.Weight, Share: r.text.words().PerMille(l.Share), Part: r.text.words().PerMille(l.Part), Answer: answerInWords(r, q, e.Given, e.Answer)}
			if qr.Points != nil {
				line.Points = r.text.words().Number(100 * *qr.Points)
			} else if qr.State == score.Answered || qr.State == score.Open {
				line.State = "unscored"
			}
			section.Lines = append(section.Lines, line)
		}
		v.Derived = append(v.Derived, section)
	}
}

// pictures draws the profile of the sections and the place in the region's distribution, once there is something to compare with.
func (v *assessmentResultView) pictures(r *request, view assessment.View, released *round.Released) {
	if view.Result.Score == nil || released == nil {
		return
	}
	group, ok := released.Release.Report.Group(region.All)
	if !ok {
		return
	}
	c := chart.Comparison{Lang: langOf(r), Own: r.head.TownName, Group: r.text.text("result.group", "Count", group.N), Whole: true,
		Rounded: released.Release.Report.Rounded, Rows: chart.Sections(view.Definition, langOf(r), view.Result, &released.Release.Report, group.ID)}
	source := r.chartSource(r.head.RoundTitle, group.N, released.At)
	c.ID, c.Title = "profil", r.text.text("result.radar")
	v.Pictures = append(v.Pictures, chartViewOf(chart.Radar(c)).from(source))
	c.ID, c.Title = "lage", r.text.text("result.boxes")
	v.Pictures = append(v.Pictures, chartViewOf(chart.BoxPlot(c)).from(source))
	v.Charts = true
}
