package assessment

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"image/jpeg"
	"image/png"
	"io"
	"path"
	"strings"
	"unicode"

	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/internal/plaintext"
	"ortsspiegel/pkg/internal/zipguard"
)

// MaxFile is the largest file taken as evidence, in bytes.
const MaxFile = 10 << 20

// The media types of files taken as evidence.
const (
	typePDF  = "application/pdf"
	typePNG  = "image/png"
	typeJPEG = "image/jpeg"
	typeDOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	typeXLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	typePPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
	typeODT  = "application/vnd.oasis.opendocument.text"
	typeODS  = "application/vnd.oasis.opendocument.spreadsheet"
	typeODP  = "application/vnd.oasis.opendocument.presentation"
)

var endings = map[string]string{typePDF: ".pdf", typePNG: ".png", typeJPEG: ".jpg", typeDOCX: ".docx",
	typeXLSX: ".xlsx", typePPTX: ".pptx", typeODT: ".odt", typeODS: ".ods", typeODP: ".odp"}

// Sniff finds out by its content what a file is and gives it a safe name. Taken are PDF, PNG,
// JPEG, DOCX, XLSX, PPTX, ODT, ODS and ODP up to MaxFile; anything else is Invalid, more is TooLarge. The file is
// never opened further than its table of contents and its list of types, and never shown in a page.
func Sniff(name string, data []byte) (Evidence, error) {
	if len(data) > MaxFile {
		return Evidence{}, fault.New(fault.TooLarge, "file_large", "the file is larger than 10 MB")
	}
	if len(data) == 0 {
		return Evidence{}, wrongFile("file_empty", "the file is empty")
	}
	kind := mediaType(data)
	if kind == "" {
		return Evidence{}, wrongFile("file_type",
			"only PDF, PNG, JPEG, DOCX, XLSX, PPTX, ODT, ODS and ODP files are taken")
	}
	sum := sha256.Sum256(data)
	return Evidence{Title: safeName(name, kind), Type: kind, Size: int64(len(data)),
		SHA256: hex.EncodeToString(sum[:])}, nil
}

func wrongFile(code, message string) error {
	return fault.Fields([]fault.Field{{Name: "file", Code: code, Message: message}})
}

func mediaType(data []byte) string {
	switch {
	case bytes.HasPrefix(data, []byte("\x89PNG\r\n\x1a\n")):
		if _, err := png.DecodeConfig(bytes.NewReader(data)); err == nil {
			return typePNG
		}
	case bytes.HasPrefix(data, []byte("\xff\xd8\xff")):
		_, err := jpeg.DecodeConfig(bytes.NewReader(data))
		var unusual jpeg.UnsupportedError // arithmetic coding, twelve bits: real pictures all the same
		if err == nil || errors.As(err, &unusual) {
			return typeJPEG
		}
	case bytes.HasPrefix(data, []byte("PK\x03\x04")):
		return officeType(data)
	case isPDF(data):
		return typePDF
	}
	return ""
}

// isPDF reports whether a file says within its first kilobyte that it is a PDF, as readers take it: some programs put a
// byte order mark or lines of their own before that. Nothing that a browser or a system could run may stand there.
func isPDF(data []byte) bool {
	before, _, ok := bytes.Cut(data[:min(len(data), 1024)], []byte("%PDF-"))
	for _, program := range []string{"MZ", "\x7fELF", "#!", "\xca\xfe\xba\xbe", "\xcf\xfa\xed\xfe"} {
		if bytes.HasPrefix(before, []byte(program)) {
			return false
		}
	}
	return ok && bytes.IndexByte(before, '<') < 0
}

// What an office file may hold: it is handed on to colleagues' computers, where it is unpacked.
const (
	mostEntries  = 5000
	mostUnpacked = 100 << 20 // bytes, as its table of contents says
	mostTypes    = 1 << 20   // bytes of [Content_Types].xml
)

// officeType looks at the names and sizes in a zip file and at what it says of itself; nothing else
// is unpacked. The main part is where the file says, under any name. Macros are refused, also where
// the program's part bears another name.
func officeType(data []byte) string {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil || len(z.File) > mostEntries {
		return ""
	}
	var types, mime *zip.File
	unpacked := uint64(0)
	for _, f := range z.File {
		if f.UncompressedSize64 > mostUnpacked {
			return ""
		}
		if unpacked += f.UncompressedSize64; unpacked > mostUnpacked {
			return ""
		}
		name := strings.ToLower(strings.ReplaceAll(f.Name, `\`, "/"))
		switch {
		case name == "[content_types].xml":
			if types != nil || !plainTypes(f) {
				return ""
			}
			types = f
		case name == "mimetype":
			mime = f
		case strings.HasSuffix(name, "vbaproject.bin"), strings.HasPrefix(name, "basic/"),
			strings.HasPrefix(name, "scripts/"):
			return ""
		}
	}
	if types == nil {
		return openDocument(mime)
	}
	p, err := zipguard.ReadPackage(z.File)
	if err != nil {
		return ""
	}
	for _, kind := range []struct{ media, usual, name string }{
		{"wordprocessingml.document.main", "word/document.xml", typeDOCX},
		{"spreadsheetml.sheet.main", "xl/workbook.xml", typeXLSX},
		{"presentationml.presentation.main", "ppt/presentation.xml", typePPTX},
	} {
		// A file that only says "XML" of its main part is told by that part's usual name.
		if strings.Contains(p.Media, kind.media) ||
			p.Main == kind.usual && (p.Media == "" || p.Media == "application/xml") {
			return kind.name
		}
	}
	return ""
}

// openDocument reads the part in which an OpenDocument file says what it is.
func openDocument(f *zip.File) string {
	if f == nil {
		return ""
	}
	r, err := f.Open()
	if err != nil {
		return ""
	}
	kind, err := io.ReadAll(io.LimitReader(r, 200))
	if errors.Join(err, r.Close()) != nil {
		return ""
	}
	switch kind := strings.TrimSpace(string(kind)); kind {
	case typeODT, typeODS, typeODP:
		return kind
	}
	return ""
}

// plainTypes reads an office file's list of types and reports whether it is one without macros.
func plainTypes(f *zip.File) bool {
	r, err := f.Open()
	if err != nil {
		return false
	}
	list, err := io.ReadAll(io.LimitReader(r, mostTypes+1))
	if err = errors.Join(err, r.Close()); err != nil || len(list) > mostTypes {
		return false
	}
	list = bytes.ToLower(bytes.ReplaceAll(list, []byte{0}, nil)) // UTF-16 hides nothing
	return !bytes.Contains(list, []byte("macroenabled")) && !bytes.Contains(list, []byte("vbaproject"))
}

// safeName keeps letters, digits and a few marks of the last part of a name and gives it the
// ending of its real type.
func safeName(name, kind string) string {
	name = path.Base(strings.ReplaceAll(plaintext.Line(strings.ToValidUTF8(name, "")), `\`, "/"))
	name = strings.TrimSuffix(name, path.Ext(name))
	name = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r), unicode.IsMark(r), strings.ContainsRune(" -_()", r):
			return r
		case r == '.' || unicode.IsSpace(r):
			return ' '
		}
		return -1
	}, name)
	name = strings.Join(strings.Fields(name), " ")
	if r := []rune(name); len(r) > 100 {
		name = string(r[:100])
	}
	if name == "" {
		name = "datei"
	}
	return name + endings[kind]
}
