package prose

import (
	"fmt"
	"strings"
	"testing"
)

func TestWrite(t *testing.T) {
	const hint = `<span class="os-visually-hidden"> (neu)</span></a>`
	print := func(address string) string { return `<span class="os-address"> (` + address + `)</span>` }
	web := func(address string) string {
		return `<a href="` + address + `" rel="noreferrer noopener" target="_blank">`
	}
	for _, tt := range []struct{ name, text, lead, rest, plain string }{
		{"plain", "Ein Satz. Noch einer & mehr: 3 < 5.", "Ein Satz. Noch einer &amp; mehr: 3 &lt; 5.", "",
			"Ein Satz. Noch einer & mehr: 3 < 5."},
		{"two lines", "Eins\nzwei\n", "Eins\nzwei", "", "Eins\nzwei"},
		{"paragraphs", "Eins\n\nzwei", "Eins", "<p>zwei</p>", "Eins\n\nzwei"},
		{"emphasis", "Das ist *wichtig* und **sehr _ernst_**.",
			"Das ist <em>wichtig</em> und <strong>sehr <em>ernst</em></strong>.", "",
			"Das ist wichtig und sehr ernst."},
		{"gender star", "Bürger*innen und Besucher*innen, Kolleg*innen",
			"Bürger*innen und Besucher*innen, Kolleg*innen", "", "Bürger*innen und Besucher*innen, Kolleg*innen"},
		{"bold part of a word", "**Aus**bildung", "<strong>Aus</strong>bildung", "", "Ausbildung"},
		{"stars and underscores that mark nothing", "2 * 3 * 4 und ein_name_hier", "2 * 3 * 4 und ein_name_hier", "",
			"2 * 3 * 4 und ein_name_hier"},
		{"list", "Es zählt:\n- eins\n- zwei", "Es zählt:", "<ul>\n<li>eins</li>\n<li>zwei</li>\n</ul>",
			"Es zählt:\n- eins\n- zwei"},
		{"list alone", "1. eins\n2. zwei\n   - innen", "",
			"<ol>\n<li>eins</li>\n<li>zwei\n<ul>\n<li>innen</li>\n</ul>\n</li>\n</ol>", "1. eins\n2. zwei\n   - innen"},
		{"list from 3", "3) drei\n4) vier", "", "<ol start=\"3\">\n<li>drei</li>\n<li>vier</li>\n</ol>",
			"3. drei\n4. vier"},
		{"link", "Siehe [Leitfaden](https://example.org/a?b=1&c=2).",
			"Siehe " + web("https://example.org/a?b=1&amp;c=2") + "Leitfaden" +
				print("https://example.org/a?b=1&amp;c=2") + hint + ".", "",
			"Siehe Leitfaden (https://example.org/a?b=1&c=2)."},
		{"link named by its address", "[example.org](https://example.org/)",
			web("https://example.org/") + "example.org" + hint, "", "https://example.org/"},
		{"mail", "[Frau Klein](mailto:klein@example.org)",
			`<a href="mailto:klein@example.org">Frau Klein` + print("klein@example.org") + `</a>`, "",
			"Frau Klein (klein@example.org)"},
		{"autolink", "<https://example.org>",
			`<a href="https://example.org" rel="noreferrer noopener" target="_blank">https://example.org</a><span class="os-visually-hidden"> (neu)</span>`, "", "https://example.org"},
		{"mail autolink", "<klein@example.org>", `<a href="mailto:klein@example.org">klein@example.org</a>`, "",
			"klein@example.org"},
		{"reference", "Siehe [den Leitfaden][1].\n\n[1]: https://example.org",
			"Siehe " + web("https://example.org") + "den Leitfaden" + print("https://example.org") + hint + ".", "",
			"Siehe den Leitfaden (https://example.org)."},
		{"escape and entity", `\*kein\* &copy; &lt;b&gt;`, "*kein* © &lt;b&gt;", "", "*kein* © <b>"},
		{"bare address", "https://example.org", "https://example.org", "", "https://example.org"},
		{"quotes in an address", `[x](https://example.org/"onmouseover=alert(1))`,
			web("https://example.org/%22onmouseover=alert(1)") + "x" +
				print(`https://example.org/&#34;onmouseover=alert(1)`) + hint, "",
			`x (https://example.org/"onmouseover=alert(1))`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if faults := Check(tt.text); len(faults) > 0 {
				t.Fatalf("%+v", faults)
			}
			w := Write(tt.text, "(neu)")
			if w.Lead != tt.lead || w.Rest != tt.rest {
				t.Errorf("lead\n%s\nwant\n%s\nrest\n%s\nwant\n%s", w.Lead, tt.lead, w.Rest, tt.rest)
			}
			if got := Plain(tt.text); got != tt.plain {
				t.Errorf("plain %q, want %q", got, tt.plain)
			}
		})
	}
}

// TestRefused holds each thing that cannot be to its place, and to being shown as it was written.
func TestRefused(t *testing.T) {
	for _, tt := range []struct {
		text string
		kind Kind
		at   string
	}{
		{"Ein <b>fettes Wort", HTML, "1:5"},
		{"Eins\n\n<script>alert(1)</script>", HTML, "3:1"},
		{"<!-- weg -->", HTML, "1:1"},
		{"ä <img src=x onerror=alert(1)>", HTML, "1:3"},
		{"Siehe ![Bild](https://example.org/a.png)", Picture, "1:7"},
		{"# Titel", Heading, "1:1"},
		{"Eins\n\nTitel\n---", Heading, "3:1"},
		{"Ein `code`", Code, "1:5"},
		{"Eins\n\n```\ncode\n```", Code, "3:1"},
		{"~~~\n~~~", Code, "1:1"},
		{"Eins\n\n    eingerückt", Code, "3:5"},
		{"> Zitat", Quote, "1:1"},
		{"Eins\n\n***\n\nzwei", Line, "3:1"},
		{"| a | b |\n|---|---|\n| 1 | 2 |", Table, "1:1"},
		{"[x](javascript:alert(1))", Link, "1:1"},
		{"Ja: [x](JaVaScRiPt:alert(1))", Link, "1:5"},
		{"[x](javascript&colon;alert(1))", Link, "1:1"},
		{"[x](java&#115;cript:alert(1))", Link, "1:1"},
		{`[x](javascript\:alert(1))`, Link, "1:1"},
		{"[x](<java\tscript:alert(1)>)", Link, "1:1"},
		{"[x](data:text/html,a)", Link, "1:1"},
		{"[x](vbscript:a)", Link, "1:1"},
		{"[x](file:///etc/passwd)", Link, "1:1"},
		{"[x](//example.org)", Link, "1:1"},
		{"[x](/account)", Link, "1:1"},
		{"[x](www.example.org)", Link, "1:1"},
		{"[x](https://)", Link, "1:1"},
		{"[x](https://example.org@evil.example)", Link, "1:1"},
		{"[x](mailto:)", Link, "1:1"},
		{"[](https://example.org)", Link, "1:1"},
		{"<javascript:alert(1)>", Link, "1:1"},
		{"<ftp://example.org>", Link, "1:1"},
		{"[x][1]\n\n[1]: javascript:alert(1)", Link, "1:1"},
		{"Eins\n\n[Neu]: Portal", Reference, "3:1"},
		{"- a\n  - b\n    - c\n      - d", Deep, "4:7"},
	} {
		t.Run(tt.text, func(t *testing.T) {
			faults := Check(tt.text)
			if len(faults) != 1 || faults[0].Kind != tt.kind {
				t.Fatalf("%+v, want one of %s", faults, tt.kind)
			}
			if at := fmt.Sprintf("%d:%d", faults[0].Line, faults[0].Column); at != tt.at {
				t.Errorf("at %s, want %s", at, tt.at)
			}
			if faults[0].Message == "" {
				t.Error("no message")
			}
			w := Write(tt.text, "")
			if strings.ContainsAny(w.Lead, "<>\"") || w.Rest != "" {
				t.Errorf("written as %+v", w)
			}
			if Plain(tt.text) != tt.text {
				t.Errorf("plain %q", Plain(tt.text))
			}
		})
	}
}

func TestLongTexts(t *testing.T) {
	long := strings.Repeat("*a* ", MaxLength)
	if w := Write(long, ""); w.Lead != long || Plain(long) != long {
		t.Error("a text that is too long is not shown as it was written")
	}
}

// FuzzWrite looks for texts whose HTML is more than paragraphs, lists, emphasis and links.
func FuzzWrite(f *testing.F) {
	for _, s := range []string{"[x](javascript:a)", "<b>", "&lt;script&gt;", "- a\n\n  b\n1. c",
		"[a]: https://b.de 'x\"y'\n[a]", "<https://a.de/?\"'>", "**a*b**c*", "![[a](https://b.de)](https://c.de)"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		w := Write(s, "neu")
		rest := w.Lead + w.Rest
		for {
			i := strings.IndexByte(rest, '<')
			if i < 0 {
				break
			}
			rest = rest[i:]
			end := strings.IndexByte(rest, '>')
			if end < 0 {
				t.Fatalf("%q: %q", s, rest)
			}
			tag := rest[1:end]
			name, _, _ := strings.Cut(strings.TrimPrefix(tag, "/"), " ")
			switch name {
			case "p", "ul", "ol", "li", "em", "strong", "br", "span":
			case "a":
				if address, ok := strings.CutPrefix(tag, `a href="`); ok {
					address, _, _ = strings.Cut(address, `"`)
					if !strings.HasPrefix(strings.ToLower(address), "http") &&
						!strings.HasPrefix(strings.ToLower(address), "mailto:") {
						t.Fatalf("%q: address %q", s, address)
					}
				}
			default:
				t.Fatalf("%q: tag %q", s, tag)
			}
			rest = rest[end+1:]
		}
	})
}
