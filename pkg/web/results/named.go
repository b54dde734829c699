package results

import (
	"cmp"
	"html/template"
	"slices"
	"strings"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/bench/disclosure"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/web/assessments"
	"ortsspiegel/pkg/web/site"
	"ortsspiegel/pkg/wording"
)

// NamedLine is a town that agreed to be named.
type NamedLine struct {
	Name     string
	Total    string
	Sections []string // in the order of the checklist; empty: only the total is shown
	Examples bool     // may be asked
	Contact  *personToAsk
	Scores   bool // shows any
	town     disclosure.NamedTown
}

// HeadingView is a section as the head of a column.
type HeadingView struct{ Number, Title string }

func HeadingsOf(d *checklist.Definition, lang checklist.Lang) []HeadingView {
	list := make([]HeadingView, len(d.Sections))
	for i := range d.Sections {
		list[i] = HeadingView{site.OfNumber(int64(i + 1)), d.Sections[i].Title.In(lang)}
	}
	return list
}

// namedTowns lists who agreed to be named, by name.
func (s *Pages) namedTowns(r *site.Request, d *checklist.Definition, release *disclosure.Release) ([]NamedLine, error) {
	if len(release.Named) == 0 {
		return nil, nil
	}
	towns, err := s.services.Territory.Towns(r.Ctx(), assessments.Head(r).Region)
	if err != nil {
		return nil, err
	}
	names := map[region.AGS]string{}
	for _, m := range towns {
		names[m.AGS] = m.Name
	}
	contacts, err := s.askedIn(r, release)
	if err != nil {
		return nil, err
	}
	return NamedLines(r, d, release, names, contacts), nil
}

func NamedLines(r *site.Request, d *checklist.Definition, release *disclosure.Release, names map[region.AGS]string,
	contacts map[region.AGS]*personToAsk) []NamedLine {
	var out []NamedLine
	for _, n := range release.Named {
		if name := names[n.AGS]; name != "" {
			line := newNamedLine(r.Text.Words(), d, name, n)
			line.Contact = contacts[n.AGS]
			out = append(out, line)
		}
	}
	slices.SortFunc(out, func(a, b NamedLine) int { return strings.Compare(a.Name, b.Name) })
	return out
}

func newNamedLine(f wording.Writer, d *checklist.Definition, name string, n disclosure.NamedTown) NamedLine {
	line := NamedLine{Name: name, Total: "–", Examples: n.Examples, Scores: n.Total != nil || len(n.Sections) > 0,
		town: n}
	if n.Total != nil {
		line.Total = f.WholePercent(*n.Total)
	}
	if len(n.Sections) == 0 {
		return line
	}
	for i := range d.Sections {
		value := "–"
		if v, ok := n.Sections[d.Sections[i].ID]; ok {
			value = f.WholePercent(v)
		}
		line.Sections = append(line.Sections, value)
	}
	return line
}

// personToAsk is whom one may ask in a town.
type personToAsk struct {
	Name, Email, ShownEmail, Phone string
	Dial                           template.URL
}

// AskLine is a town that may be asked for good examples; Contact is nil if it names nobody, or not for this reader.
type AskLine struct {
	Name    string
	Contact *personToAsk
}

// MayAsk lists the towns that may be asked for good examples.
func MayAsk(named []NamedLine) (list []AskLine) {
	for _, n := range named {
		if n.Examples {
			list = append(list, AskLine{n.Name, n.Contact})
		}
	}
	return list
}

// LeverAsk is a town to ask about one lever.
type LeverAsk struct {
	Name    string
	Score   string // of the lever's section, as published; empty: the town does not show it
	Contact *personToAsk
}

// leverAsks is how many towns are named at a lever.
const leverAsks = 3

// askAbout returns whom to ask about a question of a section in which the reader's own town has so many points, 0 to 1
// as published: those that show more there, the furthest first. Where nobody does it is towns that do not show their
// sections, those with a contact first; what they have not shown orders nothing.
func askAbout(named []NamedLine, own region.AGS, section checklist.SectionID, points float64,
	f wording.Writer) []LeverAsk {
	var ahead, silent []NamedLine
	for _, n := range named {
		if !n.Examples || n.town.AGS == own {
			continue
		}
		if score, shown := n.town.Sections[section]; !shown {
			silent = append(silent, n)
		} else if score > points {
			ahead = append(ahead, n)
		}
	}
	slices.SortStableFunc(ahead, func(a, b NamedLine) int {
		return cmp.Compare(b.town.Sections[section], a.town.Sections[section])
	})
	slices.SortStableFunc(silent, func(a, b NamedLine) int {
		if (a.Contact == nil) == (b.Contact == nil) {
			return 0
		}
		if a.Contact != nil {
			return -1
		}
		return 1
	})
	if len(ahead) == 0 {
		ahead = silent
	}
	var list []LeverAsk
	for _, n := range ahead[:min(leverAsks, len(ahead))] {
		line := LeverAsk{Name: n.Name, Contact: n.Contact}
		if score, shown := n.town.Sections[section]; shown {
			line.Score = f.WholePercent(score)
		}
		list = append(list, line)
	}
	return list
}

// askedIn returns whom one may ask in the towns that a release names for it, as those agree now and not as they did
// when it was published. Only people of towns see them.
func (s *Pages) askedIn(r *site.Request, release *disclosure.Release) (map[region.AGS]*personToAsk, error) {
	asked := slices.ContainsFunc(release.Named, func(n disclosure.NamedTown) bool { return n.Examples })
	if !asked || !r.Actor.Role.ForTown() {
		return nil, nil
	}
	list, err := s.services.Rounds.Contacts(r.Ctx(), assessments.Head(r))
	if err != nil {
		return nil, err
	}
	views := map[region.AGS]*personToAsk{}
	for ags, c := range list {
		// a number that is dialled has digits and a plus alone
		views[ags] = &personToAsk{c.Name, c.Email, account.ShownEmail(c.Email), c.Phone,
			template.URL("tel:" + account.Dial(c.Phone))}
	}
	return views, nil
}

// ShowScores lists the towns that show scores.
func ShowScores(named []NamedLine) (list []NamedLine) {
	for _, n := range named {
		if n.Scores {
			list = append(list, n)
		}
	}
	return list
}
