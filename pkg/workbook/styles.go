package workbook

import (
	"github.com/xuri/excelize/v2"

	"ortsspiegel/pkg/wording"
)

// styles are the cell formats of a book. Numbers carry neutral formats that the reader's
// program writes in its own language: 36.2 % or 36,2 %.
type styles struct {
	title, lead, label, big, head                                               int
	text, bold, ags, whole, wholeLeft, decimal, points, change, changeShare     int
	percent, percentBold, date, moment, free                                    int
	choose, chooseNumber, chooseDate, hint, link, repeated                      int
	group, groupPercent, groupNumber, warn, suppress, share, single, singleFree int
}

const (
	ink     = "1F2937"
	blue    = "0B4A8F"
	pale    = "E8EEF6"
	gridInk = "C5CDD8"
	entry   = "FFF8DC"
	amber   = "8A4B00"
	quiet   = "5B6675"
	peers   = "8A94A3"
)

// fontFamily is on every office computer, and its metrics are known wherever it is replaced.
const fontFamily = "Arial"

const (
	formatPercent = `0.0 %`
	formatShare   = `0 %`
	formatPoints  = `0.0`
	formatChange  = `+0.0;-0.0;0.0`
	formatText    = "@"
)

func (b *book) newStyles() styles {
	dateFormat, momentFormat := "dd.mm.yyyy", "dd.mm.yyyy hh:mm"
	if !wording.German(b.lang) {
		dateFormat, momentFormat = "yyyy-mm-dd", "yyyy-mm-dd hh:mm"
	}
	thin := []excelize.Border{{Type: "bottom", Color: gridInk, Style: 1}, {Type: "top", Color: gridInk, Style: 1},
		{Type: "left", Color: gridInk, Style: 1}, {Type: "right", Color: gridInk, Style: 1}}
	fill := func(color string) excelize.Fill {
		return excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{color}}
	}
	font := func(size float64, color string, bold bool) *excelize.Font {
		return &excelize.Font{Family: fontFamily, Size: size, Color: color, Bold: bold}
	}
	top := func(horizontal string) *excelize.Alignment {
		return &excelize.Alignment{Vertical: "top", Horizontal: horizontal, WrapText: horizontal != "right", Indent: indent(horizontal)}
	}
	make := func(s excelize.Style, format string) int {
		if s.Font == nil {
			s.Font = font(10, ink, false)
		}
		if format != "" {
			s.CustomNumFmt = &format
		}
		id, err := b.f.NewStyle(&s)
		b.keep(err)
		b.sees(id, &s)
		return id
	}
	plain := func(horizontal, format string) int {
		return make(excelize.Style{Border: thin, Alignment: top(horizontal)}, format)
	}
	group := func(horizontal, format string) int {
		return make(excelize.Style{Border: thin, Fill: fill(pale), Font: font(10, ink, true), Alignment: top(horizontal)}, format)
	}
	input := func(horizontal, format string) int {
		return make(excelize.Style{Border: thin, Fill: fill(entry), Alignment: top(horizontal)}, format)
	}
	all := styles{
		title: make(excelize.Style{Font: font(18, blue, true), Alignment: &excelize.Alignment{Vertical: "center"}}, ""),
		lead:  make(excelize.Style{Font: font(10, quiet, false), Alignment: &excelize.Alignment{Vertical: "top"}}, ""),
		label: make(excelize.Style{Font: font(11, quiet, false), Alignment: &excelize.Alignment{Vertical: "center", WrapText: true}}, ""),
		big:   make(excelize.Style{Font: font(16, blue, true), Alignment: &excelize.Alignment{Vertical: "center", Horizontal: "left"}}, formatPercent),
		head: make(excelize.Style{Border: thin, Fill: fill(blue), Font: font(10, "FFFFFF", true),
			Alignment: &excelize.Alignment{Vertical: "center", Horizontal: "left", WrapText: true, Indent: 1}}, ""),
		text: plain("left", ""), free: plain("left", formatText), ags: plain("left", formatText),
		bold:  make(excelize.Style{Border: thin, Font: font(10, ink, true), Alignment: top("left")}, ""),
		whole: plain("right", "#,##0"), wholeLeft: plain("left", "#,##0"), decimal: plain("right", ""), points: plain("right", formatPoints),
		change: plain("right", formatChange), changeShare: plain("right", `+0;-0;0`),
		percent: plain("right", formatPercent), share: plain("right", formatShare), percentBold: group("right", formatPercent),
		date: plain("left", dateFormat), moment: plain("left", momentFormat),
		choose: input("left", formatText), chooseNumber: input("left", "General"), chooseDate: input("left", dateFormat),
		hint:  make(excelize.Style{Font: font(10, quiet, false), Alignment: top("left")}, ""),
		link:  make(excelize.Style{Font: &excelize.Font{Family: fontFamily, Size: 11, Color: blue, Underline: "single"}, Alignment: top("left")}, ""),
		group: group("left", ""), groupPercent: group("right", formatPercent), groupNumber: group("right", ""),
		repeated: make(excelize.Style{Border: thin, Font: font(10, peers, false), Alignment: &excelize.Alignment{Vertical: "top", Horizontal: "left", Indent: 1, WrapText: true}}, ""),
		// one line per row, however long the text: tables of many rows
		single:     make(excelize.Style{Border: thin, Alignment: &excelize.Alignment{Vertical: "top"}}, ""),
		singleFree: make(excelize.Style{Border: thin, Alignment: &excelize.Alignment{Vertical: "top"}}, formatText),
		warn:       make(excelize.Style{Font: font(10, amber, true), Alignment: top("left")}, ""),
		suppress:   make(excelize.Style{Border: thin, Font: font(10, quiet, false), Alignment: top("right")}, ""),
	}
	delete(b.looks, all.repeated) // cut at the cell's edge: it takes no room
	return all
}

// value is a cell with a format; text is cleaned.
func value(style int, v any) excelize.Cell {
	if s, ok := v.(string); ok {
		v = clean(s)
	}
	return excelize.Cell{StyleID: style, Value: v}
}

// formula is a cell with a formula and the value it has now; nil stands for an empty text.
func formula(style int, f string, v any) excelize.Cell {
	return excelize.Cell{StyleID: style, Formula: f, Value: v}
}

// indent keeps texts off the cell's border.
func indent(horizontal string) int {
	return ternary(horizontal == "right" || horizontal == "left", 1, 0)
}
