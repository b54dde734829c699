package store_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/internal/testkit"
	"ortsspiegel/pkg/lineage"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/round"
	"ortsspiegel/pkg/store"
)

// TestImportTableFailsWhole lets each statement of an import fail in the database itself: nothing
// of it is there then, and once the database works again the same import succeeds.
func TestImportTableFailsWhole(t *testing.T) {
	const n = 120 // more than one piece
	for _, name := range databases {
		t.Run(name, func(t *testing.T) {
			ctx := t.Context()
			c := store.Config{DataDir: t.TempDir()}
			if name == "postgres" {
				c = store.Config{DatabaseURL: testkit.Postgres(t)}
			}
			s := openStore(t, c)
			db := raw(t, c)
			exec := func(query string) {
				t.Helper()
				_, err := db.ExecContext(ctx, query)
				must(t, err)
			}
			if name == "postgres" {
				exec(
					`CREATE FUNCTION broken() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION 'broken on purpose'; END $$ LANGUAGE plpgsql`)
			}
			list := towns(n)
			must(t, s.SaveRegion(ctx, region.Region{ID: suedwestfalen, Name: "Südwestfalen"}, list, account.Event{}))
			var keys []region.AGS
			var members []region.Member
			for _, m := range list {
				keys, members = append(keys, m.AGS),
					append(members, region.Member{AGS: m.AGS, Population: m.Population})
			}
			intake := round.Intake{Towns: keys, Groups: region.Groups(members),
				Pins: []lineage.Pinned{{Ref: checklist.Ref{ID: "probe", Version: "1.0.0"},
					Hash: strings.Repeat("ab", 32), Raw: []byte("id: probe\n")}},
				Round: round.Round{Region: suedwestfalen, Title: "Probe 2019",
					Checklist: checklist.Ref{ID: "probe", Version: "1.0.0"}, Hash: strings.Repeat("ab", 32),
					Opens: noon.AddDate(-1, 0, 0), Closes: noon.AddDate(0, -1, 0), Status: round.Planned,
					Created: noon},
				Before: []account.Event{event(account.EventRoundCreated), event(account.EventRoundOpened),
					event(account.EventImported)}, After: []account.Event{event(account.EventRoundClosed)}}
			state := func() string {
				t.Helper()
				out := ""
				for _, table := range []string{"rounds", "participants", "assessments", "answers", "changes",
					"checklists"} {
					var rows int
					must(t, db.QueryRowContext(ctx, "SELECT count(*) FROM "+table).Scan(&rows))
					out += fmt.Sprintf("%s %d ", table, rows)
				}
				events, err := s.EventsOfRegion(ctx, suedwestfalen, account.EventKinds(), math.MaxInt64, 100)
				must(t, err)
				return out + fmt.Sprintf("events %d", len(events))
			}
			before := state()
			for _, step := range []string{"INSERT ON checklists", "INSERT ON rounds", "INSERT ON participants",
				"UPDATE ON rounds", "UPDATE ON participants", "INSERT ON assessments", "INSERT ON answers",
				"INSERT ON changes",
				"UPDATE ON assessments", "INSERT ON events"} {
				if name == "postgres" {
					exec("CREATE TRIGGER breaks BEFORE " + step + " FOR EACH ROW EXECUTE FUNCTION broken()")
				} else {
					exec("CREATE TRIGGER breaks BEFORE " + step +
						" BEGIN SELECT RAISE(ABORT, 'broken on purpose'); END")
				}
				if _, err := s.ImportTable(ctx, intake, bulk(n, 3)); err == nil ||
					fault.As(err) != nil && fault.As(err).Kind == fault.Conflict {
					t.Errorf("%s: the import goes on: %v", step, err)
				}
				_, table, _ := strings.Cut(step, " ON ")
				if name == "postgres" {
					exec("DROP TRIGGER breaks ON " + table)
				} else {
					exec("DROP TRIGGER breaks")
				}
				if after := state(); after != before {
					t.Errorf("%s: left %s of %s", step, after, before)
				}
			}
			id, err := s.ImportTable(ctx, intake, bulk(n, 3))
			must(t, err)
			r, err := s.Round(ctx, id)
			must(t, err)
			submitted := len(records(t, s, id))
			if r.Status != round.Closed || submitted != n || len(r.Groups) == 0 {
				t.Errorf("round %+v with %d records", r, submitted)
			}
			_, err = s.ImportTable(ctx, intake, bulk(n, 3))
			wantFault(t, err, fault.Conflict, "round_exists")
			intake.Round.ID, intake.Round.Status = id, round.Open
			_, err = s.ImportTable(ctx, intake, bulk(n, 3))
			wantFault(t, err, fault.Conflict, "round_status")
		})
	}
}
