package gazetteer

import (
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
	maxCSVBytes   = 8 << 20
	maxCSVRows    = 20_000
	maxCSVColumns = 100
)

// columns are the header names of a CSV file: our own first, then what German offices write.
var columns = [][]string{
	{"ags", "gemeindeschlüssel", "amtlicher gemeindeschlüssel", "amtlicher gemeindeschlüssel (ags", "ars",
		"regionalschlüssel", "amtlicher regionalschlüssel", "amtlicher regionalschlüssel (ars"},
	{"name", "gemeinde", "gemeindename"},
	{"official_name", "amtlicher name"},
	{"type", "art", "gemeindeart"},
	{"district_name", "kreis", "landkreis"},
	{"population", "einwohner", "bevölkerung", "einwohnerzahl", "bevölkerung insgesamt"},
	{"population_date", "stand", "bevölkerungsstand"},
	{"area_km2", "fläche", "fläche km2", "fläche km²", "fläche in km2", "fläche in km²"},
	{"lat", "breitengrad", "breite"},
	{"lon", "längengrad", "länge"},
}

// required are the columns without which there is no municipality.
var required = []string{"ags", "name", "population"}

// ReadCSV reads municipalities from a CSV file as plaintext.ReadCSV takes it, with a line of header names (ags, name,
// population; and, as far as known, official_name, type, district_name, population_date, area_km2, lat, lon, in any
// order). Lines before the header that begin with "#" are comments; "# Quelle: …" names the source. Numbers may have
// a decimal comma or point. The register saved as CSV is read as the register. The error lists all problems.
func ReadCSV(r io.Reader) (*Import, error) {
	raw, err := io.ReadAll(io.LimitReader(r, maxCSVBytes+1))
	if err != nil {
		return nil, fmt.Errorf("gazetteer: read csv: %w", err)
	}
	return readCSV(raw, nil)
}

func readCSV(raw []byte, districts []region.DistrictKey) (*Import, error) {
	file, err := plaintext.ReadCSV(raw, plaintext.CSVLimits{Bytes: maxCSVBytes, Rows: maxCSVRows,
		Columns: maxCSVColumns, Cells: maxCSVRows * maxCSVColumns})
	if err != nil {
		return nil, err
	}
	imported := &Import{Source: sourceOf(file.Comments)}
	if file.Converted != "" {
		imported.Notices = append(imported.Notices, fault.Field{Name: "file", Code: "csv_converted",
			Message: "the file is written in " + file.Converted + " and was converted; please check the umlauts",
			Args:    map[string]any{"Encoding": file.Converted}})
	}
	if isRegister(file) {
		return registerOfCSV(imported, file, districts)
	}
	if err := imported.readTable(file); err != nil {
		return nil, err
	}
	return imported, imported.keep(districts)
}

// sourceOf is what comments name as the source.
func sourceOf(comments []string) string {
	var sources []string
	for _, line := range comments {
		if named := strings.TrimSpace(strings.TrimPrefix(line, "Quelle:")); named != line && named != "" {
			sources = append(sources, clipSource(named))
		} else if strings.HasPrefix(line, "Quelle") {
			sources = append(sources, clipSource(line))
		}
	}
	return strings.Join(sources, "; ")
}

func clipSource(s string) string {
	if runes := []rune(s); len(runes) > 300 {
		return string(runes[:300]) + "…"
	}
	return s
}

// readTable reads the header and the lines below.
func (i *Import) readTable(file *plaintext.CSV) error {
	p := &problems{}
	header := file.Rows[0]
	at, err := findColumns(header.Fields, header.Line)
	if err != nil {
		return err
	}
	t := &csvTable{problems: p, header: header.Fields, at: at, day: headerDay(header.Fields, at["population"])}
	var counts []string
	for _, row := range file.Rows[1:] {
		counts = append(counts, cell(row.Fields, at["population"]))
	}
	t.points = pointsOf(counts)
	var lines []int
	for _, row := range file.Rows[1:] {
		// A field too many may come from a text or a number with a comma in it: what stands behind
		// it then is in the wrong column.
		if extra := len(row.Fields) - len(header.Fields); extra > 0 &&
			strings.Join(row.Fields[len(header.Fields):], "") != "" {
			if file.Separator == ',' {
				p.add(row.Line, "all", "csv_fields",
					fmt.Sprintf(
						"the line has %d fields, the header %d: a text or a number with a comma in it needs "+
							"quotation marks",
						len(row.Fields), len(header.Fields)), "")
				continue
			}
			i.Notices = append(i.Notices, fault.Field{Name: fmt.Sprintf("line %d", row.Line), Code: "csv_fields",
				Message: fmt.Sprintf("what stands behind the last column of the header was not read (%s)",
					clip(strings.Join(row.Fields[len(header.Fields):], "; ")))})
		}
		m, known := t.municipality(row)
		if !known {
			i.unknownPopulation(m, cell(row.Fields, at["population"]))
		}
		i.Municipalities = append(i.Municipalities, m)
		lines = append(lines, row.Line)
	}
	for _, m := range i.Municipalities {
		i.AsOf = max(i.AsOf, m.PopulationDate)
	}
	return i.finish(p, lines, nil)
}

// unknownPopulation notes a town whose population is not published; it is 0 then, and the town in no size class.
func (i *Import) unknownPopulation(m region.Municipality, sign string) {
	i.Notices = append(i.Notices, fault.Field{Name: string(m.AGS), Code: "population_unknown",
		Args: map[string]any{"Name": m.Name, "Value": sign},
		Message: fmt.Sprintf(
			"%s: the number of inhabitants is not published here (%q), so the town is in no size class; give it in a "+
				"CSV file with ags, name, population", m.Name, clip(sign))})
}

// headerName is a header for comparing: one line, in lower case, without a day and what leads to it.
func headerName(h string) string {
	h = strings.ToLower(plaintext.Line(dayInText.ReplaceAllString(strings.Trim(h, "\ufeff\"'"), "")))
	h = strings.TrimRight(h, " :,;*()")
	for _, word := range []string{" am", " zum", " vom", " stand", "(stand", "(am", " as of", " on"} {
		h = strings.TrimRight(strings.TrimSuffix(h, word), " :,;*()")
	}
	return h
}

// headerDay is the day that the header of a column names.
func headerDay(header []string, column int) string {
	if column < 0 {
		return ""
	}
	return dayIn(header[column])
}

// findColumns returns the place of every known column, -1 where it is missing.
func findColumns(header []string, line int) (map[string]int, error) {
	p := &problems{}
	at := map[string]int{}
	for _, c := range columns {
		at[c[0]] = -1
	}
	for k, text := range header {
		h := headerName(text)
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
			p.add(line, c, "csv_column", fmt.Sprintf(
				"the header has no column %q; expected are %s, the header has: %s", c, strings.Join(required, ", "),
				clip(strings.Join(header, ", "))), "")
		}
	}
	if (at["lat"] < 0) != (at["lon"] < 0) {
		p.add(line, "lat, lon", "csv_column", "latitude and longitude are given together or not at all", "")
	}
	return at, p.err()
}

// csvTable reads the lines below a header.
type csvTable struct {
	*problems
	header []string
	at     map[string]int
	day    string // of the populations, if the header says one
	points points
}

// municipality reads one line; known is false if its population is not published.
func (t *csvTable) municipality(row plaintext.CSVRow) (m region.Municipality, known bool) {
	p, line := t.problems, row.Line
	value := func(column string) string { return cell(row.Fields, t.at[column]) }
	name := func(column string, required bool) string {
		return p.name(line, column, unmarked(nameMark, value(column)), required)
	}
	m = region.Municipality{AGS: p.ags(line, "ags", value("ags")), Name: name("name", true),
		OfficialName: name("official_name", false), Kind: name("type", false), PopulationDate: t.day}
	m.Population, known = p.population(line, "population", value("population"), t.points)
	if m.OfficialName == "" {
		m.OfficialName = m.Name
	}
	m.District = region.District{Key: m.AGS.District(), Name: name("district_name", false)}
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
	return m, known
}
