package zipguard

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"
	"time"

	"ortsspiegel/pkg/fault"
)

// entry is one file of an archive that a test makes.
type entry struct {
	name    string
	content io.Reader
}

func text(s string) io.Reader { return strings.NewReader(s) }

const (
	contentTypes = `<?xml version="1.0" encoding="UTF-8"?><Types/>`
	bookXML      = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n" +
		`<workbook xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Zwei" r:id="b"/><sheet name="Eins &amp; mehr" r:id="a"/><sheet name="Bild" r:id="c"/></sheets></workbook>`
	relsXML  = `<Relationships><Relationship Id="a" Target="worksheets/sheet1.xml"/><Relationship Id="b" Target="/xl/worksheets/sheet2.xml"/><Relationship Id="c" Target="chartsheets/sheet1.xml"/><Relationship Id="d" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/></Relationships>`
	sheetXML = "\xEF\xBB\xBF" +
		`<worksheet><!-- <row> --><dimension ref="A1:XFD1048576"/><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1"/></row><x:row r='7'><c><is><t>a>b ü€𝄞<![CDATA[<row>]]></t></is></c></x:row ></sheetData></worksheet>`
)

// archive makes a workbook; entries with the name of a standard part take its place.
func archive(t testing.TB, extra ...entry) []byte {
	t.Helper()
	replaced := map[string]bool{}
	for _, e := range extra {
		replaced[e.name] = true
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	write := func(e entry) {
		f, err := w.Create(e.name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(f, e.content); err != nil {
			t.Fatal(err)
		}
	}
	for _, e := range []entry{{"[Content_Types].xml", text(contentTypes)}, {"xl/workbook.xml", text(bookXML)},
		{"xl/_rels/workbook.xml.rels", text(relsXML)},
		{"xl/worksheets/sheet1.xml", text(sheetXML)}, {"xl/worksheets/sheet2.xml", text(`<worksheet/>`)}} {
		if !replaced[e.name] {
			write(e)
		}
	}
	for _, e := range extra {
		if e.content != nil {
			write(e)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func check(raw []byte) (*Report, error) {
	return Check(bytes.NewReader(raw), int64(len(raw)), Workbook())
}

func TestCheckCounts(t *testing.T) {
	got, err := check(archive(t, entry{"xl/media/image1.png", text("\x89PNG\x00\xff")},
		entry{"customXml/item1.xml", text("\xFF\xFE<\x00")}))
	if err != nil {
		t.Fatal(err)
	}
	if got.Entries != 7 || len(got.Sheets) != 2 {
		t.Errorf("got %+v", got)
	}
	if want := (Sheet{"Eins & mehr", "xl/worksheets/sheet1.xml", 2, 7}); got.Sheets[1] != want {
		t.Errorf("got %+v", got.Sheets[1])
	}
	if s := got.Sheets[0]; s.Name != "Zwei" || s.Rows != 0 {
		t.Errorf("got %+v", s)
	}
}

// chunks of every size must give the same figures: characters and tags are cut anywhere.
func TestScannerDoesNotDependOnChunks(t *testing.T) {
	for size := 1; size < 40; size++ {
		s := newScanner("p", "S", true, Workbook())
		if _, err := io.CopyBuffer(s, struct{ io.Reader }{text(sheetXML)}, make([]byte, size)); err != nil {
			t.Fatalf("chunks of %d: %v", size, err)
		}
		if err := s.finish(); err != nil || s.rows != 2 || s.last != 7 || s.cells != 3 {
			t.Fatalf("chunks of %d: %+v, %v", size, s, err)
		}
	}
}

// numbered repeats a piece with running numbers, so that it does not pack suspiciously well.
func numbered(piece string, n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, piece, i*7919)
	}
	return b.String()
}

func nested(depth int) io.Reader {
	return text(strings.Repeat("<a>", depth) + strings.Repeat("</a>", depth))
}

func TestCheckRefuses(t *testing.T) {
	sheet := func(content string) []byte {
		return archive(t, entry{"xl/worksheets/sheet1.xml", text(content)})
	}
	whole := archive(t)
	encrypted := bytes.Clone(whole)
	at := bytes.Index(encrypted, []byte("PK\x01\x02"))
	encrypted[at+8] |= 1
	method := bytes.Clone(whole)
	method[at+10] = 12
	claims := bytes.Clone(whole)
	binary.LittleEndian.PutUint32(claims[at+24:], 1<<30)
	lies := bytes.Clone(whole)
	binary.LittleEndian.PutUint32(lies[at+24:], 3)
	flipped := bytes.Clone(whole)
	flipped[52] ^= 0xff
	for name, c := range map[string]struct {
		raw  []byte
		code string
	}{
		"0 bytes":       {nil, "workbook_empty"},
		"1 byte":        {[]byte("P"), "workbook_kind"},
		"empty archive": {[]byte("PK\x05\x06" + strings.Repeat("\x00", 18)), "workbook_empty"},
		"csv renamed":   {[]byte("ags;name\n05958004;Arnsberg\n"), "workbook_kind"},
		"html renamed":  {[]byte("<html><table>"), "workbook_kind"},
		"pdf":           {[]byte("%PDF-1.7\n"), "workbook_pdf"},
		"old or locked": {[]byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1\x00\x00"), "workbook_protected"},
		"docx": {archive(t, entry{"xl/workbook.xml", nil}, entry{"word/document.xml", text("<a/>")}),
			"workbook_word"},
		"pptx": {archive(t, entry{"xl/workbook.xml", nil}, entry{"ppt/presentation.xml", text("<a/>")}),
			"workbook_powerpoint"},
		"xlsb": {archive(t, entry{"xl/workbook.xml", nil}, entry{"xl/workbook.bin", text("x")}),
			"workbook_binary"},
		"ods": {archive(t, entry{"xl/workbook.xml", nil}, entry{"mimetype", text("x")},
			entry{"content.xml", text("<a/>")}), "workbook_opendocument"},
		"any archive":    {archive(t, entry{"xl/workbook.xml", nil}), "workbook_kind"},
		"truncated":      {whole[:len(whole)/2], "workbook_damaged"},
		"tail missing":   {whole[:len(whole)-10], "workbook_damaged"},
		"flipped byte":   {flipped, "workbook_damaged"},
		"encrypted":      {encrypted, "workbook_protected"},
		"method":         {method, "workbook_method"},
		"claims 1 GB":    {claims, "workbook_entry"},
		"claims 3 bytes": {lies, "workbook_damaged"},
		"path":           {archive(t, entry{"xl/../../etc/passwd", text("x")}), "workbook_path"},
		"path up":        {archive(t, entry{"../x", text("x")}), "workbook_path"},
		"path root":      {archive(t, entry{"/etc/passwd", text("x")}), "workbook_path"},
		"path backslash": {archive(t, entry{`xl\..\..\x`, text("x")}), "workbook_path"},
		"path drive":     {archive(t, entry{`C:\x`, text("x")}), "workbook_path"},
		"twice": {archive(t, entry{"a.xml", text("<a/>")}, entry{"a.xml", text("<a/>")}),
			"workbook_duplicate"},
		"twice for Excel": {archive(t, entry{`XL\Worksheets\sheet1.xml`, text("<a/>")}), "workbook_duplicate"},
		"doctype":         {sheet(`<!DOCTYPE a [<!ENTITY b "c">]><a/>`), "workbook_doctype"},
		"entity inside":   {sheet(`<a><!ENTITY b "c"></a>`), "workbook_doctype"},
		"utf-16":          {sheet("\xFF\xFE<\x00a\x00/\x00>\x00"), "workbook_utf8"},
		"utf-16 bare":     {sheet("<\x00a\x00/\x00>\x00"), "workbook_utf8"},
		"utf-7":           {sheet(`<?xml version="1.0" encoding="UTF-7"?><a/>`), "workbook_utf8"},
		"invalid utf-8":   {sheet("<a>\xC3\x28</a>"), "workbook_utf8"},
		"half a char":     {sheet("<a/>\xE2\x82"), "workbook_utf8"},
		"broken":          {sheet(`<a><b></a></b>`), "workbook_xml"},
		"ends early":      {sheet(`<a><b>`), "workbook_xml"},
		"ends in a tag":   {sheet(`<a><b`), "workbook_xml"},
		"ends too often":  {sheet(`<a/></a>`), "workbook_xml"},
		"tag in tag":      {sheet(`<a<b/>`), "workbook_xml"},
		"two roots":       {sheet(`<a/><b/>`), "workbook_xml"},
		"no name":         {sheet(`< a/>`), "workbook_xml"},
		"no element":      {sheet(``), "workbook_xml"},
		"deep":            {archive(t, entry{"xl/styles.xml", nested(100_000)}), "workbook_depth"},
		"long tag":        {sheet(`<a b="` + strings.Repeat("x", 1<<17) + `"/>`), "workbook_xml"},
		"row number":      {sheet(`<w><row r="1048576"><c><v>1</v></c></row></w>`), "workbook_rows"},
		"row number huge": {sheet(`<w><row r="99999999999999999999"><c><v>1</v></c></row></w>`), "workbook_rows"},
		"column":          {sheet(`<w><row><c r="XFD1"><v>1</v></c></row></w>`), "workbook_columns"},
		"column huge":     {sheet(`<w><row><c r="ZZZZZZZZZZZZZZZ1"><f/></c></row></w>`), "workbook_columns"},
		"columns":         {sheet(`<w><row>` + strings.Repeat("<c><v/></c>", 600) + `</row></w>`), "workbook_columns"},
		"strings": {archive(t,
			entry{"xl/sharedStrings.xml", text("<sst>" + numbered("<si><t>%d</t></si>", 250_000) + "</sst>")}),
			"workbook_elements"},
		"no sheet": {archive(t, entry{"xl/_rels/workbook.xml.rels", text(`<Relationships/>`)}),
			"workbook_no_sheet"},
		"book not xml": {archive(t, entry{"xl/workbook.xml", text(`<a b=c/>`)}), "workbook_damaged"},
		"book too large": {archive(t,
			entry{"xl/workbook.xml", text("<a>" + numbered("<b>%d</b>", 390_000) + "</a>")}), "workbook_entry"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := check(c.raw)
			f := fault.As(err)
			if f == nil || f.Code != c.code {
				t.Fatalf("want %s, got %+v, %v", c.code, got, err)
			}
			if f.Kind != fault.Invalid && f.Kind != fault.TooLarge {
				t.Errorf("kind %v", f.Kind)
			}
			// in words of those who know sheets, not the parts of a package
			if len(f.Message) < 20 || len(f.Message) > 300 || strings.Contains(f.Message, "xl/") ||
				strings.Contains(f.Message, ".xml") {
				t.Errorf("message %q", f.Message)
			}
		})
	}
}

// zeros is n bytes of one kind, made as they are read.
func zeros(n int64) io.Reader { return io.LimitReader(blank{}, n) }

type blank struct{}

func (blank) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}

// costly files are refused in under a second and without memory to speak of.
func TestCheckIsCheap(t *testing.T) {
	noise := make([]byte, 21<<20)
	fill := rand.NewChaCha8([32]byte{})
	if _, err := fill.Read(noise); err != nil {
		t.Fatal(err)
	}
	cases := map[string]struct {
		raw  []byte
		code string
	}{
		"bomb in a sheet": {archive(t,
			entry{"xl/worksheets/sheet1.xml", io.MultiReader(text("<w>"), zeros(240<<20), text("</w>"))}),
			"workbook_entry"},
		"bomb of many entries": {bomb(t, 63<<20, 40), "workbook_ratio"},
		"bomb shared":          {overlapping(t, 64<<20, 500), "workbook_ratio"},
		"60 000 entries":       {entries(t, 60_000), "workbook_entries"},
		"600 000 empty rows": {archive(t,
			entry{"xl/worksheets/sheet1.xml", text("<w>" + numbered(`<row r="%d"/>`, 600_000) + "</w>")}),
			"workbook_rows"},
		"2 million cells": {archive(t,
			entry{"xl/worksheets/sheet1.xml",
				text("<w>" + numbered("<row><c/><c/><c/><c><v>%d</v></c>"+strings.Repeat("<c/>", 46)+"</row>",
					40_000) + "</w>")}), "workbook_cells"},
		"deep nesting": {archive(t, entry{"xl/worksheets/sheet1.xml", nested(3_000_000)}), "workbook_depth"},
		"large":        {append([]byte("PK\x03\x04"), noise...), "workbook_archive"},
		"noise":        {append([]byte("PK\x03\x04"), noise[:19<<20]...), "workbook_damaged"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			start := time.Now()
			_, err := check(c.raw)
			took := time.Since(start)
			runtime.ReadMemStats(&after)
			f := fault.As(err)
			if f == nil || f.Code != c.code {
				t.Fatalf("want %s, got %v", c.code, err)
			}
			allocated := after.TotalAlloc - before.TotalAlloc
			t.Logf("%d kB: %v, %d kB allocated: %v", len(c.raw)>>10, took, allocated>>10, err)
			if allocated > 8<<20 {
				t.Errorf("%d MB allocated", allocated>>20)
			}
			if took > time.Second {
				t.Errorf("took %v", took)
			}
		})
	}
}

// bomb is an archive of n entries of size blanks each, which pack to a thousandth.
func bomb(t testing.TB, size int64, n int) []byte {
	t.Helper()
	// one entry is packed once and its packed bytes are used again
	packed := archive(t, entry{"x", zeros(size)})
	from, err := zip.NewReader(bytes.NewReader(packed), int64(len(packed)))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, f := range from.File {
		if f.Name != "x" {
			if err := w.Copy(f); err != nil {
				t.Fatal(err)
			}
			continue
		}
		for i := range n {
			h := f.FileHeader
			h.Name = fmt.Sprintf("xl/media/image%d.png", i)
			raw, err := f.OpenRaw()
			if err != nil {
				t.Fatal(err)
			}
			to, err := w.CreateRaw(&h)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := io.Copy(to, raw); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// overlapping is an archive whose directory names one packed entry n times, so that the
// file itself stays small.
func overlapping(t testing.TB, size int64, n int) []byte {
	t.Helper()
	raw := archive(t, entry{"xl/media/aaaaaa.png", zeros(size)})
	directory := bytes.Index(raw, []byte("PK\x01\x02"))
	end := bytes.LastIndex(raw, []byte("PK\x05\x06"))
	last := bytes.LastIndex(raw, []byte("PK\x01\x02"))
	header := raw[last:end]
	out := bytes.Clone(raw[:end])
	for i := range n {
		h := bytes.Clone(header)
		copy(h[46+len("xl/media/"):], fmt.Sprintf("%06d", i))
		out = append(out, h...)
	}
	tail := bytes.Clone(raw[end:])
	count := binary.LittleEndian.Uint16(tail[8:]) + uint16(n)
	binary.LittleEndian.PutUint16(tail[8:], count)
	binary.LittleEndian.PutUint16(tail[10:], count)
	binary.LittleEndian.PutUint32(tail[12:], uint32(len(out)-directory))
	return append(out, tail...)
}

func entries(t testing.TB, n int) []byte {
	t.Helper()
	extra := make([]entry, n)
	for i := range extra {
		extra[i] = entry{fmt.Sprintf("xl/media/image%d.png", i), text("")}
	}
	return archive(t, extra...)
}

// the total is a limit of its own: entries that are each allowed and not suspicious.
func TestCheckTotal(t *testing.T) {
	l := Workbook()
	l.Unpacked = 10_000
	raw := archive(t, entry{"xl/media/a.png", zeros(6000)}, entry{"xl/media/b.png", zeros(6000)})
	_, err := Check(bytes.NewReader(raw), int64(len(raw)), l)
	if f := fault.As(err); f == nil || f.Code != "workbook_unpacked" || f.Kind != fault.TooLarge {
		t.Errorf("got %v", err)
	}
	l = Workbook()
	l.Memory = 10_000
	_, err = Check(bytes.NewReader(raw), int64(len(raw)), l)
	if f := fault.As(err); f == nil || f.Code != "workbook_memory" || f.Kind != fault.TooLarge {
		t.Errorf("got %v", err)
	}
	raw = archive(t, entry{"xl/sharedStrings.xml", text("<a>" + numbered("<b>%d</b>", 2000) + "</a>")})
	if _, err := Check(bytes.NewReader(raw), int64(len(raw)), l); err != nil {
		t.Errorf("shared strings are not kept in memory: %v", err)
	}
}

// A package says itself where its parts are, in any case and any folder.
func TestPackageByItsRelationships(t *testing.T) {
	const kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
	got, err := check(archive(t,
		entry{"xl/workbook.xml", nil}, entry{"xl/_rels/workbook.xml.rels", nil},
		entry{"xl/worksheets/sheet1.xml", nil}, entry{"xl/worksheets/sheet2.xml", nil},
		entry{
			"[Content_Types].xml",
			text(
				`<Types><Override PartName="/Mappe/Workbook22.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>`),
		},
		entry{"_rels/.rels", text(`<Relationships><Relationship Id="x" Type="` + kind +
			`officeDocument" Target="/mappe/workbook22.xml"/></Relationships>`)},
		entry{"mappe/workbook22.xml", text(bookXML)},
		entry{"mappe/_rels/workbook22.xml.rels",
			text(`<Relationships><Relationship Id="a" Type="` + kind + `worksheet" Target="Bl%C3%A4tter/Eins.xml"/>` +
				`<Relationship Id="b" Type="` + kind +
				`worksheet" Target="../anders/zwei.xml"/><Relationship Id="s" Type="` + kind +
				`sharedStrings" Target="texte.xml"/></Relationships>`)},
		entry{"mappe/Blätter/eins.xml", text(sheetXML)}, entry{"Anders/Zwei.xml", text(`<worksheet/>`)},
		entry{"mappe/texte.xml", text(`<sst/>`)}))
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Sheets) != 2 || got.Sheets[1] != (Sheet{"Eins & mehr", "mappe/Blätter/eins.xml", 2, 7}) ||
		got.Sheets[0].Part != "Anders/Zwei.xml" {
		t.Errorf("sheets %+v", got.Sheets)
	}
	if got.Book != "mappe/workbook22.xml" || got.Strings != "mappe/texte.xml" || got.Styles != "" {
		t.Errorf("got %+v", got)
	}
	// It also says what it is, whatever its folders are called.
	_, err = check(archive(t, entry{"[Content_Types].xml",
		text(
			`<Types><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`)}))
	if f := fault.As(err); f == nil || f.Code != "workbook_word" {
		t.Errorf("got %v", err)
	}
}

// What only has a format is no content: people format whole columns and sheets.
func TestEmptyFarAwayIsNoContent(t *testing.T) {
	got, err := check(archive(t, entry{"xl/worksheets/sheet1.xml",
		text(
			`<w><row r="2"><c r="A2"><v>1</v></c><c r="XFD2" s="1"/></row><row r="1048575"><c r="A1048575" s="2"/></row><row r="1048576" hidden="1"/></w>`)}))
	if err != nil || got.Sheets[1].Rows != 1 || got.Sheets[1].Last != 2 {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestEnter(t *testing.T) {
	leave, err := Enter(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Enter(ctx); !fault.Is(err, fault.RateLimited) {
		t.Errorf("a second import: %v", err)
	}
	leave()
	leave, err = Enter(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	leave()
}

func FuzzCheck(f *testing.F) {
	f.Add(archive(f))
	f.Add([]byte("PK\x05\x06" + strings.Repeat("\x00", 18)))
	f.Fuzz(func(t *testing.T, raw []byte) {
		if _, err := check(raw); err != nil && fault.As(err) == nil {
			t.Fatalf("not a fault: %v", err)
		}
	})
}

func FuzzScanner(f *testing.F) {
	f.Add(sheetXML)
	f.Add(`<?xml version="1.0" encoding="utf-8"?><a b="/>" c='"'><!----><![CDATA[]]></a>`)
	f.Fuzz(func(t *testing.T, part string) {
		scan := func(chunk int) (rows int, last int, err error) {
			s := newScanner("p", "S", true, Workbook())
			if _, err = io.CopyBuffer(s, struct{ io.Reader }{text(part)}, make([]byte, chunk)); err == nil {
				err = s.finish()
			}
			return s.rows, s.last, err
		}
		rows, last, err := scan(1 << 16)
		rows1, last1, err1 := scan(1)
		if (err == nil) != (err1 == nil) || err == nil && (rows != rows1 || last != last1) {
			t.Fatalf("in one piece %d, %d, %v; byte by byte %d, %d, %v", rows, last, err, rows1, last1, err1)
		}
	})
}
