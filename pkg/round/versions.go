package round

import (
	"context"
	"slices"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/fault"
)

// Definition returns the checklist with a hash that some round has pinned.
func (s *Service) Definition(ctx context.Context, hash string) (*checklist.Definition, error) {
	if d, ok := s.checklists.ByHash(hash); ok {
		return d, nil
	}
	raw, err := s.store.Checklist(ctx, hash)
	if err != nil {
		return nil, err
	}
	return s.checklists.Definition(hash, raw)
}

var errNoPath = fault.New(fault.NotFound, "path_unknown", "there is no way from one of these versions to the other")

// Path leads from one checklist that a round has pinned to a later version of it, or to another
// edition of the same version; NotFound if there is no way. Both are immutable, and so is the
// path: it is found once.
func (s *Service) Path(ctx context.Context, fromHash, toHash string) (*checklist.Path, error) {
	key := [2]string{fromHash, toHash}
	s.versions.Lock()
	p := s.paths[key]
	s.versions.Unlock()
	if p != nil {
		return p, nil
	}
	line, err := s.way(ctx, fromHash, toHash)
	if err != nil {
		return nil, err
	}
	if p, err = checklist.NewPath(line...); err != nil {
		return nil, errNoPath.Because(err)
	}
	s.versions.Lock()
	s.paths[key] = p
	s.versions.Unlock()
	return p, nil
}

// way returns the versions from one to another, the oldest first.
func (s *Service) way(ctx context.Context, fromHash, toHash string) ([]*checklist.Definition, error) {
	if fromHash == toHash {
		d, err := s.Definition(ctx, toHash)
		return []*checklist.Definition{d}, err
	}
	line, err := s.lineage(ctx, toHash)
	if err != nil {
		return nil, err
	}
	line, err = s.since(ctx, line, fromHash)
	slices.Reverse(line)
	return line, err
}

// since returns the part of a lineage that ends with a checklist, the newest first.
func (s *Service) since(ctx context.Context, line []*checklist.Definition, hash string) ([]*checklist.Definition, error) {
	for i, d := range line {
		if d.Hash == hash {
			return slices.Clone(line[:i+1]), nil
		}
	}
	from, err := s.Definition(ctx, hash)
	if err != nil {
		return nil, err
	}
	for i, d := range line {
		// Another edition of a version is as good as the one that was pinned, and a version that
		// nobody pinned for its successor is still the one the successor names.
		if d.ID == from.ID && (d.Version == from.Version || d.Changes != nil && d.Changes.From == from.Version) {
			return append(slices.Clone(line[:i+1]), from), nil
		}
	}
	return nil, errNoPath
}

// lineage returns a pinned checklist and all that is known to lead to it, the newest first.
// Where the round was created before ancestors were pinned, the files stand in.
func (s *Service) lineage(ctx context.Context, hash string) ([]*checklist.Definition, error) {
	s.versions.Lock()
	line := s.lineages[hash]
	s.versions.Unlock()
	if line != nil {
		return line, nil
	}
	pins, err := s.store.Lineage(ctx, hash)
	if err != nil {
		return nil, err
	}
	for _, p := range pins {
		d, err := s.checklists.Definition(p.Hash, p.Raw)
		if err != nil {
			return nil, err
		}
		line = append(line, d)
	}
	files, err := s.filesBefore(line[len(line)-1])
	if err != nil && !fault.Is(err, fault.Invalid) { // a broken file leads nowhere, as one that is gone
		return nil, err
	}
	for _, f := range files {
		line = append(line, f.definition)
	}
	s.versions.Lock()
	s.lineages[hash] = line
	s.versions.Unlock()
	return line, nil
}

// file is a checklist with its bytes.
type file struct {
	definition *checklist.Definition
	raw        []byte
}

// filesBefore returns the versions before a checklist as far as their files are there, the newest first.
func (s *Service) filesBefore(d *checklist.Definition) ([]file, error) {
	var list []file
	for d.Changes != nil {
		before, raw, err := s.checklists.Get(checklist.Ref{ID: d.ID, Version: d.Changes.From})
		if fault.Is(err, fault.NotFound) {
			break
		}
		if err != nil {
			return list, err
		}
		if before.Version.Compare(d.Version) >= 0 {
			break
		}
		list = append(list, file{before, raw})
		d = before
	}
	return list, nil
}

// pins returns what a round on a checklist keeps: the checklist and all before it, the oldest first.
func (s *Service) pins(d *checklist.Definition, raw []byte) ([]Pinned, error) {
	files, err := s.filesBefore(d)
	if err != nil {
		return nil, err
	}
	list := []Pinned{pinnedOf(file{d, raw})}
	for _, f := range files {
		list = append(list, pinnedOf(f))
	}
	slices.Reverse(list)
	return list, nil
}

func pinnedOf(f file) Pinned {
	p := Pinned{Ref: f.definition.Ref(), Hash: f.definition.Hash, Raw: f.raw}
	if c := f.definition.Changes; c != nil {
		p.From = c.From
	}
	return p
}
