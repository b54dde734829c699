// Package zipguard decides whether a workbook that somebody sent may be opened.
//
// A spreadsheet library believes what a file says about itself: a few kilobytes
// make it allocate gigabytes, and it stops reading at broken XML without an
// error. So a file is read once here first, with a bound on everything: packed
// and unpacked bytes (counted while inflating, never taken from a header),
// entries, elements, nesting, rows, columns and cells. What passes can be opened
// at a known cost, and the number of rows found tells the reader whether it got
// all of them.
//
// Both adapters that read workbooks use this room; it knows no spreadsheet
// library, no file system and nothing of what the cells mean. Errors are faults
// of the kinds Invalid and TooLarge that say what is wrong and what would be
// right. Check itself is pure; Enter holds the one thing that is shared, the
// single slot for imports.
package zipguard
