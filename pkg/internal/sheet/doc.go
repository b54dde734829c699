// Package sheet is the one reader of workbooks (.xlsx) that somebody sent. It finds the parts by
// their relationships, reads cells as a stream at a cost that zipguard has bounded, tells formulas,
// kinds of cells and hidden rows, and refuses what cannot be, naming sheet and row: the library
// that writes our workbooks takes broken XML for the end of a sheet, and reads much that a table
// does not need. What the cells mean is for the readers of the register, of tables and of forms.
// Errors are faults.
package sheet
