package web

import (
	"bytes"
	"io"
	"net/http"
	"time"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/workbook/reports"
)

// exportTimeout bounds an export: a state's raw data take a while over a slow line.
const exportTimeout = 5 * time.Minute

// roundExportXLSX sends the region's workbook.
func (s *roundPages) roundExportXLSX(r *request) error {
	if err := s.beginRoundExport(r); err != nil {
		return err
	}
	report, err := s.sources().Region(r.ctx(), r.round, langOf(r))
	if err != nil {
		return err
	}
	if report.Contacts, err = s.Accounts.LeadsOf(r.ctx(), r.actor, report.Towns()); err != nil {
		return err
	}
	var b bytes.Buffer
	if err := reports.WriteRegion(&b, report); err != nil {
		return err
	}
	if err := s.recordRoundExport(r); err != nil {
		return err
	}
	return r.download(typeXLSX, reports.RoundFile(report.Region.Name, r.round.Title, r.round.Closes, report.AsOf, r.text.text("round.report_file"), ".xlsx"), b.Bytes())
}

// roundExportCSV streams all answers of the submitted assessments.
func (s *roundPages) roundExportCSV(r *request) error {
	if err := s.beginRoundExport(r); err != nil {
		return err
	}
	raw, err := s.sources().Raw(r.ctx(), r.round, langOf(r))
	if err != nil {
		return err
	}
	if err := s.recordRoundExport(r); err != nil {
		return err
	}
	h := r.Response().Header()
	h.Set("Content-Disposition", attachment(reports.RoundFile(raw.Region.Name, r.round.Title, r.round.Closes, raw.AsOf, r.text.text("round.answers_file"), ".csv")))
	h.Set("Content-Type", typeCSV)
	h.Set("Cache-Control", "private, no-store")
	return s.stream(r, func(w io.Writer) error { return reports.WriteRegionCSV(w, raw) })
}

// stream writes straight to the reader. An error before the first byte is an error page; afterwards the connection is cut,
// so that half a file is not taken for a whole one.
func (s *roundPages) stream(r *request, write func(io.Writer) error) error {
	defer time.AfterFunc(streamTurn, r.endTurn).Stop()
	err := write(r.Response())
	if err != nil && r.Response().Committed {
		s.Logger.Error("export broken off", "id", requestID(r), "error", err)
		panic(http.ErrAbortHandler)
	}
	return err
}

func (s *roundPages) beginRoundExport(r *request) error {
	if !s.rates.exports.allow(r.personKey(), s.Now()) {
		return tooMany()
	}
	return nil
}

// recordRoundExport comes before the file: what cannot be logged does not leave.
func (s *roundPages) recordRoundExport(r *request) error {
	return s.Accounts.Record(r.ctx(), r.actor, account.EventExported, "", r.round.Region, r.round.Title)
}
