package web

import (
	"encoding/json"
	"html/template"
	"net/http"
	"strconv"
	"strings"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/checklist"
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
	Counted   counted
	State     string // none, some, all
	Current   bool
	Proposals string // that wait for a confirmation, in words; only in the task list
}

func newSectionState(t *sectionText, c counted) sectionState {
	s := sectionState{ID: t.ID, Title: t.Title, Number: t.Number, Counted: c, State: "some"}
	switch {
	case c.Done == c.All:
		s.State = "all"
	case c.Done == 0:
		s.State = "none"
	}
	return s
}

type assessmentSectionView struct {
	assessmentPage
	Section   sectionState
	Change    int64 // of the assessment, as it is shown
	Summary   string
	Count     int // of sections
	Links     []template.HTML
	Proposals *sectionProposals // nil: the town has no earlier answers
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

// sectionRoutes are a section's page and the answers that come from it.
func (s *answeringPages) sectionRoutes() []route {
	return []route{
		{method: http.MethodGet, path: "/assessments/:assessment/sections/:section", name: "assessment.section", action: account.ViewAssessment, object: assessmentObject, handler: s.assessmentSection},
		{method: http.MethodPost, path: "/assessments/:assessment/sections/:section", name: "assessment.section_save", action: account.EditAssessment, object: assessmentObject, handler: s.assessmentSectionSave, body: bodySection},
		{method: http.MethodPut, path: "/assessments/:assessment/answers/:question", name: "assessment.answer", action: account.EditAssessment, object: assessmentObject, handler: s.assessmentAnswer},
		{method: http.MethodGet, path: "/assessments/:assessment/answers.json", name: "assessment.answers", action: account.ViewAssessment, object: assessmentObject, handler: s.assessmentAnswers, background: true},
	}
}

func (s *answeringPages) assessmentSection(r *request) error {
	source, err := s.pageSource(r)
	if err != nil {
		return err
	}
	key := pageKey{r.head.ID, r.Param("section"), r.actor.User}
	if last, ok := s.memory.pages.get(key); ok && last.source == source {
		return r.sendSection(last)
	}
	v, err := s.fillSection(r, nil)
	if err != nil {
		return err
	}
	if v.Notice, err = s.savedInSection(r, v.Notice); err != nil {
		return err
	}
	return s.renderSection(r, key, source, v)
}

// savedInSection says that the section whose form led here is saved: with scripts each answer was before, so that a number of
// those that the form has stored would mean nothing to its reader.
func (s *assessmentPages) savedInSection(r *request, otherwise *noticeView) (*noticeView, error) {
	d, err := s.Versions.Definition(r.ctx(), r.head.Hash)
	if err != nil {
		return nil, err
	}
	id := r.QueryParam("of")
	if id == "" {
		id = r.Param("section")
	}
	section, _, ok := d.Section(checklist.SectionID(id))
	if !ok {
		return otherwise, nil
	}
	return r.savedNotice(otherwise, r.text.text("section.saved", "Section", section.Title.In(langOf(r)))), nil
}

// savedNotice says what the form that led here has saved; without one the page keeps the notice it has.
func (r *request) savedNotice(otherwise *noticeView, saved string) *noticeView {
	count := func(name string) int {
		n, err := strconv.Atoi(r.QueryParam(name))
		if err != nil || n < 0 || n >= 100 {
			return -1
		}
		return n
	}
	var said []string
	if n := count("confirmed"); n > 0 {
		said = append(said, r.text.text("proposal.confirmed", "Count", n))
	}
	if n := count("saved"); n > 0 || n == 0 && len(said) == 0 {
		said = append(said, saved)
	}
	if len(said) == 0 {
		return otherwise
	}
	return &noticeView{Kind: "success", Text: strings.Join(said, " ")}
}

// fillSection fills the page of the section in the address. With a form that was just refused it says what became of it.
func (s *answeringPages) fillSection(r *request, refused *sectionSaving) (*assessmentSectionView, error) {
	now, err := s.sheetOf(r)
	if err != nil {
		return nil, err
	}
	view, text := now.view, now.text
	_, index, ok := view.Definition.Section(checklist.SectionID(r.Param("section")))
	if !ok {
		return nil, errNoSection
	}
	evidence, err := s.assessmentEvidence(r)
	if err != nil {
		return nil, err
	}
	section := &text.sections[index]
	v := &assessmentSectionView{assessmentPage: r.assessmentFrame(section.Title), Change: r.head.Change,
		Summary: section.Summary, Program: section.program, Last: index == len(text.sections)-1}
	v.Path = v.address("/sections/" + section.ID)
	v.Target = v.address("/answers/")
	if err := s.sectionNav(r, v, text, view, index); err != nil {
		return nil, err
	}
	if v.Editable {
		v.Outside = outsideOf(r, text, section, view)
		v.Proposals = now.sectionProposals(r, index)
	}
	for i, qr := range view.Result.Sections[index].Questions {
		x := storedQuestion{questionText: &text.questions[section.first+i], entry: view.Entries[qr.ID], state: qr.State, evidence: evidence[qr.ID], offers: &now.offers}
		if o, ok := now.offers.List[qr.ID]; ok && (v.Editable || !x.entry.Given) {
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

// linkKey names everything a line of the sections' list depends on.
type linkKey struct {
	textKey
	state sectionState
}

func (s *answeringPages) sectionNav(r *request, v *assessmentSectionView, text *checklistText, view assessment.View, index int) error {
	v.Count = len(text.sections)
	v.Links = make([]template.HTML, v.Count)
	for i := range text.sections {
		state := newSectionState(&text.sections[i], countSection(view, i, v.Editable))
		state.Current = i == index
		if state.Current {
			v.Section = state
		}
		key := linkKey{textKey{r.head.Hash, r.text.lang}, state}
		html, ok := s.memory.links.get(key)
		if !ok {
			var err error
			if html, err = s.fragment(r, "section-link", state); err != nil {
				return err
			}
			s.memory.links.put(key, html)
		}
		v.Links[i] = html
	}
	return nil
}

// sectionQuestion returns a question as it is stored, or with what became of a form that was refused.
func (s *answeringPages) sectionQuestion(r *request, x storedQuestion, refused *sectionSaving, editable bool) (template.HTML, error) {
	id := x.question.ID
	if refused == nil || !refused.about(id) {
		return s.questionHTML(r, x, editable)
	}
	v := r.answerView(x)
	if fresh, ok := refused.entered[id]; ok {
		fresh.Evidence, fresh.Inactive, fresh.Given, fresh.Offer = v.Evidence, v.Inactive, v.Given, v.Offer
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
