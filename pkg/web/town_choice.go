package web

import (
	"strings"

	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/internal/plaintext"
	"ortsspiegel/pkg/region"
)

// townChoice is the field for one town of a region: a list to choose from or, where that would be too long, a text that names it.
type townChoice struct {
	Select *selectView
	Text   *inputView
}

func newTownChoice(r *request, towns []region.Municipality, chosen string) townChoice {
	if len(towns) <= pickWhole {
		v := townSelect(r, towns, chosen)
		return townChoice{Select: &v}
	}
	return townChoice{Text: &inputView{Name: "town", Label: r.text.text("towns.which"), Hint: r.text.text("towns.which_hint"), Type: "text", Autocomplete: "off", Value: chosen}}
}

func (c *townChoice) refused(problem string) {
	if c.Select != nil {
		c.Select.Error = problem
	} else if c.Text != nil {
		c.Text.Error = problem
	}
}

// townNamed understands a town of the region by its AGS or its name; else the fault is Invalid with the field town. An AGS is not
// looked up: the services know what is theirs.
func (s *server) townNamed(r *request, text string) (region.AGS, error) {
	text = strings.TrimSpace(text)
	if _, err := region.ParseAGS(text); err == nil || text == "" {
		return region.AGS(text), nil
	}
	towns, err := s.Territory.Towns(r.ctx(), r.actor.Region)
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
	return fault.Fields([]fault.Field{{Name: "town", Code: code, Message: "a town of the region is expected, by its name or its AGS", Args: args}})
}
