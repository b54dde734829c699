package catalog

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/fault"
)

// frozen are the published files, as they were when the catalog was opened.
type frozen struct {
	refs  []checklist.Ref // the newest version of each checklist first
	files map[checklist.Ref][]byte
	gone  []checklist.Ref
}

// Open returns the catalog of the published versions of a file system, and reads their files:
// what happens to them later has no effect. Errors are Invalid: nothing is published, the list of
// published versions cannot be read, or published files were edited, with one field per file. A
// listed file that is gone is none: its rounds live from the bytes they stored.
func Open(files fs.FS) (*Catalog, error) {
	published, err := readPublished(files)
	if err != nil {
		return nil, err
	}
	if len(published) == 0 {
		return nil, fault.New(fault.Invalid, "checklists_unpublished",
			"no checklist is published here: the program uses published versions only; check a file and freeze it "+
				"with: ortsspiegel publish FILE")
	}
	c := New(files)
	c.frozen = &frozen{files: map[checklist.Ref][]byte{}}
	if err := c.frozen.read(files, published); err != nil {
		return nil, err
	}
	return c, nil
}

// readPublished reads the list of published versions; without the file it is empty.
func readPublished(files fs.FS) (Published, error) {
	raw, err := readLimited(PublishedFile, maxPublished, files.Open)
	if errors.Is(err, fs.ErrNotExist) {
		return Published{}, nil
	}
	if err != nil {
		return nil, unavailable("read "+PublishedFile, err)
	}
	published, problems := ParsePublished(PublishedFile, raw)
	if len(problems) > 0 {
		e := fault.New(fault.Invalid, "published_form", "the list of published checklists has errors")
		e.Fields = fieldsOfErrors(problems)
		return nil, e
	}
	return published, nil
}

func (f *frozen) read(files fs.FS, published Published) error {
	var edited []fault.Field
	for _, ref := range published.refs() {
		name := fileName(ref)
		raw, err := readLimited(name, MaxBytes, files.Open)
		if errors.Is(err, fs.ErrNotExist) {
			f.gone = append(f.gone, ref)
			continue
		}
		if err != nil {
			return unavailable("read "+name, err)
		}
		if Hash(raw) != published[ref] {
			edited = append(edited, fault.Field{Name: name, Code: string(codePublishedEdited),
				Message: editedMessage(ref, published[ref], raw)})
			continue
		}
		f.refs = append(f.refs, ref)
		f.files[ref] = raw
	}
	if len(edited) > 0 {
		e := fault.New(fault.Invalid, string(codePublishedEdited), "published checklists were edited")
		e.Fields = edited
		return e
	}
	newestFirst(f.refs)
	return nil
}

// editedMessage says what is wrong with the bytes of a published version. Editors and version
// control change line endings without a person's doing, and then no new version is called for.
func editedMessage(ref checklist.Ref, expected string, raw []byte) string {
	unix := bytes.ReplaceAll(raw, []byte("\r\n"), []byte("\n"))
	switch expected {
	case Hash(unix):
		return fmt.Sprintf(
			"%s is published and differs in its line endings alone, which are CR and LF here and were LF: restore "+
				"the file, and keep editor and version control from changing them", ref)
	case Hash(bytes.ReplaceAll(unix, []byte("\n"), []byte("\r\n"))):
		return fmt.Sprintf(
			"%s is published and differs in its line endings alone, which are LF here and were CR and LF: restore "+
				"the file, and keep editor and version control from changing them", ref)
	}
	return fmt.Sprintf(
		"%s is published and was edited: its SHA-256 is %s and must be %s; restore the file, and publish the change "+
			"as a new version", ref, Hash(raw), expected)
}

func (f *frozen) versions(id checklist.ID) ([]checklist.Version, error) {
	var versions []checklist.Version
	for _, ref := range f.refs {
		if ref.ID == id {
			versions = append(versions, ref.Version)
		}
	}
	if len(versions) == 0 {
		return nil, notFound(string(id))
	}
	slices.Reverse(versions)
	return versions, nil
}

// Gone lists published versions whose files are gone, for the log.
func (c *Catalog) Gone() []checklist.Ref {
	if c.frozen == nil {
		return nil
	}
	return slices.Clone(c.frozen.gone)
}

// Build builds every published version, so that one that this program cannot read is noticed
// at the start and not by a reader. Invalid with the file's problems.
func (c *Catalog) Build() error {
	refs, err := c.Refs()
	if err != nil {
		return err
	}
	for _, ref := range refs {
		if _, _, err := c.Get(ref); err != nil {
			return err
		}
	}
	return nil
}
