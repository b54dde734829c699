package book

import (
	"strings"
	"testing"
)

// Heights of rows, widths of columns and pages follow the font that a workbook names as its own.
func TestLines(t *testing.T) {
	t.Parallel()
	body := look{points: 10, wraps: true}
	for _, c := range []struct {
		text  string
		width float64
		look  look
		lines int
	}{
		{"", 10, body, 1},
		{"Nr.", 6, body, 1},
		{"a\nb\n", 30, body, 3},
		{strings.Repeat("i", 60), 20, body, 2},
		{strings.Repeat("m", 60), 20, body, 6},
		{"Ist eine Person benannt, die für das Willkommen zuständig ist?", 33, body, 2},
		{"Ist eine Person benannt, die für das Willkommen zuständig ist?", 33, look{points: 20, wraps: true}, 4},
	} {
		if got := wrapped(c.text, c.width, c.look); got != c.lines {
			t.Errorf("%q in %v characters of %v points: %d lines, want %d", c.text, c.width, c.look.points, got,
				c.lines)
		}
	}
	for _, c := range []struct{ width, pages float64 }{{100, 1}, {209, 1}, {210, 2}, {419, 3}} {
		s := &Sheet{widths: []float64{c.width / 2, c.width / 2}}
		if got := float64(s.across()); got != c.pages {
			t.Errorf("columns of %v characters on %v pages, want %v", c.width, got, c.pages)
		}
	}
	s := &Sheet{widths: []float64{100, 300}, printed: 1}
	if s.across() != 1 {
		t.Error("columns that are not printed take a page")
	}
}
