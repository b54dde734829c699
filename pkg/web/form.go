package web

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"net/http"
	"slices"
	"time"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/internal/plaintext"
	"ortsspiegel/pkg/workbook/form"
)

// Bounds of what comes back: a workbook with the form around it, and the preview's decisions.
const (
	bodyForm = 5<<20 + 64<<10
	bodyPlan = 2 << 20
)

// formRoutes are the workbook made for filling in, and bringing it back.
func (s *answeringPages) formRoutes() []route {
	return []route{
		{method: http.MethodGet, path: "/assessments/:assessment/form", name: "form", action: account.EditAssessment, object: assessmentObject, handler: s.form},
		{method: http.MethodGet, path: "/assessments/:assessment/form.xlsx", name: "form.download", action: account.EditAssessment, object: assessmentObject, handler: s.formDownload, timeout: time.Minute, cost: costly},
		{method: http.MethodPost, path: "/assessments/:assessment/form", name: "form.upload", action: account.EditAssessment, object: assessmentObject, handler: s.formUpload, body: bodyForm, timeout: 2 * time.Minute, cost: costlyUpload},
		{method: http.MethodPost, path: "/assessments/:assessment/form/save", name: "form.save", action: account.EditAssessment, object: assessmentObject, handler: s.formSave, body: bodyPlan},
	}
}

type formView struct {
	assessmentPage
	Sections  []formSectionView
	For       inputView
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
func (s *answeringPages) form(r *request) error {
	v, err := s.formView(r)
	if err != nil {
		return err
	}
	return r.render(http.StatusOK, "form", v)
}

func (s *answeringPages) formView(r *request) (*formView, error) {
	d, err := s.Versions.Definition(r.ctx(), r.head.Hash)
	if err != nil {
		return nil, err
	}
	text, err := s.checklistText(r, d)
	if err != nil {
		return nil, err
	}
	v := &formView{assessmentPage: r.assessmentFrame(r.text.text("excel.title")), Closed: !r.editable(), MayAsk: r.editable() && r.may(account.DelegateQuestions)}
	v.Path = v.address("/form")
	v.crumbs(append(v.way(r.text), crumb{v.Title, ""})...)
	for i := range d.Sections {
		section := formSectionView{ID: text.sections[i].ID, Title: text.sections[i].Title}
		for j := range d.Sections[i].Questions {
			q := &text.questions[text.sections[i].first+j]
			section.Questions = append(section.Questions, formQuestionView{q.ID, q.Number, q.Text})
		}
		v.Sections = append(v.Sections, section)
	}
	v.For = inputView{Name: "for", Label: r.text.text("excel.for"), Hint: r.text.text("excel.for_hint"), Type: "text", Autocomplete: "off"}
	return v, nil
}

// formDownload sends the workbook for the chosen sections and questions; for all if none are named.
func (s *answeringPages) formDownload(r *request) error {
	if !s.rates.exports.allow(r.personKey(), s.Now()) {
		return tooMany()
	}
	view, err := s.assessmentView(r)
	if err != nil {
		return err
	}
	query := r.QueryParams()
	f := assessment.Form{View: view, At: s.Now(), For: plaintext.Line(query.Get("for"))}
	if f.Proposals, err = s.proposalsOf(r, r.head); err != nil {
		return err
	}
	if len([]rune(f.For)) > 120 {
		f.For = string([]rune(f.For)[:120])
	}
	if f.Questions, err = chosenQuestions(view.Definition, query["section"], query["question"]); err != nil {
		return err
	}
	var b bytes.Buffer
	if err := form.WriteForm(&b, f, langOf(r), s.Program); err != nil {
		return err
	}
	if err := s.Accounts.Record(r.ctx(), r.actor, account.EventExported, r.head.Town, r.head.Region, r.head.TownName+" · "+r.head.RoundTitle); err != nil {
		return err
	}
	return r.download(typeXLSX, form.FormFile(&f, langOf(r)), b.Bytes())
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
func (s *answeringPages) formUpload(r *request) error {
	if !s.rates.uploads.allow(r.personKey(), s.Now()) {
		return tooMany()
	}
	name, data, err := uploadedFile(r, bodyForm)
	if err == nil {
		if err := r.takeTurn(); err != nil {
			return err
		}
		var returned assessment.Returned
		returned, err = form.ReadForm(r.ctx(), bytes.NewReader(data), int64(len(data)), func(hash string) (*checklist.Definition, error) {
			if hash != r.head.Hash {
				return nil, errFormVersion
			}
			return s.Versions.Definition(r.ctx(), hash)
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
func (s *answeringPages) formRefused(r *request, err error) error {
	f := fault.As(err)
	if f == nil || f.Kind != fault.Invalid && f.Kind != fault.TooLarge {
		return err
	}
	status := statusOf[f.Kind]
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
	if r.delegation != nil {
		return s.delegatedFormRefused(r, status, f)
	}
	v, loadErr := s.formView(r)
	if loadErr != nil {
		return loadErr
	}
	v.refused(r.text, f)
	v.FileError = v.errorFor("file")
	return r.render(status, "form", v)
}

// uploadedFile reads the one file of a form part by part, at most one byte more than most: nothing is written to a temporary folder.
func uploadedFile(r *request, most int64) (name string, data []byte, err error) {
	if kind, _, _ := mime.ParseMediaType(r.Request().Header.Get("Content-Type")); kind != "multipart/form-data" {
		return "", nil, noFile()
	}
	parts, err := r.Request().MultipartReader()
	if err != nil {
		return "", nil, bodyFault(err)
	}
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return "", nil, noFile()
		}
		if err != nil {
			return "", nil, bodyFault(err)
		}
		if part.FormName() != "file" {
			continue
		}
		data, err := io.ReadAll(io.LimitReader(part, most+1))
		if err != nil {
			return "", nil, bodyFault(err)
		}
		if part.FileName() == "" && len(data) == 0 {
			return "", nil, noFile()
		}
		return part.FileName(), data, nil
	}
}
