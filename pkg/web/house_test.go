package web

import (
	"context"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"ortsspiegel/checklists"
	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/bench/disclosure"
	"ortsspiegel/pkg/catalog"
	"ortsspiegel/pkg/internal/testkit"
	"ortsspiegel/pkg/internal/testkit/setup"
	"ortsspiegel/pkg/internal/turns"
	"ortsspiegel/pkg/lineage"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/round"
	"ortsspiegel/pkg/round/dryrun"
	"ortsspiegel/pkg/round/trend"
	"ortsspiegel/pkg/store"
	"ortsspiegel/pkg/territory"
	"ortsspiegel/pkg/web/site"
)

// house is the whole application on a real database, with two regions that must not know of each other:
// "here" with the towns 05958004 Arnsberg and 05958008 Bestwig, "there" with 05970004 Bad Berleburg.
type house struct {
	t           testing.TB
	handler     http.Handler
	store       *store.Store
	accounts    *account.Service
	territory   *territory.Service
	assessments *assessment.Service
	rounds      *round.Service
	versions    *lineage.Versions
	trends      *trend.Service
	dryRuns     *dryrun.Service
	sheets      *catalog.Catalog
	work        *turns.Turns // of costly routes
	hashing     *turns.Turns
	now         time.Time // moves only when a test moves it
}

func TestMain(m *testing.M) { os.Exit(testkit.RunKeeping(m)) }

const goodPassword = "drei Pferde im Nebel"

func newHouse(t testing.TB) *house {
	t.Helper()
	return newHouseOn(t, checklists.FS)
}

// newHouseOn is newHouse with other checklists.
func newHouseOn(t testing.TB, files fs.FS) *house {
	t.Helper()
	return newHouseIn(t, files, store.Config{DataDir: setup.DataDir(t)})
}

// newHouseIn is newHouseOn with another database.
func newHouseIn(t testing.TB, files fs.FS, database store.Config) *house {
	t.Helper()
	ctx := t.Context()
	s, err := store.Open(ctx, database)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	h := &house{t: t, store: s, sheets: setup.Catalog(files), now: time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)}
	clock := func() time.Time { return h.now }
	h.accounts = account.NewService(s, clock)
	h.work, h.hashing = site.NewWork(), turns.New(2, 64, 0)
	h.accounts.HashIn(h.hashing)
	h.accounts.HashAt(setup.CheapHash)
	h.territory = territory.NewService(s, clock)
	h.versions = lineage.New(s, h.sheets)
	if h.rounds, err = round.NewService(s, h.versions, s, disclosure.DefaultRules(), clock); err != nil {
		t.Fatal(err)
	}
	h.trends, h.dryRuns = trend.NewService(s, h.versions), dryrun.NewService(s)
	population := func(ctx context.Context, ags region.AGS) (int, error) {
		m, err := s.Town(ctx, ags)
		return m.Population, err
	}
	h.assessments = assessment.NewService(s, h.versions, population, clock)
	h.settle("here", "Hierland", town("05958004", "Arnsberg", 74000), town("05958008", "Bestwig", 10500))
	h.settle("there", "Dortland", town("05970004", "Bad Berleburg", 19000))
	h.handler = testServer(t, h.configure)
	return h
}

// configure lets a server work on the house.
func (h *house) configure(c *Config) {
	c.Accounts, c.Territory, c.Assessments, c.Rounds, c.Checklists = h.accounts, h.territory, h.assessments, h.rounds,
		h.sheets
	c.Versions, c.Trends, c.DryRuns = h.versions, h.trends, h.dryRuns
	c.Now, c.Ready, c.Work = func() time.Time { return h.now }, h.store.Ready, h.work
	c.Drafts = shippedDrafts{} // so that the tests of all routes see those of the preview too
	c.Limits = site.Limits{SignInsPerAccount: 5, SignInsPerNetwork: 100, SavesPerMinute: 1_000_000}
}

func town(ags region.AGS, name string, population int) region.Municipality {
	return region.Municipality{AGS: ags, Name: name, OfficialName: name, Kind: "Stadt",
		District:   region.District{Key: ags.District(), Name: "Kreis " + string(ags.District())},
		Population: population, PopulationDate: "2025-12-31", AreaKm2: 100, Lat: 51, Lon: 8}
}

func (h *house) settle(id region.ID, name string, towns ...region.Municipality) {
	h.t.Helper()
	if _, err := h.territory.Import(h.t.Context(), account.Actor{Name: "test"},
		region.Region{ID: id, Name: name, Agency: name + " Agentur", Source: "Test"}, towns); err != nil {
		h.t.Fatal(err)
	}
}

// person creates somebody who has accepted the invitation with goodPassword and returns the mail address.
func (h *house) person(name string, role account.Role, place string) string {
	h.t.Helper()
	in := account.Invitation{Email: name + "@example.org", Name: name, Role: role}
	if role.ForTown() {
		in.Town = region.AGS(place)
	} else {
		in.Region = region.ID(place)
	}
	token, err := h.accounts.Add(h.t.Context(), in)
	if err != nil {
		h.t.Fatal(err)
	}
	if _, _, err := h.accounts.UseLink(h.t.Context(), token, name, goodPassword, account.Client{}); err != nil {
		h.t.Fatal(err)
	}
	return in.Email
}

// browser keeps cookies, as a browser does.
type browser struct {
	house   *house
	cookies map[string]string
}

func (h *house) browser() *browser { return &browser{house: h, cookies: map[string]string{}} }

// signedIn returns a browser in which the person has signed in through the form.
func (h *house) signedIn(email string) *browser {
	h.t.Helper()
	b := h.browser()
	if w := b.post("/login", url.Values{"email": {email}, "password": {goodPassword}}); w.Code != http.StatusSeeOther {
		h.t.Fatalf("sign-in of %s: status %d", email, w.Code)
	}
	return b
}

func (b *browser) get(path string, header ...string) *httptest.ResponseRecorder {
	return b.do(http.MethodGet, path, nil, header...)
}

func (b *browser) post(path string, form url.Values, header ...string) *httptest.ResponseRecorder {
	return b.do(http.MethodPost, path, form, header...)
}

func (b *browser) do(method, path string, form url.Values, header ...string) *httptest.ResponseRecorder {
	b.house.t.Helper()
	var pairs []string
	for name, value := range b.cookies {
		pairs = append(pairs, name+"="+value)
	}
	header = append(header, "Cookie", strings.Join(pairs, "; "), "Sec-Fetch-Site", "same-origin")
	body := ""
	if method != http.MethodGet {
		body = form.Encode()
	}
	w := send(b.house.handler, method, path, body, header...)
	for _, c := range w.Result().Cookies() {
		if c.MaxAge < 0 {
			delete(b.cookies, c.Name)
		} else {
			b.cookies[c.Name] = c.Value
		}
	}
	return w
}
