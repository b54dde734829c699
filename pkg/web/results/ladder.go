package results

import (
	"math"
	"strconv"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/score"
	"ortsspiegel/pkg/web/site"
	"ortsspiegel/pkg/wording"
)

// Ladder is the scale of 0 to 100 with the levels, the own score on it and the one of the round before.
type Ladder struct {
	Steps []LadderStep
	Mark  Mark
	Own   string // the score beside its mark
	Text  string // what is to be seen, in words
	Next  string // how far the next level is, in words; empty: that cannot be told
}

// LadderStep is a level on the scale.
type LadderStep struct {
	Label      string
	From       string // "ab 40"
	At         string // SVG attributes in percent
	On, Off    string // widths of what is reached of it, and of the rest
	OffAt      string
	Now        bool
	NearTheEnd bool // its words stand to the left of its beginning
}

// ladderGap parts two levels on the scale, in percent of its width.
const ladderGap = 0.4

// NewLadder draws a score in [0, 1] on a checklist's levels. was is the score of the round before, nil
// if there is none.
func NewLadder(r *site.Request, d *checklist.Definition, res *score.Result, town string, was *float64) *Ladder {
	if res.Score == nil || len(d.Levels) == 0 {
		return nil
	}
	lang, f, t := site.LangOf(r), r.Text.Words(), r.Text.Text
	own := float64(wording.Tenths(*res.Score)) / 10
	_, at, _ := d.Level(res.Level)
	v := &Ladder{Own: f.Percent(*res.Score), Mark: Mark{Own: &own}}
	if res.Provisional && res.High != nil {
		high := float64(wording.Tenths(*res.High)) / 10
		v.Mark.UpTo = &high
	}
	v.Text = t("ladder.text", "Town", town, "Score", v.Own, "Level", d.Levels[at].Label.In(lang))
	if was != nil {
		before := float64(wording.Tenths(*was)) / 10
		v.Mark.Was = &before
		v.Text += " " + t("ladder.was", "Score", f.Percent(*was))
	}
	for i, l := range d.Levels {
		from, to := l.From, 100.0
		if i+1 < len(d.Levels) {
			to = d.Levels[i+1].From - ladderGap
		}
		on := min(max(own-from, 0), max(to-from, 0))
		first := f.Number(l.From)
		if i > 0 {
			first = t("ladder.from", "Percent", first)
		}
		v.Steps = append(v.Steps, LadderStep{Label: l.Label.In(lang), From: first,
			At: percentOf(from), On: percentOf(on), OffAt: percentOf(from + on), Off: percentOf(max(to-from-on, 0)),
			Now: i == at, NearTheEnd: from > 85})
		if i > 0 {
			v.Text += " " + t("ladder.step", "Level", l.Label.In(lang), "Percent", f.Number(l.From))
		}
	}
	v.Next = nextLevel(r, d, res)
	return v
}

func percentOf(v float64) string { return strconv.FormatFloat(v, 'f', 1, 64) + "%" }

// nextLevel says how many percentage points are missing to the next level, by the numbers that are shown.
func nextLevel(r *site.Request, d *checklist.Definition, res *score.Result) string {
	alone := score.LevelOf(d, *res.Score)
	if alone+1 >= len(d.Levels) {
		return r.Text.Text("ladder.top")
	}
	next := d.Levels[alone+1]
	missing := int(math.Round(10*next.From)) - wording.Tenths(*res.Score)
	if missing <= 0 {
		return ""
	}
	return r.Text.Text("ladder.next", "Level", next.Label.In(site.LangOf(r)), "Points",
		r.Text.Words().PerMille(missing))
}
