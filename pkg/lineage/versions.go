package lineage

import (
	"context"
	"slices"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/checklist/carry"
	"ortsspiegel/pkg/fault"
)

// Definition returns the checklist with a hash that some round has pinned.
func (v *Versions) Definition(ctx context.Context, hash string) (*checklist.Definition, error) {
	if d, ok := v.checklists.ByHash(hash); ok {
		return d, nil
	}
	raw, err := v.store.Checklist(ctx, hash)
	if err != nil {
		return nil, err
	}
	return v.checklists.Definition(hash, raw)
}

// ErrNoPath: answers cannot be carried from one version to the other.
var ErrNoPath = fault.New(fault.NotFound, "path_unknown", "there is no way from one of these versions to the other")

// Path leads from one checklist that a round has pinned to a later version of it, or to another
// edition of the same version; NotFound if there is no way. Both are immutable, and so is the
// path: it is found once.
func (v *Versions) Path(ctx context.Context, fromHash, toHash string) (*carry.Path, error) {
	key := [2]string{fromHash, toHash}
	v.mu.Lock()
	p := v.paths[key]
	v.mu.Unlock()
	if p != nil {
		return p, nil
	}
	p, err := v.way(ctx, fromHash, toHash)
	if err != nil {
		return nil, err
	}
	v.mu.Lock()
	v.paths[key] = p
	v.mu.Unlock()
	return p, nil
}

func (v *Versions) way(ctx context.Context, fromHash, toHash string) (*carry.Path, error) {
	if fromHash == toHash {
		d, err := v.Definition(ctx, toHash)
		if err != nil {
			return nil, err
		}
		return carry.NewPath(d)
	}
	line, err := v.lineage(ctx, toHash)
	if err != nil {
		return nil, err
	}
	return v.along(ctx, line, fromHash)
}

// along leads from a pinned checklist to the newest of some versions, by those before it.
func (v *Versions) along(ctx context.Context, line []*checklist.Definition, hash string) (*carry.Path, error) {
	to := line[0]
	if to.Hash == hash {
		return carry.NewPath(to)
	}
	from, err := v.Definition(ctx, hash)
	if err != nil {
		return nil, err
	}
	if from.ID != to.ID {
		return nil, ErrNoPath
	}
	return carry.PathBack(to, from.Version, func(version checklist.Version) (*checklist.Definition, error) {
		if version == from.Version { // also where its successor was pinned with another edition, or with none
			return from, nil
		}
		for _, d := range line {
			if d.Version == version {
				return d, nil
			}
		}
		return nil, ErrNoPath
	})
}

// lineage returns a pinned checklist and all that is known to lead to it, the newest first.
// Where the round was created before ancestors were pinned, the files stand in.
func (v *Versions) lineage(ctx context.Context, hash string) ([]*checklist.Definition, error) {
	v.mu.Lock()
	line := v.lineages[hash]
	v.mu.Unlock()
	if line != nil {
		return line, nil
	}
	pins, err := v.store.Lineage(ctx, hash)
	if err != nil {
		return nil, err
	}
	for _, p := range pins {
		d, err := v.checklists.Definition(p.Hash, p.Raw)
		if err != nil {
			return nil, err
		}
		line = append(line, d)
	}
	files, err := v.filesBefore(line[len(line)-1])
	if err != nil && !fault.Is(err, fault.Invalid) { // a broken file leads nowhere, as one that is gone
		return nil, err
	}
	for _, f := range files {
		line = append(line, f.definition)
	}
	v.mu.Lock()
	v.lineages[hash] = line
	v.mu.Unlock()
	return line, nil
}

// file is a checklist with its bytes.
type file struct {
	definition *checklist.Definition
	raw        []byte
}

// filesBefore returns the versions before a checklist as far as their files are there, the newest first.
func (v *Versions) filesBefore(d *checklist.Definition) ([]file, error) {
	return linesBack(d, v.file)
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

func (v *Versions) file(ref checklist.Ref) (file, error) {
	d, raw, err := v.checklists.Get(ref)
	return file{d, raw}, err
}

// fileOrPin returns a version by its file, else as the newest round that keeps it.
func (v *Versions) fileOrPin(ctx context.Context, ref checklist.Ref) (file, error) {
	f, err := v.file(ref)
	if !fault.Is(err, fault.NotFound) {
		return f, err
	}
	d, err := v.Pinned(ctx, ref)
	if err != nil {
		return file{}, err
	}
	raw, err := v.store.Checklist(ctx, d.Hash)
	return file{d, raw}, err
}

// Pins returns a published checklist and what a round on it keeps: the checklist and all before it, the oldest
// first. Missing is the first version on the way back that is nowhere: nothing would carry over
// from it, nor from those before. NotFound if there is no such checklist.
func (v *Versions) Pins(ctx context.Context, ref checklist.Ref) (d *checklist.Definition, list []Pinned,
	missing checklist.Version, err error) {
	own, err := v.file(ref)
	if err != nil {
		return nil, nil, "", err
	}
	files, err := linesBack(own.definition, func(ref checklist.Ref) (file, error) {
		f, err := v.fileOrPin(ctx, ref)
		if fault.Is(err, fault.NotFound) {
			missing = ref.Version
		}
		return f, err
	})
	if err != nil {
		return nil, nil, "", err
	}
	list = append(list, pinnedOf(own))
	for _, f := range files {
		list = append(list, pinnedOf(f))
	}
	slices.Reverse(list)
	return own.definition, list, missing, nil
}

func pinnedOf(f file) Pinned {
	p := Pinned{Ref: f.definition.Ref(), Hash: f.definition.Hash, Raw: f.raw}
	if c := f.definition.Changes; c != nil {
		p.From = c.From
	}
	return p
}
