package intake

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/region"
)

// townIndex finds the town of a row.
type townIndex struct {
	Scope
	byAGS  map[region.AGS]int
	byName map[string][]int
	hints  int // how often nearest may still be asked: comparing all names takes a while
}

// maxHints is for how many rows similar names are looked up.
const maxHints = 50

func newTownIndex(scope Scope) *townIndex {
	x := &townIndex{scope, map[region.AGS]int{}, map[string][]int{}, maxHints}
	for i, m := range scope.Region {
		x.byAGS[m.AGS] = i
		names := []string{plainName(m.Name), plainName(m.OfficialName), bareName(m.Name), bareName(m.OfficialName)}
		slices.Sort(names)
		for _, name := range slices.Compact(names) {
			if name != "" {
				x.byName[name] = append(x.byName[name], i)
			}
		}
	}
	return x
}

var foldings = strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "ß", "ss")

// plainName is a town's name without what people write in different ways.
func plainName(s string) string { return foldings.Replace(checklist.Plain(s)) }

// styles are what offices put before a town's name.
var styles = []string{"stadt ", "gemeinde ", "hansestadt ", "kreisstadt ", "universitaetsstadt ", "markt ", "flecken "}

// bareName is a town's name without its style: "Arnsberg, Stadt" and "Stadt Arnsberg" are Arnsberg. What
// stands in brackets stays: "Olpe (Kreis)" is no town.
func bareName(s string) string {
	s, _, _ = strings.Cut(plainName(s), ",")
	for _, style := range styles {
		if rest, ok := strings.CutPrefix(s, style); ok {
			return strings.TrimSpace(rest)
		}
	}
	return strings.TrimSpace(s)
}

// find returns the town a cell names; else why none.
func (x *townIndex) find(c Cell, byName bool) (region.Municipality, *RowProblem) {
	switch c.Kind {
	case CellFormula:
		return region.Municipality{}, &RowProblem{Code: "formula", Message: formulaMessage}
	case CellError:
		return region.Municipality{}, &RowProblem{Code: "error",
			Message: "the cell holds an error: write the town itself"}
	}
	var found []int
	if byName {
		found = x.byName[plainName(c.Text)]
		if len(found) == 0 {
			found = x.byName[bareName(c.Text)]
		}
	} else {
		ags, ok := region.AGSOf(c.Text)
		if !ok {
			return region.Municipality{}, &RowProblem{Code: "town_ags",
				Message: "an AGS of eight digits is expected; if the column holds names, say by: name in the map"}
		}
		if i, ok := x.byAGS[ags]; ok {
			found = []int{i}
		}
	}
	switch {
	case len(found) == 0:
		p := &RowProblem{Code: "town_unknown", Message: "the region has no such town"}
		if byName {
			p.Nearest = x.nearest(c.Text)
		}
		p.Message += suggested(p.Nearest) + "; rows that are no towns can be named under skip in the map"
		return region.Municipality{}, p
	case len(found) > 1:
		p := &RowProblem{Code: "town_ambiguous", Nearest: []region.Municipality{x.Region[found[0]], x.Region[found[1]]}}
		p.Message = "several towns have this name" + suggested(p.Nearest) + "; use a column with the AGS"
		return region.Municipality{}, p
	}
	m := x.Region[found[0]]
	if x.Taking != nil && !x.Taking[m.AGS] {
		return region.Municipality{}, &RowProblem{Code: "town_elsewhere",
			Message: fmt.Sprintf("%s (%s) does not take part in this round", m.Name, m.AGS)}
	}
	return m, nil
}

func suggested(list []region.Municipality) string {
	var names []string
	for _, m := range list {
		names = append(names, fmt.Sprintf("%s (%s)", m.Name, m.AGS))
	}
	if len(names) == 0 {
		return ""
	}
	return ", similar: " + strings.Join(names, ", ")
}

// nearest are the towns whose name is almost the text, at most three.
func (x *townIndex) nearest(text string) []region.Municipality {
	if x.hints--; x.hints < 0 {
		return nil
	}
	names := make([]string, len(x.Region))
	for i, m := range x.Region {
		names[i] = m.Name
	}
	var list []region.Municipality
	for _, name := range nearest(text, names, 3) {
		list = append(list, x.Region[slices.Index(names, name)])
	}
	return list
}

// nearest returns those of a list that are almost the text, the nearest first: a few letters differ, or
// one contains the other.
func nearest(text string, list []string, most int) []string {
	type near struct {
		s        string
		distance int
	}
	want := []rune(foldings.Replace(checklist.Plain(text)))
	if len(want) < 2 || len(want) > 200 {
		return nil
	}
	var found []near
	for _, s := range list {
		other := []rune(foldings.Replace(checklist.Plain(s)))
		if len(other) < 2 || len(other) > 200 {
			continue
		}
		limit := max(1, min(len(want), len(other))/3)
		switch d := distance(want, other, limit); {
		case d <= limit:
			found = append(found, near{s, d})
		case min(len(want), len(other)) > 3 &&
			(strings.Contains(string(want), string(other)) || strings.Contains(string(other), string(want))):
			found = append(found, near{s, limit + 1})
		}
	}
	slices.SortStableFunc(found, func(a, b near) int {
		return cmp.Or(cmp.Compare(a.distance, b.distance), cmp.Compare(a.s, b.s))
	})
	var out []string
	for _, f := range found[:min(most, len(found))] {
		out = append(out, f.s)
	}
	return out
}

// distance is the number of letters to insert, remove or replace (Levenshtein); more than limit if it is larger.
func distance(a, b []rune, limit int) int {
	if d := len(a) - len(b); d > limit || -d > limit {
		return limit + 1
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range a {
		corner, least := row[0], i+1
		row[0] = i + 1
		for j := range b {
			cost := corner
			if a[i] != b[j] {
				cost++
			}
			corner = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
			least = min(least, row[j+1])
		}
		if least > limit {
			return limit + 1
		}
	}
	return row[len(b)]
}
