package web

import (
	"slices"
	"strings"

	"ortsspiegel/pkg/bench"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/region"
)

// namedLine is a town that agreed to be named.
type namedLine struct {
	Name     string
	Total    string
	Sections []string // in the order of the checklist; empty: only the total is shown
	Examples bool     // may be asked
	Scores   bool     // shows any
}

// headingView is a section as the head of a column.
type headingView struct{ Number, Title string }

func headingsOf(d *checklist.Definition, lang checklist.Lang) []headingView {
	list := make([]headingView, len(d.Sections))
	for i := range d.Sections {
		list[i] = headingView{ofNumber(int64(i + 1)), d.Sections[i].Title.In(lang)}
	}
	return list
}

// namedTowns lists who agreed to be named, by name.
func (s *server) namedTowns(r *request, d *checklist.Definition, release *bench.Release) ([]namedLine, error) {
	if len(release.Named) == 0 {
		return nil, nil
	}
	towns, err := s.Territory.Towns(r.ctx(), r.head.Region)
	if err != nil {
		return nil, err
	}
	names := map[region.AGS]string{}
	for _, m := range towns {
		names[m.AGS] = m.Name
	}
	return namedLines(r, d, release, names), nil
}

func namedLines(r *request, d *checklist.Definition, release *bench.Release, names map[region.AGS]string) []namedLine {
	var out []namedLine
	for _, n := range release.Named {
		if name := names[n.AGS]; name != "" {
			out = append(out, newNamedLine(formatter{r.text.lang}, d, name, n))
		}
	}
	slices.SortFunc(out, func(a, b namedLine) int { return strings.Compare(a.Name, b.Name) })
	return out
}

func newNamedLine(f formatter, d *checklist.Definition, name string, n bench.NamedTown) namedLine {
	line := namedLine{Name: name, Total: "–", Examples: n.Examples, Scores: n.Total != nil || len(n.Sections) > 0}
	if n.Total != nil {
		line.Total = f.wholePercent(*n.Total)
	}
	if len(n.Sections) == 0 {
		return line
	}
	for i := range d.Sections {
		value := "–"
		if v, ok := n.Sections[d.Sections[i].ID]; ok {
			value = f.wholePercent(v)
		}
		line.Sections = append(line.Sections, value)
	}
	return line
}

// mayAsk lists the towns that may be asked for good examples.
func mayAsk(named []namedLine) (names []string) {
	for _, n := range named {
		if n.Examples {
			names = append(names, n.Name)
		}
	}
	return names
}

// showScores lists the towns that show scores.
func showScores(named []namedLine) (list []namedLine) {
	for _, n := range named {
		if n.Scores {
			list = append(list, n)
		}
	}
	return list
}
