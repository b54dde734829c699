// Package gazetteer reads municipalities from files: the federal municipality
// register (Destatis GV-ISys, AuszugGV….xlsx), a CSV of one's own, the outlines
// of a GeoJSON, and the embedded demo region Südwestfalen.
//
// It only reads and checks; what an import changes is decided by the capability
// territory. A file is taken as a whole or not at all: all problems are
// collected, each with its line and column and what would be right. Files come
// from strangers, so every reader has limits, and workbooks pass zipguard before
// the spreadsheet library sees them. No database, no network and no file names
// here: callers hand in open readers.
package gazetteer
