package round_test

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
	"ortsspiegel/pkg/round"
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
	return region.Municipality{AGS: region.AGS(fmt.Sprintf("0595800%d", i)), Name: name, OfficialName: name + ", Stadt", Population: 10_000 + i}
}

var tableTowns = []region.Municipality{town4(1, "Arnsberg"), town4(2, "Bestwig"), town4(3, "Brilon"), town4(4, "Köln-Süd"), town4(5, "Neustadt"), town4(6, "Neustadt")}

// cells makes a row; nil is nothing, a string a text, another cell stands as it is.
func cells(number int, values ...any) round.TableRow {
	r := round.TableRow{Number: number}
	for i, v := range values {
		c := round.TableCell{Column: i + 1}
		switch v := v.(type) {
		case nil:
			continue
		case string:
			c.Text = v
		case round.TableCell:
			c.Kind, c.Text = v.Kind, v.Text
		}
		r.Cells = append(r.Cells, c)
	}
	return r
}

func cell(kind round.CellKind, text string) round.TableCell {
	return round.TableCell{Kind: kind, Text: text}
}

func column(text string) round.ColumnRef { return round.ColumnRef{Text: text, At: "map.yaml:1:1"} }

// place one cell of one question.
func placeOne(t testing.TB, c any, q round.QuestionColumns) *round.Placed {
	t.Helper()
	d := tableDefinition(t)
	q.Column = column("B")
	m := &round.TableMap{Header: 1, Town: round.TownColumn{Column: column("AGS")}, Questions: []round.QuestionColumns{q}}
	if issues := round.CheckTableMap(d, m); len(issues) > 0 {
		t.Fatal(issues)
	}
	p, err := round.PlaceTable(d, m, &round.Table{Rows: []round.TableRow{cells(1, "AGS", "Frage"), cells(2, "05958001", c)}}, round.TableScope{Region: tableTowns})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestPlaceCells(t *testing.T) {
	d := tableDefinition(t)
	wahl := round.QuestionColumns{Question: "wahl", Values: map[string]string{"Einigermaßen": "teils", "1": "ja", "80 %": "ja", "01.02.2019": "nein", "wahr": "ja"}, NotApplicable: []string{"–", "entfällt"}, Open: []string{"k. A."}}
	reason := wahl
	reason.Reason = "Das macht bei uns der Kreis."
	number := func(mark string) round.QuestionColumns {
		return round.QuestionColumns{Question: "tage", Decimal: mark, Values: map[string]string{"sofort": "0"}}
	}
	wege := round.QuestionColumns{Question: "wege", Split: ",", Values: map[string]string{"Brief": "post"}}
	for _, c := range []struct {
		q    round.QuestionColumns
		cell any
		want string // the answer; "open"; or ! and a code
	}{
		{wahl, "JA", "ja"}, {wahl, "yes", "ja"}, {wahl, "Teils - teils", "teils"}, {wahl, "teils—teils", "!option_unknown"}, {wahl, "teils", "teils"},
		{wahl, "EINIGERMASSEN", "!option_unknown"}, {wahl, "einigermaßen", "teils"}, {wahl, "k.A.", "!option_unknown"}, {wahl, "K. A.", "open"},
		{wahl, cell(round.CellNumber, "1"), "ja"}, {wahl, cell(round.CellNumber, "2"), "!option_unknown"}, {wahl, cell(round.CellPercent, "80"), "ja"},
		{wahl, cell(round.CellDate, "2019-02-01"), "nein"}, {wahl, cell(round.CellDate, "2019-02-02"), "!option_unknown"}, {wahl, cell(round.CellBool, "true"), "ja"}, {wahl, cell(round.CellBool, "false"), "nein"},
		{wahl, cell(round.CellFormula, ""), "!formula"}, {wahl, cell(round.CellError, "#NV"), "!error"},
		{wahl, "-", "n/a laut Tabelle: -"}, {wahl, "Entfällt", "n/a laut Tabelle: Entfällt"}, {wahl, "trifft nicht zu", "n/a laut Tabelle: trifft nicht zu"}, {reason, "-", "n/a Das macht bei uns der Kreis."},
		{number(""), "7,5", "7.5"}, {number(""), "1.500", "!number_ambiguous"}, {number("comma"), "1.500", "1500"}, {number("point"), "1.500", "1.5"}, {number("point"), "1,500", "1500"}, {number("comma"), "1.5", "!number"},
		{number("comma"), "1.234,5", "1234.5"}, {number("point"), "1,234.5", "1234.5"}, {number(""), "12 Werktage", "12"}, {number(""), "12 Tage", "!number"}, {number(""), "2001", "!number_max"},
		{number(""), cell(round.CellNumber, "0.3"), "0.3"}, {number(""), cell(round.CellDate, "2019-02-01"), "!number"}, {number(""), cell(round.CellPercent, "5"), "!percent"}, {number(""), "Sofort", "0"}, {number(""), "−3", "!number_min"},
		{number(""), cell(round.CellNumber, "1e-300"), "0"}, {number(""), cell(round.CellNumber, "1e300"), "!number"},
		{round.QuestionColumns{Question: "anteil"}, cell(round.CellPercent, "5.5"), "5.5"}, {round.QuestionColumns{Question: "anteil"}, "5,5 %", "5.5"}, {round.QuestionColumns{Question: "anteil"}, "5,5 Prozent", "5.5"},
		{wege, "Post, Netz", "post netz"}, {wege, "netz,Brief,", "post netz"}, {wege, "Post, Fax", "!option_part"}, {wege, "nichts davon", "nichts"}, {wege, "Post, nichts davon", "!option_exclusive"}, {wege, ",", "!empty"},
		{round.QuestionColumns{Question: "wege"}, "Post, Netz", "!option_unknown"},
		{round.QuestionColumns{Question: "seit"}, "31.3.2019", "2019-03-31"}, {round.QuestionColumns{Question: "seit"}, cell(round.CellDate, "2019-03-31"), "2019-03-31"}, {round.QuestionColumns{Question: "seit"}, cell(round.CellNumber, "2019"), "!date"},
		{round.QuestionColumns{Question: "seit"}, "30.2.2019", "!date"},
		{round.QuestionColumns{Question: "sonst"}, "=1+1", "=1+1"}, {round.QuestionColumns{Question: "sonst"}, cell(round.CellNumber, "7.5"), "7,5"}, {round.QuestionColumns{Question: "sonst"}, strings.Repeat("ä", 2001), "!text_long"},
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
		if n.Cells != 2 || n.Placed+n.Ignored+n.Reported != n.Cells || (n.Reported == 1) != strings.HasPrefix(c.want, "!") || (n.Ignored == 1) != (c.want == "open") {
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
	base := round.QuestionColumns{Question: "wege", Options: []round.OptionColumn{{Column: column("Post"), Option: "post"}, {Column: column("Netz"), Option: "netz"}, {Column: column("Nichts"), Option: "nichts"}}, Open: []string{"?"}, NotApplicable: []string{"entf."}}
	none, open := base, base
	none.None, open.None = "nichts", round.NoneOpen
	formula := cell(round.CellFormula, "")
	for _, c := range []struct {
		q     round.QuestionColumns
		cells []any
		want  string
	}{
		{base, []any{"x", nil, nil}, "post"}, {base, []any{"X", "ja", "0"}, "post netz"}, {base, []any{cell(round.CellNumber, "1"), cell(round.CellNumber, "0"), cell(round.CellBool, "false")}, "post"},
		{base, []any{nil, nil, "x"}, "nichts"}, {base, []any{"x", nil, "x"}, "!option_exclusive"}, {base, []any{"-", "-", "-"}, "!none_ticked"}, {none, []any{"-", "nein", "0"}, "nichts"}, {open, []any{"-", "nein", "0"}, "open"},
		{none, []any{"-", "nein", nil}, "open"}, {base, []any{"-", nil, nil}, "open"}, {base, []any{"?", "?", "?"}, "open"}, {base, []any{"x", "?", nil}, "post"}, {base, []any{"x", "vielleicht", "0"}, "!tick"},
		{base, []any{"x", formula, formula}, "!formula"}, {base, []any{"entf.", "entf.", nil}, "n/a laut Tabelle: entf."}, {base, []any{"entf.", "x", "0"}, "!both"}, {base, []any{"entf.", "0", nil}, "n/a laut Tabelle: entf."}, {base, []any{nil, nil, nil}, "open"},
	} {
		m := &round.TableMap{Header: 1, Town: round.TownColumn{Column: column("AGS")}, Questions: []round.QuestionColumns{c.q}}
		if issues := round.CheckTableMap(d, m); len(issues) > 0 {
			t.Fatal(issues)
		}
		seen := map[string]string{}
		p, err := round.PlaceTraced(d, m, &round.Table{Rows: []round.TableRow{cells(1, "AGS", "Post", "Netz", "Nichts"), cells(2, append([]any{"05958001"}, c.cells...)...)}}, round.TableScope{Region: tableTowns},
			func(_, column int, fate string) { seen[round.ColumnLetters(column)] += fate })
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
	place := func(scope round.TableScope, byName bool, names ...any) *round.Placed {
		m := &round.TableMap{Header: 1, Town: round.TownColumn{Column: column("A"), ByName: byName, Skip: []string{"summe"}}, Questions: []round.QuestionColumns{{Question: "wahl", Column: column("B")}}}
		table := &round.Table{Sheet: "S", Rows: []round.TableRow{cells(1, "Kommune", "Wahl")}}
		for i, name := range names {
			table.Rows = append(table.Rows, cells(i+2, name, "ja"))
		}
		p, err := round.PlaceTable(d, m, table, scope)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	all := round.TableScope{Region: tableTowns}
	for _, c := range []struct {
		byName bool
		name   any
		want   string // AGS; or ! and a code, with the nearest towns
	}{
		{false, "05958001", "05958001"}, {false, cell(round.CellNumber, "5958001"), "05958001"}, {false, "05 9 58 001", "05958001"}, {false, "059580000001", "05958001"}, {false, "59580000001", "05958001"},
		{false, "Arnsberg", "!town_ags"}, {false, "05958009", "!town_unknown"}, {false, "958001", "!town_ags"}, {false, cell(round.CellFormula, ""), "!formula"}, {false, cell(round.CellError, "#REF!"), "!error"},
		{true, "arnsberg", "05958001"}, {true, "Arnsberg, Stadt", "05958001"}, {true, "Stadt Arnsberg", "05958001"}, {true, "Koeln – Sued", "!town_unknown Köln-Süd"}, {true, "KOELN-SUED", "05958004"}, {true, "Köln–Süd", "05958004"},
		{true, "Arnsburg", "!town_unknown Arnsberg"}, {true, "Neustadt", "!town_ambiguous Neustadt Neustadt"}, {true, "Arnsberg (Kreis)", "!town_unknown Arnsberg"}, {true, "Xanten", "!town_unknown"}, {true, nil, "!town_missing"},
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
	if p := place(all, true, "Arnsberg", "Bestwig", "Stadt Arnsberg", "Summe", "Arnsberg"); len(p.Towns) != 1 || len(p.Rows) != 3 || p.Rows[0].Row != 2 || p.Rows[0].Code != "town_twice" || p.Count.Ignored != 2 {
		t.Errorf("a town that stands three times: %+v", p)
	}
	if p := place(round.TableScope{Region: tableTowns, Taking: map[region.AGS]bool{"05958002": true}}, true, "Arnsberg", "Bestwig"); len(p.Towns) != 1 || p.Rows[0].Code != "town_elsewhere" {
		t.Errorf("a town that does not take part: %+v", p)
	}
}

func TestPlaceColumns(t *testing.T) {
	d := tableDefinition(t)
	table := &round.Table{Rows: []round.TableRow{cells(1, "AGS", "Frage  1\n(neu)", "C", "doppelt", "Doppelt"), cells(2, "05958001", "ja", "x", "y", "z", "unten")}}
	m := func(names ...string) *round.TableMap {
		m := &round.TableMap{Header: 1, Town: round.TownColumn{Column: column(names[0])}}
		for i, q := range []checklist.QuestionID{"wahl", "sonst"}[:len(names)-1] {
			m.Questions = append(m.Questions, round.QuestionColumns{Question: q, Column: column(names[i+1])})
		}
		return m
	}
	for _, c := range []struct {
		names []string
		want  string
	}{
		{[]string{"AGS", "frage 1 (neu)"}, ""}, {[]string{"A", "B", "F"}, ""}, {[]string{"AGS", "B", "doppelt"}, "table_column"}, {[]string{"AGS", "B", "D"}, ""}, {[]string{"AGS", "B", "G"}, "table_column"},
		{[]string{"AGS", "Frage 1 neu"}, "table_column"}, {[]string{"AGS", "B", "b"}, "table_column"}, {[]string{"AGS", "A"}, "table_column_twice"},
	} {
		_, err := round.PlaceTable(d, m(c.names...), table, round.TableScope{Region: tableTowns})
		f := fault.As(err)
		switch {
		case c.want == "" && err != nil, c.want != "" && (f == nil || len(f.Fields) == 0 || f.Fields[0].Code != c.want || f.Fields[0].Name != "map.yaml:1:1"):
			t.Errorf("%v: %v", c.names, err)
		}
	}
	p, err := round.PlaceTable(d, m("AGS", "B"), table, round.TableScope{Region: tableTowns})
	if err != nil || fmt.Sprint(p.Unmapped) != "[{C C 1} {D doppelt 1} {E Doppelt 1} {F  1}]" || p.Count.Ignored != 4 {
		t.Errorf("%+v, %v", p, err)
	}
}

// Every cell below the header is placed, ignored or told of, and none twice; what is placed is what the cell says.
func TestEveryCellIsAccountedFor(t *testing.T) {
	d := tableDefinition(t)
	m := &round.TableMap{Header: 2, Town: round.TownColumn{Column: column("AGS"), Skip: []string{"Summe"}}, Submitted: column("am"), Ignore: []round.ColumnRef{column("Notiz")},
		Questions: []round.QuestionColumns{
			{Question: "wahl", Column: column("Wahl"), Comment: column("Bemerkung"), NotApplicable: []string{"-"}, Open: []string{"?"}},
			{Question: "wege", Options: []round.OptionColumn{{Column: column("Post"), Option: "post"}, {Column: column("Netz"), Option: "netz"}}},
			{Question: "tage", Column: column("Tage")},
		}}
	header := []any{"AGS", "am", "Notiz", "Wahl", "Bemerkung", "Post", "Netz", "Tage", "übrig"}
	formula := cell(round.CellFormula, "")
	pools := [][]any{
		{nil, "05958001", "05958001", "05958002", "05958003", "05958004", "05999999", "Summe", "Quatsch", formula},
		{nil, "31.3.2019", "Ende März", formula}, {nil, "x", formula},
		{nil, "ja", "nein", "-", "?", "unklar", formula}, {nil, "so ist es", formula},
		{nil, "x", "0", "zwei", formula}, {nil, "x", "0", "-"}, {nil, "3", "4,5", "1.500", "viele"}, {nil, "y", formula},
	}
	rapid.Check(t, func(t *rapid.T) {
		table := &round.Table{Rows: []round.TableRow{cells(1, "Titel"), cells(2, header...)}}
		there := map[[2]int]round.TableCell{}
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
		p, err := round.PlaceTraced(d, m, table, round.TableScope{Region: tableTowns}, func(row, column int, fate string) {
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
		placed := map[int]round.PlacedTown{}
		for _, town := range p.Towns {
			placed[town.Row] = town
		}
		count := map[string]int{}
		for at, c := range there {
			fate := fates[at]
			count[fate]++
			name := fmt.Sprintf("%s%d", round.ColumnLetters(at[1]), at[0])
			switch mapped := at[1] != 3 && at[1] != 9; {
			case fate == "":
				t.Fatalf("%s is forgotten", name)
			case !mapped && fate != "ignored":
				t.Fatalf("%s has no meaning and is %s", name, fate)
			case mapped && lost[at[0]] && fate != "reported", fate == "reported" && !lost[at[0]] && !told[name], told[name] && fate != "reported":
				t.Fatalf("%s is %s; row lost %v, told %v", name, fate, lost[at[0]], told[name])
			case fate == "placed" && c.Kind == round.CellFormula:
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
		if len(fates) != len(there) || n.Cells != len(there) || n.Placed != count["placed"] || n.Ignored != count["ignored"] || n.Reported != count["reported"] || n.Problems != len(p.Cells) {
			t.Fatalf("%d cells, %v, counted %+v", len(there), count, n)
		}
		if p.Complete() != (count["reported"] == 0) {
			t.Fatalf("complete %v with %v", p.Complete(), count)
		}
	})
}
