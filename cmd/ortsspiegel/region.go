package main

import (
	"fmt"
	"io"
	"os"
	"strings"

	"ortsspiegel/pkg/bench/disclosure"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/gazetteer"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/territory"
)

type regionCommand struct {
	Import regionImportCommand `cmd:"" help:"Import municipalities from the federal register's workbook or a CSV file."`
}

type regionImportCommand struct {
	dataFlags
	File      string `arg:"" help:"AuszugGV….xlsx or a CSV file."`
	Districts string `placeholder:"05958,..." help:"Only these districts."`
	ID        string `name:"id" default:"region" help:"The region's id in addresses and commands."`
	Name      string `help:"The region's name."`
	Agency    string `help:"Who runs the region."`
	DryRun    bool   `help:"Say what would change, and change nothing."`
}

func (c *regionImportCommand) Run(a *app) error {
	districts, err := gazetteer.ParseDistricts(c.Districts)
	if err != nil {
		return err
	}
	f, err := os.Open(c.File)
	if err != nil {
		return fileFault(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return fileFault(err)
	}
	found, err := gazetteer.Read(a.ctx, f, info.Size(), districts)
	if err != nil {
		return named(c.File, err)
	}
	for _, note := range found.Notices {
		fmt.Fprintf(a.stderr, "%s: %s\n", note.Name, note.Message)
	}
	data := c.dataFlags
	if c.DryRun && !data.hasDatabase() {
		// compared with an empty database elsewhere, so that nothing comes into being here
		if data.Data, err = os.MkdirTemp("", "ortsspiegel-dry-run-"); err != nil {
			return fileFault(err)
		}
		defer os.RemoveAll(data.Data)
	}
	p, err := a.open(data, "", disclosure.DefaultRules(), nil, false)
	if err != nil {
		return err
	}
	defer p.store.Close()
	r := region.Region{ID: region.ID(c.ID), Name: c.Name, Agency: c.Agency, Source: found.Source}
	var sum territory.Summary
	if c.DryRun {
		sum, err = p.territory.Plan(a.ctx, r, found.Municipalities)
	} else {
		sum, err = p.territory.Import(a.ctx, operator, r, found.Municipalities)
	}
	if err != nil {
		return err
	}
	return a.printSummary(sum, c.DryRun)
}

func (a *app) printSummary(s territory.Summary, dry bool) error {
	var b strings.Builder
	verb := "imported into"
	if dry {
		verb = "would be imported into"
	}
	fmt.Fprintf(&b, "%s (%s): %d municipalities %s the region, %d inhabitants, %.2f km²\n", s.Region.Name, s.Region.ID,
		len(s.New)+len(s.Changed)+s.Unchanged, verb, s.Population, s.AreaKm2)
	fmt.Fprintf(&b, "  new        %d\n  joining    %d\n  changed    %d\n  unchanged  %d\n  not in the file, kept  %d\n",
		len(s.New), len(s.Joining), len(s.Changed), s.Unchanged, len(s.NotInFile))
	for _, t := range s.Kept {
		fmt.Fprintf(&b, "  %s %s: the file gives no population, %d is kept\n", t.AGS, t.Name, t.Population)
	}
	for i, c := range s.Changed {
		if i == 20 {
			fmt.Fprintf(&b, "  … and %d more changes\n", len(s.Changed)-i)
			break
		}
		fmt.Fprintf(&b, "  %s %s: %s\n", c.New.AGS, c.New.Name, strings.Join(c.Fields, ", "))
	}
	if dry {
		b.WriteString("dry run: nothing was changed\n")
	}
	_, err := io.WriteString(a.stdout, b.String())
	return err
}

type mapCommand struct {
	Import mapImportCommand `cmd:"" help:"Import outlines from GeoJSON (property ags, WGS 84)."`
}

var errNoOutline = fault.New(fault.Invalid, "outlines", "none of the outlines belongs to a town of the region")

type mapImportCommand struct {
	dataFlags
	File   string `arg:"" help:"The GeoJSON file."`
	Region string `required:"" placeholder:"ID" help:"The region whose towns the outlines show."`
}

func (c *mapImportCommand) Run(a *app) error {
	f, err := os.Open(c.File)
	if err != nil {
		return fileFault(err)
	}
	defer f.Close()
	outlines, keys, err := gazetteer.ReadOutlines(f)
	if err != nil {
		return named(c.File, err)
	}
	p, err := a.existing(c.dataFlags)
	if err != nil {
		return err
	}
	defer p.store.Close()
	if _, err := p.territory.Region(a.ctx, region.ID(c.Region)); err != nil {
		return named("--region "+c.Region, err)
	}
	towns, err := p.territory.Towns(a.ctx, region.ID(c.Region))
	if err != nil {
		return err
	}
	drawn := map[region.AGS]bool{}
	for _, k := range keys {
		drawn[k] = true
	}
	missing := 0
	for _, t := range towns {
		if !drawn[t.AGS] {
			missing++
		}
	}
	if missing == len(towns) {
		return named(c.File, errNoOutline)
	}
	if err := p.territory.SaveOutlines(a.ctx, operator, region.ID(c.Region), outlines); err != nil {
		return err
	}
	_, err = fmt.Fprintf(a.stdout, "%d outlines imported; %d of %d towns have none\n", len(keys), missing, len(towns))
	return err
}
