package reports

import (
	"strings"
	"time"

	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/report"
	"ortsspiegel/pkg/wording"
	"ortsspiegel/pkg/workbook/book"
)

// ReportFile names a town's report: with the day, and that it is a draft as long as it is one.
// "Bestwig – Willkommen vor Ort 2026 – Ergebnis 2026-11-30 (Entwurf).xlsx". kind is ".xlsx" or ".csv".
func ReportFile(r *report.TownReport, kind string) string {
	what := book.Ternary(kind == ".csv", book.SheetAnswers, book.SheetResult).In(r.Lang) + " " + wording.ISODay(r.AsOf)
	if r.View.Head.Status != assessment.Submitted {
		what += " " + wording.Phrase{"(Entwurf)", "(draft)"}.In(r.Lang)
	}
	return book.FileName(kind, r.Town.Name, book.Dated(r.View.Head.RoundTitle, r.View.Head.Closes), what)
}

// RoundFile names a file of a whole round, with the day; what says which of them it is.
func RoundFile(region, round string, closes, asOf time.Time, what, kind string) string {
	return book.FileName(kind, region, book.Dated(round, closes), strings.TrimSpace(what+" "+wording.ISODay(asOf)))
}
