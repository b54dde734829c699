// Package report knows which figures go into a report: of a town, of a round, of all its answers,
// and for analysts. A renderer (a workbook, a page, the command line) shows what stands in it and
// computes nothing.
//
// Here live the reports' types and the Service that gathers them. Not here: how a report looks, and
// whether somebody may have it, which is decided before.
package report
