package chart

import (
	"github.com/go-echarts/go-echarts/v2/charts"

	"ortsspiegel/pkg/bench"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/wording"
)

// Counts is how many towns chose each option of a question, or reached each level; of a release, which share of them.
type Counts struct {
	ID, Title string
	Lang      checklist.Lang
	Head      string // what the options are: "Antwort", "Stufe"
	Options   []Option
	Shares    bool         // shares are shown, no counts
	Own       string       // what the own option is marked with; empty: "Ihre Antwort"
	Reason    bench.Reason // why the counts were suppressed; empty: they were not
}

// Option is one of them.
type Option struct {
	Label string
	N     int
	Share float64 // [0, 1], whole percent
	Own   bool
}

// OptionShares returns the distribution of a choice question in a release. own is the own option or empty.
func OptionShares(q *checklist.Question, n *bench.Node, own checklist.OptionID, lang checklist.Lang) Counts {
	c := Counts{ID: "verteilung-" + string(q.ID), Title: q.Text.In(lang), Lang: lang, Shares: true}
	shares := map[checklist.OptionID]float64{}
	if n != nil {
		c.Reason = n.Reasons["options"]
		for _, o := range n.Options {
			shares[o.Option] = o.Share
		}
		if n.Options == nil && c.Reason == "" {
			c.Reason = bench.TooFew
		}
	}
	for _, o := range q.Options {
		c.Options = append(c.Options, Option{Label: o.Label.In(lang), Share: shares[o.ID],
			Own: o.ID == own && own != ""})
	}
	return c
}

// LevelCounts returns how many of the records reached each level of a checklist.
func LevelCounts(d *checklist.Definition, levels []checklist.LevelID, lang checklist.Lang) Counts {
	c := Counts{Lang: lang, Head: writer{lang: lang}.word("level")}
	for i := range d.Levels {
		c.Options = append(c.Options, Option{Label: levelName(d, i, lang)})
	}
	for _, id := range levels {
		if i := LevelIndex(d, id); i >= 0 {
			c.Options[i].N++
		}
	}
	return c
}

// value is the length of an option's bar: towns or percent.
func (c Counts) value(o Option) int {
	if c.Shares {
		return wording.Whole(o.Share)
	}
	return o.N
}

// shown writes the value.
func (c Counts) shown(w writer, o Option) string {
	if c.Shares {
		return w.whole100(float64(c.value(o)))
	}
	return w.count(o.N)
}

// Distribution draws how many towns, or which share of them, chose what. The own option is strong,
// hatched and marked in words.
func Distribution(c Counts) Chart {
	w := writer{lang: c.Lang}
	f := &footnotes{writer: w}
	if c.Head == "" {
		c.Head = w.word("option")
	}
	if c.Own == "" {
		c.Own = w.word("yours")
	}
	out := Chart{ID: c.ID, Title: c.Title, Table: c.table(f)}
	out.Notes = f.notes()
	most := 0
	for _, o := range c.Options {
		most = max(most, c.value(o))
	}
	switch {
	case c.Reason != "":
		out.Empty = wording.Dot + " " + wording.NotDrawn(c.Lang, c.Reason)
		return out
	case most == 0:
		out.Empty = w.word("nothing")
		return out
	}
	out.Finding = c.finding(w)
	out.Height = 60 + 50*len(c.Options)
	unit, axis := w.word("towns"), object{"max": niceMax(most), "minInterval": 1,
		"axisLabel": object{"formatter": formatNumber}}
	if c.Shares {
		// room for the text behind the longest bar
		unit, axis = w.word("of_towns"), object{"max": 124, "interval": 25, "axisLabel": object{"showMaxLabel": false},
			"splitLine": object{"showMaxLine": false}}
	}
	names := make([]string, len(c.Options))
	bars := make([]any, len(c.Options))
	for i, o := range c.Options {
		names[i] = short(o.Label, 80)
		text := c.shown(w, o)
		p := point{Value: c.value(o), Tip: plain(o.Label) + "\n" + text + " " + unit,
			ItemStyle: object{"color": colourRegion}}
		if o.Own {
			text += "  ◆ " + plain(c.Own)
			p.Tip += "\n" + plain(c.Own)
			p.ItemStyle = object{"color": colourOwn, "decal": ownDecal}
		}
		p.Text = text
		bars[i] = p
	}
	b := newBars(names)
	b.MultiSeries = append(b.MultiSeries, charts.SingleSeries{Name: short(c.Title, 80), Type: "bar", Data: bars,
		BarMaxWidth: "24"})
	out.Option = option(b, object{
		"os":     rowsOf(50),
		"legend": object{"show": false},
		"xAxis":  []object{axis},
		"series": []object{{"label": object{"show": true, "position": "right", "formatter": formatText,
			"color": colourText, "fontWeight": 600}}},
		"media": besideOrAbove(false),
	})
	return out
}

// ownDecal hatches in the background's colour, so that the own bar differs in black and white too.
var ownDecal = object{"symbol": "rect", "color": colourBackground, "dashArrayX": []any{1, 0},
	"dashArrayY": []any{2, 6}, "rotation": -0.785, "symbolSize": 1}

// niceMax leaves room for the text behind the longest bar.
func niceMax(n int) int {
	m := n + n/3 + 1
	switch {
	case m > 50:
		return (m + 9) / 10 * 10
	case m > 10:
		return (m + 4) / 5 * 5
	}
	return m
}

func (c Counts) table(f *footnotes) Table {
	t := Table{Head: head(c.Head, f.word("n"))}
	if c.Shares {
		t.Head = head(c.Head, f.word("share"))
	}
	for _, o := range c.Options {
		name := o.Label
		if o.Own {
			name += " (" + c.Own + ")"
		}
		cell := Cell{Numeric: true}
		if c.Reason != "" {
			cell.Text = f.Mark(c.Reason)
		} else {
			v := float64(o.N)
			if c.Shares {
				v = o.Share
			}
			cell.Text, cell.Value = c.shown(f.writer, o), &v
		}
		t.Rows = append(t.Rows, []Cell{{Text: name}, cell})
	}
	return t
}
