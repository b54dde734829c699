package chart

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"ortsspiegel/pkg/bench"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/wording"
)

// words are the texts of the pictures by language; German stands in for a language without texts.
var words = map[checklist.Lang]map[string]string{
	"de": {
		"own": "Eigener Wert", "median": "Median", "band": "mittlere Hälfte", "q1": "unteres Viertel bis",
		"q3": "oberes Viertel ab", "min": "Minimum", "max": "Maximum",
		"n": "Anzahl", "share": "Anteil", "of_towns": "der Kommunen, die geantwortet haben",
		"box": "mittlere Hälfte mit Median", "whole_box": "Minimum, Viertel, Median, Maximum", "section": "Abschnitt",
		"question": "Frage", "town": "Kommune", "total": "Gesamt", "total_short": "ges.", "level": "Stufe",
		"option": "Antwort", "towns": "Kommunen", "yours": "Ihre Antwort", "population": "Einwohner",
		"score":     "Punktzahl",
		"undefined": "keine Angabe, die zählt", "not_submitted": "nicht eingereicht",
		"radar_left_out": "Nicht im Netz, weil Zahlen fehlen: ",
		"radar_many":     "So viele Abschnitte lassen sich als Netz nicht mehr lesen. Die Tabelle zeigt alle.",
		"radar_few": "Für ein Netz braucht es mindestens drei Abschnitte mit Zahlen. Die Tabelle zeigt, was " +
			"vorliegt.",
		"nothing": "Es liegen noch keine Zahlen vor.",
		"no_boxes": "Die Viertel sind hier nicht veröffentlicht: Das Diagramm zeigt den Median und die eigene " +
			"Punktzahl.",
		"no_coordinates": "Für keine der Kommunen liegen Koordinaten vor.",
		"circle_size": "Je größer der Punkt, desto mehr Menschen leben dort. Ziffer und Farbe zeigen die Stufe; " +
			"wo für Namen kein Platz ist, steht statt der Ziffer die Nummer aus der Liste.",
		"drawn_size": "Je größer der Kreis, desto mehr Menschen leben dort; Ziffer und Farbe zeigen die Stufe, " +
			"gestrichelt: nicht eingereicht.",
		"drawn_unnamed":  "Für %s Namen war kein Platz.",
		"drawn_outlines": "Die Linien sind die Grenzen der Kommunen.",
		"circle_moved":   "Punkte, die einander verdecken würden, sind etwas auseinandergerückt.",
		"circle_many": "Je größer der Punkt, desto mehr Menschen leben dort; die Farbe zeigt die Stufe. Bei so " +
			"vielen Kommunen stehen keine Namen im Diagramm: Die Tabelle nennt sie alle.",
		"outline_pattern": "Farbe und Muster zeigen die Stufe, die Nummern erklärt die Liste.",
		"inhabitants":     "Einwohner",
		"unknown":         "unbekannt",
		"round":           "Runde", "change": "Veränderung", "answers": "neue Antworten",
		"rules": "geänderte Checkliste", "points_unit": "Prozentpunkte",
		"no_score": "keine Punktzahl", "not_comparable": "nicht vergleichbar",
		"bridge_note": "Rauten sind Punktzahlen, die Balken dazwischen Prozentpunkte: erst neue Antworten auf " +
			"dieselben Fragen, dann die geänderte Checkliste. Schraffiert heißt mehr, gestrichelt heißt weniger.",
		"bridge_axis": "Die Achse zeigt den Ausschnitt von %s bis %s.",
	},
	"en": {
		"own": "Own score", "median": "Median", "band": "middle half", "q1": "lower quarter up to",
		"q3": "upper quarter from", "min": "Minimum", "max": "Maximum",
		"n": "Number", "share": "Share", "of_towns": "of the towns that answered", "box": "middle half with median",
		"whole_box": "minimum, quarters, median, maximum", "section": "Section", "question": "Question",
		"town": "Town", "total": "Total", "total_short": "all", "level": "Level",
		"option": "Answer", "towns": "towns", "yours": "Your answer", "population": "Population", "score": "Score",
		"undefined": "no answer that counts", "not_submitted": "not submitted",
		"radar_left_out": "Left out of the chart because figures are missing: ",
		"radar_many":     "So many sections cannot be read as a net. The table shows them all.",
		"radar_few":      "The chart needs at least three sections with figures. The table shows what there is.",
		"nothing":        "There are no figures yet.",
		"no_boxes":       "The quarters are not published here: the chart shows the median and your own score.",
		"no_coordinates": "There are no coordinates for any of the towns.",
		"circle_size": "The bigger the dot, the more people live there. Digit and colour show the level; where " +
			"names have no room, the number from the list stands in place of the digit.",
		"drawn_size": "The bigger the circle, the more people live there; digit and colour show the level, " +
			"dashed: not submitted.",
		"drawn_unnamed":  "There was no room for %s names.",
		"drawn_outlines": "The lines are the borders of the towns.",
		"circle_moved":   "Dots that would hide each other are moved apart a little.",
		"circle_many": "The bigger the dot, the more people live there; the colour shows the level. With so many " +
			"towns there are no names in the chart: the table names them all.",
		"outline_pattern": "Colour and pattern show the level, the list explains the numbers.",
		"inhabitants":     "inhabitants",
		"unknown":         "unknown",
		"round":           "Round", "change": "Change", "answers": "new answers", "rules": "changed checklist",
		"points_unit": "percentage points",
		"no_score":    "no score", "not_comparable": "not comparable",
		"bridge_note": "Diamonds are scores, the bars between them percentage points: first new answers to the same " +
			"questions, then the changed checklist. Hatched means more, dashed means less.",
		"bridge_axis": "The axis shows the part from %s to %s.",
	},
}

// writer writes texts and figures in one language.
type writer struct {
	lang  checklist.Lang
	whole bool // figures of the group in whole percent, as a release gives them
}

func (w writer) word(key string) string {
	if t, ok := words[w.lang]; ok {
		return t[key]
	}
	return words["de"][key]
}

// percent writes a score in [0, 1] with one decimal.
func (w writer) percent(f float64) string { return wording.Picture(w.lang).Percent(f) }

// whole100 writes whole percent.
func (w writer) whole100(percent float64) string {
	return wording.Picture(w.lang).Unit(strconv.Itoa(int(percent)))
}

// group writes a figure of a group: whole percent if that is what was published.
func (w writer) group(f float64) string {
	if w.whole {
		return wording.Picture(w.lang).WholePercent(f)
	}
	return w.percent(f)
}

// change writes a difference in tenths of a percentage point with its sign: "+4,2", "−1,4", "0,0".
func (w writer) change(tenths int) string {
	if w.whole {
		return wording.Picture(w.lang).WholeChange(tenths)
	}
	return wording.Picture(w.lang).Change(tenths)
}

// count writes a whole number with grouping: 74.879.
func (w writer) count(n int) string { return wording.Picture(w.lang).Number(n) }

// whole returns what is drawn for a score that is published in whole percent.
func whole(f float64) float64 { return float64(wording.Whole(f)) }

// points returns what is drawn for a score: percent, cut like the shown number so that both agree.
func points(f float64) float64 { return float64(wording.Tenths(f)) / 10 }

// plain makes a text safe inside an option: ECharts reads {b} and {style|text} in some places, so
// the brace is parted from what follows by an invisible word joiner; control characters go.
func plain(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r == utf8.RuneError {
			return ' '
		}
		return r
	}, s)
	return strings.ReplaceAll(strings.TrimSpace(s), "{", "{\u2060")
}

// short is plain, cut at a word to at most n characters. The table and the tooltip keep the whole.
func short(s string, n int) string {
	s = plain(s)
	runes := []rune(s)
	if len(runes) <= n {
		return s
	}
	cut := string(runes[:n-1])
	if i := strings.LastIndexByte(cut, ' '); i > len(cut)*2/3 {
		cut = cut[:i]
	}
	return strings.TrimRight(cut, " ,;:–-") + "…"
}

// lines breaks a text between words into lines of about n characters, and words that are longer than a line.
func lines(s string, n int) string {
	var b strings.Builder
	length := 0
	for _, word := range strings.Fields(s) {
		for runes := []rune(word); len(runes) > n; runes = []rune(word) {
			if length > 0 {
				b.WriteByte('\n')
			}
			b.WriteString(string(runes[:n-1]) + "-")
			word, length = string(runes[n-1:]), n
		}
		l := utf8.RuneCountInString(word)
		switch {
		case length > 0 && length+1+l > n:
			b.WriteByte('\n')
			length = 0
		case length > 0:
			b.WriteByte(' ')
			length++
		}
		b.WriteString(word)
		length += l
	}
	return b.String()
}

// footnotes numbers the reasons why a picture's figures are missing.
type footnotes struct {
	writer
	wording.Footnotes
}

// notes lists the footnotes.
func (f *footnotes) notes() []string { return f.Lines(f.lang, wording.NotDrawn) }

// cell returns a figure of a node as a table shows it: the number, a dot with its footnote, or a dash.
func (f *footnotes) cell(value *float64, reason bench.Reason) Cell {
	if value = finite(value); value != nil {
		shown := points(*value) / 100
		if f.whole {
			shown = whole(*value) / 100
		}
		return Cell{Text: f.group(*value), Numeric: true, Value: &shown}
	}
	if reason != "" {
		return Cell{Text: f.Mark(reason), Numeric: true}
	}
	return Cell{Text: wording.Dash, Numeric: true}
}

// own returns the own score as a table shows it.
func (w writer) own(value *float64) Cell {
	if value = finite(value); value == nil {
		return Cell{Text: wording.Dash, Numeric: true}
	}
	shown := points(*value) / 100
	return Cell{Text: w.percent(*value), Numeric: true, Value: &shown}
}

func head(texts ...string) []Cell {
	cells := make([]Cell, len(texts))
	for i, t := range texts {
		cells[i] = Cell{Text: t, Numeric: i > 0}
	}
	return cells
}
