package wording

import (
	"strings"

	"ortsspiegel/pkg/checklist"
)

// Phrase is a text in German and in English; {0}, {1} stand for arguments.
type Phrase [2]string

// In returns the text in a language, with its arguments. What an argument holds stays as it is.
func (p Phrase) In(lang checklist.Lang, args ...string) string {
	s := p[1]
	if German(lang) {
		s = p[0]
	}
	if len(args) == 0 {
		return s
	}
	var b strings.Builder
	for {
		before, after, found := strings.Cut(s, "{")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		if n := len(after); n > 1 && after[1] == '}' && after[0] >= '0' && int(after[0]-'0') < len(args) {
			b.WriteString(args[after[0]-'0'])
			s = after[2:]
			continue
		}
		b.WriteByte('{')
		s = after
	}
}

// German reports whether a language is shown in German: all but English, since German comes first.
func German(lang checklist.Lang) bool { return !strings.HasPrefix(string(lang), "en") }
