package answering

import (
	"encoding/json"
	"html/template"
	"net/http"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/web/assessments"
	"ortsspiegel/pkg/web/site"
)

type assessmentSectionView struct {
	assessments.AssessmentPage
	Section   assessments.SectionState
	Change    int64 // of the assessment, as it is shown
	Summary   string
	Count     int // of sections
	All       assessments.Counted
	Links     []template.HTML
	Proposals *assessments.SectionProposals // nil: the town has no earlier answers
	Questions []template.HTML
	Basket    basket // to ask somebody about
	Program   template.HTML
	Outside   outsideAnswers
	Target    string // what the script calls for saving: the address in front of a question's id
	Last      bool
}

// outsideAnswers are what was said to earlier sections' questions that conditions here depend on.
type outsideAnswers map[string]ProgramAnswer

// MarshalJSON keeps html/template from guessing.
func (o outsideAnswers) MarshalJSON() ([]byte, error) {
	return json.Marshal(map[string]ProgramAnswer(o))
}

// ProgramAnswer is an answer as the script reads it.
type ProgramAnswer struct {
	Values        []string `json:"values,omitempty"`
	NotApplicable bool     `json:"not_applicable,omitempty"`
}

// sectionRoutes are a section's page and the answers that come from it.
func (s *Pages) sectionRoutes() []site.Route {
	return []site.Route{
		{Method: http.MethodGet, Path: "/assessments/:assessment/sections/:section", Name: "assessment.section",
			Action: account.ViewAssessment, Object: s.AssessmentObject, Handler: s.assessmentSection},
		{Method: http.MethodPost, Path: "/assessments/:assessment/sections/:section", Name: "assessment.section_save",
			Action: account.EditAssessment, Object: s.AssessmentObject, Handler: s.assessmentSectionSave,
			Body: assessments.BodySection},
		{Method: http.MethodPut, Path: "/assessments/:assessment/answers/:question", Name: "assessment.answer",
			Action: account.EditAssessment, Object: s.AssessmentObject, Handler: s.assessmentAnswer},
		{Method: http.MethodGet, Path: "/assessments/:assessment/answers.json", Name: "assessment.answers",
			Action: account.ViewAssessment, Object: s.AssessmentObject, Handler: s.assessmentAnswers,
			Background: true},
	}
}

func (s *Pages) assessmentSection(r *site.Request) error {
	source, err := s.pageSource(r)
	if err != nil {
		return err
	}
	key := pageKey{assessments.Head(r).ID, r.Param("section"), r.Actor.User}
	if last, ok := s.Memory.pages.Get(key); ok && last.source == source {
		return sendSection(r, last)
	}
	v, err := s.fillSection(r, nil)
	if err != nil {
		return err
	}
	if v.Notice, err = s.SavedInSection(r, v.Notice); err != nil {
		return err
	}
	return s.renderSection(r, key, source, v)
}

// fillSection fills the page of the section in the address. With a form that was just refused it
// says what became of it.
func (s *Pages) fillSection(r *site.Request, refused *sectionSaving) (*assessmentSectionView, error) {
	now, err := s.SheetOf(r)
	if err != nil {
		return nil, err
	}
	view, text := now.View, now.Text
	_, index, ok := view.Definition.Section(checklist.SectionID(r.Param("section")))
	if !ok {
		return nil, assessments.ErrNoSection
	}
	evidence, err := s.AssessmentEvidence(r)
	if err != nil {
		return nil, err
	}
	section := &text.Sections[index]
	v := &assessmentSectionView{AssessmentPage: assessments.AssessmentFrame(r, section.Title),
		Change:  assessments.Head(r).Change,
		Summary: section.Summary, Program: section.Program, Last: index == len(text.Sections)-1}
	v.All = assessments.CountAll(view, v.Editable)
	v.Filled(r.Text, v.All)
	v.Path = v.Address("/sections/" + section.ID)
	v.Target = v.Address("/answers/")
	if mayAsk(r) && v.Editable {
		v.Basket = newBasket(view.Definition, r.QueryParams()["ask"])
		if refused != nil {
			v.Basket = newBasket(view.Definition, refused.asked)
		}
	}
	if err := s.sectionNav(r, v, text, view, index); err != nil {
		return nil, err
	}
	if v.Editable {
		v.Outside = outsideOf(r, text, section, view)
		v.Proposals = now.SectionProposals(r, index)
	}
	for i, qr := range view.Result.Sections[index].Questions {
		x := storedQuestion{QuestionText: &text.Questions[section.First+i], entry: view.Entries[qr.ID],
			state: qr.State, evidence: evidence[qr.ID], offers: &now.Offers}
		if o, ok := now.Offers.List[qr.ID]; ok && (v.Editable || !x.entry.Given) {
			x.offer = &o
		}
		html, err := s.sectionQuestion(r, x, refused, v.Editable)
		if err != nil {
			return nil, err
		}
		v.Questions = append(v.Questions, html)
	}
	return v, nil
}

func (s *Pages) sectionNav(r *site.Request, v *assessmentSectionView, text *assessments.ChecklistText,
	view assessment.View, index int) error {
	v.Count = len(text.Sections)
	v.Links = make([]template.HTML, v.Count)
	for i := range text.Sections {
		state := assessments.NewSectionState(&text.Sections[i], assessments.CountSection(view, i, v.Editable))
		state.Current, state.Query = i == index, v.Basket.query("?")
		if state.Current {
			v.Section = state
		}
		key := assessments.LinkKey{TextKey: site.TextKey{Hash: assessments.Head(r).Hash, Lang: r.Text.Lang},
			State: state}
		html, ok := s.Memory.links.Get(key)
		if !ok {
			var err error
			if html, err = s.Fragment(r, "section-link", state); err != nil {
				return err
			}
			s.Memory.links.Put(key, html)
		}
		v.Links[i] = html
	}
	return nil
}

// sectionQuestion returns a question as it is stored, or with what became of a form that was refused.
func (s *Pages) sectionQuestion(r *site.Request, x storedQuestion, refused *sectionSaving,
	editable bool) (template.HTML, error) {
	id := x.Question.ID
	undo := refused == nil && editable && justCleared(r, x)
	if !undo && (refused == nil || !refused.about(id)) {
		return s.questionHTML(r, x, editable)
	}
	v := newAnswerView(r, x)
	if undo {
		v.Undo = true
		return s.answerHTML(r, v, true)
	}
	if fresh, ok := refused.entered[id]; ok {
		fresh.Evidence, fresh.Inactive, fresh.Given, fresh.Offer = v.Evidence, v.Inactive, v.Given, v.Offer
		fresh.MayAsk = v.MayAsk
		fresh.mark()
		v = fresh
	} else {
		v.Error = refused.noted[id]
	}
	if v.Offer != nil {
		v.Offer.Was = refused.was[id]
	}
	return s.answerHTML(r, v, true)
}

// outsideOf returns the answers to earlier sections' questions that this section's conditions depend on.
func outsideOf(r *site.Request, text *assessments.ChecklistText, section *assessments.SectionText,
	view assessment.View) outsideAnswers {
	answers := outsideAnswers{}
	for _, i := range section.Outside {
		q := text.Questions[i].Question
		e := view.Entries[q.ID]
		if !e.Given {
			continue
		}
		values, _, na := assessments.RawAnswer(r.Text.Lang, e)
		answers[string(q.ID)] = ProgramAnswer{values, na}
	}
	return answers
}

// ToAsk is the address of the page where somebody is asked about the questions in the basket.
func (v *assessmentSectionView) ToAsk() string { return v.Address(v.Basket.delegations()) }
