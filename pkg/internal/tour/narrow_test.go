package tour

import (
	"testing"

	"ortsspiegel/pkg/internal/testkit"
)

// TestAnyWordsAt320 walks all pages at 320 px, which is 400 % zoom on a desk, with words no author
// may have thought of in place of the page's own: a page's width must not depend on what somebody
// writes into a checklist. The spacing of letters, words and lines is what WCAG 1.4.12 lets people
// choose. Tables scroll within their frames.
func TestAnyWordsAt320(t *testing.T) {
	s := startSite(t)
	tabs := map[string]*testkit.Tab{}
	const spaced = `(() => { const sheet = new CSSStyleSheet(); sheet.replaceSync('* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important } p { margin-bottom: 2em !important }');
		document.adoptedStyleSheets = [sheet]; return true })()`
	// What stands in a script or a style is no text; a word with figures in it is a number or a
	// date, which nobody chooses.
	const reworded = `(() => { const words = ['Kinderbetreuungsmöglichkeiten', 'Barrierefreiheitsstärkungsgesetz', 'Grundstücksverkehrsgenehmigungszuständigkeitsübertragungsverordnung'];
		const walk = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT, n => n.parentElement.closest('script, style, svg, option') ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT);
		let i = 0; for (let n = walk.nextNode(); n; n = walk.nextNode()) n.data = n.data.replace(/[A-Za-zÄÖÜäöüß]{5,}/g, () => words[i++ % words.length]); return i })()`
	const wide = `(() => { const over = document.documentElement.scrollWidth - 320; if (over <= 0) return '';
		const frames = '.os-table-wrap, .os-chart__canvas, pre'; const list = [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > 320.5 && !e.parentElement.closest(frames) && e.checkVisibility());
		return over + ' px too wide: ' + list.slice(-4).map(e => e.tagName + '.' + e.className + ' in ' + e.parentElement.className + ': ' + e.textContent.trim().slice(0, 30)).join(' | ') })()`
	for _, p := range s.places(t) {
		tab := tabs[p.who]
		if tab == nil {
			tab = s.signedIn(t, p.who)
			tabs[p.who] = tab
		}
		t.Run(p.name, func(t *testing.T) {
			tab.Run(t, testkit.Screen(320, "light"), tab.Open(p.path))
			tab.Until(t, "document.readyState === 'complete'")
			testkit.Ask[bool](t, tab,
				"[...document.querySelectorAll('main details')].map(d => d.open = true).length >= 0")
			if n := testkit.Ask[int](t, tab, reworded); n == 0 {
				t.Error("the page has no words")
			}
			for _, step := range []string{"", spaced} {
				if step != "" {
					testkit.Ask[bool](t, tab, step)
				}
				if text := testkit.Ask[string](t, tab, wide); text != "" {
					t.Error(text)
				}
			}
		})
	}
}
