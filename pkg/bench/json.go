package bench

import (
	"bytes"
	"encoding/json"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/region"
)

type reportJSON struct {
	Checklist checklist.ID      `json:"checklist"`
	Version   checklist.Version `json:"version"`
	Audience  Audience          `json:"audience"`
	Groups    []groupJSON       `json:"groups"`
}

type groupJSON struct {
	ID         region.GroupID `json:"id"`
	N          int            `json:"n"`
	Suppressed bool           `json:"suppressed"`
	Reason     Reason         `json:"reason,omitempty"`
	Nodes      []any          `json:"nodes"`
}

type figuresJSON struct {
	Min    *float64 `json:"min"`
	Q1     *float64 `json:"q1"`
	Median *float64 `json:"median"`
	Q3     *float64 `json:"q3"`
	Max    *float64 `json:"max"`
	Mean   *float64 `json:"mean"`
}

type countNodeJSON struct {
	ID NodeID `json:"id"`
	N  *int   `json:"n"`
	restJSON
}

type bandNodeJSON struct {
	ID   NodeID  `json:"id"`
	Band *string `json:"n_band"`
	restJSON
}

type restJSON struct {
	figuresJSON
	Options any               `json:"options,omitempty"`
	Figures *figuresJSON      `json:"figures,omitempty"`
	Unit    string            `json:"unit,omitempty"`
	Reason  Reason            `json:"reason,omitempty"`
	Reasons map[string]Reason `json:"reasons,omitempty"`
}

// MarshalJSON writes the report in the shape outside scripts rely on: scores as numbers
// from 0 to 1, undefined and suppressed figures as null, the latter with a reason.
func (r Report) MarshalJSON() ([]byte, error) {
	out := reportJSON{Checklist: r.Ref.ID, Version: r.Ref.Version, Audience: r.Audience,
		Groups: make([]groupJSON, len(r.Groups))}
	for i := range r.Groups {
		g := &r.Groups[i]
		gj := groupJSON{ID: g.ID, N: g.N, Suppressed: g.Suppressed, Reason: g.Reason, Nodes: make([]any, len(g.Nodes))}
		for k := range g.Nodes {
			gj.Nodes[k] = nodeJSON(&g.Nodes[k], r.Audience)
		}
		out.Groups[i] = gj
	}
	return json.Marshal(out)
}

func nodeJSON(n *Node, audience Audience) any {
	rest := restJSON{figuresJSON: figuresJSON(n.Points), Unit: n.UnitName, Reason: n.Reason(), Reasons: n.Reasons}
	if n.Unit != nil {
		figures := figuresJSON(*n.Unit)
		rest.Figures = &figures
	}
	switch {
	case n.Options != nil:
		rest.Options = optionsJSON{n.Options, audience}
	case n.Choice:
		rest.Options = json.RawMessage("null")
	}
	if audience == Town && n.ID.IsQuestion() {
		out := bandNodeJSON{ID: n.ID, restJSON: rest}
		if n.Band != "" {
			out.Band = &n.Band
		}
		return out
	}
	out := countNodeJSON{ID: n.ID, restJSON: rest}
	if _, hidden := n.Reasons["n"]; !hidden {
		out.N = &n.N
	}
	return out
}

// optionsJSON keeps the order of the options, which a Go map would lose.
type optionsJSON struct {
	list     []OptionCount
	audience Audience
}

// MarshalJSON writes {"option": count, ...} for the agency and {"option": share, ...} for towns.
func (o optionsJSON) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, c := range o.list {
		if i > 0 {
			b.WriteByte(',')
		}
		value := float64(c.N)
		if o.audience == Town {
			value = c.Share
		}
		pair, err := json.Marshal(map[checklist.OptionID]float64{c.Option: value})
		if err != nil {
			return nil, err
		}
		b.Write(pair[1 : len(pair)-1])
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}
