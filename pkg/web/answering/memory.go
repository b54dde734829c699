package answering

import (
	"bytes"
	"errors"
	"html/template"
	"net/http"
	"reflect"
	"strconv"
	"sync"
	"time"

	"github.com/klauspost/compress/gzip"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/web/assessments"
	"ortsspiegel/pkg/web/site"
	"ortsspiegel/pkg/wording"
)

// memory is what the answer pages keep in memory. Nothing in it can be out of date: the keys name the revision or
// the version it was made from, and a page goes out again only if it is filled as it was.
type memory struct {
	fragments site.Lru[fragmentKey, template.HTML]
	links     site.Lru[assessments.LinkKey, template.HTML]
	pages     site.Lru[pageKey, filledPage]
}

// The bounds: a fragment is some 4 kB, a page some 35 kB.
func NewAnsweringMemory() *memory {
	m := &memory{}
	m.fragments.Max, m.links.Max, m.pages.Max = 2048, 2048, 128
	return m
}

// pageKey finds the page a person saw last of a section; whether it is still the same is up to its source and its view.
type pageKey struct {
	assessment assessment.ID
	section    string
	user       account.UserID
}

// pageSource is everything a section's page is filled from: equal sources give equal pages, so that nothing needs to be
// filled to know that it is the same. What the head's change stands for (answers, comments, evidence) is not in it.
type pageSource struct {
	head     assessment.Head
	earlier  assessment.Head // of the proposals; what they say hangs on the two heads alone
	actor    account.Actor   // without the session
	text     *site.Messages
	address  string // with its query, which says what was just saved
	theme    string
	place    string
	day      string // answers of today show the hour alone
	state    string
	editable bool
}

// pageSource says what the section's page of a request would be filled from.
func (s *Pages) pageSource(r *site.Request) (pageSource, error) {
	offers, err := s.ProposalsOf(r, assessments.Head(r))
	if err != nil {
		return pageSource{}, err
	}
	actor, now := r.Actor, s.Now()
	actor.Session = 0
	return pageSource{head: assessments.Head(r), earlier: offers.From, actor: actor, text: r.Text,
		address: r.Request().URL.RequestURI(),
		theme:   site.Theme(r.Request()), place: r.Place(), day: now.In(wording.Berlin).Format(time.DateOnly),
		state: assessments.AssessmentState(assessments.Head(r), now), editable: assessments.Editable(r)}, nil
}

// filledPage is a page with what it was filled from and the view that this gave. Templates compute nothing and know no
// clock, so an equal view gives an equal page.
type filledPage struct {
	source pageSource
	view   *assessmentSectionView
	html   []byte
	packed func() ([]byte, error) // html, compressed when it is first asked for a second time
}

func pack(html []byte) func() ([]byte, error) {
	return sync.OnceValues(func() ([]byte, error) {
		var b bytes.Buffer
		w := gzip.NewWriter(&b)
		_, err := w.Write(html)
		err = errors.Join(err, w.Close()) // closing writes what is left
		return b.Bytes(), err
	})
}

// renderSection answers with a section's page: the bytes of the last time if nothing that it shows has changed.
func (s *Pages) renderSection(r *site.Request, key pageKey, source pageSource, v *assessmentSectionView) error {
	if last, ok := s.Memory.pages.Get(key); ok && reflect.DeepEqual(last.view, v) {
		last.source = source
		s.Memory.pages.Put(key, last)
		return sendSection(r, last)
	}
	return s.Rendering.Execute(r.Text.Lang, "assessment_section", "base", v, func(b []byte) error {
		html := bytes.Clone(b)
		s.Memory.pages.Put(key, filledPage{source, v, html, pack(html)})
		return sendPage(r, html)
	})
}

// sendSection answers with a page from memory, compressed once for all times where the browser takes that.
func sendSection(r *site.Request, p filledPage) error {
	if !site.AcceptsGzip(r.Request()) {
		return sendPage(r, p.html)
	}
	packed, err := p.packed()
	if err != nil {
		return err
	}
	// The middleware leaves alone what says that it is compressed.
	r.Response().Header().Set("Content-Encoding", "gzip")
	return sendPage(r, packed)
}

// sendPage sends a page with its length: it goes out as one piece instead of in chunks. The middleware takes the length
// away again where it compresses.
func sendPage(r *site.Request, page []byte) error {
	r.Response().Header().Set("Content-Length", strconv.Itoa(len(page)))
	return r.HTMLBlob(http.StatusOK, page)
}

// fragmentKey names everything a question's HTML depends on. A question nobody has touched looks the same in every
// assessment: there assessment and revision are 0.
type fragmentKey struct {
	site.TextKey
	question   int // its place in the checklist
	editable   bool
	history    bool
	asks       bool
	inactive   bool
	assessment assessment.ID
	revision   int
	by         string
	today      bool                  // older answers show their day
	evidence   assessment.EvidenceID // the newest
	pieces     int                   // of evidence
	offered    assessment.ID         // whose answers are offered
	offering   int64                 // the change of those
}
