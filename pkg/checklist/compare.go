package checklist

// Aspect names one way in which two versions differ. Scripts may rely on the words.
type Aspect string

// The aspects of questions, of their options and limits, of sections, levels and the whole.
const (
	AspectNew     Aspect = "new"     // question, section or level: the earlier version has none such
	AspectRetired Aspect = "retired" // question, section or level: the later version has none such
	AspectRenamed Aspect = "renamed" // question: another id, nothing a reader sees
	AspectSplit   Aspect = "split"   // question: one of several that come from the same one
	AspectMerged  Aspect = "merged"  // question: comes from several
	AspectMeaning Aspect = "meaning" // question: must be answered anew, although its predecessor asks something alike

	AspectTitle    Aspect = "title"     // checklist or section
	AspectSummary  Aspect = "summary"   // checklist or section
	AspectText     Aspect = "text"      // question
	AspectHelp     Aspect = "help"      // question
	AspectEvidence Aspect = "evidence"  // question
	AspectLabel    Aspect = "label"     // option or level
	AspectUnitText Aspect = "unit_text" // question: the unit's translation, not the unit

	AspectMoved    Aspect = "moved"    // question: stands in another section
	AspectOrder    Aspect = "order"    // question within its section, or section: overtook another
	AspectWeight   Aspect = "weight"   // question or section
	AspectKnockout Aspect = "knockout" // question
	AspectWhen     Aspect = "when"     // question: asked under another condition
	AspectFrom     Aspect = "from"     // level: begins at another percentage

	AspectType             Aspect = "type"
	AspectUnit             Aspect = "unit"
	AspectPoints           Aspect = "points" // other points for the same options
	AspectTargets          Aspect = "targets"
	AspectOptionAdded      Aspect = "option_added"
	AspectOptionRemoved    Aspect = "option_removed"
	AspectOptionRenamed    Aspect = "option_renamed"
	AspectOptionOrder      Aspect = "option_order"
	AspectExclusive        Aspect = "exclusive"       // an option newly stands alone
	AspectShared           Aspect = "shared"          // an option no longer stands alone
	AspectWidened          Aspect = "limits_widened"  // every number that was possible still is
	AspectNarrowed         Aspect = "limits_narrowed" // some are not
	AspectStep             Aspect = "step"
	AspectNotApplicable    Aspect = "not_applicable"    // "not applicable" is newly possible
	AspectAlwaysApplicable Aspect = "always_applicable" // it is no longer possible

	AspectKind      Aspect = "kind"
	AspectLanguages Aspect = "languages"
)

// Difference is everything that differs between two versions of a checklist for a person.
type Difference struct {
	From, To  *Definition
	Aspects   []Aspect     // of the checklist as a whole: kind, languages, title, summary
	Texts     []TextChange // its title and summary
	Levels    []LevelChange
	Sections  []SectionChange  // all of To in their order, then those that are gone
	Questions []QuestionChange // all of To in their order, then the retired ones of From in theirs
}

// TextChange is a text that was reworded in one language. Languages that only one of the two
// versions has are not compared.
type TextChange struct {
	Aspect   Aspect
	Option   OptionID // of the later version, where the aspect is an option's label
	Lang     Lang
	Old, New string // one may be empty
}

// LevelChange is a level that is new, gone or changed. Levels are the same by their id.
type LevelChange struct {
	Old, New *Level // one may be nil
	Aspects  []Aspect
	Texts    []TextChange
}

// SectionChange is what became of a section. Sections are the same by their id.
type SectionChange struct {
	Old, New           *Section // one may be nil
	Aspects            []Aspect // empty: nothing changed but perhaps its share
	Texts              []TextChange
	OldShare, NewShare float64 // of the total, 0 to 1, if every question applied
}

// QuestionChange is what became of a question, or of several.
type QuestionChange struct {
	Old        []*Question // of From; empty: new; several: merged
	New        *Question   // of To; nil: retired
	OldSection *Section    // of the first of Old
	NewSection *Section
	Siblings   []*Question  // split: the other questions of To that come from the same ones
	Aspects    []Aspect     // empty: nothing changed but perhaps its share
	Merge      string       // merged: MergeLowest, MergeHighest or MergeAsk
	Why        []Text       // what the lines about it say, the oldest version's first
	Texts      []TextChange // reworded; only with one question on either side
	Options    []OptionPair // all options, where one of them changed more than its label

	OldShare, NewShare float64 // of the total, 0 to 1, if every question applied; several old ones are added up
}

// OptionPair is an option and what became of it.
type OptionPair struct {
	Old, New *Option // one may be nil: added or removed
}

// Unchanged reports whether the question is the same for a person, however it is called.
func (c *QuestionChange) Unchanged() bool { return len(c.Aspects) == 0 }

// Has reports whether the question changed in a certain way.
func (c *QuestionChange) Has(a Aspect) bool {
	for _, has := range c.Aspects {
		if has == a {
			return true
		}
	}
	return false
}

// Compare returns everything that differs between the ends of a path. What only versions
// between them had is not mentioned.
func Compare(p *Path) *Difference {
	d := &Difference{From: p.From(), To: p.To()}
	heirs := map[QuestionID][]*Question{}
	for i, o := range p.Origins() {
		q := d.To.Questions()[i]
		_, section, _ := d.To.Question(q.ID)
		c := QuestionChange{New: q, NewSection: section}
		for _, id := range o.Sources {
			old, s, _ := d.From.Question(id)
			c.Old = append(c.Old, old)
			if c.OldSection == nil {
				c.OldSection = s
			}
			heirs[id] = append(heirs[id], q)
		}
		switch {
		case len(c.Old) == 0:
			c.Aspects = append(c.Aspects, AspectNew)
		case len(c.Old) > 1:
			c.Aspects = append(c.Aspects, AspectMerged)
		case o.Anew:
			c.Aspects = append(c.Aspects, AspectMeaning)
		}
		d.Questions = append(d.Questions, c)
	}
	for _, q := range d.From.Questions() {
		if len(heirs[q.ID]) == 0 {
			_, section, _ := d.From.Question(q.ID)
			d.Questions = append(d.Questions, QuestionChange{Old: []*Question{q}, OldSection: section, Aspects: []Aspect{AspectRetired}})
		}
	}
	return d
}
