package tour

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/internal/testkit"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/round"
	"ortsspiegel/pkg/store"
)

// program is the built binary; TestMain builds it once.
var program string

func TestMain(m *testing.M) {
	os.Exit(buildAndRun(m))
}

func buildAndRun(m *testing.M) int {
	dir, err := os.MkdirTemp("", "ortsspiegel-tour-")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	program = filepath.Join(dir, "ortsspiegel")
	build := exec.Command("go", "build", "-o", program, "./cmd/ortsspiegel")
	build.Dir = testkit.Root()
	if out, err := build.CombinedOutput(); err != nil {
		panic("build the program: " + string(out))
	}
	return testkit.RunKeeping(m)
}

// demoDomain is where the demo's people have their mail.
const demoDomain = "@demo.example"

// patience bounds every wait for a condition.
const patience = 30 * time.Second

// site is the program serving a demo region, and a browser to look at it.
type site struct {
	Users []struct {
		Email, Password string
		Role            account.Role
		AGS             region.AGS
	}
	Rounds []struct {
		ID        round.ID
		Checklist string
		Version   string
		Status    round.Status
	}
	dir     string
	home    string
	browser *testkit.Browser
}

// demoRegion is a data folder that is copied for each test, and what the command said of it.
type demoRegion struct {
	dir   string
	users []byte // JSON
}

var demo = sync.OnceValues(func() (demoRegion, error) {
	made := demoRegion{dir: filepath.Join(filepath.Dir(program), "demo")}
	var err error
	made.users, err = exec.Command(program, "demo", "--data", made.dir, "--json").Output()
	return made, err
})

func startSite(t *testing.T) *site {
	t.Helper()
	s := &site{dir: filepath.Join(t.TempDir(), "data"), browser: testkit.StartBrowser(t)}
	made, err := demo()
	if err != nil {
		t.Fatalf("demo: %v", err)
	}
	if err := os.CopyFS(s.dir, os.DirFS(made.dir)); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(made.users, s); err != nil {
		t.Fatalf("%s: %v", made.users, err)
	}
	s.home = serve(t, s.dir, "--preview", drafts(t))
	return s
}

// serve runs the server until the test ends; it must then end well. An empty folder is none.
func serve(t *testing.T, dir string, flags ...string) string {
	t.Helper()
	if dir != "" {
		flags = append(flags, "--data", dir)
	}
	c := exec.Command(program, append([]string{"serve", "--addr", "127.0.0.1:0"}, flags...)...)
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if testing.Verbose() {
		c.Stderr = os.Stderr
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
			t.Error(err)
		}
		if err := c.Wait(); err != nil {
			t.Errorf("serve: %v", err)
		}
	})
	line, err := bufio.NewReader(out).ReadBytes('\n')
	if err != nil {
		t.Fatal(err)
	}
	var first struct{ Listening string }
	if err := json.Unmarshal(line, &first); err != nil {
		t.Fatalf("%q: %v", line, err)
	}
	return first.Listening
}

// drafts is a folder with a checklist that somebody is writing, one version of it broken.
func drafts(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	good, err := os.ReadFile(filepath.Join(testkit.Root(), "checklists", "willkommen", "1.0.0.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(dir, "willkommen"), 0o755); err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string][]byte{"1.0.0.yaml": good,
		"2.0.0.yaml": bytes.ReplaceAll(good, []byte("weight:"), []byte("wieght:"))} {
		if err := os.WriteFile(filepath.Join(dir, "willkommen", name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// signedIn opens a tab in which somebody has signed in; an empty address signs nobody in.
func (s *site) signedIn(t *testing.T, email string) *testkit.Tab {
	t.Helper()
	tab := s.browser.NewTab(t, s.home)
	if email == "" {
		return tab
	}
	tab.Run(t, tab.Open("/login"),
		chromedp.SendKeys(chromedp.CSS("#email"), email), chromedp.SendKeys(chromedp.CSS("#password"),
			s.Users[0].Password+"\r"))
	tab.Until(t, "location.pathname === '/' && document.readyState === 'complete'")
	return tab
}

// user returns a demo user with this role whose assessment of the open round has this status.
func (s *site) user(t *testing.T, role account.Role, status assessment.Status) (email string, id assessment.ID) {
	t.Helper()
	for _, u := range s.Users {
		if u.Role != role {
			continue
		}
		for _, h := range s.heads(t, u.AGS) {
			if h.RoundOpen && h.Status == status && (status == assessment.Submitted || h.Change > 10) {
				return u.Email, h.ID
			}
		}
	}
	t.Fatalf("the demo has no %s with a %s", role, status)
	return "", 0
}

// heads reads a town's assessments beside the running server.
// newcomer returns the lead of a town that has not begun and answered in an earlier round: everything is proposed.
func (s *site) newcomer(t *testing.T) (email string, id assessment.ID) {
	t.Helper()
	for _, u := range s.Users {
		if u.Role != account.TownLead {
			continue
		}
		var untouched assessment.ID
		answered := false
		for _, h := range s.heads(t, u.AGS) {
			if h.RoundOpen && h.Change == 0 {
				untouched = h.ID
			}
			answered = answered || h.Status == assessment.Submitted
		}
		if untouched != 0 && answered {
			return u.Email, untouched
		}
	}
	t.Fatal("the demo has no town with open proposals that has not begun")
	return "", 0
}

func (s *site) heads(t *testing.T, town region.AGS) []assessment.Head {
	t.Helper()
	st, err := store.Open(t.Context(), store.Config{DataDir: s.dir})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	heads, err := st.HeadsOfTown(t.Context(), town)
	if err != nil {
		t.Fatal(err)
	}
	return heads
}
