package answering

import (
	"bytes"
	"net/http"
	"slices"
	"time"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/internal/plaintext"
	"ortsspiegel/pkg/web/assessments"
	"ortsspiegel/pkg/web/site"
	"ortsspiegel/pkg/workbook/form"
)

// Bounds of what comes back: a workbook with the form around it, and the preview's decisions.
const (
	bodyForm = 5<<20 + 64<<10
	bodyPlan = 2 << 20
)

// formRoutes are the workbook made for filling in, and bringing it back.
func (s *Pages) formRoutes() []site.Route {
	return []site.Route{
		{Method: http.MethodGet, Path: "/assessments/:assessment/form", Name: "form", Action: account.EditAssessment,
			Object: s.AssessmentObject, Handler: s.form},
		{Method: http.MethodGet, Path: "/assessments/:assessment/form.xlsx", Name: "form.download",
			Action: account.EditAssessment, Object: s.AssessmentObject, Handler: s.formDownload,
			Timeout: time.Minute, Cost: site.Costly},
		{Method: http.MethodPost, Path: "/assessments/:assessment/form", Name: "form.upload",
			Action: account.EditAssessment, Object: s.AssessmentObject, Handler: s.formUpload,
			Body: bodyForm, Timeout: 2 * time.Minute, Cost: site.CostlyUpload},
		{Method: http.MethodPost, Path: "/assessments/:assessment/form/save", Name: "form.save",
			Action: account.EditAssessment, Object: s.AssessmentObject, Handler: s.formSave, Body: bodyPlan},
	}
}

type formView struct {
	assessments.AssessmentPage
	Sections  []formSectionView
	For       site.InputView
	Closed    bool
	FileError string
	MayAsk    bool // by a link instead of a file
}

type formSectionView struct {
	ID, Title string
	Questions []formQuestionView
}

type formQuestionView struct{ ID, Number, Text string }

// form offers the workbook, whole, by section or by question, and takes it back.
func (s *Pages) form(r *site.Request) error {
	v, err := s.formView(r)
	if err != nil {
		return err
	}
	return r.Render(http.StatusOK, "form", v)
}

func (s *Pages) formView(r *site.Request) (*formView, error) {
	d, err := s.services.Versions.Definition(r.Ctx(), assessments.Head(r).Hash)
	if err != nil {
		return nil, err
	}
	text, err := s.ChecklistText(r, d)
	if err != nil {
		return nil, err
	}
	v := &formView{AssessmentPage: assessments.AssessmentFrame(r, r.Text.Text("excel.title")),
		Closed: !assessments.Editable(r),
		MayAsk: assessments.Editable(r) && assessments.May(r, account.DelegateQuestions)}
	v.Path = v.Address("/form")
	v.SetCrumbs(append(v.Way(r.Text), site.Crumb{Label: v.Title, URL: ""})...)
	for i := range d.Sections {
		section := formSectionView{ID: text.Sections[i].ID, Title: text.Sections[i].Title}
		for j := range d.Sections[i].Questions {
			q := &text.Questions[text.Sections[i].First+j]
			section.Questions = append(section.Questions, formQuestionView{q.ID, q.Number, q.Text})
		}
		v.Sections = append(v.Sections, section)
	}
	v.For = site.InputView{Name: "for", Label: r.Text.Text("excel.for"), Hint: r.Text.Text("excel.for_hint"),
		Type: "text", Autocomplete: "off"}
	return v, nil
}

// formDownload sends the workbook for the chosen sections and questions; for all if none are named.
func (s *Pages) formDownload(r *site.Request) error {
	if !s.Rates.Exports.Allow(r.PersonKey(), s.Now()) {
		return site.TooMany()
	}
	view, err := s.AssessmentView(r)
	if err != nil {
		return err
	}
	query := r.QueryParams()
	f := assessment.Form{View: view, At: s.Now(), For: plaintext.Line(query.Get("for"))}
	if f.Proposals, err = s.ProposalsOf(r, assessments.Head(r)); err != nil {
		return err
	}
	if len([]rune(f.For)) > 120 {
		f.For = string([]rune(f.For)[:120])
	}
	if f.Questions, err = chosenQuestions(view.Definition, query["section"], query["question"]); err != nil {
		return err
	}
	var b bytes.Buffer
	if err := form.WriteForm(&b, f, site.LangOf(r), s.Program); err != nil {
		return err
	}
	if err := s.services.Accounts.Record(r.Ctx(), r.Actor, account.EventExported, assessments.Head(r).Town,
		assessments.Head(r).Region,
		assessments.Head(r).TownName+" · "+assessments.Head(r).RoundTitle); err != nil {
		return err
	}
	return r.Download(site.TypeXLSX, form.FormFile(&f, site.LangOf(r)), b.Bytes())
}

// chosenQuestions returns the questions of sections and single ones in the order of the checklist; nil for none.
func chosenQuestions(d *checklist.Definition, sections, questions []string) ([]checklist.QuestionID, error) {
	var list []checklist.QuestionID
	for _, id := range sections {
		section, _, ok := d.Section(checklist.SectionID(id))
		if !ok {
			return nil, fault.New(fault.NotFound, "section_unknown", "the checklist has no such section")
		}
		for i := range section.Questions {
			list = append(list, section.Questions[i].ID)
		}
	}
	for _, id := range questions {
		if d.Ordinal(checklist.QuestionID(id)) < 0 {
			return nil, assessment.ErrNoQuestion
		}
		list = append(list, checklist.QuestionID(id))
	}
	slices.SortFunc(list, func(a, b checklist.QuestionID) int { return d.Ordinal(a) - d.Ordinal(b) })
	return slices.Compact(list), nil
}

// formUpload reads a workbook and shows what it would change. Nothing is stored.
func (s *Pages) formUpload(r *site.Request) error {
	if !s.Rates.Uploads.Allow(r.PersonKey(), s.Now()) {
		return site.TooMany()
	}
	name, data, err := site.UploadedFile(r, bodyForm)
	if err == nil {
		if err := r.TakeTurn(); err != nil {
			return err
		}
		var returned assessment.Returned
		returned, err = form.ReadForm(r.Ctx(), bytes.NewReader(data), int64(len(data)),
			func(hash string) (*checklist.Definition, error) {
				if hash != assessments.Head(r).Hash {
					return nil, errFormVersion
				}
				return s.services.Versions.Definition(r.Ctx(), hash)
			})
		if err == nil {
			returned.File = assessment.FileName(name)
			return s.formPlan(r, returned, nil, formSeen{})
		}
	}
	return s.formRefused(r, err)
}

var errFormVersion = fault.New(fault.Invalid, "form_version", "this form was made for another version of the checklist")

// formRefused shows the upload again with what is wrong with the file.
func (s *Pages) formRefused(r *site.Request, err error) error {
	f := fault.As(err)
	if f == nil || f.Kind != fault.Invalid && f.Kind != fault.TooLarge {
		return err
	}
	status := site.StatusOf[f.Kind]
	if f.Kind == fault.TooLarge {
		r.Response().Header().Set("Connection", "close") // the rest of the file is not worth reading
	}
	if len(f.Fields) == 0 {
		wrapped := fault.New(fault.Invalid, "invalid", "")
		code := f.Code
		if code == "body_large" {
			code = "workbook_archive"
		}
		wrapped.Fields = []fault.Field{{Name: "file", Code: code, Message: f.Message, Args: f.Args}}
		f = wrapped
	}
	if assessments.Delegation(r) != nil {
		return s.delegatedFormRefused(r, status, f)
	}
	v, loadErr := s.formView(r)
	if loadErr != nil {
		return loadErr
	}
	v.Refused(r.Text, f)
	v.FileError = v.ErrorFor("file")
	return r.Render(status, "form", v)
}
