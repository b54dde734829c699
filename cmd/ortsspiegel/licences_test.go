package main

import (
	"debug/buildinfo"
	"io/fs"
	"os"
	"strings"
	"testing"

	"ortsspiegel/pkg/licence"
	"ortsspiegel/static"
)

// What the linker says it has put into the program is what must be named.
func TestLicencesNameEveryLinkedModule(t *testing.T) {
	if _, err := fs.Stat(static.Files(), licence.File); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	info, err := buildinfo.ReadFile(binary(t))
	if err != nil {
		t.Fatal(err)
	}
	if len(info.Deps) < 20 {
		t.Fatalf("only %d modules are linked", len(info.Deps))
	}
	var works []licence.Work
	decode(t, command(t, "licences", "--json").wants(t, exitDone).out, &works)
	known := map[string]licence.Work{}
	for _, w := range works {
		known[w.Name] = w
	}
	printed := command(t, "licences").wants(t, exitDone, "EUPL-1.2", "Go 1.").out
	for _, m := range info.Deps {
		w := known[m.Path]
		if w.Version != m.Version || len(w.Text) < 200 || w.Licence == "" {
			t.Errorf("%s %s is linked, the licences have %q of version %q with %d letters", m.Path, m.Version,
				w.Licence, w.Version, len(w.Text))
		}
		if !strings.Contains(printed, m.Path+" "+m.Version+": "+w.Licence) {
			t.Errorf("%s is not printed", m.Path)
		}
	}
}
