package arch

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"ortsspiegel/pkg/internal/testkit"
)

// TestLawIsDrawn holds the picture of the house in pkg/README.md to the law; `make golden` draws it anew.
func TestLawIsDrawn(t *testing.T) {
	testkit.GoldenPart(t, filepath.Join("..", "..", "README.md"), "<!-- the law, drawn by make golden -->\n",
		"<!-- end of the law -->\n", draw())
}

func TestEveryLineHasItsReason(t *testing.T) {
	for name, r := range law {
		if r.why == "" {
			t.Errorf("%s has no reason", name)
		}
	}
}

// draw shows the floors from the top down, and on each floor the rooms: a room imports what stands below it in
// the list of its floor, or on a lower floor.
func draw() string {
	floors := []struct {
		layer layer
		title string
	}{
		{command, "cmd: wires and prints"}, {adapter, "adapters: one technology each"},
		{asset, "assets: files, nothing else"},
		{capability, "capabilities: rules, services, and the interfaces they need"}, {knowledge, "knowledge: pure"},
		{workshop, "for tests alone"},
	}
	var out strings.Builder
	out.WriteString("```text\n")
	for _, f := range floors {
		fmt.Fprintf(&out, "%s\n", f.title)
		for _, name := range roomsOf(f.layer) {
			line := fmt.Sprintf("  %-24s%s", strings.TrimPrefix(name, "pkg/"), strings.Join(arrowsOf(name), " "))
			out.WriteString(strings.TrimRight(line, " ") + "\n")
			fmt.Fprintf(&out, "      %s\n", law[name].why)
		}
	}
	out.WriteString("```\n")
	return out.String()
}

// roomsOf returns the rooms of a floor, those that import others of it first.
func roomsOf(l layer) []string {
	var names []string
	for name, r := range law {
		if r.layer == l {
			names = append(names, name)
		}
	}
	slices.SortFunc(names, func(a, b string) int {
		if d := height(b) - height(a); d != 0 {
			return d
		}
		return strings.Compare(a, b)
	})
	return names
}

// height is the longest way down from a room on its own floor.
func height(name string) int {
	h := 0
	for _, other := range law[name].inside {
		if law[other].layer == law[name].layer {
			h = max(h, 1+height(other))
		}
	}
	return h
}

// arrowsOf returns what a room may import, without what it may reach through one of these anyway.
func arrowsOf(name string) []string {
	var arrows []string
	for _, other := range law[name].inside {
		through := slices.ContainsFunc(law[name].inside, func(between string) bool {
			return between != other && reaches(between, other)
		})
		if !through && !slices.Contains(arrows, "-> "+strings.TrimPrefix(other, "pkg/")) {
			arrows = append(arrows, "-> "+strings.TrimPrefix(other, "pkg/"))
		}
	}
	slices.Sort(arrows)
	return arrows
}

func reaches(from, to string) bool {
	return slices.ContainsFunc(law[from].inside, func(next string) bool { return next == to || reaches(next, to) })
}
