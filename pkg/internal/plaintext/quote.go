package plaintext

import "strings"

// Quote returns what somebody entered in quotation marks, for a message of one line: control characters become blanks,
// and from 40 characters on it is cut.
func Quote(s string) string {
	if r := []rune(s); len(r) > 40 {
		s = string(r[:40]) + "…"
	}
	return `"` + strings.Map(func(r rune) rune {
		if r < ' ' {
			return ' '
		}
		return r
	}, s) + `"`
}
