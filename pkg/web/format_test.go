package web

import (
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"
)

func TestNumbersAndDates(t *testing.T) {
	de, en := formatter{"de"}, formatter{"en"}
	at := time.Date(2026, 11, 21, 23, 30, 0, 0, time.UTC) // already the 22nd in Berlin
	for _, c := range []struct{ got, want string }{
		{de.number(74879), "74.879"}, {en.number(74879), "74,879"}, {de.number(2.5), "2,5"}, {de.number(-0.25), "−0,25"}, {de.number(0), "0"},
		{de.percent(0.3625), "36,2\u00a0%"}, {de.percent(0.829166), "82,9\u00a0%"}, {de.percent(1), "100,0\u00a0%"}, {de.percent(0.9999), "99,9\u00a0%"}, {en.percent(0.3625), "36.2%"},
		{de.wholePercent(0.29), "29\u00a0%"}, {de.percentRange(0.352, 0.71), "35–71\u00a0%"}, {de.decimal(-0.04, 1), "0,0"},
		{de.onGrid(1234, 10), "1.234"}, {de.onGrid(2.5, 0.01), "2,50"}, {de.onGrid(5.75, 0), "5,75"}, {de.exact(decimal.RequireFromString("1375.50")), "1.375,50"}, {en.exact(decimal.NewFromInt(4)), "4"},
		{de.date(at), "22. November 2026"}, {en.date(at), "22 November 2026"}, {de.dateTime(at), "22.11.2026, 00:30"}, {de.clock(at), "00:30"}, {de.date(time.Time{}), ""},
	} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
}

// A shown percentage never exceeds the value: a number must not contradict a threshold it does not reach.
func TestPercentNeverRoundsUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tenths := rapid.IntRange(0, 999).Draw(t, "tenths")
		below := (float64(tenths)+1)/1000 - 1e-6
		if got, want := (formatter{"en"}).percent(below), (formatter{"en"}).unit((formatter{"en"}).decimal(float64(tenths)/10, 1), "%"); got != want {
			t.Fatalf("%v is shown as %s, want %s", below, got, want)
		}
	})
}
