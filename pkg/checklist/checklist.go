package checklist

import (
	"maps"
	"slices"

	"github.com/shopspring/decimal"
)

// Typed ids: a question's id cannot be passed where an option's is meant.
type (
	ID         string // ^[a-z][a-z0-9-]{1,39}$
	SectionID  string
	QuestionID string
	OptionID   string
	ScaleID    string
	LevelID    string
	Version    string // MAJOR.MINOR.PATCH
	Lang       string // ISO 639-1: "de"
)

// Ref names one version of a checklist.
type Ref struct {
	ID      ID
	Version Version
}

// String returns id@version.
func (r Ref) String() string { return string(r.ID) + "@" + string(r.Version) }

// Text is a text in several languages; the language of origin stands in for missing ones.
type Text struct {
	origin  Lang
	written map[Lang]string
}

// NewText returns a text. The map is kept, not copied.
func NewText(origin Lang, written map[Lang]string) Text {
	return Text{origin: origin, written: written}
}

// In returns the text in a language, else in the language of origin.
func (t Text) In(lang Lang) string {
	if s, ok := t.written[lang]; ok && s != "" {
		return s
	}
	return t.written[t.origin]
}

// Has reports whether the text is written in the language itself.
func (t Text) Has(lang Lang) bool { return t.written[lang] != "" }

// Written returns what is written in exactly this language; ok is false if nothing is, not even an empty text.
func (t Text) Written(lang Lang) (text string, ok bool) {
	text, ok = t.written[lang]
	return text, ok
}

// Langs returns the languages the text is written in, sorted.
func (t Text) Langs() []Lang { return slices.Sorted(maps.Keys(t.written)) }

// Languages returns how many languages the text is written in.
func (t Text) Languages() int { return len(t.written) }

// IsZero reports whether there is no text at all.
func (t Text) IsZero() bool { return len(t.written) == 0 }

// Kind says what a checklist is for.
type Kind string

// The kinds of checklists.
const (
	KindAssessment Kind = "assessment" // scored, one per municipality
	KindSurvey     Kind = "survey"     // unscored opinions, reported only aggregated
)

// Definition is one version of a checklist. It is immutable once Index has been called.
type Definition struct {
	ID        ID
	Version   Version
	Hash      string // SHA-256 of the file's bytes, hex
	Kind      Kind
	Languages []Lang // the first is the language of origin
	Title     Text
	Summary   Text
	Source    *Source // what the whole goes back to; nil: not told
	Scales    []Scale
	Levels    []Level // ascending; the first has From 0
	Sections  []Section
	Changes   *Changes // nil in a first version

	questions map[QuestionID]position
	ordered   []*Question
}

type position struct{ section, question, ordinal int }

// Source is what a checklist or a question goes back to.
type Source struct {
	Title Text
	URL   string // complete, http or https
}

// In returns the source in a language as one line: its title with the address in brackets; empty if there is none.
func (s *Source) In(lang Lang) string { return s.Line().In(lang) }

// Line is the source as one line in each language; no text if there is none.
func (s *Source) Line() Text {
	if s == nil {
		return Text{}
	}
	in := make(map[Lang]string, len(s.Title.written))
	for l, title := range s.Title.written {
		in[l] = title + " (" + s.URL + ")"
	}
	return NewText(s.Title.origin, in)
}

// Scale is an ordered list of options several questions share.
type Scale struct {
	ID      ScaleID
	Options []Option
}

// Option is one value of a choice or multi question.
type Option struct {
	ID        OptionID
	Label     Text
	Points    *float64 // 0 to 100; nil: the question is unscored
	Exclusive bool     // multi only: stands alone ("none of these")
}

// Level is what a total score is called from a threshold on.
type Level struct {
	ID    LevelID
	From  float64 // percent, 0 to 100
	Label Text
}

// Section is a group of questions.
type Section struct {
	ID        SectionID
	Title     Text
	Summary   Text    // may be missing
	Weight    float64 // above 0
	Questions []Question
}

// Question is one thing that is judged or asked.
type Question struct {
	ID            QuestionID
	Text          Text
	Help          Text    // CommonMark, see pkg/internal/prose
	Evidence      Text    // likewise
	Source        *Source // what the question goes back to; nil: not told
	Type          Type
	Scale         ScaleID  // empty: the options stand in place
	Options       []Option // resolved, for a named scale too, in its order
	Unit          Text     // number only
	Min, Max      *decimal.Decimal
	Step          *decimal.Decimal
	Targets       []Target // ascending by At; number only
	Weight        float64  // 0 or more; 0: unscored
	NotApplicable bool     // "not applicable" is allowed
	Knockout      *Knockout
	When          *Condition // nil: always active
}

// Target is a point of the line that turns a number into points.
type Target struct {
	At     decimal.Decimal
	Points float64 // 0 to 100
}

// Knockout caps the level while the question has fewer points than Below.
type Knockout struct {
	Below  float64 // points 0 to 100, exclusive: exactly Below passes
	CapsAt LevelID // the highest level still possible
}

// Condition decides whether a question is active. Exactly one of the forms is set:
// Question with AnyOf, AtLeastOption or AtLeastNumber; All; Any; Not.
type Condition struct {
	Question      QuestionID
	AnyOf         []OptionID
	AtLeastOption OptionID
	AtLeastNumber *decimal.Decimal
	All           []Condition
	Any           []Condition
	Not           *Condition
}

// Changes says what a reader of this version must know who knows the one before.
type Changes struct {
	From      Version
	Note      Text
	Questions []Mapping
}

// Mapping says how answers of the old version carry over.
type Mapping struct {
	Old     []QuestionID
	New     []QuestionID // empty: retired
	Merge   string       // MergeLowest, MergeHighest or MergeAsk; merged questions only
	Options map[OptionID]OptionID
	Changed bool // same id, other meaning: must be answered anew
	Why     Text
}

// UnitOfOrigin returns the unit in the language of origin; the others are translations of it.
func (q *Question) UnitOfOrigin() string { return q.Unit.In("") }

// Option returns the position of an option, -1 if the question does not offer it.
func (q *Question) Option(id OptionID) int {
	for i := range q.Options {
		if q.Options[i].ID == id {
			return i
		}
	}
	return -1
}

// Ref returns the definition's id and version.
func (d *Definition) Ref() Ref { return Ref{d.ID, d.Version} }

// Index prepares the definition for look-ups. Whoever builds a Definition calls it once.
func (d *Definition) Index() *Definition {
	d.questions = map[QuestionID]position{}
	d.ordered = nil
	for i := range d.Sections {
		for j := range d.Sections[i].Questions {
			q := &d.Sections[i].Questions[j]
			d.questions[q.ID] = position{i, j, len(d.ordered)}
			d.ordered = append(d.ordered, q)
		}
	}
	return d
}

// Question returns a question and its section; ok is false if there is none with this id.
func (d *Definition) Question(id QuestionID) (q *Question, s *Section, ok bool) {
	p, ok := d.questions[id]
	if !ok {
		return nil, nil, false
	}
	s = &d.Sections[p.section]
	return &s.Questions[p.question], s, true
}

// Ordinal returns a question's place in the whole checklist, from 0; -1 if there is none.
func (d *Definition) Ordinal(id QuestionID) int {
	if p, ok := d.questions[id]; ok {
		return p.ordinal
	}
	return -1
}

// Questions returns all questions in the order of the checklist. The slice must not be changed.
func (d *Definition) Questions() []*Question { return d.ordered }

// Section returns a section and its place; ok is false if there is none with this id.
func (d *Definition) Section(id SectionID) (s *Section, index int, ok bool) {
	for i := range d.Sections {
		if d.Sections[i].ID == id {
			return &d.Sections[i], i, true
		}
	}
	return nil, -1, false
}

// Level returns a level and its place; ok is false if there is none with this id.
func (d *Definition) Level(id LevelID) (l *Level, index int, ok bool) {
	for i := range d.Levels {
		if d.Levels[i].ID == id {
			return &d.Levels[i], i, true
		}
	}
	return nil, -1, false
}

// The ways to merge several old answers into one. Lowest and highest go by the order of the
// new question's options, by the number or by the date; of ticked options lowest keeps those
// ticked everywhere and highest those ticked anywhere.
const (
	MergeLowest  = "lowest"
	MergeHighest = "highest"
	MergeAsk     = "ask"
)

// MayTake reports whether answers to an old question can be answers to this one, as far as their types go.
func (q *Question) MayTake(old *Question) bool {
	return q.Type == old.Type || q.Type.OffersOptions() && old.Type.OffersOptions()
}

// Misses returns the options of an old question that this one does not offer.
func (q *Question) Misses(old *Question) []OptionID {
	var lost []OptionID
	for _, o := range old.Options {
		if q.Option(o.ID) < 0 {
			lost = append(lost, o.ID)
		}
	}
	return lost
}

// Names reports whether any key of the form with a question is set.
func (c *Condition) Names() bool {
	return c.Question != "" || c.AnyOf != nil || c.AtLeastNumber != nil || c.AtLeastOption != ""
}

// Each calls f with every condition on a question inside c.
func (c *Condition) Each(f func(leaf *Condition)) {
	if c == nil {
		return
	}
	if c.Question != "" {
		f(c)
	}
	for i := range c.All {
		c.All[i].Each(f)
	}
	for i := range c.Any {
		c.Any[i].Each(f)
	}
	c.Not.Each(f)
}
