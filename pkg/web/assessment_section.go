package web

import (
	"encoding/json"
	"html/template"
	"strconv"

	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/score"
)

// assessmentPage is what all pages of an assessment show: whose it is and where it stands.
type assessmentPage struct {
	pageView
	ID       int64
	Round    string
	RoundID  int64
	Town     string
	State    string // key of assessment.state.*
	Editable bool
	Foreign  bool // the reader belongs to an agency, not to the town
}

// assessmentFrame returns the frame of a page below the task list.
func (r *request) assessmentFrame(title string) assessmentPage {
	p := assessmentPage{pageView: r.page(title), ID: int64(r.head.ID), Round: r.head.RoundTitle, RoundID: r.head.Round, Town: r.head.TownName,
		State: assessmentState(r.head, r.srv.Now()), Editable: r.editable(), Foreign: !r.actor.Role.ForTown()}
	p.Within = p.listName()
	p.crumbs(append(p.way(r.text), crumb{title, ""})...)
	return p
}

// way leads from the start page to the task list; an agency passes the round.
func (p *assessmentPage) way(m *messages) []crumb {
	if p.Foreign {
		return []crumb{{m.text("nav.start"), "/"}, {p.Round, roundAddress(p.RoundID)}, {p.Town, p.address("")}}
	}
	return []crumb{{m.text("nav.start"), "/"}, {p.Round, p.address("")}}
}

// listName is what the way to a page calls the task list; an agency reads several towns' lists.
func (p *assessmentPage) listName() string {
	if p.Foreign {
		return p.Town + " · " + p.Round
	}
	return p.Round
}

func (p *assessmentPage) address(rest string) string {
	return "/assessments/" + strconv.FormatInt(p.ID, 10) + rest
}

// sectionState says how far a section is.
type sectionState struct {
	ID, Title string
	Number    int
	Done, All int
	State     string // none, some, all
	Current   bool
}

func newSectionState(t *sectionText, c score.Counts) sectionState {
	s := sectionState{ID: t.ID, Title: t.Title, Number: t.Number, Done: c.Done(), All: c.Active(), State: "some"}
	switch {
	case s.Done == s.All:
		s.State = "all"
	case s.Done == 0:
		s.State = "none"
	}
	return s
}

type assessmentSectionView struct {
	assessmentPage
	Section   sectionState
	Summary   string
	Count     int // of sections
	Links     []template.HTML
	Questions []template.HTML
	Program   template.HTML
	Outside   outsideAnswers
	Target    string // what the script calls for saving: the address in front of a question's id
	Last      bool
}

// outsideAnswers are what was said to earlier sections' questions that conditions here depend on.
type outsideAnswers map[string]programAnswer

// MarshalJSON keeps html/template from guessing.
func (o outsideAnswers) MarshalJSON() ([]byte, error) {
	return json.Marshal(map[string]programAnswer(o))
}

// programAnswer is an answer as the script reads it.
type programAnswer struct {
	Values        []string `json:"values,omitempty"`
	NotApplicable bool     `json:"not_applicable,omitempty"`
}

func (s *server) assessmentSection(r *request) error {
	v, err := s.fillSection(r, nil)
	if err != nil {
		return err
	}
	if saved, err := strconv.Atoi(r.QueryParam("saved")); err == nil && saved >= 0 && saved < 100 {
		v.Notice = &noticeView{Kind: "success", Text: r.text.text("section.saved", "Count", saved)}
	}
	return r.renderSection(v)
}

// fillSection fills the page of the section in the address. Questions that were just refused are shown as entered.
func (s *server) fillSection(r *request, entered map[checklist.QuestionID]answerView) (*assessmentSectionView, error) {
	view, err := s.assessmentView(r)
	if err != nil {
		return nil, err
	}
	_, index, ok := view.Definition.Section(checklist.SectionID(r.Param("section")))
	if !ok {
		return nil, fault.New(fault.NotFound, "section_unknown", "the checklist has no such section")
	}
	text, err := s.checklistText(r, view.Definition)
	if err != nil {
		return nil, err
	}
	evidence, err := s.assessmentEvidence(r)
	if err != nil {
		return nil, err
	}
	section := &text.sections[index]
	v := &assessmentSectionView{assessmentPage: r.assessmentFrame(section.Title), Summary: section.Summary, Program: section.program,
		Last: index == len(text.sections)-1}
	v.Path = v.address("/sections/" + section.ID)
	v.Target = v.address("/answers/")
	if err := s.sectionNav(r, v, text, view, index); err != nil {
		return nil, err
	}
	if v.Editable {
		v.Outside = outsideOf(r, text, section, view)
	}
	for i, qr := range view.Result.Sections[index].Questions {
		q := &text.questions[section.first+i]
		html, err := s.sectionQuestion(r, q, view.Entries[qr.ID], qr.State, evidence[qr.ID], entered, v.Editable)
		if err != nil {
			return nil, err
		}
		v.Questions = append(v.Questions, html)
	}
	return v, nil
}

// linkKey names everything a line of the sections' list depends on.
type linkKey struct {
	textKey
	state sectionState
}

func (s *server) sectionNav(r *request, v *assessmentSectionView, text *checklistText, view assessment.View, index int) error {
	v.Count = len(text.sections)
	v.Links = make([]template.HTML, v.Count)
	for i := range text.sections {
		state := newSectionState(&text.sections[i], view.Result.Sections[i].Counts)
		state.Current = i == index
		if state.Current {
			v.Section = state
		}
		key := linkKey{textKey{r.head.Hash, r.text.lang}, state}
		html, ok := s.answering.links.get(key)
		if !ok {
			var err error
			if html, err = s.fragment(r, "section-link", state); err != nil {
				return err
			}
			s.answering.links.put(key, html)
		}
		v.Links[i] = html
	}
	return nil
}

func (s *server) sectionQuestion(r *request, q *questionText, e assessment.Entry, state score.State, evidence []assessment.Evidence,
	entered map[checklist.QuestionID]answerView, editable bool) (template.HTML, error) {
	fresh, refused := entered[q.question.ID]
	if !refused {
		return s.questionHTML(r, q, e, state, evidence, editable)
	}
	stored := r.answerView(q, e, state, evidence)
	fresh.Evidence, fresh.Inactive, fresh.Given = stored.Evidence, stored.Inactive, stored.Given
	return s.answerHTML(r, fresh, true)
}

// outsideOf returns the answers to earlier sections' questions that this section's conditions depend on.
func outsideOf(r *request, text *checklistText, section *sectionText, view assessment.View) outsideAnswers {
	answers := outsideAnswers{}
	for _, i := range section.outside {
		q := text.questions[i].question
		e := view.Entries[q.ID]
		if !e.Given {
			continue
		}
		values, _, na := rawAnswer(r.text.lang, e)
		answers[string(q.ID)] = programAnswer{values, na}
	}
	return answers
}
