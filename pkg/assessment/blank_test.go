package assessment

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/png"
	"strings"
	"testing"
	"time"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/fault"
)

// What nobody sees says nothing, at every door of an assessment.
func TestBlankIsNothing(t *testing.T) {
	q := &checklist.Question{ID: "q", Type: checklist.TypeText, NotApplicable: true}
	for _, blank := range []string{strings.Repeat("\u200b", 10), strings.Repeat("\u00ad", 10),
		strings.Repeat("\u2800", 10), strings.Repeat("\u00a0", 10), "\u2060\ufeff\u200d\u3164\u200e\u180e"} {
		if _, given, err := parse(q, Input{Values: []string{blank}}); given || err != nil {
			t.Errorf("%q answers a question: %v", blank, err)
		}
		for _, reason := range []string{blank, "a" + blank + "b", "a        b", "a\r\n\r\n\r\n\r\nb"} {
			if _, _, err := parse(q, Input{NotApplicable: &reason}); !fault.Is(err, fault.Invalid) {
				t.Errorf("%q is a reason", reason)
			}
		}
		if c, err := checkComment(blank); c != "" || err != nil {
			t.Errorf("%q is the comment %q, %v", blank, c, err)
		}
	}
	reason := " Das macht\r\nder Kreis\u200b "
	if a, _, err := parse(q, Input{NotApplicable: &reason}); err != nil || a.Text != "Das macht\nder Kreis" {
		t.Errorf("got %q, %v", a.Text, err)
	}
	if a, _, err := parse(q, Input{Values: []string{"Gro\u0308ße_x000D_\nzwei\r\n"}}); err != nil ||
		a.Text != "Größe\nzwei" {
		t.Errorf("got %q, %v", a.Text, err)
	}
	if _, err := newDelegation(&checklist.Definition{}, Head{}, Request{For: "\u200b\u200b\u200b"},
		time.Time{}); !strings.Contains(fieldsOf(err), "for") {
		t.Errorf("a name nobody sees: %v", err)
	}
	if got := FileName("Form Gro\u0308ße\u200b.xlsx"); got != "Form Größe.xlsx" {
		t.Errorf("got %q", got)
	}
}

func fieldsOf(err error) string {
	var names []string
	if f := fault.As(err); f != nil {
		for _, field := range f.Fields {
			names = append(names, field.Name)
		}
	}
	return strings.Join(names, " ")
}

// A text that was stored before blanks were taken off is the same as what comes back without them.
func TestMergeForgivesOldTexts(t *testing.T) {
	old := map[checklist.QuestionID]Entry{"q": {Question: "q", Given: true,
		Answer: checklist.Answer{Kind: checklist.AnswerText, Text: "Gro\u0308ße\u200b"}, Comment: "a\r\nb_x000D_\n"}}
	lines := Merge(old, old, []Filled{{Question: "q", Answer: checklist.Answer{Kind: checklist.AnswerText,
		Text: "Größe"}, Comment: "a\nb"}})
	if lines[0].Changes(true) {
		t.Errorf("got %+v", lines[0])
	}
}

func TestEvidenceNamesAndKinds(t *testing.T) {
	var picture bytes.Buffer
	if err := errors.Join(png.Encode(&picture, image.NewGray(image.Rect(0, 0, 2, 2))),
		context.Cause(context.Background())); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"Pru\u0308fbericht Gro\u0308ße.png": "Prüfbericht Größe.png",
		"C:\\x\\Plan\u200b.PNG": "Plan.png", "\u200b.png": "datei.png", "a\u00a0b.png": "a b.png"} {
		if e, err := Sniff(name, picture.Bytes()); err != nil || e.Title != want {
			t.Errorf("%q is called %q, %v", name, e.Title, err)
		}
	}
	for _, before := range []string{"\xef\xbb\xbf", "\r\n\r\n", "Kopf des Archivs\n", strings.Repeat(" ", 1000)} {
		if e, err := Sniff("a.pdf", []byte(before+"%PDF-1.7\n")); err != nil || e.Type != typePDF {
			t.Errorf("%q before: %+v, %v", before, e, err)
		}
	}
	for _, before := range []string{"<html>", "MZ", "#!/bin/sh\n", strings.Repeat(" ", 1030)} {
		if e, err := Sniff("a.pdf", []byte(before+"%PDF-1.7\n")); err == nil {
			t.Errorf("%q before is taken as %s", before, e.Type)
		}
	}
}
