package checklist

import "slices"

// trail is where a question of the later version comes from, as people want to know it.
type trail struct {
	sources []int  // ordinals in the version the path begins at, ascending
	meaning bool   // it changed on the way
	anew    bool   // no old answer is ever proposed
	merge   string // of the last merge on the way
	why     []Text
	options map[int]map[OptionID]OptionID // by source: what each of its options became
}

// trails returns the trail of every question of To, by ordinal.
func (p *Path) trails() []trail {
	state := make([]trail, len(p.From().Questions()))
	for i, q := range p.From().Questions() {
		same := make(map[OptionID]OptionID, len(q.Options))
		for _, o := range q.Options {
			same[o.ID] = o.ID
		}
		state[i] = trail{sources: []int{i}, options: map[int]map[OptionID]OptionID{i: same}}
	}
	for _, s := range p.steps {
		state = s.follow(state)
	}
	return state
}

func (s *step) follow(old []trail) []trail {
	next := make([]trail, len(s.sources))
	for i, sources := range s.sources {
		t := &next[i]
		for _, o := range sources {
			t.join(&old[o], s.to.Questions()[i], s.lines[i])
		}
		slices.Sort(t.sources)
		if len(t.sources) == 0 {
			*t = trail{} // as new as what it comes from
		} else if m := s.lines[i]; m != nil {
			t.pass(m, len(sources) > 1)
		}
	}
	return next
}

// join adds what is known of a question that this one comes from. One that is new on the way was
// never answered: whatever is merged with it must be answered anew, and has another meaning.
func (t *trail) join(old *trail, q *Question, m *Mapping) {
	if len(old.sources) == 0 {
		t.meaning, t.anew = true, true
	}
	t.meaning = t.meaning || old.meaning
	t.anew = t.anew || old.anew
	t.why = append(t.why, old.why...)
	if old.merge != "" {
		t.merge = old.merge
	}
	for _, origin := range old.sources {
		if t.options[origin] != nil {
			continue
		}
		if t.options == nil {
			t.options = map[int]map[OptionID]OptionID{}
		}
		t.options[origin] = q.renames(old.options[origin], m)
		t.sources = append(t.sources, origin)
	}
}

// pass adds what a line says.
func (t *trail) pass(m *Mapping, merged bool) {
	if m.Changed {
		t.meaning, t.anew = true, true
	}
	if merged {
		t.merge = m.Merge
		t.anew = t.anew || m.Merge != MergeLowest && m.Merge != MergeHighest
	}
	if !m.Why.IsZero() {
		t.why = append(t.why, m.Why)
	}
}

// renames leads options one version on; those that are no longer offered are left out.
func (q *Question) renames(options map[OptionID]OptionID, m *Mapping) map[OptionID]OptionID {
	next := make(map[OptionID]OptionID, len(options))
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

// ends returns, by the ordinals of From, what was said where a question was retired.
func (p *Path) ends() [][]Text {
	first := p.From().Questions()
	ends := make([][]Text, len(first))
	state := make([]trail, len(first))
	for i := range first {
		state[i].sources = []int{i}
	}
	for _, s := range p.steps {
		for i := range s.mappings {
			m := &s.mappings[i]
			if len(m.New) > 0 || m.Why.IsZero() {
				continue
			}
			for _, id := range m.Old {
				if o := s.from.Ordinal(id); o >= 0 {
					for _, origin := range state[o].sources {
						ends[origin] = append(ends[origin], m.Why)
					}
				}
			}
		}
		state = s.follow(state)
	}
	return ends
}
