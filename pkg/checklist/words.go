package checklist

import (
	"strings"
	"unicode"

	"github.com/sergi/go-diff/diffmatchpatch"
)

// WordOp says where a piece of text stands.
type WordOp string

// The operations.
const (
	WordsKept    WordOp = "kept"    // in both texts
	WordsRemoved WordOp = "removed" // in the old one only
	WordsAdded   WordOp = "added"   // in the new one only
)

// WordPiece is a run of whole words with the space around them.
type WordPiece struct {
	Op   WordOp
	Text string
}

// Words compares two texts word by word. The kept and removed pieces together are the old text,
// the kept and added ones the new text. Punctuation is a word of its own, so that a comma does
// not make the word before it another one.
func Words(old, new string) []WordPiece {
	var words []string
	index := map[string]rune{}
	before, ok1 := inRunes(old, &words, index)
	after, ok2 := inRunes(new, &words, index)
	if !ok1 || !ok2 {
		return pieces(old, new)
	}
	differ := diffmatchpatch.New()
	differ.DiffTimeout = 0 // the same texts give the same pieces on every machine
	var result []WordPiece
	for _, d := range differ.DiffMainRunes(before, after, false) {
		var text strings.Builder
		for _, r := range d.Text {
			text.WriteString(words[r-1])
		}
		op := WordsKept
		switch d.Type {
		case diffmatchpatch.DiffDelete:
			op = WordsRemoved
		case diffmatchpatch.DiffInsert:
			op = WordsAdded
		}
		result = append(result, WordPiece{op, text.String()})
	}
	return joined(result)
}

func pieces(old, new string) []WordPiece {
	var result []WordPiece
	if old != "" {
		result = append(result, WordPiece{WordsRemoved, old})
	}
	if new != "" {
		result = append(result, WordPiece{WordsAdded, new})
	}
	return result
}

// maxWords keeps the numbers of words below the surrogates, which are no runes.
const maxWords = 0xD000

// inRunes writes a text as one rune per word, numbering words from 1; ok is false if there are
// too many.
func inRunes(text string, words *[]string, index map[string]rune) (runes []rune, ok bool) {
	for text != "" {
		n := wordLength(text)
		w := text[:n]
		text = text[n:]
		r, known := index[w]
		if !known {
			if len(*words) >= maxWords {
				return nil, false
			}
			*words = append(*words, w)
			r = rune(len(*words))
			index[w] = r
		}
		runes = append(runes, r)
	}
	return runes, true
}

// wordLength returns the length in bytes of the first word, of the first run of space, or of the
// first other character.
func wordLength(text string) int {
	class := func(r rune) int {
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r), unicode.IsMark(r):
			return 1
		case unicode.IsSpace(r):
			return 2
		}
		return 0
	}
	first := -1
	for i, r := range text {
		switch c := class(r); {
		case first < 0:
			first = c
		case first == 0, c != first:
			return i
		}
	}
	return len(text)
}

// joined makes runs readable: a space kept alone between changed words is changed with them,
// and of each run the removed words come before the added ones.
func joined(list []WordPiece) []WordPiece {
	var result []WordPiece
	removed, added := "", ""
	flush := func() {
		result = append(result, pieces(removed, added)...)
		removed, added = "", ""
	}
	for i, p := range list {
		switch {
		case p.Op == WordsRemoved:
			removed += p.Text
		case p.Op == WordsAdded:
			added += p.Text
		case strings.TrimSpace(p.Text) == "" && removed+added != "" && i+1 < len(list):
			removed += p.Text
			added += p.Text
		default:
			flush()
			result = append(result, p)
		}
	}
	flush()
	return result
}
