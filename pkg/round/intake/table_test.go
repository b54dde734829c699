package intake_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"ortsspiegel/pkg/catalog"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/round/intake"
)

const tableSheet = `id: tafel
version: 1.0.0
kind: assessment
languages: [de, en]
title: {de: Tafel, en: Board}
levels: [{id: start, from: 0, label: {de: Start, en: Start}}]
sections:
  - id: a
    title: {de: A, en: A}
    weight: 1
    questions:
      - id: wahl
        text: {de: Wahl, en: Choice}
        type: choice
        not_applicable: true
        options:
          - {id: nein, points: 0, label: {de: nein, en: "no"}}
          - {id: teils, points: 50, label: {de: teils – teils, en: partly}}
          - {id: ja, points: 100, label: {de: ja, en: "yes"}}
      - id: tage
        text: {de: Tage, en: Days}
        type: number
        unit: {de: Werktage, en: working days}
        min: 0
        max: 2000
        targets: [{at: 0, points: 100}, {at: 10, points: 0}]
        when: {question: wahl, any_of: [teils, ja]}
      - id: anteil
        text: {de: Anteil, en: Share}
        type: number
        unit: {de: Prozent, en: per cent}
      - id: wege
        text: {de: Wege, en: Ways}
        type: multi
        not_applicable: true
        options:
          - {id: post, points: 50, label: {de: Post, en: mail}}
          - {id: netz, points: 50, label: {de: Netz, en: web}}
          - {id: nichts, points: 0, exclusive: true, label: {de: nichts davon, en: none}}
      - {id: seit, text: {de: Seit, en: Since}, type: date}
      - {id: sonst, text: {de: Sonst, en: Else}, type: text}
`

func tableDefinition(t testing.TB) *checklist.Definition {
	t.Helper()
	d, problems := catalog.Parse("tafel.yaml", []byte(tableSheet))
	if d == nil {
		t.Fatal(problems)
	}
	return d
}

func town4(i int, name string) region.Municipality {
	return region.Municipality{AGS: region.AGS(fmt.Sprintf("0595800%d", i)), Name: name,
		OfficialName: name + ", Stadt", Population: 10_000 + i}
}

var tableTowns = []region.Municipality{town4(1, "Arnsberg"), town4(2, "Bestwig"), town4(3, "Brilon"),
	town4(4, "Köln-Süd"), town4(5, "Neustadt"), town4(6, "Neustadt")}

// cells makes a row; nil is nothing, a string a text, another cell stands as it is.
func cells(number int, values ...any) intake.Row {
	r := intake.Row{Number: number}
	for i, v := range values {
		c := intake.Cell{Column: i + 1}
		switch v := v.(type) {
		case nil:
			continue
		case string:
			c.Text = v
		case intake.Cell:
			c.Kind, c.Text = v.Kind, v.Text
		}
		r.Cells = append(r.Cells, c)
	}
	return r
}

func cell(kind intake.CellKind, text string) intake.Cell {
	return intake.Cell{Kind: kind, Text: text}
}

func column(text string) intake.ColumnRef { return intake.ColumnRef{Text: text, At: "map.yaml:1:1"} }

// place one cell of one question.
func placeOne(t testing.TB, c any, q intake.QuestionColumns) *intake.Placed {
	t.Helper()
	d := tableDefinition(t)
	q.Column = column("B")
	m := &intake.Map{Header: 1, Town: intake.TownColumn{Column: column("AGS")}, Questions: []intake.QuestionColumns{q}}
	if issues := intake.Check(d, m); len(issues) > 0 {
		t.Fatal(issues)
	}
	p, err := intake.Place(d, m, &intake.Table{Rows: []intake.Row{cells(1, "AGS", "Frage"), cells(2, "05958001", c)}},
		intake.Scope{Region: tableTowns})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestPlaceCells(t *testing.T) {
	d := tableDefinition(t)
	wahl := intake.QuestionColumns{Question: "wahl", Values: map[string]string{"Einigermaßen": "teils", "1": "ja",
		"80 %": "ja", "01.02.2019": "nein", "wahr": "ja"}, NotApplicable: []string{"–", "entfällt"},
		Open: []string{"k. A."}}
	reason := wahl
	reason.Reason = "Das macht bei uns der Kreis."
	number := func(mark string) intake.QuestionColumns {
		return intake.QuestionColumns{Question: "tage", Decimal: mark, Values: map[string]string{"sofort": "0"}}
	}
	wege := intake.QuestionColumns{Question: "wege", Split: ",", Values: map[string]string{"Brief": "post"}}
	for _, c := range []struct {
		q    intake.QuestionColumns
		cell any
		want string // the answer; "open"; or ! and a code
	}{
		{wahl, "JA", "ja"}, {wahl, "yes", "ja"}, {wahl, "Teils - teils", "teils"},
		{wahl, "teils—teils", "!option_unknown"}, {wahl, "teils", "teils"},
		{wahl, "EINIGERMASSEN", "!option_unknown"}, {wahl, "einigermaßen", "teils"}, {wahl, "k.A.", "!option_unknown"},
		{wahl, "K. A.", "open"},
		{wahl, cell(intake.CellNumber, "1"), "ja"}, {wahl, cell(intake.CellNumber, "2"), "!option_unknown"},
		{wahl, cell(intake.CellPercent, "80"), "ja"},
		{wahl, cell(intake.CellDate, "2019-02-01"), "nein"}, {wahl, cell(intake.CellDate, "2019-02-02"),
			"!option_unknown"}, {wahl, cell(intake.CellBool, "true"), "ja"},
		{wahl, cell(intake.CellBool, "false"), "nein"},
		{wahl, cell(intake.CellFormula, ""), "!formula"}, {wahl, cell(intake.CellError, "#NV"), "!error"},
		{wahl, "-", "n/a laut Tabelle: -"}, {wahl, "Entfällt", "n/a laut Tabelle: Entfällt"},
		{wahl, "trifft nicht zu", "n/a laut Tabelle: trifft nicht zu"},
		{reason, "-", "n/a Das macht bei uns der Kreis."},
		{number(""), "7,5", "7.5"}, {number(""), "1.500", "!number_ambiguous"}, {number("comma"), "1.500", "1500"},
		{number("point"), "1.500", "1.5"}, {number("point"), "1,500", "1500"}, {number("comma"), "1.5", "!number"},
		{number("comma"), "1.234,5", "1234.5"}, {number("point"), "1,234.5", "1234.5"},
		{number(""), "12 Werktage", "12"}, {number(""), "12 Tage", "!number"}, {number(""), "2001", "!number_max"},
		{number(""), cell(intake.CellNumber, "0.3"), "0.3"}, {number(""), cell(intake.CellDate, "2019-02-01"),
			"!number"}, {number(""), cell(intake.CellPercent, "5"), "!percent"}, {number(""), "Sofort", "0"},
		{number(""), "−3", "!number_min"},
		{number(""), cell(intake.CellNumber, "1e-300"), "0"}, {number(""), cell(intake.CellNumber, "1e300"), "!number"},
		{intake.QuestionColumns{Question: "anteil"}, cell(intake.CellPercent, "5.5"), "5.5"},
		{intake.QuestionColumns{Question: "anteil"}, "5,5 %", "5.5"}, {intake.QuestionColumns{Question: "anteil"},
			"5,5 Prozent", "5.5"},
		{wege, "Post, Netz", "post netz"}, {wege, "netz,Brief,", "post netz"}, {wege, "Post, Fax", "!option_part"},
		{wege, "nichts davon", "nichts"}, {wege, "Post, nichts davon", "!option_exclusive"}, {wege, ",", "!empty"},
		{intake.QuestionColumns{Question: "wege"}, "Post, Netz", "!option_unknown"},
		{intake.QuestionColumns{Question: "seit"}, "31.3.2019", "2019-03-31"},
		{intake.QuestionColumns{Question: "seit"}, cell(intake.CellDate, "2019-03-31"), "2019-03-31"},
		{intake.QuestionColumns{Question: "seit"}, cell(intake.CellNumber, "2019"), "!date"},
		{intake.QuestionColumns{Question: "seit"}, "30.2.2019", "!date"},
		{intake.QuestionColumns{Question: "sonst"}, "=1+1", "=1+1"}, {intake.QuestionColumns{Question: "sonst"},
			cell(intake.CellNumber, "7.5"), "7,5"}, {intake.QuestionColumns{Question: "sonst"},
			strings.Repeat("ä", 2001), "!text_long"},
	} {
		p := placeOne(t, c.cell, c.q)
		got := "open"
		switch {
		case len(p.Cells) > 0:
			got = "!" + p.Cells[0].Code
			if len(p.Cells[0].Message) < 10 || p.Cells[0].Cell != "B2" || p.Cells[0].Header != "Frage" {
				t.Errorf("%v: %+v", c.cell, p.Cells[0])
			}
		case len(p.Towns) > 0:
			got = answerText(p.Towns[0].Entries[0].Answer)
		}
		if got != c.want {
			t.Errorf("%s, %v: %q, want %q", c.q.Question, c.cell, got, c.want)
		}
		n := p.Count
		if n.Cells != 2 || n.Placed+n.Ignored+n.Reported != n.Cells ||
			(n.Reported == 1) != strings.HasPrefix(c.want, "!") || (n.Ignored == 1) != (c.want == "open") {
			t.Errorf("%v: %+v", c.cell, n)
		}
	}
	if q, _, _ := d.Question("wahl"); len(q.Options) != 3 {
		t.Error("placing changed the checklist")
	}
}

func answerText(a checklist.Answer) string {
	switch a.Kind {
	case checklist.AnswerOptions:
		var ids []string
		for _, id := range a.Options {
			ids = append(ids, string(id))
		}
		return strings.Join(ids, " ")
	case checklist.AnswerNumber:
		return a.Number.String()
	case checklist.AnswerNotApplicable:
		return "n/a " + a.Text
	}
	return a.Text
}

func TestPlaceTicks(t *testing.T) {
	d := tableDefinition(t)
	base := intake.QuestionColumns{Question: "wege",
		Options: []intake.OptionColumn{{Column: column("Post"), Option: "post"},
			{Column: column("Netz"), Option: "netz"}, {Column: column("Nichts"), Option: "nichts"}},
		Open: []string{"?"}, NotApplicable: []string{"entf."}}
	none, open := base, base
	none.None, open.None = "nichts", intake.NoneOpen
	formula := cell(intake.CellFormula, "")
	for _, c := range []struct {
		q     intake.QuestionColumns
		cells []any
		want  string
	}{
		{base, []any{"x", nil, nil}, "post"}, {base, []any{"X", "ja", "0"}, "post netz"},
		{base, []any{cell(intake.CellNumber, "1"), cell(intake.CellNumber, "0"), cell(intake.CellBool, "false")},
			"post"},
		{base, []any{nil, nil, "x"}, "nichts"}, {base, []any{"x", nil, "x"}, "!option_exclusive"},
		{base, []any{"-", "-", "-"}, "!none_ticked"}, {none, []any{"-", "nein", "0"}, "nichts"},
		{open, []any{"-", "nein", "0"}, "open"},
		{none, []any{"-", "nein", nil}, "open"}, {base, []any{"-", nil, nil}, "open"},
		{base, []any{"?", "?", "?"}, "open"}, {base, []any{"x", "?", nil}, "post"},
		{base, []any{"x", "vielleicht", "0"}, "!tick"},
		{base, []any{"x", formula, formula}, "!formula"},
		{base, []any{"entf.", "entf.", nil}, "n/a laut Tabelle: entf."}, {base, []any{"entf.", "x", "0"}, "!both"},
		{base, []any{"entf.", "0", nil}, "n/a laut Tabelle: entf."}, {base, []any{nil, nil, nil}, "open"},
	} {
		m := &intake.Map{Header: 1, Town: intake.TownColumn{Column: column("AGS")},
			Questions: []intake.QuestionColumns{c.q}}
		if issues := intake.Check(d, m); len(issues) > 0 {
			t.Fatal(issues)
		}
		seen := map[string]string{}
		p, err := intake.PlaceTraced(d, m,
			&intake.Table{Rows: []intake.Row{cells(1, "AGS", "Post", "Netz", "Nichts"),
				cells(2, append([]any{"05958001"}, c.cells...)...)}}, intake.Scope{Region: tableTowns},
			func(_, column int, fate string) { seen[intake.ColumnLetters(column)] += fate })
		if err != nil {
			t.Fatal(err)
		}
		got := "open"
		if len(p.Cells) > 0 {
			got = "!" + p.Cells[0].Code
			told := append([]string{p.Cells[0].Cell}, p.Cells[0].With...)
			for letters, fate := range seen {
				if (fate == "reported") != slices.Contains(told, letters+"2") {
					t.Errorf("%v: %s is %s, told are %v", c.cells, letters, fate, told)
				}
			}
		} else if len(p.Towns) > 0 {
			got = answerText(p.Towns[0].Entries[0].Answer)
		}
		if got != c.want {
			t.Errorf("%v: %q, want %q", c.cells, got, c.want)
		}
		for letters, fate := range seen {
			if fate != "placed" && fate != "ignored" && fate != "reported" {
				t.Errorf("%v: %s is %s", c.cells, letters, fate)
			}
		}
	}
}

func TestPlaceTowns(t *testing.T) {
	d := tableDefinition(t)
	place := func(scope intake.Scope, byName bool, names ...any) *intake.Placed {
		m := &intake.Map{Header: 1, Town: intake.TownColumn{Column: column("A"), ByName: byName,
			Skip: []string{"summe"}}, Questions: []intake.QuestionColumns{{Question: "wahl", Column: column("B")}}}
		table := &intake.Table{Sheet: "S", Rows: []intake.Row{cells(1, "Kommune", "Wahl")}}
		for i, name := range names {
			table.Rows = append(table.Rows, cells(i+2, name, "ja"))
		}
		p, err := intake.Place(d, m, table, scope)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	all := intake.Scope{Region: tableTowns}
	for _, c := range []struct {
		byName bool
		name   any
		want   string // AGS; or ! and a code, with the nearest towns
	}{
		{false, "05958001", "05958001"}, {false, cell(intake.CellNumber, "5958001"), "05958001"},
		{false, "05 9 58 001", "05958001"}, {false, "059580000001", "05958001"}, {false, "59580000001", "05958001"},
		{false, "Arnsberg", "!town_ags"}, {false, "05958009", "!town_unknown"}, {false, "958001", "!town_ags"},
		{false, cell(intake.CellFormula, ""), "!formula"}, {false, cell(intake.CellError, "#REF!"), "!error"},
		{true, "arnsberg", "05958001"}, {true, "Arnsberg, Stadt", "05958001"}, {true, "Stadt Arnsberg", "05958001"},
		{true, "Koeln – Sued", "!town_unknown Köln-Süd"}, {true, "KOELN-SUED", "05958004"},
		{true, "Köln–Süd", "05958004"},
		{true, "Arnsburg", "!town_unknown Arnsberg"}, {true, "Neustadt", "!town_ambiguous Neustadt Neustadt"},
		{true, "Arnsberg (Kreis)", "!town_unknown Arnsberg"}, {true, "Xanten", "!town_unknown"},
		{true, nil, "!town_missing"},
	} {
		p := place(all, c.byName, c.name)
		got := ""
		if len(p.Rows) > 0 {
			got = "!" + p.Rows[0].Code
			for _, m := range p.Rows[0].Nearest {
				got += " " + m.Name
			}
			if p.Rows[0].Cell != "A2" || p.Rows[0].Sheet != "S" || p.Rows[0].Message == "" || p.Complete() {
				t.Errorf("%+v", p.Rows[0])
			}
		}
		for _, town := range p.Towns {
			got += string(town.Town.AGS)
		}
		if got != c.want {
			t.Errorf("%v: %q, want %q", c.name, got, c.want)
		}
	}
	if p := place(all, true, "Arnsberg", "Bestwig", "Stadt Arnsberg", "Summe",
		"Arnsberg"); len(p.Towns) != 1 || len(p.Rows) != 3 || p.Rows[0].Row != 2 || p.Rows[0].Code != "town_twice" ||
		p.Count.Ignored != 2 {
		t.Errorf("a town that stands three times: %+v", p)
	}
	if p := place(intake.Scope{Region: tableTowns, Taking: map[region.AGS]bool{"05958002": true}}, true, "Arnsberg",
		"Bestwig"); len(p.Towns) != 1 || p.Rows[0].Code != "town_elsewhere" {
		t.Errorf("a town that does not take part: %+v", p)
	}
}

func TestPlaceColumns(t *testing.T) {
	d := tableDefinition(t)
	table := &intake.Table{Rows: []intake.Row{cells(1, "AGS", "Frage  1\n(neu)", "C", "doppelt", "Doppelt"),
		cells(2, "05958001", "ja", "x", "y", "z", "unten")}}
	m := func(names ...string) *intake.Map {
		m := &intake.Map{Header: 1, Town: intake.TownColumn{Column: column(names[0])}}
		for i, q := range []checklist.QuestionID{"wahl", "sonst"}[:len(names)-1] {
			m.Questions = append(m.Questions, intake.QuestionColumns{Question: q, Column: column(names[i+1])})
		}
		return m
	}
	for _, c := range []struct {
		names []string
		want  string
	}{
		{[]string{"AGS", "frage 1 (neu)"}, ""}, {[]string{"A", "B", "F"}, ""},
		{[]string{"AGS", "B", "doppelt"}, "table_column"}, {[]string{"AGS", "B", "D"}, ""},
		{[]string{"AGS", "B", "G"}, "table_column"},
		{[]string{"AGS", "Frage 1 neu"}, "table_column"}, {[]string{"AGS", "B", "b"}, "table_column"},
		{[]string{"AGS", "A"}, "table_column_twice"},
	} {
		_, err := intake.Place(d, m(c.names...), table, intake.Scope{Region: tableTowns})
		f := fault.As(err)
		switch {
		case c.want == "" && err != nil,
			c.want != "" && (f == nil || len(f.Fields) == 0 || f.Fields[0].Code != c.want ||
				f.Fields[0].Name != "map.yaml:1:1"):
			t.Errorf("%v: %v", c.names, err)
		}
	}
	p, err := intake.Place(d, m("AGS", "B"), table, intake.Scope{Region: tableTowns})
	if err != nil || fmt.Sprint(p.Unmapped) != "[{C C 1} {D doppelt 1} {E Doppelt 1} {F  1}]" || p.Count.Ignored != 4 {
		t.Errorf("%+v, %v", p, err)
	}
}

// Every cell below the header is placed, ignored or told of, and none twice; what is placed is what the cell says.
func TestEveryCellIsAccountedFor(t *testing.T) {
	d := tableDefinition(t)
	m := &intake.Map{Header: 2, Town: intake.TownColumn{Column: column("AGS"), Skip: []string{"Summe"}},
		Submitted: column("am"), Ignore: []intake.ColumnRef{column("Notiz")},
		Questions: []intake.QuestionColumns{
			{Question: "wahl", Column: column("Wahl"), Comment: column("Bemerkung"), NotApplicable: []string{"-"},
				Open: []string{"?"}},
			{Question: "wege", Options: []intake.OptionColumn{{Column: column("Post"), Option: "post"},
				{Column: column("Netz"), Option: "netz"}}},
			{Question: "tage", Column: column("Tage")},
		}}
	header := []any{"AGS", "am", "Notiz", "Wahl", "Bemerkung", "Post", "Netz", "Tage", "übrig"}
	formula := cell(intake.CellFormula, "")
	pools := [][]any{
		{nil, "05958001", "05958001", "05958002", "05958003", "05958004", "05999999", "Summe", "Quatsch", formula},
		{nil, "31.3.2019", "Ende März", formula}, {nil, "x", formula},
		{nil, "ja", "nein", "-", "?", "unklar", formula}, {nil, "so ist es", formula},
		{nil, "x", "0", "zwei", formula}, {nil, "x", "0", "-"}, {nil, "3", "4,5", "1.500", "viele"},
		{nil, "y", formula},
	}
	rapid.Check(t, func(t *rapid.T) {
		table := &intake.Table{Rows: []intake.Row{cells(1, "Titel"), cells(2, header...)}}
		there := map[[2]int]intake.Cell{}
		for i := range rapid.IntRange(0, 8).Draw(t, "rows") {
			values := make([]any, len(pools))
			for k, pool := range pools {
				values[k] = rapid.SampledFrom(pool).Draw(t, "cell")
			}
			row := cells(3+2*i, values...)
			table.Rows = append(table.Rows, row)
			for _, c := range row.Cells {
				there[[2]int{row.Number, c.Column}] = c
			}
		}
		fates := map[[2]int]string{}
		p, err := intake.PlaceTraced(d, m, table, intake.Scope{Region: tableTowns}, func(row, column int, fate string) {
			at := [2]int{row, column}
			if fates[at] != "" {
				t.Fatalf("%v is %s and %s", at, fates[at], fate)
			}
			fates[at] = fate
		})
		if err != nil {
			t.Fatal(err)
		}
		told := map[string]bool{}
		for _, c := range p.Cells {
			for _, name := range append([]string{c.Cell}, c.With...) {
				if told[name] {
					t.Fatalf("%s is told twice", name)
				}
				told[name] = true
			}
		}
		lost := map[int]bool{}
		for _, r := range p.Rows {
			lost[r.Row] = true
		}
		placed := map[int]intake.PlacedTown{}
		for _, town := range p.Towns {
			placed[town.Row] = town
		}
		count := map[string]int{}
		for at, c := range there {
			fate := fates[at]
			count[fate]++
			name := fmt.Sprintf("%s%d", intake.ColumnLetters(at[1]), at[0])
			switch mapped := at[1] != 3 && at[1] != 9; {
			case fate == "":
				t.Fatalf("%s is forgotten", name)
			case !mapped && fate != "ignored":
				t.Fatalf("%s has no meaning and is %s", name, fate)
			case mapped && lost[at[0]] && fate != "reported", fate == "reported" && !lost[at[0]] && !told[name],
				told[name] && fate != "reported":
				t.Fatalf("%s is %s; row lost %v, told %v", name, fate, lost[at[0]], told[name])
			case fate == "placed" && c.Kind == intake.CellFormula:
				t.Fatalf("the formula in %s is placed", name)
			}
			if at[1] == 4 && fate == "placed" {
				want := map[string]string{"ja": "ja", "nein": "nein", "-": "n/a laut Tabelle: -"}[c.Text]
				if e := placed[at[0]].Entries[0]; e.Question != "wahl" || answerText(e.Answer) != want {
					t.Fatalf("%s says %q and was placed as %+v", name, c.Text, e)
				}
			}
		}
		n := p.Count
		if len(fates) != len(there) || n.Cells != len(there) || n.Placed != count["placed"] ||
			n.Ignored != count["ignored"] || n.Reported != count["reported"] || n.Problems != len(p.Cells) {
			t.Fatalf("%d cells, %v, counted %+v", len(there), count, n)
		}
		if p.Complete() != (count["reported"] == 0) {
			t.Fatalf("complete %v with %v", p.Complete(), count)
		}
	})
}
