package arch

import (
	"go/scanner"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// widest is how many characters a line of Go or of a template may have, a tab counting as four.
const widest = 120

// TestWidth holds Go and templates to lines that fit beside each other in a comparison. Lines of Go with text that is
// written as it is (raw strings, tags of fields) and words that cannot be parted are exempt; a template can always be
// parted, between words, between the attributes of a tag, and within an action.
func TestWidth(t *testing.T) {
	root := filepath.Join("..", "..", "..")
	files := map[string]int{}
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if base := d.Name(); name != root &&
				(strings.HasPrefix(base, ".") || base == "node_modules" || base == "dist") {
				return filepath.SkipDir
			}
			return nil
		}
		exempt := func([]byte) map[int]bool { return nil }
		switch filepath.Ext(name) {
		case ".go":
			exempt = asWritten
		case ".html":
		default:
			return nil
		}
		src, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		files[filepath.Ext(name)]++
		for _, line := range tooWide(src, exempt(src)) {
			t.Errorf("%s:%d is wider than %d characters", name, line, widest)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files[".go"] < 300 || files[".html"] < 60 {
		t.Errorf("only %v files were read: is this still the repository's root", files)
	}
}

// tooWide returns the numbers of the lines that are too wide and not exempt.
func tooWide(src []byte, exempt map[int]bool) []int {
	var wide []int
	for i, line := range strings.Split(string(src), "\n") {
		width := utf8.RuneCountInString(strings.ReplaceAll(line, "\t", "    "))
		if width > widest && !exempt[i+1] {
			wide = append(wide, i+1)
		}
	}
	return wide
}

// asWritten returns the numbers of the lines of a Go file whose text cannot be parted.
func asWritten(src []byte) map[int]bool {
	exempt := map[int]bool{}
	var s scanner.Scanner
	file := token.NewFileSet().AddFile("", 1, len(src))
	s.Init(file, src, nil, scanner.ScanComments)
	for {
		pos, tok, text := s.Scan()
		if tok == token.EOF {
			return exempt
		}
		raw := tok == token.STRING && strings.HasPrefix(text, "`")
		word := tok == token.STRING && slices.ContainsFunc(strings.Fields(text), func(w string) bool {
			return len(w) > 60
		}) ||
			tok == token.COMMENT && strings.HasPrefix(text, "//go:")
		if raw || word {
			for line := range strings.Count(text, "\n") + 1 {
				exempt[file.Line(pos)+line] = true
			}
		}
	}
}

func TestTooWide(t *testing.T) {
	long := strings.Repeat("x ", 70)
	for src, want := range map[string]int{
		"package p\n// " + long:                      1,
		"package p\n\nvar s = \"" + long + "\"":      1,
		"package p\n\nvar s = `" + long + "`":        0,
		"package p\n\nvar s = `\n" + long + "`\n":    0,
		"package p\n\nvar s = \"short\"\n":           0,
		"package p\n\nfunc f(" + long + ") {}\n":     1,
		"package p\n\n\t\t\t// " + long[:110] + "\n": 1,
	} {
		if got := len(tooWide([]byte(src), asWritten([]byte(src)))); got != want {
			t.Errorf("%q: %d lines, want %d", src, got, want)
		}
	}
	for src, want := range map[string]int{
		"<p>" + long + "</p>":                     1, // also where it would be a raw string of Go
		"<p>`" + long + "`</p>":                   1,
		"<p>" + strings.Repeat("ä", 113) + "</p>": 0, // characters, not bytes
	} {
		if got := len(tooWide([]byte(src), nil)); got != want {
			t.Errorf("%q in a template: %d lines, want %d", src, got, want)
		}
	}
}
