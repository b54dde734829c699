package arch

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "ortsspiegel"

func TestImportLaw(t *testing.T) {
	packages := read(t, filepath.Join("..", "..", ".."))
	if len(packages) < 5 {
		t.Fatalf("only %d packages found: is this still the repository's root", len(packages))
	}
	for _, v := range check(law, packages) {
		t.Error(v)
	}
}

// The law itself keeps the order of the house, whatever the sources say.
func TestLawIsALaw(t *testing.T) {
	may := map[layer][]layer{
		knowledge:  {knowledge},
		capability: {knowledge, capability},
		adapter:    {knowledge, capability, asset},
		command:    {knowledge, capability, adapter, asset},
	}
	renderers := map[string]bool{"pkg/chart": true, "pkg/workbook/reports": true, "pkg/workbook/form": true}
	for name, r := range law {
		for _, other := range r.inside {
			to, listed := law[other]
			switch {
			case !listed:
				t.Errorf("%s may import %s, which is not listed", name, other)
			case strings.HasPrefix(name, "pkg/web/") && renderers[other]:
			case r.layer == adapter && strings.HasPrefix(other, name+"/"): // an adapter's shell joins its chambers
			// chambers of one adapter
			case r.layer == adapter && path.Dir(name) != "pkg" && path.Dir(name) == path.Dir(other):
			case !slices.Contains(may[r.layer], to.layer):
				t.Errorf("%s may not be allowed to import %s", name, other)
			}
		}
	}
	owners := map[string][]string{
		"github.com/labstack/echo/v4": {"pkg/web", "pkg/web/site"},
		"gorm.io/gorm":                {"pkg/store"},
		// measured against it
		"github.com/xuri/excelize/v2": {"cmd/performance", "pkg/workbook/book", "pkg/workbook/form",
			"pkg/workbook/reports"},
		"github.com/go-echarts/go-echarts/v2": {"pkg/chart"},
		"go.yaml.in/yaml/v4":                  {"pkg/catalog"},
		"github.com/alecthomas/kong":          {"cmd/ortsspiegel"},
	}
	for module, want := range owners {
		var got []string
		for name, r := range law {
			if slices.Contains(r.outside, module) {
				got = append(got, name)
			}
		}
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("%s is open to %v, not to %v alone", module, got, want)
		}
	}
}

// source is what a Go file of a package does that the law speaks about.
type source struct {
	file    string
	imports []string
	clock   []string // "time.Now", with their lines
}

// read parses all packages below root; keys are paths from there.
func read(t *testing.T, root string) map[string][]source {
	t.Helper()
	packages := map[string][]source{}
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		base := d.Name()
		if d.IsDir() {
			if name != root && (strings.HasPrefix(base, ".") || strings.HasPrefix(base, "_") || base == "testdata" ||
				base == "node_modules" || base == "dist") {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(base, ".go") || strings.HasSuffix(base, "_test.go") || strings.HasPrefix(base, ".") ||
			strings.HasPrefix(base, "_") {
			return nil
		}
		rel, err := filepath.Rel(root, filepath.Dir(name))
		if err != nil {
			return err
		}
		s, ships, err := parse(name)
		if ships {
			packages[filepath.ToSlash(rel)] = append(packages[filepath.ToSlash(rel)], s)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return packages
}

// parse reads one file; ships is false for programs that "go generate" runs.
func parse(name string) (s source, ships bool, err error) {
	set := token.NewFileSet()
	f, err := parser.ParseFile(set, name, nil, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return s, false, err
	}
	for _, group := range f.Comments {
		for _, c := range group.List {
			if c.Pos() < f.Package && c.Text == "//go:build ignore" {
				return s, false, nil
			}
		}
	}
	s.file = filepath.Base(name)
	times := map[string]bool{}
	for _, i := range f.Imports {
		p, err := strconv.Unquote(i.Path.Value)
		if err != nil {
			return s, false, err
		}
		s.imports = append(s.imports, p)
		if p == "time" {
			local := "time"
			if i.Name != nil {
				local = i.Name.Name
			}
			times[local] = true
		}
	}
	if times["."] {
		s.clock = append(s.clock, "every name of time, by a dot import")
	}
	ast.Inspect(f, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok {
			if x, ok := sel.X.(*ast.Ident); ok && times[x.Name] && clock[sel.Sel.Name] {
				s.clock = append(s.clock, fmt.Sprintf("time.%s in line %d", sel.Sel.Name, set.Position(sel.Pos()).Line))
			}
		}
		return true
	})
	return s, true, nil
}

// check returns every breach of the law, sorted.
func check(law map[string]room, packages map[string][]source) []string {
	var breaches []string
	say := func(format string, args ...any) { breaches = append(breaches, fmt.Sprintf(format, args...)) }
	for name, sources := range packages {
		r, listed := law[name]
		if !listed {
			say(
				"%s: not in the law: add a line to pkg/internal/arch/law_test.go that says which layer it belongs to "+
					"and what it may import", name)
			continue
		}
		if r.layer == workshop {
			continue
		}
		for _, s := range sources {
			for _, p := range s.imports {
				if why := r.refuses(p); why != "" {
					say("%s/%s: may not import %s: %s", name, s.file, p, why)
				}
			}
			if handsClock[r.layer] {
				for _, c := range s.clock {
					say("%s/%s: may not use %s: the clock is handed in", name, s.file, c)
				}
			}
		}
	}
	slices.Sort(breaches)
	return breaches
}

// refuses says why a room may not import a package, or nothing if it may.
func (r room) refuses(p string) string {
	if inside, ours := strings.CutPrefix(p, module+"/"); ours {
		if !slices.Contains(r.inside, inside) {
			return "the law of this room does not list it"
		}
		return ""
	}
	first, _, _ := strings.Cut(p, "/")
	if strings.Contains(first, ".") {
		for _, m := range r.outside {
			if p == m || strings.HasPrefix(p, m+"/") {
				return ""
			}
		}
		return "this module belongs to another room, or to none yet"
	}
	if r.layer == asset && p != "embed" && p != "io/fs" {
		return "assets are embedded, nothing else"
	}
	if slices.Contains(r.std, p) || exempt[p] {
		return ""
	}
	for at := p; at != "."; at = path.Dir(at) {
		if why := forbidden[r.layer][at]; why != "" {
			return why
		}
	}
	return ""
}

// A house with one breach of each sort shows that the law notices them.
func TestLawNotices(t *testing.T) {
	root := t.TempDir()
	for name, content := range map[string]string{
		"pkg/score/a.go": "package score\nimport " +
			"(\n\"os\"\n\"time\"\n\"ortsspiegel/pkg/bench\"\n\"github.com/shopspring/decimal\"\n)\nvar _ = " +
			"time.Now\nvar _ time.Time\n",
		"pkg/score/a_test.go": "package score\nimport \"os\"\n",
		"pkg/region/a.go": "package region\nimport (\nt " +
			"\"time\"\n\"net/http/httptest\"\n\"net/url\"\n\"log/slog\"\n\"math/rand/v2\"\n)\nfunc f() { t.Sleep(1) " +
			"}\n",
		"pkg/bench/a.go": "package bench\nimport . \"time\"\n",
		"pkg/round/a.go": "package round\nimport " +
			"(\n\"ortsspiegel/pkg/store\"\n\"gorm.io/gorm\"\n\"database/sql\"\n\"context\"\n\"ortsspiegel/pkg/internal/testkit\"\n)\n",
		"pkg/account/a.go": "package account\nimport " +
			"(\n\"crypto/rand\"\n\"golang.org/x/crypto/argon2\"\n\"golang.org/x/crypto/bcrypt\"\n\"ortsspiegel/pkg/round\"\n)\n",
		"pkg/chart/a.go": "package chart\nimport " +
			"(\n\"ortsspiegel/pkg/workbook/book\"\n\"github.com/go-echarts/go-echarts/v2/opts\"\n\"github.com/go-echarts/go-echarts\"\n)\n",
		"pkg/web/a.go": "package web\nimport " +
			"(\n\"ortsspiegel/pkg/licence\"\n\"ortsspiegel/pkg/store\"\n\"ortsspiegel/pkg/catalog\"\n\"github.com/labstack/echo/v4\"\n\"github.com/xuri/excelize/v2\"\n\"net/http/pprof\"\n)\n",
		"pkg/utilities/a.go":        "package utilities\n",
		"templates/a.go":            "package templates\nimport (\n\"embed\"\n\"strings\"\n)\n",
		"static/gen.go":             "//go:build ignore\n\npackage main\nimport \"os\"\n",
		"static/node_modules/a.go":  "package a\n",
		"pkg/catalog/testdata/a.go": "this is not Go",
		"pkg/demo/a.go":             "package demo\nimport (\n\"math/rand/v2\"\n\"math/rand\"\n)\n",
		"cmd/ortsspiegel/a.go": "package main\nimport (\n\"os\"\n\"time\"\n\"ortsspiegel/pkg/store\"\n)\nvar _ " +
			"= time.Now\n",
	} {
		file := filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	var got []string
	for _, b := range check(law, read(t, root)) {
		place, what, _ := strings.Cut(b, ": ")
		what = strings.TrimPrefix(strings.TrimPrefix(what, "may not import "), "may not use ")
		what, _, _ = strings.Cut(what, ": ")
		got = append(got, place+" "+what)
	}
	want := []string{
		"pkg/account/a.go golang.org/x/crypto/bcrypt", "pkg/account/a.go ortsspiegel/pkg/round",
		"pkg/bench/a.go every name of time, by a dot import",
		"pkg/chart/a.go github.com/go-echarts/go-echarts", "pkg/chart/a.go ortsspiegel/pkg/workbook/book",
		"pkg/demo/a.go math/rand",
		"pkg/region/a.go log/slog", "pkg/region/a.go math/rand/v2", "pkg/region/a.go net/http/httptest",
		"pkg/region/a.go time.Sleep in line 9",
		"pkg/round/a.go database/sql", "pkg/round/a.go gorm.io/gorm",
		"pkg/round/a.go ortsspiegel/pkg/internal/testkit", "pkg/round/a.go ortsspiegel/pkg/store",
		"pkg/score/a.go ortsspiegel/pkg/bench", "pkg/score/a.go os", "pkg/score/a.go time.Now in line 8",
		"pkg/utilities not in the law",
		"pkg/web/a.go github.com/xuri/excelize/v2", "pkg/web/a.go net/http/pprof",
		"pkg/web/a.go ortsspiegel/pkg/catalog", "pkg/web/a.go ortsspiegel/pkg/store",
		"templates/a.go strings",
	}
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// TestSkipsAreSaid: a test skips through testkit alone, so that none does in CI and `make test` can
// name those that did.
func TestSkipsAreSaid(t *testing.T) {
	root := filepath.Join("..", "..", "..")
	err := filepath.WalkDir(filepath.Join(root, "pkg"), func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(name, "_test.go") ||
			strings.HasSuffix(filepath.Dir(name), "arch") {
			return err
		}
		b, err := os.ReadFile(name)
		for i, line := range strings.Split(string(b), "\n") {
			if strings.Contains(line, ".Skip(") || strings.Contains(line, ".Skipf(") ||
				strings.Contains(line, ".SkipNow(") {
				t.Errorf("%s:%d: skips without testkit.Need, testkit.Only or testkit.Long", name, i+1)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestFaultsAreComparedByValue: a fault is compared with errors.Is and the variable of the capability whose rule it is,
// never by its code, which is a key of translated texts.
func TestFaultsAreComparedByValue(t *testing.T) {
	byCode := regexp.MustCompile(`\.Code\s*[!=]=\s*"[a-z]`)
	root := filepath.Join("..", "..", "..")
	for _, folder := range []string{"cmd", "pkg"} {
		err := filepath.WalkDir(filepath.Join(root, folder), func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
				return err
			}
			b, err := os.ReadFile(name)
			for i, line := range strings.Split(string(b), "\n") {
				if byCode.MatchString(line) {
					t.Errorf("%s:%d: compares a fault by its code", name, i+1)
				}
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// TestSubmissionsHaveOneMaker: what a submission stores for the benchmark is computed by assessment alone.
func TestSubmissionsHaveOneMaker(t *testing.T) {
	root := filepath.Join("..", "..", "..")
	var makers []string
	for _, folder := range []string{"cmd", "pkg"} {
		err := filepath.WalkDir(filepath.Join(root, folder), func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
				return err
			}
			b, err := os.ReadFile(name)
			file := filepath.ToSlash(strings.TrimPrefix(name, root+string(filepath.Separator)))
			if strings.Contains(string(b), "bench.NewRecord(") && law[path.Dir(file)].layer != workshop {
				makers = append(makers, file)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if !slices.Equal(makers, []string{"pkg/assessment/import.go"}) {
		t.Errorf("records of submissions are made in %v", makers)
	}
}
