package account

import (
	"regexp"
	"strings"
)

var phoneForm = regexp.MustCompile(`^\+?[0-9(][0-9 ()/.-]{2,29}$`)

// PlausiblePhone reports whether a text of one line can be a telephone number as people write it: digits, blanks and
// + ( ) / . - with at least three digits.
func PlausiblePhone(phone string) bool {
	return phoneForm.MatchString(phone) && len(strings.Trim(Dial(phone), "+")) >= 3
}

// Dial returns a telephone number as a telephone dials it: digits, and a plus before them.
func Dial(phone string) string {
	return strings.Map(func(r rune) rune {
		if r == '+' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, strings.ReplaceAll(phone, "(0)", ""))
}
