package rounds

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"ortsspiegel/pkg/bench"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/round"
	"ortsspiegel/pkg/web/site"
	"ortsspiegel/pkg/wording"
)

// heatView is towns against sections: a table that is the chart. How it is grouped and sorted stands in the address
// (by, sort).
type heatView struct {
	By     []site.TabView
	Heads  []heatHead
	Groups []heatGroup
	List   site.ListView
	Held   bool // a level of those shown is kept low by a minimum requirement
	Order  string
}

// heatHead is a column's head: two lines to see, its whole name to hear.
type heatHead struct {
	Short, Full, URL string
	Sorted           string // ascending, descending; empty: not by this one
}

// heatGroup is the part of a group that the page shows; Name is empty where the table is not grouped.
type heatGroup struct {
	Name    string
	Of      string // "9 von 12"
	Medians []string
	Rows    []heatRow
}

type heatRow struct {
	Name, URL string
	Level     string
	Held      string // "9.3": what keeps the level there; empty: nothing
	HeldWords string
	Cells     []heatCell
}

// heatCell is a score in whole per cent. Step is the colour's, 1 to 5; 0: no score.
type heatCell struct {
	Text string
	Step int
}

func heatCellOf(v float64) heatCell {
	if math.IsNaN(v) {
		return heatCell{Text: wording.Dash}
	}
	whole := wording.Whole(v)
	return heatCell{strconv.Itoa(whole), min(whole/20, 4) + 1}
}

var heatGroupings = []string{"district", "size", "level", "none"}

// heatPart is a group of the table before it is paged.
type heatPart struct {
	key, name string
	of        int // participants, those included that have not submitted; 0: not counted
	towns     []townRecord
}

// heatLine is a town with its group, as the list is paged.
type heatLine struct {
	part *heatPart
	town townRecord
}

// heatOf groups, sorts and pages the towns.
func heatOf(r *site.Request, d *checklist.Definition, towns []townRecord, list []round.Participant,
	members map[region.AGS]bool) heatView {
	t, lang := r.Text.Text, site.LangOf(r)
	l := r.Lister(site.RoundAddress(int64(roundOf(r).ID))+"/benchmark", "heat", "group", "by", "sort")
	by, tabs := l.Choice("by", heatGroupings, "heat.by.")
	v := heatView{By: tabs}
	order := l.Chosen.Get("sort")
	column := 0 // of the values: the total
	for i := range d.Sections {
		if order == string(d.Sections[i].ID) {
			column = 1 + i
		}
	}
	if order != "name" && order != "level" && column == 0 {
		order = "total"
	}
	v.heads(r, l, d, order)
	find := l.Find()
	shown := slices.DeleteFunc(slices.Clone(towns), func(t townRecord) bool {
		return !site.Found(find, t.town.Town.Name, t.town.Town.District.Name)
	})
	sortHeat(shown, d, order, column)
	var lines []heatLine
	for _, part := range partsOf(r, d, by, shown, list, members) {
		for _, town := range part.towns {
			lines = append(lines, heatLine{part, town})
		}
	}
	v.List, lines = site.PagedList(l, t("round.find"), lines)
	var last *heatPart
	for _, line := range lines {
		if line.part != last {
			last = line.part
			v.Groups = append(v.Groups, groupOf(r, d, last))
		}
		g := &v.Groups[len(v.Groups)-1]
		row := rowOf(r.Text, d, &line.town, lang)
		v.Held = v.Held || row.Held != ""
		g.Rows = append(g.Rows, row)
	}
	return v
}

// sortHeat orders towns: scores from the highest, levels too, names by the alphabet. They come the best total first.
func sortHeat(towns []townRecord, d *checklist.Definition, order string, column int) {
	level := func(t *townRecord) int {
		_, i, ok := d.Level(t.record.Level)
		if !ok {
			return -1
		}
		return i
	}
	switch {
	case order == "name":
		site.SortByKey(towns, func(t townRecord) string { return t.town.Town.Name })
	case order == "level":
		site.SortLarge(towns, func(a, b *townRecord) int { return cmp.Compare(level(b), level(a)) })
	case column > 0:
		site.SortLarge(towns, func(a, b *townRecord) int { // NaN sorts last
			return cmp.Compare(b.record.Values[column], a.record.Values[column])
		})
	}
}

// partsOf groups towns that are in their order. Participants count in a group whether they have submitted or not.
func partsOf(r *site.Request, d *checklist.Definition, by string, towns []townRecord, list []round.Participant,
	members map[region.AGS]bool) []*heatPart {
	keyOf := func(p *round.Participant) (key, name string) {
		switch by {
		case "district":
			return string(p.Town.District.Key), p.Town.District.Name
		case "size":
			class := region.SizeClassOf(p.Population)
			if class == "" {
				return "", r.Text.Text("heat.no_size")
			}
			return string(class), r.Text.Text("benchmark.size." + string(class))
		}
		return "", ""
	}
	parts := map[string]*heatPart{}
	var ordered []*heatPart
	for _, town := range towns {
		key, name := keyOf(town.town)
		if by == "level" {
			key, name = string(town.record.Level), r.Text.Text("heat.no_level")
			if level, _, ok := d.Level(town.record.Level); ok {
				name = level.Label.In(site.LangOf(r))
			}
		}
		part := parts[key]
		if part == nil {
			part = &heatPart{key: key, name: name}
			parts[key] = part
			ordered = append(ordered, part)
		}
		part.towns = append(part.towns, town)
	}
	if by == "district" || by == "size" {
		for i := range list {
			if p := &list[i]; members[p.Town.AGS] {
				if key, _ := keyOf(p); parts[key] != nil {
					parts[key].of++
				}
			}
		}
	}
	place := func(p *heatPart) int { // of what has an order of its own
		switch by {
		case "size":
			return slices.Index(region.SizeClasses(), region.SizeClass(p.key))
		case "level":
			_, i, _ := d.Level(checklist.LevelID(p.key))
			return -i
		}
		return 0
	}
	site.SortByKey(ordered, func(p *heatPart) string { return p.name + "\x00" + p.key })
	slices.SortStableFunc(ordered, func(a, b *heatPart) int { return cmp.Compare(place(a), place(b)) })
	return ordered
}

// groupOf is the row of a group with the medians of its towns; without a name if all are one group.
func groupOf(r *site.Request, d *checklist.Definition, part *heatPart) heatGroup {
	g := heatGroup{Name: part.name}
	if part.name == "" {
		return g
	}
	g.Of = r.Text.Text("heat.count", "Count", len(part.towns))
	if part.of > 0 {
		g.Of = r.Text.Text("heat.of", "N", r.Text.Words().Number(len(part.towns)), "All",
			r.Text.Words().Number(part.of))
	}
	for k := range 1 + len(d.Sections) {
		var values []float64
		for _, town := range part.towns {
			if v := town.record.Values[k]; !math.IsNaN(v) {
				values = append(values, v)
			}
		}
		slices.Sort(values)
		median := math.NaN()
		if len(values) > 0 {
			median = bench.Quantile(values, 0.5)
		}
		g.Medians = append(g.Medians, heatCellOf(median).Text)
	}
	return g
}

func rowOf(m *site.Messages, d *checklist.Definition, town *townRecord, lang checklist.Lang) heatRow {
	row := heatRow{Name: town.town.Town.Name,
		URL: "/assessments/" + site.OfNumber(int64(town.town.Assessment)) + "/result"}
	if level, _, ok := d.Level(town.record.Level); ok {
		row.Level = level.Label.In(lang)
	}
	var numbers []string
	for _, id := range town.record.HeldBy(d) {
		numbers = append(numbers, wording.NumberOf(d, id))
	}
	row.Held, row.HeldWords = strings.Join(numbers, ", "), heldInWords(m, d, &town.record)
	for _, v := range town.record.Values[:1+len(d.Sections)] {
		row.Cells = append(row.Cells, heatCellOf(v))
	}
	return row
}

func (v *heatView) heads(r *site.Request, l site.Lister, d *checklist.Definition, order string) {
	add := func(key, short, full string) {
		h := heatHead{Short: short, Full: full, URL: l.URL("sort", key)}
		if key == order {
			h.Sorted, v.Order = "descending", full
			if key == "name" {
				h.Sorted = "ascending"
			}
		}
		v.Heads = append(v.Heads, h)
	}
	add("name", r.Text.Text("round.col_town"), r.Text.Text("round.col_town"))
	add("level", r.Text.Text("benchmark.level"), r.Text.Text("benchmark.level"))
	add("total", r.Text.Text("benchmark.total"), r.Text.Text("benchmark.total"))
	for i := range d.Sections {
		title := d.Sections[i].Title.In(site.LangOf(r))
		add(string(d.Sections[i].ID), wording.SectionTitle(i, shortTitle(title)), wording.SectionTitle(i, title))
	}
}

// shortTitle is what of a section's title fits over a narrow column: its first part.
func shortTitle(title string) string {
	for _, mark := range []string{",", " und ", " and "} {
		title, _, _ = strings.Cut(title, mark)
	}
	return softened(title)
}

// joined are consonants that stay together at the beginning of a syllable.
var joined = []string{"schr", "spr", "str", "sch", "ch", "br", "dr", "fr", "gr", "kr", "pr", "tr", "bl",
	"fl", "gl", "kl", "pl", "qu"}

// softened says where the long words of a head may be parted, before the consonants with which a syllable begins: not
// every browser knows that for itself.
func softened(text string) string {
	words := strings.Split(text, " ")
	for i, word := range words {
		letters := []rune(word)
		if len(letters) < 8 {
			continue
		}
		vowel := func(r rune) bool { return strings.ContainsRune("aeiouyäöü", unicode.ToLower(r)) }
		var parted strings.Builder
		seen := false // a vowel, so that a syllable could end
		for k := 0; k < len(letters); k++ {
			n := 1
			for _, cluster := range joined {
				if strings.HasPrefix(strings.ToLower(string(letters[k:])), cluster) {
					n = len(cluster)
					break
				}
			}
			if next := k + n; seen && !vowel(letters[k]) && next < len(letters) && vowel(letters[next]) &&
				k >= 3 && len(letters)-k >= 3 {
				parted.WriteRune('\u00ad')
			}
			seen = seen || vowel(letters[k])
			parted.WriteString(string(letters[k : k+n]))
			k += n - 1
		}
		words[i] = parted.String()
	}
	return strings.Join(words, " ")
}
