package account

import (
	"net/mail"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
	"golang.org/x/text/unicode/norm"
)

// longestEmail is in bytes (RFC 5321); what is longer is not worth the work of a normal form.
const longestEmail = 254

// domains writes a domain as the name system knows it, by IDNA 2008: ß stays ß and is not ss.
var domains = idna.New(idna.MapForLookup(), idna.Transitional(false), idna.BidiRule())

// NormalEmail writes an address in the one form in which it is stored, compared and mailed to:
// composed (NFC), in lower case, without what nobody sees and without blanks around it, the domain
// in ASCII. Browsers, keyboards and mail programs write one address in many ways; every door passes
// it through here. A domain that has no such form stays as it is.
func NormalEmail(s string) string {
	s = strings.TrimFunc(strings.Map(visible, s), blank)
	s = norm.NFC.String(strings.ToLower(norm.NFC.String(s)))
	local, domain, ok := cutEmail(s)
	if !ok || len(s) > 4*longestEmail {
		return s
	}
	if ascii, err := domains.ToASCII(strings.TrimSuffix(domain, ".")); err == nil && ascii != "" {
		domain = ascii
	}
	return local + "@" + domain
}

// ShownEmail writes a stored address as people write it: with umlauts in its domain.
func ShownEmail(s string) string {
	local, domain, ok := cutEmail(s)
	if !ok || len(s) > longestEmail {
		return s
	}
	if shown, err := domains.ToUnicode(domain); err == nil && shown != "" {
		domain = shown
	}
	return local + "@" + domain
}

func cutEmail(s string) (local, domain string, ok bool) {
	i := strings.LastIndexByte(s, '@')
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+1:], true
}

// visible drops what takes no room on a screen and comes along when an address is copied: zero-width characters, soft
// hyphens, marks of direction, variation selectors.
func visible(r rune) rune {
	if unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Variation_Selector, r) || r == '\u034f' {
		return -1
	}
	if r == '\uff20' || r == '\ufe6b' { // full-width and small forms of keyboards for other scripts
		return '@'
	}
	if r == '\u2010' || r == '\u2011' { // hyphens of word processors, which may stand in no domain
		return '-'
	}
	return r
}

// blank reports what looks like nothing but takes room.
func blank(r rune) bool {
	switch r {
	case '\u2800', '\u115f', '\u1160', '\u3164', '\uffa0':
		return true
	}
	return unicode.IsSpace(r)
}

// PlausibleEmail reports whether a text is a bare mail address in its normal form, of at most 254 bytes.
func PlausibleEmail(s string) bool {
	_, domain, _ := cutEmail(s)
	foreign := func(r rune) bool { return r >= utf8.RuneSelf }
	if len(s) > longestEmail || strings.ContainsFunc(s, blank) || strings.ContainsFunc(domain, foreign) {
		return false
	}
	a, err := mail.ParseAddress(s)
	return err == nil && a.Address == s
}
