package assessment_test

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/bench/disclosure"
	"ortsspiegel/pkg/catalog"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/lineage"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/round"
	"ortsspiegel/pkg/store"
)

const (
	arnsberg region.AGS = "05958004"
	bestwig  region.AGS = "05958008"
)

// setup is the services on a real database: the agency "here" of both towns, the agency
// "land" of Arnsberg alone, and the checklist of testdata in three versions.
type setup struct {
	*assessment.Service
	t        *testing.T
	dir      string
	store    *store.Store
	rounds   *round.Service
	versions *lineage.Versions
	now      time.Time // moves only when a test moves it
}

func newSetup(t *testing.T) *setup {
	t.Helper()
	return newSetupOn(t, "")
}

// newSetupOn runs on the database of an address; on SQLite without one.
func newSetupOn(t *testing.T, database string) *setup {
	t.Helper()
	o := &setup{t: t, dir: t.TempDir(), now: time.Date(2024, 3, 1, 12, 0, 0, 0, time.UTC)}
	c := store.Config{DataDir: o.dir}
	if database != "" {
		c = store.Config{DatabaseURL: database}
	}
	s, err := store.Open(t.Context(), c)
	must(t, err)
	t.Cleanup(func() { must(t, s.Close()) })
	o.store = s
	o.restart()
	for id, towns := range map[region.ID][]region.AGS{"here": {arnsberg, bestwig}, "land": {arnsberg}} {
		var list []region.Municipality
		for _, ags := range towns {
			list = append(list, region.Municipality{AGS: ags, Name: "Ort " + string(ags), OfficialName: "Ort",
				Kind:     "Stadt",
				District: region.District{Key: ags.District(), Name: "Kreis"}, Population: 10000,
				PopulationDate: "2025-12-31", AreaKm2: 10, Lat: 51, Lon: 8})
		}
		must(t, s.SaveRegion(t.Context(), region.Region{ID: id, Name: string(id), Agency: "Agentur", Source: "Test"},
			list, account.Event{}))
	}
	return o
}

// restart forgets all that a program keeps in memory.
func (o *setup) restart() {
	o.t.Helper()
	clock := func() time.Time { return o.now }
	var err error
	o.versions = lineage.New(o.store, catalog.New(os.DirFS("testdata")))
	o.rounds, err = round.NewService(o.store, o.versions, o.store, disclosure.DefaultRules(), clock)
	must(o.t, err)
	population := func(ctx context.Context, ags region.AGS) (int, error) {
		m, err := o.store.Town(ctx, ags)
		return m.Population, err
	}
	o.Service = assessment.NewService(o.store, o.versions, population, clock)
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantCode(t testing.TB, err error, kind fault.Kind, code string) {
	t.Helper()
	f := fault.As(err)
	if f == nil || f.Kind != kind {
		t.Fatalf("got %v, want %v %s", err, kind, code)
	}
	if f.Code == code {
		return
	}
	for _, field := range f.Fields {
		if field.Code == code {
			return
		}
	}
	t.Fatalf("got %v with code %s, want %s", err, f.Code, code)
}

func agency(id region.ID) account.Actor {
	return account.Actor{User: 1, Name: "Amt", Role: account.AgencyAdmin, Region: id}
}

func lead(town region.AGS) account.Actor {
	return account.Actor{User: 2, Name: "Leitung", Role: account.TownLead, Town: town}
}

// round opens a round of a month on a version.
func (o *setup) round(agencyOf region.ID, version checklist.Version, towns ...region.AGS) round.ID {
	o.t.Helper()
	ctx := o.t.Context()
	id, err := o.rounds.Create(ctx, agency(agencyOf),
		round.New{Title: fmt.Sprintf("Runde %d %s", o.now.Year(), agencyOf),
			Checklist: checklist.Ref{ID: "kette", Version: version},
			Opens:     o.now.AddDate(0, 0, -1), Closes: o.now.AddDate(0, 1, 0), Towns: towns})
	must(o.t, err)
	must(o.t, o.rounds.Open(ctx, agency(agencyOf), id))
	return id
}

// head returns a town's assessment of a round.
func (o *setup) head(town region.AGS, id round.ID) assessment.Head {
	o.t.Helper()
	list, err := o.OfTown(o.t.Context(), lead(town))
	must(o.t, err)
	for _, h := range list {
		if h.Round == int64(id) {
			return h
		}
	}
	o.t.Fatalf("%s does not take part in round %d", town, id)
	return assessment.Head{}
}

// answer types values, "n/a: reason" for not applicable, into an assessment.
func (o *setup) answer(h assessment.Head, q checklist.QuestionID, revision int, comment string,
	values ...string) assessment.Entry {
	o.t.Helper()
	in := assessment.Input{Values: values, Revision: revision}
	if len(values) == 1 {
		if reason, ok := strings.CutPrefix(values[0], "n/a: "); ok {
			in.Values, in.NotApplicable = nil, &reason
		}
	}
	if comment != "" {
		in.Comment = &comment
	}
	e, err := o.Answer(o.t.Context(), assessment.ByAccount(lead(h.Town)), h, q, in)
	must(o.t, err)
	return e
}

func (o *setup) submit(town region.AGS, id round.ID) assessment.Head {
	o.t.Helper()
	h := o.head(town, id)
	must(o.t, o.Submit(o.t.Context(), lead(town), h.ID, h.Change))
	return o.head(town, id)
}

func (o *setup) view(h assessment.Head) assessment.View {
	o.t.Helper()
	v, err := o.View(o.t.Context(), o.head(h.Town, round.ID(h.Round)))
	must(o.t, err)
	return v
}

func (o *setup) proposals(h assessment.Head) assessment.Proposals {
	o.t.Helper()
	p, err := o.Proposals(o.t.Context(), o.head(h.Town, round.ID(h.Round)))
	must(o.t, err)
	return p
}

// old is what Arnsberg answered in the first version, in an order that moves the clock by an hour each.
var old = []struct {
	question checklist.QuestionID
	comment  string
	values   []string
}{
	{"seite", "Seite steht", []string{"ja"}},
	{"sprachen", "", []string{"de", "uk"}},
	{"ohne", "", []string{"nein"}}, // inactive, and kept
	{"tage", "", []string{"60"}},
	{"frist", "", []string{"1,125"}},
	{"notiz", "", []string{"Grüße\nzweite Zeile"}},
	{"seit", "", []string{"2023-05-01"}},
	{"mo", "Montag", []string{"ja"}},
	{"di", "Dienstag", []string{"teil"}},
	{"brief", "", []string{"nein"}},
	{"mail", "Mail", []string{"ja"}},
	{"zahl", "", []string{"ja"}},
	{"bericht", "", []string{"nein"}},
	{"eins", "", []string{"ja"}},
	{"termin", "", []string{"j"}},
	{"sinn", "Sinn", []string{"teil"}},
	{"weg", "", []string{"ja"}},
	{"ende", "", []string{"ja"}},
	{"na", "", []string{"n/a: gibt es bei uns nicht"}},
	{"entfaellt", "", []string{"n/a: gibt es bei uns nicht"}},
}

// answered fills an assessment of the first version with the old answers and some evidence, and hands it in.
func (o *setup) answered(town region.AGS, id round.ID) assessment.Head {
	o.t.Helper()
	ctx, h := o.t.Context(), o.head(town, id)
	for _, a := range old {
		o.now = o.now.Add(time.Hour)
		o.answer(h, a.question, 0, a.comment, a.values...)
	}
	for _, q := range []checklist.QuestionID{"seite", "mo", "di"} {
		_, err := o.AddLink(ctx, lead(town), h, q, "https://www.example.org/"+string(q), "Seite zu "+string(q))
		must(o.t, err)
	}
	_, err := o.AddFile(ctx, lead(town), h, "seite", "Plan.pdf", []byte("%PDF-1.7 Plan"))
	must(o.t, err)
	return o.submit(town, id)
}

// years opens the first round, fills it, and opens a round on another version two years later.
func (o *setup) years(version checklist.Version) (source, draft assessment.Head) {
	o.t.Helper()
	source = o.answered(arnsberg, o.round("here", "1.0.0", arnsberg, bestwig))
	must(o.t, o.rounds.Close(o.t.Context(), agency("here"), round.ID(source.Round)))
	o.now = o.now.AddDate(2, 0, 0)
	return source, o.head(arnsberg, o.round("here", version, arnsberg, bestwig))
}

// rowsOf returns every row of every table that belongs to an assessment or its round, with all columns.
func (o *setup) rowsOf(h assessment.Head) map[string][]string {
	o.t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(o.dir, store.DatabaseFile)+"?mode=ro")
	must(o.t, err)
	defer db.Close()
	names, err := db.Query(
		`SELECT t.name, group_concat(c.name) FROM sqlite_schema t JOIN pragma_table_info(t.name) c WHERE t.type = 'table' GROUP BY t.name`)
	must(o.t, err)
	tables := map[string]string{}
	for names.Next() {
		var table, columns string
		must(o.t, names.Scan(&table, &columns))
		tables[table] = "," + columns + ","
	}
	must(o.t, names.Err())
	rows := map[string][]string{}
	for table, columns := range tables {
		var where string
		switch {
		case table == "assessments":
			where = fmt.Sprintf("id = %d", h.ID)
		case table == "rounds":
			where = fmt.Sprintf("id = %d", h.Round)
		case table == "evidence_files":
			where = fmt.Sprintf("evidence_id IN (SELECT id FROM evidence WHERE assessment_id = %d)", h.ID)
		case table == "checklists":
			where = fmt.Sprintf("hash = '%s'", h.Hash)
		case strings.Contains(columns, ",assessment_id,"):
			where = fmt.Sprintf("assessment_id = %d", h.ID)
		case strings.Contains(columns, ",round_id,"):
			where = fmt.Sprintf("round_id = %d", h.Round)
		default:
			continue
		}
		rows[table] = dump(o.t, db, `SELECT * FROM `+table+` WHERE `+where+` ORDER BY 1, 2`)
	}
	return rows
}

func dump(t testing.TB, db *sql.DB, query string) []string {
	t.Helper()
	rows, err := db.Query(query)
	must(t, err)
	columns, err := rows.Columns()
	must(t, err)
	var list []string
	for rows.Next() {
		values, fields := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			fields[i] = &values[i]
		}
		must(t, rows.Scan(fields...))
		var line strings.Builder
		for i, v := range values {
			fmt.Fprintf(&line, "%s=%v|", columns[i], v)
		}
		list = append(list, line.String())
	}
	must(t, rows.Err())
	return list
}
