package reports

import (
	"bytes"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/report"
	"ortsspiegel/pkg/round"
	"ortsspiegel/pkg/workbook/sample"
)

// TestTownsForALetter: one row a person, one for a town without any, and nothing of people for those who may not
// see them.
func TestTownsForALetter(t *testing.T) {
	list := participants(3)
	list[1].Status, list[1].Submitted, list[1].Progress = assessment.Draft, time.Time{}, 0.259
	of := report.TownsReport{Lang: "de", Program: "Ortsspiegel 1.0.0", AsOf: sample.AsOf, Region: sample.Suedwestfalen,
		Round: round.Round{Title: "Willkommen 2026", Closes: sample.AsOf.AddDate(0, 0, 12), Status: round.Open},
		Towns: list[:3], Contacts: map[region.AGS][]account.User{list[1].Town.AGS: {
			{Name: "=1+1", Email: "a@example.org", Phone: "+49 2931 1"}, {Name: "Berta", Email: "b@example.org"}}}}
	rows := rowsOfTowns(t, of)
	if len(rows) != 5 {
		t.Fatalf("%d rows: %q", len(rows), rows)
	}
	first, second := rows[2], rows[3]
	if first[1] != "Beispielstadt 02" || second[1] != first[1] || first[3] != "in Bearbeitung" || first[7] != "=1+1" ||
		first[8] != "a@example.org" || first[9] != "+49 2931 1" || second[7] != "Berta" {
		t.Errorf("%q and %q", first, second)
	}
	if len(rows[1]) > 7 && rows[1][7] != "" {
		t.Errorf("a town without people has some: %q", rows[1])
	}
	of.Contacts = nil
	if rows = rowsOfTowns(t, of); len(rows) != 4 || len(rows[0]) != 7 {
		t.Errorf("without people: %q", rows)
	}
}

func rowsOfTowns(t *testing.T, of report.TownsReport) [][]string {
	t.Helper()
	var b bytes.Buffer
	if err := WriteTowns(&b, of); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := f.GetRows("Kommunen")
	if err != nil {
		t.Fatal(err)
	}
	return rows
}
