package web

import (
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"ortsspiegel/pkg/catalog"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/web/checklists"
	"ortsspiegel/pkg/web/site"
	"ortsspiegel/templates"
)

// folderDrafts reads a folder with the real linter, as the command does.
type folderDrafts struct{ folder string }

func (d folderDrafts) Drafts() ([]checklists.Draft, error) {
	list, err := catalog.Drafts(d.folder)
	var all []checklists.Draft
	for _, one := range list {
		all = append(all, draftOf(one))
	}
	return all, err
}

func (d folderDrafts) Draft(ref checklist.Ref) (checklists.Draft, error) {
	one, err := catalog.ReadDraft(d.folder, ref)
	return draftOf(one), err
}

func draftOf(one catalog.Draft) checklists.Draft {
	d := checklists.Draft{Name: one.File, File: one.File, Ref: one.Ref, Published: one.Published,
		Definition: one.Definition}
	for _, p := range one.Problems {
		d.Problems = append(d.Problems, checklists.DraftProblem{Place: fmt.Sprintf("%d:%d", p.Line, p.Column),
			Severity: p.Severity, Message: p.Message})
	}
	return d
}

// shippedDrafts are the files of the repository.
type shippedDrafts struct{}

var shippedFolder = folderDrafts{filepath.Join("..", "..", "checklists")}

func (shippedDrafts) Drafts() ([]checklists.Draft, error) { return shippedFolder.Drafts() }
func (shippedDrafts) Draft(ref checklist.Ref) (checklists.Draft, error) {
	return shippedFolder.Draft(ref)
}

const draftSheet = `id: klein
version: 1.0.0
kind: assessment
languages: [de]
title: {de: Kleine Liste}
levels: [{id: alle, from: 0, label: {de: alle}}]
sections:
  - id: a
    title: {de: Abschnitt A}
    weight: 1
    questions:
      - {id: a1, text: {de: Gibt es <b>das</b>?}, help: {de: Das zählt.}, type: choice, options: [{id: nein, points: 0, label: {de: nein}}, {id: ja, points: 62.5, label: {de: sicher}}]}
      - {id: a2, text: {de: Seit wann?}, type: date, when: {question: a1, any_of: [ja]}}
`

func putDraft(t *testing.T, content string, path ...string) {
	t.Helper()
	file := filepath.Join(path...)
	must(t, os.MkdirAll(filepath.Dir(file), 0o755))
	must(t, os.WriteFile(file, []byte(content), 0o600))
}

func TestPreview(t *testing.T) {
	dir := t.TempDir()
	h := testServer(t, func(c *Config) { c.Drafts = folderDrafts{dir} })
	page := func(path string, status int, has ...string) string {
		t.Helper()
		w := get(h, path)
		if w.Code != status {
			t.Fatalf("%s: status %d", path, w.Code)
		}
		for _, text := range has {
			if !strings.Contains(w.Body.String(), text) {
				_, main, _ := strings.Cut(w.Body.String(), "<main")
				t.Errorf("%s: %q is missing in %s", path, text, main)
			}
		}
		return w.Body.String()
	}
	page("/preview", http.StatusOK, "keine Checkliste")
	putDraft(t, draftSheet, dir, "klein", "1.0.0.yaml")
	page("/preview", http.StatusOK, `href="/preview/klein/1.0.0"`, "Kleine Liste", "Vorschau, nicht veröffentlicht",
		"keine Meldung", "Entwurf")
	body := page("/preview/klein/1.0.0", http.StatusOK, "Vorschau, nicht veröffentlicht", "Abschnitt A",
		"Gibt es &lt;b&gt;das&lt;/b&gt;?", "Das zählt.", "sicher", "62,5 Punkte",
		"Bei „Gibt es &lt;b&gt;das&lt;/b&gt;?“ wurde „sicher“ gewählt", "keine Meldung")
	if strings.Contains(body, "Fehler") {
		t.Error("a good file has errors")
	}

	// read anew at every load: a warning beside the checklist, an error instead of it
	putDraft(t, strings.Replace(draftSheet, "levels: [{id: alle, from: 0, label: {de: alle}}]\n", "", 1), dir, "klein",
		"1.0.0.yaml")
	page("/preview/klein/1.0.0", http.StatusOK, "Hinweis", "there are no levels", "Abschnitt A")
	page("/preview", http.StatusOK, "1 Hinweis")
	putDraft(t, strings.Replace(draftSheet, "points: 62.5", "points: <script>", 1), dir, "klein", "1.0.0.yaml")
	body = page("/preview/klein/1.0.0", http.StatusOK, "12:158",
		"is the text &#34;&lt;script&gt;&#34;: a number such as 5 or 7.5 is expected", "Die Datei hat Fehler")
	if strings.Contains(body, "Abschnitt A") {
		t.Error("a broken file is shown")
	}
	page("/preview", http.StatusOK, "1 Fehler", "noch nicht lesbar")

	// errors that leave something to read: the checklist below them, marked
	for wrong, says := range map[string]string{
		strings.Replace(draftSheet, "any_of: [ja]", "any_of: [nirgends]",
			1): "nirgends",
		strings.Replace(draftSheet, "weight: 1\n", "weight: 0\n",
			1): "weight",
		strings.Replace(draftSheet, "sections:\n", "changes: {from: 2.0.0, note: {de: Neu.}}\nsections:\n", 1): "2.0.0",
	} {
		putDraft(t, wrong, dir, "klein", "1.0.0.yaml")
		page("/preview/klein/1.0.0", http.StatusOK, "Fehler</span>", says,
			`Kleine Liste <span class="os-tag os-tag--danger">mit Fehlern</span>`, "Abschnitt A", "sicher")
		page("/preview", http.StatusOK, "1 Fehler", "Kleine Liste")
	}

	// other files: with a wrong name, not YAML, hidden
	putDraft(t, draftSheet, dir, "klein", "neu.yml")
	putDraft(t, "\x00", dir, "klein", "2.0.0.yaml")
	putDraft(t, draftSheet, dir, "klein", ".3.0.0.yaml")
	body = page("/preview", http.StatusOK, "klein/neu.yml", `href="/preview/klein/2.0.0"`)
	if strings.Contains(body, ".3.0.0") || strings.Contains(body, `href="/preview/klein/neu`) {
		t.Error("a hidden file is listed, or one that has no page has a link")
	}
	page("/preview/klein/2.0.0", http.StatusOK, "the character U&#43;0000 is no text", "Die Datei hat Fehler")
	for _, path := range []string{"/preview/klein/9.0.0", "/preview/klein/neu", "/preview/klein/.3.0.0",
		"/preview/klein/..%2f1.0.0", "/preview/../klein/1.0.0", "/preview/x/1.0.0", "/preview/klein", "/preview/"} {
		page(path, http.StatusNotFound)
	}

	// published: frozen, and an edited one says so
	putDraft(t, draftSheet, dir, "klein", "1.0.0.yaml")
	putDraft(t, catalog.Hash([]byte(draftSheet))+"  klein/1.0.0.yaml\n", dir, catalog.PublishedFile)
	page("/preview/klein/1.0.0", http.StatusOK, "Vorschau einer veröffentlichten Version", "Abschnitt A")
	page("/preview", http.StatusOK, "veröffentlicht")
	putDraft(t, draftSheet+"\n", dir, "klein", "1.0.0.yaml")
	page("/preview/klein/1.0.0", http.StatusOK, "1:1", "is published and was edited", "Vorschau, nicht veröffentlicht")

	// the folder is gone
	must(t, os.RemoveAll(dir))
	page("/preview", http.StatusServiceUnavailable)
	page("/preview/klein/1.0.0", http.StatusNotFound)
}

// TestPreviewOnlyAtHome: a name that was made to lead to this machine opens no draft.
func TestPreviewOnlyAtHome(t *testing.T) {
	h := testServer(t, func(c *Config) { c.Drafts = shippedDrafts{} })
	answer := func(path, host string) (int, string) {
		w := get(h, path, "Host", host)
		w.Header().Del("X-Request-Id")
		return w.Code, fmt.Sprint(w.Header()) + strings.ReplaceAll(w.Body.String(), path, "")
	}
	for _, host := range []string{"localhost", "localhost:8080", "127.0.0.1", "127.0.0.1:8080", "127.1.2.3:80",
		"[::1]", "[::1]:8080"} {
		for _, path := range []string{"/preview", "/preview/willkommen/1.0.0"} {
			if status, _ := answer(path, host); status != http.StatusOK {
				t.Errorf("%s at %s: status %d", path, host, status)
			}
		}
	}
	for _, host := range []string{"evil.example", "evil.example:8080", "localhost.evil.example",
		"127.0.0.1.evil.example", "192.168.0.1:8080", "0.0.0.0:8080", "[::]:8080", "[fe80::1]:8080", "", ":8080"} {
		_, unknown := answer("/nothing/willkommen/1.0.0", host)
		for _, path := range []string{"/preview", "/preview/willkommen/1.0.0"} {
			if status, got := answer(path, host); status != http.StatusNotFound || got != unknown {
				t.Errorf("%s at %q: status %d, otherwise than an unknown address:\n%s\n%s", path, host, status, got,
					unknown)
			}
		}
	}
}

// Without drafts the addresses do not exist: they answer like any other unknown one.
func TestNoPreviewInNormalOperation(t *testing.T) {
	h := testServer(t)
	normal := func(path string) string {
		w := get(h, path)
		if w.Code != http.StatusNotFound {
			t.Errorf("%s: status %d", path, w.Code)
		}
		w.Header().Del("X-Request-Id")
		return fmt.Sprint(w.Header()) + strings.ReplaceAll(w.Body.String(), path, "")
	}
	unknown := normal("/nothing/probe/1.0.0")
	for _, path := range []string{"/preview/probe/1.0.0", "/preview", "/preview/"} {
		if got := normal(path); got != unknown {
			t.Errorf("%s answers otherwise than an unknown address:\n%s\n%s", path, got, unknown)
		}
	}
	s, err := newShell(Config{Config: site.Config{PublicURL: plainURL, Templates: templates.Files,
		Assets: builtAssets(), Now: time.Now, Logger: slog.New(slog.DiscardHandler)}})
	must(t, err)
	for _, r := range s.echo().Routes() {
		if strings.HasPrefix(r.Path, "/preview") {
			t.Errorf("%s is registered", r.Path)
		}
	}
}
