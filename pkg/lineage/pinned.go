package lineage

import (
	"context"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/fault"
)

// ErrNotKept: no round keeps the version. It is named in Args["Checklist"].
var ErrNotKept = fault.New(fault.NotFound, "checklist_not_found", "no round keeps the checklist")

// Pinned returns a version of a checklist as rounds keep it, whether or not its file is still
// there: of several editions the one of the newest round. ErrNotKept if no round keeps it.
func (v *Versions) Pinned(ctx context.Context, ref checklist.Ref) (*checklist.Definition, error) {
	hash, err := v.store.PinnedHash(ctx, ref)
	if fault.Is(err, fault.NotFound) {
		return nil, ErrNotKept.Saying("no round keeps the checklist %s", ref).With("Checklist", ref.String())
	}
	if err != nil {
		return nil, err
	}
	return v.Definition(ctx, hash)
}
