package checklist

import (
	"strings"
	"unicode"

	"ortsspiegel/pkg/internal/plaintext"
)

// Plain is a text as a person would read it aloud: in lower case, with one kind of hyphen, quote and
// space and without what is not seen, because programs replace them while one types.
func Plain(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Pd, r) || r == '−':
			return '-'
		case strings.ContainsRune("„“”‚‘’«»‹›\"'´`", r):
			return '\''
		case unicode.IsSpace(r):
			return ' '
		}
		return unicode.ToLower(r)
	}, plaintext.Bare(s))
	return strings.Join(strings.Fields(strings.ReplaceAll(s, "…", "...")), " ")
}

// OptionSaid finds the option that a person means: by its label in any language, else by its id,
// compared by Plain. ok is false if none is meant, or if several have this label.
func (q *Question) OptionSaid(text string) (id OptionID, ok bool) {
	want := Plain(text)
	if want == "" {
		return "", false
	}
	found := 0
	for i := range q.Options {
		for _, label := range q.Options[i].Label.written {
			if Plain(label) == want {
				id = q.Options[i].ID
				found++
				break
			}
		}
	}
	if found > 0 {
		return id, found == 1
	}
	for i := range q.Options {
		if Plain(string(q.Options[i].ID)) == want {
			return q.Options[i].ID, true
		}
	}
	return "", false
}
