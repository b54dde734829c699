package answering

import (
	"bytes"
	"html/template"
	"net/http"
	"strconv"
	"time"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/score"
	"ortsspiegel/pkg/web/assessments"
	"ortsspiegel/pkg/web/site"
	"ortsspiegel/pkg/wording"
	"ortsspiegel/pkg/workbook/form"
)

// delegatedRoutes are what a colleague without an account reaches by a link. The secret in the address is the
// right: the policy has nobody to ask about.
func (s *Pages) delegatedRoutes() []site.Route {
	return []site.Route{
		{Method: http.MethodGet, Path: "/d/:token", Name: "delegated", Action: account.Public,
			Object: s.LinkObject, Handler: s.delegated},
		{Method: http.MethodPost, Path: "/d/:token", Name: "delegated.save", Action: account.Public,
			Object: s.LinkObject, Handler: s.delegatedSave, Body: assessments.BodySection},
		{Method: http.MethodPost, Path: "/d/:token/name", Name: "delegated.name", Action: account.Public,
			Object: s.LinkObject, Handler: s.delegatedName},
		{Method: http.MethodPut, Path: "/d/:token/answers/:question", Name: "delegated.answer", Action: account.Public,
			Object: s.LinkObject, Handler: s.assessmentAnswer},
		{Method: http.MethodGet, Path: "/d/:token/answers.json", Name: "delegated.answers", Action: account.Public,
			Object: s.LinkObject, Handler: s.delegatedAnswers, Background: true},
		{Method: http.MethodGet, Path: "/d/:token/form.xlsx", Name: "delegated.download", Action: account.Public,
			Object: s.LinkObject, Handler: s.delegatedDownload, Timeout: time.Minute, Cost: site.Costly},
		{Method: http.MethodPost, Path: "/d/:token/form", Name: "delegated.upload", Action: account.Public,
			Object: s.LinkObject, Handler: s.formUpload, Body: bodyForm, Timeout: 2 * time.Minute,
			Cost: site.CostlyUpload},
		{Method: http.MethodPost, Path: "/d/:token/form/save", Name: "delegated.form_save", Action: account.Public,
			Object: s.LinkObject, Handler: s.formSave, Body: bodyPlan},
	}
}

type delegatedView struct {
	site.PageView
	Town, Round, Lead string
	Note              string
	Until             time.Time
	Count             int // of questions
	Base              string
	Change            int64  // of the assessment, as it is shown
	Named             string // who is there; empty: nobody has said so yet
	Name              site.InputView
	Sections          []delegatedSection
	Done, All         int
	Finished          time.Time // zero: not yet
	Open              bool      // the questions are shown: who has finished can look at them again
	Program           template.HTML
	FileError         string
}

type delegatedSection struct {
	Title     string
	Questions []template.HTML
}

// delegated greets, asks for a name, and then shows the questions.
func (s *Pages) delegated(r *site.Request) error {
	if err := s.services.Assessments.Opened(r.Ctx(), assessments.Head(r), *assessments.Delegation(r)); err != nil {
		return err
	}
	v, err := s.delegatedView(r, nil)
	if err != nil {
		return err
	}
	v.Notice = assessments.SavedNotice(r, v.Notice, r.Text.Text("done.delegation_done"))
	if !v.Finished.IsZero() && r.QueryParam("saved") == "" {
		v.Notice = nil // the page says so itself
	}
	v.Open = v.Finished.IsZero() || r.QueryParam("saved") != ""
	return r.Render(http.StatusOK, "delegated", v)
}

// delegatedView fills the page; with a form that was just refused it says what became of it.
func (s *Pages) delegatedView(r *site.Request, refused *sectionSaving) (*delegatedView, error) {
	d := assessments.Delegation(r)
	v := &delegatedView{PageView: r.Page(r.Text.Text("delegated.title", "Count", len(d.Questions))),
		Town: assessments.Head(r).TownName, Round: assessments.Head(r).RoundTitle, Lead: d.ByName, Note: d.Note,
		Until: wording.LastDay(d.Expires), Count: len(d.Questions), Base: assessments.LinkAddress(r, ""),
		Change: assessments.Head(r).Change, Named: d.Name, Finished: d.Done}
	v.Path, v.Within, v.HelpURL = v.Base, assessments.Head(r).TownName, "/help/colleague"
	v.Name = site.InputView{Name: "name", Label: r.Text.Text("delegated.name"),
		Hint: r.Text.Text("delegated.name_hint", "Name", d.ByName), Type: "text", Autocomplete: "name", Required: true,
		Value: d.Name}
	if d.Name == "" {
		return v, nil
	}
	view, err := s.AssessmentView(r)
	if err != nil {
		return nil, err
	}
	text, err := s.ChecklistText(r, view.Definition)
	if err != nil {
		return nil, err
	}
	if v.Program, err = s.Fragment(r, "section-program", DelegatedProgram(view, d)); err != nil {
		return nil, err
	}
	states := score.States(view.Definition, assessment.Answers(view.Entries))
	for i := range text.Sections {
		section := delegatedSection{Title: text.Sections[i].Title}
		for j := range view.Definition.Sections[i].Questions {
			x := storedQuestion{QuestionText: &text.Questions[text.Sections[i].First+j],
				offers: &assessment.Proposals{}}
			if !d.Asks(x.Question.ID) {
				continue
			}
			x.entry, x.state = view.Entries[x.Question.ID], states[x.Ordinal]
			v.count(x)
			html, err := s.delegatedQuestion(r, x, refused)
			if err != nil {
				return nil, err
			}
			section.Questions = append(section.Questions, html)
		}
		if len(section.Questions) > 0 {
			v.Sections = append(v.Sections, section)
		}
	}
	return v, nil
}

// count adds a question to the progress.
func (v *delegatedView) count(x storedQuestion) {
	if x.state == score.Inactive {
		return
	}
	v.All++
	if x.entry.Given {
		v.Done++
	}
}

// delegatedQuestion shows a question as the section's page does, without what belongs to those who have an account.
func (s *Pages) delegatedQuestion(r *site.Request, x storedQuestion, refused *sectionSaving) (template.HTML, error) {
	v := newAnswerView(r, x)
	if refused != nil {
		if entered, ok := refused.entered[x.Question.ID]; ok {
			entered.Inactive, entered.Given = v.Inactive, v.Given
			v = entered
		}
	}
	v.ByLink, v.Undo = true, refused == nil && justCleared(r, x)
	return s.answerHTML(r, v, true)
}

// DelegatedProgram is what the script needs to decide which of the questions are asked. What depends on other
// questions is decided here: their answers do not leave the server.
func DelegatedProgram(view assessment.View, d *assessment.Delegation) assessments.Program {
	var p assessments.Program
	answers := assessment.Answers(view.Entries)
	for _, q := range view.Definition.Questions() {
		if !d.Asks(q.ID) {
			continue
		}
		pq := assessments.NewProgramQuestion(q)
		if q.When != nil {
			c := folded(view.Definition, q.When, d, answers)
			pq.When = &c
		}
		p = append(p, pq)
	}
	return p
}

// folded replaces each part of a condition that is about another question by its outcome: an empty condition is
// false to the script.
func folded(def *checklist.Definition, c *checklist.Condition, d *assessment.Delegation,
	answers score.Answers) assessments.ProgramCondition {
	if c.Question != "" {
		switch {
		case d.Asks(c.Question):
			return assessments.NewProgramCondition(*c)
		case score.Holds(def, c, answers):
			return assessments.ProgramCondition{Not: &assessments.ProgramCondition{}}
		}
		return assessments.ProgramCondition{}
	}
	var p assessments.ProgramCondition
	for i := range c.All {
		p.All = append(p.All, folded(def, &c.All[i], d, answers))
	}
	for i := range c.Any {
		p.Any = append(p.Any, folded(def, &c.Any[i], d, answers))
	}
	if c.Not != nil {
		inner := folded(def, c.Not, d, answers)
		p.Not = &inner
	}
	return p
}

// delegatedName keeps who is there.
func (s *Pages) delegatedName(r *site.Request) error {
	form, err := r.Form()
	if err != nil {
		return err
	}
	err = s.services.Assessments.StateName(r.Ctx(), assessments.Head(r), *assessments.Delegation(r),
		site.Value(form, "name"))
	if err == nil {
		return r.SeeOther(assessments.LinkAddress(r, ""))
	}
	v, loadErr := s.delegatedView(r, nil)
	if loadErr != nil {
		return loadErr
	}
	if !v.Refused(r.Text, err) {
		return err
	}
	v.Name.Value, v.Name.Error = site.Value(form, "name"), v.ErrorFor("name")
	return r.Render(http.StatusUnprocessableEntity, "delegated", v)
}

// delegatedSave stores the whole form and, where the colleague says so, that this is all. With
// scripts nothing is left to be stored by then.
func (s *Pages) delegatedSave(r *site.Request) error {
	form, err := r.Form()
	if err != nil {
		return err
	}
	view, err := s.AssessmentView(r)
	if err != nil {
		return err
	}
	text, err := s.ChecklistText(r, view.Definition)
	if err != nil {
		return err
	}
	out := newSectionSaving()
	for _, id := range assessments.Delegation(r).Questions {
		if err := s.saveQuestion(r, form, &text.Questions[view.Definition.Ordinal(id)], view.Entries[id],
			&out); err != nil {
			return err
		}
	}
	if err := s.undo(r, form, &out); err != nil {
		return err
	}
	if len(out.errors) > 0 {
		return s.delegatedRefused(r, &out)
	}
	if form.Get("then") == "done" {
		if err := s.services.Assessments.Finish(r.Ctx(), assessments.Head(r), *assessments.Delegation(r)); err != nil {
			return err
		}
		return r.SeeOther(assessments.LinkAddress(r, "?done=delegation_done"))
	}
	next := assessments.LinkAddress(r, "?saved="+strconv.Itoa(out.saved))
	for _, name := range []string{"clear", "undo", "keep", "take"} {
		if q := form.Get(name); assessments.Delegation(r).Asks(checklist.QuestionID(q)) {
			next += clearedIn(name, q) + "#q-" + q
		}
	}
	return r.SeeOther(next)
}

// delegatedRefused shows the page once more, with what was refused and why.
func (s *Pages) delegatedRefused(r *site.Request, out *sectionSaving) error {
	h, d, err := s.services.Assessments.Delegated(r.Ctx(), r.Param("token"))
	if err != nil {
		return err
	}
	assessments.AboutLink(r, h, d)
	v, err := s.delegatedView(r, out)
	if err != nil {
		return err
	}
	v.Errors, v.Open = out.errors, true
	if out.saved > 0 {
		v.Notice = &site.NoticeView{Kind: "success", Text: r.Text.Text("section.others_saved", "Count", out.saved)}
	}
	status := http.StatusUnprocessableEntity
	if out.conflict {
		status = http.StatusConflict
	}
	return r.Render(status, "delegated", v)
}

// delegatedFormRefused shows the page once more, with what is wrong with the workbook.
func (s *Pages) delegatedFormRefused(r *site.Request, status int, f *fault.Error) error {
	v, err := s.delegatedView(r, nil)
	if err != nil {
		return err
	}
	v.Refused(r.Text, f)
	v.FileError = v.ErrorFor("file")
	return r.Render(status, "delegated", v)
}

// linkAnswers is ownAnswers for a link: its questions alone, and what of them is asked.
type linkAnswers struct {
	ownAnswers
	Program assessments.Program `json:"program"`
}

// delegatedAnswers returns what is stored for the questions of the link, for its open page.
func (s *Pages) delegatedAnswers(r *site.Request) error {
	if assessments.Delegation(r).Name == "" {
		return assessment.ErrNameless
	}
	tag := `"` + strconv.FormatInt(assessments.Head(r).Change, 10) + "-" + r.Text.Lang + `"`
	r.Response().Header().Set("ETag", tag)
	if matches(r.Request().Header.Get("If-None-Match"), tag) {
		return r.NoContent(http.StatusNotModified)
	}
	view, err := s.AssessmentView(r)
	if err != nil {
		return err
	}
	text, err := s.ChecklistText(r, view.Definition)
	if err != nil {
		return err
	}
	all := linkAnswers{ownAnswers{Answers: map[checklist.QuestionID]StoredAnswer{}, Status: assessments.Head(r).Status},
		DelegatedProgram(view, assessments.Delegation(r))}
	for _, id := range assessments.Delegation(r).Questions {
		if e, ok := view.Entries[id]; ok {
			all.Answers[id] = storedAnswer(r, &text.Questions[view.Definition.Ordinal(id)], e, false)
		}
	}
	return r.JSON(http.StatusOK, all)
}

// delegatedDownload sends the workbook with the questions of the link.
func (s *Pages) delegatedDownload(r *site.Request) error {
	d := assessments.Delegation(r)
	if d.Name == "" {
		return r.SeeOther(assessments.LinkAddress(r, ""))
	}
	if !s.Rates.Exports.Allow(r.PersonKey(), s.Now()) {
		return site.TooMany()
	}
	view, err := s.AssessmentView(r)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	f := assessment.Form{View: view, At: s.Now(), For: d.Name, Questions: d.Questions}
	if err := form.WriteForm(&b, f, site.LangOf(r), s.Program); err != nil {
		return err
	}
	if err := s.services.Accounts.Record(r.Ctx(), d.Actor(), account.EventExported, assessments.Head(r).Town, "",
		assessments.Head(r).TownName+" · "+assessments.Head(r).RoundTitle); err != nil {
		return err
	}
	return r.Download(site.TypeXLSX, form.FormFile(&f, site.LangOf(r)), b.Bytes())
}
