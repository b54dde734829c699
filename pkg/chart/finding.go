package chart

import (
	"fmt"
	"math"
	"strings"

	"ortsspiegel/pkg/bench"
	"ortsspiegel/pkg/checklist"
)

// findings are what pictures say in a sentence, by language, as formats with numbered arguments.
var findings = map[checklist.Lang]map[string]string{
	"de": {
		"above":         "In %[1]d von %[2]d Abschnitten über dem Median",
		"above_none":    "In keinem von %[2]d Abschnitten über dem Median",
		"ahead":         "; am weitesten vorn: %s, %s",
		"behind":        "; am weitesten zurück: %s, %s",
		"top":           "In %[1]d von %[2]d Abschnitten im oberen Viertel, in %[3]d im unteren.",
		"own_extremes":  "Am stärksten: %s, %s; am schwächsten: %s, %s.",
		"medians":       "Höchster Median: %s, %s; niedrigster: %s, %s.",
		"one":           "%s: %s.",
		"options":       "Am häufigsten: %s, %s.",
		"options_own":   "Am häufigsten: %s, %s; %s: %s.",
		"of":            "%[1]s von %[2]s Kommunen",
		"totals":        "Höchste Punktzahl: %s, %s; niedrigste: %s, %s.",
		"submitted":     "%[1]s von %[2]s Kommunen haben eingereicht",
		"level":         "; häufigste Stufe: %s (%s)",
		"step":          "Von %s auf %s: %s %s, davon neue Antworten %s und geänderte Checkliste %s.",
		"step_last":     "Zuletzt von %s auf %s: %s %s, davon neue Antworten %s und geänderte Checkliste %s.",
		"stack":         "Über alle Zeilen: %s.",
		"of_towns_text": "%s der Kommunen, die geantwortet haben",
	},
	"en": {
		"above":         "Above the median in %[1]d of %[2]d sections",
		"above_none":    "Above the median in none of %[2]d sections",
		"ahead":         "; furthest ahead: %s, %s",
		"behind":        "; furthest behind: %s, %s",
		"top":           "In the upper quarter in %[1]d of %[2]d sections, in the lower in %[3]d.",
		"own_extremes":  "Strongest: %s, %s; weakest: %s, %s.",
		"medians":       "Highest median: %s, %s; lowest: %s, %s.",
		"one":           "%s: %s.",
		"options":       "Most frequent: %s, %s.",
		"options_own":   "Most frequent: %s, %s; %s: %s.",
		"of":            "%[1]s of %[2]s towns",
		"totals":        "Highest score: %s, %s; lowest: %s, %s.",
		"submitted":     "%[1]s of %[2]s towns have submitted",
		"level":         "; most frequent level: %s (%s)",
		"step":          "From %s to %s: %s %s, of which new answers %s and changed checklist %s.",
		"step_last":     "Most recently from %s to %s: %s %s, of which new answers %s and changed checklist %s.",
		"stack":         "Over all rows: %s.",
		"of_towns_text": "%s of the towns that answered",
	},
}

// say writes a finding.
func (w writer) say(key string, args ...any) string {
	texts, ok := findings[w.lang]
	if !ok {
		texts = findings["de"]
	}
	// A figure and its sign stay on one line.
	return strings.ReplaceAll(fmt.Sprintf(texts[key], args...), " %", "\u00a0%")
}

// Standing says on which side of the medians the own scores lie and where furthest; without medians
// which are the strongest and the weakest.
func (c Comparison) Standing() string { return c.findSides() }

// findSides says on which side of the median the own scores lie, and where they lie furthest from
// it. The distance is the difference of the figures that are shown.
func (c Comparison) findSides() string {
	w := c.writer()
	placed, above := 0, 0
	var ahead, behind *Row
	var most, least int
	for i := range c.Rows {
		r := &c.Rows[i]
		m, _ := r.figure("median")
		if m == nil || r.Place.Side == "" || finite(r.Own) == nil {
			continue
		}
		placed++
		if r.Place.Side == bench.AboveMedian {
			above++
		}
		switch gap := c.gap(*r.Own, *m); {
		case gap > most:
			ahead, most = r, gap
		case gap < least:
			behind, least = r, gap
		}
	}
	if placed == 0 {
		return c.findExtremes()
	}
	key := "above"
	if above == 0 {
		key = "above_none"
	}
	text := w.say(key, above, placed)
	if ahead != nil {
		text += w.say("ahead", plain(ahead.Name), w.change(most)+" "+w.word("points_unit"))
	}
	if behind != nil {
		text += w.say("behind", plain(behind.Name), w.change(least)+" "+w.word("points_unit"))
	}
	return text + "."
}

// gap is how far an own score lies from a median as both are shown, in tenths of a percentage point.
func (c Comparison) gap(own, median float64) int {
	return int(math.Round(10 * (c.drawn(own) - c.drawn(median))))
}

// findQuarters says in how many sections the own score lies in the outer quarters, or where a group's medians lie.
func (c Comparison) findQuarters() string {
	placed, top, bottom := 0, 0, 0
	for _, r := range c.Rows {
		switch r.Place.Quarter {
		case bench.TopQuarter:
			top++
		case bench.BottomQuarter:
			bottom++
		case "":
			continue
		}
		placed++
	}
	if placed == 0 || c.Own == "" {
		return c.findExtremes()
	}
	return c.writer().say("top", top, placed, bottom)
}

// findExtremes names the sections with the highest and the lowest own score, or median where there are no own ones.
func (c Comparison) findExtremes() string {
	w := c.writer()
	value, write, key := func(r Row) *float64 { return finite(r.Own) }, w.percent, "own_extremes"
	if c.Own == "" {
		value, write, key = func(r Row) *float64 { m, _ := r.figure("median"); return m }, w.group, "medians"
	}
	var most, least *Row
	for i := range c.Rows {
		r := &c.Rows[i]
		v := value(*r)
		if v == nil {
			continue
		}
		if most == nil || *v > *value(*most) {
			most = r
		}
		if least == nil || *v < *value(*least) {
			least = r
		}
	}
	switch {
	case most == nil:
		return ""
	case write(*value(*most)) == write(*value(*least)):
		return w.say("one", plain(most.Name), write(*value(*most)))
	}
	return w.say(key, plain(most.Name), write(*value(*most)), plain(least.Name), write(*value(*least)))
}

// finding names the option that was chosen most, and the own one.
func (c Counts) finding(w writer) string {
	sum := 0
	var most, own *Option
	for i := range c.Options {
		o := &c.Options[i]
		sum += o.N
		if most == nil || c.value(*o) > c.value(*most) {
			most = o
		}
		if o.Own {
			own = o
		}
	}
	say := func(o *Option) string {
		if c.Shares {
			return w.say("of_towns_text", c.shown(w, *o))
		}
		return w.say("of", w.count(o.N), w.count(sum))
	}
	if own != nil && own != most {
		return w.say("options_own", plain(most.Label), say(most), plain(c.Own), c.shown(w, *own))
	}
	return w.say("options", plain(most.Label), say(most))
}

// finding names the towns with the highest and the lowest score.
func (f Field) finding(w writer) string {
	var most, least *FieldRow
	for i := range f.Rows {
		r := &f.Rows[i]
		v := finite(r.Total)
		if v == nil {
			continue
		}
		if most == nil || *v > *most.Total {
			most = r
		}
		if least == nil || *v < *least.Total {
			least = r
		}
	}
	switch {
	case most == nil:
		return ""
	case most == least:
		return w.say("one", plain(most.Name), w.percent(*most.Total))
	}
	return w.say("totals", plain(most.Name), w.percent(*most.Total), plain(least.Name), w.percent(*least.Total))
}

// finding says how many towns have submitted and which level most of them have reached.
func (a Atlas) finding(w writer) string {
	levels := make([]int, len(a.Checklist.Levels))
	submitted, most := 0, -1
	for _, p := range a.Places {
		if p.Level < 0 {
			continue
		}
		submitted++
		levels[p.Level]++
	}
	for i, n := range levels {
		if n > 0 && (most < 0 || n > levels[most]) {
			most = i
		}
	}
	text := w.say("submitted", w.count(submitted), w.count(len(a.Places)))
	if most >= 0 {
		text += w.say("level", levelName(a.Checklist, most, a.Lang), w.count(levels[most]))
	}
	return text + "."
}

// finding puts the last step into words that can be compared.
func (t Trend) finding(w writer) string {
	for i := len(t.Steps) - 1; i >= 0; i-- {
		from, to, step := t.Points[i].Score, t.Points[i+1].Score, t.Steps[i]
		if !step.Known || finite(from) == nil || finite(to) == nil {
			continue
		}
		key := "step"
		if len(t.Steps) > 1 {
			key = "step_last"
		}
		return w.say(key, w.group(*from), w.group(*to), w.change(step.Bridge.Total()), w.word("points_unit"),
			w.change(step.Bridge.Answers), w.change(step.Bridge.Rules))
	}
	return ""
}

// finding adds up the kinds over all rows.
func (s Stack) finding(w writer) string {
	list := make([]string, len(s.Parts))
	for k, part := range s.Parts {
		n := 0
		for _, r := range s.Rows {
			n += r.N[k]
		}
		list[k] = plain(part) + " " + w.count(n)
	}
	return w.say("stack", strings.Join(list, ", "))
}
