// Package intake makes answers of a foreign table by a map: placing is pure, accounts for every cell and guesses
// nothing. Reading the file belongs to workbook, the map's YAML to catalog, and storing what was placed to
// assessment; whose round it is, it never learns.
package intake
