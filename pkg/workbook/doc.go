// Package workbook writes what people take home: a town's report and a region's tables as
// .xlsx, and the same figures as CSV. It is an adapter around excelize; it computes no score
// and no benchmark, it shows what score and bench returned.
//
// The score cells of a town's workbook are formulas over the answer cells, so that a reader
// can try out what another answer would bring. They repeat the rules of score in the
// spreadsheet's language; every formula cell also carries the value that score computed, and
// a test recalculates the workbook in LibreOffice and compares.
//
// What users typed is text everywhere: it is written as inline strings and never becomes a
// formula. Formulas use English names that exist since Excel 2010 and in LibreOffice, need no
// array entry and know no INDIRECT.
//
// It also reads what comes back: forms that were filled in, and foreign tables (table*.go), whose cells it hands
// on with what the spreadsheet takes them for. What they mean is decided elsewhere.
//
// There is no clock here: times are passed in. The files say what was answered and when, not by whom. Only the agency's
// list of towns names who coordinates, for a person who may see that anyway.
package workbook
