package book

import (
	"archive/zip"
	"bytes"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"regexp"
	"strings"

	"github.com/klauspost/compress/flate"
)

// spill is how much of a packed part stays in memory, in bytes; the rest goes to the temporary folder.
const spill = 8 << 20

// part is a file of the workbook that was written and packed beside excelize.
type part struct {
	packed   bytes.Buffer
	file     *os.File // what was spilled; nil: nothing
	spilled  int64
	deflate  *flate.Writer
	crc      uint32
	unpacked uint64
}

func newPart() (*part, error) {
	p := &part{}
	var err error
	if p.deflate, err = flate.NewWriter(&p.packed, flate.BestSpeed); err != nil {
		return nil, fmt.Errorf("workbook: pack: %w", err)
	}
	return p, nil
}

// Write packs more of the file.
func (p *part) Write(b []byte) (int, error) {
	p.crc = crc32.Update(p.crc, crc32.IEEETable, b)
	p.unpacked += uint64(len(b))
	n, err := p.deflate.Write(b)
	if err == nil && p.packed.Len() > spill {
		err = p.toFile()
	}
	return n, err
}

func (p *part) toFile() error {
	if p.file == nil {
		f, err := os.CreateTemp("", "ortsspiegel-export-")
		if err != nil {
			return fmt.Errorf("workbook: temporary file: %w", err)
		}
		p.file = f
	}
	n, err := p.packed.WriteTo(p.file)
	p.spilled += n
	if err != nil {
		return fmt.Errorf("workbook: temporary file: %w", err)
	}
	return nil
}

// copyTo writes what was packed.
func (p *part) copyTo(w io.Writer) error {
	if p.file != nil {
		if _, err := io.Copy(w, io.NewSectionReader(p.file, 0, p.spilled)); err != nil {
			return err
		}
	}
	_, err := w.Write(p.packed.Bytes())
	return err
}

// remove takes the temporary file away.
func (p *part) remove() {
	if p.file != nil {
		// a file that is left behind costs room and nothing else
		_ = p.file.Close()
		_ = os.Remove(p.file.Name())
	}
}

// archive is a zip file with the fastest compression, in which some parts are ready packed.
type archive struct {
	*zip.Writer
	parts   map[string]*part
	mend    map[string]bool // sheets with charts
	mending bytes.Buffer
	into    io.Writer // where mending goes; nil: nothing is being mended
}

func newArchive(w io.Writer, parts map[string]*part, mend map[string]bool) *archive {
	z := zip.NewWriter(w)
	// One for all files: the archive closes each before it begins the next, and a new one takes a megabyte.
	var pack *flate.Writer
	z.RegisterCompressor(zip.Deflate, func(out io.Writer) (io.WriteCloser, error) {
		if pack != nil {
			pack.Reset(out)
			return pack, nil
		}
		var err error
		pack, err = flate.NewWriter(out, flate.BestSpeed)
		return pack, err
	})
	return &archive{Writer: z, parts: parts, mend: mend}
}

// Create begins a file. If it is ready packed, that is what the archive gets, and what excelize
// would put there goes nowhere.
func (a *archive) Create(name string) (io.Writer, error) {
	if err := a.mended(); err != nil {
		return nil, err
	}
	p, ok := a.parts[name]
	if !ok {
		w, err := a.Writer.Create(name)
		if err == nil && (a.mend[name] || strings.HasPrefix(name, "xl/drawings/drawing") ||
			name == "docProps/core.xml") {
			a.into, w = w, &a.mending
		}
		return w, err
	}
	w, err := a.CreateRaw(&zip.FileHeader{Name: name, Method: zip.Deflate, CRC32: p.crc,
		CompressedSize64: uint64(p.spilled) + uint64(p.packed.Len()), UncompressedSize64: p.unpacked})
	if err != nil {
		return nil, err
	}
	if err := p.copyTo(w); err != nil {
		return nil, err
	}
	return io.Discard, nil
}

// Close ends the archive.
func (a *archive) Close() error {
	if err := a.mended(); err != nil {
		return err
	}
	return a.Writer.Close()
}

// What excelize writes and other programs do not understand: the last editor in a namespace in
// which ExcelJS does not know it, a prefix of its own for the reference to a drawing (ExcelJS looks
// for r:id), and a chart that ends in the cell in which it begins, as far away as it is wide (Excel
// stops at the end of that cell).
var (
	lastEditor       = regexp.MustCompile(`<lastModifiedBy>[^<]*</lastModifiedBy>`)
	drawingReference = regexp.MustCompile(`<drawing xmlns:\w+="([^"]*)" \w+:id=`)
	anchoredInOne    = regexp.MustCompile(
		`<xdr:twoCellAnchor editAs="oneCell">(<xdr:from>.*?</xdr:from>)<xdr:to><xdr:col>\d+</xdr:col>` +
			`<xdr:colOff>(\d+)</xdr:colOff><xdr:row>\d+</xdr:row><xdr:rowOff>(\d+)</xdr:rowOff></xdr:to>(.*?)</xdr:twoCellAnchor>`)
)

// mended writes the part that was collected, if there is one.
func (a *archive) mended() error {
	if a.into == nil {
		return nil
	}
	xml := lastEditor.ReplaceAll(a.mending.Bytes(), nil)
	xml = drawingReference.ReplaceAll(xml, []byte(`<drawing xmlns:r="$1" r:id=`))
	xml = anchoredInOne.ReplaceAll(xml, []byte(`<xdr:oneCellAnchor>$1<xdr:ext cx="$2" cy="$3"/>$4</xdr:oneCellAnchor>`))
	_, err := a.into.Write(xml)
	a.into = nil
	a.mending.Reset()
	return err
}
