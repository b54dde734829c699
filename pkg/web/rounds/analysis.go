package rounds

import (
	"bytes"
	"io"
	"net/http"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/report"
	"ortsspiegel/pkg/web/site"
	"ortsspiegel/pkg/workbook/reports"
)

const typeLines = "application/jsonl; charset=utf-8"

// analysisRoutes are the tables for analysts.
func (s *Pages) analysisRoutes() []site.Route {
	return []site.Route{
		{Method: http.MethodGet, Path: "/rounds/:round/analysis.xlsx", Name: "round.analysis_xlsx",
			Action: account.ExportRound, Object: s.roundObject, Handler: s.roundAnalysisXLSX, Timeout: exportTimeout,
			Cost: site.Costly},
		{Method: http.MethodGet, Path: "/rounds/:round/analysis.csv", Name: "round.analysis_csv",
			Action: account.ExportRound, Object: s.roundObject, Handler: s.roundAnalysisCSV, Timeout: exportTimeout,
			Cost: site.Costly},
		{Method: http.MethodGet, Path: "/rounds/:round/analysis.jsonl", Name: "round.analysis_lines",
			Action: account.ExportRound, Object: s.roundObject, Handler: s.roundAnalysisLines, Timeout: exportTimeout,
			Cost: site.Costly},
	}
}

// roundAnalysisXLSX sends the workbook for analysts.
func (s *Pages) roundAnalysisXLSX(r *site.Request) error {
	report, err := s.analysis(r)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := reports.WriteAnalysis(&b, report); err != nil {
		return err
	}
	if err := s.recordRoundExport(r); err != nil {
		return err
	}
	return r.Download(site.TypeXLSX, analysisName(r, report, ".xlsx"), b.Bytes())
}

// roundAnalysisCSV streams the tidy table.
func (s *Pages) roundAnalysisCSV(r *site.Request) error {
	return s.streamAnalysis(r, site.TypeCSV, ".csv", reports.WriteAnalysisCSV)
}

// roundAnalysisLines streams the assessments as the command line's benchmark reads them.
func (s *Pages) roundAnalysisLines(r *site.Request) error {
	return s.streamAnalysis(r, typeLines, ".jsonl", reports.WriteAnalysisLines)
}

func (s *Pages) streamAnalysis(r *site.Request, kind, ending string,
	write func(io.Writer, report.AnalysisReport) error) error {
	report, err := s.analysis(r)
	if err != nil {
		return err
	}
	if err := s.recordRoundExport(r); err != nil {
		return err
	}
	h := r.Response().Header()
	h.Set("Content-Disposition", site.Attachment(analysisName(r, report, ending)))
	h.Set("Content-Type", kind)
	h.Set("Cache-Control", "private, no-store")
	return s.stream(r, func(w io.Writer) error { return write(w, report) })
}

func (s *Pages) analysis(r *site.Request) (report.AnalysisReport, error) {
	if err := s.beginRoundExport(r); err != nil {
		return report.AnalysisReport{}, err
	}
	return s.services.Reports.Analysis(r.Ctx(), roundOf(r), site.LangOf(r))
}

func analysisName(r *site.Request, report report.AnalysisReport, ending string) string {
	return reports.RoundFile(report.Region.Name, roundOf(r).Title, roundOf(r).Closes, report.AsOf,
		r.Text.Text("round.analysis_file"), ending)
}
