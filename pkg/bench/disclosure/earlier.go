package disclosure

import (
	"ortsspiegel/pkg/bench"
	"ortsspiegel/pkg/bench/shift"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/region"
)

// Earlier is another round of the same checklist whose releases towns have seen.
type Earlier struct {
	Round    int64           // whatever tells rounds apart
	Path     *checklist.Path // from its version to the present one's; nil: there is none
	Later    bool            // the round began after the present one, which is corrected: Path leads from the present version to its
	Releases []Release       // oldest first
	Records  []bench.Record  // its submitted assessments as they are now: a release may still show what one was before
	// By towns that submitted in both rounds, from Between.
	Shifts    map[region.AGS]shift.Shift
	Unchanged map[region.AGS][]bool
}

// ends returns the other round's version and the present one, as the path knows them.
func (e *Earlier) ends() (other, present *checklist.Definition) {
	if e.Later {
		return e.Path.To(), e.Path.From()
	}
	return e.Path.From(), e.Path.To()
}

// leads reports whether the path leads between the version of a release and the present one.
func (e *Earlier) leads(d *checklist.Definition, r *Release) bool {
	if e.Path == nil {
		return false
	}
	other, present := e.ends()
	return present.Ref() == d.Ref() && other.Ref() == r.Report.Ref
}

// prints returns the fingerprints of the round's records.
func (e *Earlier) prints() map[region.AGS]string {
	prints := make(map[region.AGS]string, len(e.Records))
	for i := range e.Records {
		if p, err := fingerprint(&e.Records[i]); err == nil { // else its town is one of which nothing is known
			prints[e.Records[i].AGS] = p
		}
	}
	return prints
}

// correspondence says which column of another version publishes what a column of the present
// one does. What a question's answers carry over to, one by one, is the same question, and so are
// both halves of one that was split. A merged question and one whose meaning changed are not:
// what they publish cannot be subtracted from what came before.
type correspondence struct {
	keys    map[string]string // present column -> the other version's
	rows    []int             // by present column: its place in Unchanged; -1: none
	options map[string][]int  // present column -> by the other version's option: the present one's place, behind the last if it has none
	width   map[string]int    // present column -> how many options the question has
}

func (e *Earlier) correspondence(columns []columnSpec) *correspondence {
	other, present := e.ends()
	c := &correspondence{keys: map[string]string{}, options: map[string][]int{}, width: map[string]int{}, rows: make([]int, len(columns))}
	pairs := e.pairs()
	shared := make([]map[checklist.SectionID]int, len(present.Sections)) // by present section: common questions by the other's section
	for i := range present.Sections {
		shared[i] = map[checklist.SectionID]int{}
	}
	for _, p := range pairs {
		c.question(e, p[0], p[1])
	}
	for to := range e.Path.Common() {
		for _, from := range e.Path.Origins()[e.Path.To().Ordinal(to)].Sources {
			now, then := to, from
			if e.Later {
				now, then = from, to
			}
			_, s, _ := present.Question(now)
			_, o, _ := other.Question(then)
			_, i, _ := present.Section(s.ID)
			shared[i][o.ID]++
			c.keys[string(bench.Total)] = string(bench.Total)
		}
	}
	for i := range present.Sections {
		id := present.Sections[i].ID
		if o, ok := nearest(other, id, shared[i]); ok {
			c.keys[string(bench.SectionNode(id))] = string(bench.SectionNode(o))
		}
	}
	c.place(e, columns, other)
	return c
}

// nearest returns the other version's section with the same id, if they have a question in
// common, else the one with the most.
func nearest(other *checklist.Definition, id checklist.SectionID, shared map[checklist.SectionID]int) (checklist.SectionID, bool) {
	if shared[id] > 0 {
		return id, true
	}
	found, most := checklist.SectionID(""), 0
	for i := range other.Sections {
		if o := other.Sections[i].ID; shared[o] > most {
			found, most = o, shared[o]
		}
	}
	return found, most > 0
}

// pairs lists the questions that correspond, the other version's first.
func (e *Earlier) pairs() (list [][2]*checklist.Question) {
	taken := map[checklist.QuestionID]bool{}
	for i, o := range e.Path.Origins() {
		if len(o.Sources) != 1 || o.Anew {
			continue
		}
		from, _, ok := e.Path.From().Question(o.Sources[0])
		to := e.Path.To().Questions()[i]
		switch {
		case !ok:
		case !e.Later:
			list = append(list, [2]*checklist.Question{from, to})
		case !taken[from.ID]: // one half stands for what a question was split into since
			taken[from.ID] = true
			list = append(list, [2]*checklist.Question{to, from})
		}
	}
	return list
}

// question notes what two questions publish alike. Where only one of them is scored, the other's
// figures or distribution tell the points, or the points tell them.
func (c *correspondence) question(e *Earlier, other, present *checklist.Question) {
	then, now := string(bench.QuestionNode(other.ID)), string(bench.QuestionNode(present.ID))
	suffix := ""
	switch {
	case other.Type != present.Type:
	case other.Type == checklist.TypeNumber:
		suffix = unitSuffix
	case other.Type == checklist.TypeChoice:
		suffix = optionsSuffix
	}
	switch {
	case other.Scored() && present.Scored():
		c.keys[now] = then
		if suffix != "" {
			c.keys[now+suffix] = then + suffix
		}
	case present.Scored() && suffix != "":
		c.keys[now], c.keys[now+suffix] = then+suffix, then+suffix
	case suffix != "" && other.Scored():
		c.keys[now+suffix] = then
	case suffix != "":
		c.keys[now+suffix] = then + suffix
	}
	if suffix == optionsSuffix {
		c.options[now+suffix], c.width[now+suffix] = e.optionPlaces(other, present), len(present.Options)
	}
}

// optionPlaces says where the other version's options are among the present ones, by what
// becomes of an answer on the way.
func (e *Earlier) optionPlaces(other, present *checklist.Question) []int {
	places := make([]int, len(other.Options))
	for i := range places {
		places[i] = len(present.Options)
	}
	from, to := other, present
	if e.Later {
		from, to = present, other
	}
	for i := range from.Options {
		answer := checklist.Answer{Kind: checklist.AnswerOptions, Options: []checklist.OptionID{from.Options[i].ID}}
		carried := e.Path.Carry(map[checklist.QuestionID]checklist.Answer{from.ID: answer})
		p, ok := carried.Proposal(to.ID)
		if !ok || p.Reason != "" || len(p.Answer.Options) != 1 {
			continue
		}
		at := to.Option(p.Answer.Options[0])
		switch {
		case at < 0:
		case !e.Later:
			places[i] = at
		case places[at] == len(present.Options):
			places[at] = i
		}
	}
	return places
}

// place finds the present columns in what Between says, which goes by the later version.
func (c *correspondence) place(e *Earlier, columns []columnSpec, other *checklist.Definition) {
	at := map[string]int{}
	if e.Later {
		for i, spec := range columnsOf(bench.ComparedNodes(other)) {
			at[spec.key] = i
		}
	}
	for i := range columns {
		c.rows[i] = i
		if e.Later {
			c.rows[i] = -1
			if row, ok := at[c.keys[columns[i].key]]; ok {
				c.rows[i] = row
			}
		}
	}
}

// translate returns a basis of another version as one of the present: only columns that
// correspond are left.
func (c *correspondence) translate(b *Basis, columns []columnSpec) *Basis {
	at := make(map[string]int, len(b.Columns))
	for i := range b.Columns {
		at[b.Columns[i].Key] = i
	}
	out := &Basis{Towns: b.Towns, Prints: b.Prints}
	var old []int
	for i := range columns {
		key := columns[i].key
		if then, ok := c.keys[key]; ok {
			if o, ok := at[then]; ok {
				out.Columns = append(out.Columns, Column{key, b.Columns[o].Defined})
				old = append(old, o)
			}
		}
	}
	for _, g := range b.Groups {
		t := BasisGroup{ID: g.ID, Members: g.Members, Published: newSet(len(out.Columns)), Counts: map[string][]int{}}
		for i, o := range old {
			if !g.Published.Has(o) {
				continue
			}
			t.Published.add(i)
			if places, ok := c.options[out.Columns[i].Key]; ok {
				t.Counts[out.Columns[i].Key] = placed(g.Counts[b.Columns[o].Key], places, c.width[out.Columns[i].Key])
			}
		}
		out.Groups = append(out.Groups, t)
	}
	return out
}

// placed sorts counts by the present options; the last one takes what there is no option for.
func placed(counts, places []int, width int) []int {
	if len(counts) != len(places) {
		return nil
	}
	out := make([]int, width+1)
	for i, n := range counts {
		out[places[i]] += n
	}
	return out
}

// opaqueBasis stands for a release that cannot be translated: it may have published everything
// about its towns.
func opaqueBasis(b *Basis, columns []columnSpec) *Basis {
	everybody := newSet(len(b.Towns))
	for i := range b.Towns {
		everybody.add(i)
	}
	out := &Basis{Towns: b.Towns, Prints: b.Prints}
	for i := range columns {
		if columns[i].node >= 0 {
			out.Columns = append(out.Columns, Column{columns[i].key, everybody})
		}
	}
	everything := newSet(len(out.Columns))
	for i := range out.Columns {
		everything.add(i)
	}
	for _, g := range b.Groups {
		out.Groups = append(out.Groups, BasisGroup{ID: g.ID, Members: g.Members, Published: everything})
	}
	return out
}
