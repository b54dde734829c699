package checklist_test

import (
	"testing"

	"pgregory.net/rapid"

	"ortsspiegel/pkg/checklist"
)

func TestOptionSaid(t *testing.T) {
	label := func(de, en string) checklist.Text {
		return checklist.NewText("de", map[checklist.Lang]string{"de": de, "en": en})
	}
	q := checklist.Question{Options: []checklist.Option{
		{ID: "ja", Label: label("ja – vollständig", "yes")}, {ID: "teils", Label: label("„teils“", "partly")},
		{ID: "a", Label: label("doppelt", "one")}, {ID: "b", Label: label("Doppelt", "two")},
		{ID: "partly", Label: label("anders", "other")},
	}}
	for text, want := range map[string]checklist.OptionID{
		"JA - Vollständig": "ja", " ja\u00a0—  vollständig ": "ja", "Yes": "ja", "ja": "ja", "Teils": "teils",
		`"teils"`: "teils",
		"partly":  "teils", // a label comes before an id
		"two":     "b", "B": "b", "doppelt": "", "": "", "nein": "", "anders": "partly",
	} {
		id, ok := q.OptionSaid(text)
		if ok != (want != "") || ok && id != want {
			t.Errorf("%q: %q, %v; want %q", text, id, ok, want)
		}
	}
}

func TestPlainIsPlain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := checklist.Plain(rapid.String().Draw(t, "text"))
		if again := checklist.Plain(s); again != s {
			t.Fatalf("%q becomes %q", s, again)
		}
	})
}
