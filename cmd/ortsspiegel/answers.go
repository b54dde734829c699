package main

import (
	"fmt"
	"os"
	"strings"

	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/workbook/form"
)

type answersCommand struct {
	Import      answersImportCommand      `cmd:"" help:"Bring back a form that was filled in with a spreadsheet."`
	ImportTable answersImportTableCommand `cmd:"" help:"Make submitted assessments of a foreign table: towns in rows, questions in columns."`
}

type answersImportCommand struct {
	dataFlags
	File   string `arg:"" help:"The filled-in form, .xlsx."`
	DryRun bool   `help:"Say what would change, and change nothing."`
	Prefer string `enum:"file,server," default:"" help:"Where both have changed: take the file or keep the server's. Without it such a file is refused."`
}

func (c *answersImportCommand) Run(a *app) error {
	p, err := a.existing(c.dataFlags)
	if err != nil {
		return err
	}
	defer p.store.Close()
	f, err := os.Open(c.File)
	if err != nil {
		return fileFault(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return fileFault(err)
	}
	returned, err := form.ReadForm(a.ctx, f, info.Size(), func(hash string) (*checklist.Definition, error) {
		return p.versions.Definition(a.ctx, hash)
	})
	if err != nil {
		return named(c.File, err)
	}
	head, err := p.assessments.AnyHead(a.ctx, returned.Assessment)
	if fault.Is(err, fault.NotFound) {
		return fault.New(fault.NotFound, "assessment_unknown", "%s: its assessment %d is not in this database", c.File,
			returned.Assessment)
	}
	if err != nil {
		return err
	}
	by := assessment.ByAccount(operator)
	lines, err := p.assessments.PlanForm(a.ctx, by, head, returned)
	if err != nil {
		return named(c.File, err)
	}
	inputs, conflicts := c.tell(a, head, lines, returned.Problems)
	switch {
	case conflicts > 0 && c.Prefer == "":
		return fault.New(fault.Conflict, "form_conflict",
			"%d answers have changed here and in the file: nothing was stored; say --prefer file or --prefer server",
			conflicts)
	case c.DryRun:
		_, err = fmt.Fprintf(a.stdout, "%d answers would be stored, nothing was\n", len(inputs))
		return err
	}
	if _, err := p.assessments.SaveForm(a.ctx, by, head, c.File, inputs); err != nil {
		return err
	}
	_, err = fmt.Fprintf(a.stdout, "%d answers stored\n", len(inputs))
	return err
}

// tell prints what the file changes and returns what is to be stored, and how many conflicts there are.
func (c *answersImportCommand) tell(a *app, head assessment.Head, lines []assessment.MergeLine,
	problems []assessment.CellProblem) (inputs []assessment.FormInput, conflicts int) {
	out := plainWriter{a.stdout}
	fmt.Fprintf(out, "%s · %s\n", head.TownName, head.RoundTitle)
	for i := range lines {
		l := &lines[i]
		verdicts := string(l.Answer)
		if l.Comment != assessment.Keep && l.Comment != assessment.Unchanged {
			verdicts += ", comment " + string(l.Comment)
		}
		if in, ok := l.Input(c.Prefer == "file"); ok {
			inputs = append(inputs, in)
		}
		if l.Conflict() {
			conflicts++
		}
		if l.Changes(true) {
			fmt.Fprintf(out, "  %s (%s!%s): %s: %s\n", l.Question, l.File.Sheet, l.File.Cell, verdicts, changed(l))
		}
	}
	for _, p := range problems {
		fmt.Fprintf(out, "  %s: not understood: %s\n", p.Question, p.Message)
	}
	return inputs, conflicts
}

// changed says what a line is about: the answer, the comment or both.
func changed(l *assessment.MergeLine) string {
	var parts []string
	if l.Answer == assessment.Take || l.Answer == assessment.Clash {
		parts = append(parts, shown(l.Now.Given, l.Now.Answer)+" -> "+shown(!l.File.Clear, l.File.Answer))
	}
	if l.Comment == assessment.Take || l.Comment == assessment.Clash {
		parts = append(parts, fmt.Sprintf("%q -> %q", l.Now.Comment, l.File.Comment))
	}
	return strings.Join(parts, ", ")
}

// shown is an answer for a terminal: ids, not labels.
func shown(given bool, answer checklist.Answer) string {
	if !given {
		return "open"
	}
	in := assessment.InputOf(answer)
	if in.NotApplicable != nil {
		return "not applicable: " + *in.NotApplicable
	}
	return strings.Join(in.Values, ", ")
}
