package carry

import (
	"slices"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/fault"
)

// Path leads from one version of a checklist to a later one, through every version between,
// by what each says in its changes. It is immutable and safe for concurrent use.
type Path struct {
	versions []*checklist.Definition
	steps    []*step
	origins  []Origin
	ids      []checklist.QuestionID // of From, in its order; what is carried refers to pieces of it
	ordinals []int                  // 0, 1, 2…: likewise
}

// NewPath returns the path through the given versions, the oldest first. Each must name the
// one before it in its changes, or be another edition of the same version; else Invalid with
// code path_broken. A path of one version carries everything over to itself.
func NewPath(versions ...*checklist.Definition) (*Path, error) {
	if len(versions) == 0 {
		return nil, fault.New(fault.Invalid, "path_broken", "a path needs at least one version")
	}
	p := &Path{versions: versions}
	for i, to := range versions[1:] {
		from := versions[i]
		switch {
		case from.ID != to.ID:
			return nil, fault.New(fault.Invalid, "path_broken", "%s and %s are different checklists", from.Ref(),
				to.Ref())
		case from.Version == to.Version:
			p.steps = append(p.steps, newStep(from, to, nil))
		case to.Changes == nil || to.Changes.From != from.Version:
			return nil, fault.New(fault.Invalid, "path_broken", "%s does not say what changed since %s", to.Ref(),
				from.Version)
		default:
			p.steps = append(p.steps, newStep(from, to, to.Changes.Questions))
		}
	}
	p.origins = p.trace()
	for i, q := range p.From().Questions() {
		p.ids, p.ordinals = append(p.ids, q.ID), append(p.ordinals, i)
	}
	return p, nil
}

// PathBack returns the path to a version from an earlier one, by what the versions on the way
// name in their changes; get returns them, and the earlier one itself. NotFound with code
// path_unknown if that way does not lead there; what get returns as an error stays.
func PathBack(to *checklist.Definition, from checklist.Version, get func(checklist.Version) (*checklist.Definition,
	error)) (*Path, error) {
	versions := []*checklist.Definition{to}
	for at := to; ; {
		before := from // another edition
		if at.Version != from {
			if at.Changes == nil || at.Changes.From.Compare(at.Version) >= 0 || at.Changes.From.Compare(from) < 0 {
				return nil, fault.New(fault.NotFound, "path_unknown", "%s does not come from version %s", to.Ref(),
					from)
			}
			before = at.Changes.From
		}
		next, err := get(before)
		if err != nil {
			return nil, err
		}
		versions = append(versions, next)
		if before == from {
			break
		}
		at = next
	}
	slices.Reverse(versions)
	return NewPath(versions...)
}

// From returns the version the path begins at.
func (p *Path) From() *checklist.Definition { return p.versions[0] }

// To returns the version the path leads to.
func (p *Path) To() *checklist.Definition { return p.versions[len(p.versions)-1] }

// Versions returns all versions on the path, the oldest first. The slice must not be changed.
func (p *Path) Versions() []*checklist.Definition { return p.versions }

// Steps returns the paths between neighbours that this one is made of, the oldest first.
func (p *Path) Steps() []*Path {
	steps := make([]*Path, len(p.steps))
	for i := range steps {
		steps[i] = &Path{versions: p.versions[i : i+2], steps: p.steps[i : i+1]}
	}
	return steps
}

// step is one mapping between neighbours, by the questions' ordinals.
type step struct {
	from, to *checklist.Definition
	sources  [][]int              // by new ordinal: the old ones, in the order of the mapping
	lines    []*checklist.Mapping // by new ordinal; nil: the same id, without a line
	mappings []checklist.Mapping
}

// newStep compiles a mapping. What the linter would have refused is passed over: stored
// checklists must keep working.
func newStep(from, to *checklist.Definition, mappings []checklist.Mapping) *step {
	n := len(to.Questions())
	s := &step{from: from, to: to, sources: make([][]int, n), lines: make([]*checklist.Mapping, n), mappings: mappings}
	mapped := make([]bool, len(from.Questions()))
	for i := range mappings {
		m := &mappings[i]
		var old []int
		for _, id := range m.Old {
			if o := from.Ordinal(id); o >= 0 && !mapped[o] {
				mapped[o] = true
				old = append(old, o)
			}
		}
		for _, id := range m.New {
			if q := to.Ordinal(id); q >= 0 && s.lines[q] == nil {
				s.sources[q], s.lines[q] = old, m
			}
		}
	}
	for o, q := range from.Questions() {
		if at := to.Ordinal(q.ID); at >= 0 && !mapped[o] && s.lines[at] == nil {
			s.sources[at] = []int{o}
		}
	}
	return s
}

// Origin says where a question of the version that a path leads to comes from.
type Origin struct {
	Sources []checklist.QuestionID // of the version the path begins at, in their order; empty: the question is new
	// somewhere on the path its meaning changed, or a merge asks or adds what is new: never
	// proposed
	Anew bool
}

// Origins returns the origin of every question of To, by ordinal. The slice must not be changed.
func (p *Path) Origins() []Origin { return p.origins }

func (p *Path) trace() []Origin {
	first := p.From().Questions()
	trails := p.Trails()
	origins := make([]Origin, len(trails))
	for q := range trails {
		origins[q].Anew = trails[q].anew
		for _, o := range trails[q].Sources {
			origins[q].Sources = append(origins[q].Sources, first[o].ID)
		}
	}
	return origins
}

// Common returns the questions of To that both ends of the path ask: they come from the older
// version, and its answers carry over to them.
func (p *Path) Common() map[checklist.QuestionID]bool {
	common := map[checklist.QuestionID]bool{}
	for i, o := range p.Origins() {
		if len(o.Sources) > 0 && !o.Anew {
			common[p.To().Questions()[i].ID] = true
		}
	}
	return common
}
