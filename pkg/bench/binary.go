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

// grid is what one byte can say: whole multiples of 1/parts.
type grid struct {
	parts  float64
	values [largestShort + 1]float64
}

func newGrid(parts float64) (g grid) {
	g.parts = parts
	for i := range g.values {
		g.values[i] = float64(i) / parts
	}
	return g
}

// Scores lie on the hundredths, figures on the wholes.
var hundredths, wholes = newGrid(100), newGrid(1)

// short returns the place of a value on the grid; markNone for NaN and markFloat for what does not
// lie on it.
func (g *grid) short(v float64) byte {
	if at := v*g.parts + 0.5; at >= 0 && at < largestShort+1 && g.values[int(at)] == v {
		return byte(at)
	}
	if math.IsNaN(v) {
		return markNone
	}
	return markFloat
}

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
	b = appendFloats(b, r.Values, &hundredths)
	b = appendFloats(b, r.Figures, &wholes)
	b = binary.AppendUvarint(b, uint64(len(r.Chosen)))
	for _, c := range r.Chosen {
		b = binary.AppendUvarint(b, uint64(int(c)+1))
	}
	return b, nil
}

func appendFloats(b []byte, list []float64, g *grid) []byte {
	b = binary.AppendUvarint(b, uint64(len(list)))
	for _, v := range list {
		short := g.short(v)
		b = append(b, short)
		if short == markFloat {
			b = binary.LittleEndian.AppendUint64(b, math.Float64bits(v))
		}
	}
	return b
}

// Decoder decodes stored records of assessments on one version of a checklist. What depends on the
// version alone it knows from the start. It is for one goroutine at a time.
type Decoder struct {
	levels  []checklist.LevelID
	options []uint64 // choice questions in checklist order: how many options they have
	values  int      // of a record
	figures int      // of a record

	freeFloats  []float64 // for the next records; thousands are kept and dropped together
	freeChoices []int16
}

// recordsAtOnce is for how many records memory is asked at a time.
const recordsAtOnce = 64

// NewDecoder returns a Decoder for records on this version of the checklist.
func NewDecoder(d *checklist.Definition) *Decoder {
	dec := &Decoder{values: 1 + len(d.Sections) + len(d.Questions())}
	for i := range d.Levels {
		dec.levels = append(dec.levels, d.Levels[i].ID)
	}
	for _, q := range d.Questions() {
		switch q.Type.Shape() {
		case checklist.ShapeNumber:
			dec.figures++
		case checklist.ShapeOne:
			dec.options = append(dec.options, uint64(len(q.Options)))
		}
	}
	return dec
}

// Decode decodes a stored record and keeps nothing of data. Bytes that NewRecord and MarshalBinary
// cannot have made of an assessment on this version are an Invalid error.
func (dec *Decoder) Decode(data []byte) (Record, error) {
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
	for _, l := range dec.levels {
		if string(l) == string(level) {
			r.Level = l
		}
	}
	if len(level) > 0 && r.Level == "" {
		return Record{}, badRecord("unknown level")
	}
	dec.room(&r)
	in.floats(r.Values, &hundredths, 0, 1)
	in.floats(r.Figures, &wholes, -math.MaxFloat64, math.MaxFloat64)
	in.options(r.Chosen, dec.options)
	if in.failed || len(in.data) > 0 {
		return Record{}, badRecord("its length or a value does not fit the checklist")
	}
	return r, nil
}

// room gives a record its lists.
func (dec *Decoder) room(r *Record) {
	floats, choices := dec.values+dec.figures, len(dec.options)
	if len(dec.freeFloats) < floats || len(dec.freeChoices) < choices {
		dec.freeFloats = make([]float64, recordsAtOnce*floats)
		dec.freeChoices = make([]int16, recordsAtOnce*choices)
	}
	r.Values = dec.freeFloats[:dec.values:dec.values]
	r.Figures = dec.freeFloats[dec.values:floats:floats]
	r.Chosen = dec.freeChoices[:choices:choices]
	dec.freeFloats, dec.freeChoices = dec.freeFloats[floats:], dec.freeChoices[choices:]
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

// floats fills the list; what was encoded must be as long and between lowest and largest.
func (in *recordReader) floats(list []float64, short *grid, lowest, largest float64) {
	if in.uvarint() != uint64(len(list)) {
		in.failed = true
		return
	}
	data := in.data
	for i := range list {
		if len(data) == 0 {
			in.failed = true
			break
		}
		b := data[0]
		data = data[1:]
		switch {
		case b <= largestShort:
			list[i] = short.values[b]
		case b == markNone:
			list[i] = math.NaN()
			continue
		case b == markFloat && len(data) >= 8:
			list[i] = math.Float64frombits(binary.LittleEndian.Uint64(data))
			data = data[8:]
		default:
			in.failed = true
		}
		if !(list[i] >= lowest && list[i] <= largest) { // NaN is neither
			in.failed = true
		}
	}
	in.data = data
}

// options fills the list; width says how many options there are to choose from.
func (in *recordReader) options(list []int16, width []uint64) {
	if in.uvarint() != uint64(len(list)) {
		in.failed = true
		return
	}
	for i := range list {
		var v uint64
		if len(in.data) > 0 && in.data[0] < 1<<7 { // one byte, as nearly always
			v, in.data = uint64(in.data[0]), in.data[1:]
		} else {
			v = in.uvarint()
		}
		if v > width[i] {
			in.failed = true
			return
		}
		list[i] = int16(v) - 1
	}
}
