package site

import (
	"sort"
	"strings"

	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/internal/plaintext"
	"ortsspiegel/pkg/region"
)

// TownChoice is the field for one town of a region: a list to choose from or, where that would be
// too long, a text that names it.
type TownChoice struct {
	Select *SelectView
	Text   *InputView
}

func NewTownChoice(r *Request, towns []region.Municipality, chosen string) TownChoice {
	if len(towns) <= PickWhole {
		v := townSelect(r, towns, chosen)
		return TownChoice{Select: &v}
	}
	return TownChoice{Text: &InputView{Name: "town", Label: r.Text.Text("towns.which"),
		Hint: r.Text.Text("towns.which_hint"), Type: "text", Autocomplete: "off", Value: chosen}}
}

func (c *TownChoice) Refused(problem string) {
	if c.Select != nil {
		c.Select.Error = problem
	} else if c.Text != nil {
		c.Text.Error = problem
	}
}

// TownNamed understands a town of the region by its AGS or its name; else the fault is Invalid with
// the field town. An AGS is not looked up: the services know what is theirs.
func (s *Server) TownNamed(r *Request, text string) (region.AGS, error) {
	text = strings.TrimSpace(text)
	if _, err := region.ParseAGS(text); err == nil || text == "" {
		return region.AGS(text), nil
	}
	towns, err := s.towns.Towns(r.Ctx(), r.Actor.Region)
	if err != nil {
		return "", err
	}
	var same []region.Municipality
	for _, m := range towns {
		if key := plaintext.Fold(text); plaintext.Fold(m.Name) == key || plaintext.Fold(m.OfficialName) == key {
			same = append(same, m)
		}
	}
	switch len(same) {
	case 0:
		return "", townFault("town_not_here", map[string]any{"Name": text})
	case 1:
		return same[0].AGS, nil
	}
	var names []string
	for _, m := range same[:min(len(same), 10)] {
		names = append(names, string(m.AGS)+" ("+m.District.Name+")")
	}
	return "", townFault("town_several", map[string]any{"Towns": strings.Join(names, ", ")})
}

func townFault(code string, args map[string]any) error {
	return fault.Fields([]fault.Field{{Name: "town", Code: code,
		Message: "a town of the region is expected, by its name or its AGS", Args: args}})
}

func townSelect(r *Request, towns []region.Municipality, chosen string) SelectView {
	sort.Slice(towns, func(i, j int) bool { return towns[i].Name < towns[j].Name })
	v := SelectView{Name: "town", Label: r.Text.Text("people.town"), Hint: r.Text.Text("people.town_hint"),
		Options: []OptionView{{Label: r.Text.Text("people.no_town")}}}
	for _, m := range towns {
		v.Options = append(v.Options, OptionView{Value: string(m.AGS), Label: m.Name,
			Selected: string(m.AGS) == chosen})
	}
	return v
}

const PickWhole = 300 // a region of so many towns is shown whole; of a larger one the districts that are opened
