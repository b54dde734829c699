package web

import (
	"bytes"
	"container/list"
	"errors"
	"html/template"
	"net/http"
	"reflect"
	"sync"

	"github.com/klauspost/compress/gzip"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/checklist"
)

// lru keeps the values last used, at most max of them; the zero value needs max set. Safe for concurrent use.
type lru[K comparable, V any] struct {
	max   int
	mu    sync.Mutex
	order list.List // of lruItem, the last used first
	items map[K]*list.Element
}

type lruItem[K comparable, V any] struct {
	key   K
	value V
}

func (l *lru[K, V]) get(key K) (value V, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	e, ok := l.items[key]
	if !ok {
		return value, false
	}
	l.order.MoveToFront(e)
	return e.Value.(*lruItem[K, V]).value, true
}

func (l *lru[K, V]) put(key K, value V) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.items == nil {
		l.items = map[K]*list.Element{}
	}
	if e, ok := l.items[key]; ok {
		e.Value.(*lruItem[K, V]).value = value
		l.order.MoveToFront(e)
		return
	}
	l.items[key] = l.order.PushFront(&lruItem[K, V]{key, value})
	for len(l.items) > l.max {
		last := l.order.Back()
		delete(l.items, last.Value.(*lruItem[K, V]).key)
		l.order.Remove(last)
	}
}

// answering is what the answer pages keep in memory. Nothing in it can be out of date: the keys name the change, the
// revision or the version it was made from.
type answering struct {
	views     lru[assessment.ID, assessment.View]
	evidence  lru[assessment.ID, evidenceOf]
	texts     lru[textKey, *checklistText]
	prose     lru[textKey, []questionProse]
	fragments lru[fragmentKey, template.HTML]
	links     lru[linkKey, template.HTML]
	pages     lru[pageKey, filledPage]
	exports   *keyedLimit // per person
	uploads   *keyedLimit // per person
	byLink    linkLimits
	mails     *keyedLimit // per person
}

type evidenceOf struct {
	change     int64
	byQuestion map[checklist.QuestionID][]assessment.Evidence
}

// The bounds: a view holds some 50 answers, a fragment is some 4 kB, a page some 35 kB.
func newAnswering() *answering {
	a := &answering{exports: newKeyedLimit(exportEvery, exportBurst, 10000), uploads: newKeyedLimit(uploadEvery, uploadBurst, 10000),
		byLink: newLinkLimits(), mails: newKeyedLimit(mailEvery, mailBurst, 10000)}
	a.views.max, a.evidence.max, a.texts.max, a.prose.max, a.fragments.max, a.links.max, a.pages.max = 256, 256, 16, 16, 2048, 2048, 128
	return a
}

// pageKey finds the page a person saw last of a section; whether it is still the same is up to its view.
type pageKey struct {
	assessment assessment.ID
	section    string
	user       account.UserID
}

// filledPage is a page with the view it was filled with. Templates compute nothing and know no clock, so an equal view
// gives an equal page.
type filledPage struct {
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
func (r *request) renderSection(v *assessmentSectionView) error {
	r.Set(keyUser, int64(r.actor.User))
	key := pageKey{r.head.ID, v.Section.ID, r.actor.User}
	if last, ok := r.srv.answering.pages.get(key); ok && reflect.DeepEqual(last.view, v) {
		if !acceptsGzip(r.Request()) {
			return r.HTMLBlob(http.StatusOK, last.html)
		}
		packed, err := last.packed()
		if err != nil {
			return err
		}
		// The middleware leaves alone what says that it is compressed.
		r.Response().Header().Set("Content-Encoding", "gzip")
		return r.HTMLBlob(http.StatusOK, packed)
	}
	return r.srv.pages.execute(r.text.lang, "assessment_section", "base", v, func(b []byte) error {
		html := bytes.Clone(b)
		r.srv.answering.pages.put(key, filledPage{v, html, pack(html)})
		return r.HTMLBlob(http.StatusOK, b)
	})
}

// textKey names a checklist's words in one language.
type textKey struct {
	hash string
	lang string
}

// fragmentKey names everything a question's HTML depends on. A question nobody has touched looks the same in every
// assessment: there assessment and revision are 0.
type fragmentKey struct {
	textKey
	question   int // its place in the checklist
	editable   bool
	history    bool
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
