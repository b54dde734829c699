package carry

import (
	"slices"

	"ortsspiegel/pkg/checklist"
)

// Trail is where a question of the later version comes from, as people want to know it.
type Trail struct {
	Sources []int  // ordinals in the version the path begins at, ascending
	Meaning bool   // it changed on the way
	anew    bool   // no old answer is ever proposed
	Merge   string // of the last merge on the way
	Why     []checklist.Text
	Options map[int]map[checklist.OptionID]checklist.OptionID // by source: what each of its options became
}

// Trails returns the trail of every question of To, by ordinal.
func (p *Path) Trails() []Trail {
	state := make([]Trail, len(p.From().Questions()))
	for i, q := range p.From().Questions() {
		same := make(map[checklist.OptionID]checklist.OptionID, len(q.Options))
		for _, o := range q.Options {
			same[o.ID] = o.ID
		}
		state[i] = Trail{Sources: []int{i}, Options: map[int]map[checklist.OptionID]checklist.OptionID{i: same}}
	}
	for _, s := range p.steps {
		state = s.follow(state)
	}
	return state
}

func (s *step) follow(old []Trail) []Trail {
	next := make([]Trail, len(s.sources))
	for i, sources := range s.sources {
		t := &next[i]
		for _, o := range sources {
			t.join(&old[o], s.to.Questions()[i], s.lines[i])
		}
		slices.Sort(t.Sources)
		if len(t.Sources) == 0 {
			*t = Trail{} // as new as what it comes from
		} else if m := s.lines[i]; m != nil {
			t.pass(m, len(sources) > 1)
		}
	}
	return next
}

// join adds what is known of a question that this one comes from. One that is new on the way was
// never answered: whatever is merged with it must be answered anew, and has another meaning.
func (t *Trail) join(old *Trail, q *checklist.Question, m *checklist.Mapping) {
	if len(old.Sources) == 0 {
		t.Meaning, t.anew = true, true
	}
	t.Meaning = t.Meaning || old.Meaning
	t.anew = t.anew || old.anew
	t.Why = append(t.Why, old.Why...)
	if old.Merge != "" {
		t.Merge = old.Merge
	}
	for _, origin := range old.Sources {
		if t.Options[origin] != nil {
			continue
		}
		if t.Options == nil {
			t.Options = map[int]map[checklist.OptionID]checklist.OptionID{}
		}
		t.Options[origin] = renames(q, old.Options[origin], m)
		t.Sources = append(t.Sources, origin)
	}
}

// pass adds what a line says.
func (t *Trail) pass(m *checklist.Mapping, merged bool) {
	if m.Changed {
		t.Meaning, t.anew = true, true
	}
	if merged {
		t.Merge = m.Merge
		t.anew = t.anew || m.Merge != checklist.MergeLowest && m.Merge != checklist.MergeHighest
	}
	if !m.Why.IsZero() {
		t.Why = append(t.Why, m.Why)
	}
}

// renames leads options one version on; those that are no longer offered are left out.
func renames(q *checklist.Question, options map[checklist.OptionID]checklist.OptionID,
	m *checklist.Mapping) map[checklist.OptionID]checklist.OptionID {
	next := make(map[checklist.OptionID]checklist.OptionID, len(options))
	for first, id := range options {
		if m != nil && m.Options != nil {
			id = m.Options[id]
		}
		if q.Option(id) >= 0 {
			next[first] = id
		}
	}
	return next
}

// Ends returns, by the ordinals of From, what was said where a question was retired.
func (p *Path) Ends() [][]checklist.Text {
	first := p.From().Questions()
	ends := make([][]checklist.Text, len(first))
	state := make([]Trail, len(first))
	for i := range first {
		state[i].Sources = []int{i}
	}
	for _, s := range p.steps {
		for i := range s.mappings {
			m := &s.mappings[i]
			if len(m.New) > 0 || m.Why.IsZero() {
				continue
			}
			for _, id := range m.Old {
				if o := s.from.Ordinal(id); o >= 0 {
					for _, origin := range state[o].Sources {
						ends[origin] = append(ends[origin], m.Why)
					}
				}
			}
		}
		state = s.follow(state)
	}
	return ends
}
