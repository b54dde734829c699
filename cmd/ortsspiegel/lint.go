package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"ortsspiegel/pkg/catalog"
)

type lintCommand struct {
	Files []string `arg:"" name:"file" help:"Checklist files, or folders of them."`
	JSON  bool     `help:"Print the problems as JSON."`
	Watch bool     `help:"Check again after every save, until interrupted."`
}

func (c *lintCommand) Run(a *app) error {
	if c.Watch {
		return c.watch(a)
	}
	return c.check(a)
}

// check lints the files as they are now.
func (c *lintCommand) check(a *app) error {
	files := catalogFiles(c.Files)
	if c.Watch && !c.JSON {
		fmt.Fprintf(a.stdout, "%s checking %s\n", a.now().Format(time.TimeOnly), counted(len(files), "file"))
	}
	opening := func(path string) (fs.File, error) { return os.Open(path) }
	problems := append(catalog.Lint(files, opening), catalog.LintFolders(c.Files, opening)...)
	if err := c.print(a, problems); err != nil {
		return err
	}
	if catalog.HasErrors(problems) {
		return errReported
	}
	return nil
}

func (c *lintCommand) print(a *app, problems []catalog.Problem) error {
	if c.JSON {
		return a.printJSON(problems)
	}
	out := plainWriter{a.stdout}
	for _, p := range problems {
		fmt.Fprintln(out, p)
	}
	if !c.Watch {
		return nil
	}
	_, err := fmt.Fprintf(out, "%s %s\n", a.now().Format(time.TimeOnly), counted(len(problems), "problem"))
	return err
}

func counted(n int, what string) string {
	switch n {
	case 0:
		return "no " + what + "s"
	case 1:
		return "1 " + what
	}
	return fmt.Sprint(n, " ", what, "s")
}

// catalogFiles puts the checklist files in a folder, or in the folders in it, in the folder's
// place. A folder without any stays, for the linter to say so.
func catalogFiles(paths []string) []string {
	var files []string
	for _, p := range paths {
		if info, err := os.Stat(p); err != nil || !info.IsDir() {
			files = append(files, p)
			continue
		}
		found := yamlIn(p, 1)
		if len(found) == 0 {
			found = []string{p}
		}
		files = append(files, found...)
	}
	return files
}

// yamlIn lists the YAML files in a folder and so many levels below it. Hidden ones are not meant.
func yamlIn(folder string, levels int) []string {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil
	}
	var files []string
	for _, e := range entries {
		path := filepath.Join(folder, e.Name())
		switch {
		case e.Name()[0] == '.':
		case !e.IsDir() && slices.Contains([]string{".yaml", ".yml"}, filepath.Ext(path)):
			files = append(files, path)
		case e.IsDir() && levels > 0:
			files = append(files, yamlIn(path, levels-1)...)
		}
	}
	return files
}
