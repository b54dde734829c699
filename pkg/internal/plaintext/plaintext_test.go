package plaintext

import (
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"ortsspiegel/pkg/fault"
)

func TestText(t *testing.T) {
	for in, want := range map[string]string{
		"a":                             "a",
		" a b ":                         "a b",
		strings.Repeat("\u200b", 10):    "",
		"\u00ad\u2800\u00a0\ufeff\t ":   "",
		"\u200d\ufe0f":                  "",
		"Gro\u0308ße\r\nzwei\rdrei":     "Größe\nzwei\ndrei",
		"Zeile 1_x000D_\nZeile 2":       "Zeile 1\nZeile 2",
		"12\u200b":                      "12",
		"Kinder\u00adgarten":            "Kindergarten",
		"10\u00a0000":                   "10\u00a0000",
		"☑\ufe0f":                       "☑\ufe0f",
		"a\u2028b":                      "a\nb",
		"\u202d+49 2931 1\u202c":        "+49 2931 1",
		"Neu\u202egnp.exe":              "Neugnp.exe",
		"\u2068Arnsberg\u2069\u200e":    "Arnsberg",
		"\x01\x02\x7f\u0080\x1b":        "",
		"rot\x1b\x07\vgrün\fblau\ttief": "rot\ngrün\nblau\ttief",
		"\u061c12\u2064":                "12",
	} {
		if got := Text(in); got != want {
			t.Errorf("Text(%q) is %q, not %q", in, got, want)
		}
	}
	if got := Line(" Stadt\r\n\u00a0Arnsberg  a\u200b "); got != "Stadt Arnsberg a" {
		t.Errorf("a line: %q", got)
	}
	for in, want := range map[string]int{"a        b": 3, "  ab ": 2, strings.Repeat("a\u200b", 5): 5, "e\u0301": 1,
		"\u2800\u2800x": 1, "\x01\x02a\x7f": 1} {
		if got := Length(in); got != want {
			t.Errorf("Length(%q) is %d, not %d", in, got, want)
		}
	}
}

func FuzzText(f *testing.F) {
	f.Add(" Gro\u0308ße_x000D_\r\n\u200b\xff")
	f.Fuzz(func(t *testing.T, s string) {
		once := Text(s)
		if IsBlank(s) && once != "" {
			t.Fatalf("%q is blank, Text is %q", s, once)
		}
		if strings.ContainsRune(once, '\r') && strings.ToValidUTF8(s, "") == s {
			t.Fatalf("Text(%q) has a carriage return", s)
		}
		if !norm.NFC.IsNormalString(once) && once != s {
			t.Fatalf("Text(%q) is not NFC", s)
		}
	})
}

func TestUngroup(t *testing.T) {
	for in, want := range map[string]string{"8079": "8079", "8.079": "8079", "1 234 567": "1234567",
		"74\u2009879": "74879", "-1.500": "-1500", "1'234": "1234"} {
		if got, ok := Ungroup(in); !ok || got != want {
			t.Errorf("%q is %q, %v, not %q", in, got, ok, want)
		}
	}
	for _, in := range []string{"", "8079.000", "1234.567", "12345.678", "1.23", "1.2345", "1.234 567", "0.123",
		"ca. 120", ".123", "1..234", "1 2"} {
		if got, ok := Ungroup(in); ok {
			t.Errorf("%q is taken as %q", in, got)
		}
	}
}

func TestDay(t *testing.T) {
	for in, want := range map[string]string{
		"2026-03-31": "2026-03-31", "31.03.2026": "2026-03-31", "1.4.19": "2019-04-01", "1. 4. 2019": "2019-04-01",
		"31-03-2019": "2019-03-31", "31/3/2019": "2019-03-31",
		"3/31/2019": "2019-03-31", "2019/04/01": "2019-04-01", "1. April 2019": "2019-04-01",
		"1 Apr 2019": "2019-04-01", "01-Apr-2019": "2019-04-01", "April 1, 2019": "2019-04-01",
		"1st of April 2019": "2019-04-01", "3. März 2019": "2019-03-03", "3. Ma\u0308rz 2019": "2019-03-03",
		"01.04.2019 14:30": "2019-04-01", "2019/04/01 2:30 PM": "2019-04-01",
		"2019-04-01T14:30:00Z": "2019-04-01", "2019-04-01 14:30:00.123+02:00": "2019-04-01",
		"Montag, den 1. April 2019": "2019-04-01", "Mo, 01.04.2019": "2019-04-01",
		"01.04.2019, 14.30 Uhr": "2019-04-01", "4/4/2019": "2019-04-04", "01.04.2019\u200b": "2019-04-01",
		"April 1, 2019 2:30 pm": "2019-04-01",
	} {
		if got, ambiguous := Day(in, OrderOpen); got != want || ambiguous {
			t.Errorf("%q is %q, %v, not %q", in, got, ambiguous, want)
		}
	}
	for _, in := range []string{"4/1/2019", "4/1/19", "04-01-2019", "4/1/2019 14:30"} {
		if got, ambiguous := Day(in, OrderOpen); !ambiguous {
			t.Errorf("%q is taken as %q", in, got)
		}
		if got, _ := Day(in, MonthFirst); got != "2019-04-01" {
			t.Errorf("%q, the month first, is %q", in, got)
		}
		if got, _ := Day(in, DayFirst); got != "2019-01-04" {
			t.Errorf("%q, the day first, is %q", in, got)
		}
	}
	for _, in := range []string{"", "2019", "Frühjahr 2019", "30.02.2019", "1.4.201", "0019-01-01",
		"31. Blaubeer 2019", "1.4-2019", "14:30", "12", "4.2019", "1. Mailand 2019"} {
		if got, ambiguous := Day(in, OrderOpen); got != "" || ambiguous {
			t.Errorf("%q is taken as %q, %v", in, got, ambiguous)
		}
	}
	if got, _ := Day("4/13/2019", DayFirst); got != "" {
		t.Errorf("the day first was promised: %q", got)
	}
	if got, _ := Day("13/4/2019", MonthFirst); got != "" {
		t.Errorf("the month first was promised: %q", got)
	}
}

var small = CSVLimits{Bytes: 1 << 20, Rows: 100, Columns: 20, Cells: 1000}

func TestReadCSV(t *testing.T) {
	const plain = "ags;ort;note\n05958004;Büren;x\n05958008;Größe;\n"
	encode := func(pairs ...string) string { return strings.NewReplacer(pairs...).Replace(plain) }
	for name, c := range map[string]struct{ raw, converted string }{
		"plain":      {plain, ""},
		"mark":       {"\xEF\xBB\xBF" + plain, ""},
		"crlf":       {strings.ReplaceAll(plain, "\n", "\r\n"), ""},
		"cr":         {strings.ReplaceAll(plain, "\n", "\r"), ""},
		"tabs":       {strings.ReplaceAll(plain, ";", "\t"), ""},
		"commas":     {strings.ReplaceAll(plain, ";", ","), ""},
		"bars":       {strings.ReplaceAll(plain, ";", "|"), ""},
		"sep":        {"sep=;\n" + plain, ""},
		"sep of tab": {"\xEF\xBB\xBFsep=\t\r\n" + strings.ReplaceAll(plain, ";", "\t"), ""},
		"quoted sep": {"\"sep=;\"\n" + plain, ""},
		"comments":   {"# Quelle: Amt;;\n\n" + plain, ""},
		"equals":     {strings.ReplaceAll(plain, "05958004", `="05958004"`), ""},
		"requoted":   {strings.ReplaceAll(plain, "05958004", `"=""05958004"""`), ""},
		"zero width": {strings.ReplaceAll(plain, "05958004", "\u200b05958004\u00a0"), ""},
		"decomposed": {norm.NFD.String(plain), ""},
		"windows":    {encode("ü", "\xFC", "ö", "\xF6", "ß", "\xDF"), Windows1252},
		"mac":        {encode("ü", "\x9F", "ö", "\x9A", "ß", "\xA7", "\n", "\r"), MacRoman},
		"blank rows": {strings.ReplaceAll(plain, "\n", "\n;;\n \n"), ""},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := ReadCSV([]byte(c.raw), small)
			if err != nil {
				t.Fatal(err)
			}
			var b strings.Builder
			for _, r := range got.Rows {
				b.WriteString(strings.Join(r.Fields, ";") + "\n")
			}
			if b.String() != plain || got.Converted != c.converted {
				t.Errorf("got %q, converted from %q", b.String(), got.Converted)
			}
		})
	}
}

func TestReadCSVLinesAndFaults(t *testing.T) {
	got, err := ReadCSV([]byte("sep=;\r\nags;\"Einwohner\r\n2024\"\r\n\r\n1;2\r\n"), small)
	if err != nil || len(got.Rows) != 2 || got.Rows[0].Line != 2 || got.Rows[1].Line != 5 ||
		got.Rows[0].Fields[1] != "Einwohner\n2024" {
		t.Fatalf("got %+v, %v", got, err)
	}
	_, err = ReadCSV([]byte("# eins\nags;ort\n1;\"A\n"), small)
	if f := fault.As(err); f == nil || f.Code != "csv_quotes" || !strings.HasPrefix(f.Message, "line 3:") {
		t.Errorf("got %v", err)
	}
	for raw, code := range map[string]string{"": "csv_empty", "\u200b \n": "csv_empty", "# nur\n": "csv_empty",
		"\xFF\xFEa\x00": "csv_utf16", "a\x00": "csv_binary", "a;\x81\x8D\n": "csv_encoding",
		strings.Repeat("a;b\n", 101): "csv_rows", strings.Repeat(";", 30) + "a\n": "csv_columns",
		strings.Repeat("a", 1<<20+1): "csv_bytes"} {
		if _, err := ReadCSV([]byte(raw), small); fault.As(err) == nil || fault.As(err).Code != code {
			t.Errorf("%.20q: want %s, got %v", raw, code, err)
		}
	}
	// Signs of Windows-1252 are no letters of a Mac.
	if s, from, err := Decode([]byte("12 \x80 und \xA7 5 usw\x85 M\xFCller")); err != nil || from != Windows1252 ||
		s != "12 € und § 5 usw… Müller" {
		t.Errorf("got %q, %s, %v", s, from, err)
	}
}

func TestFold(t *testing.T) {
	for want, list := range map[string][]string{
		"strasse":      {"Straße", "STRASSE", "strasse", "STRAẞE", " Stra\u00adße "},
		"muhlen":       {"Mühlen", "MÜHLEN", "Mu\u0308hlen", "muhlen"},
		"orebro":       {"Örebro", "ØREBRO"},
		"a b":          {"A b", "a\u00a0B"},
		"angstrom aes": {"Ångström Æs"},
		"":             {"", " ", "\u200b"},
	} {
		for _, s := range list {
			if got := Fold(s); got != want {
				t.Errorf("%q becomes %q, not %q", s, got, want)
			}
		}
	}
}
