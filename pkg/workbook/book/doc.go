// Package book is what every workbook of ours is made of: sheets whose rows fit their texts,
// styles, charts, names of sheets and files, formulas' constants, and a writer for tables of
// hundreds of thousands of rows. It is an adapter around excelize and knows no report and no form.
//
// What users typed is text everywhere: it is written as inline strings and never becomes a formula.
// Formulas use English names that exist since Excel 2010 and in LibreOffice, need no array entry
// and know no INDIRECT.
//
// There is no clock here: times are passed in. The files say what was answered and when, not by
// whom.
package book
