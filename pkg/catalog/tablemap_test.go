package catalog

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"ortsspiegel/pkg/checklist"
)

const goodMap = `checklist: willkommen@1.0.0
round: 7
header: 2
town: {column: Kommune, by: name, skip: [Summe]}
submitted: {column: Eingang}
ignore: [Einwohner]
columns:
  - {column: 3, question: steuerung-ansprechperson, values: {1: ja, Nein: nein}, open: [k. A.]}
  - {column: Mittel, question: steuerung-haushalt, not_applicable: [entfällt], reason: Das macht der Kreis., comment: Bemerkung}
  - {question: netz-dienste, options: {Termin: termin, Hund: hund}, none: nichts}
  - {column: F, question: buero-terminfrist, decimal: comma}
`

func welcomeChecklist(t testing.TB) *checklist.Definition {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("..", "..", "checklists", "willkommen", "1.0.0.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	d, problems := Parse("1.0.0.yaml", raw)
	if d == nil {
		t.Fatal(problems)
	}
	return d
}

func TestParseTableMap(t *testing.T) {
	m, problems := ParseTableMap("map.yaml", []byte(goodMap))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	if problems := m.Check(welcomeChecklist(t)); len(problems) > 0 {
		t.Fatal(problems)
	}
	got := fmt.Sprintf("%+v", m.Table)
	const want = `{Header:2 Days:0 Town:{Column:{Text:Kommune At:map.yaml:4:16} ByName:true Skip:[Summe]} Submitted:{Text:Eingang At:map.yaml:5:21} SubmittedOn: Ignore:[{Text:Einwohner At:map.yaml:6:10}] Questions:[` +
		`{Question:steuerung-ansprechperson Column:{Text:3 At:map.yaml:8:14} Comment:{Text: At:} Options:[] None: Split: Values:map[1:ja Nein:nein] NotApplicable:[] Reason: Open:[k. A.] Decimal:} ` +
		`{Question:steuerung-haushalt Column:{Text:Mittel At:map.yaml:9:14} Comment:{Text:Bemerkung At:map.yaml:9:119} Options:[] None: Split: Values:map[] NotApplicable:[entfällt] Reason:Das macht der Kreis. Open:[] Decimal:} ` +
		`{Question:netz-dienste Column:{Text: At:} Comment:{Text: At:} Options:[{Column:{Text:Termin At:map.yaml:10:40} Option:termin} {Column:{Text:Hund At:map.yaml:10:56} Option:hund}] None:nichts Split: Values:map[] NotApplicable:[] Reason: Open:[] Decimal:} ` +
		`{Question:buero-terminfrist Column:{Text:F At:map.yaml:11:14} Comment:{Text: At:} Options:[] None: Split: Values:map[] NotApplicable:[] Reason: Open:[] Decimal:comma}]}`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if m.Checklist.String() != "willkommen@1.0.0" || m.Round != (TableRound{ID: 7}) {
		t.Errorf("got %+v", m)
	}
	m, problems = ParseTableMap("map.yaml",
		[]byte(strings.NewReplacer("round: 7",
			"round: {region: hier, title: Alt, opens: 2019-03-01, closes: 2019-06-30}", "{column: Eingang}",
			"2019-05-01").Replace(goodMap)))
	if len(problems) > 0 || m.Round != (TableRound{Region: "hier", Title: "Alt", Opens: "2019-03-01",
		Closes: "2019-06-30"}) || m.Table.SubmittedOn != "2019-05-01" || m.Table.Submitted.Text != "" {
		t.Errorf("%+v, %v", m, problems)
	}
}

// Each thing that is wrong with a map has a message with its place.
func TestTableMapProblems(t *testing.T) {
	d := welcomeChecklist(t)
	for _, c := range []struct{ old, new, want string }{
		{"header: 2", "headr: 2", "map.yaml:3:1: error: there is no key headr here: did you mean header?"},
		{
			"header: 2", "header: zwei",
			`map.yaml:3:9: error: header is the text "zwei": a whole number from 1 is expected`,
		},
		{"header: 2", "header: 0", "map.yaml:3:9: error: header is the number 0"},
		{"header: 2", "header: 2\nheader: 3", "map.yaml:4:1: error: the key header already stands at line 3"},
		{"round: 7", "round: sieben", "map.yaml:2:8: error: round is the text"},
		{"round: 7", "round: {region: hier, title: Alt, opens: 2019-03-01}", "the key closes is missing from round"},
		{"round: 7", "round: {region: hier, title: Alt, opens: 1.3.2019, closes: 2019-06-30}",
			"a day such as 2019-03-31 is expected"},
		{"round: 7\n", "", "the key round is missing"},
		{"willkommen@1.0.0", "willkommen", "a checklist and its version, such as willkommen@1.0.0"},
		{"by: name", "by: Name", "map.yaml:4:29: error: by is ags or name"},
		{"{column: Eingang}", "gestern", "a day such as 2019-03-31 is expected"},
		{"{column: Eingang}", "{column: Eingang, spalte: G}", "there is no key spalte here"},
		{"ignore: [Einwohner]", "ignore: Einwohner", "a list is expected"},
		{"question: steuerung-haushalt", "question: steuerung-haushalte",
			"map.yaml:9:32: error: willkommen@1.0.0 has no question steuerung-haushalte: did you mean " +
				"steuerung-haushalt?"},
		{"question: steuerung-haushalt", "question: steuerung-ansprechperson", "already stands in item 1"},
		{
			"1: ja,", "1: jaa,",
			"map.yaml:8:65: error: steuerung-ansprechperson has no option jaa: it has nein, teilweise, ja",
		},
		{"1: ja,", "nein: ja,", "already has a meaning under values"},
		{"1: ja,", "1: ja, 1: ja,", "the key 1 already stands at line 8"},
		{"open: [k. A.]", "open: [NEIN]", "already has a meaning under values"},
		{"open: [k. A.]", "not_applicable: [entfällt]", `does not know "not applicable"`},
		{"reason: Das macht der Kreis.", "reason: kurz", "a reason has 10 to 1000 characters, this one 4"},
		{"Hund: hund", "Hund: termin", "the option termin has two columns"},
		{"Hund: hund", "Hund: katze", "netz-dienste has no option katze"},
		{"none: nichts", "none: garnichts", "netz-dienste has no option garnichts"},
		{"none: nichts", `split: ","`, "split is for multi questions whose options stand in one cell"},
		{"none: nichts", "column: G", "column and options exclude each other"},
		{"column: F, ", "", "the column is missing: column: with its header or letters"},
		{"decimal: comma", "decimal: dot", "decimal is comma or point"},
		{"decimal: comma", "values: {sofort: nie}",
			`"nie" is no answer to buero-terminfrist: a number from 0 to 120 is expected`},
		{"decimal: comma", "none: open", "none is for questions with a column per option"},
		{"comment: Bemerkung", "decimal: comma", "decimal is for numbers"},
		{"comment: Bemerkung", "options: {X: ja}", "only a multi question has a column per option"},
		{"comment: Bemerkung", "comment: ", "comment is empty: a text is expected"},
		{"column: Mittel", "column: &m Mittel", "anchors are refused"},
		{"column: Mittel", "column: [Mittel]", "column is a list: a text is expected"},
		{goodMap, "", "the file is empty: a map of a table begins with"},
		{goodMap, goodMap + "---\nx: 1\n", "a file holds exactly one map of a table"},
		{goodMap, "checklist: willkommen@1.0.0\nround: 7\ntown: {column: A}\ncolumns: []\n",
			"at least one column with answers is expected"},
		{goodMap, "columns: [", "this is not YAML"},
	} {
		if !strings.Contains(goodMap, c.old) {
			t.Fatalf("the map has no %q", c.old)
		}
		m, problems := ParseTableMap("map.yaml", []byte(strings.Replace(goodMap, c.old, c.new, 1)))
		if m != nil {
			problems = append(problems, m.Check(d)...)
		}
		var said []string
		for _, p := range problems {
			said = append(said, p.String())
		}
		if len(said) != 1 || !strings.Contains(said[0], c.want) || !strings.HasPrefix(said[0], "map.yaml:") ||
			!HasErrors(problems) {
			t.Errorf("%q: got\n  %s\nwant %s", c.new, strings.Join(said, "\n  "), c.want)
		}
	}
}

func FuzzTableMap(f *testing.F) {
	d := welcomeChecklist(f)
	f.Add([]byte(goodMap))
	f.Add([]byte(strings.Replace(goodMap, "round: 7",
		"round: {region: hier, title: Alt, opens: 2019-03-01, closes: 2019-06-30}", 1)))
	f.Add([]byte("columns: [{options: {a: b}, values: {? [x] : y}}]"))
	f.Add([]byte("{a: &a [*a]}"))
	f.Fuzz(func(t *testing.T, data []byte) {
		start := time.Now()
		m, problems := ParseTableMap("map.yaml", data)
		if (m == nil) != HasErrors(problems) {
			t.Fatalf("a map: %v, with %v", m != nil, problems)
		}
		if m != nil {
			problems = append(problems, m.Check(d)...)
		}
		for _, p := range problems {
			if p.Line < 1 || p.Column < 1 || p.Message == "" || p.Severity == "" {
				t.Fatalf("%+v", p)
			}
		}
		if took := time.Since(start); took > 5*time.Second {
			t.Fatalf("took %v", took)
		}
	})
}
