// Package table reads a foreign table, a workbook's sheet or a CSV file, as cells with what the
// spreadsheet takes them for. What they mean is decided elsewhere: round lays a map over them.
package table
