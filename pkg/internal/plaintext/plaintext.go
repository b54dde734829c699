package plaintext

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"ortsspiegel/pkg/fault"
)

// Decode turns the bytes of a CSV file into text: UTF-8 with or without a byte order mark, or
// Windows-1252, which Excel writes under "CSV (Trennzeichen-getrennt)"; converted tells the latter. Errors are faults (Invalid)
// that say how to save the file instead.
func Decode(raw []byte) (s string, converted bool, err error) {
	switch {
	case bytes.HasPrefix(raw, []byte("\xEF\xBB\xBF")):
		raw = raw[3:]
	case bytes.HasPrefix(raw, []byte("\xFF\xFE")), bytes.HasPrefix(raw, []byte("\xFE\xFF")):
		return "", false, fault.New(fault.Invalid, "csv_utf16", "the file is written in UTF-16 (\"Unicode-Text\"): save it as \"CSV UTF-8\"")
	}
	if bytes.IndexByte(raw, 0) >= 0 {
		return "", false, fault.New(fault.Invalid, "csv_binary", "the file is not a text file: a CSV file or an Excel workbook (.xlsx) is expected")
	}
	if utf8.Valid(raw) {
		return string(raw), false, nil
	}
	s, err = charmap.Windows1252.NewDecoder().String(string(raw))
	if err != nil || strings.ContainsRune(s, utf8.RuneError) {
		return "", false, fault.New(fault.Invalid, "csv_encoding", "the file is written neither in UTF-8 nor in Windows-1252: save it as \"CSV UTF-8\"").Because(err)
	}
	return s, true, nil
}
