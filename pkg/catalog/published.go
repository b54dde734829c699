package catalog

import (
	"bytes"
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"ortsspiegel/pkg/checklist"
)

// PublishedFile lists the published versions of a folder of checklists.
const PublishedFile = "published.sum"

// Published says which bytes each published version has for good: the SHA-256 in hexadecimal.
type Published map[checklist.Ref]string

// maxPublished bounds the list's bytes; a line has about a hundred.
const maxPublished = 1 << 20

var sumLine = regexp.MustCompile(`^([0-9a-f]{64})  ([^/]+)/([^/]+)\.yaml$`)

// ParsePublished reads a list of published versions: lines of hash, two spaces and <id>/<version>.yaml,
// sorted by id and version, as Bytes writes them and sha256sum -c verifies them. The name only
// stands in the problems; all of them are errors, and with one of them there is no list.
func ParsePublished(name string, data []byte) (Published, []Problem) {
	l := &list{file: name}
	if len(data) > maxPublished {
		l.add(1, 1, codePublishedForm, "the list has %d bytes: at most %d are possible", len(data), maxPublished)
		return nil, l.problems
	}
	published := Published{}
	lines := strings.Split(string(data), "\n")
	var last checklist.Ref
	for i, line := range lines {
		if i == len(lines)-1 && line == "" {
			break // what comes after the last line break
		}
		ref, hash := l.published(i+1, line)
		if hash == "" {
			continue
		}
		switch c := compareRefs(ref, last); {
		case c == 0:
			l.add(i+1, 1, codePublishedForm, "%s stands in the list twice: a published version has one hash for good",
				ref)
		case c < 0:
			l.add(i+1, 1, codePublishedForm, "%s stands after %s: the list is sorted by id and version", ref, last)
		}
		published[ref], last = hash, ref
	}
	if n := len(lines); lines[n-1] != "" {
		l.add(n, 1, codePublishedForm, "the last line does not end: the list was cut off, or a line break is missing")
	}
	if len(l.problems) > 0 {
		return nil, l.sorted()
	}
	return published, nil
}

// published reads one line; the hash is empty if that is not possible.
func (l *list) published(number int, line string) (checklist.Ref, string) {
	match := sumLine.FindStringSubmatch(line)
	if match == nil {
		what := "this is no line of the list"
		switch {
		case strings.HasSuffix(line, "\r"):
			what = "the line ends with CR and LF, where only LF may stand"
		case line == "":
			what = "the line is empty"
		}
		l.add(number, 1, codePublishedForm,
			"%s: a SHA-256 in small letters, two spaces and <id>/<version>.yaml are expected", what)
		return checklist.Ref{}, ""
	}
	ref := checklist.Ref{ID: checklist.ID(match[2]), Version: checklist.Version(match[3])}
	if !ref.ID.Valid() || !ref.Version.Valid() {
		l.add(number, len(match[1])+3, codePublishedForm,
			"%s is no version of a checklist: <id>/<version>.yaml is expected, such as willkommen/1.0.0.yaml",
			short(fileName(ref)))
		return checklist.Ref{}, ""
	}
	return ref, match[1]
}

// Bytes returns the list as PublishedFile holds it.
func (p Published) Bytes() []byte {
	var b bytes.Buffer
	for _, ref := range p.refs() {
		fmt.Fprintf(&b, "%s  %s\n", p[ref], fileName(ref))
	}
	return b.Bytes()
}

// refs returns the published versions by id, then by version, the oldest first.
func (p Published) refs() []checklist.Ref {
	refs := make([]checklist.Ref, 0, len(p))
	for ref := range p {
		refs = append(refs, ref)
	}
	slices.SortFunc(refs, compareRefs)
	return refs
}

// newest returns the highest published version of a checklist; empty if there is none.
func (p Published) newest(id checklist.ID) checklist.Version {
	var newest checklist.Version
	for ref := range p {
		if ref.ID == id && (newest == "" || ref.Version.Compare(newest) > 0) {
			newest = ref.Version
		}
	}
	return newest
}

func compareRefs(a, b checklist.Ref) int {
	return cmp.Or(cmp.Compare(a.ID, b.ID), a.Version.Compare(b.Version))
}

// fileName is where a version lies in a folder of checklists.
func fileName(ref checklist.Ref) string {
	return string(ref.ID) + "/" + string(ref.Version) + ".yaml"
}
