package web

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
	"ortsspiegel/pkg/wording"
	"ortsspiegel/pkg/workbook/form"
)

// delegatedRoutes are what a colleague without an account reaches by a link. The secret in the address is the
// right: the policy has nobody to ask about.
func (s *answeringPages) delegatedRoutes() []route {
	return []route{
		{method: http.MethodGet, path: "/d/:token", name: "delegated", action: account.Public, object: linkObject, handler: s.delegated},
		{method: http.MethodPost, path: "/d/:token", name: "delegated.save", action: account.Public, object: linkObject, handler: s.delegatedSave, body: bodySection},
		{method: http.MethodPost, path: "/d/:token/name", name: "delegated.name", action: account.Public, object: linkObject, handler: s.delegatedName},
		{method: http.MethodPut, path: "/d/:token/answers/:question", name: "delegated.answer", action: account.Public, object: linkObject, handler: s.assessmentAnswer},
		{method: http.MethodGet, path: "/d/:token/answers.json", name: "delegated.answers", action: account.Public, object: linkObject, handler: s.delegatedAnswers, background: true},
		{method: http.MethodGet, path: "/d/:token/form.xlsx", name: "delegated.download", action: account.Public, object: linkObject, handler: s.delegatedDownload, timeout: time.Minute, cost: costly},
		{method: http.MethodPost, path: "/d/:token/form", name: "delegated.upload", action: account.Public, object: linkObject, handler: s.formUpload, body: bodyForm, timeout: 2 * time.Minute, cost: costlyUpload},
		{method: http.MethodPost, path: "/d/:token/form/save", name: "delegated.form_save", action: account.Public, object: linkObject, handler: s.formSave, body: bodyPlan},
	}
}

// linkLimits bound what comes by links: per network, so that nobody can try out secrets or load the server, and per link.
type linkLimits struct{ network, link *keyedLimit }

// A whole town hall may sit behind one address; a page asks every eight seconds and sends each answer.
func newLinkLimits() linkLimits {
	return linkLimits{network: newKeyedLimit(100*time.Millisecond, 300, keysKept), link: newKeyedLimit(500*time.Millisecond, 120, keysKept)}
}

// linkObject finds what a link is about. An unknown secret is answered like any address that does not exist; for one
// that has ended the reader is told whom to ask.
func linkObject(s *server, r *request) (account.Object, error) {
	if !s.rates.byLink.network.allow(networkKey(r.RealIP()), s.Now()) {
		return account.Object{}, tooMany()
	}
	h, d, err := s.Assessments.Delegated(r.ctx(), r.Param("token"))
	if fault.Is(err, fault.NotFound) {
		return account.Object{}, err
	}
	// The address holds the secret: not even our own log of referring pages is to see it.
	r.Response().Header().Set("Referrer-Policy", "strict-origin")
	if err != nil {
		return account.Object{}, err
	}
	if !s.rates.byLink.link.allow(strconv.FormatInt(int64(d.ID), 10), s.Now()) {
		return account.Object{}, tooMany()
	}
	r.head, r.delegation = h, &d
	return h.Object(), nil
}

// linkAddress is an address below the link.
func (r *request) linkAddress(rest string) string { return "/d/" + r.Param("token") + rest }

// storeAnswer stores an answer by whatever way its writer came.
func (s *answeringPages) storeAnswer(r *request, id checklist.QuestionID, in assessment.Input) (assessment.Entry, error) {
	if r.delegation != nil {
		return s.Assessments.AnswerDelegated(r.ctx(), r.head, *r.delegation, id, in)
	}
	return s.Assessments.Answer(r.ctx(), r.actor, r.head, id, in)
}

type delegatedView struct {
	pageView
	Town, Round, Lead string
	Note              string
	Until             time.Time
	Count             int // of questions
	Base              string
	Change            int64  // of the assessment, as it is shown
	Named             string // who is there; empty: nobody has said so yet
	Name              inputView
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
func (s *answeringPages) delegated(r *request) error {
	if err := s.Assessments.Opened(r.ctx(), r.head, *r.delegation); err != nil {
		return err
	}
	v, err := s.delegatedView(r, nil)
	if err != nil {
		return err
	}
	v.Notice = r.savedNotice(v.Notice, r.text.text("done.delegation_done"))
	if !v.Finished.IsZero() && r.QueryParam("saved") == "" {
		v.Notice = nil // the page says so itself
	}
	v.Open = v.Finished.IsZero() || r.QueryParam("saved") != ""
	return r.render(http.StatusOK, "delegated", v)
}

// delegatedView fills the page; with a form that was just refused it says what became of it.
func (s *answeringPages) delegatedView(r *request, refused *sectionSaving) (*delegatedView, error) {
	d := r.delegation
	v := &delegatedView{pageView: r.page(r.text.text("delegated.title", "Count", len(d.Questions))), Town: r.head.TownName, Round: r.head.RoundTitle, Lead: d.ByName, Note: d.Note,
		Until: wording.LastDay(d.Expires), Count: len(d.Questions), Base: r.linkAddress(""), Change: r.head.Change, Named: d.Name, Finished: d.Done}
	v.Path, v.Within, v.HelpURL = v.Base, r.head.TownName, "/help/colleague"
	v.Name = inputView{Name: "name", Label: r.text.text("delegated.name"), Hint: r.text.text("delegated.name_hint", "Name", d.ByName), Type: "text", Autocomplete: "name", Required: true, Value: d.Name}
	if d.Name == "" {
		return v, nil
	}
	view, err := s.assessmentView(r)
	if err != nil {
		return nil, err
	}
	text, err := s.checklistText(r, view.Definition)
	if err != nil {
		return nil, err
	}
	if v.Program, err = s.fragment(r, "section-program", delegatedProgram(view, d)); err != nil {
		return nil, err
	}
	states := score.States(view.Definition, assessment.Answers(view.Entries))
	for i := range text.sections {
		section := delegatedSection{Title: text.sections[i].Title}
		for j := range view.Definition.Sections[i].Questions {
			x := storedQuestion{questionText: &text.questions[text.sections[i].first+j], offers: &assessment.Proposals{}}
			if !d.Asks(x.question.ID) {
				continue
			}
			x.entry, x.state = view.Entries[x.question.ID], states[x.ordinal]
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
func (s *answeringPages) delegatedQuestion(r *request, x storedQuestion, refused *sectionSaving) (template.HTML, error) {
	v := r.answerView(x)
	if refused != nil {
		if entered, ok := refused.entered[x.question.ID]; ok {
			entered.Inactive, entered.Given = v.Inactive, v.Given
			v = entered
		}
	}
	v.ByLink = true
	return s.answerHTML(r, v, true)
}

// delegatedProgram is what the script needs to decide which of the questions are asked. What depends on other
// questions is decided here: their answers do not leave the server.
func delegatedProgram(view assessment.View, d *assessment.Delegation) program {
	var p program
	answers := assessment.Answers(view.Entries)
	for _, q := range view.Definition.Questions() {
		if !d.Asks(q.ID) {
			continue
		}
		pq := newProgramQuestion(q)
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
func folded(def *checklist.Definition, c *checklist.Condition, d *assessment.Delegation, answers score.Answers) programCondition {
	if c.Question != "" {
		switch {
		case d.Asks(c.Question):
			return newProgramCondition(*c)
		case score.Holds(def, c, answers):
			return programCondition{Not: &programCondition{}}
		}
		return programCondition{}
	}
	var p programCondition
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
func (s *answeringPages) delegatedName(r *request) error {
	form, err := r.form()
	if err != nil {
		return err
	}
	err = s.Assessments.StateName(r.ctx(), r.head, *r.delegation, value(form, "name"))
	if err == nil {
		return r.redirect(r.linkAddress(""))
	}
	v, loadErr := s.delegatedView(r, nil)
	if loadErr != nil {
		return loadErr
	}
	if !v.refused(r.text, err) {
		return err
	}
	v.Name.Value, v.Name.Error = value(form, "name"), v.errorFor("name")
	return r.render(http.StatusUnprocessableEntity, "delegated", v)
}

// delegatedSave stores the whole form and, where the colleague says so, that this is all. With scripts nothing is left to be
// stored by then.
func (s *answeringPages) delegatedSave(r *request) error {
	form, err := r.form()
	if err != nil {
		return err
	}
	view, err := s.assessmentView(r)
	if err != nil {
		return err
	}
	text, err := s.checklistText(r, view.Definition)
	if err != nil {
		return err
	}
	out := newSectionSaving()
	for _, id := range r.delegation.Questions {
		if err := s.saveQuestion(r, form, &text.questions[view.Definition.Ordinal(id)], view.Entries[id], &out); err != nil {
			return err
		}
	}
	if len(out.errors) > 0 {
		return s.delegatedRefused(r, &out)
	}
	if form.Get("then") == "done" {
		if err := s.Assessments.Finish(r.ctx(), r.head, *r.delegation); err != nil {
			return err
		}
		return r.redirect(r.linkAddress("?done=delegation_done"))
	}
	next := r.linkAddress("?saved=" + strconv.Itoa(out.saved))
	for _, name := range []string{"clear", "keep", "take"} {
		if q := form.Get(name); r.delegation.Asks(checklist.QuestionID(q)) {
			next += "#q-" + q
		}
	}
	return r.redirect(next)
}

// delegatedRefused shows the page once more, with what was refused and why.
func (s *answeringPages) delegatedRefused(r *request, out *sectionSaving) error {
	h, d, err := s.Assessments.Delegated(r.ctx(), r.Param("token"))
	if err != nil {
		return err
	}
	r.head, r.delegation = h, &d
	v, err := s.delegatedView(r, out)
	if err != nil {
		return err
	}
	v.Errors, v.Open = out.errors, true
	if out.saved > 0 {
		v.Notice = &noticeView{Kind: "success", Text: r.text.text("section.others_saved", "Count", out.saved)}
	}
	status := http.StatusUnprocessableEntity
	if out.conflict {
		status = http.StatusConflict
	}
	return r.render(status, "delegated", v)
}

// delegatedFormRefused shows the page once more, with what is wrong with the workbook.
func (s *answeringPages) delegatedFormRefused(r *request, status int, f *fault.Error) error {
	v, err := s.delegatedView(r, nil)
	if err != nil {
		return err
	}
	v.refused(r.text, f)
	v.FileError = v.errorFor("file")
	return r.render(status, "delegated", v)
}

// linkAnswers is ownAnswers for a link: its questions alone, and what of them is asked.
type linkAnswers struct {
	ownAnswers
	Program program `json:"program"`
}

// delegatedAnswers returns what is stored for the questions of the link, for its open page.
func (s *answeringPages) delegatedAnswers(r *request) error {
	if r.delegation.Name == "" {
		return assessment.ErrNameless
	}
	tag := `"` + strconv.FormatInt(r.head.Change, 10) + "-" + r.text.lang + `"`
	r.Response().Header().Set("ETag", tag)
	if matches(r.Request().Header.Get("If-None-Match"), tag) {
		return r.NoContent(http.StatusNotModified)
	}
	view, err := s.assessmentView(r)
	if err != nil {
		return err
	}
	text, err := s.checklistText(r, view.Definition)
	if err != nil {
		return err
	}
	all := linkAnswers{ownAnswers{Answers: map[checklist.QuestionID]storedAnswer{}, Status: r.head.Status}, delegatedProgram(view, r.delegation)}
	for _, id := range r.delegation.Questions {
		if e, ok := view.Entries[id]; ok {
			all.Answers[id] = r.storedAnswer(&text.questions[view.Definition.Ordinal(id)], e, false)
		}
	}
	return r.JSON(http.StatusOK, all)
}

// delegatedDownload sends the workbook with the questions of the link.
func (s *answeringPages) delegatedDownload(r *request) error {
	d := r.delegation
	if d.Name == "" {
		return r.redirect(r.linkAddress(""))
	}
	if !s.rates.exports.allow(r.personKey(), s.Now()) {
		return tooMany()
	}
	view, err := s.assessmentView(r)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	f := assessment.Form{View: view, At: s.Now(), For: d.Name, Questions: d.Questions}
	if err := form.WriteForm(&b, f, langOf(r), s.Program); err != nil {
		return err
	}
	if err := s.Accounts.Record(r.ctx(), d.Actor(), account.EventExported, r.head.Town, "", r.head.TownName+" · "+r.head.RoundTitle); err != nil {
		return err
	}
	return r.download(typeXLSX, form.FormFile(&f, langOf(r)), b.Bytes())
}
