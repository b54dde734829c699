package web

import (
	"mime"
	"net/http"
	"net/url"
	"strconv"

	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/fault"
)

type evidenceListView struct {
	assessmentPage
	Number, Question string
	Hint             *proseView // what one would show
	Back             string
	Target           string
	List             []evidenceView
	Link, LinkTitle  inputView
	FileError        string
	Full             bool
}

// evidence is the page where links and files are added to a question and taken away.
func (s *assessmentPages) evidence(r *request) error {
	v, err := s.evidenceList(r)
	if err != nil {
		return err
	}
	return r.render(http.StatusOK, "evidence_list", v)
}

func (s *assessmentPages) evidenceList(r *request) (*evidenceListView, error) {
	d, q, section, err := s.questionOf(r)
	if err != nil {
		return nil, err
	}
	text, err := s.checklistText(r, d)
	if err != nil {
		return nil, err
	}
	all, err := s.assessmentEvidence(r)
	if err != nil {
		return nil, err
	}
	qt := &text.questions[d.Ordinal(q.ID)]
	t := r.text.text
	v := &evidenceListView{assessmentPage: r.assessmentFrame(t("evidence.title", "Number", qt.Number)), Number: qt.Number, Question: qt.Text, Hint: qt.Evidence}
	v.Back = v.address("/sections/" + string(section.ID) + "#q-" + qt.ID)
	v.Target = v.address("/questions/" + qt.ID + "/evidence")
	v.Path = v.Target
	v.crumbs(append(v.way(r.text), crumb{section.Title.In(langOf(r)), v.address("/sections/" + string(section.ID))}, crumb{v.Title, ""})...)
	for _, e := range all[q.ID] {
		v.List = append(v.List, newEvidenceView(r, e))
	}
	v.Link = inputView{Name: "link", Label: t("evidence.link"), Hint: t("evidence.link_hint"), Type: "url", Autocomplete: "off"}
	v.LinkTitle = inputView{Name: "title", Label: t("evidence.link_title"), Type: "text", Autocomplete: "off"}
	v.Full = len(v.List) >= assessment.MaxEvidence
	return v, nil
}

// evidenceAdd takes a link or a file. The two have a form each, so a request holds one of them.
func (s *assessmentPages) evidenceAdd(r *request) error {
	_, q, _, err := s.questionOf(r)
	if err != nil {
		return err
	}
	if !s.rates.uploads.allow(r.personKey(), s.Now()) {
		return tooMany()
	}
	kind, _, _ := mime.ParseMediaType(r.Request().Header.Get("Content-Type"))
	var form url.Values
	if kind == "multipart/form-data" {
		err = s.addFile(r, q.ID)
	} else if form, err = r.form(); err == nil {
		_, err = s.Assessments.AddLink(r.ctx(), r.actor, r.head, q.ID, form.Get("link"), form.Get("title"))
	}
	if err == nil {
		return r.redirect(r.Request().URL.Path + "?done=evidence_added")
	}
	return s.evidenceRefused(r, form, err)
}

// evidenceRefused shows the page again with what is wrong; too large a file is the file field's error.
func (s *assessmentPages) evidenceRefused(r *request, form url.Values, err error) error {
	f := fault.As(err)
	if f == nil || f.Kind != fault.Invalid && f.Kind != fault.TooLarge {
		return err
	}
	v, loadErr := s.evidenceList(r)
	if loadErr != nil {
		return loadErr
	}
	status := statusOf[f.Kind]
	if f.Kind == fault.TooLarge {
		r.Response().Header().Set("Connection", "close") // the rest of the file is not worth reading
		f = fault.New(fault.Invalid, "invalid", "")
		f.Fields = []fault.Field{{Name: "file", Code: "file_large"}}
	}
	v.refused(r.text, f)
	v.Link.Value, v.Link.Error = value(form, "link"), v.errorFor("link")
	v.LinkTitle.Value, v.LinkTitle.Error = value(form, "title"), v.errorFor("title")
	v.FileError = v.errorFor("file")
	return r.render(status, "evidence_list", v)
}

// addFile stores the file of the form.
func (s *assessmentPages) addFile(r *request, q checklist.QuestionID) error {
	name, data, err := uploadedFile(r, assessment.MaxFile)
	if err != nil {
		return err
	}
	_, err = s.Assessments.AddFile(r.ctx(), r.actor, r.head, q, name, data)
	return err
}

func noFile() error {
	return fault.Fields([]fault.Field{{Name: "file", Code: "file_missing", Message: "no file was chosen"}})
}

// evidenceFile sends a file as a download: no browser shows or runs it on our address.
func (s *assessmentPages) evidenceFile(r *request) error {
	e, data, err := s.Assessments.EvidenceFile(r.ctx(), r.head, assessment.EvidenceID(r.number("evidence")))
	if err != nil {
		return err
	}
	r.Response().Header().Set("Content-Security-Policy", "sandbox; default-src 'none'")
	return r.download(e.Type, e.Title, data)
}

// download sends bytes as an attachment under a name of ours.
func (r *request) download(kind, name string, data []byte) error {
	r.endTurn()
	h := r.Response().Header()
	h.Set("Content-Disposition", attachment(name))
	h.Set("Cache-Control", "private, no-store")
	return r.Blob(http.StatusOK, kind, data)
}

// attachment encodes a file name for the header: an ASCII one for old programs and the real one (RFC 6266).
func attachment(name string) string {
	ascii := make([]byte, 0, len(name))
	for _, c := range name {
		if c < 0x20 || c > 0x7e || c == '"' || c == '\\' || c == '%' {
			c = '_'
		}
		ascii = append(ascii, byte(c))
	}
	return `attachment; filename="` + string(ascii) + `"; filename*=UTF-8''` + url.PathEscape(name)
}

type evidenceRemoveView struct {
	assessmentPage
	Item evidenceView
	Back string
	Post string
}

// evidenceRemove asks before evidence is taken away: a file is gone then.
func (s *assessmentPages) evidenceRemove(r *request) error {
	e, err := s.evidenceOf(r)
	if err != nil {
		return err
	}
	v := evidenceRemoveView{assessmentPage: r.assessmentFrame(r.text.text("evidence.remove_title")), Item: newEvidenceView(r, e)}
	v.Back = v.address("/questions/" + string(e.Question) + "/evidence")
	v.Post = v.address("/evidence/" + strconv.FormatInt(int64(e.ID), 10) + "/remove")
	return r.render(http.StatusOK, "evidence_remove", v)
}

func (s *assessmentPages) evidenceRemoved(r *request) error {
	e, err := s.evidenceOf(r)
	if err != nil {
		return err
	}
	if err := s.Assessments.RemoveEvidence(r.ctx(), r.actor, r.head, e.ID); err != nil {
		return err
	}
	return r.redirect("/assessments/" + strconv.FormatInt(int64(r.head.ID), 10) + "/questions/" + string(e.Question) + "/evidence?done=evidence_removed")
}

// evidenceOf finds the evidence in the address among those of the assessment.
func (s *assessmentPages) evidenceOf(r *request) (assessment.Evidence, error) {
	all, err := s.assessmentEvidence(r)
	if err != nil {
		return assessment.Evidence{}, err
	}
	id := assessment.EvidenceID(r.number("evidence"))
	for _, list := range all {
		for _, e := range list {
			if e.ID == id {
				return e, nil
			}
		}
	}
	return assessment.Evidence{}, assessment.ErrNoEvidence
}
