package compare

import (
	"slices"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/checklist/carry"
	"ortsspiegel/pkg/internal/plaintext"
	"ortsspiegel/pkg/internal/prose"
)

// Difference is everything that differs between two versions of a checklist for a person.
type Difference struct {
	From, To  *checklist.Definition
	Aspects   []Aspect     // of the checklist as a whole: kind, languages, title, summary
	Texts     []TextChange // its title and summary
	Levels    []LevelChange
	Scales    []*ScaleChange   // what several questions have in common, in the order of To
	Sections  []SectionChange  // all of To in their order, then those that are gone
	Questions []QuestionChange // all of To in their order, then the retired ones of From in theirs

	steps Class // the largest class of the steps between
}

// TextChange is a text that was reworded in one language. Languages that only one of the two
// versions has are not compared.
type TextChange struct {
	Aspect   Aspect
	Option   checklist.OptionID // of the later version, where the aspect is an option's label
	Lang     checklist.Lang
	Old, New string // one may be empty
}

// Plain returns both texts as readers see them, without the marks of CommonMark; with them where nothing else changed.
func (t TextChange) Plain() (old, new string) {
	if t.Aspect == AspectHelp || t.Aspect == AspectEvidence {
		if old, new = prose.Plain(t.Old), prose.Plain(t.New); old != new {
			return old, new
		}
	}
	return t.Old, t.New
}

// LevelChange is a level that is new, gone or changed. Levels are the same by their id.
type LevelChange struct {
	Old, New *checklist.Level // one may be nil
	Aspects  []Aspect
	Texts    []TextChange
}

// SectionChange is what became of a section. Sections are the same by their id.
type SectionChange struct {
	Old, New           *checklist.Section // one may be nil
	Aspects            []Aspect           // empty: nothing changed but perhaps its share
	Texts              []TextChange
	OldShare, NewShare float64 // of the total, 0 to 1, if every question applied
}

// QuestionChange is what became of a question, or of several.
type QuestionChange struct {
	Old        []*checklist.Question // of From; empty: new; several: merged
	New        *checklist.Question   // of To; nil: retired
	OldSection *checklist.Section    // of the first of Old
	NewSection *checklist.Section
	Siblings   []*checklist.Question // split: the other questions of To that come from the same ones
	Aspects    []Aspect              // empty: nothing changed but perhaps its share
	Merge      string                // merged: MergeLowest, MergeHighest or MergeAsk
	Why        []checklist.Text      // what the lines about it say, the oldest version's first
	Texts      []TextChange          // reworded; only with one question on either side
	Options    []OptionPair          // all options, where one of them changed more than its label
	Scale      *ScaleChange          // its options changed as those of others did; nil: they did not, or by themselves

	OldShare, NewShare float64 // of the total, 0 to 1, if every question applied; several old ones are added up
}

// OptionPair is an option and what became of it.
type OptionPair struct {
	Old, New *checklist.Option // one may be nil: added or removed
}

// Apart returns what changed about the question by itself, and not with the scale it shares.
func (c *QuestionChange) Apart() []Aspect {
	if c.Scale == nil {
		return c.Aspects
	}
	return slices.DeleteFunc(slices.Clone(c.Aspects), func(a Aspect) bool {
		return slices.Contains(c.Scale.Aspects, a)
	})
}

// Unchanged reports whether nothing changed about the question, its id included.
func (c *QuestionChange) Unchanged() bool { return len(c.Aspects) == 0 }

// Has reports whether the question changed in a certain way.
func (c *QuestionChange) Has(a Aspect) bool { return slices.Contains(c.Aspects, a) }

// Is reports whether something that belongs to a topic changed about the question.
func (c *QuestionChange) Is(t Topic) bool {
	return slices.ContainsFunc(c.Aspects, func(a Aspect) bool { return a.Topic() == t })
}

// Count returns how many questions changed in something that belongs to a topic.
func (d *Difference) Count(t Topic) int {
	n := 0
	for i := range d.Questions {
		if d.Questions[i].Is(t) {
			n++
		}
	}
	return n
}

// Unchanged returns how many questions are the same in both versions.
func (d *Difference) Unchanged() int {
	n := 0
	for i := range d.Questions {
		if d.Questions[i].Unchanged() {
			n++
		}
	}
	return n
}

// Compare returns everything that differs between the ends of a path. What only versions
// between them had is not mentioned, but its class counts: limits that were narrowed and widened
// again have cost answers.
func Compare(p *carry.Path) *Difference {
	c := &comparison{
		Difference: &Difference{From: p.From(), To: p.To(), steps: largestStep(p)},
		trails:     p.Trails(),
		heirs:      make([][]*checklist.Question, len(p.From().Questions())),
		oldShares:  shares(p.From()),
		newShares:  shares(p.To()),
	}
	for i, q := range c.To.Questions() {
		for _, o := range c.trails[i].Sources {
			c.heirs[o] = append(c.heirs[o], q)
		}
	}
	for _, l := range c.From.Languages {
		if slices.Contains(c.To.Languages, l) {
			c.languages = append(c.languages, l)
		}
	}
	c.whole()
	c.levels()
	c.sections()
	for i := range c.To.Questions() {
		c.Questions = append(c.Questions, c.question(i))
	}
	c.order()
	c.scales()
	ends := p.Ends()
	for o, q := range c.From.Questions() {
		if len(c.heirs[o]) == 0 {
			_, section, _ := c.From.Question(q.ID)
			c.Questions = append(c.Questions, QuestionChange{Old: []*checklist.Question{q}, OldSection: section,
				Aspects: []Aspect{AspectRetired},
				Why:     ends[o], OldShare: c.oldShares[o]})
		}
	}
	return c.Difference
}

// largestStep returns the largest class of a path's steps if there are several.
func largestStep(p *carry.Path) Class {
	largest := ClassPatch
	steps := p.Steps()
	if len(steps) == 1 {
		return largest
	}
	for _, one := range steps {
		if class := Compare(one).Class(); class.Compare(largest) > 0 {
			largest = class
		}
	}
	return largest
}

// comparison collects a difference.
type comparison struct {
	*Difference
	trails               []carry.Trail
	heirs                [][]*checklist.Question // by ordinal in From
	oldShares, newShares []float64
	languages            []checklist.Lang // of both versions
}

func (c *comparison) whole() {
	if c.From.Kind != c.To.Kind {
		c.Aspects = append(c.Aspects, AspectKind)
	}
	if !slices.Equal(c.From.Languages, c.To.Languages) {
		c.Aspects = append(c.Aspects, AspectLanguages)
	}
	c.text(&c.Aspects, &c.Texts, AspectTitle, c.From.Title, c.To.Title)
	c.text(&c.Aspects, &c.Texts, AspectSummary, c.From.Summary, c.To.Summary)
	c.text(&c.Aspects, &c.Texts, AspectSource, c.From.Source.Line(), c.To.Source.Line())
}

// text compares a text in the languages of both versions and reports whether it was reworded.
func (c *comparison) text(aspects *[]Aspect, texts *[]TextChange, a Aspect, old, new checklist.Text) {
	for _, l := range c.languages {
		before, _ := old.Written(l)
		after, _ := new.Written(l)
		was, is := plaintext.Text(before), plaintext.Text(after)
		if was == is {
			continue
		}
		*texts = append(*texts, TextChange{Aspect: a, Lang: l, Old: was, New: is})
		add(aspects, a)
	}
}

func add(aspects *[]Aspect, a Aspect) {
	if !slices.Contains(*aspects, a) {
		*aspects = append(*aspects, a)
	}
}

func (c *comparison) levels() {
	for i := range c.To.Levels {
		l := LevelChange{New: &c.To.Levels[i]}
		l.Old, _, _ = c.From.Level(l.New.ID)
		if l.Old == nil {
			l.Aspects = []Aspect{AspectNew}
		} else {
			if l.Old.From != l.New.From {
				l.Aspects = append(l.Aspects, AspectFrom)
			}
			c.text(&l.Aspects, &l.Texts, AspectLabel, l.Old.Label, l.New.Label)
		}
		c.Levels = append(c.Levels, l)
	}
	for i := range c.From.Levels {
		if _, _, ok := c.To.Level(c.From.Levels[i].ID); !ok {
			c.Levels = append(c.Levels, LevelChange{Old: &c.From.Levels[i], Aspects: []Aspect{AspectRetired}})
		}
	}
}

func (c *comparison) sections() {
	var known, places []int
	n := 0
	for i := range c.To.Sections {
		s := SectionChange{New: &c.To.Sections[i]}
		for range s.New.Questions {
			s.NewShare += c.newShares[n]
			n++
		}
		var at int
		if s.Old, at, _ = c.From.Section(s.New.ID); s.Old == nil {
			s.Aspects = []Aspect{AspectNew}
		} else {
			known, places = append(known, i), append(places, at)
			if s.Old.Weight != s.New.Weight {
				s.Aspects = append(s.Aspects, AspectWeight)
			}
			c.text(&s.Aspects, &s.Texts, AspectTitle, s.Old.Title, s.New.Title)
			c.text(&s.Aspects, &s.Texts, AspectSummary, s.Old.Summary, s.New.Summary)
		}
		c.Sections = append(c.Sections, s)
	}
	for _, i := range overtaking(places) {
		add(&c.Sections[known[i]].Aspects, AspectOrder)
	}
	n = 0
	for i := range c.From.Sections {
		old, share := &c.From.Sections[i], 0.0
		for range old.Questions {
			share += c.oldShares[n]
			n++
		}
		if _, at, ok := c.To.Section(old.ID); ok {
			c.Sections[at].OldShare = share
		} else {
			c.Sections = append(c.Sections, SectionChange{Old: old, OldShare: share, Aspects: []Aspect{AspectRetired}})
		}
	}
}

// order marks questions that overtook others of their section.
func (c *comparison) order() {
	for i := range c.To.Sections {
		var moved, places []int
		for j := range c.To.Sections[i].Questions {
			at := c.To.Ordinal(c.To.Sections[i].Questions[j].ID)
			if q := &c.Questions[at]; c.alone(at) && q.OldSection.ID == q.NewSection.ID {
				moved, places = append(moved, at), append(places, c.trails[at].Sources[0])
			}
		}
		for _, k := range overtaking(places) {
			add(&c.Questions[moved[k]].Aspects, AspectOrder)
		}
	}
}

// alone reports whether a question comes from one question that nothing else comes from.
func (c *comparison) alone(question int) bool {
	sources := c.trails[question].Sources
	return len(sources) == 1 && len(c.heirs[sources[0]]) == 1
}

// shares returns what part of the total, 0 to 1, each question makes if every question applies.
func shares(d *checklist.Definition) []float64 {
	all := make([]float64, 0, len(d.Questions()))
	var total float64
	weights := make([]float64, len(d.Sections))
	for i := range d.Sections {
		for j := range d.Sections[i].Questions {
			if q := &d.Sections[i].Questions[j]; q.Scored() {
				weights[i] += q.Weight
			}
		}
		if weights[i] > 0 {
			total += d.Sections[i].Weight
		}
	}
	for i := range d.Sections {
		for j := range d.Sections[i].Questions {
			share := 0.0
			if q := &d.Sections[i].Questions[j]; q.Scored() {
				share = d.Sections[i].Weight / total * q.Weight / weights[i]
			}
			all = append(all, share)
		}
	}
	return all
}

// overtaking returns the fewest indices without which the places, all different, ascend.
func overtaking(places []int) []int {
	longest, before := make([]int, len(places)), make([]int, len(places))
	end := -1
	for i := range places {
		longest[i], before[i] = 1, -1
		for j := range i {
			if places[j] < places[i] && longest[j]+1 > longest[i] {
				longest[i], before[i] = longest[j]+1, j
			}
		}
		if end < 0 || longest[i] > longest[end] {
			end = i
		}
	}
	stays := make([]bool, len(places))
	for i := end; i >= 0; i = before[i] {
		stays[i] = true
	}
	var overtook []int
	for i, s := range stays {
		if !s {
			overtook = append(overtook, i)
		}
	}
	return overtook
}
