package lineage

import (
	"context"
	"slices"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/checklist/carry"
)

// Version returns another published version of a checklist; NotFound if there is none.
func (v *Versions) Version(of checklist.ID, version checklist.Version) (*checklist.Definition, error) {
	d, _, err := v.checklists.Get(checklist.Ref{ID: of, Version: version})
	return d, err
}

// Newer lists the published versions of a checklist after one, the newest first.
func (v *Versions) Newer(than checklist.Ref) ([]checklist.Version, error) {
	refs, err := v.checklists.Refs()
	if err != nil {
		return nil, err
	}
	var list []checklist.Version
	for _, ref := range refs {
		if ref.ID == than.ID && ref.Version.Compare(than.Version) > 0 {
			list = append(list, ref.Version)
		}
	}
	slices.SortFunc(list, func(a, b checklist.Version) int { return b.Compare(a) })
	return list, nil
}

// PathTo leads from a checklist that some round has pinned to a version that no round need have pinned, over the
// files between or, where one is gone, over what rounds keep; NotFound if there is no way.
func (v *Versions) PathTo(ctx context.Context, fromHash string, to *checklist.Definition) (*carry.Path, error) {
	from, err := v.Definition(ctx, fromHash)
	if err != nil {
		return nil, err
	}
	return carry.PathBack(to, from.Version, func(version checklist.Version) (*checklist.Definition, error) {
		if version == from.Version {
			return from, nil
		}
		f, err := v.fileOrPin(ctx, checklist.Ref{ID: to.ID, Version: version})
		return f.definition, err
	})
}
