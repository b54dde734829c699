package zipguard

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"ortsspiegel/pkg/fault"
)

// Sheet is what the check counted in one worksheet.
type Sheet struct {
	Name string // as the workbook calls it
	Part string // entry of the archive
	Rows int    // rows that hold something
	Last int    // highest number of such a row, from 1
}

// Report is what the check found in a workbook that may be opened.
type Report struct {
	Entries  int
	Unpacked int64   // bytes
	Sheets   []Sheet // in the order of the workbook
	// Book, Strings and Styles are the entries with the workbook itself, its texts and its formats;
	// the last two may be empty.
	Book, Strings, Styles string
}

// Check reads a workbook (.xlsx) of size bytes once and refuses everything that a
// spreadsheet library should not see. The error is a fault: TooLarge if a limit is
// exceeded, Invalid if the file is damaged, disguised or of another kind.
func Check(r io.ReaderAt, size int64, l Limits) (*Report, error) {
	if size <= 0 {
		return nil, invalid("workbook_empty", "the file is empty: an Excel workbook (.xlsx) is expected")
	}
	if size > l.Archive {
		return nil, tooLarge("workbook_archive", "the file", size, l.Archive, "bytes")
	}
	if err := checkSignature(r, size); err != nil {
		return nil, err
	}
	if err := countEntries(r, size, l.Entries); err != nil {
		return nil, err
	}
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, invalid("workbook_damaged",
			"the file is damaged or was not uploaded completely: save it again in Excel and send it once "+
				"more").Because(err)
	}
	names, err := checkNames(z.File, l)
	if err != nil {
		return nil, err
	}
	p, err := ReadPackage(z.File)
	if err != nil {
		return nil, err
	}
	if err := checkKind(p, names); err != nil {
		return nil, err
	}
	planned, err := p.plan()
	if err != nil {
		return nil, err
	}
	return readParts(z.File, p, planned, l)
}

// signatures are the first bytes of what people send instead of a workbook.
var signatures = []struct{ prefix, code, message string }{
	{"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "workbook_protected",
		"the file is protected with a password or has the old format .xls: save it without a password as .xlsx"},
	{"%PDF-", "workbook_pdf", "the file is a PDF: an Excel workbook (.xlsx) is expected"},
	{"PK\x05\x06", "workbook_empty", "the file is an empty archive: an Excel workbook (.xlsx) is expected"},
}

func checkSignature(r io.ReaderAt, size int64) error {
	head := make([]byte, min(size, 8))
	if _, err := r.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("zipguard: read the first bytes: %w", err)
	}
	for _, s := range signatures {
		if bytes.HasPrefix(head, []byte(s.prefix)) {
			return invalid(s.code, "%s", s.message)
		}
	}
	if !bytes.HasPrefix(head, []byte("PK\x03\x04")) {
		return invalid("workbook_kind",
			"the file is not an Excel workbook (.xlsx), whatever its name says: open it in Excel and save it as .xlsx")
	}
	return nil
}

// countEntries counts the entries before the archive's directory is read, because reading
// it costs memory for each and the number it claims to have may be a lie. The signature may
// occur by chance in compressed data, once in 4 GB.
func countEntries(r io.ReaderAt, size int64, limit int) error {
	signature := []byte("PK\x01\x02")
	buf := make([]byte, 64<<10)
	n := 0
	for at := int64(0); at < size; at += int64(len(buf) - len(signature) + 1) {
		k, err := r.ReadAt(buf[:min(int64(len(buf)), size-at)], at)
		if err != nil && !errors.Is(err, io.EOF) {
			return fmt.Errorf("zipguard: count entries: %w", err)
		}
		if n += bytes.Count(buf[:k], signature); n > limit {
			return tooLarge("workbook_entries", "the file", int64(n), int64(limit), "parts")
		}
	}
	return nil
}

// checkNames refuses what headers alone give away and returns the normalised names.
func checkNames(files []*zip.File, l Limits) (map[string]bool, error) {
	if len(files) > l.Entries {
		return nil, tooLarge("workbook_entries", "the file", int64(len(files)), int64(l.Entries), "parts")
	}
	names := make(map[string]bool, len(files))
	for _, f := range files {
		name := normal(f.Name)
		switch {
		case strings.HasPrefix(name, "/"), strings.Contains(name, ":"), strings.ContainsRune(name, 0),
			name != path.Clean(name) && name != path.Clean(name)+"/", strings.HasPrefix(name, ".."):
			return nil, invalid("workbook_path",
				"the file holds a part with a dangerous name: it was not written by a spreadsheet program").With(
				"Entry", short(f.Name))
		case names[name]:
			return nil, invalid("workbook_duplicate",
				"the file holds a part twice: it was not written by a spreadsheet program").With("Entry", short(f.Name))
		case f.Flags&1 != 0:
			return nil, invalid("workbook_protected",
				"the file is encrypted: save the workbook without a password").With("Entry", short(f.Name))
		case f.Method != zip.Store && f.Method != zip.Deflate:
			return nil, invalid("workbook_method",
				"the file is packed in an unusual way: save the workbook again in Excel").With("Entry", short(f.Name))
		case f.UncompressedSize64 > uint64(l.Entry):
			return nil, tooLarge("workbook_entry", "a part of the file", int64(min(f.UncompressedSize64, 1<<62)),
				l.Entry, "unpacked bytes")
		}
		names[name] = true
	}
	return names, nil
}

// normal writes a name as spreadsheet libraries look it up, so that two names that mean one
// entry for them are one here.
func normal(name string) string {
	return strings.ToLower(strings.ReplaceAll(name, `\`, "/"))
}

// checkKind tells a workbook from its relatives, by what the file says it is; one that says nothing
// is told by its folders.
func checkKind(p *Package, names map[string]bool) error {
	in := func(words ...string) bool {
		return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(p.Media, w) })
	}
	switch {
	case in("wordprocessingml", "ms-word"), p.Media == "" && names["word/document.xml"]:
		return invalid("workbook_word", "the file is a Word document: an Excel workbook (.xlsx) is expected")
	case in("presentationml", "ms-powerpoint"), p.Media == "" && names["ppt/presentation.xml"]:
		return invalid("workbook_powerpoint",
			"the file is a PowerPoint presentation: an Excel workbook (.xlsx) is expected")
	case in("sheet.binary"), names["xl/workbook.bin"]:
		return invalid("workbook_binary", "the file is a binary workbook (.xlsb): save it as .xlsx")
	case p.Main != "" && names[typesPart] && (in("spreadsheetml", "ms-excel") || strings.HasPrefix(p.Main, "xl/")):
		return nil
	case names["word/document.xml"]:
		return invalid("workbook_word", "the file is a Word document: an Excel workbook (.xlsx) is expected")
	case names["ppt/presentation.xml"]:
		return invalid("workbook_powerpoint",
			"the file is a PowerPoint presentation: an Excel workbook (.xlsx) is expected")
	case names["mimetype"] && names["content.xml"]:
		return invalid("workbook_opendocument", "the file is an OpenDocument file (.ods): save it as .xlsx")
	}
	return invalid("workbook_kind", "the file is an archive, but not an Excel workbook (.xlsx)")
}

// readParts inflates every entry once, with all limits, and scans the XML parts.
func readParts(files []*zip.File, p *Package, planned *plan, l Limits) (*Report, error) {
	entry := func(part string) string {
		if f := p.files[part]; f != nil {
			return f.Name
		}
		return ""
	}
	report := &Report{Entries: len(files), Book: entry(planned.book), Strings: entry(planned.strings),
		Styles: entry(planned.styles)}
	counted := map[string]Sheet{}
	memory := l.Memory
	for _, f := range files {
		name := normal(f.Name)
		title, sheet := planned.names[name]
		m := &meter{title: title, limits: l, packed: int64(f.CompressedSize64), left: l.Unpacked - report.Unpacked,
			memory: l.Unpacked}
		large := sheet || name == planned.strings
		if !large {
			m.memory = memory
		}
		var scan *scanner
		if sheet || scanned(name) {
			scan = newScanner(f.Name, title, sheet, l)
			m.next = scan
		}
		if err := inflate(f, m); err != nil {
			return nil, err
		}
		report.Unpacked += m.n
		if !large {
			memory -= m.n
		}
		if scan != nil {
			if err := scan.finish(); err != nil {
				return nil, err
			}
			if scan.sheet {
				counted[name] = Sheet{Name: title, Part: f.Name, Rows: scan.rows, Last: scan.last}
			}
		}
	}
	for _, s := range planned.sheets {
		report.Sheets = append(report.Sheets, counted[s.part])
	}
	return report, nil
}

// scanned tells which entries are read as XML: all that a spreadsheet library parses. What
// lies in customXml is carried along by Office in any encoding and read by nobody.
func scanned(name string) bool {
	return (strings.HasSuffix(name, ".xml") || strings.HasSuffix(name, ".rels")) &&
		!strings.HasPrefix(name, "customxml/")
}

func inflate(f *zip.File, m *meter) error {
	rc, err := f.Open()
	if err != nil {
		return damaged(f.Name, err)
	}
	defer rc.Close()
	_, err = io.CopyBuffer(m, struct{ io.Reader }{rc}, make([]byte, 32<<10))
	switch {
	case err != nil && fault.As(err) != nil:
		return err
	case err != nil:
		return damaged(f.Name, err)
	case uint64(m.n) != f.UncompressedSize64:
		return damaged(f.Name, errors.New("its size is not the one it claims"))
	}
	return nil
}

// meter counts what really comes out of an entry and stops at the first limit.
type meter struct {
	title  string // of a sheet
	limits Limits
	packed int64
	left   int64 // unpacked bytes the archive may still have
	memory int64 // unpacked bytes that entries of its sort may still have
	n      int64
	next   io.Writer
}

// what names what is measured as a person knows it.
func (m *meter) what() string {
	if m.title != "" {
		return "the sheet " + short(m.title)
	}
	return "a part of the file"
}

func (m *meter) Write(p []byte) (int, error) {
	m.n += int64(len(p))
	switch {
	case m.n > m.limits.Entry:
		return 0, tooLarge("workbook_entry", m.what(), m.n, m.limits.Entry, "unpacked bytes")
	case m.n > m.left:
		return 0, tooLarge("workbook_unpacked", "the file", m.limits.Unpacked+m.n-m.left, m.limits.Unpacked,
			"unpacked bytes")
	case m.n > m.memory:
		return 0, tooLarge("workbook_memory", "the file without its sheets", m.limits.Memory+m.n-m.memory,
			m.limits.Memory, "unpacked bytes (remove pictures)")
	case m.n > ratioFloor && m.n/max(m.packed, 1) > m.limits.Ratio:
		return 0, tooLarge("workbook_ratio", m.what(), m.n/max(m.packed, 1), m.limits.Ratio,
			"unpacked bytes per packed byte")
	}
	if m.next != nil {
		return m.next.Write(p)
	}
	return len(p), nil
}

func invalid(code, format string, args ...any) *fault.Error {
	return fault.New(fault.Invalid, code, format, args...)
}

func damaged(name string, err error) *fault.Error {
	return invalid("workbook_damaged",
		"the file is damaged: save the workbook again in Excel and send it once more").With("Entry",
		short(name)).Because(err)
}

// tooLarge says what has how many of what, and how many are allowed.
func tooLarge(code, what string, n, limit int64, unit string) *fault.Error {
	return fault.New(fault.TooLarge, code, "%s has %d or more %s; at most %d are accepted", what, n, unit, limit).
		With("What", what).With("Limit", limit)
}

// short makes a name from an archive fit for a message: printable and not long.
func short(name string) string {
	name = strings.ToValidUTF8(name, "?")
	if runes := []rune(name); len(runes) > 60 {
		name = string(runes[:60]) + "…"
	}
	return fmt.Sprintf("%q", name)
}
