package site

import (
	"html/template"
	"slices"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/internal/prose"
)

// ProseView is a text of a checklist that may have paragraphs, lists, emphasis and links.
type ProseView struct {
	Lead template.HTML // what stands in the first paragraph; empty if the text begins with a list
	Rest template.HTML // paragraphs and lists after it
}

// TextKey names a checklist's words in one language.
type TextKey struct {
	Hash string
	Lang string
}

// questionProse are a question's longer texts; nil where there is none.
type questionProse struct{ Help, Evidence *ProseView }

// ProseOf returns the longer texts of a checklist's questions, in its order; they are made once per
// version and language.
func (s *Server) ProseOf(r *Request, d *checklist.Definition) []questionProse {
	key := TextKey{d.Hash, r.Text.Lang}
	if list, ok := s.Prose.Get(key); ok {
		return list
	}
	lang := checklist.Lang(r.Text.Lang)
	list := make([]questionProse, len(d.Questions()))
	for i, q := range d.Questions() {
		list[i] = questionProse{NewProseView(r, q.Help.In(lang)), NewProseView(r, q.Evidence.In(lang))}
	}
	s.Prose.Put(key, list)
	return list
}

// QuestionProse returns the longer texts of one question. A draft may have two of the same id.
func (s *Server) QuestionProse(r *Request, d *checklist.Definition, q *checklist.Question) questionProse {
	i := d.Ordinal(q.ID)
	if all := d.Questions(); i < 0 || all[i] != q {
		i = slices.Index(all, q)
	}
	return s.ProseOf(r, d)[i]
}

// NewProseView makes a view of a text that holds to the rules of package prose; nil if it is empty.
func NewProseView(r *Request, text string) *ProseView {
	if text == "" {
		return nil
	}
	w := prose.Write(text, r.Text.Text("evidence.new_tab"))
	// prose escapes, and writes no other tags than its own
	return &ProseView{template.HTML(w.Lead), template.HTML(w.Rest)}
}

// SourceView is what a checklist or a question goes back to.
type SourceView struct{ Title, URL string }

func NewSourceView(r *Request, s *checklist.Source) *SourceView {
	if s == nil || !prose.ValidWebAddress(s.URL) {
		return nil
	}
	return &SourceView{s.Title.In(LangOf(r)), s.URL}
}
