package book

import (
	"strings"

	"github.com/xuri/excelize/v2"
)

// What a column's width means: Excel counts digits of the workbook's own font, which are 7 pixels wide in Arial of 10
// points. A cell keeps some of it for its edges and its indent.
const (
	digitPixels  = 7
	edgePixels   = 13
	pointPixels  = 4.0 / 3 // at 96 pixels an inch
	bodyPoints   = 10      // points
	screenMargin = 0.97    // letters are wider on a screen, where they begin on whole pixels
	boldFactor   = 1.08
)

// letterWidths are the widths of the letters from the space to ~ in Arial and whatever replaces it,
// in thousandths of its size.
var letterWidths = [...]int{
	278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278,
	556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556,
	1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778,
	667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,
	333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556,
	556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584}

// letterWidth is the width of a letter in thousandths of the font's size.
func letterWidth(r rune) int {
	switch {
	case r >= ' ' && r <= '~':
		return letterWidths[r-' ']
	case r == 'Ä' || r == 'Ö' || r == 'Ü':
		return 740
	case r < 0x300:
		return 580
	}
	return 1000 // dashes and letters of other scripts: rather too much
}

// look is what of a cell format says how much room a text takes.
type look struct {
	points float64
	bold   bool
	wraps  bool
}

// Sees remembers how a format looks; texts of formats that nobody told of are taken for one line.
func (b *Book) Sees(id int, s *excelize.Style) {
	if s.Font != nil {
		b.looks[id] = look{s.Font.Size, s.Font.Bold, s.Alignment != nil && s.Alignment.WrapText}
	}
}

// room is how much of a text fits into a line of a column of a width in characters, in thousandths of the font's size.
func (l look) room(width float64) float64 {
	room := (width*digitPixels - edgePixels) / (l.points * pointPixels) * 1000
	return max(room/Ternary(l.bold, boldFactor, 1), 1000)
}

// lineHeight is the height of a line of text in points.
func (l look) lineHeight() float64 { return 1.3 * l.points }

// wordWidth is the width of a word in thousandths of the font's size.
func wordWidth(word string) float64 {
	wide := 0
	for _, r := range word {
		wide += letterWidth(r)
	}
	return float64(wide)
}

// wrapped says how many lines a text takes in a column of a width in characters.
func wrapped(text string, width float64, l look) int {
	room := l.room(width) * screenMargin
	lines := 0
	for _, paragraph := range strings.Split(text, "\n") {
		used := 0.0
		lines++
		for _, word := range strings.Fields(paragraph) {
			wide := wordWidth(word)
			if gap := float64(letterWidth(' ')); used > 0 && used+gap+wide > room {
				lines++
				used = 0
			} else if used > 0 {
				used += gap
			}
			for wide > room { // such a word is broken anywhere
				lines++
				wide -= room
			}
			used += wide
		}
	}
	return lines
}

// ownFont makes Arial of 10 points the workbook's own font: programs measure columns, page headers
// and empty rows by it, and one that lacks the usual Calibri would take another.
func ownFont(f *excelize.File) error {
	if err := f.SetDefaultFont(FontFamily); err != nil {
		return err
	}
	f.Styles.Fonts.Font[0].Sz.Val = Ptr(float64(bodyPoints))
	return nil
}
