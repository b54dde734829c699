package main

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/bench/disclosure"
	"ortsspiegel/pkg/catalog"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/round"
	"ortsspiegel/pkg/round/intake"
	"ortsspiegel/pkg/wording"
	"ortsspiegel/pkg/workbook/table"
)

type answersImportTableCommand struct {
	dataFlags
	checklistFlags
	File         string `arg:"" help:"The table, .xlsx or .csv: a row of headers, towns in rows, questions in columns."`
	Map          string `required:"" placeholder:"MAP.yaml" help:"What the columns and their texts mean; checklists/README.md has an example."`
	Sheet        string `placeholder:"NAME" help:"The workbook's sheet, if there are several."`
	DryRun       bool   `help:"Say what would be stored and what cannot be placed, and change nothing."`
	SkipUnplaced bool   `help:"Store the rest if cells or rows cannot be placed; without it nothing is stored then."`
	JSON         bool   `name:"json" help:"Report as JSON, with all problems."`
}

// tableImport is a table on its way into a round.
type tableImport struct {
	*answersImportTableCommand
	app    *app
	p      *parts
	m      *catalog.TableMap
	d      *checklist.Definition
	round  round.Round         // ID 0: it is to be created
	taking []round.Participant // of an existing round
	placed *intake.Placed
	sheet  string // as the workbook calls it; empty: a CSV file
	// converted is the encoding of a CSV file, if it was not UTF-8
	converted string
}

func (c *answersImportTableCommand) Run(a *app) error {
	m, err := a.readTableMap(c.Map)
	if err != nil {
		return err
	}
	if !c.hasDatabase() {
		return errNoDatabase(c.Data)
	}
	p, err := a.open(c.dataFlags, c.Checklists, disclosure.DefaultRules(), nil, false)
	if err != nil {
		return err
	}
	defer p.store.Close()
	t := &tableImport{answersImportTableCommand: c, app: a, p: p, m: m}
	if err := t.findRound(); err != nil {
		return named(c.Map, err)
	}
	if err := a.tellProblems(m.Check(t.d)); err != nil {
		return err
	}
	if err := t.place(); err != nil {
		return err
	}
	return t.finish()
}

func (a *app) readTableMap(file string) (*catalog.TableMap, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, fileFault(err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, catalog.MaxBytes+1))
	if err != nil {
		return nil, fileFault(err)
	}
	m, problems := catalog.ParseTableMap(file, data)
	return m, a.tellProblems(problems)
}

// tellProblems prints what is wrong with a map.
func (a *app) tellProblems(problems []catalog.Problem) error {
	for _, p := range problems {
		fmt.Fprintln(plainWriter{a.stderr}, p)
	}
	if catalog.HasErrors(problems) {
		return errReported
	}
	return nil
}

// findRound finds the round and its checklist, or what a new one needs.
func (t *tableImport) findRound() error {
	ctx, in := t.app.ctx, t.m.Round
	if in.ID == 0 {
		return t.planRound(in)
	}
	var err error
	if t.round, err = t.p.rounds.Operator(operator).Round(ctx, in.ID); fault.Is(err, fault.NotFound) {
		return fault.New(fault.NotFound, "round_unknown", "there is no round %d", in.ID)
	} else if err != nil {
		return err
	}
	switch {
	case t.round.Status != round.Planned && t.round.Status != round.Open:
		return fault.New(fault.Conflict, "round_over",
			"round %d (%s) is %s: answers are imported into a planned or open round, or into one that the map creates",
			t.round.ID, t.round.Title, t.round.Status)
	case t.round.Checklist != t.m.Checklist:
		return fault.New(fault.Invalid, "round_checklist", "round %d (%s) asks %s, the map is for %s", t.round.ID,
			t.round.Title, t.round.Checklist, t.m.Checklist)
	}
	if t.d, err = t.p.versions.Definition(ctx, t.round.Hash); err != nil {
		return err
	}
	t.taking, err = t.p.rounds.Standing(ctx, t.round)
	return err
}

// planRound checks what the map says of a new round.
func (t *tableImport) planRound(in catalog.TableRound) error {
	ctx := t.app.ctx
	if _, err := t.p.territory.Region(ctx, in.Region); fault.Is(err, fault.NotFound) {
		return fault.New(fault.NotFound, "region_unknown", "there is no region %s", in.Region)
	} else if err != nil {
		return err
	}
	opens, closes := berlinDay(in.Opens), berlinDay(in.Closes).AddDate(0, 0, 1) // the last day counts whole
	if closes.After(t.app.now()) {
		return fault.New(fault.Invalid, "round_future",
			"the round would close on %s: only one that is over is created here; create it on the agency's pages and "+
				"give its number", in.Closes)
	}
	title, ok := round.CleanTitle(in.Title)
	if !ok {
		return fault.New(fault.Invalid, "title", "the round's title has 3 to 120 characters")
	}
	var err error
	if t.d, _, err = t.p.catalog.Get(t.m.Checklist); fault.Is(err, fault.NotFound) {
		return fault.New(fault.NotFound, "checklist_unknown", "there is no published checklist %s", t.m.Checklist)
	} else if err != nil {
		return err
	}
	t.round = round.Round{Region: in.Region, Title: title, Checklist: t.m.Checklist, Hash: t.d.Hash,
		Opens: opens.UTC(), Closes: closes.UTC()}
	rounds, err := t.p.rounds.Operator(operator).OfRegion(ctx, in.Region)
	if err != nil {
		return err
	}
	for _, r := range rounds {
		if r.Title == t.round.Title && r.Opens.Equal(t.round.Opens) {
			return fault.New(fault.Conflict, "round_exists",
				"the region already has this round, number %d (%s), %s: was the table imported before?", r.ID, r.Title,
				r.Status)
		}
	}
	return nil
}

// berlinDay is the beginning of a day in Germany; the map's reader has checked the day.
func berlinDay(s string) time.Time {
	t, err := time.ParseInLocation(time.DateOnly, s, wording.Berlin)
	if err != nil {
		return time.Time{}
	}
	return t
}

// place reads the table and lays the map over it.
func (t *tableImport) place() error {
	f, err := os.Open(t.File)
	if err != nil {
		return fileFault(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return fileFault(err)
	}
	table, err := table.ReadTable(t.app.ctx, f, info.Size(), t.Sheet)
	if err != nil {
		return named(t.File, err)
	}
	t.sheet, t.converted = table.Sheet, table.Converted
	scope := intake.Scope{First: wording.ISODay(t.round.Opens), Last: wording.ISODay(t.app.now())}
	if scope.Region, err = t.p.territory.Towns(t.app.ctx, t.round.Region); err != nil {
		return err
	}
	if t.round.ID != 0 {
		scope.Taking = map[region.AGS]bool{}
		for _, p := range t.taking {
			scope.Taking[p.Town.AGS] = true
		}
	}
	t.placed, err = intake.Place(t.d, &t.m.Table, table, scope)
	if f := fault.As(err); f != nil && len(f.Fields) > 0 {
		return err // the fields name the map
	} else if err != nil {
		return named(t.File, err)
	}
	return nil
}

// finish reports, and stores if it may.
func (t *tableImport) finish() error {
	refused := t.refusal()
	stored := false
	if refused == nil && !t.DryRun {
		if err := t.store(); err != nil {
			return err
		}
		stored = true
	}
	if err := t.report(stored); err != nil {
		return err
	}
	return refused
}

// refusal says why the table cannot be stored as it is; nil if it can.
func (t *tableImport) refusal() error {
	var touched []string
	at := map[region.AGS]round.Participant{}
	for _, p := range t.taking {
		at[p.Town.AGS] = p
	}
	for _, town := range t.placed.Towns {
		if at[town.Town.AGS].Change > 0 {
			touched = append(touched, town.Town.Name)
		}
	}
	p := t.placed
	switch {
	case len(touched) > 0:
		list := strings.Join(touched[:min(len(touched), 10)], ", ")
		return fault.New(fault.Conflict, "assessment_touched",
			"%d towns already have answers in this round (%s%s): was the table imported before? Nothing was stored",
			len(touched), list, map[bool]string{true: ", …"}[len(touched) > 10])
	case !p.Complete() && !t.SkipUnplaced:
		return fault.New(fault.Invalid, "table_unplaced",
			"%d cells and %d rows cannot be placed: correct the map or the table, or say --skip-unplaced; nothing "+
				"was stored", p.Count.Problems, len(p.Rows))
	case len(p.Towns) == 0:
		return fault.New(fault.Invalid, "table_empty", "no town of the table has an answer: nothing was stored")
	}
	return nil
}

// store creates or opens the round if need be and stores everything, in one transaction: a table is there or it is not.
func (t *tableImport) store() error {
	ctx, rounds := t.app.ctx, t.p.rounds.Operator(operator)
	bulk, err := t.bulk()
	if err != nil {
		return err
	}
	intake, err := rounds.IntakeOf(ctx, t.round)
	if t.round.ID == 0 {
		var towns []region.AGS
		for _, town := range slices.Concat(t.placed.Towns, t.placed.Silent) {
			towns = append(towns, town.Town.AGS)
		}
		intake, err = rounds.IntakeOfNew(ctx, t.round.Region,
			round.New{Title: t.round.Title, Checklist: t.round.Checklist, Opens: t.round.Opens, Closes: t.round.Closes,
				Towns: towns})
	}
	if err != nil {
		return err
	}
	intake.Before = append(intake.Before, account.Event{At: t.app.now().UTC(), Name: operator.Name,
		Kind: account.EventImported, Region: t.round.Region, Subject: t.round.Title,
		Detail: assessment.FileName(t.File)})
	t.round.ID, err = rounds.TakeIn(ctx, intake, bulk)
	return err
}

// bulk makes submitted assessments of what was placed.
func (t *tableImport) bulk() ([]assessment.Import, error) {
	population := map[region.AGS]int{}
	for _, p := range t.taking {
		population[p.Town.AGS] = p.Population
	}
	origin := assessment.Origin{Kind: assessment.OriginImport, Subject: assessment.FileName(t.File)}
	bulk := make([]assessment.Import, len(t.placed.Towns))
	for i, town := range t.placed.Towns {
		b, at := assessment.Import{Town: town.Town.AGS}, t.submitted(town)
		for _, e := range town.Entries {
			entry := assessment.Entry{Question: e.Question, Given: e.Given, Answer: e.Answer, Comment: e.Comment,
				Revision: 1, By: operator.Name, At: at}
			if e.Given {
				entry.Origin = origin
			}
			b.Entries = append(b.Entries, entry)
		}
		persons, ok := population[town.Town.AGS]
		if !ok {
			persons = town.Town.Population
		}
		if err := b.Submit(t.d, persons, at, operator.Name); err != nil {
			return nil, err
		}
		bulk[i] = b
	}
	return bulk, nil
}

// submitted is when a town has submitted: at noon of the day in the table or in the map, else at the round's
// end, at the latest now.
func (t *tableImport) submitted(town intake.PlacedTown) time.Time {
	now := t.app.now().UTC()
	at := t.round.Closes.Add(-time.Minute)
	for _, day := range []string{t.m.Table.SubmittedOn, town.Submitted} {
		if day != "" {
			at = berlinDay(day).Add(12 * time.Hour)
		}
	}
	if at.After(now) {
		at = now
	}
	return at.UTC()
}
