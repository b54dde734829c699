package rounds

import (
	"slices"
	"strings"

	"ortsspiegel/pkg/bench"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/web/site"
	"ortsspiegel/pkg/wording"
)

type rankLine struct {
	Rank       int // 0: no score
	Percentile float64
	Name, URL  string
	Score      *float64
	Level      string
	Held       string // what keeps the level below the score's; empty: nothing
}

// rank places the shown among all towns of the group.
func (v *RoundBenchmarkView) rank(m *site.Messages, d *checklist.Definition, towns, shown []townRecord,
	lang checklist.Lang) {
	var totals []float64
	for _, t := range towns {
		if s := t.value(0); s != nil {
			totals = append(totals, *s)
		}
	}
	slices.Sort(totals)
	for _, t := range shown {
		line := rankLine{Name: t.town.Town.Name, URL: "/assessments/" + site.OfNumber(int64(t.town.Assessment)) +
			"/result", Score: t.value(0)}
		if line.Score != nil {
			line.Rank, line.Percentile = bench.Rank(totals, *line.Score), bench.PercentileRank(totals, *line.Score)
		}
		if l, _, ok := d.Level(t.record.Level); ok {
			line.Level = l.Label.In(lang)
		}
		line.Held = heldInWords(m, d, &t.record)
		v.Ranking = append(v.Ranking, line)
	}
}

// heldInWords names the knockouts that keep a level below the one the score would reach; empty: none does.
func heldInWords(m *site.Messages, d *checklist.Definition, record *bench.Record) string {
	var numbers []string
	for _, id := range record.HeldBy(d) {
		numbers = append(numbers, wording.NumberOf(d, id))
	}
	if len(numbers) == 0 {
		return ""
	}
	return m.Text("benchmark.held", "Count", len(numbers), "Numbers", strings.Join(numbers, ", "))
}

// levelInWords names a town's level and what keeps it there.
func levelInWords(m *site.Messages, d *checklist.Definition, record *bench.Record, lang checklist.Lang) string {
	l, _, ok := d.Level(record.Level)
	if !ok {
		return ""
	}
	words := m.Text("benchmark.level") + ": " + l.Label.In(lang)
	if held := heldInWords(m, d, record); held != "" {
		words += ", " + held
	}
	return words
}
