// Package reports writes what people take home: a town's report and a round's tables as .xlsx, the
// same figures as CSV, and the tables for analysts. It computes no score and no benchmark, it shows
// what score and bench returned and what report gathered.
//
// The score cells of a town's workbook are formulas over the answer cells, so that a reader can try
// out what another answer would bring. They repeat the rules of score in the spreadsheet's
// language; every formula cell also carries the value that score computed, and a test recalculates
// the workbook in LibreOffice and compares.
//
// Nobody's name stands in the files but in the agency's list of towns, which says who coordinates,
// for a person who may see that anyway.
package reports
