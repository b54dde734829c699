package plaintext

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"ortsspiegel/pkg/fault"
)

// The encodings besides UTF-8 that Decode knows.
const (
	Windows1252 = "Windows-1252" // Excel's "CSV (Trennzeichen-getrennt)"
	MacRoman    = "MacRoman"     // the same of Excel for Mac
)

// Decode turns the bytes of a text file into text: UTF-8 with or without a byte order mark, or one of
// the encodings that Excel writes without being asked; converted names that, and is empty for UTF-8.
// Errors are faults (Invalid) that say how to save the file instead.
func Decode(raw []byte) (s, converted string, err error) {
	switch {
	case bytes.HasPrefix(raw, mark):
		raw = WithoutMark(raw)
	case bytes.HasPrefix(raw, []byte("\xFF\xFE")), bytes.HasPrefix(raw, []byte("\xFE\xFF")):
		return "", "", fault.New(fault.Invalid, "csv_utf16",
			"the file is written in UTF-16 (\"Unicode-Text\"): save it as \"CSV UTF-8\"")
	}
	if bytes.IndexByte(raw, 0) >= 0 {
		return "", "", fault.New(fault.Invalid, "csv_binary",
			"the file is not a text file: a CSV file or an Excel workbook (.xlsx) is expected")
	}
	if utf8.Valid(raw) {
		return string(raw), "", nil
	}
	page, converted := charmap.Windows1252, Windows1252
	if looksMac(raw) {
		page, converted = charmap.Macintosh, MacRoman
	}
	s, err = page.NewDecoder().String(string(raw))
	if err != nil || strings.ContainsRune(s, utf8.RuneError) {
		return "", "", fault.New(fault.Invalid, "csv_encoding",
			"the file is written neither in UTF-8 nor in Windows-1252: save it as \"CSV UTF-8\"").Because(err)
	}
	return s, converted, nil
}

var mark = []byte("\xEF\xBB\xBF")

// WithoutMark is a file without the byte order mark that some programs put before UTF-8.
func WithoutMark(raw []byte) []byte { return bytes.TrimPrefix(raw, mark) }

// The German letters as single bytes, and what stands at their place in the other encoding: Š, š, Ÿ, €, …, †, §
// and ‰, ˆ, ¸, ƒ, ÷, ‹, ﬂ.
const (
	macLetters     = "\x8A\x9A\x9F\x80\x85\x86\xA7"
	windowsLetters = "\xE4\xF6\xFC\xC4\xD6\xDC\xDF"
)

// looksMac reports whether the bytes beyond ASCII make German words in MacRoman and not in Windows-1252. Only bytes
// with a letter behind them, or in the case of ß before them, stand in words: "12 €" and "usw…" do not count.
func looksMac(raw []byte) bool {
	letter := func(i int) bool {
		return i >= 0 && i < len(raw) && ('a' <= raw[i]|0x20 && raw[i]|0x20 <= 'z')
	}
	mac, windows := 0, 0
	for i, c := range raw {
		if c < 0x80 || !letter(i+1) && !(letter(i-1) && c != 0x80 && c != 0x85 && c != 0x86) {
			continue
		}
		switch {
		case strings.IndexByte(macLetters, c) >= 0:
			mac++
		case strings.IndexByte(windowsLetters, c) >= 0:
			windows++
		}
	}
	return mac > windows
}
