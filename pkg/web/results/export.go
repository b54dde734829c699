package results

import (
	"bytes"
	"io"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/report"
	"ortsspiegel/pkg/web/site"
	"ortsspiegel/pkg/workbook/reports"
)

// assessmentExportXLSX sends the town's report workbook.
func (s *Pages) assessmentExportXLSX(r *site.Request) error {
	report := func() (report.TownReport, error) { return s.Sources().Town(r.Ctx(), r.Actor, r.Head, site.LangOf(r)) }
	return s.exportAssessment(r, site.TypeXLSX, ".xlsx", report, reports.WriteTown)
}

// assessmentExportCSV sends the town's answers for machines.
func (s *Pages) assessmentExportCSV(r *site.Request) error {
	report := func() (report.TownReport, error) { return s.Sources().Answers(r.Ctx(), r.Head, site.LangOf(r)) }
	return s.exportAssessment(r, site.TypeCSV, ".csv", report, reports.WriteTownCSV)
}

func (s *Pages) exportAssessment(r *site.Request, kind, ending string, gather func() (report.TownReport, error),
	write func(io.Writer, report.TownReport) error) error {
	if !s.Rates.Exports.Allow(r.PersonKey(), s.Now()) {
		return site.TooMany()
	}
	report, err := gather()
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := write(&b, report); err != nil {
		return err
	}
	// The log comes before the file: what cannot be logged does not leave.
	if err := s.Accounts.Record(r.Ctx(), r.Actor, account.EventExported, r.Head.Town, r.Head.Region,
		r.Head.TownName+" · "+r.Head.RoundTitle); err != nil {
		return err
	}
	return r.Download(kind, reports.ReportFile(&report, ending), b.Bytes())
}

// Sources is where exports get their figures; the command line uses the same.
func (s *Pages) Sources() report.Service {
	return report.Service{Assessments: s.Assessments, Rounds: s.Rounds, Versions: s.Versions, Trends: s.Trends,
		Territory: s.Territory,
		Program:   s.Program, Now: s.Now}
}
