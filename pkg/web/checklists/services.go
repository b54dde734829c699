package checklists

import (
	"context"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/checklist/validate"
)

// Services are what the pages of checklists ask. Each is what they need of it, no more; what a method does is said
// where it is.
type Services struct {
	Checklists Checklists
	Drafts     Drafts // pages for those who write checklists; nil, as in normal operation: there are none
	Versions   Versions
}

// Versions is what the pages of checklists ask of pinned versions.
type Versions interface {
	Pinned(ctx context.Context, ref checklist.Ref) (*checklist.Definition, error)
}

// Checklists are the versions this installation knows.
type Checklists interface {
	// Get returns a version and its file's bytes; an unknown one is fault.NotFound.
	Get(ref checklist.Ref) (*checklist.Definition, []byte, error)
	// Refs lists all versions, the newest of each checklist first.
	Refs() ([]checklist.Ref, error)
}

// Drafts are checklist files that somebody is writing, read anew each time they are asked for.
type Drafts interface {
	// Drafts lists all files, the newest version of each checklist first.
	Drafts() ([]Draft, error)
	// Draft reads one version; fault.NotFound if there is no such file.
	Draft(ref checklist.Ref) (Draft, error)
}

// Draft is a checklist file with what the linter says about it.
type Draft struct {
	Name       string                // folder and file, such as willkommen/2.0.0.yaml
	File       string                // the path, as an editor takes it
	Ref        checklist.Ref         // zero: the file is not named as a version and has no page
	Published  bool                  // frozen: these bytes are what rounds use
	Definition *checklist.Definition // nil: it cannot be built; beside errors it may break rules
	Problems   []DraftProblem
}

// DraftProblem is one thing the linter says.
type DraftProblem struct {
	Place    string // line:column, after the file's name if it is another file's
	Severity validate.Severity
	Message  string // English
}
