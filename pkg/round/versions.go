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
	p, err := s.way(ctx, fromHash, toHash)
	if err != nil {
		return nil, err
	}
	s.versions.Lock()
	s.paths[key] = p
	s.versions.Unlock()
	return p, nil
}

func (s *Service) way(ctx context.Context, fromHash, toHash string) (*checklist.Path, error) {
	if fromHash == toHash {
		d, err := s.Definition(ctx, toHash)
		if err != nil {
			return nil, err
		}
		return checklist.NewPath(d)
	}
	line, err := s.lineage(ctx, toHash)
	if err != nil {
		return nil, err
	}
	return s.along(ctx, line, fromHash)
}

// along leads from a pinned checklist to the newest of some versions, by those before it.
func (s *Service) along(ctx context.Context, line []*checklist.Definition, hash string) (*checklist.Path, error) {
	to := line[0]
	if to.Hash == hash {
		return checklist.NewPath(to)
	}
	from, err := s.Definition(ctx, hash)
	if err != nil {
		return nil, err
	}
	if from.ID != to.ID {
		return nil, errNoPath
	}
	return checklist.PathBack(to, from.Version, func(v checklist.Version) (*checklist.Definition, error) {
		if v == from.Version { // also where its successor was pinned with another edition, or with none
			return from, nil
		}
		for _, d := range line {
			if d.Version == v {
				return d, nil
			}
		}
		return nil, errNoPath
	})
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
	return linesBack(d, s.file)
}

// linesBack returns the versions before a checklist, the newest first, until get finds no more;
// an error is that of get.
func linesBack(d *checklist.Definition, get func(checklist.Ref) (file, error)) ([]file, error) {
	var list []file
	for d.Changes != nil {
		before, err := get(checklist.Ref{ID: d.ID, Version: d.Changes.From})
		if fault.Is(err, fault.NotFound) {
			break
		}
		if err != nil {
			return list, err
		}
		if before.definition.Version.Compare(d.Version) >= 0 {
			break
		}
		list = append(list, before)
		d = before.definition
	}
	return list, nil
}

func (s *Service) file(ref checklist.Ref) (file, error) {
	d, raw, err := s.checklists.Get(ref)
	return file{d, raw}, err
}

// fileOrPin returns a version by its file, else as the newest round that keeps it.
func (s *Service) fileOrPin(ctx context.Context, ref checklist.Ref) (file, error) {
	f, err := s.file(ref)
	if !fault.Is(err, fault.NotFound) {
		return f, err
	}
	d, err := s.Pinned(ctx, ref)
	if err != nil {
		return file{}, err
	}
	raw, err := s.store.Checklist(ctx, d.Hash)
	return file{d, raw}, err
}

// pins returns what a round on a checklist keeps: the checklist and all before it, the oldest
// first. Missing is the first version on the way back that is nowhere: nothing would carry over
// from it, nor from those before.
func (s *Service) pins(ctx context.Context, d *checklist.Definition, raw []byte) (list []Pinned, missing checklist.Version, err error) {
	files, err := linesBack(d, func(ref checklist.Ref) (file, error) {
		f, err := s.fileOrPin(ctx, ref)
		if fault.Is(err, fault.NotFound) {
			missing = ref.Version
		}
		return f, err
	})
	if err != nil {
		return nil, "", err
	}
	list = append(list, pinnedOf(file{d, raw}))
	for _, f := range files {
		list = append(list, pinnedOf(f))
	}
	slices.Reverse(list)
	return list, missing, nil
}

func pinnedOf(f file) Pinned {
	p := Pinned{Ref: f.definition.Ref(), Hash: f.definition.Hash, Raw: f.raw}
	if c := f.definition.Changes; c != nil {
		p.From = c.From
	}
	return p
}
