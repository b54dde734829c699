package zipguard

// Limits bounds what a workbook may cost. Every limit is inclusive and must be above 0.
type Limits struct {
	Archive  int64 // packed bytes of the whole file
	Unpacked int64 // unpacked bytes of all entries together
	Entry    int64 // unpacked bytes of one entry
	// unpacked bytes of all entries together that a library keeps in memory: neither sheets nor
	// shared strings
	Memory   int64
	Entries  int   // entries of the archive
	Ratio    int64 // unpacked bytes per packed byte, for entries above ratioFloor
	Depth    int   // nesting of elements in one part
	Elements int   // elements of one part, those of a sheet's cells not counted
	Rows     int   // rows of one sheet and the highest row number
	Columns  int   // the highest column number
	Cells    int   // cells of one sheet
}

// ratioFloor is the unpacked size below which no ratio is asked for: short repetitive parts
// compress extremely well and harm nobody.
const ratioFloor = 1 << 20

// Workbook returns the limits for a workbook that a person sends: three times the federal
// register of all 11 000 municipalities, far below what would hurt a small server.
func Workbook() Limits {
	return Limits{
		Archive:  20 << 20,
		Unpacked: 96 << 20,
		Entry:    64 << 20,
		Memory:   32 << 20,
		Entries:  1000,
		Ratio:    250,
		Depth:    64,
		Elements: 400_000,
		Rows:     50_000,
		Columns:  512,
		Cells:    1_000_000,
	}
}

// partsInMemory is the size above which a spreadsheet library should unpack a part to
// disk instead of to memory.
const partsInMemory = 8 << 20

// OpenLimits returns the two limits a spreadsheet library is opened with after the check:
// for everything unpacked, and for a part that is kept in memory.
func (l Limits) OpenLimits() (unpacked, part int64) {
	return l.Unpacked, min(partsInMemory, l.Unpacked)
}
