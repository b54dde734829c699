package workbook

import (
	"io"
	"time"

	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/bench"
	"ortsspiegel/pkg/bench/disclosure"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/round/trend"
)

// TownReport is what a town's workbook is made from.
type TownReport struct {
	Lang     checklist.Lang // of the workbook: "en", else German
	Program  string         // name and version: "Ortsspiegel 1.2.0"
	AsOf     time.Time      // when View was read
	Region   region.Region
	Town     region.Municipality
	View     assessment.View
	Evidence []assessment.Evidence // of the whole assessment
	Release  *Release              // nil: nothing was published yet
	Trend    trend.Town            // the town's submitted assessments of this checklist
	// Districts names the districts of peer groups; a missing one is shown by its key.
	Districts map[region.DistrictKey]string
}

// Release is the part of a published release that a workbook may show.
type Release struct {
	Number int
	At     time.Time
	Report *bench.Report     // of the audience bench.Town; anything else is refused
	Trend  *disclosure.Trend // since the round before; nil: nothing was published of it
}

// WriteTown writes a town's report as .xlsx. Errors: Internal if the report is incomplete or
// carries figures that are not for towns; else those of w.
func WriteTown(w io.Writer, r TownReport) error {
	if err := r.check(); err != nil {
		return err
	}
	p := r.plan()
	title := dated(r.View.Head.RoundTitle, r.View.Head.Closes) + " · " + r.Town.Name
	b := newBook(r.Lang, title, r.Program, r.AsOf)
	cover := b.sheet(b.say(sheetCover), 30, 70)
	result := b.sheet(b.say(sheetResult), 44, 12, 13, 13, 15, 15, 13, 10, 13, 10)
	answers := b.sheet(b.say(sheetAnswers), answerWidths...)
	compare := b.sheet(b.say(sheetCompare), compareWidths...)
	trend := b.sheet(b.say(sheetTrend), trendWidths...)
	measures := b.sheet(b.say(sheetMeasures), 6, 18, 40, 13, 28, 34, 17, 12, 12, 12, 14)
	notes := b.sheet(b.say(sheetNotes), 28, 110)
	steps := b.sheet(b.say(sheetSteps), stepWidths...)
	lists := b.sheet(b.say(sheetLists), 30, 50, 10, 10)

	p.writeCover(cover)
	p.writeResult(result)
	p.writeAnswers(answers)
	p.writeCompare(compare)
	p.writeTrend(trend)
	p.writeMeasures(measures)
	p.writeNotes(notes)
	p.writeSteps(steps)
	p.writeLists(lists)
	for _, s := range []*sheet{steps, lists} {
		b.keep(b.f.SetSheetVisible(s.name, false))
	}
	return b.write(w)
}

func (r *TownReport) check() error {
	v := &r.View
	if v.Definition == nil || v.Result == nil || v.Result.Ref != v.Definition.Ref() {
		return fault.New(fault.Internal, "workbook_incomplete", "the report has no checklist or no result of it")
	}
	if r.Release == nil {
		return nil
	}
	if r.Release.Report == nil || r.Release.Report.Audience != bench.Town {
		return fault.New(fault.Internal, "workbook_audience", "a town's workbook takes a release and nothing else")
	}
	if r.Release.Report.Ref != v.Definition.Ref() {
		return fault.New(fault.Internal, "workbook_version", "the release belongs to %s and the assessment to %s", r.Release.Report.Ref, v.Definition.Ref())
	}
	return nil
}
