package workbook

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/wording"
)

var yearInTitle = regexp.MustCompile(`(^|\D)(19|20)\d\d(\D|$)`)

// dated is a round's title with the year in which it ends, where it does not name one itself: what is printed must not
// be taken for another year's.
func dated(title string, closes time.Time) string {
	if closes.IsZero() || yearInTitle.MatchString(title) {
		return title
	}
	return fmt.Sprintf("%s (%d)", title, closes.Add(-time.Second).In(wording.Berlin).Year())
}

// maxSheetName is how many characters a sheet's name may have.
const maxSheetName = 31

// sheetName makes a text fit for a sheet: at most 31 characters, no word cut, none that references could not take, not
// used before.
func sheetName(text string, used map[string]bool) string {
	text = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`[]:*?/\'"`, r) {
			return ' '
		}
		return r
	}, clean(text))
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
var joining = []string{"und", "oder", "für", "von", "der", "die", "das", "den", "dem", "des", "mit", "im", "in", "am", "an", "zu", "zur", "zum", "auf", "bei", "vor",
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
		return strings.TrimSpace(cutRunes(text, most))
	}
	return strings.TrimRight(strings.Join(words, " "), ",;:")
}

// yearOrNumber is a word that alone says nothing of a title.
var yearOrNumber = regexp.MustCompile(`^[0-9.]+$`)

func cutRunes(s string, most int) string {
	if utf8.RuneCountInString(s) > most {
		s = strings.TrimSpace(string([]rune(s)[:most]))
	}
	return s
}

// maxFilePart is how many characters of one thing a file's name holds, and maxFile of all: folders and programs have limits of
// their own.
const (
	maxFilePart = 60
	maxFile     = 150
)

// fileName joins parts to the name of a file, none of which a program or a system would refuse.
func fileName(ending string, parts ...string) string {
	var list []string
	for _, p := range parts {
		p = strings.Map(func(r rune) rune {
			switch {
			case strings.ContainsRune(`/\:*?"<>|`, r):
				return ' '
			case r < ' ' || r == utf8.RuneError || r >= 0x7F && r < 0xA0 || r >= 0x200B && r <= 0x200F || r >= 0x202A && r <= 0x202E || r >= 0x2066 && r <= 0x2069:
				return -1
			}
			return r
		}, clean(strings.ReplaceAll(p, "\n", " ")))
		if p = strings.Trim(cutWords(strings.Join(strings.Fields(p), " "), maxFilePart), " ."); p != "" {
			list = append(list, p)
		}
	}
	return strings.Trim(cutWords(strings.Join(list, " – "), maxFile), " .–") + ending
}

// FormFile names the file of a form: the town, which part of the checklist it holds, and for whom it is.
// "Bestwig – Auftritt im Netz – Petra Klein.xlsx".
func FormFile(f *assessment.Form, lang checklist.Lang) string {
	return fileName(".xlsx", f.View.Head.TownName, formPart(f, lang), f.For)
}

// formPart says which questions a form holds: the round for all, a section's title, else their numbers.
func formPart(f *assessment.Form, lang checklist.Lang) string {
	d := f.View.Definition
	if f.Questions == nil || len(f.Questions) == len(d.Questions()) {
		return dated(f.View.Head.RoundTitle, f.View.Head.Closes) + " " + phrase{"zum Ausfüllen", "to fill in"}.in(lang)
	}
	var titles, numbers []string
	whole := true
	for i := range d.Sections {
		s := &d.Sections[i]
		n := 0
		for j := range s.Questions {
			if slices.Contains(f.Questions, s.Questions[j].ID) {
				numbers = append(numbers, wording.QuestionNumber(i, j))
				n++
			}
		}
		if n > 0 {
			titles = append(titles, s.Title.In(lang))
		}
		whole = whole && (n == 0 || n == len(s.Questions))
	}
	switch {
	case len(titles) == 1 && whole:
		return titles[0]
	case len(numbers) <= 6:
		return ternary(len(numbers) == 1, phrase{"Frage", "Question"}, phrase{"Fragen", "Questions"}).in(lang) + " " + strings.Join(numbers, ", ")
	case len(titles) == 1:
		return titles[0] + " " + phrase{"({0} Fragen)", "({0} questions)"}.in(lang, itoa(len(numbers)))
	}
	return phrase{"{0} Fragen", "{0} questions"}.in(lang, itoa(len(numbers)))
}

// ReportFile names a town's report: with the day, and that it is a draft as long as it is one.
// "Bestwig – Willkommen vor Ort 2026 – Ergebnis 2026-11-30 (Entwurf).xlsx". kind is ".xlsx" or ".csv".
func ReportFile(r *TownReport, kind string) string {
	what := ternary(kind == ".csv", sheetAnswers, sheetResult).in(r.Lang) + " " + wording.ISODay(r.AsOf)
	if r.View.Head.Status != assessment.Submitted {
		what += " " + phrase{"(Entwurf)", "(draft)"}.in(r.Lang)
	}
	return fileName(kind, r.Town.Name, dated(r.View.Head.RoundTitle, r.View.Head.Closes), what)
}

// RoundFile names a file of a whole round, with the day; what says which of them it is.
func RoundFile(region, round string, closes, asOf time.Time, what, kind string) string {
	return fileName(kind, region, dated(round, closes), strings.TrimSpace(what+" "+wording.ISODay(asOf)))
}
