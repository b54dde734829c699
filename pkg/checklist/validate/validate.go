package validate

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/internal/plaintext"
	"ortsspiegel/pkg/internal/prose"
)

// Severity says whether a definition can be used in spite of an issue.
type Severity string

// The severities.
const (
	SeverityError   Severity = "error"   // the definition must not be used
	SeverityWarning Severity = "warning" // it can be used; somebody should look
)

// Issue is one thing that is wrong with a definition.
type Issue struct {
	Path     string // where, in the file's own keys: "sections[2].questions[0].when"
	Code     Code
	Severity Severity
	Message  string // English: what is wrong, and what would be right

	Line, Column int // where in the text at the path, from 1; 0: all of it
}

// Validate returns everything that is wrong with a definition, in the order of its parts, at
// most MaxIssues of them. It does not need Index. A definition without errors can be scored.
func Validate(d *checklist.Definition) []Issue {
	v := newValidation(d)
	v.head()
	v.allScales()
	v.levels()
	v.sections()
	v.reachability()
	v.changes()
	return v.issues
}

// seen is a question as conditions refer to it: the first one with its id.
type seen struct {
	*checklist.Question
	ordinal int
	path    string
	sound   bool // its condition has no error of its own
}

type validation struct {
	d         *checklist.Definition
	issues    []Issue
	scales    map[checklist.ScaleID]*checklist.Scale
	used      map[checklist.ScaleID]bool
	questions map[checklist.QuestionID]*seen
	ordered   []*seen   // every question, duplicates included
	refers    [][]*seen // by ordinal: the questions a condition refers to; made when first needed
}

func (v *validation) report(path string, code Code, format string, args ...any) {
	if len(v.issues) < checklist.MaxIssues {
		v.issues = append(v.issues, Issue{Path: path, Code: code, Severity: severities[code],
			Message: fmt.Sprintf(format, args...)})
	}
}

func newValidation(d *checklist.Definition) *validation {
	v := &validation{
		d:         d,
		scales:    map[checklist.ScaleID]*checklist.Scale{},
		used:      map[checklist.ScaleID]bool{},
		questions: map[checklist.QuestionID]*seen{},
	}
	for i := range v.d.Scales {
		s := &v.d.Scales[i]
		v.scales[s.ID] = s
	}
	for i := range v.d.Sections {
		for j := range v.d.Sections[i].Questions {
			q := &seen{
				Question: &v.d.Sections[i].Questions[j],
				ordinal:  len(v.ordered),
				path:     fmt.Sprintf("sections[%d].questions[%d]", i, j),
				sound:    true,
			}
			v.ordered = append(v.ordered, q)
			if v.questions[q.ID] == nil {
				v.questions[q.ID] = q
			}
		}
	}
	return v
}

func (v *validation) head() {
	d := v.d
	if !d.ID.Valid() {
		v.report("id", CodeIDForm,
			"%s is no checklist id: 2 to 40 lower-case letters, digits and hyphens, a letter first",
			plaintext.Quote(string(d.ID)))
	}
	if !d.Version.Valid() {
		v.report("version", CodeVersionForm, "%s is no version: three numbers such as 2.0.0 are expected",
			plaintext.Quote(string(d.Version)))
	}
	if d.Kind != checklist.KindAssessment && d.Kind != checklist.KindSurvey {
		v.report("kind", CodeKindUnknown, "%s is no kind of checklist: assessment or survey is expected",
			plaintext.Quote(string(d.Kind)))
	}
	switch n := len(d.Languages); {
	case n == 0:
		v.report("languages", CodeLanguagesEmpty,
			"no language is named: list at least the language of origin, such as [de]")
	case n > checklist.MaxLanguages:
		v.report("languages", CodeLanguagesMany, "there are %d languages: at most %d are possible", n,
			checklist.MaxLanguages)
	}
	first := map[checklist.Lang]bool{}
	for i, l := range d.Languages {
		path := fmt.Sprintf("languages[%d]", i)
		if !l.Valid() {
			v.report(path, CodeLanguageForm, "%s is no language code: two lower-case letters such as de are expected",
				plaintext.Quote(string(l)))
		} else if first[l] {
			v.report(path, CodeLanguageDuplicate, "the language %s is listed twice: once is enough", l)
		}
		first[l] = true
	}
	v.text("title", d.Title, true)
	v.text("summary", d.Summary, false)
	v.source("source", d.Source)
}

// text checks a text in all its languages. A text that is not required may be missing altogether.
func (v *validation) text(path string, t checklist.Text, required bool) {
	v.textUpTo(checklist.MaxDefinitionText, path, t, required)
}

func (v *validation) textUpTo(most int, path string, t checklist.Text, required bool) {
	if n := len(v.d.Languages); n == 0 || n > checklist.MaxLanguages || (t.IsZero() && !required) {
		return
	}
	origin := v.d.Languages[0]
	for i, l := range v.d.Languages {
		_, ok := t.Written(l)
		switch {
		case ok, !l.Valid():
		case i == 0:
			v.report(path, CodeTextMissing, "the text in the language of origin, %s, is missing: every text needs it",
				origin)
		case !t.IsZero():
			v.report(path, CodeLanguageMissing, "the text in %s is missing: readers will see the one in %s", l, origin)
		}
	}
	for _, l := range t.Langs() {
		s, _ := t.Written(l)
		at := path + "." + string(l)
		n := utf8.RuneCountInString(s)
		switch {
		case !slices.Contains(v.d.Languages, l):
			v.report(at, CodeLanguageUndeclared,
				"the language %s is not among the checklist's languages: add it to languages or remove the text",
				plaintext.Quote(string(l)))
		case plaintext.IsBlank(s):
			v.report(at, CodeTextEmpty, "the text is empty: write it or remove the line")
		case strings.ContainsFunc(s, isControl):
			v.report(at, CodeTextControl, "the text has a control character: only line breaks are possible")
		case n > most:
			v.report(at, CodeTextLong, "the text has %d characters: at most %d are possible", n, most)
		}
	}
}

// prose checks a text that may have paragraphs, lists, emphasis and links.
func (v *validation) prose(path string, t checklist.Text) {
	v.textUpTo(checklist.MaxProse, path, t, false)
	for _, l := range t.Langs() {
		s, _ := t.Written(l)
		for _, f := range prose.Check(s) {
			before := len(v.issues)
			v.report(path+"."+string(l), proseCodes[f.Kind], "%s", f.Message)
			for i := before; i < len(v.issues); i++ {
				v.issues[i].Line, v.issues[i].Column = f.Line, f.Column
			}
		}
	}
}

// source checks what a text was taken from.
func (v *validation) source(path string, s *checklist.Source) {
	if s == nil {
		return
	}
	v.text(path+".title", s.Title, true)
	if !prose.ValidWebAddress(s.URL) {
		v.report(path+".url", CodeSourceAddress,
			"%s is no address of a page: a complete one with https:// or http:// is expected, such as "+
				"https://example.org/report", plaintext.Quote(s.URL))
	}
}

func isControl(r rune) bool { return unicode.IsControl(r) && r != '\n' }

// name checks the form of an id inside the checklist.
func (v *validation) name(path, id string) {
	if !checklist.ValidName(id) {
		v.report(path+".id", CodeNameForm,
			"%s is no id: 1 to 40 lower-case letters, digits, hyphens and underscores, a letter first",
			plaintext.Quote(id))
	}
}

func (v *validation) levels() {
	first := map[checklist.LevelID]bool{}
	if len(v.d.Levels) == 0 && v.d.Kind == checklist.KindAssessment {
		v.report("levels", CodeLevelsMissing, "there are no levels: results will have a score, but no name for it")
	}
	for i, l := range v.d.Levels {
		path := fmt.Sprintf("levels[%d]", i)
		v.name(path, string(l.ID))
		if first[l.ID] {
			v.report(path+".id", CodeLevelDuplicate, "there already is a level %s: every level needs an id of its own",
				plaintext.Quote(string(l.ID)))
		}
		first[l.ID] = true
		v.text(path+".label", l.Label, true)
		switch {
		case !(l.From >= 0 && l.From <= 100):
			v.report(path+".from", CodeLevelRange, "the level begins at %v percent: 0 to 100 is expected", l.From)
		case i == 0 && l.From != 0:
			v.report(path+".from", CodeLevelFirst,
				"the first level begins at %v percent: it must begin at 0, so that every score has a level", l.From)
		case i > 0 && l.From <= v.d.Levels[i-1].From:
			v.report(path+".from", CodeLevelOrder,
				"the level begins at %v percent and the one before at %v: levels must ascend", l.From,
				v.d.Levels[i-1].From)
		}
	}
}

func (v *validation) sections() {
	d := v.d
	switch {
	case len(d.Sections) == 0:
		v.report("sections", CodeSectionsEmpty, "there is no section: at least one with a question is expected")
	case len(d.Sections) > checklist.MaxSections:
		v.report("sections", CodeSectionsMany, "there are %d sections: at most %d are possible", len(d.Sections),
			checklist.MaxSections)
	}
	if len(v.ordered) > checklist.MaxQuestions {
		v.report("sections", CodeQuestionsMany, "there are %d questions: at most %d are possible", len(v.ordered),
			checklist.MaxQuestions)
	}
	first := map[checklist.SectionID]bool{}
	n := 0
	for i := range d.Sections {
		s := &d.Sections[i]
		path := fmt.Sprintf("sections[%d]", i)
		v.name(path, string(s.ID))
		if first[s.ID] {
			v.report(path+".id", CodeSectionDuplicate,
				"there already is a section %s: every section needs an id of its own", plaintext.Quote(string(s.ID)))
		}
		first[s.ID] = true
		v.text(path+".title", s.Title, true)
		v.text(path+".summary", s.Summary, false)
		if s.Weight <= 0 {
			v.report(path+".weight", CodeSectionWeight, "the section's weight is %v: above 0 is expected", s.Weight)
		}
		if len(s.Questions) == 0 {
			v.report(path+".questions", CodeQuestionsEmpty, "the section has no question: at least one is expected")
		}
		for range s.Questions {
			v.question(v.ordered[n])
			n++
		}
		v.sectionWeights(path, s)
	}
	v.nothingScored()
	v.unusedScales()
}

// sectionWeights refuses a section that offers points and weighs them all with 0.
func (v *validation) sectionWeights(path string, s *checklist.Section) {
	points, weight := false, false
	for i := range s.Questions {
		q := &s.Questions[i]
		if offersPoints(q) {
			points = true
			weight = weight || q.Weight != 0
		}
	}
	if points && !weight && v.d.Kind == checklist.KindAssessment {
		v.report(path+".questions", CodeWeightsZero,
			"the weights of the section's questions are all 0: at least one must be above 0")
	}
}

func (v *validation) nothingScored() {
	if v.d.Kind != checklist.KindAssessment || len(v.ordered) == 0 {
		return
	}
	for _, q := range v.ordered {
		if offersPoints(q.Question) {
			return
		}
	}
	v.report("sections", CodeNothingScored,
		"no question has points: an assessment needs at least one with points, or kind: survey")
}

// offersPoints reports whether the question has a rule for points, whatever its weight.
func offersPoints(q *checklist.Question) bool {
	weighed := *q
	weighed.Weight = 1
	return weighed.Scored()
}
