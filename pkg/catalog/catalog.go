package catalog

import (
	"cmp"
	"errors"
	"io/fs"
	"slices"
	"strings"
	"sync"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/checklist/validate"
	"ortsspiegel/pkg/fault"
)

// Catalog is the set of checklist files of a file system: the embedded one, or a folder. Files
// are parsed when they are first asked for, once per content. It is safe for concurrent use.
type Catalog struct {
	files  fs.FS
	frozen *frozen // nil: every file counts, published or not

	mu      sync.Mutex
	built   map[string]parsing // by hash
	checked map[string]parsing // by hash: also held to the rules
}

// parsing parses when it is first called; later calls, and those that come while the first is
// under way, get the same result.
type parsing func() (*checklist.Definition, []Problem)

// New returns the catalog of all files <id>/<version>.yaml in a file system, published or not.
// Files are read each time they are asked for.
func New(files fs.FS) *Catalog {
	return &Catalog{files: files, built: map[string]parsing{}, checked: map[string]parsing{}}
}

// Refs lists all versions by the checklist's id, the newest version of each first. Files and
// folders with other names are passed over. A listed file may still turn out to be broken in Get.
func (c *Catalog) Refs() ([]checklist.Ref, error) {
	if c.frozen != nil {
		return slices.Clone(c.frozen.refs), nil
	}
	folders, err := fs.ReadDir(c.files, ".")
	if err != nil {
		return nil, unavailable("list checklists", err)
	}
	var refs []checklist.Ref
	for _, f := range folders {
		id := checklist.ID(f.Name())
		if !f.IsDir() || !id.Valid() {
			continue
		}
		versions, err := c.Versions(id)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return nil, err
		}
		for _, v := range versions {
			refs = append(refs, checklist.Ref{ID: id, Version: v})
		}
	}
	newestFirst(refs)
	return refs, nil
}

func newestFirst(refs []checklist.Ref) {
	slices.SortFunc(refs, func(a, b checklist.Ref) int {
		return cmp.Or(cmp.Compare(a.ID, b.ID), b.Version.Compare(a.Version))
	})
}

// Versions lists the versions of a checklist, the oldest first; NotFound if there is none.
func (c *Catalog) Versions(id checklist.ID) ([]checklist.Version, error) {
	if !id.Valid() {
		return nil, notFound(string(id))
	}
	if c.frozen != nil {
		return c.frozen.versions(id)
	}
	entries, err := fs.ReadDir(c.files, string(id))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, unavailable("list versions of "+string(id), err)
	}
	versions := versionsIn(entries)
	if len(versions) == 0 {
		return nil, notFound(string(id))
	}
	return versions, nil
}

// versionsIn returns the versions of a checklist's folder, the oldest first.
func versionsIn(entries []fs.DirEntry) []checklist.Version {
	var versions []checklist.Version
	for _, e := range entries {
		name, ok := strings.CutSuffix(e.Name(), ".yaml")
		if v := checklist.Version(name); ok && v.Valid() && !e.IsDir() {
			versions = append(versions, v)
		}
	}
	slices.SortFunc(versions, checklist.Version.Compare)
	return versions
}

// Get returns a checklist and the bytes of its file, which must not be changed. NotFound if
// there is no such file, Invalid with one field per problem if the file has errors. A published
// version was held to the rules when it was published, and is not again.
func (c *Catalog) Get(ref checklist.Ref) (*checklist.Definition, []byte, error) {
	if !ref.ID.Valid() || !ref.Version.Valid() {
		return nil, nil, notFound(ref.String())
	}
	name := fileName(ref)
	raw, parse, err := c.load(ref, name)
	if err != nil {
		return nil, nil, err
	}
	d, problems := parse(Hash(raw), name, raw)
	if d == nil {
		return nil, nil, invalid(name, problems)
	}
	if misnamed := nameProblems(name, d.Ref(), validate.SeverityError); len(misnamed) > 0 {
		return nil, nil, invalid(name, misnamed)
	}
	return d, raw, nil
}

func (c *Catalog) load(ref checklist.Ref, name string) (raw []byte,
	parse func(hash, name string, raw []byte) (*checklist.Definition, []Problem), err error) {
	if c.frozen != nil {
		raw, ok := c.frozen.files[ref]
		if !ok {
			return nil, nil, notFound(ref.String())
		}
		return raw, c.build, nil
	}
	raw, err = fs.ReadFile(c.files, name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, notFound(ref.String())
	}
	if err != nil {
		return nil, nil, unavailable("read "+name, err)
	}
	return raw, c.check, nil
}

// Definition returns the checklist of stored bytes, which must have the given hash. They were
// valid when they were stored: only what cannot be built is Invalid, whatever the rules say today.
func (c *Catalog) Definition(hash string, raw []byte) (*checklist.Definition, error) {
	if d, ok := c.ByHash(hash); ok {
		return d, nil
	}
	if actual := Hash(raw); actual != hash {
		return nil, fault.New(fault.Internal, "checklist_altered",
			"the stored checklist has the hash %s and not %s: its bytes were altered", actual, hash)
	}
	d, problems := c.build(hash, hash[:12]+".yaml", raw)
	if d == nil {
		return nil, invalid(hash, problems)
	}
	return d, nil
}

// ByHash returns a checklist that was built before, so that a caller need not load its bytes.
func (c *Catalog) ByHash(hash string) (*checklist.Definition, bool) {
	c.mu.Lock()
	p := c.built[hash]
	c.mu.Unlock()
	if p == nil {
		return nil, false
	}
	d, _ := p()
	return d, d != nil
}

// build builds a definition once per content.
func (c *Catalog) build(hash, name string, raw []byte) (*checklist.Definition, []Problem) {
	return c.once(c.built, hash, func() (*checklist.Definition, []Problem) { return ParseStored(name, raw) })
}

// check holds a file to the rules, once per content; the definition is the one that build gives.
func (c *Catalog) check(hash, name string, raw []byte) (*checklist.Definition, []Problem) {
	return c.once(c.checked, hash, func() (*checklist.Definition, []Problem) {
		d, problems := Parse(name, raw)
		if d != nil {
			d, _ = c.once(c.built, hash, func() (*checklist.Definition, []Problem) { return d, nil })
		}
		return d, problems
	})
}

func (c *Catalog) once(parsings map[string]parsing, hash string, parse parsing) (*checklist.Definition, []Problem) {
	c.mu.Lock()
	p := parsings[hash]
	if p == nil {
		p = sync.OnceValues(parse)
		parsings[hash] = p
	}
	c.mu.Unlock()
	return p()
}

func notFound(what string) error {
	return fault.New(fault.NotFound, "checklist_not_found", "there is no checklist %s", what).With("Checklist", what)
}

func unavailable(what string, err error) error {
	return fault.New(fault.Unavailable, "checklist_unreadable", "catalog: %s", what).Because(err)
}

func invalid(name string, problems []Problem) error {
	e := fault.New(fault.Invalid, "checklist_invalid", "the checklist %s has errors", name)
	e.Fields = fieldsOfErrors(problems)
	return e
}

// fieldsOfErrors tells the errors among problems, each with its place as the field's name.
func fieldsOfErrors(problems []Problem) []fault.Field {
	var fields []fault.Field
	for _, p := range problems {
		if p.Severity == validate.SeverityError {
			fields = append(fields, fault.Field{Name: p.place(), Code: string(p.Code), Message: p.Message})
		}
	}
	return fields
}
