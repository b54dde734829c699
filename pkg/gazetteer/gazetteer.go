package gazetteer

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/region"
)

// Import is what a file says, complete and checked.
type Import struct {
	Municipalities []region.Municipality // ascending by AGS, each once
	Source         string                // who publishes the figures and as of when; may be empty
	AsOf           string                // the day of the territorial status, YYYY-MM-DD; may be empty
	Notices        []fault.Field         // what was corrected or left out, for the summary
}

// Read recognises by its content whether a file is the register's workbook or a CSV and
// reads it. With districts, only their municipalities are returned; each of the districts
// must occur. Errors are faults: Invalid with a field per problem, TooLarge beyond a limit,
// RateLimited if ctx ends before it is this import's turn.
func Read(ctx context.Context, r io.ReaderAt, size int64, districts []region.DistrictKey) (*Import, error) {
	head := make([]byte, 4)
	n, err := r.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("gazetteer: read file: %w", err)
	}
	head = head[:n]
	for _, binary := range []string{"PK", "\xD0\xCF", "%PDF"} {
		if bytes.HasPrefix(head, []byte(binary)) {
			return ReadRegister(ctx, r, size, districts)
		}
	}
	raw, err := io.ReadAll(io.NewSectionReader(r, 0, min(size, maxCSVBytes+1)))
	if err != nil {
		return nil, fmt.Errorf("gazetteer: read file: %w", err)
	}
	return readCSV(raw, districts)
}

// ParseDistricts reads a list of district keys as it is given on the command line, such as
// "05958,05962". An empty list means all districts.
func ParseDistricts(list string) ([]region.DistrictKey, error) {
	var keys []region.DistrictKey
	var fields []fault.Field
	for _, part := range strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ';' || r == ' ' }) {
		key, err := region.ParseDistrictKey(part)
		if err != nil {
			f := fault.As(err)
			fields = append(fields, fault.Field{Name: "districts", Code: f.Code, Message: f.Message, Args: f.Args})
			continue
		}
		if !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	return keys, fault.Fields(fields)
}

// keep drops the municipalities outside of the districts; no district means all.
func (i *Import) keep(districts []region.DistrictKey) error {
	if len(districts) == 0 {
		return nil
	}
	found := map[region.DistrictKey]bool{}
	i.Municipalities = slices.DeleteFunc(i.Municipalities, func(m region.Municipality) bool {
		found[m.District.Key] = true
		return !slices.Contains(districts, m.District.Key)
	})
	var fields []fault.Field
	for _, d := range districts {
		if !found[d] {
			fields = append(fields, fault.Field{Name: "districts", Code: "district_missing",
				Message: fmt.Sprintf("the file has no municipality of the district %s", d),
				Args:    map[string]any{"Value": string(d)}})
		}
	}
	return fault.Fields(fields)
}

// finish sorts the municipalities, keeps those of the districts, and refuses keys that occur
// twice and a file without any municipality. lines holds, per municipality, where it stood.
func (i *Import) finish(p *problems, lines []int, districts []region.DistrictKey) error {
	first := make(map[region.AGS]int, len(lines))
	for k, m := range i.Municipalities {
		if line, twice := first[m.AGS]; twice {
			p.add(lines[k], "ags", "ags_twice", fmt.Sprintf("%s stands in line %d already", m.AGS, line), string(m.AGS))
			continue
		}
		first[m.AGS] = lines[k]
	}
	if err := p.err(); err != nil {
		return err
	}
	if err := i.keep(districts); err != nil {
		return err
	}
	if len(i.Municipalities) == 0 {
		return fault.New(fault.Invalid, "import_empty", "the file has no municipality")
	}
	slices.SortFunc(i.Municipalities, func(a, b region.Municipality) int {
		return strings.Compare(string(a.AGS), string(b.AGS))
	})
	for _, m := range i.Municipalities {
		if !located(m) {
			i.Notices = append(i.Notices, fault.Field{Name: string(m.AGS), Code: "coordinates_missing",
				Message: m.Name + " has no coordinates and will not stand on the map",
				Args:    map[string]any{"Name": m.Name}})
		}
	}
	return nil
}

// located reports whether a municipality has coordinates; no place in Germany lies on a zero.
func located(m region.Municipality) bool { return m.Lat != 0 && m.Lon != 0 }
