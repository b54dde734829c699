package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"ortsspiegel/checklists"
	"ortsspiegel/pkg/catalog"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/checklist/carry"
	"ortsspiegel/pkg/checklist/compare"
	"ortsspiegel/pkg/fault"
)

type diffCommand struct {
	Versions   []string `arg:"" optional:"" name:"version" help:"Two versions, the older first: willkommen@1.0.0, or a file with those before it in the same folder."`
	JSON       bool     `help:"Print the differences as JSON."`
	Checklists string   `placeholder:"DIR" help:"A folder of checklists instead of the built-in ones."`
	answersFlags
}

func (c *diffCommand) Run(a *app) error {
	// That there is a database is no mistake without --answers: the environment can name one for all commands.
	switch {
	case c.Answers != 0:
		return c.answers(a)
	case len(c.Versions) != 2:
		return fmt.Errorf("%w: two versions are expected, the older first, such as willkommen@1.0.0 willkommen@2.0.0",
			errUsage)
	}
	p, err := c.path(a, c.Versions[0], c.Versions[1])
	if err != nil {
		return err
	}
	d := compare.Compare(p)
	if c.JSON {
		return a.printJSON(differenceJSON(p, d))
	}
	_, err = fmt.Fprint(plainWriter{a.stdout}, differenceInWords(p, d))
	return err
}

// path finds the way between two versions. What one of them says about the other is read, not
// judged: that is what lint does.
func (c *diffCommand) path(a *app, older, newer string) (*carry.Path, error) {
	from, _, err := c.version(a, older)
	if err != nil {
		return nil, err
	}
	to, beside, err := c.version(a, newer)
	if err != nil {
		return nil, err
	}
	if from.ID != to.ID {
		return nil, fault.New(fault.Invalid, "path_broken", "%s and %s are different checklists", from.Ref(), to.Ref())
	}
	if from.Version.Compare(to.Version) > 0 {
		return nil, fault.New(fault.Invalid, "path_broken", "%s is later than %s: name the older version first",
			from.Ref(), to.Ref())
	}
	return carry.PathBack(to, from.Version, func(v checklist.Version) (*checklist.Definition, error) {
		if v == from.Version {
			return from, nil
		}
		return beside(v)
	})
}

// version reads one version; beside reads others of the same folder.
func (c *diffCommand) version(a *app, name string) (d *checklist.Definition,
	beside func(checklist.Version) (*checklist.Definition, error), err error) {
	in := folder{a: a}
	file := filepath.Base(name)
	if filepath.Ext(name) == ".yaml" {
		in.files, in.name = os.DirFS(filepath.Dir(name)), filepath.Dir(name)
	} else {
		ref, ok := namedRef(name)
		if !ok {
			return nil, nil,
				fmt.Errorf(
					"%w: %s: a version such as willkommen@2.0.0 or a file such as checklists/willkommen/2.0.0.yaml "+
						"is expected", errUsage, name)
		}
		file = string(ref.Version) + ".yaml"
		if in.files, in.name, err = c.folder(string(ref.ID)); err != nil {
			return nil, nil, err
		}
	}
	beside = func(v checklist.Version) (*checklist.Definition, error) { return in.read(string(v) + ".yaml") }
	d, err = in.read(file)
	return d, beside, err
}

// namedRef reads a version such as willkommen@2.0.0.
func namedRef(name string) (ref checklist.Ref, ok bool) {
	id, version, ok := strings.Cut(name, "@")
	ref = checklist.Ref{ID: checklist.ID(id), Version: checklist.Version(version)}
	return ref, ok && ref.ID.Valid() && ref.Version.Valid()
}

// folder returns the folder of a checklist.
func (c *diffCommand) folder(id string) (files fs.FS, name string, err error) {
	if c.Checklists != "" {
		if err := isFolder(c.Checklists); err != nil {
			return nil, "", err
		}
		name = filepath.Join(c.Checklists, id)
		return os.DirFS(name), name, nil
	}
	files, err = fs.Sub(checklists.FS, id)
	return files, "built-in " + id, err
}

// folder holds the versions of one checklist.
type folder struct {
	a     *app
	files fs.FS
	name  string
}

// read reads a version as far as it can be built; why it cannot be is printed.
func (f folder) read(file string) (*checklist.Definition, error) {
	name := filepath.Join(f.name, file)
	in, err := f.files.Open(file)
	if err != nil {
		var at *fs.PathError
		if errors.As(err, &at) {
			err = at.Err
		}
		return nil, fault.New(fault.NotFound, "checklist_not_found", "%s: %v", name, err)
	}
	defer in.Close()
	data, err := io.ReadAll(io.LimitReader(in, catalog.MaxBytes+1)) // one byte more shows that it is too large
	if err != nil {
		return nil, fault.New(fault.Invalid, "file", "%s: %v", name, err)
	}
	d, problems := catalog.ParseStored(name, data)
	if d != nil {
		return d, nil
	}
	for _, p := range problems {
		fmt.Fprintln(plainWriter{f.a.stderr}, p)
	}
	return nil, errReported
}
