package rounds

import (
	"bytes"
	"io"
	"net/http"
	"time"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/web/site"
	"ortsspiegel/pkg/workbook/reports"
)

// exportTimeout bounds an export: a state's raw data take a while over a slow line.
const exportTimeout = 5 * time.Minute

// roundExportXLSX sends the region's workbook.
func (s *Pages) roundExportXLSX(r *site.Request) error {
	if err := s.beginRoundExport(r); err != nil {
		return err
	}
	report, err := s.services.Reports.Region(r.Ctx(), roundOf(r), site.LangOf(r))
	if err != nil {
		return err
	}
	if report.Contacts, err = s.services.Accounts.LeadsOf(r.Ctx(), r.Actor, report.Towns()); err != nil {
		return err
	}
	var b bytes.Buffer
	if err := reports.WriteRegion(&b, report); err != nil {
		return err
	}
	if err := s.recordRoundExport(r); err != nil {
		return err
	}
	return r.Download(site.TypeXLSX, reports.RoundFile(report.Region.Name, roundOf(r).Title, roundOf(r).Closes,
		report.AsOf,
		r.Text.Text("round.report_file"), ".xlsx"), b.Bytes())
}

// roundExportCSV streams all answers of the submitted assessments.
func (s *Pages) roundExportCSV(r *site.Request) error {
	if err := s.beginRoundExport(r); err != nil {
		return err
	}
	raw, err := s.services.Reports.Raw(r.Ctx(), roundOf(r), site.LangOf(r))
	if err != nil {
		return err
	}
	if err := s.recordRoundExport(r); err != nil {
		return err
	}
	h := r.Response().Header()
	h.Set("Content-Disposition", site.Attachment(reports.RoundFile(raw.Region.Name, roundOf(r).Title, roundOf(r).Closes,
		raw.AsOf, r.Text.Text("round.answers_file"), ".csv")))
	h.Set("Content-Type", site.TypeCSV)
	h.Set("Cache-Control", "private, no-store")
	return s.stream(r, func(w io.Writer) error { return reports.WriteRegionCSV(w, raw) })
}

// stream writes straight to the reader. An error before the first byte is an error page; afterwards
// the connection is cut, so that half a file is not taken for a whole one.
func (s *Pages) stream(r *site.Request, write func(io.Writer) error) error {
	defer time.AfterFunc(site.StreamTurn, r.EndTurn).Stop()
	err := write(r.Response())
	if err != nil && r.Response().Committed {
		s.Logger.Error("export broken off", "id", site.RequestID(r), "error", err)
		panic(http.ErrAbortHandler)
	}
	return err
}

func (s *Pages) beginRoundExport(r *site.Request) error {
	if !s.Rates.Exports.Allow(r.PersonKey(), s.Now()) {
		return site.TooMany()
	}
	return nil
}

// recordRoundExport comes before the file: what cannot be logged does not leave.
func (s *Pages) recordRoundExport(r *site.Request) error {
	return s.services.Accounts.Record(r.Ctx(), r.Actor, account.EventExported, "", roundOf(r).Region, roundOf(r).Title)
}
