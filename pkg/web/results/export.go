package results

import (
	"bytes"
	"io"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/report"
	"ortsspiegel/pkg/web/assessments"
	"ortsspiegel/pkg/web/site"
	"ortsspiegel/pkg/workbook/reports"
)

// assessmentExportXLSX sends the town's report workbook.
func (s *Pages) assessmentExportXLSX(r *site.Request) error {
	report := func() (report.TownReport, error) {
		return s.services.Reports.Town(r.Ctx(), r.Actor, assessments.Head(r), site.LangOf(r))
	}
	return s.exportAssessment(r, site.TypeXLSX, ".xlsx", report, reports.WriteTown)
}

// assessmentExportCSV sends the town's answers for machines.
func (s *Pages) assessmentExportCSV(r *site.Request) error {
	report := func() (report.TownReport, error) {
		return s.services.Reports.Answers(r.Ctx(), assessments.Head(r), site.LangOf(r))
	}
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
	if err := s.services.Accounts.Record(r.Ctx(), r.Actor, account.EventExported, assessments.Head(r).Town,
		assessments.Head(r).Region,
		assessments.Head(r).TownName+" · "+assessments.Head(r).RoundTitle); err != nil {
		return err
	}
	return r.Download(kind, reports.ReportFile(&report, ending), b.Bytes())
}
