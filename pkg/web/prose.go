package web

import (
	"html/template"
	"slices"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/internal/prose"
)

// proseView is a text of a checklist that may have paragraphs, lists, emphasis and links.
type proseView struct {
	Lead template.HTML // what stands in the first paragraph; empty if the text begins with a list
	Rest template.HTML // paragraphs and lists after it
}

// textKey names a checklist's words in one language.
type textKey struct {
	hash string
	lang string
}

// questionProse are a question's longer texts; nil where there is none.
type questionProse struct{ Help, Evidence *proseView }

// proseOf returns the longer texts of a checklist's questions, in its order; they are made once per version and language.
func (s *server) proseOf(r *request, d *checklist.Definition) []questionProse {
	key := textKey{d.Hash, r.text.lang}
	if list, ok := s.prose.get(key); ok {
		return list
	}
	lang := checklist.Lang(r.text.lang)
	list := make([]questionProse, len(d.Questions()))
	for i, q := range d.Questions() {
		list[i] = questionProse{newProseView(r, q.Help.In(lang)), newProseView(r, q.Evidence.In(lang))}
	}
	s.prose.put(key, list)
	return list
}

// questionProse returns the longer texts of one question. A draft may have two of the same id.
func (s *server) questionProse(r *request, d *checklist.Definition, q *checklist.Question) questionProse {
	i := d.Ordinal(q.ID)
	if all := d.Questions(); i < 0 || all[i] != q {
		i = slices.Index(all, q)
	}
	return s.proseOf(r, d)[i]
}

func newProseView(r *request, text string) *proseView {
	if text == "" {
		return nil
	}
	w := prose.Write(text, r.text.text("evidence.new_tab"))
	return &proseView{template.HTML(w.Lead), template.HTML(w.Rest)} // prose escapes, and writes no other tags than its own
}

// sourceView is what a checklist or a question goes back to.
type sourceView struct{ Title, URL string }

func newSourceView(r *request, s *checklist.Source) *sourceView {
	if s == nil || !prose.ValidWebAddress(s.URL) {
		return nil
	}
	return &sourceView{s.Title.In(langOf(r)), s.URL}
}
