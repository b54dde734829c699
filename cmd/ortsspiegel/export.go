package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/report"
	"ortsspiegel/pkg/round"
	"ortsspiegel/pkg/workbook/reports"
)

type exportCommand struct {
	dataFlags
	checklistFlags
	Round  int64  `required:"" placeholder:"ID" help:"The round."`
	Ags    string `name:"ags" placeholder:"AGS" xor:"what" help:"The town's report."`
	Region bool   `xor:"what" help:"The report of the round's region: everything that was submitted."`
	Out    string `required:"" placeholder:"FILE" help:"The file to write, .xlsx or .csv; it must not exist. A region's answers can also be .jsonl, as bench reads them."`
	Format string `default:"report" enum:"report,analysis" help:"report: what the pages offer people; analysis: a region's tables with ids, for analysts."`
	Lang   string `default:"de" enum:"de,en" help:"${enum}"`
}

func (c *exportCommand) Run(a *app) error {
	ending := strings.ToLower(filepath.Ext(c.Out))
	csv := ending == ".csv"
	switch {
	case !csv && ending != ".xlsx" && ending != ".jsonl":
		return fmt.Errorf("%w: --out: a file name that ends in .xlsx or .csv is expected, or in .jsonl for a region",
			errUsage)
	case c.Region == (c.Ags != ""):
		return fmt.Errorf("%w: either --ags or --region is expected", errUsage)
	case !c.Region && (ending == ".jsonl" || c.Format == "analysis"):
		return fmt.Errorf("%w: --format analysis and .jsonl are for --region", errUsage)
	}
	p, err := a.existingWith(c.dataFlags, c.checklistFlags)
	if err != nil {
		return err
	}
	defer p.store.Close()
	r, err := p.rounds.Operator(operator).Round(a.ctx, round.ID(c.Round))
	if fault.Is(err, fault.NotFound) {
		return noRound("--round", c.Round)
	}
	if err != nil {
		return err
	}
	sources := report.Service{Assessments: p.assessments, Rounds: p.rounds, Versions: p.versions, Trends: p.trends,
		Territory: p.territory,
		Program:   program(), Now: a.now}
	write := func(w io.Writer) error { return c.region(a, p, sources, r, ending, w) }
	town := region.AGS("")
	if !c.Region {
		h, err := c.head(a, p, r)
		if err != nil {
			return err
		}
		town = h.Town
		write = func(w io.Writer) error { return c.town(a, sources, h, csv, w) }
	}
	if err := newFile(c.Out, write); err != nil {
		return err
	}
	if err := p.accounts.Record(a.ctx, operator, account.EventExported, town, r.Region, r.Title); err != nil {
		return err
	}
	_, err = fmt.Fprintf(a.stdout, "written to %s\n", c.Out)
	return err
}

// head finds the assessment of the town in the round.
func (c *exportCommand) head(a *app, p *parts, r round.Round) (assessment.Head, error) {
	ags, err := region.ParseAGS(c.Ags)
	if err != nil {
		return assessment.Head{}, named("--ags", err)
	}
	heads, err := p.assessments.AnyOfTown(a.ctx, ags)
	if err != nil {
		return assessment.Head{}, err
	}
	for _, h := range heads {
		if round.ID(h.Round) == r.ID {
			return h, nil
		}
	}
	return assessment.Head{}, fault.New(fault.NotFound, "assessment_unknown",
		"the town %s has no assessment in round %d", ags, r.ID)
}

func (c *exportCommand) town(a *app, s report.Service, h assessment.Head, csv bool, w io.Writer) error {
	if csv {
		report, err := s.Answers(a.ctx, h, checklist.Lang(c.Lang))
		if err != nil {
			return err
		}
		return reports.WriteTownCSV(w, report)
	}
	// The file is the one that the town's own people get.
	own := account.Actor{User: anybody, Role: account.TownLead, Town: h.Town}
	report, err := s.Town(a.ctx, own, h, checklist.Lang(c.Lang))
	if err != nil {
		return err
	}
	return reports.WriteTown(w, report)
}

func (c *exportCommand) region(a *app, p *parts, s report.Service, r round.Round, ending string, w io.Writer) error {
	lang := checklist.Lang(c.Lang)
	if c.Format == "analysis" || ending == ".jsonl" {
		report, err := s.Analysis(a.ctx, r, lang)
		if err != nil {
			return err
		}
		switch ending {
		case ".jsonl":
			return reports.WriteAnalysisLines(w, report)
		case ".csv":
			return reports.WriteAnalysisCSV(w, report)
		}
		return reports.WriteAnalysis(w, report)
	}
	if ending == ".csv" {
		report, err := s.Raw(a.ctx, r, lang)
		if err != nil {
			return err
		}
		return reports.WriteRegionCSV(w, report)
	}
	report, err := s.Region(a.ctx, r, lang)
	if err != nil {
		return err
	}
	// The file is the one that the agency's own people get, with whom to call.
	agency := account.Actor{User: anybody, Role: account.AgencyAdmin, Region: r.Region}
	if report.Contacts, err = p.accounts.LeadsOf(a.ctx, agency, report.Towns()); err != nil {
		return err
	}
	return reports.WriteRegion(w, report)
}

// anybody stands for a person whom no account belongs to: only rights matter.
const anybody account.UserID = -1

// newFile writes a file that must not exist yet; whoever looks sees all of it or nothing.
func newFile(path string, write func(io.Writer) error) error {
	if _, err := os.Lstat(path); err == nil {
		return fault.New(fault.Conflict, "file_exists", "%s: the file exists already", path)
	}
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return fileFault(err)
	}
	defer os.Remove(f.Name())
	err = write(f)
	if e := f.Sync(); err == nil {
		err = e
	}
	if e := f.Close(); err == nil {
		err = e
	}
	if err != nil {
		return err
	}
	// A link, unlike a rename, never replaces a file that came into being meanwhile; not every
	// file system has links.
	if err := os.Link(f.Name(), path); err == nil || errors.Is(err, os.ErrExist) {
		return fileFault(err)
	}
	return fileFault(os.Rename(f.Name(), path))
}

// program is what reports name as their maker.
// releaseDay is the day of the release, zero for a build that does not know it.
func releaseDay() time.Time {
	day, err := time.Parse(time.DateOnly, released)
	if err != nil {
		return time.Time{}
	}
	return day
}

func program() string { return "Ortsspiegel " + version }
