package main

import (
	"fmt"
	"io/fs"
	"os"

	"ortsspiegel/pkg/catalog"
)

type lintCommand struct {
	Files []string `arg:"" name:"file" help:"Checklist files."`
	JSON  bool     `help:"Print the problems as JSON."`
}

func (c *lintCommand) Run(a *app) error {
	problems := catalog.Lint(c.Files, func(path string) (fs.File, error) { return os.Open(path) })
	if c.JSON {
		if err := a.printJSON(problems); err != nil {
			return err
		}
	} else {
		for _, p := range problems {
			fmt.Fprintln(a.stdout, p)
		}
	}
	if catalog.HasErrors(problems) {
		return errReported
	}
	return nil
}
