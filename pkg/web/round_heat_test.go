package web

import (
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"ortsspiegel/pkg/account"
)

var (
	heatTable = regexp.MustCompile(`(?s)<table class="os-heat">.*?</table>`)
	heatTown  = regexp.MustCompile(`<th scope="row"><a href="[^"]*/result">([^<]*)</a>`)
	heatTotal = regexp.MustCompile(`<td class="h([0-5]) is-total">(\d+|–)</td>`)
)

// TestHeatMapIsATable: grouped and sorted by the address, every head sorts and says so, cells have the step of their
// number, group rows say who is missing.
func TestHeatMapIsATable(t *testing.T) {
	v := newValley(t)
	admin := v.signedIn(v.person("amt", account.AgencyAdmin, "valley"))
	tables := map[string]string{}
	for _, query := range []string{"", "?sort=name", "?sort=level", "?sort=steuerung", "?by=size", "?by=level",
		"?by=none", "?by=none&sort=name", "?group=district:05902"} {
		w := admin.get(v.address("/benchmark" + query))
		table := heatTable.FindString(w.Body.String())
		if w.Code != http.StatusOK || table == "" {
			t.Fatalf("%s: status %d", query, w.Code)
		}
		tables[query] = table
		if n := len(heatTown.FindAllString(table, -1)); n != 24 && query != "?group=district:05902" || n == 0 {
			t.Errorf("%s: %d towns", query, n)
		}
		if n := strings.Count(table, "aria-sort="); n != 1 {
			t.Errorf("%s: %d columns say they are sorted", query, n)
		}
	}
	names := func(query string) (out []string) {
		for _, m := range heatTown.FindAllStringSubmatch(tables[query], -1) {
			out = append(out, m[1])
		}
		return out
	}
	if got := names("?by=none&sort=name"); !slices.IsSorted(got) {
		t.Errorf("by name: %v", got)
	}
	var totals []int
	for _, m := range heatTotal.FindAllStringSubmatch(tables["?by=none"], -1) {
		value, err := strconv.Atoi(m[2])
		must(t, err)
		if step := min(value/20, 4) + 1; m[1] != strconv.Itoa(step) {
			t.Errorf("%d %% has step %s", value, m[1])
		}
		totals = append(totals, -value)
	}
	if len(totals) != 24 || !slices.IsSorted(totals) {
		t.Errorf("by the total: %v", totals)
	}
	if table := tables[""]; strings.Count(table, "rowgroup") != 2 || !strings.Contains(table, "9 von 11") ||
		!strings.Contains(table, "15 von 15") {
		t.Errorf("grouped by district: %.1500s", table)
	}
	if strings.Contains(tables["?by=none"], "rowgroup") || strings.Count(tables["?by=size"], "rowgroup") < 3 {
		t.Error("the groupings do not follow the address")
	}
	if !strings.Contains(tables["?sort=steuerung"], `<th scope="col" aria-sort="descending"><a href="`+
		v.address("/benchmark?sort=steuerung#heat")) {
		t.Errorf("sorted by a section: %.1500s", tables["?sort=steuerung"])
	}
	page := admin.get(v.address("/benchmark")).Body.String()
	for _, want := range []string{"Die mittlere Hälfte der Kommunen liegt zwischen", `class="os-map"`, "Höchste Punktzahl",
		"2 Kommunen haben noch nicht eingereicht", `href="#map"`, "gestrichelt: nicht eingereicht", `>Talort 05</text>`} {
		if !strings.Contains(page, want) {
			t.Errorf("%q is missing", want)
		}
	}
}
