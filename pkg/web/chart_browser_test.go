package web

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"ortsspiegel/pkg/bench"
	"ortsspiegel/pkg/chart"
	"ortsspiegel/pkg/internal/testkit"
	"ortsspiegel/pkg/web/results"
	"ortsspiegel/pkg/web/rounds"
	"ortsspiegel/pkg/web/site"
	"ortsspiegel/static"
	"ortsspiegel/templates"
)

// chartPage shows charts on a page of the real layout.
func chartPage(t *testing.T, charts ...chart.Chart) *testkit.Tab {
	t.Helper()
	texts, err := site.LoadMessages(localeFiles)
	must(t, err)
	a, err := site.LoadAssets(static.Files())
	if err != nil {
		testkit.Need(t, "the built assets: make assets")
	}
	pages, err := site.LoadPages(templates.Files, texts, a)
	must(t, err)
	v := rounds.RoundBenchmarkView{PageView: site.PageView{Title: "Diagramme", Lang: "de", Charts: true, Path: "/"},
		Groups: []site.TabView{{URL: "/", Label: "Alle", Current: true}}, Group: "Alle",
		Spread: rounds.QuestionList{Title: "Spannweite"}, Strongest: rounds.QuestionList{Title: "Stärken"},
		Weakest: rounds.QuestionList{Title: "Schwächen"}}
	for _, c := range charts {
		v.Pictures = append(v.Pictures,
			results.ChartViewOf(c).From(
				"Willkommen 2026 · 38 Kommunen · Stand 30.11.2026 · Quelle: Selbsteinschätzung"))
	}
	mux := http.NewServeMux()
	mux.Handle(site.AssetPrefix, http.StripPrefix(site.AssetPrefix, http.FileServerFS(static.Files())))
	mux.HandleFunc("/{$}", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		if err := pages.Execute("de", "round_benchmark", "base", v, func(b []byte) error {
			_, err := w.Write(b)
			return err
		}); err != nil {
			t.Error(err)
		}
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	tab := testkit.StartBrowser(t).NewTab(t, server.URL)
	tab.Run(t, testkit.Screen(1280, "dark"), tab.Open("/"))
	// The page keeps its pictures in a disclosure far down; here they stand alone and are looked at.
	testkit.Ask[int](t, tab, `(figures => {
		document.querySelector('main .os-wrap').replaceChildren(document.querySelector('h1'), ...figures)
		document.dispatchEvent(new Event('toggle'))
		return figures.length })([...document.querySelectorAll('figure')])`)
	tab.Until(t, fmt.Sprintf("document.querySelectorAll('figure svg').length === %d", len(charts)))
	return tab
}

// sections is a comparison of n sections, the own scores at 100 %.
func sections(id string, n int) chart.Comparison {
	own := 1.0
	q1, median, q3 := 0.3, 0.45, 0.7
	c := chart.Comparison{ID: id, Title: "Abschnitte " + id, Lang: "de", Own: "Musterstadt", Whole: true}
	for i := range n {
		c.Rows = append(c.Rows, chart.Row{Name: fmt.Sprintf("Thema-%d", i+1), Own: &own,
			Node:  &bench.Node{N: 20, Points: bench.Figures{Q1: &q1, Median: &median, Q3: &q3}},
			Place: bench.Position{Side: bench.AboveMedian, Quarter: bench.TopQuarter}})
	}
	return c
}

// TestLongChartsOnPaper prints charts that are longer than a page: they begin on the first one,
// nothing of them is cut and no page stays empty.
func TestLongChartsOnPaper(t *testing.T) {
	for _, n := range []int{9, 30, 75} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			tab := chartPage(t, chart.BoxPlot(sections("viertel", n)), chart.Bars(sections("balken", n)))
			sheets := tab.Print(t)
			seen := map[string]int{}
			for i, s := range sheets {
				if len(s.Words) < 5 {
					t.Errorf("page %d of %d holds %d words", i+1, len(sheets), len(s.Words))
				}
				for _, w := range s.Words {
					seen[w.Text]++
					if w.XMin < 40 || w.XMax > s.Width-40 || w.YMin < 40 || w.YMax > s.Height-40 {
						t.Errorf("page %d: %q stands in the margin or beyond: %+v", i+1, w.Text, w)
					}
				}
			}
			for i := range n {
				if name := fmt.Sprintf("Thema-%d", i+1); seen[name] < 2 {
					t.Errorf("%s is printed %d times, want once in each chart", name, seen[name])
				}
			}
			if first := sheets[0].Words; !slices.ContainsFunc(first, func(w testkit.Word) bool {
				return w.Text == "Thema-1"
			}) {
				t.Error("the first chart does not begin on the first page")
			}
			if seen["100"] == 0 {
				t.Error("the axis does not end at 100 %")
			}
			tab.Until(t, "!document.querySelector('.os-chart__paper, [data-paper]')")
			noFaults(t, tab)
		})
	}
}

// TestMarkersOnPaper looks at the drawings that are printed: the own markers at 100 % are there and
// within the page, in the colours of paper although the screen is dark.
func TestMarkersOnPaper(t *testing.T) {
	tab := chartPage(t, chart.BoxPlot(sections("viertel", 9)))
	tab.Run(t, chromedp.EmulateViewport(673, 900), testkit.Paper())
	testkit.Ask[bool](t, tab, "window.dispatchEvent(new Event('beforeprint'))")
	got := testkit.Ask[[]float64](t, tab, `(() => { const svg = document.querySelector('.os-chart__paper svg'); const edge = svg.getBoundingClientRect().right;
		const own = [...svg.querySelectorAll('path[fill="#2044aa"]')].map(p => p.getBoundingClientRect()); const far = own.filter(r => edge - r.right < 60)
		return [own.length, far.length, Math.max(...own.map(r => r.right)) - edge, document.documentElement.scrollWidth] })()`)
	if own, far, beyond, wide := got[0], got[1], got[2], got[3]; own != 10 || far != 9 || beyond > 0 || wide > 673 {
		t.Errorf("%v own markers with the key's, %v at 100 %%, %v px beyond the edge, the page is %v px wide", own,
			far, beyond, wide)
	}
}

// TestChartsSayTheirFinding: the name of a picture holds what it shows, and the first line says it to everybody.
func TestChartsSayTheirFinding(t *testing.T) {
	tab := chartPage(t, chart.Bars(sections("balken", 9)), chart.Radar(sections("netz", 9)),
		chart.Radar(sections("dichtes-netz", 18)))
	const finding = "In 9 von 9 Abschnitten über dem Median"
	if name := testkit.Ask[string](t, tab,
		"document.querySelector('[role=img]').getAttribute('aria-label')"); !strings.Contains(name, finding) {
		t.Errorf("the picture is called %q", name)
	}
	if line := testkit.Ask[string](t, tab, "document.querySelector('figcaption').innerText"); !strings.Contains(line,
		finding) {
		t.Errorf("the caption says %q", line)
	}
	const key = "[...document.querySelectorAll('.os-chart__key')].map(k => k.checkVisibility())"
	if wide := testkit.Ask[[]bool](t, tab, key); !slices.Equal(wide, []bool{false, true}) {
		t.Errorf("keys on a wide screen: %v", wide)
	}
	tab.Run(t, testkit.Screen(360, "light"))
	tab.Until(t, key+".every(k => k)")
	for _, v := range tab.Axe(t) {
		t.Errorf("axe %s: %s %v", v.ID, v.Help, v.Nodes)
	}
	noFaults(t, tab)
}

// TestSavedCharts looks into the files that the two buttons make: title, finding and source are in
// the picture, and its font.
func TestSavedCharts(t *testing.T) {
	tab := chartPage(t, chart.Bars(sections("balken", 9)))
	testkit.Ask[bool](t, tab, `(() => { window.saved = []; const make = URL.createObjectURL; URL.createObjectURL = blob => { window.saved.push(blob); return make.call(URL, blob) };
		HTMLAnchorElement.prototype.click = function () { window.named = this.download }; return true })()`)
	tab.Run(t, chromedp.Click("button[data-download=svg]"))
	tab.Until(t, "window.saved.length === 1")
	svg := testkit.Ask[string](t, tab, "window.saved[0].text()")
	for _, want := range []string{"Abschnitte balken", "In 9 von 9 Abschnitten", "Willkommen 2026 · 38 Kommunen",
		"30.11.2026", "@font-face", "font/woff2;base64,d09GMg", "9 Thema-9"} {
		if !strings.Contains(svg, want) {
			t.Errorf("the SVG lacks %q", want)
		}
	}
	tab.Run(t, chromedp.Click("button[data-download=png]"))
	tab.Until(t, "window.saved.length === 2")
	if got := testkit.Ask[[]int](t, tab,
		`createImageBitmap(window.saved[1]).then(b => [b.width, b.height])`); got[0] < 3000 || got[1] < 1500 {
		t.Errorf("the PNG has %v pixels", got)
	}
	if name := testkit.Ask[string](t, tab, "window.named"); !strings.HasPrefix(name, "abschnitte-balken-") ||
		!strings.HasSuffix(name, ".png") {
		t.Errorf("the file is called %q", name)
	}
	noFaults(t, tab)
}
