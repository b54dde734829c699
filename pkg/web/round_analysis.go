package web

import (
	"bytes"
	"io"
	"net/http"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/report"
	"ortsspiegel/pkg/workbook/reports"
)

const typeLines = "application/jsonl; charset=utf-8"

// analysisRoutes are the tables for analysts.
func (s *roundPages) analysisRoutes() []route {
	return []route{
		{method: http.MethodGet, path: "/rounds/:round/analysis.xlsx", name: "round.analysis_xlsx", action: account.ExportRound, object: roundObject, handler: s.roundAnalysisXLSX, timeout: exportTimeout, cost: costly},
		{method: http.MethodGet, path: "/rounds/:round/analysis.csv", name: "round.analysis_csv", action: account.ExportRound, object: roundObject, handler: s.roundAnalysisCSV, timeout: exportTimeout, cost: costly},
		{method: http.MethodGet, path: "/rounds/:round/analysis.jsonl", name: "round.analysis_lines", action: account.ExportRound, object: roundObject, handler: s.roundAnalysisLines, timeout: exportTimeout, cost: costly},
	}
}

// roundAnalysisXLSX sends the workbook for analysts.
func (s *roundPages) roundAnalysisXLSX(r *request) error {
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
	return r.download(typeXLSX, analysisName(r, report, ".xlsx"), b.Bytes())
}

// roundAnalysisCSV streams the tidy table.
func (s *roundPages) roundAnalysisCSV(r *request) error {
	return s.streamAnalysis(r, typeCSV, ".csv", reports.WriteAnalysisCSV)
}

// roundAnalysisLines streams the assessments as the command line's benchmark reads them.
func (s *roundPages) roundAnalysisLines(r *request) error {
	return s.streamAnalysis(r, typeLines, ".jsonl", reports.WriteAnalysisLines)
}

func (s *roundPages) streamAnalysis(r *request, kind, ending string, write func(io.Writer, report.AnalysisReport) error) error {
	report, err := s.analysis(r)
	if err != nil {
		return err
	}
	if err := s.recordRoundExport(r); err != nil {
		return err
	}
	h := r.Response().Header()
	h.Set("Content-Disposition", attachment(analysisName(r, report, ending)))
	h.Set("Content-Type", kind)
	h.Set("Cache-Control", "private, no-store")
	return s.stream(r, func(w io.Writer) error { return write(w, report) })
}

func (s *roundPages) analysis(r *request) (report.AnalysisReport, error) {
	if err := s.beginRoundExport(r); err != nil {
		return report.AnalysisReport{}, err
	}
	return s.sources().Analysis(r.ctx(), r.round, langOf(r))
}

func analysisName(r *request, report report.AnalysisReport, ending string) string {
	return reports.RoundFile(report.Region.Name, r.round.Title, r.round.Closes, report.AsOf, r.text.text("round.analysis_file"), ending)
}
