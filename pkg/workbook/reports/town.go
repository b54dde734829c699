package reports

import (
	"io"

	"ortsspiegel/pkg/bench"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/report"
	"ortsspiegel/pkg/workbook/book"
)

// WriteTown writes a town's report as .xlsx. Errors: Internal if the report is incomplete or
// carries figures that are not for towns; else those of w.
func WriteTown(w io.Writer, r report.TownReport) error {
	if err := checkTown(&r); err != nil {
		return err
	}
	p := newPlan(&r)
	title := book.Dated(r.View.Head.RoundTitle, r.View.Head.Closes) + " · " + r.Town.Name
	b := book.NewBook(r.Lang, title, r.Program, r.AsOf)
	cover := b.Sheet(b.Say(book.SheetCover), 30, 70)
	result := b.Sheet(b.Say(book.SheetResult), 44, 12, 13, 13, 15, 15, 13, 10, 13, 10)
	answers := b.Sheet(b.Say(book.SheetAnswers), answerWidths...)
	compare := b.Sheet(b.Say(book.SheetCompare), compareWidths...)
	trend := b.Sheet(b.Say(book.SheetTrend), trendWidths...)
	measures := b.Sheet(b.Say(book.SheetMeasures), 6, 18, 40, 13, 28, 34, 17, 12, 12, 12, 14)
	notes := b.Sheet(b.Say(book.SheetNotes), 28, 110)
	steps := b.Sheet(b.Say(book.SheetSteps), stepWidths...)
	lists := b.Sheet(b.Say(book.SheetLists), 30, 50, 10, 10)

	p.writeCover(cover)
	p.writeResult(result)
	p.writeAnswers(answers)
	p.writeCompare(compare)
	p.writeTrend(trend)
	p.writeMeasures(measures)
	p.writeNotes(notes)
	p.writeSteps(steps)
	p.writeLists(lists)
	for _, s := range []*book.Sheet{steps, lists} {
		b.Keep(b.F.SetSheetVisible(s.Name, false))
	}
	return b.Write(w)
}

func checkTown(r *report.TownReport) error {
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
		return fault.New(fault.Internal, "workbook_version", "the release belongs to %s and the assessment to %s",
			r.Release.Report.Ref, v.Definition.Ref())
	}
	return nil
}
