package web

import (
	"archive/zip"
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/web/site"
)

// zipOf packs names and contents as an office program does.
func zipOf(t *testing.T, files ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i+1 < len(files); i += 2 {
		f, err := z.Create(files[i])
		must(t, err)
		_, err = f.Write([]byte(files[i+1]))
		must(t, err)
	}
	must(t, z.Close())
	return b.Bytes()
}

func picture(t *testing.T, encode func(*bytes.Buffer, image.Image) error) []byte {
	t.Helper()
	var b bytes.Buffer
	must(t, encode(&b, image.NewGray(image.Rect(0, 0, 2, 2))))
	return b.Bytes()
}

const (
	officeTypes = `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>`
	smallPDF    = "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count " +
		"0>>endobj\nxref\n0 3\ntrailer<</Root 1 0 R/Size 3>>\nstartxref\n0\n%%EOF\n"
)

// good are small real files of every kind that is taken.
func good(t *testing.T) map[string][]byte {
	return map[string][]byte{
		"application/pdf": []byte(smallPDF),
		"image/png":       picture(t, func(b *bytes.Buffer, m image.Image) error { return png.Encode(b, m) }),
		"image/jpeg":      picture(t, func(b *bytes.Buffer, m image.Image) error { return jpeg.Encode(b, m, nil) }),
		"application/vnd.openxmlformats-officedocument.wordprocessingml.document": zipOf(t, "[Content_Types].xml",
			officeTypes, "word/document.xml", "<document/>"),
		site.TypeXLSX: zipOf(t, "[Content_Types].xml", officeTypes, "xl/workbook.xml", "<workbook/>"),
		"application/vnd.openxmlformats-officedocument.presentationml.presentation": zipOf(t, "[Content_Types].xml",
			officeTypes, "ppt/presentation.xml", "<p/>"),
		"application/vnd.oasis.opendocument.text": zipOf(t, "mimetype",
			"application/vnd.oasis.opendocument.text", "content.xml", "<c/>"),
	}
}

// uploader is a lead who uploads as slowly as the limit asks for.
type uploader struct {
	sheet
	h *house
}

func newUploader(t *testing.T) (*house, uploader) {
	t.Helper()
	h := newHouse(t)
	id, _ := h.openRound()
	return h, uploader{h.signedIn(h.person("leitung", account.TownLead, "05958004")).sheet(id), h}
}

func (u uploader) send(question, name string, data []byte) (status int, page string) {
	u.h.later(site.UploadEvery)
	w := u.upload(question, name, data)
	return w.Code, w.Body.String()
}

// file fetches a piece of evidence and checks that no browser will show or run it.
func (u uploader) file(t *testing.T, id int) (kind, name, body string) {
	t.Helper()
	w := u.get(fmt.Sprintf("%s/evidence/%d", u.base, id))
	disposition := w.Header().Get("Content-Disposition")
	if w.Code != http.StatusOK || !strings.HasPrefix(disposition, "attachment; ") ||
		w.Header().Get("X-Content-Type-Options") != "nosniff" ||
		!strings.Contains(w.Header().Get("Content-Security-Policy"), "sandbox") ||
		!strings.Contains(w.Header().Get("Content-Security-Policy"), "default-src 'none'") ||
		!strings.Contains(w.Header().Get("Cache-Control"), "no-store") {
		t.Errorf("evidence %d: status %d, %v", id, w.Code, w.Header())
	}
	_, encoded, _ := strings.Cut(disposition, "filename*=UTF-8''")
	name, err := url.PathUnescape(encoded)
	must(t, err)
	return w.Header().Get("Content-Type"), name, w.Body.String()
}

func TestFilesAreTakenByTheirContent(t *testing.T) {
	_, u := newUploader(t)
	id := 0
	for kind, data := range good(t) {
		if status, page := u.send(question1, "irgendwas.exe", data); status != http.StatusSeeOther {
			t.Errorf("%s: status %d: %.200s", kind, status, page)
			continue
		}
		id++
		if got, name, body := u.file(t, id); got != kind || body != string(data) || strings.Contains(name, "exe") {
			t.Errorf("%s comes back as %s, %q, %d bytes", kind, got, name, len(body))
		}
	}
	macro := func(kind string) []byte {
		return zipOf(t, "[Content_Types].xml", officeTypes, "word/document.xml", "", kind, "macro")
	}
	encrypted := append([]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), make([]byte, 600)...)
	for name, data := range map[string][]byte{
		"page.pdf":    []byte("<!DOCTYPE html><script>alert(1)</script>"),
		"page.png":    []byte("<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
		"drawing.svg": []byte("<?xml version=\"1.0\"?><svg/>"), "program.pdf": []byte("MZ\x90\x00\x03"),
		"program.docx": []byte("\x7fELF\x02\x01"), "script.pdf": []byte("#!/bin/sh\necho"),
		"html before.pdf": []byte("<html>%PDF-1.4"), "program before.pdf": []byte("#!/bin/sh\n%PDF-1.4"),
		"late.pdf": append(make([]byte, 1024), "%PDF-1.4"...), "empty.pdf": {}, "text.txt": []byte("ein Text"),
		"cut.png": []byte("\x89PNG\r\n\x1a\n<script>alert(1)</script>"),
		"cut.jpg": []byte("\xff\xd8\xff<script>alert(1)</script>"), "gif.gif": []byte("GIF89a/*<script>*/"),
		"plain.zip": zipOf(t, "a.txt", "a"), "program.jar": zipOf(t, "META-INF/MANIFEST.MF", ""),
		"no types.docx": zipOf(t, "word/document.xml", ""), "broken.docx": []byte("PK\x03\x04broken"),
		"macro.docm": macro("word/vbaProject.bin"), "macro.xlsx": macro("xl/VBAPROJECT.BIN"),
		"hidden.docx": macro("word/other/vbaproject.bin"),
		"renamed.docx": zipOf(t, "[Content_Types].xml",
			`<Types><Override PartName="/word/x.bin" ContentType="application/vnd.ms-office.vbaProject"/></Types>`,
			"word/document.xml", "", "word/x.bin", ""),
		"old.doc": encrypted, "macro.odt": zipOf(t, "mimetype", "application/vnd.oasis.opendocument.text",
			"Basic/Standard/Module1.xml", "x"),
		"drawing.odg": zipOf(t, "mimetype", "application/vnd.oasis.opendocument.graphics", "content.xml", ""),
		"declared.docx": zipOf(t, "[Content_Types].xml",
			`<Types><Override PartName="/word/document.xml" ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/></Types>`, "word/document.xml", ""),
	} {
		if status, page := u.send(question1, name, data); status != http.StatusUnprocessableEntity ||
			!strings.Contains(page, `href="#file"`) || strings.Contains(page, "alert(1)") {
			t.Errorf("%s: status %d", name, status)
		}
	}
}

// TestPolyglots: a file that is two things at once is handed out as the harmless one, and only to be kept.
func TestPolyglots(t *testing.T) {
	_, u := newUploader(t)
	pngFile := good(t)["image/png"]
	for i, c := range []struct {
		kind string
		data []byte
	}{
		{"application/pdf", []byte(smallPDF + "<script>alert(1)</script>")},
		{"image/png", append(bytes.Clone(pngFile), "<html><script>alert(1)</script>"...)},
		{"application/pdf", append([]byte(smallPDF), zipOf(t, "META-INF/MANIFEST.MF", "")...)},
	} {
		if status, _ := u.send(question1, "zwei.html", c.data); status != http.StatusSeeOther {
			t.Errorf("%d: status %d", i, status)
			continue
		}
		if kind, name, _ := u.file(t, i+1); kind != c.kind || strings.Contains(name, "html") {
			t.Errorf("%d is handed out as %s, %q", i, kind, name)
		}
	}
}

func TestLargeFiles(t *testing.T) {
	t.Parallel()
	h, u := newUploader(t)
	full := append([]byte(smallPDF), make([]byte, assessment.MaxFile-len(smallPDF))...)
	if status, page := u.send(question1, "voll.pdf", full); status != http.StatusSeeOther {
		t.Errorf("10 MB: status %d: %.200s", status, page)
	}
	if status, page := u.send(question1, "zuviel.pdf", append(full, 0)); status != http.StatusRequestEntityTooLarge ||
		!strings.Contains(page, "größer als 10 MB") {
		t.Errorf("10 MB and a byte: status %d", status)
	}
	var bomb bytes.Buffer
	z := zip.NewWriter(&bomb)
	for _, name := range []string{"[Content_Types].xml", "word/document.xml"} {
		f, err := z.Create(name)
		must(t, err)
		zeros := make([]byte, 1<<20)
		for range 64 {
			_, err := f.Write(zeros)
			must(t, err)
		}
	}
	must(t, z.Close())
	if status, _ := u.send(question1, "bombe.docx", bomb.Bytes()); status != http.StatusUnprocessableEntity {
		t.Errorf("%d bytes that unpack to 128 MB: status %d", bomb.Len(), status)
	}
	var many bytes.Buffer
	z = zip.NewWriter(&many)
	for i := range 6000 {
		_, err := z.Create(fmt.Sprint(i))
		must(t, err)
	}
	must(t, z.Close())
	if status, _ := u.send(question1, "viele.xlsx", many.Bytes()); status != http.StatusUnprocessableEntity {
		t.Errorf("6000 entries: status %d", status)
	}
	if got := h.evidenceCount(t, u.sheet); got != 1 {
		t.Errorf("%d files were kept", got)
	}
}

func (h *house) evidenceCount(t *testing.T, s sheet) int {
	t.Helper()
	return strings.Count(s.ok("/questions/"+question1+"/evidence"), "/remove\"")
}

func TestFileNamesAreMadeSafe(t *testing.T) {
	_, u := newUploader(t)
	for i, name := range []string{"../../etc/passwd.pdf", `..\..\windows\system.ini`, "/etc/shadow",
		"Plan\r\nSet-Cookie: x=1.pdf", `Plan"; filename="evil.html`, "<script>alert(1)</script>.pdf",
		"\u202efdp.exe", strings.Repeat("ä", 300) + ".pdf", "", ".htaccess", "=cmd|' /C calc'!A0.pdf", "CON.pdf",
		"Plan.pdf.exe", "%2e%2e%2fPlan.pdf", "\xff\xfe.pdf", "   ", "{{.Title}}.pdf"} {
		if status, page := u.send([]string{question1, question2}[i%2], name,
			[]byte(smallPDF)); status != http.StatusSeeOther {
			t.Errorf("%q: status %d: %.200s", name, status, page)
			continue
		}
		_, got, _ := u.file(t, i+1)
		if !strings.HasSuffix(got, ".pdf") || strings.Count(got, ".") != 1 || len([]rune(got)) > 104 ||
			len([]rune(got)) < 5 ||
			strings.ContainsAny(got, "/\\\"<>:;|=%{}'\r\n\x00") || strings.Contains(got, "\u202e") ||
			strings.HasPrefix(got, " ") {
			t.Errorf("%q is called %q", name, got)
		}
		w := u.get(fmt.Sprintf("%s/evidence/%d", u.base, i+1))
		if strings.ContainsAny(w.Header().Get("Content-Disposition"), "\r\n") || len(w.Result().Cookies()) > 0 {
			t.Errorf("%q breaks the header: %v", name, w.Header())
		}
	}
	page := u.ok("/sections/steuerung")
	if strings.Contains(page, "<script>alert") || strings.Contains(page, "\u202e") {
		t.Error("a file's name is in the page as it was sent")
	}
}

func TestEvidenceIsBounded(t *testing.T) {
	h, u := newUploader(t)
	for range assessment.MaxEvidence {
		h.later(site.UploadEvery)
		if w := u.post(u.base+"/questions/"+question1+"/evidence",
			url.Values{"link": {"https://example.org/plan"}}); w.Code != http.StatusSeeOther {
			t.Fatalf("status %d", w.Code)
		}
	}
	if status, page := u.send(question1, "einundzwanzig.pdf",
		[]byte(smallPDF)); status != http.StatusUnprocessableEntity || !strings.Contains(page, "20") {
		t.Errorf("the twenty-first: status %d", status)
	}
	if status, _ := u.send(question2, "woanders.pdf", []byte(smallPDF)); status != http.StatusSeeOther {
		t.Errorf("another question: status %d", status)
	}
	h.later(time.Hour)
	last := 0
	for range site.UploadBurst + 1 {
		last = u.upload(question1, "x.pdf", []byte("x")).Code
	}
	if last != http.StatusTooManyRequests {
		t.Errorf("the %dth upload at once: status %d", site.UploadBurst+1, last)
	}
}

// TestForeignEvidence asks for every piece of evidence of everybody under one's own assessments.
func TestForeignEvidence(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, a := range w.actors[:5] {
		for key, own := range w.assessments {
			o := account.Object{Town: worldTowns[key.owner], Regions: w.regionsOf(key.owner),
				Submitted: key.state == "handed" || key.state == "published"}
			if !account.Can(a.who, account.ViewAssessment, o) {
				continue
			}
			base := "/assessments/" + site.OfNumber(int64(own)) + "/evidence/"
			missing := a.b.get(base + "999999")
			for other, pieces := range w.evidence {
				for _, e := range pieces[:2] {
					answer := a.b.get(base + site.OfNumber(int64(e)))
					if other == own && answer.Code == http.StatusOK {
						continue
					}
					if other == own || answer.Code != http.StatusNotFound ||
						ownPath.ReplaceAllString(answer.Body.String(),
							"") != ownPath.ReplaceAllString(missing.Body.String(), "") {
						t.Errorf("%s reads evidence %d of assessment %d through %d: status %d", a.name, e, other, own,
							answer.Code)
					}
					if remove := a.b.post(base+site.OfNumber(int64(e))+"/remove",
						nil); other != own && remove.Code != http.StatusNotFound &&
						remove.Code != http.StatusForbidden {
						t.Errorf("%s removes evidence %d of assessment %d through %d: status %d", a.name, e, other,
							own, remove.Code)
					}
				}
			}
		}
	}
}
