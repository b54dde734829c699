package plaintext

import "strings"

// grouping are the marks between thousands: point, spaces of all widths, and the Swiss apostrophes.
const grouping = ". \u00a0\u2009\u202f'’"

// Ungroup takes the marks between the thousands out of a whole number, which may have a sign. ok is false if they
// stand where they do not belong: a first group has one to three digits, each other one three, and all marks are
// the same. So 8.079 is 8079 and 8079.000 is no grouped number.
func Ungroup(whole string) (digits string, ok bool) {
	sign := ""
	if strings.HasPrefix(whole, "-") {
		sign, whole = "-", whole[1:]
	}
	at := strings.IndexAny(whole, grouping)
	if at < 0 {
		return sign + whole, allDigits(whole)
	}
	var used string
	for _, g := range grouping {
		if strings.HasPrefix(whole[at:], string(g)) {
			used = string(g)
		}
	}
	groups := strings.Split(whole, used)
	for i, g := range groups {
		if !allDigits(g) || i > 0 && len(g) != 3 || i == 0 && (len(g) > 3 || g[0] == '0') {
			return "", false
		}
	}
	return sign + strings.Join(groups, ""), true
}

func allDigits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }
