package book

import (
	"github.com/xuri/excelize/v2"

	"ortsspiegel/pkg/wording"
)

// styles are the cell formats of a book. Numbers carry neutral formats that the reader's
// program writes in its own language: 36.2 % or 36,2 %.
type styles struct {
	Title, Lead, Label, Big, Head                                               int
	Text, Bold, Ags, Whole, WholeLeft, Decimal, Points, Change, ChangeShare     int
	Percent, PercentBold, Date, Moment, Free                                    int
	Choose, ChooseNumber, ChooseDate, Hint, Link, Repeated                      int
	Group, groupPercent, GroupNumber, Warn, Suppress, Share, Single, SingleFree int
}

const (
	Ink     = "1F2937"
	Blue    = "0B4A8F"
	pale    = "E8EEF6"
	GridInk = "C5CDD8"
	Entry   = "FFF8DC"
	Amber   = "8A4B00"
	Quiet   = "5B6675"
	Peers   = "8A94A3"
)

// FontFamily is on every office computer, and its metrics are known wherever it is replaced.
const FontFamily = "Arial"

const (
	formatPercent = `0.0 %`
	formatShare   = `0 %`
	formatPoints  = `0.0`
	formatChange  = `+0.0;-0.0;0.0`
	FormatText    = "@"
)

func (b *Book) newStyles() styles {
	dateFormat, momentFormat := "dd.mm.yyyy", "dd.mm.yyyy hh:mm"
	if !wording.German(b.Lang) {
		dateFormat, momentFormat = "yyyy-mm-dd", "yyyy-mm-dd hh:mm"
	}
	thin := []excelize.Border{{Type: "bottom", Color: GridInk, Style: 1}, {Type: "top", Color: GridInk, Style: 1},
		{Type: "left", Color: GridInk, Style: 1}, {Type: "right", Color: GridInk, Style: 1}}
	fill := func(color string) excelize.Fill {
		return excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{color}}
	}
	font := func(size float64, color string, bold bool) *excelize.Font {
		return &excelize.Font{Family: FontFamily, Size: size, Color: color, Bold: bold}
	}
	top := func(horizontal string) *excelize.Alignment {
		return &excelize.Alignment{Vertical: "top", Horizontal: horizontal, WrapText: horizontal != "right",
			Indent: indent(horizontal)}
	}
	oneLine := &excelize.Alignment{Vertical: "top", Horizontal: "left", Indent: 1}
	make := func(s excelize.Style, format string) int {
		if s.Font == nil {
			s.Font = font(10, Ink, false)
		}
		if format != "" {
			s.CustomNumFmt = &format
		}
		id, err := b.F.NewStyle(&s)
		b.Keep(err)
		b.Sees(id, &s)
		return id
	}
	plain := func(horizontal, format string) int {
		return make(excelize.Style{Border: thin, Alignment: top(horizontal)}, format)
	}
	group := func(horizontal, format string) int {
		return make(excelize.Style{Border: thin, Fill: fill(pale), Font: font(10, Ink, true),
			Alignment: top(horizontal)}, format)
	}
	input := func(horizontal, format string) int {
		return make(excelize.Style{Border: thin, Fill: fill(Entry), Alignment: top(horizontal)}, format)
	}
	all := styles{
		Title: make(excelize.Style{Font: font(18, Blue, true), Alignment: &excelize.Alignment{Vertical: "center"}}, ""),
		Lead:  make(excelize.Style{Font: font(10, Quiet, false), Alignment: &excelize.Alignment{Vertical: "top"}}, ""),
		Label: make(excelize.Style{Font: font(11, Quiet, false), Alignment: &excelize.Alignment{Vertical: "center",
			WrapText: true}}, ""),
		Big: make(excelize.Style{Font: font(16, Blue, true), Alignment: &excelize.Alignment{Vertical: "center",
			Horizontal: "left"}}, formatPercent),
		Head: make(excelize.Style{Border: thin, Fill: fill(Blue), Font: font(10, "FFFFFF", true),
			Alignment: &excelize.Alignment{Vertical: "center", Horizontal: "left", WrapText: true, Indent: 1}}, ""),
		Text: plain("left", ""), Free: plain("left", FormatText), Ags: plain("left", FormatText),
		Bold:  make(excelize.Style{Border: thin, Font: font(10, Ink, true), Alignment: top("left")}, ""),
		Whole: plain("right", "#,##0"), WholeLeft: plain("left", "#,##0"), Decimal: plain("right", ""),
		Points: plain("right", formatPoints),
		Change: plain("right", formatChange), ChangeShare: plain("right", `+0;-0;0`),
		Percent: plain("right", formatPercent), Share: plain("right", formatShare),
		PercentBold: group("right", formatPercent),
		Date:        plain("left", dateFormat), Moment: plain("left", momentFormat),
		Choose: input("left", FormatText), ChooseNumber: input("left", "General"),
		ChooseDate: input("left", dateFormat),
		Hint:       make(excelize.Style{Font: font(10, Quiet, false), Alignment: top("left")}, ""),
		Link: make(excelize.Style{Font: &excelize.Font{Family: FontFamily, Size: 11, Color: Blue,
			Underline: "single"}, Alignment: top("left")}, ""),
		Group: group("left", ""), groupPercent: group("right", formatPercent), GroupNumber: group("right", ""),
		Repeated: make(excelize.Style{Border: thin, Font: font(10, Peers, false),
			Alignment: &excelize.Alignment{Vertical: "top", Horizontal: "left", Indent: 1, WrapText: true}}, ""),
		// one line per row, however long the text: tables of many rows
		Single:     make(excelize.Style{Border: thin, Alignment: oneLine}, ""),
		SingleFree: make(excelize.Style{Border: thin, Alignment: oneLine}, FormatText),
		Warn:       make(excelize.Style{Font: font(10, Amber, true), Alignment: top("left")}, ""),
		Suppress:   make(excelize.Style{Border: thin, Font: font(10, Quiet, false), Alignment: top("right")}, ""),
	}
	delete(b.looks, all.Repeated) // cut at the cell's edge: it takes no room
	return all
}

// Value is a cell with a format; text is cleaned.
func Value(style int, v any) excelize.Cell {
	if s, ok := v.(string); ok {
		v = Clean(s)
	}
	return excelize.Cell{StyleID: style, Value: v}
}

// Formula is a cell with a formula and the value it has now; nil stands for an empty text.
func Formula(style int, f string, v any) excelize.Cell {
	return excelize.Cell{StyleID: style, Formula: f, Value: v}
}

// indent keeps texts off the cell's border.
func indent(horizontal string) int {
	return Ternary(horizontal == "right" || horizontal == "left", 1, 0)
}
