package book

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"ortsspiegel/pkg/wording"
)

var yearInTitle = regexp.MustCompile(`(^|\D)(19|20)\d\d(\D|$)`)

// Dated is a round's title with the year in which it ends, where it does not name one itself: what is printed must not
// be taken for another year's.
func Dated(title string, closes time.Time) string {
	if closes.IsZero() || yearInTitle.MatchString(title) {
		return title
	}
	return fmt.Sprintf("%s (%d)", title, closes.Add(-time.Second).In(wording.Berlin).Year())
}

// maxSheetName is how many characters a sheet's name may have.
const maxSheetName = 31

// SheetName makes a text fit for a sheet: at most 31 characters, no word cut, none that references could not take, not
// used before.
func SheetName(text string, used map[string]bool) string {
	text = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`[]:*?/\'"`, r) {
			return ' '
		}
		return r
	}, Clean(text))
	text = strings.Join(strings.Fields(text), " ")
	name := cutWords(text, maxSheetName)
	for n := 2; used[strings.ToLower(name)] || name == ""; n++ {
		suffix := fmt.Sprintf(" (%d)", n)
		name = cutWords(text, maxSheetName-len(suffix)) + suffix
	}
	used[strings.ToLower(name)] = true
	return name
}

// joining are words that a shortened title does not end with.
var joining = []string{"und", "oder", "für", "von", "der", "die", "das", "den", "dem", "des", "mit", "im", "in", "am",
	"an", "zu", "zur", "zum", "auf", "bei", "vor",
	"and", "or", "for", "of", "the", "with", "to", "on", "at", "by", "&", "-", "–", "·"}

// cutWords shortens a text to at most so many characters where a word ends; a word that is longer is cut.
func cutWords(text string, most int) string {
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	words := strings.Fields(text)
	short := ""
	for i, w := range words {
		next := strings.TrimSpace(short + " " + w)
		if utf8.RuneCountInString(next) > most {
			words = words[:i]
			break
		}
		short = next
	}
	for len(words) > 1 && slices.Contains(joining, strings.ToLower(words[len(words)-1])) {
		words = words[:len(words)-1]
	}
	if len(words) == 1 && yearOrNumber.MatchString(words[0]) || len(words) == 0 {
		return strings.TrimSpace(CutRunes(text, most))
	}
	return strings.TrimRight(strings.Join(words, " "), ",;:")
}

// yearOrNumber is a word that alone says nothing of a title.
var yearOrNumber = regexp.MustCompile(`^[0-9.]+$`)

func CutRunes(s string, most int) string {
	if utf8.RuneCountInString(s) > most {
		s = strings.TrimSpace(string([]rune(s)[:most]))
	}
	return s
}

// maxFilePart is how many characters of one thing a file's name holds, and maxFile of all: folders
// and programs have limits of their own.
const (
	maxFilePart = 60
	MaxFile     = 150
)

// FileName joins parts to the name of a file, none of which a program or a system would refuse.
func FileName(ending string, parts ...string) string {
	var list []string
	for _, p := range parts {
		p = strings.Map(func(r rune) rune {
			switch {
			case strings.ContainsRune(`/\:*?"<>|`, r):
				return ' '
			case r < ' ' || r == utf8.RuneError || r >= 0x7F && r < 0xA0 || r >= 0x200B && r <= 0x200F ||
				r >= 0x202A && r <= 0x202E || r >= 0x2066 && r <= 0x2069:
				return -1
			}
			return r
		}, Clean(strings.ReplaceAll(p, "\n", " ")))
		if p = strings.Trim(cutWords(strings.Join(strings.Fields(p), " "), maxFilePart), " ."); p != "" {
			list = append(list, p)
		}
	}
	return strings.Trim(cutWords(strings.Join(list, " – "), MaxFile), " .–") + ending
}
