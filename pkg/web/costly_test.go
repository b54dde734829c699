package web

import (
	"bytes"
	"context"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"runtime"
	"runtime/metrics"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/internal/turns"
	"ortsspiegel/pkg/web/site"
)

// costOfRoutes is written a second time on purpose, apart from the route table.
var costOfRoutes = map[string]site.Cost{
	"assessment.export_xlsx": site.Costly, "assessment.export_csv": site.Costly, "form.download": site.Costly,
	"form.upload":        site.CostlyUpload,
	"delegated.download": site.Costly, "delegated.upload": site.CostlyUpload,
	"round.export_xlsx": site.Costly, "round.export_csv": site.Costly, "round.analysis_xlsx": site.Costly,
	"round.analysis_csv": site.Costly, "round.analysis_lines": site.Costly, "round.export_towns": site.Costly,
	"round.version": site.Costly,
	"login.submit":  site.Hashes, "link.use": site.Hashes, "account.password": site.Hashes,
}

// occupy takes every turn and every place in the queue until the test ends.
func occupy(t *testing.T, all *turns.Turns) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	t.Cleanup(func() { cancel(); wg.Wait() })
	for full := false; !full; {
		before, refused := all.Taken(), make(chan struct{})
		wg.Go(func() {
			leave, err := all.Enter(ctx)
			if err != nil {
				close(refused)
				return
			}
			<-ctx.Done()
			leave()
		})
		for all.Taken() == before && !full {
			select {
			case <-refused:
				full = true
			case <-time.After(time.Millisecond):
			}
		}
	}
}

// upload sends a file as a form does.
func (b *browser) sendFile(path string) *httptest.ResponseRecorder {
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	part, err := w.CreateFormFile("file", "form.xlsx")
	must(b.house.t, err)
	_, err = part.Write([]byte("no workbook"))
	must(b.house.t, err)
	must(b.house.t, w.Close())
	r := httptest.NewRequest(http.MethodPost, path, &body)
	r.Header.Set("Content-Type", w.FormDataContentType())
	for name, value := range b.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	answer := httptest.NewRecorder()
	b.house.handler.ServeHTTP(answer, r)
	return answer
}

// TestCostlyRoutesWaitForTheirTurn asks every route of the router while every turn is taken:
// exactly the costly ones are 503 with Retry-After, and say so kindly.
func TestCostlyRoutesWaitForTheirTurn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, r := range routesOf(shippedDrafts{}) {
		if r.Cost != costOfRoutes[r.Name] {
			t.Errorf("%s costs %d, the test expects %d", r.Name, r.Cost, costOfRoutes[r.Name])
		}
		if sounds := strings.Contains(r.Name, "export") || strings.Contains(r.Name, "analysis") ||
			strings.HasSuffix(r.Name, "load"); sounds && r.Cost == site.Cheap {
			t.Errorf("%s sounds costly and is not", r.Name)
		}
	}
	token, err := w.accounts.Add(t.Context(), account.Invitation{Email: "neu@example.org", Role: account.TownEditor,
		Town: worldTowns["own"]})
	must(t, err)
	occupy(t, w.work)
	occupy(t, w.hashing)
	asked := map[string]bool{}
	for _, a := range w.actors {
		for _, x := range registeredRoutes(t) {
			c := costOfRoutes[x.name]
			for _, target := range w.targets(a, x.name, x.path, rightsOfRoutes[x.name].kind) {
				path := target.path
				if x.name == "link.use" {
					path, target.owner = "/link/"+token, "own"
				}
				if asked[x.name] || want(a, rightsOfRoutes[x.name], target, x.method, false) != "allowed" ||
					x.method != http.MethodGet && c == site.Cheap {
					continue
				}
				w.rest(x.name)
				w.later(time.Minute) // nothing but the turn is to refuse
				var answer *httptest.ResponseRecorder
				switch {
				case c == site.CostlyUpload:
					answer = a.b.sendFile(path)
				case x.name == "login.submit":
					answer = w.browser().post(path, url.Values{"email": {"own-lead@example.org"},
						"password": {goodPassword}})
				case x.name == "link.use":
					answer = w.browser().post(path, url.Values{"name": {"Neu Dabei"}, "password": {goodPassword}})
				default:
					answer = a.b.do(x.method, path, w.form(x.name, target))
				}
				busy := answer.Code == http.StatusServiceUnavailable
				if busy != (c != site.Cheap) && !strings.Contains(path, "/publish") {
					t.Errorf("%s %s by %s: status %d", x.method, path, a.name, answer.Code)
				}
				if busy && (answer.Header().Get("Retry-After") == "" ||
					!strings.Contains(answer.Body.String(), "Gerade ist viel los")) {
					t.Errorf("%s: not said kindly: %s", path, answer.Body)
				}
				if c == site.Cheap || busy {
					asked[x.name] = true
				}
			}
		}
	}
	for name := range costOfRoutes {
		if !asked[name] {
			t.Errorf("%s was never refused", name)
		}
	}
}

// TestSixtySignInsAtOnce measures what a storm of sign-ins costs the process, and the others.
func TestSixtySignInsAtOnce(t *testing.T) {
	const storm = 60
	h := newHouse(t)
	h.accounts.HashAt(account.FullCost)
	reader := h.signedIn(h.person("lead", account.TownLead, "05958004"))
	var signing, watching sync.WaitGroup
	over := make(chan struct{})
	runtime.GC() // what tests before this one left is not the storm's
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	base, peak := sample[0].Value.Uint64(), uint64(0)
	watching.Go(func() {
		for {
			metrics.Read(sample)
			peak = max(peak, sample[0].Value.Uint64())
			select {
			case <-over:
				return
			case <-time.After(time.Millisecond):
			}
		}
	})
	var waits []time.Duration
	watching.Go(func() {
		for {
			begun := time.Now()
			if w := reader.get("/account"); w.Code != http.StatusOK {
				t.Errorf("another's page: status %d", w.Code)
			}
			waits = append(waits, time.Since(begun))
			select {
			case <-over:
				return
			case <-time.After(5 * time.Millisecond): // somebody who reads, not a second storm
			}
		}
	})
	statuses := make([]int, storm)
	for i := range storm {
		signing.Go(func() {
			form := url.Values{"email": {fmt.Sprintf("niemand%d@example.org", i)}, "password": {goodPassword}}
			statuses[i] = send(h.handler, http.MethodPost, "/login", form.Encode(), "Content-Type",
				"application/x-www-form-urlencoded").Code
		})
	}
	signing.Wait()
	close(over)
	watching.Wait()
	for i, status := range statuses {
		if status != http.StatusUnprocessableEntity {
			t.Errorf("sign-in %d: status %d", i, status)
		}
	}
	slices.Sort(waits)
	p95 := waits[len(waits)*95/100]
	peak -= min(base, peak)
	t.Logf("%d MB more at the peak, another's page at p95 in %s (%d asked)", peak>>20, p95, len(waits))
	if peak > 300<<20 {
		t.Errorf("%d MB more at the peak", peak>>20)
	}
	if p95 > time.Second {
		t.Errorf("others wait %s at p95", p95)
	}
}
