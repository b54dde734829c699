package compare

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

// MaxWords keeps the numbers of words below the surrogates, which are no runes.
const MaxWords = 0xD000

// inRunes writes a text as one rune per word, numbering words from 1; ok is false if there are
// too many.
func inRunes(text string, words *[]string, index map[string]rune) (runes []rune, ok bool) {
	for text != "" {
		n := wordLength(text)
		w := text[:n]
		text = text[n:]
		r, known := index[w]
		if !known {
			if len(*words) >= MaxWords {
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

// joined makes runs readable: a few words kept alone between longer changes are changed with
// them, and of each run the removed words come before the added ones.
func joined(list []WordPiece) []WordPiece {
	var result []WordPiece
	var run change
	for i := 0; i < len(list); {
		if list[i].Op != WordsKept {
			run.add(list[i])
			i++
			continue
		}
		kept := list[i].Text
		i++
		var after change
		for ; i < len(list) && list[i].Op != WordsKept; i++ {
			after.add(list[i])
		}
		if n := countWords(kept); n > fewWords || n > run.words() || n > after.words() || run == (change{}) ||
			after == (change{}) {
			result = append(result, pieces(run.removed, run.added)...)
			result = append(result, WordPiece{WordsKept, kept})
			run = after
			continue
		}
		run.removed += kept + after.removed
		run.added += kept + after.added
	}
	return append(result, pieces(run.removed, run.added)...)
}

// fewWords is how many kept words can be lost between changes before a reader misses them.
const fewWords = 3

// change is a run of removed and added words.
type change struct{ removed, added string }

func (c *change) add(p WordPiece) {
	if p.Op == WordsRemoved {
		c.removed += p.Text
	} else {
		c.added += p.Text
	}
}

func (c *change) words() int { return max(countWords(c.removed), countWords(c.added)) }

func countWords(text string) int { return len(strings.Fields(text)) }
