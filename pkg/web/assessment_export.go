package web

import (
	"bytes"
	"io"
	"strconv"
	"time"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/workbook"
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
func (s *server) assessmentExportXLSX(r *request) error {
	return s.exportAssessment(r, typeXLSX, ".xlsx", workbook.WriteTown)
}

// assessmentExportCSV sends the town's answers for machines.
func (s *server) assessmentExportCSV(r *request) error {
	return s.exportAssessment(r, typeCSV, ".csv", workbook.WriteTownCSV)
}

func (s *server) exportAssessment(r *request, kind, ending string, write func(io.Writer, workbook.TownReport) error) error {
	if !s.answering.exports.allow(r.personKey(), s.Now()) {
		return tooMany()
	}
	report, err := s.townReport(r)
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
	return r.download(kind, report.Town.Name+" "+r.head.RoundTitle+ending, b.Bytes())
}

func (s *server) townReport(r *request) (workbook.TownReport, error) {
	view, err := s.assessmentView(r)
	if err != nil {
		return workbook.TownReport{}, err
	}
	report := workbook.TownReport{Lang: langOf(r), Program: "Ortsspiegel", AsOf: s.Now(), View: view}
	if report.Evidence, err = s.Assessments.Evidence(r.ctx(), r.head); err != nil {
		return workbook.TownReport{}, err
	}
	if report.Region, err = s.Territory.Region(r.ctx(), r.head.Region); err != nil {
		return workbook.TownReport{}, err
	}
	if report.Town, err = s.Territory.Town(r.ctx(), r.head.Town); err != nil {
		return workbook.TownReport{}, err
	}
	released, err := s.releaseFor(r.ctx(), r.head)
	if err != nil {
		return workbook.TownReport{}, err
	}
	if released != nil {
		report.Release = &workbook.Release{Number: released.Number, At: released.At, Report: &released.Release.Report}
	}
	return report, nil
}

// personKey names who asks, for limits.
func (r *request) personKey() string { return strconv.FormatInt(int64(r.actor.User), 10) }

func tooMany() error {
	return fault.New(fault.RateLimited, "too_many", "too many requests: please try again in a minute")
}
