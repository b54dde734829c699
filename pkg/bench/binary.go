package bench

import (
	"encoding/binary"
	"math"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/region"
)

// recordFormat is the first byte of an encoded record. A change of the layout below gets a new
// number.
const recordFormat = 1

// A number takes one byte where it is a whole hundredth (scores) or a whole figure of the
// unit up to 250, which is what nearly all answers are; else a mark and eight bytes.
const (
	largestShort = 250
	markFloat    = 254
	markNone     = 255
)

// MarshalBinary encodes the record for storage, in about 200 bytes for 54 questions: format, AGS
// (8), population, level, values, figures, chosen options; lists are preceded by their length.
func (r Record) MarshalBinary() ([]byte, error) {
	if _, err := region.ParseAGS(string(r.AGS)); err != nil {
		return nil, err
	}
	if r.Population < 0 || len(r.Level) > math.MaxUint8 {
		return nil, badRecord("population or level out of range")
	}
	b := make([]byte, 0, 64+9*(1+len(r.Values)/4)+len(r.Values)+2*len(r.Figures)+len(r.Chosen))
	b = append(b, recordFormat)
	b = append(b, r.AGS...)
	b = binary.AppendUvarint(b, uint64(r.Population))
	b = append(b, byte(len(r.Level)))
	b = append(b, r.Level...)
	b = appendFloats(b, r.Values, 100)
	b = appendFloats(b, r.Figures, 1)
	b = binary.AppendUvarint(b, uint64(len(r.Chosen)))
	for _, c := range r.Chosen {
		b = binary.AppendUvarint(b, uint64(int(c)+1))
	}
	return b, nil
}

func appendFloats(b []byte, list []float64, parts float64) []byte {
	b = binary.AppendUvarint(b, uint64(len(list)))
	for _, v := range list {
		short := math.Round(v * parts)
		switch {
		case math.IsNaN(v):
			b = append(b, markNone)
		case short >= 0 && short <= largestShort && math.Float64bits(short/parts) == math.Float64bits(v):
			b = append(b, byte(short))
		default:
			b = append(b, markFloat)
			b = binary.LittleEndian.AppendUint64(b, math.Float64bits(v))
		}
	}
	return b
}

// UnmarshalRecord decodes a stored record of an assessment on this version of the
// checklist. Bytes that NewRecord and MarshalBinary cannot have made of it are an Invalid error.
func UnmarshalRecord(d *checklist.Definition, data []byte) (Record, error) {
	in := recordReader{data: data}
	if in.byte() != recordFormat {
		return Record{}, badRecord("unknown format")
	}
	r := Record{}
	ags, err := region.ParseAGS(string(in.take(8)))
	if err != nil {
		return Record{}, badRecord("no AGS").Because(err)
	}
	r.AGS = ags
	population := in.uvarint()
	if population > math.MaxInt32 {
		return Record{}, badRecord("population out of range")
	}
	r.Population = int(population)
	level := in.take(int(in.byte()))
	for i := range d.Levels {
		if string(d.Levels[i].ID) == string(level) {
			r.Level = d.Levels[i].ID
		}
	}
	if len(level) > 0 && r.Level == "" {
		return Record{}, badRecord("unknown level")
	}
	numbers, choices := 0, 0
	for _, q := range d.Questions() {
		switch q.Type.Shape() {
		case checklist.ShapeNumber:
			numbers++
		case checklist.ShapeOne:
			choices++
		}
	}
	nodes := 1 + len(d.Sections) + len(d.Questions())
	floats := make([]float64, nodes+numbers)
	r.Values, r.Figures = floats[:nodes:nodes], floats[nodes:]
	in.floats(r.Values, 100, 1)
	in.floats(r.Figures, 1, math.MaxFloat64)
	r.Chosen = make([]int16, choices)
	in.options(d, r.Chosen)
	if in.failed || len(in.data) > 0 {
		return Record{}, badRecord("its length or a value does not fit the checklist")
	}
	return r, nil
}

func badRecord(why string) *fault.Error {
	return fault.New(fault.Invalid, "record", "this is no stored benchmark record: %s", why)
}

// recordReader reads an encoded record and remembers the first failure, so that
// truncated input needs no check behind every value.
type recordReader struct {
	data   []byte
	failed bool
}

func (in *recordReader) take(n int) []byte {
	if n > len(in.data) {
		in.failed, in.data = true, nil
		return nil
	}
	taken := in.data[:n]
	in.data = in.data[n:]
	return taken
}

func (in *recordReader) byte() byte {
	if b := in.take(1); b != nil {
		return b[0]
	}
	return 0
}

func (in *recordReader) uvarint() uint64 {
	v, n := binary.Uvarint(in.data)
	if n <= 0 {
		in.failed, in.data = true, nil
		return 0
	}
	in.data = in.data[n:]
	return v
}

// floats fills the list; what was encoded must be as long and not beyond the largest magnitude.
func (in *recordReader) floats(list []float64, parts, largest float64) {
	if in.uvarint() != uint64(len(list)) {
		in.failed = true
		return
	}
	for i := range list {
		switch b := in.byte(); b {
		case markNone:
			list[i] = math.NaN()
		case markFloat:
			raw := in.take(8)
			if raw == nil {
				return
			}
			v := math.Float64frombits(binary.LittleEndian.Uint64(raw))
			if !(math.Abs(v) <= largest) || (parts > 1 && v < 0) {
				in.failed = true
			}
			list[i] = v
		default:
			list[i] = float64(b) / parts
			if b > largestShort || list[i] > largest {
				in.failed = true
			}
		}
	}
}

func (in *recordReader) options(d *checklist.Definition, list []int16) {
	if in.uvarint() != uint64(len(list)) {
		in.failed = true
		return
	}
	n := 0
	for _, q := range d.Questions() {
		if !q.Type.One() {
			continue
		}
		v := in.uvarint()
		if v > uint64(len(q.Options)) {
			in.failed = true
			return
		}
		list[n] = int16(v) - 1
		n++
	}
}
