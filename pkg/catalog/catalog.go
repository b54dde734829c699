package catalog

import (
	"cmp"
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/fault"
)

// Catalog is the set of checklist files of a file system: the embedded one, or a folder. Files
// are parsed when they are first asked for, once per content. It is safe for concurrent use.
type Catalog struct {
	files fs.FS

	mu     sync.Mutex
	parsed map[string]parsing // by hash
}

// parsing parses when it is first called; later calls, and those that come while the first is
// under way, get the same result.
type parsing func() (*checklist.Definition, []Problem)

// New returns the catalog of the files <id>/<version>.yaml in a file system.
func New(files fs.FS) *Catalog {
	return &Catalog{files: files, parsed: map[string]parsing{}}
}

// Refs lists all checklist files by id, then by version, the oldest first. Files and folders
// with other names are passed over. A listed file may still turn out to be broken in Get.
func (c *Catalog) Refs() ([]checklist.Ref, error) {
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
	slices.SortFunc(refs, func(a, b checklist.Ref) int {
		return cmp.Or(cmp.Compare(a.ID, b.ID), a.Version.Compare(b.Version))
	})
	return refs, nil
}

// Versions lists the versions of a checklist, the oldest first; NotFound if there is none.
func (c *Catalog) Versions(id checklist.ID) ([]checklist.Version, error) {
	if !id.Valid() {
		return nil, notFound(string(id))
	}
	entries, err := fs.ReadDir(c.files, string(id))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, unavailable("list versions of "+string(id), err)
	}
	var versions []checklist.Version
	for _, e := range entries {
		name, ok := strings.CutSuffix(e.Name(), ".yaml")
		if v := checklist.Version(name); ok && v.Valid() && !e.IsDir() {
			versions = append(versions, v)
		}
	}
	if len(versions) == 0 {
		return nil, notFound(string(id))
	}
	slices.SortFunc(versions, checklist.Version.Compare)
	return versions, nil
}

// Get returns a checklist and the bytes of its file, which must not be changed. NotFound if
// there is no such file, Invalid with one field per problem if the file has errors.
func (c *Catalog) Get(ref checklist.Ref) (*checklist.Definition, []byte, error) {
	if !ref.ID.Valid() || !ref.Version.Valid() {
		return nil, nil, notFound(ref.String())
	}
	name := path.Join(string(ref.ID), string(ref.Version)+".yaml")
	raw, err := fs.ReadFile(c.files, name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, notFound(ref.String())
	}
	if err != nil {
		return nil, nil, unavailable("read "+name, err)
	}
	d, problems := c.parse(Hash(raw), name, raw)
	if d == nil {
		return nil, nil, invalid(name, problems)
	}
	if misnamed := nameProblems(name, d.Ref(), checklist.SeverityError); len(misnamed) > 0 {
		return nil, nil, invalid(name, misnamed)
	}
	return d, raw, nil
}

// Definition returns the checklist of stored bytes, which must have the given hash.
func (c *Catalog) Definition(hash string, raw []byte) (*checklist.Definition, error) {
	if d, ok := c.ByHash(hash); ok {
		return d, nil
	}
	if actual := Hash(raw); actual != hash {
		return nil, fault.New(fault.Internal, "checklist_altered", "the stored checklist has the hash %s and not %s: its bytes were altered", actual, hash)
	}
	d, problems := c.parse(hash, hash[:12]+".yaml", raw)
	if d == nil {
		return nil, invalid(hash, problems)
	}
	return d, nil
}

// ByHash returns a checklist that was parsed before, so that a caller need not load its bytes.
func (c *Catalog) ByHash(hash string) (*checklist.Definition, bool) {
	c.mu.Lock()
	p := c.parsed[hash]
	c.mu.Unlock()
	if p == nil {
		return nil, false
	}
	d, _ := p()
	return d, d != nil
}

func (c *Catalog) parse(hash, name string, raw []byte) (*checklist.Definition, []Problem) {
	c.mu.Lock()
	p := c.parsed[hash]
	if p == nil {
		p = sync.OnceValues(func() (*checklist.Definition, []Problem) { return Parse(name, raw) })
		c.parsed[hash] = p
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
	for _, p := range problems {
		if p.Severity == checklist.SeverityError {
			e.Fields = append(e.Fields, fault.Field{Name: p.File, Code: string(p.Code), Message: p.String()})
		}
	}
	return e
}
