package compare

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"ortsspiegel/pkg/checklist"
)

// Class says how much the step from one version to another asks of those who answered the
// earlier one, and so which part of the version's number must rise.
type Class string

// The classes, the smallest first.
const (
	ClassPatch Class = "patch" // wording only
	// questions added or retired, weights, levels, conditions: what was answered still says the
	// same
	ClassMinor Class = "minor"
	// meaning, type, options, points or limits: what was answered may no longer fit, or counts
	// otherwise
	ClassMajor Class = "major"
)

// Compare orders classes by their size.
func (c Class) Compare(other Class) int { return c.rank() - other.rank() }

func (c Class) rank() int {
	switch c {
	case ClassMajor:
		return 2
	case ClassMinor:
		return 1
	}
	return 0
}

// Allows reports whether a step between two version numbers is big enough for the class: up at
// all for a patch, at least MINOR for a minor one, MAJOR for a major one.
func (c Class) Allows(from, to checklist.Version) bool {
	return from.Valid() && to.Valid() && to.Compare(c.Next(from)) >= 0
}

// Next returns the smallest version number after the given one that the class allows; the
// version itself if it has another form.
func (c Class) Next(from checklist.Version) checklist.Version {
	if !from.Valid() {
		return from
	}
	var n [3]int
	for i, part := range strings.SplitN(string(from), ".", 3) {
		n[i], _ = strconv.Atoi(part)
	}
	switch c.rank() {
	case 2:
		n = [3]int{n[0] + 1, 0, 0}
	case 1:
		n = [3]int{n[0], n[1] + 1, 0}
	default:
		n[2]++
	}
	return checklist.Version(fmt.Sprintf("%d.%d.%d", n[0], n[1], n[2]))
}

// ClassReason is one thing that gives a step its class.
type ClassReason struct {
	Class Class
	Code  Aspect
	// of the later version; of the earlier one if it is retired; empty: no question's matter
	Question checklist.QuestionID
	Section  checklist.SectionID // likewise
	Level    checklist.LevelID   // likewise
}

// classes says what class each aspect gives a step. What is missing is a patch.
var classes = map[Aspect]Class{
	AspectNew: ClassMinor, AspectRetired: ClassMinor, AspectRenamed: ClassMinor, AspectMoved: ClassMinor,
	AspectOrder:  ClassMinor,
	AspectWeight: ClassMinor, AspectKnockout: ClassMinor, AspectWhen: ClassMinor, AspectFrom: ClassMinor,
	AspectOptionAdded: ClassMinor,
	AspectOptionOrder: ClassMinor, AspectShared: ClassMinor, AspectWidened: ClassMinor, AspectNotApplicable: ClassMinor,

	AspectSplit: ClassMajor, AspectMerged: ClassMajor, AspectMeaning: ClassMajor, AspectType: ClassMajor,
	AspectUnit:   ClassMajor,
	AspectPoints: ClassMajor, AspectTargets: ClassMajor, AspectOptionRemoved: ClassMajor,
	AspectOptionRenamed: ClassMajor, AspectExclusive: ClassMajor,
	AspectNarrowed: ClassMajor, AspectStep: ClassMajor, AspectAlwaysApplicable: ClassMajor, AspectKind: ClassMajor,
}

// Class returns the class that a change of this aspect gives a step.
func (a Aspect) Class() Class {
	if c, ok := classes[a]; ok {
		return c
	}
	return ClassPatch
}

// Class returns the class of the step: the largest of its reasons, a patch if there is none. A way
// of several steps has at least the class of each.
func (d *Difference) Class() Class {
	class := d.steps
	for _, r := range d.Reasons() {
		if r.Class.Compare(class) > 0 {
			class = r.Class
		}
	}
	return class
}

// Reasons returns everything that gives the step a class, the largest class first, then in the
// order of the checklist.
func (d *Difference) Reasons() []ClassReason {
	var all []ClassReason
	add := func(aspects []Aspect, at ClassReason) {
		for _, a := range aspects {
			at.Class, at.Code = a.Class(), a
			all = append(all, at)
		}
	}
	add(d.Aspects, ClassReason{})
	for _, l := range d.Levels {
		if l.New != nil {
			add(l.Aspects, ClassReason{Level: l.New.ID})
		} else {
			add(l.Aspects, ClassReason{Level: l.Old.ID})
		}
	}
	for _, s := range d.Sections {
		if s.New != nil {
			add(s.Aspects, ClassReason{Section: s.New.ID})
		} else {
			add(s.Aspects, ClassReason{Section: s.Old.ID})
		}
	}
	for _, q := range d.Questions {
		if q.New != nil {
			add(q.Aspects, ClassReason{Question: q.New.ID, Section: q.NewSection.ID})
		} else {
			add(q.Aspects, ClassReason{Question: q.Old[0].ID, Section: q.OldSection.ID})
		}
	}
	slices.SortStableFunc(all, func(a, b ClassReason) int { return b.Class.Compare(a.Class) })
	return all
}
