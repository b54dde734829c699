package bench

import (
	"cmp"
	"math"
	"slices"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/region"
)

// Voice is a town with its score in a node, [0, 1].
type Voice struct {
	AGS   region.AGS
	Value float64
}

// Talk is a node in which towns differ widely: who could tell the others about it, and who would gain most.
type Talk struct {
	Node   NodeID
	Spread float64 // interquartile range, (0, 1]
	Tell   []Voice // of the upper quarter those who agreed to be named, the best first; at most Tellers
	Need   []Voice // of the lower quarter those with the least, the least first; at most Needers
	Needy  int     // all of the lower quarter
}

// How many towns a Talk names.
const (
	Tellers = 2
	Needers = 3
)

// Talks returns for each of some nodes who should talk about it. told says of a town that it agreed to be named for
// good examples. A node whose quartiles do not differ, or about which nobody can tell, has no Talk. Records are those
// of the group's members; the result is ordered as the nodes are. Towns that are alike come by their keys.
func Talks(d *checklist.Definition, g *Group, records []Record, nodes []NodeID, told map[region.AGS]bool) []Talk {
	at := map[NodeID]int{}
	for i, id := range Nodes(d) {
		at[id] = i
	}
	var talks []Talk
	for _, id := range nodes {
		n, ok := g.Node(id)
		value, known := at[id]
		if !ok || !known || !n.Scored || n.Points.Q1 == nil || n.Points.Q3 == nil {
			continue
		}
		low, high := *n.Points.Q1, *n.Points.Q3
		if high-low < Equal {
			continue
		}
		talk := Talk{Node: id, Spread: high - low}
		for i := range records {
			r := &records[i]
			v := Voice{r.AGS, r.Values[value]}
			switch {
			case math.IsNaN(v.Value):
			case v.Value >= high-Equal && told[r.AGS]:
				talk.Tell = append(talk.Tell, v)
			case v.Value <= low+Equal:
				talk.Need = append(talk.Need, v)
			}
		}
		if len(talk.Tell) == 0 || len(talk.Need) == 0 {
			continue
		}
		slices.SortFunc(talk.Tell, func(a, b Voice) int {
			return cmp.Or(cmp.Compare(b.Value, a.Value), cmp.Compare(a.AGS, b.AGS))
		})
		slices.SortFunc(talk.Need, func(a, b Voice) int {
			return cmp.Or(cmp.Compare(a.Value, b.Value), cmp.Compare(a.AGS, b.AGS))
		})
		talk.Needy = len(talk.Need)
		talk.Tell, talk.Need = talk.Tell[:min(len(talk.Tell), Tellers)], talk.Need[:min(talk.Needy, Needers)]
		talks = append(talks, talk)
	}
	return talks
}

// Pair is two towns that should talk about a section.
type Pair struct {
	Section checklist.SectionID
	Tell    Voice
	Gain    Voice
	Rise    float64 // of the total of the one that gains, if it did as well as the other in this section, (0, 1]
	Km      float64 // between them; NaN: not known
}

// Pairs chooses for each section two towns: one of the two best that agreed to be named, the nearer one, and the
// town of the lower quarter whose total would rise most. No town comes twice. Sections in which
// towns differ most choose first;
// the result is ordered by the rise. away is the distance of two towns in kilometres, NaN if it is not known.
func Pairs(d *checklist.Definition, g *Group, records []Record, told map[region.AGS]bool,
	away func(a, b region.AGS) float64) []Pair {
	spread := make([]float64, len(d.Sections))
	order := make([]int, 0, len(d.Sections))
	for i := range d.Sections {
		if n, ok := g.Node(SectionNode(d.Sections[i].ID)); ok && n.Points.Q1 != nil && n.Points.Q3 != nil &&
			*n.Points.Q3-*n.Points.Q1 >= Equal {
			spread[i] = *n.Points.Q3 - *n.Points.Q1
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(spread[b], spread[a]) })
	taken := map[region.AGS]bool{}
	var pairs []Pair
	for _, i := range order {
		n, _ := g.Node(SectionNode(d.Sections[i].ID))
		if p, ok := pairOf(d, i, &n.Points, records, told, taken, away); ok {
			taken[p.Tell.AGS], taken[p.Gain.AGS] = true, true
			pairs = append(pairs, p)
		}
	}
	slices.SortStableFunc(pairs, func(a, b Pair) int { return cmp.Compare(b.Rise, a.Rise) })
	return pairs
}

func pairOf(d *checklist.Definition, section int, f *Figures, records []Record, told, taken map[region.AGS]bool,
	away func(a, b region.AGS) float64) (Pair, bool) {
	var best []Voice
	for i := range records {
		r := &records[i]
		v := Voice{r.AGS, r.Values[1+section]}
		if taken[r.AGS] || !told[r.AGS] || math.IsNaN(v.Value) || v.Value < *f.Q3-Equal {
			continue
		}
		best = append(best, v)
		slices.SortFunc(best, func(a, b Voice) int {
			return cmp.Or(cmp.Compare(b.Value, a.Value), cmp.Compare(a.AGS, b.AGS))
		})
		best = best[:min(len(best), Tellers)]
	}
	if len(best) == 0 {
		return Pair{}, false
	}
	p := Pair{Section: d.Sections[section].ID}
	for i := range records {
		r := &records[i]
		v := Voice{r.AGS, r.Values[1+section]}
		if taken[r.AGS] || math.IsNaN(v.Value) || v.Value > *f.Q1+Equal {
			continue
		}
		rise := rise(d, r, section, best[0].Value)
		if rise > p.Rise+Equal || p.Rise > 0 && math.Abs(rise-p.Rise) <= Equal && r.AGS < p.Gain.AGS {
			p.Gain, p.Rise = v, rise
		}
	}
	if p.Gain.AGS == "" {
		return Pair{}, false
	}
	p.Km = math.NaN()
	for _, v := range best {
		if km := away(v.AGS, p.Gain.AGS); p.Tell.AGS == "" || km < p.Km {
			p.Tell, p.Km = v, km
		}
	}
	for i := range records {
		if r := &records[i]; r.AGS == p.Gain.AGS {
			p.Rise = rise(d, r, section, p.Tell.Value)
		}
	}
	return p, true
}

// rise is how much a town's total grows if a section's score becomes another: sections weigh as in score.Score.
func rise(d *checklist.Definition, r *Record, section int, to float64) float64 {
	weight := 0.0
	for i := range d.Sections {
		if !math.IsNaN(r.Values[1+i]) {
			weight += d.Sections[i].Weight
		}
	}
	if weight == 0 {
		return 0
	}
	return (to - r.Values[1+section]) * d.Sections[section].Weight / weight
}
