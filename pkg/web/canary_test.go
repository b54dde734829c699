package web

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/round"
	"ortsspiegel/pkg/web/site"
)

// aviary is the house with two regions of nine towns, one open round each. Everything that anybody
// wrote carries a canary: a string that tells what it is and whose. Of each region's towns the last
// but one is a draft, the last was given back.
type aviary struct {
	*house
	rounds map[region.ID]round.ID
	towns  map[region.ID][]region.AGS
	people []*keeper
}

// keeper is somebody who reads pages, with the canaries that may be among them.
type keeper struct {
	name string
	who  account.Actor
	b    *browser
}

const perRegion = 9

// unconditional is a question that no other depends on: how much is answered does not tell what was answered to it.
const unconditional = "steuerung-austausch"

// canary names a thing: its kind, its owner. It survives every escaping, and is unlike any word of a page.
func canary(kind string, owner any) string { return fmt.Sprintf("Zz%sQ%vQ", kind, owner) }

var canaries = regexp.MustCompile(`(?i)Zz([a-z]+)Q(nord|sued|059\d{5})Q`)

func newAviary(t *testing.T) *aviary {
	t.Helper()
	v := &aviary{house: newHouse(t), rounds: map[region.ID]round.ID{}, towns: map[region.ID][]region.AGS{}}
	for i, id := range []region.ID{"nord", "sued"} {
		var list []region.Municipality
		for k := range perRegion {
			m := town(region.AGS(fmt.Sprintf("0590%d%03d", i+1, k)), "", 5000+1000*k)
			m.Name = canary("town", m.AGS)
			m.OfficialName, m.District.Name = m.Name, canary("district", id)
			list = append(list, m)
			v.towns[id] = append(v.towns[id], m.AGS)
		}
		v.settle(id, canary("region", id), list...)
		v.addRound(t, id)
	}
	for _, role := range []account.Role{account.AgencyAdmin, account.AgencyAnalyst} {
		v.addKeeper(t, role, "nord", account.Actor{Role: role, Region: "nord"})
	}
	v.addKeeper(t, account.AgencyAdmin, "sued", account.Actor{Role: account.AgencyAdmin, Region: "sued"})
	for _, role := range []account.Role{account.TownLead, account.TownEditor, account.TownViewer} {
		v.addKeeper(t, role, string(v.towns["nord"][0]), account.Actor{Role: role, Town: v.towns["nord"][0]})
	}
	for _, ags := range []region.AGS{v.towns["nord"][1], v.towns["nord"][2], v.towns["nord"][perRegion-2],
		v.towns["nord"][perRegion-1], v.towns["sued"][0]} {
		v.addKeeper(t, account.TownLead, string(ags), account.Actor{Role: account.TownLead, Town: ags})
	}
	v.people = append(v.people, &keeper{name: "nobody", b: v.browser()})
	v.addPast(t, v.towns["nord"][perRegion-2])
	return v
}

// addPast gives a town whose assessment is a draft answers in an earlier round of another agency:
// they are proposed to the town, and are nobody else's. The answer to the first question is taken
// back, so that something can be proposed.
func (v *aviary) addPast(t *testing.T, ags region.AGS) {
	t.Helper()
	ctx := t.Context()
	draft := v.headOf(t, ags)
	_, err := v.assessments.Answer(ctx, assessment.ByAccount(v.lead(ags)), draft, question1,
		assessment.Input{Revision: 1})
	must(t, err)
	m := town(ags, canary("town", ags), 12000)
	m.District.Name = canary("district", "nord")
	v.settle("land", "Land", m)
	admin := account.Actor{User: 1, Name: "Land", Role: account.AgencyAdmin, Region: "land"}
	r, err := v.house.rounds.Create(ctx, admin,
		round.New{Title: "Runde des Landes", Checklist: checklist.Ref{ID: "willkommen", Version: "1.0.0"},
			Opens: v.now.AddDate(-1, 0, 0), Closes: v.now.AddDate(0, 0, 20), Towns: []region.AGS{ags}})
	must(t, err)
	must(t, v.house.rounds.Open(ctx, admin, r))
	heads, err := v.assessments.OfTown(ctx, v.lead(ags))
	must(t, err)
	h := heads[len(heads)-1]
	v.write(t, h, ags, "past", "ja")
	h, err = v.assessments.Head(ctx, v.lead(ags), account.ViewAssessment, h.ID)
	must(t, err)
	must(t, v.assessments.Submit(ctx, v.lead(ags), h.ID, h.Change))
	w := v.signedInAs(ags).get("/assessments/" + site.OfNumber(int64(draft.ID)) + "/sections/steuerung")
	if !strings.Contains(w.Body.String(), canary("pastcomment", ags)) {
		t.Fatal("nothing is proposed to the draft")
	}
}

// signedInAs returns the browser of the town's lead.
func (v *aviary) signedInAs(ags region.AGS) *browser {
	for _, k := range v.people {
		if k.who.Town == ags && k.who.Role == account.TownLead {
			return k.b
		}
	}
	v.t.Fatalf("nobody leads %s", ags)
	return nil
}

func (v *aviary) addKeeper(t *testing.T, role account.Role, place string, who account.Actor) {
	t.Helper()
	name := canary("person", place) + strings.ReplaceAll(string(role), "-", "")
	token, err := v.accounts.Add(t.Context(),
		account.Invitation{Email: strings.ToLower(canary("mail", place)) + string(role) + "@example.org", Name: name,
			Role: role, Town: who.Town, Region: who.Region})
	must(t, err)
	session, _, err := v.accounts.UseLink(t.Context(), token, name, goodPassword,
		account.Client{Agent: canary("agent", place), Network: "192.0.2.0/24"})
	must(t, err)
	b := v.browser()
	b.cookies[site.CookieSession] = session
	v.people = append(v.people, &keeper{name: string(role) + " of " + place, who: who, b: b})
}

func (v *aviary) admin(id region.ID) account.Actor {
	return account.Actor{User: 1, Name: canary("person", id), Role: account.AgencyAdmin, Region: id}
}

func (v *aviary) lead(ags region.AGS) account.Actor {
	return account.Actor{User: 1, Name: canary("person", ags), Role: account.TownLead, Town: ags}
}

func (v *aviary) addRound(t *testing.T, id region.ID) {
	t.Helper()
	ctx := t.Context()
	r, err := v.house.rounds.Create(ctx, v.admin(id),
		round.New{Title: canary("round", id), Checklist: checklist.Ref{ID: "willkommen", Version: "1.0.0"},
			Opens: v.now.AddDate(0, 0, -10), Closes: v.now.AddDate(0, 0, 20), Towns: v.towns[id]})
	must(t, err)
	v.rounds[id] = r
	must(t, v.house.rounds.Open(ctx, v.admin(id), r))
	for k, ags := range v.towns[id] {
		h := v.headOf(t, ags)
		v.write(t, h, ags, "draft", []string{"ja", "nein", "teilweise"}[k%3])
		if k == perRegion-2 {
			continue
		}
		if k < perRegion-2 {
			v.write(t, h, ags, "", []string{"ja", "nein", "teilweise"}[k%3])
		}
		h = v.headOf(t, ags)
		must(t, v.assessments.Submit(ctx, v.lead(ags), h.ID, h.Change))
		if k == perRegion-1 {
			must(t, v.assessments.Reopen(ctx, v.admin(id), h.ID, canary("reason", ags)))
			v.write(t, v.headOf(t, ags), ags, "later", "ja")
		}
	}
}

func (v *aviary) headOf(t *testing.T, ags region.AGS) assessment.Head {
	t.Helper()
	h, err := v.assessments.Head(t.Context(), v.lead(ags), account.ViewAssessment, v.assessmentOf(ags))
	must(t, err)
	return h
}

// write puts a canary of a state into every place of an assessment that takes text.
func (v *aviary) write(t *testing.T, h assessment.Head, ags region.AGS, state, choice string) {
	t.Helper()
	ctx := t.Context()
	view, err := v.assessments.View(ctx, h)
	must(t, err)
	revision := func(q checklist.QuestionID) int { return view.Entries[q].Revision }
	comment := canary(state+"comment", ags)
	_, err = v.assessments.Answer(ctx, assessment.ByAccount(v.lead(ags)), h, question1,
		assessment.Input{Values: []string{choice}, Comment: &comment, Revision: revision(question1)})
	must(t, err)
	words := 0
	for _, q := range view.Definition.Questions() {
		switch {
		case q.ID == unconditional:
			_, err = v.assessments.Answer(ctx, assessment.ByAccount(v.lead(ags)), h, q.ID,
				assessment.Input{Values: []string{"nie"}, Revision: revision(q.ID)})
			must(t, err)
		case q.NotApplicable && q.ID != question1:
			reason := canary(state+"na", ags) + " trifft nicht zu"
			_, err = v.assessments.Answer(ctx, assessment.ByAccount(v.lead(ags)), h, q.ID,
				assessment.Input{NotApplicable: &reason, Revision: revision(q.ID)})
			must(t, err)
		case q.Type == checklist.TypeText:
			words++
			_, err = v.assessments.Answer(ctx, assessment.ByAccount(v.lead(ags)), h, q.ID,
				assessment.Input{Values: []string{canary(state+"words", ags)}, Revision: revision(q.ID)})
			must(t, err)
		}
	}
	if words == 0 {
		t.Fatal("the checklist has no question that takes words")
	}
	_, err = v.assessments.AddLink(ctx, v.lead(ags), h, question1, "https://example.org/"+canary(state+"link", ags),
		canary(state+"title", ags))
	must(t, err)
	_, err = v.assessments.AddFile(ctx, v.lead(ags), h, question1, canary(state+"file", ags)+".pdf",
		[]byte(smallPDF+canary(state+"content", ags)))
	must(t, err)
	gone, err := v.assessments.AddFile(ctx, v.lead(ags), h, question1, canary(state+"gone", ags)+".pdf",
		[]byte(smallPDF+"gone"))
	must(t, err)
	must(t, v.assessments.RemoveEvidence(ctx, v.lead(ags), h, gone))
	_, _, err = v.assessments.Delegate(ctx, v.lead(ags), h,
		assessment.Request{Questions: []checklist.QuestionID{question1}, For: canary(state+"asked", ags),
			Note: canary(state+"note", ags)})
	must(t, err)
}

// mayRead is the law of the aviary: what of whose may be in an answer to the keeper.
func (v *aviary) mayRead(k *keeper, kind, owner string, released map[string]bool) bool {
	own := k.who.Town != "" && owner == string(k.who.Town) || k.who.Region != "" && owner == string(k.who.Region)
	if own {
		return true
	}
	ags := region.AGS(owner)
	switch {
	case k.who.Role.ForTown():
		id := region.ID("nord")
		if strings.HasPrefix(string(k.who.Town), "05902") {
			id = "sued"
		}
		if kind == "mail" && k.who.Role == account.TownLead && owner == string(id) {
			return true // whom to ask in the agency
		}
		// The agency's own names, those who opted in, and who of the agency gave something back.
		return owner == string(id) && slices.Contains([]string{"region", "round", "district", "person"}, kind) ||
			kind == "town" && released[owner]
	case k.who.Role.ForAgency() && slices.Contains(v.towns[k.who.Region], ags):
		place := slices.Index(v.towns[k.who.Region], ags)
		switch kind {
		case "town", "reason":
			return true
		case "person", "mail":
			return true // of the people, whom the agency looks after, and of those who wrote what was submitted
		case "agent":
			return false
		}
		if strings.HasSuffix(kind, "gone") || strings.HasSuffix(kind, "asked") || strings.HasSuffix(kind, "note") {
			return false // whatever became of the assessment
		}
		return place < perRegion-2
	}
	return false
}

// bytesOf returns everything of an answer that can be read: headers, body, and what is packed in it.
func bytesOf(t *testing.T, header http.Header, body []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	for _, name := range slices.Sorted(maps.Keys(header)) {
		plain, err := url.PathUnescape(strings.Join(header[name], " "))
		if err != nil {
			plain = strings.Join(header[name], " ")
		}
		fmt.Fprintln(&b, name, plain)
	}
	if !bytes.HasPrefix(body, []byte("PK\x03\x04")) {
		b.Write(body)
		return b.Bytes()
	}
	z, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	must(t, err)
	// excelize packs the sheets in the order of a map
	slices.SortFunc(z.File, func(a, b *zip.File) int { return strings.Compare(a.Name, b.Name) })
	for _, f := range z.File {
		fmt.Fprintln(&b, f.Name, f.Comment)
		r, err := f.Open()
		must(t, err)
		_, err = io.Copy(&b, r)
		must(t, err)
		must(t, r.Close())
	}
	return b.Bytes()
}

var addresses = regexp.MustCompile(`(?:href|action|src|data-[a-z-]+)="([^"#]+)`)

// repeated are the parts of an address of which three are as good as all: one assessment's
// questions and sections, one page's choices.
var repeated = regexp.MustCompile(`/(questions|sections)/[a-z0-9-]+|=[^&]*|/link/.*`)

// crawl follows every address of every page as one person, beginning with those that the route
// table and everybody's ids give, and returns what came back by address.
func (v *aviary) crawl(t *testing.T, k *keeper) map[string][]byte {
	t.Helper()
	queue := []string{"/"}
	for _, x := range routesOf(nil) {
		if x.Method != http.MethodGet || x.Path == "/readyz" {
			continue
		}
		path := strings.NewReplacer(":checklist", "willkommen", ":version", "1.0.0", ":role", "town", "*", "app.1.css",
			":question", question1, ":section", "steuerung", ":step", "close").Replace(x.Path)
		for _, i := range []int{0, 1, 2, perRegion - 1, perRegion, perRegion + 1, 2 * perRegion} {
			queue = append(queue, strings.NewReplacer(":assessment", fmt.Sprint(i), ":round", fmt.Sprint(i%3),
				":evidence", fmt.Sprint(1+4*i), ":person", fmt.Sprint(i), ":token", "x").Replace(path))
			if !strings.Contains(path, ":") {
				break
			}
		}
	}
	seen, shapes := map[string][]byte{}, map[string]int{}
	for len(queue) > 0 {
		path := queue[0]
		queue = queue[1:]
		shape := repeated.ReplaceAllString(path, "")
		if _, ok := seen[path]; ok || shapes[shape] >= 3 {
			continue
		}
		shapes[shape]++
		if strings.Contains(path, "export") {
			v.later(site.ExportEvery)
		}
		if strings.HasPrefix(path, "/link/") {
			v.later(2e9)
		}
		w := k.b.get(path)
		if w.Code >= 500 || w.Code == http.StatusTooManyRequests {
			t.Errorf("%s by %s: status %d", path, k.name, w.Code)
		}
		seen[path] = bytesOf(t, w.Header(), w.Body.Bytes())
		if !strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") {
			continue
		}
		base, err := url.Parse(path)
		must(t, err)
		for _, found := range addresses.FindAllStringSubmatch(w.Body.String(), -1) {
			if to, err := base.Parse(unescape(found[1])); err == nil && to.Host == "" &&
				strings.HasPrefix(to.Path, "/") && !strings.HasPrefix(to.Path, "/static/") {
				to.Fragment = ""
				queue = append(queue, to.String())
			}
		}
	}
	return seen
}

// listen crawls as everybody and reports canaries that were heard where they must not be. It
// returns all that everybody heard.
func (v *aviary) listen(t *testing.T, released map[string]bool) map[string]map[string]bool {
	t.Helper()
	heard := map[string]map[string]bool{}
	pages := 0
	for _, k := range v.people {
		heard[k.name] = map[string]bool{}
		for path, body := range v.crawl(t, k) {
			pages++
			for _, m := range canaries.FindAllSubmatch(body, -1) {
				kind, owner := strings.ToLower(string(m[1])), strings.ToLower(string(m[2]))
				if strings.Contains(path, canary("", "")[:2]) && strings.Contains(path, string(m[0])) {
					continue // the address that was asked for comes back in the switches of the page
				}
				if !v.mayRead(k, kind, owner, released) {
					t.Errorf("%s in %s hears %s", k.name, path, m[0])
				}
				heard[k.name][kind+" "+owner] = true
			}
		}
	}
	t.Logf("%d answers to %d people", pages, len(v.people))
	return heard
}

// TestNoForeignCanary crawls the whole application as everybody, before and after a release in which one town is named.
func TestNoForeignCanary(t *testing.T) {
	t.Parallel()
	v := newAviary(t)
	heard := v.listen(t, nil)
	first := string(v.towns["nord"][0])
	for who, must := range map[string][]string{
		"town-lead of " + first: {"comment " + first, "words " + first, "na " + first, "title " + first,
			"file " + first, "content " + first, "draftcomment " + first, "person " + first, "mail " + first,
			"agent " + first},
		"town-viewer of " + first: {"comment " + first, "content " + first},
		"agency-analyst of nord": {"comment " + first, "words " + first, "na " + first, "content " + first,
			"town " + string(v.towns["nord"][perRegion-1])},
		"agency-admin of nord": {"comment " + first, "mail " + first,
			"reason " + string(v.towns["nord"][perRegion-1])},
	} {
		for _, m := range must {
			if !heard[who][m] {
				t.Errorf("%s never hears the own %s: the crawl does not get everywhere", who, m)
			}
		}
	}
	if len(heard["nobody"]) > 0 {
		t.Errorf("nobody hears %v", heard["nobody"])
	}

	named, plain := v.towns["nord"][1], v.towns["nord"][2]
	for ags, c := range map[region.AGS]url.Values{named: {"naming": {"named"}, "total": {"1"}},
		plain: {"naming": {"anonymous"}, "total": {"1"}, "sections": {"1"}}} {
		for _, k := range v.people {
			if k.who.Town == ags && k.who.Role == account.TownLead {
				if w := k.b.post("/assessments/"+site.OfNumber(int64(v.assessmentOf(ags)))+"/consent",
					c); w.Code != http.StatusSeeOther {
					t.Fatalf("consent: status %d", w.Code)
				}
			}
		}
	}
	for _, id := range []region.ID{"nord", "sued"} {
		must(t, v.house.rounds.Close(t.Context(), v.admin(id), v.rounds[id]))
		must(t, v.house.rounds.Publish(t.Context(), v.admin(id), v.rounds[id]))
	}
	heard = v.listen(t, map[string]bool{string(named): true})
	if !heard["town-lead of "+first]["town "+string(named)] {
		t.Error("the town that agreed to be named is not")
	}
	if heard["town-lead of "+string(v.towns["sued"][0])]["town "+string(named)] {
		t.Error("a town is named in another region")
	}
}

// TestOthersAnswersMakeNoDifference: without a release, not a byte of what a town reads depends on
// what another answered, nor does a byte of what an agency reads depend on what a draft says.
func TestOthersAnswersMakeNoDifference(t *testing.T) {
	t.Parallel()
	v := newAviary(t)
	var readers []*keeper
	for _, k := range v.people {
		if k.who.Town == v.towns["nord"][0] && k.who.Role == account.TownLead ||
			k.who.Region == "nord" && k.who.Role == account.AgencyAnalyst ||
			k.who.Town == v.towns["sued"][0] && k.who.Role == account.TownLead {
			readers = append(readers, k)
		}
	}
	before := make([]map[string][]byte, len(readers))
	for i, k := range readers {
		before[i] = v.crawlPages(t, k)
	}
	draft, other := v.towns["nord"][perRegion-2], v.towns["nord"][perRegion-1]
	for _, ags := range []region.AGS{draft, other} {
		h := v.headOf(t, ags)
		view, err := v.assessments.View(t.Context(), h)
		must(t, err)
		comment := "ganz anders"
		_, err = v.assessments.Answer(t.Context(), assessment.ByAccount(v.lead(ags)), h, unconditional,
			assessment.Input{Values: []string{"mehrmals"}, Comment: &comment,
				Revision: view.Entries[unconditional].Revision})
		must(t, err)
	}
	for i, k := range readers {
		same(t, k, before[i], v.crawlPages(t, k))
	}
	// Now a submitted answer: the agency's pages change, no other town's.
	h := v.headOf(t, draft)
	must(t, v.assessments.Submit(t.Context(), v.lead(draft), h.ID, h.Change))
	for i, k := range readers {
		after := v.crawlPages(t, k)
		if k.who.Role.ForTown() {
			same(t, k, before[i], after)
		} else if maps.EqualFunc(before[i], after, bytes.Equal) {
			t.Error("the agency's pages do not change when a town submits")
		}
	}
}

var requestIDs = regexp.MustCompile(`(?m)^X-Request-Id .*$`)

// crawlPages is crawl with the exports left to themselves, and without what differs from request to request.
func (v *aviary) crawlPages(t *testing.T, k *keeper) map[string][]byte {
	t.Helper()
	now := v.now
	seen := v.crawl(t, k)
	v.now = now
	maps.DeleteFunc(seen, func(path string, _ []byte) bool {
		return strings.Contains(path, "export") || strings.HasPrefix(path, "/audit") || path == "/account"
	})
	for path, body := range seen {
		seen[path] = formKeys.ReplaceAll(requestIDs.ReplaceAll(body, nil), nil)
	}
	return seen
}

func same(t *testing.T, k *keeper, before, after map[string][]byte) {
	t.Helper()
	for path, body := range after {
		if !bytes.Equal(before[path], body) {
			t.Errorf("%s: %s tells %s of another town's answers", k.name, path, difference(before[path], body))
		}
	}
	if len(before) != len(after) {
		t.Errorf("%s reaches %d addresses instead of %d", k.name, len(after), len(before))
	}
}

// formKeys are drawn anew for every page.
var formKeys = regexp.MustCompile(`name="key" value="[^"]*"`)

// difference shows the first bytes that differ.
func difference(a, b []byte) string {
	i := 0
	for i < min(len(a), len(b)) && a[i] == b[i] {
		i++
	}
	return fmt.Sprintf("%.80q / %.80q", a[i:], b[i:])
}

// TestColleagueHearsOnlyTheQuestions: by a link one hears who asks and what was said to its
// questions, and nothing else of the assessment: not in a page, not in the program for the script,
// not in a workbook, not where something is refused.
func TestColleagueHearsOnlyTheQuestions(t *testing.T) {
	t.Parallel()
	v := newAviary(t)
	ags := v.towns["nord"][perRegion-1] // was given back: everything is written twice
	h := v.headOf(t, ags)
	view, err := v.assessments.View(t.Context(), h)
	must(t, err)
	var words checklist.QuestionID
	for _, q := range view.Definition.Questions() {
		if q.Type == checklist.TypeText && view.Entries[q.ID].Given &&
			view.Entries[q.ID].Answer.Kind == checklist.AnswerText {
			words = q.ID
		}
	}
	for question, own := range map[checklist.QuestionID]string{question1: "latercomment", words: "laterwords"} {
		token, _, err := v.assessments.Delegate(t.Context(), v.lead(ags), h,
			assessment.Request{Questions: []checklist.QuestionID{question}, For: "Petra"})
		must(t, err)
		b, link := v.browser(), "/d/"+token
		may := map[string]bool{"town": true, "round": true, "person": true}
		heard := map[string]bool{}
		listen := func(method, path string, form url.Values, header ...string) {
			t.Helper()
			v.later(site.ExportEvery)
			w := b.do(method, path, form, header...)
			if w.Code >= 500 || w.Code == http.StatusNotFound && !strings.Contains(path, "answers/") {
				t.Errorf("%s: status %d", path, w.Code)
			}
			for _, m := range canaries.FindAllSubmatch(bytesOf(t, w.Header(), w.Body.Bytes()), -1) {
				kind, owner := strings.ToLower(string(m[1])), strings.ToLower(string(m[2]))
				if heard[kind] = true; !may[kind] || owner != string(ags) && owner != "nord" {
					t.Errorf("%s %s: heard %s by the link to %s", method, path, m[0], question)
				}
			}
		}
		listen(http.MethodGet, link, nil)
		listen(http.MethodGet, link+"/answers.json", nil, "Accept", "application/json")
		listen(http.MethodPost, link+"/name", url.Values{"name": {"Petra Klein"}})
		may[own] = true
		for _, path := range []string{"", "/answers.json", "/form.xlsx"} {
			listen(http.MethodGet, link+path, nil)
		}
		for _, q := range view.Definition.Questions() {
			listen(http.MethodPut, link+"/answers/"+string(q.ID), url.Values{"value": {"x"}, "revision": {"7"}},
				"Accept", "application/json")
			listen(http.MethodPost, link, url.Values{"a." + string(q.ID): {"x"}, "rev." + string(q.ID): {"7"}})
			if q.ID != question {
				listen(http.MethodPost, link+"/form/save",
					url.Values{"q": {string(q.ID)}, "revision." + string(q.ID): {"1"}, "seen." + string(q.ID): {"1"},
						"clear." + string(q.ID): {"1"}, "sheet." + string(q.ID): {"x"}})
			}
		}
		listen(http.MethodPost, link+"/form", url.Values{})
		if !heard[own] || !heard["round"] {
			t.Errorf("by the link to %s only %v are heard", question, heard)
		}
		after, err := v.assessments.View(t.Context(), h)
		must(t, err)
		for _, q := range view.Definition.Questions() {
			if a, b := view.Entries[q.ID], after.Entries[q.ID]; q.ID != question &&
				(a.Revision != b.Revision || a.Given != b.Given) {
				t.Errorf("%s was changed by the link to %s", q.ID, question)
			}
		}
	}
}
