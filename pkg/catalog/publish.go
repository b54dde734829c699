package catalog

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/checklist/compare"
	"ortsspiegel/pkg/checklist/validate"
	"ortsspiegel/pkg/fault"
)

// Publication is one version on its way into the list of published versions.
type Publication struct {
	Ref     checklist.Ref
	File    string // its path
	Hash    string // SHA-256 of its bytes, hex
	Already bool   // it was published before, with the same bytes
	// from the version before; nil for a first version, and for one that is published already
	Step     *compare.Difference
	Warnings []Problem // what the linter says that does not stand in the way
}

// Plan checks whether versions of a folder of checklists may be published, each as if those
// before it already were, and returns the list that says so; the caller writes it. Nothing is
// published in part: if one of them is refused, the error (Invalid, one field per reason) tells
// the reasons of all. A version without a file is NotFound. Word names a change for a person.
func Plan(folder string, refs []checklist.Ref, word func(compare.Aspect) string) (Published, []Publication, error) {
	files := os.DirFS(folder)
	published, err := readPublished(files)
	if err != nil {
		return nil, nil, err
	}
	if err := (&frozen{files: map[checklist.Ref][]byte{}}).read(files, published); err != nil {
		return nil, nil, err
	}
	sorted := slices.Clone(refs)
	slices.SortFunc(sorted, compareRefs)
	p := &planner{folder: folder, published: published, linter: newLinter(onDisk), word: word}
	var plan []Publication
	for _, ref := range slices.Compact(sorted) {
		one, err := p.plan(ref)
		if err != nil {
			return nil, nil, err
		}
		plan = append(plan, one)
	}
	if len(p.refused) > 0 {
		e := fault.New(fault.Invalid, "publish_refused", "nothing was published")
		e.Fields = p.refused
		return nil, nil, e
	}
	return published, plan, nil
}

type planner struct {
	folder    string
	published Published
	linter    *linter
	word      func(compare.Aspect) string
	refused   []fault.Field
}

func (p *planner) refuse(name, format string, args ...any) {
	p.refused = append(p.refused, fault.Field{Name: name, Code: "publish_refused",
		Message: fmt.Sprintf(format, args...)})
}

func (p *planner) plan(ref checklist.Ref) (Publication, error) {
	one := Publication{Ref: ref, File: filepath.Join(p.folder, string(ref.ID), string(ref.Version)+".yaml")}
	raw, err := readLimited(one.File, MaxBytes, p.linter.open)
	if err != nil {
		return one, fault.New(fault.NotFound, "checklist_not_found", "%s: the file cannot be read: %v", one.File, err)
	}
	one.Hash = Hash(raw)
	if _, one.Already = p.published[ref]; one.Already {
		return one, nil // with these bytes: edited files were refused before
	}
	p.linter.published[filepath.Join(p.folder, PublishedFile)] = p.published
	s, problems := p.linter.file(one.File)
	before := len(p.refused)
	for _, x := range problems {
		if x.Severity == validate.SeverityError {
			p.refuse(x.place(), "%s", x.Message)
		} else if x.Code != codeVersionStep {
			one.Warnings = append(one.Warnings, x)
		}
	}
	if s != nil && !HasErrors(problems) {
		p.judge(&one, s)
	}
	if len(p.refused) == before {
		p.published[ref] = one.Hash
	}
	return one, nil
}

// judge holds a file without errors to what only publishing asks.
func (p *planner) judge(one *Publication, s *sheet) {
	ref := one.Ref
	if in := s.definition.Ref(); in != ref {
		p.refuse(one.File, "the file says that it is %s: folder and file must be named so", in)
		return
	}
	siblings := p.linter.siblings(filepath.Dir(one.File))
	for _, v := range siblings {
		if _, ok := p.published[checklist.Ref{ID: ref.ID, Version: v}]; !ok && v.Compare(ref.Version) < 0 {
			p.refuse(one.File, "%s lies before it and is not published: publish it first, or remove its file", v)
		}
	}
	newest := p.published.newest(ref.ID)
	one.Step = s.step
	switch {
	case newest == "":
	case !slices.Contains(siblings, newest):
		p.refuse(one.File, "the file of the version before, %s, is gone: put it back, so that the step can be judged",
			newest)
	case s.step == nil:
		p.refuse(one.File, "what changed since %s cannot be judged: see what the linter says", newest)
	default:
		p.judgeStep(one, s)
	}
}

func (p *planner) judgeStep(one *Publication, s *sheet) {
	from, class := s.step.From.Version, s.step.Class()
	if class.Allows(from, one.Ref.Version) {
		return
	}
	line, column := position(s.root, "version")
	p.refuse(fmt.Sprintf("%s:%d:%d", one.File, line, column),
		"the step from %s to %s is too small: its changes make it a %s version, and %s is the smallest number for that",
		from, one.Ref.Version, class, class.Next(from))
	for _, r := range Reasons(s.step, p.word) {
		p.refuse(string(class), "%s", r)
	}
}

// Reasons tells what gives a step its class: for each kind of change, named by a word for a
// person, the questions, sections or levels it happened to.
func Reasons(step *compare.Difference, word func(compare.Aspect) string) []string {
	return reasons(step, word, math.MaxInt)
}

// reasons names at most a few questions, sections or levels for each kind of change.
func reasons(step *compare.Difference, word func(compare.Aspect) string, few int) []string {
	class := step.Class()
	var codes []compare.Aspect
	where := map[compare.Aspect][]string{}
	for _, r := range step.Reasons() {
		if r.Class != class {
			break // they come in the order of their classes
		}
		if _, ok := where[r.Code]; !ok {
			codes = append(codes, r.Code)
		}
		switch {
		case r.Question != "":
			where[r.Code] = append(where[r.Code], string(r.Question))
		case r.Section != "":
			where[r.Code] = append(where[r.Code], "section "+string(r.Section))
		case r.Level != "":
			where[r.Code] = append(where[r.Code], "level "+string(r.Level))
		default:
			where[r.Code] = append(where[r.Code], "checklist")
		}
	}
	lines := make([]string, len(codes))
	for i, c := range codes {
		list := where[c]
		if more := len(list) - few; more > 0 {
			list = append(list[:few:few], fmt.Sprintf("%d more", more))
		}
		lines[i] = word(c) + ": " + strings.Join(list, ", ")
	}
	return lines
}
