package web

import (
	"bytes"
	"io"
	"strconv"
	"time"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/report"
	"ortsspiegel/pkg/workbook/reports"
)

// Exports and uploads cost the server something, so each person has so many at once and one more every few seconds.
const (
	exportBurst = 10
	exportEvery = 6 * time.Second
	uploadBurst = 40
	uploadEvery = 3 * time.Second
)

const (
	typeXLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	typeCSV  = "text/csv; charset=utf-8"
)

// assessmentExportXLSX sends the town's report workbook.
func (s *resultPages) assessmentExportXLSX(r *request) error {
	report := func() (report.TownReport, error) { return s.sources().Town(r.ctx(), r.actor, r.head, langOf(r)) }
	return s.exportAssessment(r, typeXLSX, ".xlsx", report, reports.WriteTown)
}

// assessmentExportCSV sends the town's answers for machines.
func (s *resultPages) assessmentExportCSV(r *request) error {
	report := func() (report.TownReport, error) { return s.sources().Answers(r.ctx(), r.head, langOf(r)) }
	return s.exportAssessment(r, typeCSV, ".csv", report, reports.WriteTownCSV)
}

func (s *resultPages) exportAssessment(r *request, kind, ending string, gather func() (report.TownReport, error), write func(io.Writer, report.TownReport) error) error {
	if !s.rates.exports.allow(r.personKey(), s.Now()) {
		return tooMany()
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
	if err := s.Accounts.Record(r.ctx(), r.actor, account.EventExported, r.head.Town, r.head.Region, r.head.TownName+" · "+r.head.RoundTitle); err != nil {
		return err
	}
	return r.download(kind, reports.ReportFile(&report, ending), b.Bytes())
}

// sources is where exports get their figures; the command line uses the same.
func (s *resultPages) sources() report.Service {
	return report.Service{Assessments: s.Assessments, Rounds: s.Rounds, Versions: s.Versions, Trends: s.Trends, Territory: s.Territory,
		Program: s.Program, Now: s.Now}
}

// personKey names who asks, for limits.
func (r *request) personKey() string {
	if r.delegation != nil {
		return "link " + strconv.FormatInt(int64(r.delegation.ID), 10)
	}
	return strconv.FormatInt(int64(r.actor.User), 10)
}

func tooMany() error {
	return fault.New(fault.RateLimited, "too_many", "too many requests: please try again in a minute")
}
