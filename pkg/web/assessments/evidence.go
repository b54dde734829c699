package assessments

import (
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/web/site"
)

type evidenceListView struct {
	AssessmentPage
	Number, Question string
	Hint             *site.ProseView // what one would show
	Back             string
	Target           string
	List             []EvidenceView
	Link, LinkTitle  site.InputView
	FileError        string
	Full             bool
}

// evidence is the page where links and files are added to a question and taken away.
func (s *Pages) evidence(r *site.Request) error {
	v, err := s.evidenceList(r)
	if err != nil {
		return err
	}
	return r.Render(http.StatusOK, "evidence_list", v)
}

func (s *Pages) evidenceList(r *site.Request) (*evidenceListView, error) {
	d, q, section, err := s.QuestionOf(r)
	if err != nil {
		return nil, err
	}
	text, err := s.ChecklistText(r, d)
	if err != nil {
		return nil, err
	}
	all, err := s.AssessmentEvidence(r)
	if err != nil {
		return nil, err
	}
	qt := &text.Questions[d.Ordinal(q.ID)]
	t := r.Text.Text
	v := &evidenceListView{AssessmentPage: AssessmentFrame(r, t("evidence.title", "Number", qt.Number)),
		Number: qt.Number, Question: qt.Text, Hint: qt.Evidence}
	v.Back = v.Address("/sections/" + string(section.ID) + "#q-" + qt.ID)
	v.Target = v.Address("/questions/" + qt.ID + "/evidence")
	v.Path = v.Target
	v.SetCrumbs(append(v.Way(r.Text), site.Crumb{Label: section.Title.In(site.LangOf(r)),
		URL: v.Address("/sections/" + string(section.ID))}, site.Crumb{Label: v.Title, URL: ""})...)
	for _, e := range all[q.ID] {
		v.List = append(v.List, NewEvidenceView(r, e))
	}
	v.Link = site.InputView{Name: "link", Label: t("evidence.link"), Hint: t("evidence.link_hint"), Type: "url",
		Autocomplete: "off"}
	v.LinkTitle = site.InputView{Name: "title", Label: t("evidence.link_title"), Type: "text", Autocomplete: "off"}
	v.Full = len(v.List) >= assessment.MaxEvidence
	return v, nil
}

// evidenceAdd takes a link or a file. The two have a form each, so a request holds one of them.
func (s *Pages) evidenceAdd(r *site.Request) error {
	_, q, _, err := s.QuestionOf(r)
	if err != nil {
		return err
	}
	if !s.Rates.Uploads.Allow(r.PersonKey(), s.Now()) {
		return site.TooMany()
	}
	kind, _, _ := mime.ParseMediaType(r.Request().Header.Get("Content-Type"))
	var form url.Values
	if kind == "multipart/form-data" {
		err = s.addFile(r, q.ID)
	} else if form, err = r.Form(); err == nil {
		_, err = s.services.Assessments.AddLink(r.Ctx(), r.Actor, Head(r), q.ID, form.Get("link"), form.Get("title"))
	}
	if err == nil {
		return r.SeeOther(r.Request().URL.Path + "?done=evidence_added")
	}
	return s.evidenceRefused(r, form, err)
}

// evidenceRefused shows the page again with what is wrong; too large a file is the file field's error.
func (s *Pages) evidenceRefused(r *site.Request, form url.Values, err error) error {
	f := fault.As(err)
	if f == nil || f.Kind != fault.Invalid && f.Kind != fault.TooLarge {
		return err
	}
	v, loadErr := s.evidenceList(r)
	if loadErr != nil {
		return loadErr
	}
	status := site.StatusOf[f.Kind]
	if f.Kind == fault.TooLarge {
		r.Response().Header().Set("Connection", "close") // the rest of the file is not worth reading
		f = fault.New(fault.Invalid, "invalid", "")
		f.Fields = []fault.Field{{Name: "file", Code: "file_large"}}
	}
	v.Refused(r.Text, f)
	v.Link.Value, v.Link.Error = site.Value(form, "link"), v.ErrorFor("link")
	v.LinkTitle.Value, v.LinkTitle.Error = site.Value(form, "title"), v.ErrorFor("title")
	v.FileError = v.ErrorFor("file")
	return r.Render(status, "evidence_list", v)
}

// addFile stores the file of the form.
func (s *Pages) addFile(r *site.Request, q checklist.QuestionID) error {
	name, data, err := site.UploadedFile(r, assessment.MaxFile)
	if err != nil {
		return err
	}
	_, err = s.services.Assessments.AddFile(r.Ctx(), r.Actor, Head(r), q, name, data)
	return err
}

// evidenceFile sends a file as a download: no browser shows or runs it on our address.
func (s *Pages) evidenceFile(r *site.Request) error {
	e, data, err := s.services.Assessments.EvidenceFile(r.Ctx(), Head(r), assessment.EvidenceID(r.Number("evidence")))
	if err != nil {
		return err
	}
	r.Response().Header().Set("Content-Security-Policy", "sandbox; default-src 'none'")
	return r.Download(e.Type, e.Title, data)
}

type evidenceRemoveView struct {
	AssessmentPage
	Item EvidenceView
	Back string
	Post string
}

// evidenceRemove asks before evidence is taken away: a file is gone then.
func (s *Pages) evidenceRemove(r *site.Request) error {
	e, err := s.evidenceOf(r)
	if err != nil {
		return err
	}
	v := evidenceRemoveView{AssessmentPage: AssessmentFrame(r, r.Text.Text("evidence.remove_title")),
		Item: NewEvidenceView(r, e)}
	v.Back = v.Address("/questions/" + string(e.Question) + "/evidence")
	v.Post = v.Address("/evidence/" + strconv.FormatInt(int64(e.ID), 10) + "/remove")
	return r.Render(http.StatusOK, "evidence_remove", v)
}

func (s *Pages) evidenceRemoved(r *site.Request) error {
	e, err := s.evidenceOf(r)
	if err != nil {
		return err
	}
	if err := s.services.Assessments.RemoveEvidence(r.Ctx(), r.Actor, Head(r), e.ID); err != nil {
		return err
	}
	return r.SeeOther("/assessments/" + strconv.FormatInt(int64(Head(r).ID), 10) + "/questions/" + string(e.Question) +
		"/evidence?done=evidence_removed")
}

// evidenceOf finds the evidence in the address among those of the assessment.
func (s *Pages) evidenceOf(r *site.Request) (assessment.Evidence, error) {
	all, err := s.AssessmentEvidence(r)
	if err != nil {
		return assessment.Evidence{}, err
	}
	id := assessment.EvidenceID(r.Number("evidence"))
	for _, list := range all {
		for _, e := range list {
			if e.ID == id {
				return e, nil
			}
		}
	}
	return assessment.Evidence{}, assessment.ErrNoEvidence
}

type EvidenceView struct {
	ID     int64
	Link   string // empty: a file
	Title  string
	Size   string
	Type   string
	By     string
	At     time.Time
	Origin string // where it was taken from
	Round  string // the same, in short
}

func NewEvidenceView(r *site.Request, e assessment.Evidence) EvidenceView {
	v := EvidenceView{ID: int64(e.ID), Link: e.Link, Title: e.Title, By: e.By, At: e.At,
		Origin: OriginText(r, e.Origin), Round: originShort(r, e.Origin)}
	if e.Link == "" {
		v.Size = fileSize(r, e.Size)
	}
	return v
}

// fileSize writes bytes as people read them: 340 kB, 1,2 MB.
func fileSize(r *site.Request, bytes int64) string {
	f := r.Text.Words()
	if bytes < 1_000_000 {
		return f.Decimal(float64(max(bytes, 1000))/1000, 0) + " kB"
	}
	return f.Decimal(float64(bytes)/1e6, 1) + " MB"
}
