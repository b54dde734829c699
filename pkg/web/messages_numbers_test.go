package web

import (
	"testing"

	"github.com/shopspring/decimal"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/web/site"
)

// Numbers in messages are written as the language writes them.
func TestMessagesWriteNumbers(t *testing.T) {
	half, most := decimal.RequireFromString("0.5"), decimal.RequireFromString("7.25")
	q := &checklist.Question{ID: "q", Type: checklist.TypeNumber, Min: &half, Max: &most, Step: &half}
	texts, err := site.LoadMessages(localeFiles)
	must(t, err)
	for value, want := range map[string][2]string{
		"0,1": {"Die Zahl muss mindestens 0,5 sein.", "The number must be at least 0.5."},
		"9":   {"Die Zahl darf höchstens 7,25 sein.", "The number must be at most 7.25."},
		"0.6": {"Möglich sind nur Schritte von 0,5.", "Only steps of 0.5 are possible."},
		"2.250": {"Diese Zahl lässt sich auf zwei Arten lesen. Bitte schreiben Sie 2250 oder 2,25.",
			"This number can be read in two ways. Please write 2250 or 2.25."},
	} {
		_, err := q.Parse([]string{value})
		f := fault.As(err)
		if f == nil || len(f.Fields) != 1 {
			t.Fatalf("%s: %v", value, err)
		}
		for i, lang := range []string{"de", "en"} {
			if got := texts[lang].Field(f.Fields[0]); got != want[i] {
				t.Errorf("%s: got %q, want %q", value, got, want[i])
			}
		}
	}
}
