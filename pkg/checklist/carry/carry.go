package carry

import (
	"slices"
	"sync"

	"ortsspiegel/pkg/checklist"
)

// Outcome is what becomes of an old answer. Every old answer has exactly one.
type Outcome string

// The outcomes.
const (
	Carried Outcome = "carried" // proposed for at least one question
	Asked   Outcome = "asked"   // its questions must be answered anew
	Retired Outcome = "retired" // no question of the new version comes from its question
)

// Reason says why a question must be answered anew although there are old answers.
type Reason string

// The reasons.
const (
	ReasonMeaning       Reason = "meaning_changed"        // same id, other meaning
	ReasonType          Reason = "type_changed"           // another type of value is asked for
	ReasonOption        Reason = "option_gone"            // a chosen option is no longer offered
	ReasonSeveral       Reason = "one_option"             // several were ticked, only one is possible now
	ReasonNumber        Reason = "number_refused"         // the number is outside the new limits or steps
	ReasonNotApplicable Reason = "not_applicable_refused" // "not applicable" is no longer possible
	ReasonMerge         Reason = "merge_ask"              // several old answers, and the town has to say which holds
	ReasonIncomplete    Reason = "merge_incomplete"       // one of the merged questions was open
)

// Proposal is what old answers mean for one question of the new version.
type Proposal struct {
	Question checklist.QuestionID
	Sources  []checklist.QuestionID // the old questions with an answer, at least one; must not be changed
	Answer   checklist.Answer       // valid for the question; zero if Reason is set
	Reason   Reason                 // empty: Answer is proposed; else the question must be answered anew
}

// CarriedOver is what becomes of one assessment's answers.
type CarriedOver struct {
	Proposals []Proposal // in the order of the new version; only questions with an old answer
	Outcomes  map[checklist.QuestionID]Outcome
}

// Proposal returns what is proposed for a question; ok is false if no old answer leads to it.
func (c *CarriedOver) Proposal(id checklist.QuestionID) (p *Proposal, ok bool) {
	for i := range c.Proposals {
		if c.Proposals[i].Question == id {
			return &c.Proposals[i], true
		}
	}
	return nil, false
}

// held is what is known of one question on the way.
type held struct {
	answer  checklist.Answer
	reason  Reason
	sources []int // ordinals in the version the path begins at; empty: nothing was answered
}

// Carry maps the answers of the first version along the path. Answers to questions the first
// version does not have are ignored. What is proposed is valid for its question.
func (p *Path) Carry(answers map[checklist.QuestionID]checklist.Answer) CarriedOver {
	questions := p.From().Questions()
	desk := desks.Get().(*desk)
	defer desks.Put(desk)
	state, spare := roomFor(desk.state, len(questions)), desk.spare
	outcomes := roomFor(desk.outcomes, len(questions)) // empty: not answered
	options := 0
	for i, q := range questions {
		if a, ok := answers[q.ID]; ok {
			state[i] = held{answer: a, sources: p.ordinals[i : i+1 : i+1]}
			outcomes[i] = Retired
			options += len(a.Options)
		}
	}
	if len(p.steps) == 0 {
		room := optionRoom{size: options}
		for i := range state {
			if len(state[i].sources) > 0 {
				state[i].answer, state[i].reason = fit(questions[i], state[i].answer, nil, &room)
			}
		}
	}
	for i, s := range p.steps {
		room := optionRoom{size: options, borrow: i < len(p.steps)-1}
		next := roomFor(spare, len(s.sources))
		s.carry(state, next, &room)
		state, spare = next, state
	}
	desk.state, desk.spare, desk.outcomes = state, spare, outcomes
	return p.conclude(state, outcomes)
}

// desk is memory that is needed while one assessment is carried, and by the next one again: a dry
// run carries those of a whole country. Nothing that Carry returns refers to it.
type desk struct {
	state, spare []held
	outcomes     []Outcome
}

var desks = sync.Pool{New: func() any { return new(desk) }}

// roomFor returns n empty places, in old memory if it has so many.
func roomFor[T any](spare []T, n int) []T {
	if n > cap(spare) {
		return make([]T, n)
	}
	spare = spare[:n]
	clear(spare)
	return spare
}

// optionRoom is one piece of memory for the options of many answers, none of which can grow
// into another. It is made when the first of them needs it.
type optionRoom struct {
	size   int
	left   []checklist.OptionID
	borrow bool // an answer that stays as it is may refer to the old one: a later step copies it
}

// take returns n options' room; it must be filled.
func (r *optionRoom) take(n int) []checklist.OptionID {
	if r.left == nil {
		r.left = make([]checklist.OptionID, max(n, r.size))
	}
	if n > len(r.left) { // a split writes one answer twice
		return make([]checklist.OptionID, n)
	}
	taken := r.left[:n:n]
	r.left = r.left[n:]
	return taken
}

// conclude says what is proposed and what became of each answer.
func (p *Path) conclude(state []held, outcomes []Outcome) CarriedOver {
	proposed := 0
	for i := range state {
		h := &state[i]
		if len(h.sources) > 0 {
			proposed++
		}
		for _, o := range h.sources {
			switch {
			case h.reason == "":
				outcomes[o] = Carried
			case outcomes[o] != Carried:
				outcomes[o] = Asked
			}
		}
	}
	c := CarriedOver{Proposals: make([]Proposal, 0, proposed), Outcomes: make(map[checklist.QuestionID]Outcome,
		len(outcomes))}
	for i, outcome := range outcomes {
		if outcome != "" {
			c.Outcomes[p.ids[i]] = outcome
		}
	}
	for i := range state {
		if h := &state[i]; len(h.sources) > 0 {
			c.Proposals = append(c.Proposals, Proposal{Question: p.To().Questions()[i].ID, Sources: p.named(h.sources),
				Answer: h.answer, Reason: h.reason})
		}
	}
	return c
}

// named returns the ids of ordinals of From.
func (p *Path) named(ordinals []int) []checklist.QuestionID {
	if len(ordinals) == 1 {
		o := ordinals[0]
		return p.ids[o : o+1 : o+1]
	}
	ids := make([]checklist.QuestionID, len(ordinals))
	for i, o := range ordinals {
		ids[i] = p.ids[o]
	}
	return ids
}

func (s *step) carry(old, next []held, room *optionRoom) {
	questions := s.to.Questions()
	for i, sources := range s.sources {
		switch {
		case len(sources) == 1 && len(old[sources[0]].sources) > 0:
			next[i] = old[sources[0]]
			if next[i].reason == "" {
				next[i].answer, next[i].reason = fit(questions[i], next[i].answer, s.lines[i], room)
			}
		case len(sources) > 1:
			next[i] = merge(questions[i], old, sources, s.lines[i], room)
		}
	}
}

// merge makes one answer of several. A question that is still open hides what would be the
// lowest or the highest, so then the town is asked.
func merge(q *checklist.Question, old []held, sources []int, m *checklist.Mapping, room *optionRoom) held {
	var h held
	var all []checklist.Answer
	for _, o := range sources {
		given := old[o]
		for _, origin := range given.sources {
			if !slices.Contains(h.sources, origin) {
				h.sources = append(h.sources, origin)
			}
		}
		reason := given.reason
		switch {
		case len(given.sources) == 0:
			reason = ReasonIncomplete
		case reason == "":
			var a checklist.Answer
			a, reason = fit(q, given.answer, m, room)
			all = append(all, a)
		}
		if h.reason == "" {
			h.reason = reason
		}
	}
	if len(h.sources) == 0 {
		return held{}
	}
	// Where the town is asked in any case, it does not matter that an answer would not have fitted.
	if m.Merge == checklist.MergeAsk {
		h.reason = ReasonMerge
	}
	if h.reason == "" {
		h.answer, h.reason = choose(q, all, m.Merge)
	}
	if h.reason != "" {
		h.answer = checklist.Answer{}
	}
	return h
}

// choose picks among answers that all fit. What is not applicable does not compete with values.
func choose(q *checklist.Question, all []checklist.Answer, how string) (checklist.Answer, Reason) {
	values := slices.DeleteFunc(slices.Clone(all), func(a checklist.Answer) bool {
		return a.Kind == checklist.AnswerNotApplicable
	})
	switch {
	case how != checklist.MergeLowest && how != checklist.MergeHighest:
		return checklist.Answer{}, ReasonMerge
	case len(values) == 0:
		return all[0], ""
	case q.Type.Many():
		return chooseTicks(q, values, how)
	}
	if !q.Type.Ordered() {
		differs := func(a checklist.Answer) bool { return !a.Equal(values[0]) }
		if slices.ContainsFunc(values, differs) {
			return checklist.Answer{}, ReasonMerge
		}
		return values[0], ""
	}
	if how == checklist.MergeLowest {
		return slices.MinFunc(values, q.Order), ""
	}
	return slices.MaxFunc(values, q.Order), ""
}

// chooseTicks keeps what is ticked everywhere or anywhere. An option that stands alone gives
// way to others.
func chooseTicks(q *checklist.Question, values []checklist.Answer, how string) (checklist.Answer, Reason) {
	a := checklist.Answer{Kind: checklist.AnswerOptions}
	var alone []checklist.OptionID
	for _, o := range q.Options {
		n := 0
		for _, v := range values {
			if slices.Contains(v.Options, o.ID) {
				n++
			}
		}
		switch {
		case n == 0 || how == checklist.MergeLowest && n < len(values):
		case o.Exclusive:
			alone = append(alone, o.ID)
		default:
			a.Options = append(a.Options, o.ID)
		}
	}
	if len(a.Options) == 0 && len(alone) > 0 {
		a.Options = alone[:1]
	}
	if len(a.Options) == 0 {
		return checklist.Answer{}, ReasonMerge
	}
	return a, ""
}

// fit turns an old answer into one to this question, or says why that is not possible. The
// mapping may be nil: same id, same meaning.
func fit(q *checklist.Question, a checklist.Answer, m *checklist.Mapping, room *optionRoom) (checklist.Answer, Reason) {
	if m != nil && m.Changed {
		return checklist.Answer{}, ReasonMeaning
	}
	switch {
	case a.Kind == checklist.AnswerNotApplicable && !q.NotApplicable:
		return checklist.Answer{}, ReasonNotApplicable
	case a.Kind == checklist.AnswerNotApplicable:
		return a, ""
	case a.Kind == 0 || a.Kind != q.Type.Holds():
		return checklist.Answer{}, ReasonType
	case a.Kind == checklist.AnswerOptions:
		return fitOptions(q, a, m, room)
	case !q.Possible(a):
		return checklist.Answer{}, ReasonNumber
	}
	return a, ""
}

func fitOptions(q *checklist.Question, a checklist.Answer, m *checklist.Mapping, room *optionRoom) (checklist.Answer,
	Reason) {
	var ticks [checklist.MaxOptions]bool
	chosen := ticks[:]
	if len(q.Options) > checklist.MaxOptions {
		chosen = make([]bool, len(q.Options))
	}
	n, alone := 0, false
	same, last := m == nil || m.Options == nil, -1 // as they are, and in the order of the question
	for _, id := range a.Options {
		if m != nil && m.Options != nil {
			id = m.Options[id]
		}
		i := q.Option(id)
		if i < 0 {
			return checklist.Answer{}, ReasonOption
		}
		same, last = same && i > last, i
		if !chosen[i] {
			chosen[i] = true
			n++
			alone = alone || q.Options[i].Exclusive
		}
	}
	if n == 0 {
		return checklist.Answer{}, ReasonOption
	}
	if n > 1 && (q.Type.One() || alone) {
		return checklist.Answer{}, ReasonSeveral
	}
	if same && room.borrow {
		return checklist.Answer{Kind: checklist.AnswerOptions, Options: a.Options[:n:n]}, ""
	}
	fitted := checklist.Answer{Kind: checklist.AnswerOptions, Options: room.take(n)[:0]}
	for i := range q.Options {
		if chosen[i] {
			fitted.Options = append(fitted.Options, q.Options[i].ID)
		}
	}
	return fitted, ""
}
