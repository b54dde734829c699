package gazetteer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"

	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/internal/zipguard"
	"ortsspiegel/pkg/region"
)

// How the register's workbook is laid out (Destatis GV-ISys, "Alle politisch selbständigen
// Gemeinden", since 2008): a sheet named after its reference date, a header of six rows, one
// row per administrative unit with its kind (Satzart) in column A, footnotes at the end.
const (
	registerSheet = "Onlineprodukt_Gemeinden"
	firstRow      = 7 // from 1

	recordDistrict     = "40"
	recordMunicipality = "60"

	columnRecord, columnKind           = 0, 1
	columnState, columnAdministrative  = 2, 3
	columnDistrict, columnMunicipality = 4, 6
	minColumns                         = 7
)

// kinds are the register's Textkennzeichen of municipalities.
var kinds = map[string]string{"60": "Markt", "61": "Stadt", "62": "Stadt", "63": "Stadt", "64": "Gemeinde", "67": "Stadt"}

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
	limits := zipguard.Workbook()
	report, err := zipguard.Check(r, size, limits)
	if err != nil {
		return nil, err
	}
	sheet, err := dataSheet(report)
	if err != nil {
		return nil, err
	}
	unpacked, part := limits.OpenLimits()
	f, err := excelize.OpenReader(io.NewSectionReader(r, 0, size), excelize.Options{UnzipSizeLimit: unpacked, UnzipXMLSizeLimit: part, RawCellValue: true})
	if err != nil {
		return nil, fault.New(fault.Invalid, "workbook_damaged", "the workbook cannot be opened: save it again in Excel and send it once more").Because(err)
	}
	reg := &register{sheet: sheet, districts: districts, imported: &Import{}, districtNames: map[region.DistrictKey]string{}}
	err = errors.Join(reg.readRows(f), f.Close())
	if err != nil {
		return nil, err
	}
	if err := reg.finish(); err != nil {
		return nil, err
	}
	return reg.imported, nil
}

func dataSheet(report *zipguard.Report) (zipguard.Sheet, error) {
	var names []string
	for _, s := range report.Sheets {
		if strings.HasPrefix(s.Name, registerSheet) {
			return s, nil
		}
		names = append(names, clip(s.Name))
	}
	return zipguard.Sheet{}, fault.New(fault.Invalid, "register_sheet", "the workbook has no sheet %s… (only %s): expected is the municipality register of Destatis (AuszugGV….xlsx)",
		registerSheet, strings.Join(names[:min(len(names), 5)], ", "))
}

// register is the state of reading one register.
type register struct {
	sheet         zipguard.Sheet
	districts     []region.DistrictKey // none: all
	imported      *Import
	problems      problems
	lines         []int // per municipality, its row
	districtNames map[region.DistrictKey]string
	layout        layout
	header        [][]string
	skipped       int // unincorporated areas
}

// layout is where the columns are that moved between the editions, from 0.
type layout struct {
	name, area, population, lon, lat int
	populationDate, asOf             string
}

// readRows goes through the sheet once and compares the number of rows with what the check
// counted, because the library takes broken XML for the end of the sheet.
func (reg *register) readRows(f *excelize.File) error {
	rows, err := f.Rows(reg.sheet.Name)
	if err != nil {
		return fmt.Errorf("gazetteer: read sheet: %w", err)
	}
	defer rows.Close()
	n := 0
	for rows.Next() {
		n++
		cells, err := rows.Columns()
		if err != nil {
			return unreadableRow(n).Because(err)
		}
		if err := reg.row(n, cells); err != nil {
			return err
		}
	}
	if err := rows.Error(); err != nil {
		return unreadableRow(n + 1).Because(err)
	}
	if n != reg.sheet.Last {
		return unreadableRow(n + 1)
	}
	if reg.layout.name == 0 {
		return fault.New(fault.Invalid, "register_layout", "the sheet %s has no data from row %d on", clip(reg.sheet.Name), firstRow)
	}
	return nil
}

func unreadableRow(n int) *fault.Error {
	return fault.New(fault.Invalid, "workbook_row", "the sheet is broken at row %d: save the workbook again in Excel and send it once more", n).With("Line", n)
}

func (reg *register) row(n int, cells []string) error {
	if n < firstRow {
		reg.header = append(reg.header, cells)
		return nil
	}
	if n == firstRow {
		var err error
		if reg.layout, err = findLayout(reg.header, reg.sheet.Name); err != nil {
			return err
		}
	}
	for len(cells) < minColumns {
		cells = append(cells, "")
	}
	for i := range cells {
		cells[i] = strings.TrimSpace(cells[i])
	}
	switch cells[columnRecord] {
	case recordDistrict:
		if name := cell(cells, reg.layout.name); name != "" {
			reg.districtNames[region.DistrictKey(cells[columnState]+cells[columnAdministrative]+cells[columnDistrict])] = reg.problems.name(n, "H", name, true)
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

func (reg *register) municipality(n int, cells []string) {
	p, l := &reg.problems, reg.layout
	at := func(column int) (letter, value string) { return letters(column), cell(cells, column) }
	key := cells[columnState] + cells[columnAdministrative] + cells[columnDistrict] + cells[columnMunicipality]
	if len(reg.districts) > 0 && len(key) >= 5 && !slices.Contains(reg.districts, region.DistrictKey(key[:5])) {
		return
	}
	m := region.Municipality{AGS: p.ags(n, "C+D+E+G", key), PopulationDate: l.populationDate}
	column, value := at(l.name)
	m.OfficialName = p.name(n, column, value, true)
	m.Name, _, _ = strings.Cut(m.OfficialName, ",")
	m.District.Key = m.AGS.District()
	m.Kind = kinds[cells[columnKind]]
	if m.Kind == "" {
		p.add(n, "B", "register_kind", fmt.Sprintf("%q is not a known kind of municipality (60 to 64, 67)", clip(cells[columnKind])), cells[columnKind])
	}
	column, value = at(l.population)
	m.Population = p.population(n, column, value)
	column, value = at(l.area)
	m.AreaKm2 = p.area(n, column, value)
	m.Lat, m.Lon = p.place(n, cell(cells, l.lat), cell(cells, l.lon))
	reg.imported.Municipalities = append(reg.imported.Municipalities, m)
	reg.lines = append(reg.lines, n)
}

// finish joins the districts' names, names the source and checks the whole.
func (reg *register) finish() error {
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
			Message: fmt.Sprintf("%d unincorporated area(s) were left out", reg.skipped), Args: map[string]any{"Count": reg.skipped}})
	}
	return i.finish(&reg.problems, reg.lines, reg.districts)
}

var (
	dayInText      = regexp.MustCompile(`(\d{2})\.(\d{2})\.((?:19|20)\d{2})`)
	dayInSheetName = regexp.MustCompile(`_(\d{2})(\d{2})(\d{2})$`)
)

// findLayout reads the header: the columns by their titles, the dates from the title, the
// population's heading and, failing that, the sheet's name.
func findLayout(header [][]string, sheet string) (layout, error) {
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
	l := layout{name: find("gemeindename"), area: find("fläche"), population: find("insgesamt"), lon: find("längengrad"), lat: find("breitengrad")}
	if l.name < minColumns || l.area < 0 || l.population < 0 || l.lon < 0 || l.lat < 0 || len(header) == 0 {
		return l, fault.New(fault.Invalid, "register_layout", "the sheet %s does not have the columns of the municipality register (Gemeindename, Fläche, insgesamt, Längengrad, Breitengrad above row %d)", clip(sheet), firstRow)
	}
	if len(header[0]) > 0 {
		l.asOf = dayIn(header[0][0])
	}
	for _, row := range header[1:] {
		if d := dayIn(cell(row, l.population)); d != "" {
			l.populationDate = d
		}
	}
	if m := dayInSheetName.FindStringSubmatch(sheet); m != nil && l.asOf == "" {
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
	if column < len(cells) {
		return cells[column]
	}
	return ""
}

// letters names a column as spreadsheets do.
func letters(column int) string {
	name, err := excelize.ColumnNumberToName(column + 1)
	if err != nil {
		return fmt.Sprint(column + 1)
	}
	return name
}
