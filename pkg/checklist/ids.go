package checklist

import (
	"cmp"
	"regexp"
	"strconv"
	"strings"

	"ortsspiegel/pkg/internal/prose"
)

// Patterns of the ids, as regular expressions that RE2 and ECMAScript read alike.
const (
	IDPattern      = `^[a-z][a-z0-9-]{1,39}$`  // of a checklist
	NamePattern    = `^[a-z][a-z0-9_-]{0,39}$` // of everything inside it
	VersionPattern = `^(0|[1-9][0-9]{0,5})\.(0|[1-9][0-9]{0,5})\.(0|[1-9][0-9]{0,5})$`
	LangPattern    = `^[a-z]{2}$` // ISO 639-1
)

// Limits of a definition.
const (
	MaxLanguages      = 20
	MaxSections       = 100
	MaxQuestions      = 2000
	MaxOptions        = 100
	MaxDefinitionText = 500             // characters of one text in one language
	MaxProse          = prose.MaxLength // of a question's help and evidence
	MaxConditionDepth = 3               // all, any and not inside each other
	MaxIssues         = 1000
)

var (
	idForm      = regexp.MustCompile(IDPattern)
	nameForm    = regexp.MustCompile(NamePattern)
	versionForm = regexp.MustCompile(VersionPattern)
	langForm    = regexp.MustCompile(LangPattern)
)

// Valid reports whether the id has the form of a checklist's id.
func (id ID) Valid() bool { return idForm.MatchString(string(id)) }

// Valid reports whether the version has the form MAJOR.MINOR.PATCH.
func (v Version) Valid() bool { return versionForm.MatchString(string(v)) }

// Valid reports whether the language has the form of one.
func (l Lang) Valid() bool { return langForm.MatchString(string(l)) }

// ValidName reports whether an id inside a checklist, of a section or an option, has the form of one.
func ValidName(id string) bool { return nameForm.MatchString(id) }

// Compare orders versions by their numbers; versions of another form stand first, by their text.
func (v Version) Compare(w Version) int {
	if !v.Valid() || !w.Valid() {
		if v.Valid() != w.Valid() {
			if v.Valid() {
				return 1
			}
			return -1
		}
		return cmp.Compare(v, w)
	}
	a, b := strings.Split(string(v), "."), strings.Split(string(w), ".")
	for i := range a {
		x, _ := strconv.Atoi(a[i])
		y, _ := strconv.Atoi(b[i])
		if c := cmp.Compare(x, y); c != 0 {
			return c
		}
	}
	return 0
}
