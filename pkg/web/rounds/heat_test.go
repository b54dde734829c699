package rounds

import (
	"strings"
	"testing"
)

func TestHeadsOfNarrowColumns(t *testing.T) {
	for title, want := range map[string]string{
		"Willkommenspaket und Material":  "Will-kom-mens-pa-ket",
		"Ansprechpersonen und Begegnung": "Ansprech-per-so-nen",
		"Nachhalten und Verbessern":      "Nach-hal-ten",
		"Vereine, Arbeitgeber":           "Vereine",
		"Erster Kontakt und Bürgerbüro":  "Erster Kontakt",
		"Straßenräume":                   "Stra-ßen-räume",
	} {
		if got := strings.ReplaceAll(shortTitle(title), "\u00ad", "-"); got != want {
			t.Errorf("%s: %s, want %s", title, got, want)
		}
	}
}
