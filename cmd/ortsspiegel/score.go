package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"ortsspiegel/pkg/catalog"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/score"
	"ortsspiegel/pkg/wording"
)

type scoreCommand struct {
	Checklist string `required:"" placeholder:"FILE" help:"The checklist file."`
	Answers   string `default:"-" placeholder:"FILE" help:"The answers as JSON; - reads standard input."`
	JSON      bool   `help:"Print the result as JSON."`
}

var errBothStdin = fmt.Errorf(
	"%w: standard input holds either the checklist or the answers: please name a file for one of them", errUsage)

func (c *scoreCommand) Run(a *app) error {
	if c.Checklist == "-" && c.Answers == "-" {
		return errBothStdin
	}
	d, err := a.readChecklist(c.Checklist)
	if err != nil {
		return err
	}
	data, err := a.readInput(c.Answers, score.MaxAnswersJSON)
	if err != nil {
		return err
	}
	answers, err := score.ReadAnswers(d, data)
	if err != nil {
		return named(c.Answers, err)
	}
	r := score.Score(d, answers)
	if c.JSON {
		return a.printJSON(r)
	}
	return a.printResult(d, r)
}

func (a *app) printResult(d *checklist.Definition, r *score.Result) error {
	const lang = english
	words := wording.Cell(lang)
	show := func(p *float64) string {
		if p == nil {
			return "."
		}
		return words.Percent(*p)
	}
	level := "none"
	if l, _, ok := d.Level(r.Level); ok {
		level = l.Label.In(lang)
	}
	if r.Provisional {
		level += " (provisional)"
	}
	out := fmt.Sprintf("%s %s\nscore    %s\nrange    %s to %s\nlevel    %s\ncomplete %s\n",
		d.Title.In(lang), d.Version, show(r.Score), show(r.Low), show(r.High), level, words.Percent(r.Completeness))
	for _, cap := range r.Caps {
		l, _, _ := d.Level(cap.CapsAt)
		out += fmt.Sprintf("capped   at %s by %s\n", l.Label.In(lang), cap.Question)
	}
	for i, s := range r.Sections {
		out += fmt.Sprintf("  %-9s %s\n", show(s.Score), d.Sections[i].Title.In(lang))
	}
	_, err := io.WriteString(a.stdout, out)
	return err
}

// readChecklist reads and checks a checklist file; its problems are printed.
func (a *app) readChecklist(path string) (*checklist.Definition, error) {
	data, err := a.readInput(path, catalog.MaxBytes)
	if err != nil {
		return nil, err
	}
	d, problems := catalog.Parse(path, data)
	if d != nil {
		return d, nil
	}
	for _, p := range problems {
		fmt.Fprintln(a.stderr, p)
	}
	return nil, errReported
}

// readInput reads a file, or standard input for "-", up to a limit in bytes.
func (a *app) readInput(path string, limit int64) ([]byte, error) {
	in := a.stdin
	if path != "-" {
		f, err := os.Open(path)
		if err != nil {
			return nil, fileFault(err)
		}
		defer f.Close()
		in = f
	}
	data, err := io.ReadAll(io.LimitReader(in, limit+1))
	if err != nil {
		return nil, fileFault(err)
	}
	if int64(len(data)) > limit {
		return nil, fault.New(fault.TooLarge, "file_large", "%s: larger than %d bytes", path, limit)
	}
	return data, nil
}

func fileFault(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return fault.New(fault.Invalid, "file", "%s: %v", p.Path, p.Err)
	}
	return err
}

// named puts the name of the input before what is wrong with it.
func named(name string, err error) error {
	f := fault.As(err)
	if f == nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if name == "-" {
		name = "standard input"
	}
	c := *f
	c.Message, c.Err = name+": "+f.Message, nil
	return &c
}

func (a *app) printJSON(v any) error {
	e := json.NewEncoder(a.stdout)
	e.SetEscapeHTML(false)
	return e.Encode(v)
}
