package tour

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/internal/testkit"
	"ortsspiegel/pkg/round"
	"ortsspiegel/pkg/store"
)

// place is a page somebody can see.
type place struct{ who, name, path string }

// places lists every page of the program with somebody who may see it.
func (s *site) places(t *testing.T) []place {
	t.Helper()
	lead, draft := s.user(t, account.TownLead, assessment.Draft)
	done, submitted := s.user(t, account.TownLead, assessment.Submitted)
	editor, edited := s.user(t, account.TownEditor, assessment.Draft)
	agency := "agentur" + demoDomain
	var open, published round.ID
	for _, r := range s.Rounds {
		if r.Status == round.Open {
			open = r.ID
		} else {
			published = r.ID
		}
	}
	var earlier assessment.ID
	for _, u := range s.Users {
		if u.Email != done {
			continue
		}
		for _, h := range s.heads(t, u.AGS) {
			if h.Released {
				earlier = h.ID
			}
		}
	}
	list := []place{
		{"", "start", "/"}, {"", "login", "/login"}, {"", "checklists", "/checklists"},
		{"", "checklist", "/checklists/willkommen/1.0.0"}, {"", "checklist-new", "/checklists/willkommen/2.0.0"},
		{"", "changes", "/checklists/willkommen/2.0.0/changes/1.1.0"},
		{"", "changes-minor", "/checklists/willkommen/1.1.0/changes/1.0.0"},
		{"", "checklist-2", "/checklists/barrierefreie-dienste/1.0.0"}, {"", "help-town", "/help/town"},
		{"", "help-colleague", "/help/colleague"},
		{"", "help-agency", "/help/agency"}, {"", "method", "/method"}, {"", "easy", "/easy"},
		{"", "privacy", "/privacy"},
		{"", "accessibility", "/accessibility"},
		{"", "imprint", "/imprint"}, {"", "licences", "/licences"}, {"", "not-found", "/nowhere"},
		{"", "preview", "/preview"}, {"", "preview-checklist", "/preview/willkommen/1.0.0"},
		{"", "preview-broken", "/preview/willkommen/2.0.0"},
		{lead, "start-town", "/"}, {lead, "account", "/account"}, {lead, "people-town", "/people"},
		{lead, "audit-town", "/audit"},
		{lead, "overview", fmt.Sprintf("/assessments/%d/overview", draft)},
		{lead, "tasks", fmt.Sprintf("/assessments/%d", draft)},
		{lead, "result-draft", fmt.Sprintf("/assessments/%d/result", draft)},
		{lead, "consent", fmt.Sprintf("/assessments/%d/consent", draft)},
		{lead, "form", fmt.Sprintf("/assessments/%d/form", draft)},
		{lead, "benchmark-none", fmt.Sprintf("/assessments/%d/benchmark", draft)},
		{editor, "tasks-editor", fmt.Sprintf("/assessments/%d", edited)},
		{done, "tasks-submitted", fmt.Sprintf("/assessments/%d", submitted)},
		{done, "result", fmt.Sprintf("/assessments/%d/result", submitted)},
		{done, "result-print", fmt.Sprintf("/assessments/%d/result/print", submitted)},
		{done, "section-submitted", fmt.Sprintf("/assessments/%d/sections/netz", submitted)},
		{done, "benchmark-town", fmt.Sprintf("/assessments/%d/benchmark", earlier)},
		{done, "result-released", fmt.Sprintf("/assessments/%d/result", earlier)},
		{agency, "start-agency", "/"}, {agency, "towns", "/towns"}, {agency, "people-agency", "/people"},
		{agency, "audit-agency", "/audit"}, {agency, "look", "/look"},
		{agency, "round-new", "/rounds/new"}, {agency, "round", fmt.Sprintf("/rounds/%d", open)},
		{agency, "round-published", fmt.Sprintf("/rounds/%d", published)},
		{agency, "round-close", fmt.Sprintf("/rounds/%d/close", open)},
		{agency, "benchmark", fmt.Sprintf("/rounds/%d/benchmark", open)},
		{agency, "assessment-agency", fmt.Sprintf("/assessments/%d", submitted)},
		{agency, "result-agency", fmt.Sprintf("/assessments/%d/result", submitted)},
		{agency, "version", fmt.Sprintf("/rounds/%d/versions/2.0.0", published)},
		{done, "trend", fmt.Sprintf("/assessments/%d/trend", submitted)},
		{agency, "trend-agency", fmt.Sprintf("/rounds/%d/trend", open)},
	}
	for _, section := range []string{"steuerung", "netz", "buergerbuero", "paket", "begegnung", "partner", "alltag",
		"sprache", "nachhalten"} {
		list = append(list, place{lead, "section-" + section, fmt.Sprintf("/assessments/%d/sections/%s", draft,
			section)})
	}
	proposed, fresh := s.newcomer(t)
	list = append(list, place{proposed, "start-proposals", "/"},
		place{proposed, "tasks-proposals", fmt.Sprintf("/assessments/%d", fresh)},
		place{proposed, "section-proposals", fmt.Sprintf("/assessments/%d/sections/buergerbuero", fresh)},
		place{proposed, "overview-proposals", fmt.Sprintf("/assessments/%d/overview", fresh)})
	link, err := exec.Command(program, "user", "link", "--data", s.dir, "--email", editor).Output()
	if err != nil {
		t.Fatalf("user link: %v", err)
	}
	address, err := url.Parse(strings.TrimSpace(string(link)))
	if err != nil {
		t.Fatal(err)
	}
	list = append(list, place{"", "link", address.Path}, place{"", "link-gone", "/link/gone"},
		place{agency, "forbidden", fmt.Sprintf("/assessments/%d/consent", submitted)})
	list = append(list, place{lead, "history",
		fmt.Sprintf("/assessments/%d/questions/steuerung-ansprechperson/history", draft)},
		place{lead, "evidence", fmt.Sprintf("/assessments/%d/questions/steuerung-ansprechperson/evidence", draft)})
	list = append(list, place{lead, "delegations", fmt.Sprintf("/assessments/%d/delegations", draft)},
		place{lead, "delegation-revoke", fmt.Sprintf("/assessments/%d/delegations/%d/revoke", draft, 1)})
	for i, name := range []string{"delegated-name", "delegated", "delegated-gone"} {
		list = append(list, place{"", name, s.link(t, draft, i > 0, i > 1)})
	}
	return list
}

// link asks a colleague a few questions of an assessment, beside the running server; the colleague
// may have said a name, and the link may be revoked.
func (s *site) link(t *testing.T, id assessment.ID, named, revoked bool) string {
	t.Helper()
	st, err := store.Open(t.Context(), store.Config{DataDir: s.dir})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	now := time.Now()
	token, secret := account.NewToken()
	d := assessment.Delegation{Assessment: id, Questions: []checklist.QuestionID{"steuerung-ansprechperson",
		"netz-neubuergerseite", "buero-terminfrist"}, For: "Bürgerbüro", Note: "Liebe Petra,\ndanke für die Hilfe.",
		Created: now, ByName: "Anna Beispiel", Expires: now.Add(assessment.RemindedLife)}
	if d.ID, err = st.CreateDelegation(t.Context(), d, secret, assessment.MaxDelegations, account.Event{}); err != nil {
		t.Fatal(err)
	}
	if named {
		if err := st.UseDelegation(t.Context(),
			assessment.Use{Secret: secret, At: now, Name: "Petra Klein"}); err != nil {
			t.Fatal(err)
		}
	}
	if revoked {
		if err := st.RevokeDelegation(t.Context(), id, d.ID, now, account.Event{}); err != nil {
			t.Fatal(err)
		}
	}
	return "/d/" + token
}

// TestPagesInBrowser looks at every page at two widths in light and dark: axe finds nothing, nothing
// is wider than the screen, nothing is logged as an error, nothing leaves the machine.
func TestPagesInBrowser(t *testing.T) {
	s := startSite(t)
	tabs := map[string]*testkit.Tab{}
	shots := os.Getenv("SCREENSHOTS_ALL")
	for _, p := range s.places(t) {
		tab := tabs[p.who]
		if tab == nil {
			tab = s.signedIn(t, p.who)
			tabs[p.who] = tab
		}
		t.Run(p.name, func(t *testing.T) {
			for _, width := range []int64{1280, 360} {
				shape := ""
				for _, scheme := range []string{"light", "dark"} {
					look := fmt.Sprintf("%d px, %s", width, scheme)
					tab.Run(t, testkit.Screen(width, scheme), tab.Open(p.path))
					tab.Until(t,
						"document.readyState === 'complete' && !document.querySelector('[data-chart-pending]')")
					found, now := tab.AxeAfter(t, shape)
					shape = now
					for _, v := range found {
						t.Errorf("%s: axe %s (%s): %s\n  %s", look, v.ID, v.Impact, v.Help,
							strings.Join(v.Nodes, "\n  "))
					}
					if wide := testkit.Ask[int](t, tab, "document.documentElement.scrollWidth - innerWidth"); wide > 0 {
						t.Errorf("%s: the page is %d px wider than the screen", look, wide)
					}
					if h := testkit.Ask[int](t, tab, "document.querySelectorAll('h1').length"); h != 1 {
						t.Errorf("%s: %d headings of the first level", look, h)
					}
					if shots != "" {
						shoot(t, tab, filepath.Join(shots, fmt.Sprintf("%s-%d-%s.png", p.name, width, scheme)))
					}
				}
			}
			for _, f := range tab.Faults() {
				t.Error(f)
			}
		})
	}
}

// TestPagesWithoutScripts opens every page with JavaScript off: the content is there, and each chart's table is open.
func TestPagesWithoutScripts(t *testing.T) {
	s := startSite(t)
	tabs := map[string]*testkit.Tab{}
	for _, p := range s.places(t) {
		tab := tabs[p.who]
		if tab == nil {
			tab = s.signedIn(t, p.who)
			tab.Run(t, testkit.Scripts(false))
			tabs[p.who] = tab
		}
		t.Run(p.name, func(t *testing.T) {
			tab.Run(t, tab.Open(p.path))
			if n := testkit.Ask[int](t, tab, "document.querySelector('main').innerText.trim().length"); n < 40 {
				t.Errorf("the page says only %d characters", n)
			}
			if n := testkit.Ask[int](t, tab,
				"[...document.querySelectorAll('figure')].filter(f => f.checkVisibility() && "+
					"f.querySelector('table') && !f.querySelector('table').checkVisibility()).length"); n > 0 {
				t.Errorf("%d charts hide their table", n)
			}
			for _, f := range tab.Faults() {
				t.Error(f)
			}
		})
	}
}

func shoot(t *testing.T, tab *testkit.Tab, file string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(tab.Context, patience)
	defer cancel()
	picture, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, picture, 0o644); err != nil {
		t.Fatal(err)
	}
}

// pictured are the pages of the README's pictures, by the names of their files.
var pictured = map[string]string{"start": "start", "section-buergerbuero": "section", "result-released": "result",
	"benchmark": "region"}

// TestScreenshots makes the README's pictures: make screenshots.
func TestScreenshots(t *testing.T) {
	dir := testkit.Only(t, "SCREENSHOTS", "screenshots")
	s := startSite(t)
	tabs := map[string]*testkit.Tab{}
	for _, p := range s.places(t) {
		name, wanted := pictured[p.name]
		if !wanted {
			continue
		}
		if tabs[p.who] == nil {
			tabs[p.who] = s.signedIn(t, p.who)
		}
		tab := tabs[p.who]
		tab.Run(t, testkit.Screen(1280, "light"), tab.Open(p.path))
		tab.Until(t, "document.readyState === 'complete'")
		ctx, cancel := context.WithTimeout(tab.Context, patience)
		picture, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
		cancel()
		if err != nil {
			t.Fatal(err)
		}
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name+".png"), picture, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
