package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"ortsspiegel/pkg/catalog"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/checklist/compare"
	"ortsspiegel/pkg/fault"
)

type publishCommand struct {
	Checklists string   `default:"checklists" placeholder:"DIR" help:"The folder of checklists that id@version is looked for in."`
	Versions   []string `arg:"" name:"version" help:"A file such as checklists/willkommen/2.0.0.yaml, or willkommen@2.0.0."`
}

func (c *publishCommand) Run(a *app) (err error) {
	folder, refs, err := c.targets()
	if err != nil {
		return err
	}
	if err := isFolder(folder); err != nil {
		return err
	}
	// From reading the list to replacing it: of two at the same time none may lose the other's line.
	unlock, err := lockChecklists(folder)
	if err != nil {
		return fileFault(err)
	}
	defer func() { err = errors.Join(err, unlock()) }()
	list := filepath.Join(folder, catalog.PublishedFile)
	before, err := contentOf(list)
	if err != nil {
		return fileFault(err)
	}
	published, plan, err := catalog.Plan(folder, refs, wordOf)
	if err != nil {
		return inFolder(folder, err)
	}
	fresh := 0
	for _, p := range plan {
		for _, w := range p.Warnings {
			fmt.Fprintln(plainWriter{a.stderr}, w)
		}
		if !p.Already {
			fresh++
		}
	}
	if fresh > 0 {
		if err := replaceFile(list, before, published.Bytes()); err != nil {
			return fileFault(err)
		}
	}
	for _, p := range plan {
		if _, err := fmt.Fprint(a.stdout, publishedInWords(p, list)); err != nil {
			return err
		}
	}
	return nil
}

// targets tells which versions of which folder are meant. All of them must lie in one folder,
// because it has one list.
func (c *publishCommand) targets() (folder string, refs []checklist.Ref, err error) {
	for _, v := range c.Versions {
		in, ref := c.Checklists, checklist.Ref{}
		if name, ok := strings.CutSuffix(filepath.Base(v), ".yaml"); ok {
			abs, err := filepath.Abs(v)
			if err != nil {
				return "", nil, err
			}
			in = filepath.Join(filepath.Dir(v), "..")
			ref = checklist.Ref{ID: checklist.ID(filepath.Base(filepath.Dir(abs))), Version: checklist.Version(name)}
		} else if id, version, ok := strings.Cut(v, "@"); ok {
			ref = checklist.Ref{ID: checklist.ID(id), Version: checklist.Version(version)}
		}
		if !ref.ID.Valid() || !ref.Version.Valid() {
			return "", nil,
				fmt.Errorf("%w: %s: a file such as checklists/willkommen/2.0.0.yaml or willkommen@2.0.0 is expected",
					errUsage, v)
		}
		if folder != "" && filepath.Clean(in) != folder {
			return "", nil,
				fmt.Errorf("%w: %s lies in another folder of checklists than %s: publish one folder at a time",
					errUsage, v, c.Versions[0])
		}
		folder = filepath.Clean(in)
		refs = append(refs, ref)
	}
	return folder, refs, nil
}

func wordOf(a compare.Aspect) string { return aspectWords[a] }

// publishedInWords tells what became of one version.
func publishedInWords(p catalog.Publication, list string) string {
	switch {
	case p.Already:
		return fmt.Sprintf("%s is published already, with these bytes\n", p.Ref)
	case p.Step == nil:
		return fmt.Sprintf("%s is published as a first version: %s has its SHA-256 %s\n", p.Ref, list, p.Hash)
	}
	out := fmt.Sprintf("%s is published, a %s step from %s: %s has its SHA-256 %s\n", p.Ref, p.Step.Class(),
		p.Step.From.Version, list, p.Hash)
	for _, r := range catalog.Reasons(p.Step, wordOf) {
		out += "  " + r + "\n"
	}
	return out
}

// contentOf reads a file; one that is not there has no content.
func contentOf(name string) ([]byte, error) {
	content, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return content, err
}

// replaceFile writes a file beside the old one and puts it in its place, so that a reader sees
// the old content or the new one, and never a part. If the content is not what it was before,
// because an editor or a version control does not ask for locks: Conflict.
func replaceFile(name string, before, content []byte) (err error) {
	f, err := os.CreateTemp(filepath.Dir(name), ".published-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = f.Close() // it may be closed; what went wrong is known
			_ = os.Remove(f.Name())
		}
	}()
	mode := fs.FileMode(0o644)
	if info, err := os.Stat(name); err == nil {
		mode = info.Mode().Perm()
	}
	if _, err = f.Write(content); err != nil {
		return err
	}
	if err = f.Chmod(mode); err != nil {
		return err
	}
	if err = f.Sync(); err != nil {
		return err
	}
	if err = f.Close(); err != nil {
		return err
	}
	now, err := contentOf(name)
	if err != nil {
		return err
	}
	if !bytes.Equal(now, before) {
		return fault.New(fault.Conflict, "published_changed",
			"%s was changed meanwhile, and nothing was published: please try again", name)
	}
	return os.Rename(f.Name(), name)
}
