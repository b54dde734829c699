package lineage

import (
	"context"
	"sync"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/checklist/carry"
)

// Pinned is a version of a checklist as rounds keep it.
type Pinned struct {
	Ref  checklist.Ref
	Hash string
	From checklist.Version // the version before; empty: it is the first
	Raw  []byte
}

// Checklists is the set of checklists rounds can be created from.
type Checklists interface {
	// Get returns a definition and its file's bytes; NotFound if there is none.
	Get(ref checklist.Ref) (*checklist.Definition, []byte, error)
	// Refs lists all versions, the newest of each checklist first.
	Refs() ([]checklist.Ref, error)
	// ByHash returns a checklist that was read before, so that its bytes need not be loaded.
	ByHash(hash string) (*checklist.Definition, bool)
	// Definition reads pinned bytes; the result is cached by hash.
	Definition(hash string, raw []byte) (*checklist.Definition, error)
}

// Store keeps what rounds have pinned. Missing rows are fault.NotFound.
type Store interface {
	// Checklist returns the bytes a round has pinned.
	Checklist(ctx context.Context, hash string) ([]byte, error)
	// PinnedHash returns which bytes of a version the newest round keeps, as its own checklist or
	// as one before it.
	PinnedHash(ctx context.Context, ref checklist.Ref) (string, error)
	// Lineage returns a pinned checklist and what is known to lead to it, itself first, each
	// followed by the version before it, in one statement.
	Lineage(ctx context.Context, hash string) ([]Pinned, error)
}

// Versions are the checklists that rounds keep, and the ways between them. What it returns is immutable and found once.
type Versions struct {
	store      Store
	checklists Checklists

	mu       sync.Mutex
	lineages map[string][]*checklist.Definition // by hash; what is in it is never changed
	paths    map[[2]string]*carry.Path          // by the hashes of both ends
}

// New returns the versions of a store and of the checklists that are published.
func New(store Store, checklists Checklists) *Versions {
	return &Versions{store: store, checklists: checklists, lineages: map[string][]*checklist.Definition{},
		paths: map[[2]string]*carry.Path{}}
}
