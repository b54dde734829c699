package gazetteer

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/internal/plaintext"
	"ortsspiegel/pkg/region"
)

// Limits of a CSV file. All municipalities of Germany have about 1.5 MB.
const (
	maxCSVBytes = 8 << 20
	maxCSVRows  = 20_000
)

// columns are the header names of a CSV file: our own first, then what German offices write.
var columns = [][]string{
	{"ags", "gemeindeschlüssel", "amtlicher gemeindeschlüssel"},
	{"name", "gemeinde", "gemeindename"},
	{"official_name", "amtlicher name"},
	{"type", "art", "gemeindeart"},
	{"district_name", "kreis", "landkreis"},
	{"population", "einwohner", "bevölkerung"},
	{"population_date", "stand", "bevölkerungsstand"},
	{"area_km2", "fläche", "fläche km2", "fläche km²", "fläche in km2", "fläche in km²"},
	{"lat", "breitengrad", "breite"},
	{"lon", "längengrad", "länge"},
}

// required are the columns without which there is no municipality.
var required = []string{"ags", "name", "population"}

// ReadCSV reads municipalities from a CSV file: separated by ";" or ",", in UTF-8 or
// Windows-1252, with a line of header names (ags, name, population; and, as far as known,
// official_name, type, district_name, population_date, area_km2, lat, lon, in any order).
// Lines before the header that begin with "#" are comments; "# Quelle: …" names the source.
// Numbers may have a decimal comma or point. The error lists all problems.
func ReadCSV(r io.Reader) (*Import, error) {
	raw, err := io.ReadAll(io.LimitReader(r, maxCSVBytes+1))
	if err != nil {
		return nil, fmt.Errorf("gazetteer: read csv: %w", err)
	}
	if len(raw) > maxCSVBytes {
		return nil, fault.New(fault.TooLarge, "csv_bytes", "the file is larger than %d MB", maxCSVBytes>>20).With("Limit", maxCSVBytes)
	}
	content, converted, err := plaintext.Decode(raw)
	if err != nil {
		return nil, err
	}
	imported := &Import{}
	if converted {
		imported.Notices = append(imported.Notices, fault.Field{Name: "file", Code: "csv_converted",
			Message: "the file is written in Windows-1252 and was converted; please check the umlauts"})
	}
	content, skipped := imported.comments(content)
	if strings.TrimSpace(content) == "" {
		return nil, fault.New(fault.Invalid, "csv_empty", "the file is empty: a line of header names (%s) and one line per municipality are expected", strings.Join(required, ", "))
	}
	return imported, imported.readTable(content, skipped)
}

// comments takes the lines before the header that begin with "#" and returns what follows.
func (i *Import) comments(content string) (rest string, lines int) {
	var sources []string
	for strings.HasPrefix(content, "#") || strings.HasPrefix(content, "\n") || strings.HasPrefix(content, "\r\n") {
		line, after, _ := strings.Cut(content, "\n")
		content = after
		lines++
		line = strings.TrimSpace(strings.TrimPrefix(line, "#"))
		if named := strings.TrimSpace(strings.TrimPrefix(line, "Quelle:")); named != line && named != "" {
			sources = append(sources, clipSource(named))
		} else if strings.HasPrefix(line, "Quelle") {
			sources = append(sources, clipSource(line))
		}
	}
	i.Source = strings.Join(sources, "; ")
	return content, lines
}

func clipSource(s string) string {
	if runes := []rune(s); len(runes) > 300 {
		return string(runes[:300]) + "…"
	}
	return s
}

// readTable reads the header and the lines below; skipped lines stood before.
func (i *Import) readTable(content string, skipped int) error {
	r := csv.NewReader(strings.NewReader(content))
	header, _, _ := strings.Cut(content, "\n")
	if strings.Count(header, ";") > 0 {
		r.Comma = ';'
	}
	r.FieldsPerRecord = -1
	p := &problems{}
	names, err := r.Read()
	if err != nil {
		return unreadable(err, skipped)
	}
	at, err := findColumns(names, skipped+1)
	if err != nil {
		return err
	}
	var lines []int
	for rows := 0; ; rows++ {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			for _, m := range i.Municipalities {
				i.AsOf = max(i.AsOf, m.PopulationDate)
			}
			return i.finish(p, lines, nil)
		}
		if err != nil {
			return unreadable(err, skipped)
		}
		if rows >= maxCSVRows {
			return fault.New(fault.TooLarge, "csv_rows", "the file has more than %d lines", maxCSVRows).With("Limit", maxCSVRows)
		}
		line, _ := r.FieldPos(0)
		line += skipped
		if strings.TrimSpace(strings.Join(record, "")) == "" {
			continue
		}
		if len(record) != len(names) {
			p.add(line, "all", "csv_fields", fmt.Sprintf("the line has %d fields, the header %d; a text with the separator in it needs quotation marks", len(record), len(names)), "")
			continue
		}
		i.Municipalities = append(i.Municipalities, p.municipality(line, record, at))
		lines = append(lines, line)
	}
}

func unreadable(err error, skipped int) error {
	var e *csv.ParseError
	if !errors.As(err, &e) {
		return fault.New(fault.Invalid, "csv_unreadable", "the file cannot be read as CSV").Because(err)
	}
	p := &problems{}
	p.add(e.Line+skipped, "all", "csv_quotes", "the quotation marks are not in pairs: a quotation mark inside of a text is written twice", "")
	return p.err()
}

// findColumns returns the place of every known column, -1 where it is missing.
func findColumns(header []string, line int) (map[string]int, error) {
	p := &problems{}
	at := map[string]int{}
	for _, c := range columns {
		at[c[0]] = -1
	}
	for k, h := range header {
		h = strings.ToLower(strings.TrimSpace(h))
		for _, c := range columns {
			if !slices.Contains(c, h) {
				continue
			}
			if at[c[0]] >= 0 {
				p.add(line, c[0], "csv_column_twice", "the column stands twice in the header", h)
			}
			at[c[0]] = k
		}
	}
	for _, c := range required {
		if at[c] < 0 {
			p.add(line, c, "csv_column", fmt.Sprintf("the header has no column %q; expected are %s", c, strings.Join(required, ", ")), "")
		}
	}
	if (at["lat"] < 0) != (at["lon"] < 0) {
		p.add(line, "lat, lon", "csv_column", "latitude and longitude are given together or not at all", "")
	}
	return at, p.err()
}

// municipality reads one line.
func (p *problems) municipality(line int, record []string, at map[string]int) region.Municipality {
	value := func(column string) string {
		if k := at[column]; k >= 0 {
			return strings.TrimSpace(record[k])
		}
		return ""
	}
	m := region.Municipality{
		AGS:          p.ags(line, "ags", value("ags")),
		Name:         p.name(line, "name", value("name"), true),
		OfficialName: p.name(line, "official_name", value("official_name"), false),
		Kind:         p.name(line, "type", value("type"), false),
		Population:   p.population(line, "population", value("population")),
	}
	if m.OfficialName == "" {
		m.OfficialName = m.Name
	}
	m.District = region.District{Key: m.AGS.District(), Name: p.name(line, "district_name", value("district_name"), false)}
	if m.District.Name == "" {
		m.District.Name = string(m.District.Key)
	}
	if v := value("population_date"); v != "" {
		m.PopulationDate = p.date(line, "population_date", v)
	}
	if v := value("area_km2"); v != "" {
		m.AreaKm2 = p.area(line, "area_km2", v)
	}
	m.Lat, m.Lon = p.place(line, value("lat"), value("lon"))
	return m
}
