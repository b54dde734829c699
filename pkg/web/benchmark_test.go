package web

import (
	"fmt"
	"html"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/bench"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/score"
	"ortsspiegel/pkg/web/site"
	"ortsspiegel/pkg/wording"
)

var (
	tableRow  = regexp.MustCompile(`(?s)<tr[^>]*>\s*<th scope="row">(.*?)</th>(.*?)</tr>`)
	tableCell = regexp.MustCompile(`(?s)<td[^>]*>(.*?)</td>`)
	anyTag    = regexp.MustCompile(`<[^>]*>`)
	isNumber  = regexp.MustCompile(`question__number">([\d.]+)<`)
	isFigure  = regexp.MustCompile(`Kennzahl, Einheit: ([^<]+)<`)
)

// readable is what a reader sees of a cell.
func readable(cell string) string {
	return strings.ReplaceAll(html.UnescapeString(anyTag.ReplaceAllString(cell, "")), "\u00a0", " ")
}

// comparedCells are the cells of a row: own, first quartile, median, third quartile, mean, position, n.
type comparedCells [7]string

// comparedRows reads the tables of a town's page by number, with the unit behind it for figures.
func comparedRows(t *testing.T, page string) map[string]comparedCells {
	t.Helper()
	rows := map[string]comparedCells{}
	for _, m := range tableRow.FindAllStringSubmatch(page, -1) {
		number, cells := isNumber.FindStringSubmatch(m[1]), tableCell.FindAllStringSubmatch(m[2], -1)
		if number == nil || len(cells) != len(comparedCells{}) {
			continue
		}
		key := number[1]
		if unit := isFigure.FindStringSubmatch(m[1]); unit != nil {
			key += " " + html.UnescapeString(unit[1])
		}
		var row comparedCells
		for i, c := range cells {
			row[i] = readable(c[1])
		}
		rows[key] = row
	}
	return rows
}

// chartRows reads the table beside a picture: the cells by the name of their row.
func chartRows(t *testing.T, page, id string) map[string][]string {
	t.Helper()
	_, rest, found := strings.Cut(page, `data-chart="`+id+`"`)
	if !found {
		t.Fatalf("no picture %s", id)
	}
	figure, _, _ := strings.Cut(rest, "</figure>")
	rows := map[string][]string{}
	for _, m := range tableRow.FindAllStringSubmatch(figure, -1) {
		for _, c := range tableCell.FindAllStringSubmatch(m[2], -1) {
			rows[readable(m[1])] = append(rows[readable(m[1])], readable(c[1]))
		}
	}
	return rows
}

// released is a figure of the release as the page writes it and as the workbook holds it.
type released struct{ page, book string }

func pointsOf(v *float64) released {
	if v == nil {
		return released{"•", "."}
	}
	percent := strconv.Itoa(int(math.Round(100 * *v)))
	return released{percent + " %", strconv.FormatFloat(*v, 'f', -1, 64)}
}

func unitOf(v *float64, grid float64) released {
	if v == nil {
		return released{"•", "."}
	}
	return released{wording.Page("de").OnGrid(*v, grid), strconv.FormatFloat(*v, 'f', -1, 64)}
}

// TestOneReleaseOneSetOfNumbers compares what the page, its pictures' tables and the workbook show with the release.
func TestOneReleaseOneSetOfNumbers(t *testing.T) {
	v := newValley(t)
	v.publish()
	out, err := v.rounds.Release(t.Context(), v.round)
	must(t, err)
	lead := v.signedIn(v.person("anna", account.TownLead, string(v.towns[16].AGS)))
	book := compareSheet(t, lead.get(v.sheetOf(16, "/export.xlsx")).Body.String())
	compared, dots, figures := 0, 0, 0
	for group, name := range map[region.GroupID]string{region.All: "Alle Kommunen", "district:05902": "Kreis 05902",
		"size:20000-49999": "20.000 bis unter 50.000 Einw."} {
		g, ok := out.Release.Report.Group(group)
		if !ok || g.Suppressed {
			t.Fatalf("%s shows nothing", group)
		}
		page := lead.get(v.sheetOf(16, "/benchmark?group="+string(group))).Body.String()
		rows, picture := comparedRows(t, page), chartRows(t, page, "viertel")
		for key, want := range wantedRows(t, v, g) {
			row, sheet := rows[key], book[name+" "+key]
			hidden := !slices.ContainsFunc(want[:], func(w released) bool { return w.book != "." })
			if (len(sheet) == 0) != hidden {
				t.Errorf("%s %s: the workbook's row is %q, the release's figures are %v", group, key, sheet, want)
				continue
			}
			if hidden {
				for i, w := range want {
					compared, dots = compared+1, dots+1
					if got := row[1+i]; w.page == "•" && !strings.HasPrefix(got, "•") {
						t.Errorf("%s %s: figure %d is %q on the page, hidden in the release", group, key, i, got)
					}
				}
				continue
			}
			for i, w := range want {
				compared++
				if w.book == "." {
					dots++
				}
				if got := row[1+i]; got != w.page && !(w.page == "•" && strings.HasPrefix(got, "•") && got != "•") {
					t.Errorf("%s %s: figure %d is %q on the page, %q in the release", group, key, i, got, w.page)
				}
				if got := sheet[7+i]; got != w.book {
					t.Errorf("%s %s: figure %d is %q in the workbook, %q in the release", group, key, i, got, w.book)
				}
			}
			checkOwn(t, string(group)+" "+key, row, sheet)
			if strings.Contains(key, " ") {
				figures++
			} else if cells := picture[key+" "+sheet[3]]; !strings.Contains(key, ".") &&
				(len(cells) != 4 || cells[0] != row[0] || fmt.Sprint(cells[1:]) != fmt.Sprint(row[1:4])) {
				t.Errorf("%s %s: the picture's table says %q, the page %q", group, key, cells, row[:4])
			}
		}
	}
	if compared < 500 || dots < 20 || figures < 8 {
		t.Errorf("only %d figures compared, %d of them dots, %d rows of numbers", compared, dots, figures)
	}
}

// wantedRows are first quartile, median, third quartile and mean of everything a group shows.
func wantedRows(t *testing.T, v valley, g *bench.Group) map[string][4]released {
	t.Helper()
	x, err := v.rounds.Round(t.Context(), v.admin, account.ViewRound, v.round)
	must(t, err)
	d, err := v.versions.Definition(t.Context(), x.Hash)
	must(t, err)
	rows := map[string][4]released{}
	for i, s := range d.Sections {
		if n, ok := g.Node(bench.SectionNode(s.ID)); ok {
			rows[site.OfNumber(int64(i+1))] = [4]released{pointsOf(n.Points.Q1), pointsOf(n.Points.Median),
				pointsOf(n.Points.Q3), pointsOf(n.Points.Mean)}
		}
		for j, q := range s.Questions {
			n, ok := g.Node(bench.QuestionNode(q.ID))
			if !ok {
				continue
			}
			if n.Scored {
				rows[wording.QuestionNumber(i, j)] = [4]released{pointsOf(n.Points.Q1), pointsOf(n.Points.Median),
					pointsOf(n.Points.Q3), pointsOf(n.Points.Mean)}
			}
			if u := n.Unit; u != nil {
				rows[wording.QuestionNumber(i, j)+" "+q.Unit.In("de")] = [4]released{unitOf(u.Q1, n.UnitGrid),
					unitOf(u.Median, n.UnitGrid), unitOf(u.Q3, n.UnitGrid), unitOf(u.Mean, n.UnitGrid)}
			}
		}
	}
	return rows
}

// checkOwn compares the town's own value, its position and n in page and workbook.
func checkOwn(t *testing.T, where string, row comparedCells, sheet []string) {
	t.Helper()
	want := sheet[4]
	if own, err := strconv.ParseFloat(sheet[4], 64); err == nil && sheet[5] == "%" {
		want = score.Display(own, "de") + " %"
	} else if err == nil {
		want = wording.Page("de").Number(own)
	}
	if row[0] != want || want == "" {
		t.Errorf("%s: own %q on the page, %q in the workbook", where, row[0], want)
	}
	position := ""
	if len(sheet) > 11 {
		position = sheet[11]
	}
	if row[5] != position && !(row[5] == "–" && position == "") {
		t.Errorf("%s: %q on the page, %q in the workbook", where, row[5], position)
	}
	if row[6] != sheet[6] && !(sheet[6] == "." && strings.HasPrefix(row[6], "•")) {
		t.Errorf("%s: n %q on the page, %q in the workbook", where, row[6], sheet[6])
	}
}

// compareSheet reads the rows of the workbook's comparison by group, number and, for figures, unit.
func compareSheet(t *testing.T, raw string) map[string][]string {
	t.Helper()
	f, err := excelize.OpenReader(strings.NewReader(raw))
	must(t, err)
	defer f.Close()
	rows, err := f.GetRows("Vergleich", excelize.Options{RawCellValue: true})
	must(t, err)
	out := map[string][]string{}
	for _, row := range rows {
		if len(row) < 11 || row[2] == "" {
			continue
		}
		key := row[0] + " " + row[2]
		if row[5] != "%" {
			key += " " + row[5]
		}
		out[key] = row
	}
	return out
}

func TestNumbersOfTheAgencyAreInTheirUnit(t *testing.T) {
	v := newValley(t)
	admin := v.signedIn(v.person("amt", account.AgencyAdmin, "valley"))
	_, table, found := strings.Cut(admin.get(v.address("/benchmark")).Body.String(), "<h3>Kennzahlen</h3>")
	if !found {
		t.Fatal("no figures")
	}
	var lines []string
	for _, m := range tableRow.FindAllStringSubmatch(table, -1) {
		line := ""
		if unit := isFigure.FindStringSubmatch(m[1]); unit != nil {
			line = unit[1] + " | "
		}
		for _, c := range tableCell.FindAllStringSubmatch(m[2], -1) {
			line += readable(c[1]) + " | "
		}
		lines = append(lines, line)
	}
	// 0, 1, ... 23
	if want := "Werktage | 24 | 0 | 5,75 | 11,5 | 17,25 | 23 | 11,5 | "; !strings.Contains(strings.Join(lines, "\n"),
		want) {
		t.Errorf("no line %q in %q", want, lines)
	}
}
