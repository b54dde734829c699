package tour

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"testing"

	"ortsspiegel/pkg/internal/testkit"
)

// client is somebody who follows no redirect.
func client(t *testing.T) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &http.Client{Jar: jar, Timeout: patience, CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse
	}}
}

func ask(ctx context.Context, c *http.Client, method, address string, form url.Values) (int, string, error) {
	req, err := http.NewRequestWithContext(ctx, method, address, strings.NewReader(form.Encode()))
	if err != nil {
		return 0, "", err
	}
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	res, err := c.Do(req)
	if err != nil {
		return 0, "", err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	return res.StatusCode, string(body), err
}

// A request needs one connection at most: a server with a single one answers everything, to several
// people at the same time, and a second node finds connections left. Nothing asks for a data folder.
func TestOneConnectionIsEnough(t *testing.T) {
	address := testkit.OwnPostgres(t, "max_connections=10").Address("postgres")
	out, err := exec.Command(program, "demo", "--database-url", address, "--participants", "8", "--json").Output()
	if err != nil {
		t.Fatalf("demo: %v", err)
	}
	var made site
	if err := json.Unmarshal(out, &made); err != nil {
		t.Fatal(err)
	}
	home := serve(t, "", "--database-url", address, "--database-connections", "1")
	second := serve(t, "", "--database-url", address)
	out, err = exec.Command(program, "user", "link", "--database-url", address, "--email", made.Users[0].Email).Output()
	if err != nil || !strings.HasPrefix(string(out), second+"/link/") {
		t.Errorf("the link is not of the server that started last, %s: %s, %v", second, out, err)
	}
	signIn := func(email string) *http.Client {
		c := client(t)
		if status, _, err := ask(t.Context(), c, "POST", home+"/login",
			url.Values{"email": {email}, "password": {made.Users[0].Password}}); status != http.StatusSeeOther {
			t.Fatalf("sign-in: %d, %v", status, err)
		}
		return c
	}
	visit := func(c *http.Client, paths ...string) {
		for _, path := range paths {
			if status, body, err := ask(t.Context(), c, "GET", home+path, nil); err != nil || status >= 500 {
				t.Errorf("%s: %d, %v: %.200s", path, status, err, body)
			}
		}
	}
	running, published := fmt.Sprintf("/rounds/%d", made.Rounds[0].ID), fmt.Sprintf("/rounds/%d", made.Rounds[1].ID)
	agency := signIn(made.Users[0].Email)
	var all sync.WaitGroup
	for range 2 {
		all.Go(func() {
			visit(agency, "/", "/towns", "/people", "/account", "/audit", "/rounds/new", running, running+"/benchmark",
				running+"/export.xlsx", running+"/export.csv",
				published, published+"/benchmark", published+"/trend", "/readyz", "/checklists", "/help/agency")
		})
	}
	link := regexp.MustCompile(`/assessments/[0-9]+`)
	for _, u := range made.Users[2:7] {
		if !u.Role.ForTown() {
			continue
		}
		c := signIn(u.Email)
		_, start, err := ask(t.Context(), c, "GET", home+"/", nil)
		base := link.FindString(start)
		if err != nil || base == "" {
			t.Fatalf("%s sees no assessment: %v", u.Email, err)
		}
		all.Go(func() {
			visit(c, base, base+"/sections/netz", base+"/result", base+"/benchmark", base+"/export.xlsx",
				base+"/answers.json", base+"/delegations", "/people")
			for n := range 5 {
				form := url.Values{"value": {"geplant"}, "revision": {fmt.Sprint(n)}}
				if status, body, err := ask(t.Context(), c, "PUT", home+base+"/answers/netz-neubuergerseite",
					form); err != nil || status >= 500 {
					t.Errorf("saving: %d, %v: %.200s", status, err, body)
				}
			}
		})
	}
	all.Wait()
}
