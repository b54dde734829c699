package answering

import (
	"net/http"
	"strings"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/internal/plaintext"
	"ortsspiegel/pkg/web/assessments"
	"ortsspiegel/pkg/web/site"
)

// searchView lists the questions in which all words of a search occur.
type searchView struct {
	assessments.AssessmentPage
	Found []foundQuestion
}

type foundQuestion struct {
	Number, Text, URL string
	Given             bool
	Words             string // the answer
}

func (s *Pages) searchRoutes() []site.Route {
	return []site.Route{{Method: http.MethodGet, Path: "/assessments/:assessment/search", Name: "assessment.search",
		Action: account.ViewAssessment, Object: s.AssessmentObject, Handler: s.search}}
}

// search looks through numbers, questions and choices, whatever their case and marks.
func (s *Pages) search(r *site.Request) error {
	view, err := s.AssessmentView(r)
	if err != nil {
		return err
	}
	text, err := s.ChecklistText(r, view.Definition)
	if err != nil {
		return err
	}
	v := &searchView{AssessmentPage: assessments.AssessmentFrame(r, r.Text.Text("search.title"))}
	v.Query = strings.TrimSpace(r.QueryParam("q"))
	v.Path = v.Address("/search")
	v.Filled(r.Text, assessments.CountAll(view, v.Editable))
	words := strings.Fields(plaintext.Fold(v.Query))
	for i := range text.Sections {
		for j := range view.Definition.Sections[i].Questions {
			q := &text.Questions[text.Sections[i].First+j]
			if !says(q, words) {
				continue
			}
			e := view.Entries[q.Question.ID]
			v.Found = append(v.Found, foundQuestion{Number: q.Number, Text: q.Text, Given: e.Given,
				URL:   v.Address("/sections/" + text.Sections[i].ID + "#q-" + q.ID),
				Words: assessments.AnswerInWords(r, q, e.Given, e.Answer)})
		}
	}
	return r.Render(http.StatusOK, "assessment_search", v)
}

// says reports whether all folded words, at least one, occur in what a question shows.
func says(q *assessments.QuestionText, words []string) bool {
	shown := []string{q.Number, q.Text}
	for _, o := range q.Options {
		shown = append(shown, o.Label)
	}
	folded := plaintext.Fold(strings.Join(shown, " "))
	for _, w := range words {
		if !strings.Contains(folded, w) {
			return false
		}
	}
	return len(words) > 0
}
