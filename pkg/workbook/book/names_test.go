package book

import (
	"testing"
	"time"
	"unicode/utf8"

	"ortsspiegel/pkg/wording"
)

func TestSheetNamesEndWithAWord(t *testing.T) {
	used := map[string]bool{}
	for _, c := range [][2]string{
		{"5 Ansprechpersonen und Begegnung", "5 Ansprechpersonen"},
		{"8 Sprachen und internationale Fachkräfte", "8 Sprachen und internationale"},
		{"1 Steuerung und Zuständigkeit", "1 Steuerung und Zuständigkeit"},
		{"5 Ansprechpersonen für Vereine und mehr", "5 Ansprechpersonen für Vereine"},
		{"5 Ansprechpersonen und Begegnungen", "5 Ansprechpersonen (2)"},
		{"3 Kinderbetreuungsmöglichkeitenverzeichnis", "3 Kinderbetreuungsmöglichkeiten"},
		{"2 Netz: Auftritt/Seiten [neu]", "2 Netz Auftritt Seiten neu"},
		{"", " (2)"},
	} {
		got := SheetName(c[0], used)
		if got != c[1] || utf8.RuneCountInString(got) > maxSheetName {
			t.Errorf("%q became %q, want %q", c[0], got, c[1])
		}
	}
}

func TestRoundsNameTheirYear(t *testing.T) {
	midnight := time.Date(2027, 1, 1, 0, 0, 0, 0, wording.Berlin)
	for title, want := range map[string]string{"Willkommen vor Ort 2026": "Willkommen vor Ort 2026",
		"Willkommens-Check": "Willkommens-Check (2026)",
		"Runde 20261":       "Runde 20261 (2026)", "2025/26": "2025/26"} {
		if got := Dated(title, midnight); got != want {
			t.Errorf("%q became %q, want %q", title, got, want)
		}
	}
	if got := Dated("Willkommen", time.Time{}); got != "Willkommen" {
		t.Errorf("without a time it became %q", got)
	}
}
