package plaintext

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// invisible reports whether a character takes no room: zero-width spaces, soft hyphens, marks of
// direction, variation selectors, control characters but NUL. A text of them alone says nothing.
func invisible(r rune) bool {
	return control(r) || unicode.Is(unicode.Cf, r) || r == '\u034F' || r >= '\uFE00' && r <= '\uFE0F' ||
		r >= '\u180B' && r <= '\u180F' ||
		r == '\u17B4' || r == '\u17B5' || r >= 0xE0000 && r <= 0xE01EF
}

// control reports whether a character commands a terminal; line ends and tabs are blanks, NUL makes a text invalid.
func control(r rune) bool { return unicode.IsControl(r) && !unicode.IsSpace(r) && r != 0 }

// space reports whether a character is room and nothing else; the Braille blank and the Hangul fillers are.
func space(r rune) bool {
	return unicode.IsSpace(r) || r == '\u2800' || r == '\u3164' || r == '\u115F' || r == '\u1160' || r == '\uFFA0'
}

// Blank reports whether nothing of a character is seen.
func Blank(r rune) bool { return space(r) || invisible(r) }

// IsBlank reports whether a text says nothing: it is empty or all of it is blank.
func IsBlank(s string) bool { return strings.IndexFunc(s, func(r rune) bool { return !Blank(r) }) < 0 }

// useless are invisible characters that mean nothing inside of a text: they come from web pages, address books and text
// processors. Embeddings, overrides and isolates of direction are among them: telephones put them around numbers, file
// managers before paths, and what stands behind one reads backwards. Joiners, single marks of direction and variation
// selectors are part of scripts and pictures and stay.
func useless(r rune) bool {
	switch {
	case control(r): // no XML, and so no workbook, can hold them
		return true
	case r == '\u200B', r == '\u00AD', r == '\uFEFF', r == '\u180E', r >= '\uFFF9' && r <= '\uFFFB':
		return true
	}
	return r >= '\u202A' && r <= '\u202E' || r >= '\u2060' && r <= '\u206F'
}

// loose are the characters that are taken off the ends of a text.
func loose(r rune) bool {
	return space(r) || r == '\u200E' || r == '\u200F' || r == '\u061C' || r == '\u200C' || r == '\u200D'
}

// Text is a text as it is kept: letters with their marks as one character (NFC), lines that end with LF, Excel's
// escape for a carriage return resolved, without useless characters and without blanks around it. A text that is
// blank is empty. Invalid UTF-8 and NUL stay, so that they can be refused, as does a text of more than 256 kB, which is
// longer than any that is kept.
func Text(s string) string {
	if s == "" || len(s) > 256<<10 || tidy(s) {
		return s
	}
	if strings.Contains(s, "_x000") {
		s = strings.NewReplacer("_x000D_", "\r", "_x000d_", "\r", "_x000A_", "\n", "_x000a_", "\n").Replace(s)
	}
	if strings.ContainsAny(s, "\r\v\f\u2028\u2029\u0085") && utf8.ValidString(s) {
		s = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\v", "\n", "\f", "\n", "\u2028", "\n", "\u2029", "\n",
			"\u0085", "\n").Replace(s)
	}
	if strings.ContainsFunc(s, useless) && utf8.ValidString(s) {
		s = strings.Map(func(r rune) rune {
			if useless(r) {
				return -1
			}
			return r
		}, s)
	}
	s = strings.TrimFunc(s, loose)
	if IsBlank(s) {
		return ""
	}
	return norm.NFC.String(s)
}

// tidy reports whether there is nothing to do: printable ASCII that does not begin or end with a space.
func tidy(s string) bool {
	for i := range len(s) {
		if s[i] > '~' || s[i] < ' ' {
			return false
		}
	}
	return s[0] != ' ' && s[len(s)-1] != ' ' && !strings.Contains(s, "_x000")
}

// Line is a text on one line, as names and titles are kept: each run of blanks is one space.
func Line(s string) string {
	s = Text(s)
	if !strings.ContainsFunc(s, func(r rune) bool { return space(r) && r != ' ' }) && !strings.Contains(s, "  ") {
		return s
	}
	return strings.Join(strings.FieldsFunc(s, space), " ")
}

// Length is how many characters of a text are said: a run of blanks counts as one, at the ends as none, and
// what is not seen does not count.
func Length(s string) int {
	n, gap := 0, false
	for _, r := range s {
		switch {
		case space(r):
			gap = n > 0
		case invisible(r), unicode.Is(unicode.Mn, r):
		default:
			if gap {
				n++
			}
			n, gap = n+1, false
		}
	}
	return n
}

// Bare is a text for comparing: NFC, without characters that are not seen, each blank a space.
func Bare(s string) string {
	ascii := true
	for i := range len(s) {
		if s[i] > '~' || s[i] < ' ' {
			ascii = false
			break
		}
	}
	if ascii {
		return s
	}
	return norm.NFC.String(strings.Map(func(r rune) rune {
		switch {
		case space(r):
			return ' '
		case invisible(r):
			return -1
		}
		return r
	}, s))
}

// letters are the letters that Fold takes for others and that no decomposition resolves.
var letters = strings.NewReplacer("ß", "ss", "æ", "ae", "œ", "oe", "ø", "o", "ł", "l", "đ", "d", "ı", "i")

// Fold is a text as it is searched, and as names are ordered: in lower case, letters without their
// marks as DIN 5007-1 orders them (ä as a), ß as ss, without characters that are not seen, each
// blank a space and none around it.
func Fold(s string) string {
	for i := range len(s) {
		if s[i] > '~' || s[i] < ' ' {
			s = strings.Map(func(r rune) rune {
				switch {
				case space(r):
					return ' '
				case invisible(r), unicode.Is(unicode.Mn, r):
					return -1
				}
				return unicode.ToLower(r)
			}, norm.NFD.String(s))
			return letters.Replace(strings.Trim(s, " "))
		}
	}
	return strings.ToLower(strings.Trim(s, " "))
}
