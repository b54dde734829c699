package main

import (
	"fmt"
	"io"
	"os"

	"ortsspiegel/pkg/bench"
	"ortsspiegel/pkg/bench/disclosure"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/wording"
)

type benchCommand struct {
	Checklist   string `required:"" placeholder:"FILE" help:"The checklist file."`
	Assessments string `default:"-" placeholder:"FILE" help:"Assessments as JSON Lines; - reads standard input."`
	Audience    string `default:"agency" enum:"agency,town" help:"agency: all figures; town: what a release would show."`
	JSON        bool   `help:"Print the benchmark as JSON."`
}

func (c *benchCommand) Run(a *app) error {
	if c.Checklist == "-" && c.Assessments == "-" {
		return errBothStdin
	}
	d, err := a.readChecklist(c.Checklist)
	if err != nil {
		return err
	}
	in := a.stdin
	if c.Assessments != "-" {
		f, err := os.Open(c.Assessments)
		if err != nil {
			return fileFault(err)
		}
		defer f.Close()
		in = f
	}
	records, err := bench.ReadAssessments(d, in)
	if err != nil {
		return named(c.Assessments, err)
	}
	groups := region.Groups(bench.Members(records))
	report := bench.Compute(d, records, groups)
	if bench.Audience(c.Audience) == bench.Town {
		release, err := disclosure.Disclose(disclosure.Request{Definition: d, Records: records, Groups: groups,
			Rules: disclosure.DefaultRules()})
		if err != nil {
			return err
		}
		report = &release.Report
	}
	if c.JSON {
		return a.printJSON(report)
	}
	return a.printBenchmark(report)
}

func (a *app) printBenchmark(r *bench.Report) error {
	out := fmt.Sprintf("%s, %s audience\n%-24s %5s  %8s %8s %8s\n", r.Ref, r.Audience, "group", "n", "q1", "median",
		"q3")
	show := func(p *float64) string {
		if p == nil {
			return "."
		}
		return wording.Cell(english).PercentNumber(*p)
	}
	for _, g := range r.Groups {
		q1, median, q3 := ".", ".", "."
		if total, ok := g.Node(bench.Total); ok {
			q1, median, q3 = show(total.Points.Q1), show(total.Points.Median), show(total.Points.Q3)
		}
		out += fmt.Sprintf("%-24s %5d  %8s %8s %8s\n", g.ID, g.N, q1, median, q3)
	}
	_, err := io.WriteString(a.stdout, out)
	return err
}
