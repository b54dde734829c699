package web

import (
	"crypto/sha256"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"testing"
	"testing/fstest"
	"time"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/catalog"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/round"
)

// oldRound is the title of the round whose answers are proposed: it must not become markup.
const oldRound = `Empfang "2024" & <mehr>`

// receptionFiles are two published versions of a small checklist that use every rule of carrying over.
func receptionFiles(t testing.TB) fs.FS {
	t.Helper()
	files, published := fstest.MapFS{}, catalog.Published{}
	for _, v := range []checklist.Version{"1.0.0", "2.0.0"} {
		name := "empfang/" + string(v) + ".yaml"
		raw, err := os.ReadFile("testdata/" + name)
		must(t, err)
		files[name] = &fstest.MapFile{Data: raw}
		published[checklist.Ref{ID: "empfang", Version: v}] = fmt.Sprintf("%x", sha256.Sum256(raw))
	}
	files[catalog.PublishedFile] = &fstest.MapFile{Data: published.Bytes()}
	return files
}

// reception is a house in which Arnsberg has submitted an assessment on 1.0.0 in March 2024 and has
// an open one on 2.0.0.
type reception struct {
	*house
	old, fresh assessment.ID
	lead       string // mail address
	sheet      sheet  // of the fresh one, as the lead
}

var receptionAdmin = account.Actor{User: 1, Name: "Amt", Role: account.AgencyAdmin, Region: "here"}

// newReception answers the old questions; what answers leave out keeps what is here.
func newReception(t testing.TB, answers ...map[string]url.Values) *reception {
	t.Helper()
	x := &reception{house: newHouseOn(t, receptionFiles(t))}
	today := x.now
	x.now = time.Date(2024, 3, 12, 9, 0, 0, 0, time.UTC)
	x.old = x.newRound(oldRound, "1.0.0")
	x.lead = x.person("leitung", account.TownLead, "05958004")
	old := x.signedIn(x.lead).sheet(x.old)
	given := map[string]url.Values{
		"seite": {"value": {"ja"}, "comment": {"seit 2019"}}, "sprachen": {"value": {"deutsch", "leicht"}},
		"wartezeit": {"value": {"7,5"}},
		"frueh":     {"value": {"ja"}}, "spaet": {"value": {"teilweise"}, "comment": {"nur donnerstags"}},
		"ziel": {"value": {"teilweise"}}, "fax": {"value": {"02931 12-0"}, "comment": {"im Keller"}},
		"paten": {"value": {"teilweise"}}, "fest": {"value": {"ja"}}, "treff": {"value": {"nein"}},
		"bericht": {"value": {"Der Tag der Neuen.\nSehr schön."}}, "stichtag": {"value": {"2021-05-01"}},
	}
	for _, more := range answers {
		for id, form := range more {
			given[id] = form
		}
	}
	for id, form := range given {
		form.Set("revision", "0")
		if w := old.do("PUT", old.base+"/answers/"+id, form, "Accept", "application/json"); w.Code != 200 {
			t.Fatalf("old answer to %s: status %d: %s", id, w.Code, w.Body)
		}
	}
	lead := account.Actor{User: 1, Name: "leitung", Role: account.TownLead, Town: "05958004"}
	head, err := x.assessments.Head(t.Context(), lead, account.ViewAssessment, x.old)
	must(t, err)
	_, err = x.assessments.AddLink(t.Context(), lead, head, "seite", "https://example.org/willkommen", "Unsere Seite")
	must(t, err)
	_, err = x.assessments.AddFile(t.Context(), lead, head, "paten", "Plan.png", onePNG)
	must(t, err)
	x.submit(lead, x.old)
	x.now = today
	x.fresh = x.newRound("Empfang 2026", "2.0.0")
	x.sheet = x.signedIn(x.lead).sheet(x.fresh)
	return x
}

// newRound opens a round for both towns and returns Arnsberg's assessment.
func (x *reception) newRound(title string, version checklist.Version) assessment.ID {
	x.t.Helper()
	id, err := x.rounds.Create(x.t.Context(), receptionAdmin,
		round.New{Title: title, Checklist: checklist.Ref{ID: "empfang", Version: version},
			Opens: x.now.AddDate(0, 0, -10), Closes: x.now.AddDate(4, 0, 0),
			Towns: []region.AGS{"05958004", "05958008"}})
	must(x.t, err)
	must(x.t, x.rounds.Open(x.t.Context(), receptionAdmin, id))
	return x.assessmentOf("05958004")
}

func (x *reception) submit(lead account.Actor, id assessment.ID) {
	x.t.Helper()
	head, err := x.assessments.Head(x.t.Context(), lead, account.ViewAssessment, id)
	must(x.t, err)
	must(x.t, x.assessments.Submit(x.t.Context(), lead, id, head.Change))
}

// changeBefore has the earlier assessment given back, one answer changed, and submitted again.
func (x *reception) changeBefore(question string, fields ...string) {
	x.t.Helper()
	must(x.t, x.assessments.Reopen(x.t.Context(), receptionAdmin, x.old, "Bitte noch einmal ansehen."))
	x.signedIn(x.lead).sheet(x.old).answer(question, 1, fields...)
	x.submit(account.Actor{User: 1, Name: "leitung", Role: account.TownLead, Town: "05958004"}, x.old)
}

// press sends a section's form as a browser without scripts does when a button is pressed.
func (s sheet) press(section, button, value string, more ...string) (status int, location, page string) {
	s.house.t.Helper()
	form := formOf(s.house.t, s.ok("/sections/"+section))
	form.Set(button, value)
	for i := 0; i+1 < len(more); i += 2 {
		form.Set(more[i], more[i+1])
	}
	w := s.post(s.base+"/sections/"+section, form)
	return w.Code, w.Header().Get("Location"), w.Body.String()
}
