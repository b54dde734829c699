package disclosure

import (
	"ortsspiegel/pkg/bench"
	"ortsspiegel/pkg/bench/shift"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/checklist/carry"
	"ortsspiegel/pkg/region"
)

// OtherRound is another round of the same checklist whose releases towns have read.
type OtherRound struct {
	Round    int64          // whatever tells rounds apart
	Path     *carry.Path    // from its version to the present one's; nil: there is none
	Later    bool           // it began after the present round, which is corrected: Path leads to its version
	Releases []Release      // oldest first
	Records  []bench.Record // of its submitted assessments as they are now: a release may still show older ones
	// By towns that submitted in both rounds, from Between.
	Shifts    map[region.AGS]shift.Shift
	Unchanged map[region.AGS]shift.Unchanged
}

// turned takes what belongs to the path's beginning and to its end and returns what belongs to the
// other round and to the present one.
func turned[T any](o *OtherRound, from, to T) (other, present T) {
	if o.Later {
		return to, from
	}
	return from, to
}

// versions returns the other round's version and the present one, as the path knows them.
func (o *OtherRound) versions() (other, present *checklist.Definition) {
	return turned(o, o.Path.From(), o.Path.To())
}

// leads reports whether the path leads between the version of a release and the present one.
func (o *OtherRound) leads(d *checklist.Definition, r *Release) bool {
	if o.Path == nil {
		return false
	}
	other, present := o.versions()
	return present.Ref() == d.Ref() && other.Ref() == r.Report.Ref
}

// digests returns the digests of the round's records.
func (o *OtherRound) digests() map[region.AGS]string {
	digests := make(map[region.AGS]string, len(o.Records))
	for i := range o.Records {
		if digest, err := recordDigest(&o.Records[i]); err == nil { // else its town is one of which nothing is known
			digests[o.Records[i].AGS] = digest
		}
	}
	return digests
}

// correspondence says which column of another version publishes what a column of the present
// one does. What a question's answers carry over to, one by one, is the same question, and so are
// both halves of one that was split. A merged question and one whose meaning changed are not:
// what they publish cannot be subtracted from what came before.
type correspondence struct {
	later   bool                                // the other version is the later one
	columns map[bench.ColumnKey]bench.ColumnKey // present -> the other version's
	options map[bench.ColumnKey]optionOrder     // by present column of a distribution
}

// optionOrder sorts the other version's options by the present ones.
type optionOrder struct {
	present []int // by the other's option: the present one, or width if it has none
	width   int   // how many options the present question has
}

// comparedAs returns the column under which Unchanged, which goes by the later version, knows a
// present one; empty: it does not.
func (c *correspondence) comparedAs(present bench.ColumnKey) bench.ColumnKey {
	if c.later {
		return c.columns[present]
	}
	return present
}

func (o *OtherRound) correspondence() *correspondence {
	c := &correspondence{o.Later, map[bench.ColumnKey]bench.ColumnKey{}, map[bench.ColumnKey]optionOrder{}}
	for _, p := range o.pairs() {
		c.question(o, p)
	}
	other, present := o.versions()
	shared := o.sharedQuestions()
	if len(shared) > 0 {
		c.columns[bench.Total.PointsColumn()] = bench.Total.PointsColumn()
	}
	for i := range present.Sections {
		id := present.Sections[i].ID
		if nearest, ok := nearestSection(other, id, shared[id]); ok {
			c.columns[bench.SectionNode(id).PointsColumn()] = bench.SectionNode(nearest).PointsColumn()
		}
	}
	return c
}

// sharedQuestions counts the common questions by the present section, then by the other version's.
func (o *OtherRound) sharedQuestions() map[checklist.SectionID]map[checklist.SectionID]int {
	shared := map[checklist.SectionID]map[checklist.SectionID]int{}
	versionThen, versionNow := o.versions()
	for to := range o.Path.Common() {
		for _, from := range o.Path.Origins()[o.Path.To().Ordinal(to)].Sources {
			then, now := turned(o, from, to)
			_, sectionThen, _ := versionThen.Question(then)
			_, sectionNow, _ := versionNow.Question(now)
			if shared[sectionNow.ID] == nil {
				shared[sectionNow.ID] = map[checklist.SectionID]int{}
			}
			shared[sectionNow.ID][sectionThen.ID]++
		}
	}
	return shared
}

// nearestSection returns the other version's section with the same id, if they have a question in
// common, else the one with the most.
func nearestSection(other *checklist.Definition, id checklist.SectionID, shared map[checklist.SectionID]int) (
	nearest checklist.SectionID, ok bool) {
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

// questionPair is a question of the present version and the one of the other version that it
// corresponds to.
type questionPair struct{ other, present *checklist.Question }

// pairs lists the questions that correspond. Looking back, one half stands for what a question was
// split into.
func (o *OtherRound) pairs() (list []questionPair) {
	taken := map[checklist.QuestionID]bool{}
	for i, origin := range o.Path.Origins() {
		if len(origin.Sources) != 1 || origin.Anew {
			continue
		}
		from, _, ok := o.Path.From().Question(origin.Sources[0])
		if !ok {
			continue
		}
		other, present := turned(o, from, o.Path.To().Questions()[i])
		if !taken[present.ID] {
			taken[present.ID] = true
			list = append(list, questionPair{other, present})
		}
	}
	return list
}

// question notes what two questions publish alike. Where only one of them is scored, the other's
// figures or distribution tell the points, or the points tell them.
func (c *correspondence) question(o *OtherRound, p questionPair) {
	then, now := bench.QuestionNode(p.other.ID), bench.QuestionNode(p.present.ID)
	pointsThen, pointsNow := then.PointsColumn(), now.PointsColumn()
	var besideThen, besideNow bench.ColumnKey // the column beside the points, if both have the same
	switch {
	case p.other.Type != p.present.Type:
	case p.other.Type.Numeric():
		besideThen, besideNow = then.UnitColumn(), now.UnitColumn()
	case p.other.Type.One():
		besideThen, besideNow = then.OptionsColumn(), now.OptionsColumn()
		c.options[besideNow] = optionOrder{o.presentOptions(p), len(p.present.Options)}
	}
	switch {
	case p.other.Scored() && p.present.Scored():
		c.columns[pointsNow] = pointsThen
		if besideNow != "" {
			c.columns[besideNow] = besideThen
		}
	case besideNow == "":
	case p.present.Scored():
		c.columns[pointsNow], c.columns[besideNow] = besideThen, besideThen
	case p.other.Scored():
		c.columns[besideNow] = pointsThen
	default:
		c.columns[besideNow] = besideThen
	}
}

// presentOptions says where the other version's options are among the present ones, by what becomes
// of an answer on the way; behind the last if nothing does.
func (o *OtherRound) presentOptions(p questionPair) []int {
	list := make([]int, len(p.other.Options))
	for i := range list {
		list[i] = len(p.present.Options)
	}
	from, to := turned(o, p.other, p.present) // turning is its own inverse
	for i := range from.Options {
		answer := checklist.Answer{Kind: checklist.AnswerOptions, Options: []checklist.OptionID{from.Options[i].ID}}
		proposals := o.Path.Carry(map[checklist.QuestionID]checklist.Answer{from.ID: answer})
		proposal, ok := proposals.Proposal(to.ID)
		if !ok || proposal.Reason != "" || len(proposal.Answer.Options) != 1 {
			continue
		}
		at := to.Option(proposal.Answer.Options[0])
		if at < 0 {
			continue
		}
		other, present := turned(o, i, at)
		if list[other] == len(p.present.Options) {
			list[other] = present
		}
	}
	return list
}

// translate returns a basis of another version as one of the present: only columns that
// correspond are left.
func (c *correspondence) translate(b *Basis, columns []bench.Column) *Basis {
	index := make(map[bench.ColumnKey]int, len(b.Columns))
	for i := range b.Columns {
		index[b.Columns[i].Key] = i
	}
	out := &Basis{Towns: b.Towns, Digests: b.Digests}
	var old []int // by column of out: the one in b
	for i := range columns {
		now := columns[i].Key
		if then, ok := c.columns[now]; ok {
			if o, ok := index[then]; ok {
				out.Columns = append(out.Columns, Column{now, b.Columns[o].Defined})
				old = append(old, o)
			}
		}
	}
	for _, g := range b.Groups {
		t := BasisGroup{ID: g.ID, Members: g.Members, Published: newSet(len(out.Columns))}
		t.Counts = map[bench.ColumnKey][]int{}
		for i, o := range old {
			if !g.Published.Has(o) {
				continue
			}
			t.Published.add(i)
			if order, ok := c.options[out.Columns[i].Key]; ok {
				t.Counts[out.Columns[i].Key] = order.sort(g.Counts[b.Columns[o].Key])
			}
		}
		out.Groups = append(out.Groups, t)
	}
	return out
}

// sort returns counts by the present options; the last one takes what there is no option for.
func (o optionOrder) sort(counts []int) []int {
	if len(counts) != len(o.present) {
		return nil
	}
	out := make([]int, o.width+1)
	for i, n := range counts {
		out[o.present[i]] += n
	}
	return out
}

// opaqueBasis stands for a release that cannot be translated: it may have published everything
// about its towns.
func opaqueBasis(b *Basis, columns []bench.Column) *Basis {
	out := &Basis{Towns: b.Towns, Digests: b.Digests}
	for i := range columns {
		if columns[i].Node >= 0 {
			out.Columns = append(out.Columns, Column{columns[i].Key, fullSet(len(b.Towns))})
		}
	}
	everything := fullSet(len(out.Columns))
	for _, g := range b.Groups {
		out.Groups = append(out.Groups, BasisGroup{ID: g.ID, Members: g.Members, Published: everything})
	}
	return out
}
