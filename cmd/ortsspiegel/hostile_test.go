package main

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// bounded is how long hostile input may keep a command busy on a slow machine.
const bounded = 10 * time.Second

// refuses runs a command on hostile input: exit 1 with a message that is readable and not huge,
// soon, and never a panic.
func refuses(t *testing.T, stdin string, args ...string) {
	t.Helper()
	start := time.Now()
	o := commandWith(t, stdin, nil, args...)
	took := time.Since(start)
	said := o.out + o.err
	switch {
	case o.code != exitWrong:
		t.Errorf("exit code %d; stdout %.300q, stderr %.300q", o.code, o.out, o.err)
	case len(strings.TrimSpace(said)) < 15 || len(said) > 1<<20:
		t.Errorf("%d bytes of message: %.300q", len(said), said)
	case strings.Contains(said, "goroutine ") || strings.Contains(said, "runtime error"):
		t.Errorf("a panic: %.600s", said)
	case strings.ContainsAny(strings.ToValidUTF8(o.err, "\x00"), "\x00\x1b\x07"):
		t.Errorf("raw bytes go to the terminal: %.300q", o.err)
	case took > bounded:
		t.Errorf("took %v", took)
	}
}

func TestHostileChecklists(t *testing.T) {
	t.Parallel()
	deep := 100_000
	for name, text := range map[string]string{
		"empty":         "",
		"binary":        "\x7fELF\x02\x01\x01\x00\x00\xff\xfe\xfd",
		"NUL":           "id: a\x00b\n",
		"escape":        "id: \x1b[31mrot\n",
		"invalid UTF-8": "id: \xc3\x28\n",
		"UTF-16":        "\xff\xfei\x00d\x00",
		"broken":        "id: [a, b\nversion: }",
		"two documents": smallSheet + "---\n" + smallSheet,
		"lists":         strings.Repeat("[", deep) + strings.Repeat("]", deep),
		"open lists":    strings.Repeat("[", deep),
		"mappings":      strings.Repeat("{a: ", deep),
		"indents":       indents(1000),
		"dashes":        strings.Repeat("- ", deep),
		"aliases":       "a: &a [x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n",
		"anchors":       strings.Repeat("- &x y\n", deep),
		"merge":         "<<: {id: a}\n",
		"tags":          "!!python/object/apply:os.system ['true']\n",
		"exponent":      strings.Replace(smallSheet, "weight: 1", "weight: 1e999999", 1),
		"long exponent": strings.Replace(smallSheet, "weight: 1", "weight: 1e"+strings.Repeat("9", 1000), 1),
		"infinite":      strings.Replace(smallSheet, "weight: 1", "weight: .inf", 1),
		"no number":     strings.Replace(smallSheet, "weight: 1", "weight: .nan", 1),
		"digits":        strings.Replace(smallSheet, "weight: 1", "weight: "+strings.Repeat("9", 1_000_000), 1),
		"number limits": strings.Replace(smallSheet, "type: choice",
			"type: number, min: 1e-99999999, max: 1e999999999, step: 1e-999999999", 1),
		"too large": smallSheet + "#" + strings.Repeat("x", 1<<20),
		"many keys": strings.Repeat("x: 1\n", 150_000),
		"many questions": strings.Replace(smallSheet, "questions:\n",
			"questions:\n"+strings.Repeat("      - {id: a1, text: {de: F}, type: text}\n", 15_000), 1),
		"long line": "id: " + strings.Repeat("ä", 400_000),
	} {
		t.Run(name, func(t *testing.T) {
			file := write(t, text, t.TempDir(), "hostile.yaml")
			refuses(t, "", "lint", file)
			refuses(t, "", "lint", "--json", file)
			refuses(t, `{"answers":{}}`, "score", "--checklist", file)
		})
	}
	refuses(t, smallSheet+strings.Repeat("#", 20<<20), "score", "--checklist", "-", "--answers",
		filepath.Join("testdata", "answers.json"))
}

// indents nests mappings as people write them, one space deeper each.
func indents(depth int) string {
	var b strings.Builder
	for i := range depth {
		fmt.Fprintf(&b, "%sa:\n", strings.Repeat(" ", i))
	}
	return b.String()
}

func TestHostileAnswers(t *testing.T) {
	t.Parallel()
	deep := 100_000
	number := func(n string) string { return `{"answers":{"buero-terminfrist":{"value":` + n + `}}}` }
	for name, text := range map[string]string{
		"binary":          "\x7fELF\x02\x01\x01\x00\x00\xff\xfe\xfd",
		"NUL":             "{\x00}",
		"NUL in a text":   `{"answers":{"partner-beispiel":{"value":"a\u0000b"}}}`,
		"invalid UTF-8":   "{\"answers\":{\"partner-\xff\":{\"value\":1}}}",
		"escape":          "{\"answers\":{\"\\u001b[31mrot\":{\"value\":1}}}",
		"17 MiB":          `{"answers":{` + strings.Repeat(" ", 17<<20) + `}}`,
		"many unknown":    `{"answers":{` + strings.Repeat(`"x":{"value":1},`, 100_000) + `"y":{"value":1}}}`,
		"lists":           strings.Repeat("[", deep) + strings.Repeat("]", deep),
		"objects":         strings.Repeat(`{"answers":`, deep) + strings.Repeat("}", deep),
		"lists in values": number(strings.Repeat("[", deep) + strings.Repeat("]", deep)),
		"objects in it":   number(strings.Repeat(`{"a":`, deep) + "1" + strings.Repeat("}", deep)),
		"unfinished":      number(strings.Repeat("[", deep)),
		"exponent":        number("1e999999"),
		"small exponent":  number("1e-999999"),
		"huge exponent":   number("1e" + strings.Repeat("9", 1000)),
		"zero exponent":   number("0e999999999"),
		"digits":          number(strings.Repeat("9", 15<<20)),
		"decimals":        number("0." + strings.Repeat("3", 15<<20)),
		"a long text":     `{"answers":{"partner-beispiel":{"value":"` + strings.Repeat("ä", 7<<20) + `"}}}`,
		"many options":    `{"answers":{"netz-dienste":{"value":[` + strings.Repeat(`"x",`, 1_000_000) + `"y"]}}}`,
	} {
		t.Run(name, func(t *testing.T) {
			refuses(t, text, "score", "--checklist", welcome, "--json")
			// one line of a benchmark holds the same, without its line breaks
			line := strings.Replace(text, `{"answers"`, `{"ags":"05958004","population":1,"answers"`, 1)
			refuses(t, line, "bench", "--checklist", welcome, "--json")
			refuses(t, line, "bench", "--checklist", welcome, "--audience", "town")
		})
	}
	// unlike for one set of answers, no lines at all are a benchmark of nobody
	refuses(t, "", "score", "--checklist", welcome, "--json")
}

func TestHostileRegions(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"empty":         "",
		"binary":        "\x7fELF\x02\x01\x01\x00\x00\xff\xfe\xfd",
		"broken zip":    "PK\x03\x04 and nothing more",
		"old Excel":     "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
		"PDF":           "%PDF-1.7\n",
		"NUL":           "ags;name;population\n05958004;Arns\x00berg;1\n",
		"header only":   "ags;name;population\n",
		"no header":     "05958004;Arnsberg;1\n",
		"twice":         "ags;name;population\n05958004;Arnsberg;1\n05958004;Arnsberg;2\n",
		"six digits":    "ags;name;population\n595800;Arnsberg;1\n",
		"no population": "ags;name;population\n05958004;Arnsberg;viele\n",
		"exponent":      "ags;name;population\n05958004;Arnsberg;1e999999\n",
		"digits":        "ags;name;population\n05958004;Arnsberg;" + strings.Repeat("9", 1<<20) + "\n",
		"open quote":    "ags;name;population\n\"05958004;Arnsberg;1\n" + strings.Repeat("x\n", 100_000),
		"many rows":     "ags;name;population\n" + strings.Repeat("05958004;Arnsberg;1\n", 21_000),
		"9 MiB":         "ags;name;population\n" + strings.Repeat("x", 9<<20),
		"many columns":  strings.Repeat("ags;", 100_000),
	} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "data")
			refuses(t, "", "region", "import", "--data", dir, write(t, text, t.TempDir(), "hostile.csv"))
			command(t, "migrate", "--data", dir).wants(t, 1, "no database")
		})
	}
}

// Control characters are no part of a name: they reach neither what is stored nor a terminal.
func TestControlCharactersAreTakenOut(t *testing.T) {
	t.Parallel()
	file := write(t, "ags;name;population\n05958004;\x1b[31mArnsberg;1\n", t.TempDir(), "hostile.csv")
	o := command(t, "region", "import", "--data", filepath.Join(t.TempDir(), "data"), "--id", "land", file).wants(t, 0,
		"[31mArnsberg")
	if strings.Contains(o.out+o.err, "\x1b") {
		t.Errorf("an escape sequence is printed: %q, %q", o.out, o.err)
	}
}

func TestHostileOutlines(t *testing.T) {
	t.Parallel()
	dir := fillDemo(t, 0).dir
	ring := func(numbers string) string {
		return `{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"ags":"05958004"},"geometry":{"type":"Polygon","coordinates":[[` + numbers + `]]}}]}`
	}
	for name, text := range map[string]string{
		"empty":         "",
		"binary":        "\x7fELF\x02\x01\x01\x00\x00\xff\xfe\xfd",
		"list":          "[]",
		"no features":   `{"type":"FeatureCollection","features":[]}`,
		"another town":  strings.Replace(ring("[8,51],[8.1,51],[8.1,51.1],[8,51]"), "05958004", "09162000", 1),
		"no key":        strings.Replace(ring("[8,51],[8.1,51],[8.1,51.1],[8,51]"), "ags", "gkz", 1),
		"exponent":      ring("[1e999999,51],[8.1,51],[8.1,51.1],[1e999999,51]"),
		"other system":  ring("[432000,5680000],[433000,5680000],[433000,5681000],[432000,5680000]"),
		"lists":         ring(strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000)),
		"just lists":    strings.Repeat("[", 100_000),
		"huge":          ring(strings.Repeat("[8.123456,51.123456],", 3_000_000) + "[8.123456,51.123456]"),
		"script":        strings.Replace(ring(""), "Polygon", `</script><script>alert(1)</script>`, 1),
		"invalid UTF-8": "{\"type\":\"\xff\"}",
	} {
		t.Run(name, func(t *testing.T) {
			refuses(t, "", "map", "import", "--data", dir, "--region", "suedwestfalen",
				write(t, text, t.TempDir(), "hostile.json"))
		})
	}
}
