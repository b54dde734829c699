package gazetteer

import (
	"context"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/internal/plaintext"
	"ortsspiegel/pkg/internal/sheet"
	"ortsspiegel/pkg/internal/zipguard"
	"ortsspiegel/pkg/region"
)

// How the register's workbook is laid out (Destatis GV-ISys, "Alle politisch selbständigen
// Gemeinden", since 2008): a sheet named after its reference date (up to 2013 "Gemeindedaten"), a
// header of six rows, one row per administrative unit with its kind (Satzart) in column A,
// footnotes at the end.
const (
	registerSheet = "Onlineprodukt_Gemeinden"
	earlierSheet  = "Gemeindedaten"
	firstRow      = 7 // from 1

	recordDistrict     = "40"
	recordMunicipality = "60"

	columnRecord, columnKind           = 0, 1
	columnState, columnAdministrative  = 2, 3
	columnDistrict, columnMunicipality = 4, 6
	minColumns                         = 7
)

// kinds are the register's Textkennzeichen of municipalities.
var kinds = map[string]string{"60": "Markt", "61": "Stadt", "62": "Stadt", "63": "Stadt", "64": "Gemeinde",
	"67": "Stadt"}

// unincorporated are areas that belong to no municipality, inhabited or not.
var unincorporated = map[string]bool{"65": true, "66": true}

// ReadRegister reads the workbook of the federal municipality register. With districts, only
// their municipalities are returned. It waits until no other import reads a workbook; see Read for errors.
func ReadRegister(ctx context.Context, r io.ReaderAt, size int64, districts []region.DistrictKey) (*Import, error) {
	leave, err := zipguard.Enter(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	book, err := sheet.Open(ctx, r, size, zipguard.Workbook())
	if err != nil {
		return nil, err
	}
	chosen, err := dataSheet(book.Sheets)
	if err != nil {
		return nil, err
	}
	reg := &register{sheet: chosen.Name, districts: districts, imported: &Import{},
		districtNames: map[region.DistrictKey]string{}}
	if slices.Contains(book.Hidden, chosen.Name) {
		reg.imported.Notices = append(reg.imported.Notices, fault.Field{Name: "file", Code: "sheet_hidden",
			Message: fmt.Sprintf("the sheet %s is hidden in the spreadsheet and was read all the same: show it there "+
				"and look whether it is the one that is meant", clip(chosen.Name))})
	}
	err = book.Rows(chosen, func(row *sheet.Row) error {
		reg.hidden = row.Hidden
		var cells []string
		for i := range row.Cells {
			c := &row.Cells[i]
			for len(cells) < c.Column-1 {
				cells = append(cells, "")
			}
			text := c.Text
			if n, ok := c.Float(); ok && c.Kind == sheet.Number {
				text = sheet.Decimal(n)
			}
			cells = append(cells, text)
		}
		return reg.row(row.Number, cells)
	})
	if err != nil {
		return nil, err
	}
	return reg.result()
}

func dataSheet(sheets []zipguard.Sheet) (zipguard.Sheet, error) {
	var names []string
	for _, prefix := range []string{registerSheet, earlierSheet} {
		for _, s := range sheets {
			if strings.HasPrefix(s.Name, prefix) {
				return s, nil
			}
		}
	}
	for _, s := range sheets {
		names = append(names, clip(s.Name))
	}
	return zipguard.Sheet{}, fault.New(fault.Invalid, "register_sheet",
		"the workbook has no sheet %s… (only %s): expected is the municipality register of Destatis (AuszugGV….xlsx)",
		registerSheet, strings.Join(names[:min(len(names), 5)], ", "))
}

// isRegister recognises the register that somebody has saved as CSV.
func isRegister(file *plaintext.CSV) bool {
	for _, row := range file.Rows[:min(len(file.Rows), 2*firstRow)] {
		name, kind := false, false
		for _, text := range row.Fields {
			text = strings.ToLower(text)
			name = name || strings.HasPrefix(text, "gemeindename")
			kind = kind || strings.HasPrefix(text, "satz")
		}
		if name && kind {
			return true
		}
	}
	return false
}

func registerOfCSV(imported *Import, file *plaintext.CSV, districts []region.DistrictKey) (*Import, error) {
	reg := &register{sheet: "CSV", csv: true, districts: districts, imported: imported,
		districtNames: map[region.DistrictKey]string{}}
	for _, row := range file.Rows {
		if err := reg.row(row.Line, row.Fields); err != nil {
			return nil, err
		}
	}
	return reg.result()
}

// register is the state of reading one register.
type register struct {
	sheet         string
	csv           bool
	districts     []region.DistrictKey // none: all
	imported      *Import
	problems      problems
	lines         []int // per municipality, its row
	figures       []figures
	districtNames map[region.DistrictKey]string
	layout        layout
	header        [][]string
	skipped       int   // unincorporated areas
	hidden        bool  // whether nobody sees the row that is read
	veiled        []int // rows with a municipality that nobody sees
}

// figures are a municipality's texts that are read when the whole column is known.
type figures struct{ population, lat, lon string }

// layout is where the columns are that moved between the editions, from 0.
type layout struct {
	name, area, population, lon, lat int
	populationDate, asOf             string
}

// recordKind is how a row of data begins.
var recordKind = regexp.MustCompile(`^[1-6]0$`)

func (reg *register) result() (*Import, error) {
	if reg.layout.name == 0 {
		return nil, fault.New(fault.Invalid, "register_layout", "the sheet %s has no data from row %d on",
			clip(reg.sheet), firstRow)
	}
	return reg.imported, reg.finish()
}

func (reg *register) row(n int, cells []string) error {
	if reg.layout.name == 0 { // a heading that somebody has added moves all rows
		if !recordKind.MatchString(cell(cells, columnRecord)) && (reg.csv || n < firstRow) {
			reg.header = append(reg.header, cells)
			return nil
		}
		var err error
		if reg.layout, err = findLayout(reg.header, reg.sheet); err != nil {
			return err
		}
	}
	for len(cells) < minColumns {
		cells = append(cells, "")
	}
	if reg.csv {
		reg.pad(cells)
	}
	switch cells[columnRecord] {
	case recordDistrict:
		if name := cell(cells, reg.layout.name); name != "" {
			reg.districtNames[region.DistrictKey(cells[columnState]+cells[columnAdministrative]+
				cells[columnDistrict])] = reg.problems.name(n, "H", unmarked(nameMark, name), true)
		}
	case recordMunicipality:
		if unincorporated[cells[columnKind]] {
			reg.skipped++
			return nil
		}
		reg.municipality(n, cells)
	}
	return nil
}

// pad gives keys the zeros back that a program takes from numbers.
func (reg *register) pad(cells []string) {
	for column, width := range map[int]int{columnState: 2, columnDistrict: 2, columnMunicipality: 3} {
		if text := cells[column]; text != "" && len(text) < width && strings.Trim(text, "0123456789") == "" {
			cells[column] = strings.Repeat("0", width-len(text)) + text
		}
	}
}

// read reads what needs the whole column: what a point means, and how coordinates are written.
func (reg *register) read() {
	var counts []string
	for _, f := range reg.figures {
		counts = append(counts, f.population)
	}
	mark, sexagesimal, unclear := pointsOf(counts), false, false
	if written := reg.coordinates(); written != degreesDecimal {
		sexagesimal, unclear = written == degreesSexagesimal, written == degreesUnclear
	}
	for k, f := range reg.figures {
		m, n := &reg.imported.Municipalities[k], reg.lines[k]
		known := false
		if m.Population, known = reg.problems.population(n, letters(reg.layout.population), f.population,
			mark); !known {
			reg.imported.unknownPopulation(*m, f.population)
		}
		switch {
		case unclear:
		case sexagesimal:
			m.Lat, m.Lon = reg.problems.sexagesimal(n, f.lat, f.lon)
		default:
			m.Lat, m.Lon = reg.problems.place(n, f.lat, f.lon)
		}
	}
	if unclear {
		reg.imported.Notices = append(reg.imported.Notices, fault.Field{Name: "file", Code: "register_coordinates",
			Message: "it cannot be told whether the coordinates of this edition are degrees or degrees, minutes and " +
				"seconds: they were left out; give them in a CSV file with lat and lon, or use a later edition"})
	}
}

func (reg *register) municipality(n int, cells []string) {
	p, l := &reg.problems, reg.layout
	at := func(column int) (letter, value string) { return letters(column), cell(cells, column) }
	key := cells[columnState] + cells[columnAdministrative] + cells[columnDistrict] + cells[columnMunicipality]
	if len(reg.districts) > 0 && len(key) >= 5 && !slices.Contains(reg.districts, region.DistrictKey(key[:5])) {
		return
	}
	m := region.Municipality{AGS: p.ags(n, "C+D+E+G", key), PopulationDate: l.populationDate}
	column, value := at(l.name)
	m.OfficialName = p.name(n, column, unmarked(nameMark, value), true)
	m.Name, _, _ = strings.Cut(m.OfficialName, ",")
	m.District.Key = m.AGS.District()
	m.Kind = kinds[cells[columnKind]]
	if m.Kind == "" {
		p.add(n, "B", "register_kind", fmt.Sprintf("%q is not a known kind of municipality (60 to 64, 67)",
			clip(cells[columnKind])), cells[columnKind])
	}
	column, value = at(l.area)
	m.AreaKm2 = p.area(n, column, value)
	reg.figures = append(reg.figures, figures{cell(cells, l.population), cell(cells, l.lat), cell(cells, l.lon)})
	reg.imported.Municipalities = append(reg.imported.Municipalities, m)
	reg.lines = append(reg.lines, n)
	if reg.hidden {
		reg.veiled = append(reg.veiled, n)
	}
}

// finish joins the districts' names, names the source and checks the whole.
func (reg *register) finish() error {
	reg.read()
	i := reg.imported
	for k := range i.Municipalities {
		d := &i.Municipalities[k].District
		if d.Name = reg.districtNames[d.Key]; d.Name == "" {
			d.Name = string(d.Key)
		}
	}
	i.AsOf = reg.layout.asOf
	i.Source = "Statistisches Bundesamt (Destatis), Gemeindeverzeichnis"
	if d := germanDate(reg.layout.asOf); d != "" {
		i.Source += ", Gebietsstand " + d
	}
	if d := germanDate(reg.layout.populationDate); d != "" {
		i.Source += ", Bevölkerung " + d
	}
	if reg.skipped > 0 {
		i.Notices = append(i.Notices, fault.Field{Name: "file", Code: "register_unincorporated",
			Message: fmt.Sprintf("%d unincorporated area(s) were left out", reg.skipped),
			Args:    map[string]any{"Count": reg.skipped}})
	}
	if n := len(reg.veiled); n > 0 {
		var rows []string
		for _, row := range reg.veiled[:min(n, 5)] {
			rows = append(rows, strconv.Itoa(row))
		}
		if n > len(rows) {
			rows = append(rows, "…")
		}
		i.Notices = append(i.Notices, fault.Field{Name: "file", Code: "rows_hidden",
			Message: fmt.Sprintf("%d municipalities stand in rows that are hidden or filtered out in the spreadsheet "+
				"and were read all the same (row %s): delete them there if they are not meant", n,
				strings.Join(rows, ", "))})
	}
	return i.finish(&reg.problems, reg.lines, reg.districts)
}

var (
	dayInText      = regexp.MustCompile(`(\d{2})\.(\d{2})\.((?:19|20)\d{2})`)
	dayInSheetName = regexp.MustCompile(`_(\d{2})(\d{2})(\d{2})$`)
)

// findLayout reads the header: the columns by their titles, the dates from the title, the
// population's heading and, failing that, the sheet's name.
func findLayout(header [][]string, title string) (layout, error) {
	find := func(titles ...string) int {
		for _, row := range header {
			for column, value := range row {
				for _, t := range titles {
					if strings.HasPrefix(strings.ToLower(strings.TrimSpace(value)), t) {
						return column
					}
				}
			}
		}
		return -1
	}
	l := layout{name: find("gemeindename"), area: find("fläche"), population: find("insgesamt"),
		lon: find("längengrad"), lat: find("breitengrad")}
	if l.name < minColumns || l.area < 0 || l.population < 0 || l.lon < 0 || l.lat < 0 || len(header) == 0 {
		return l, fault.New(fault.Invalid, "register_layout",
			"the sheet %s does not have the columns of the municipality register (Gemeindename, Fläche, insgesamt, "+
				"Längengrad, Breitengrad above row %d)", clip(title), firstRow)
	}
	if len(header[0]) > 0 {
		l.asOf = dayIn(header[0][0])
	}
	for _, row := range header[1:] {
		if d := dayIn(cell(row, l.population)); d != "" {
			l.populationDate = d
		}
	}
	if m := dayInSheetName.FindStringSubmatch(title); m != nil && l.asOf == "" {
		l.asOf = dayIn(m[1] + "." + m[2] + ".20" + m[3])
	}
	if l.populationDate == "" {
		l.populationDate = l.asOf
	}
	return l, nil
}

// dayIn returns the first valid day in a text, YYYY-MM-DD.
func dayIn(text string) string {
	m := dayInText.FindString(text)
	if m == "" {
		return ""
	}
	var ignored problems
	return ignored.date(0, "", m)
}

// germanDate turns YYYY-MM-DD into DD.MM.YYYY.
func germanDate(day string) string {
	if len(day) != 10 {
		return ""
	}
	return day[8:] + "." + day[5:7] + "." + day[:4]
}

func cell(cells []string, column int) string {
	if column >= 0 && column < len(cells) {
		return cells[column]
	}
	return ""
}

// letters names a column, from 0, as spreadsheets do: 27 is AB.
func letters(column int) string {
	var b []byte
	for n := column + 1; n > 0; n = (n - 1) / 26 {
		b = append(b, byte('A'+(n-1)%26))
	}
	slices.Reverse(b)
	return string(b)
}
