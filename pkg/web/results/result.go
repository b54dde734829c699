package results

import (
	"context"
	"net/http"
	"time"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/bench/shift"
	"ortsspiegel/pkg/chart"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/round"
	"ortsspiegel/pkg/score"
	"ortsspiegel/pkg/web/assessments"
	"ortsspiegel/pkg/web/site"
)

type assessmentResultView struct {
	assessments.AssessmentPage
	Print             bool
	Full              bool // on paper: with every question and the pictures
	Range             assessments.RangeView
	Complete          float64
	NAShare           float64
	Open              int
	Level             string
	Uncapped          string // the level the score alone would reach, where knockouts hold it down
	Caps              []resultCap
	Ladder            *Ladder
	Sheet             *Sheet
	Place             *regionPlace // nil: nothing is published
	Release           *resultRelease
	Levers            []resultLever
	Total, TotalShare string // of the derivation, as shown
	Derived           []derivedSection
	Pictures          []ChartView
	MayExport         bool
	MayRelease        bool
	At                time.Time // now: when a draft was looked at, or the print made
	Submitted         time.Time // zero: it is a draft
	Checklist         string
	Hash              string
	Trend             *TrendStep // what led to this result from the round before; nil: there was none
	Change, Way       string     // since then, as Sheet.Total says it
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

// resultLever is one of the questions that would add most.
type resultLever struct {
	Number, Text, URL, Section string
	Gain                       string // percentage points
	Hint                       *site.ProseView
	Now                        string // what was answered
	CompareURL                 string // the question in the published comparison; empty: there is none
	Ask                        []LeverAsk
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
func (s *Pages) resultRoutes() []site.Route {
	return []site.Route{
		{Method: http.MethodGet, Path: "/assessments/:assessment/result", Name: "assessment.result",
			Action: account.ViewResult, Object: s.AssessmentObject, Handler: s.assessmentResult},
		{Method: http.MethodGet, Path: "/assessments/:assessment/result/print", Name: "assessment.result_print",
			Action: account.ViewResult, Object: s.AssessmentObject, Handler: s.assessmentResultPrint},
		{Method: http.MethodGet, Path: "/assessments/:assessment/export.xlsx", Name: "assessment.export_xlsx",
			Action: account.ExportAssessment, Object: s.AssessmentObject, Handler: s.assessmentExportXLSX,
			Timeout: time.Minute, Cost: site.Costly},
		{Method: http.MethodGet, Path: "/assessments/:assessment/export.csv", Name: "assessment.export_csv",
			Action: account.ExportAssessment, Object: s.AssessmentObject, Handler: s.assessmentExportCSV,
			Timeout: time.Minute, Cost: site.Costly},
	}
}

func (s *Pages) assessmentResult(r *site.Request) error { return s.showResult(r, false) }

// assessmentResultPrint is the result for the council: two pages at most, or with all questions unfolded.
func (s *Pages) assessmentResultPrint(r *site.Request) error { return s.showResult(r, true) }

func (s *Pages) showResult(r *site.Request, print bool) error {
	view, err := s.AssessmentView(r)
	if err != nil {
		return err
	}
	text, err := s.ChecklistText(r, view.Definition)
	if err != nil {
		return err
	}
	released, err := s.releaseFor(r.Ctx(), assessments.Head(r))
	if err != nil {
		return err
	}
	d, res := view.Definition, view.Result
	lang := site.LangOf(r)
	v := &assessmentResultView{AssessmentPage: assessments.AssessmentFrame(r, r.Text.Text("result.title")),
		Print: print, Range: assessments.NewRangeView(view),
		Complete: res.Completeness, NAShare: res.NotApplicableShare, Open: res.Counts.Open,
		MayExport:  assessments.May(r, account.ExportAssessment),
		MayRelease: assessments.May(r, account.ViewRelease) && assessments.Head(r).Released, At: s.Now(),
		Submitted: submittedAt(assessments.Head(r)), Checklist: d.Title.In(lang) + " " + string(d.Version),
		Hash: d.Hash}
	v.Filled(r.Text, assessments.CountAll(view, v.Editable))
	v.Full = print && r.QueryParam("questions") != ""
	v.Title, v.Within = r.Text.Text("result.title")+" · "+v.Town, v.Round
	var moved *shift.Shift
	if v.Trend, moved, err = s.stepTo(r, v.Who()); err != nil {
		return err
	}
	v.level(d, res, lang)
	v.caps(text, res, lang)
	v.sheet(r, text, view, released, moved)
	var named []NamedLine
	if released != nil && v.MayRelease && !print {
		if named, err = s.namedTowns(r, d, released.Release); err != nil {
			return err
		}
	}
	v.levers(r, text, view, released, named)
	v.derive(r, text, view)
	if !print || v.Full {
		v.pictures(r, view, released)
	}
	v.onPage(r.Text)
	return r.Render(http.StatusOK, "assessment_result", v)
}

// onPage lists the parts of the page.
func (v *assessmentResultView) onPage(m *site.Messages) {
	if v.Print {
		return
	}
	for _, part := range []struct{ id, text string }{{"result-level", "result.part_level"},
		{"abschnitte", "result.sections"}, {"hebel", "result.levers"}, {"diagramme", "result.pictures"},
		{"derivation", "result.part_derivation"}, {"laden", "result.downloads"}} {
		if part.id == "diagramme" && !v.Charts {
			continue
		}
		v.OnPage = append(v.OnPage, site.PartView{URL: "#" + part.id, Label: m.Text(part.text)})
	}
}

// submittedAt is when an assessment was handed in, zero while it is a draft, one that was given back too.
func submittedAt(h assessment.Head) time.Time {
	if h.Status != assessment.Submitted {
		return time.Time{}
	}
	return h.Submitted
}

// releaseFor returns the round's published comparison, nil if there is none. Towns and agency see
// the same frozen figures here.
func (s *Pages) releaseFor(ctx context.Context, h assessment.Head) (*round.Released, error) {
	if !h.Released {
		return nil, nil
	}
	released, err := s.services.Rounds.Release(ctx, round.ID(h.Round))
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &released, nil
}

func (v *assessmentResultView) level(d *checklist.Definition, res *score.Result, lang checklist.Lang) {
	if res.Score == nil || len(d.Levels) == 0 {
		return
	}
	_, at, _ := d.Level(res.Level)
	v.Level = d.Levels[at].Label.In(lang)
	if alone := score.LevelOf(d, *res.Score); alone > at {
		v.Uncapped = d.Levels[alone].Label.In(lang)
	}
}

func (v *assessmentResultView) caps(text *assessments.ChecklistText, res *score.Result, lang checklist.Lang) {
	d := text.Definition
	for _, c := range res.Caps {
		q := &text.Questions[d.Ordinal(c.Question)]
		qr, _ := res.Question(c.Question)
		line := resultCap{Number: q.Number, Text: q.Text, URL: v.questionURL(d, q), Below: q.Question.Knockout.Below,
			Open: qr.State == score.Open}
		if l, _, ok := d.Level(c.CapsAt); ok {
			line.CapsAt = l.Label.In(lang)
		}
		v.Caps = append(v.Caps, line)
	}
}

func (v *assessmentResultView) questionURL(d *checklist.Definition, q *assessments.QuestionText) string {
	_, section, _ := d.Question(q.Question.ID)
	return v.Address("/sections/" + string(section.ID) + "#q-" + q.ID)
}

// sheet puts the sections beside what is published of the region and what they were in the round before.
func (v *assessmentResultView) sheet(r *site.Request, text *assessments.ChecklistText, view assessment.View,
	released *round.Released, moved *shift.Shift) {
	source := sheetSource{r: r, view: view, text: text, moved: moved, base: v.Address("/result"),
		foot: &FootnoteList{Lang: site.LangOf(r)}}
	if v.Print {
		source.base = v.Address("/result/print")
	}
	if v.Trend != nil {
		source.since = v.Trend.From
	}
	if released != nil {
		v.Release = &resultRelease{Number: released.Number, At: released.At}
		source.report = &released.Release.Report
		v.Place, source.group = placeIn(r, source.report, view.Result.Score, source.foot)
		v.Release.N = v.Place.Towns
	}
	v.Sheet = source.sheet(v.Print)
	if v.Full {
		for i := range v.Sheet.Sections {
			v.Sheet.Sections[i].Shown = true
		}
	}
	v.Change, v.Way = v.Sheet.Total.Change, v.Sheet.Total.Way
	var was *float64
	if moved != nil {
		was = moved.Before
	}
	v.Ladder = NewLadder(r, view.Definition, view.Result, v.Town, was)
}

// leversShown is how many levers the page names.
const leversShown = 3

// levers names what would add most, each with whom to ask about it among the towns that agreed to be named.
func (v *assessmentResultView) levers(r *site.Request, text *assessments.ChecklistText, view assessment.View,
	released *round.Released, named []NamedLine) {
	d := view.Definition
	for _, l := range view.Result.Levers() {
		if len(v.Levers) == leversShown {
			return
		}
		q := &text.Questions[d.Ordinal(l.Question)]
		section, at, _ := d.Section(l.Section)
		e := view.Entries[l.Question]
		compare := ""
		if v.MayRelease {
			compare = v.Address("/benchmark#frage-" + q.ID)
		}
		var ask []LeverAsk
		if own := view.Result.Sections[at].Score; own != nil && len(named) > 0 {
			ask = askAbout(named, assessments.Head(r).Town, l.Section, released.Release.Report.Shown(*own),
				r.Text.Words())
		}
		v.Levers = append(v.Levers, resultLever{Ask: ask, CompareURL: compare, Number: q.Number, Text: q.Text,
			URL: v.questionURL(d, q), Section: section.Title.In(site.LangOf(r)),
			Gain: r.Text.Words().PercentNumber(l.Gain), Hint: q.Help, Now: assessments.AnswerInWords(r, q, e.Given,
				e.Answer)})
	}
}

// derive puts the derivation into lines. Shares and parts are shown in percentage points of the
// total; they add up exactly because score.Derive cuts running sums.
func (v *assessmentResultView) derive(r *site.Request, text *assessments.ChecklistText, view assessment.View) {
	derivation := view.Result.Derive()
	share := 0
	for _, head := range derivation.Sections {
		share += head.Share
	}
	v.Total, v.TotalShare = r.Text.Words().PerMille(derivation.Total), r.Text.Words().PerMille(share)
	for i, head := range derivation.Sections {
		sr := &view.Result.Sections[i]
		t := &text.Sections[i]
		section := derivedSection{Number: t.Number, Title: t.Title, Counts: head.Counts, Weight: head.Weight,
			Score: sr.Score,
			Share: r.Text.Words().PerMille(head.Share), Part: r.Text.Words().PerMille(head.Part)}
		for j, l := range derivation.Lines[i] {
			q := &text.Questions[t.First+j]
			qr := &sr.Questions[j]
			e := view.Entries[l.Question]
			line := derivedLine{Number: q.Number, Text: q.Text, URL: v.Address("/sections/" + t.ID + "#q-" + q.ID),
				State: qr.State.String(), Counts: l.Counts,
				Weight: l.Weight, Share: r.Text.Words().PerMille(l.Share), Part: r.Text.Words().PerMille(l.Part),
				Answer: assessments.AnswerInWords(r, q, e.Given, e.Answer)}
			if qr.Points != nil {
				line.Points = r.Text.Words().Number(100 * *qr.Points)
			} else if qr.State == score.Answered || qr.State == score.Open {
				line.State = "unscored"
			}
			section.Lines = append(section.Lines, line)
		}
		v.Derived = append(v.Derived, section)
	}
}

// pictures draws the profile of the sections and the place in the region's distribution, once there
// is something to compare with.
func (v *assessmentResultView) pictures(r *site.Request, view assessment.View, released *round.Released) {
	if view.Result.Score == nil || released == nil {
		return
	}
	group, ok := released.Release.Report.Group(region.All)
	if !ok {
		return
	}
	c := chart.Comparison{Lang: site.LangOf(r), Own: assessments.Head(r).TownName, Group: r.Text.Text("result.group",
		"Count",
		group.N), Whole: true,
		Rounded: released.Release.Report.Rounded, Rows: chart.Sections(view.Definition, site.LangOf(r), view.Result,
			&released.Release.Report, group.ID)}
	source := ChartSource(r, assessments.Head(r).RoundTitle, group.N, released.At)
	c.ID, c.Title = "profil", r.Text.Text("result.radar")
	v.Pictures = append(v.Pictures, ChartViewOf(chart.Radar(c)).From(source))
	c.ID, c.Title = "lage", r.Text.Text("result.boxes")
	v.Pictures = append(v.Pictures, ChartViewOf(chart.BoxPlot(c)).From(source))
	v.Charts = true
}
