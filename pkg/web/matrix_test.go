package web

import (
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/web/site"
	"ortsspiegel/templates"
)

// right is what the table of rights expects of a route: what one must be allowed to do, and to what.
type right struct {
	action account.Action
	// of its object: assessment, evidence, round, person, session, link, delegated; empty: the own
	// town or region
	kind string
}

// rightsOfRoutes is written a second time on purpose, apart from the route table: a route that is
// missing here fails the test.
var rightsOfRoutes = map[string]right{
	"start": {account.Public, ""}, "healthz": {account.Public, ""}, "readyz": {account.Public, ""},
	"asset":    {account.Public, "public"},
	"language": {account.Public, ""}, "theme": {account.Public, ""},
	"login": {account.Public, ""}, "login.submit": {account.Public, ""}, "logout": {account.OwnAccount, ""},
	"link": {account.Public, "link"}, "link.use": {account.Public, "link"},
	"account": {account.OwnAccount, ""}, "account.profile": {account.OwnAccount, ""},
	"account.password":       {account.OwnAccount, ""},
	"account.session.revoke": {account.OwnAccount, "session"},
	"notices.seen":           {account.OwnAccount, ""},
	"people":                 {account.ViewPeople, ""}, "people.invite": {account.ManagePeople, ""},
	"people.link": {account.ManagePeople, "person"},
	"people.role": {account.ManagePeople, "person"}, "people.disable": {account.ManagePeople, "person"},
	"people.enable": {account.ManagePeople, "person"},
	"people.forget": {account.ManagePeople, "person"}, "people.forgotten": {account.ManagePeople, "person"},
	"look": {account.ManageLook, ""}, "look.save": {account.ManageLook, ""}, "brand": {account.Public, "public"},
	"towns": {account.ViewTowns, ""}, "towns.remove": {account.ManageTowns, ""}, "audit": {account.ViewAudit, ""},
	"checklists": {account.Public, ""}, "checklist": {account.Public, "public"},
	"checklist.changes": {account.Public, "public"}, "help": {account.Public, "public"},
	"help.start": {account.Public, ""}, "method": {account.Public, ""},
	"easy":    {account.Public, ""},
	"privacy": {account.Public, ""}, "accessibility": {account.Public, ""}, "imprint": {account.Public, ""},
	"licences":         {account.Public, ""},
	"assessment.tasks": {account.ViewAssessment, "assessment"}, "assessment.section": {account.ViewAssessment,
		"assessment"},
	"assessment.section_save": {account.EditAssessment, "assessment"}, "assessment.answer": {account.EditAssessment,
		"assessment"},
	"assessment.answers": {account.ViewAssessment, "assessment"}, "assessment.history": {account.ViewHistory,
		"assessment"},
	"assessment.overview": {account.ViewAssessment, "assessment"}, "assessment.submit": {account.SubmitAssessment,
		"assessment"},
	"assessment.reopen": {account.ReopenAssessment, "assessment"},
	"proposal.confirm":  {account.EditAssessment, "assessment"}, "proposal.section": {account.EditAssessment,
		"assessment"}, "proposal.left": {account.EditAssessment, "assessment"},
	"proposals":         {account.EditAssessment, "assessment"},
	"assessment.search": {account.ViewAssessment, "assessment"},
	"proposals.confirm": {account.EditAssessment, "assessment"},
	"evidence":          {account.EditAssessment, "assessment"}, "evidence.add": {account.EditAssessment, "assessment"},
	"evidence.file": {account.ViewAssessment, "assessment"}, "evidence.remove": {account.EditAssessment, "assessment"},
	"evidence.removed":  {account.EditAssessment, "assessment"},
	"assessment.result": {account.ViewResult, "assessment"}, "assessment.result_print": {account.ViewResult,
		"assessment"},
	"assessment.export_xlsx": {account.ExportAssessment, "assessment"},
	"assessment.export_csv":  {account.ExportAssessment, "assessment"},
	"assessment.benchmark":   {account.ViewRelease, "assessment"}, "consent": {account.ManageConsent, "assessment"},
	"consent.save": {account.ManageConsent, "assessment"},
	"round.new":    {account.ManageRound, ""}, "round.create": {account.ManageRound, ""},
	"round":      {account.ViewRound, "round"},
	"round.edit": {account.ManageRound, "round"}, "round.change": {account.ManageRound, "round"},
	"round.confirm": {account.ManageRound, "round"}, "round.step": {account.ManageRound, "round"},
	"round.benchmark":  {account.ViewBenchmark, "round"},
	"assessment.trend": {account.ViewResult, "assessment"}, "round.trend": {account.ViewBenchmark, "round"},
	"preview": {account.Public, ""}, "preview.checklist": {account.Public, "public"},
	"round.analysis_xlsx": {account.ExportRound, "round"}, "round.analysis_csv": {account.ExportRound, "round"},
	"round.analysis_lines": {account.ExportRound, "round"},
	"delegations":          {account.DelegateQuestions, "assessment"}, "delegations.create": {account.DelegateQuestions,
		"assessment"}, "delegations.remind": {account.DelegateQuestions, "assessment"},
	"delegations.revoke": {account.DelegateQuestions, "assessment"}, "delegations.revoked": {account.DelegateQuestions,
		"assessment"},
	"delegated": {account.Public, "delegated"}, "delegated.save": {account.Public, "delegated"},
	"delegated.name":   {account.Public, "delegated"},
	"delegated.answer": {account.Public, "delegated"}, "delegated.answers": {account.Public, "delegated"},
	"delegated.download": {account.Public, "delegated"},
	"delegated.upload":   {account.Public, "delegated"}, "delegated.form_save": {account.Public, "delegated"},
	"form": {account.EditAssessment, "assessment"}, "form.download": {account.EditAssessment, "assessment"},
	"form.upload": {account.EditAssessment, "assessment"}, "form.save": {account.EditAssessment, "assessment"},
	"round.version":      {account.ViewBenchmark, "round"},
	"round.selection":    {account.ManageRound, "round"},
	"round.talks":        {account.ViewBenchmark, "round"},
	"round.export_towns": {account.ExportRound, "round"},
	"round.map":          {account.ViewBenchmark, "round"}, "round.export_xlsx": {account.ExportRound, "round"},
	"round.export_csv": {account.ExportRound, "round"},
}

// seeing is the action that tells somebody that an object exists: whoever may do it is told 403 instead of 404.
var seeing = map[string]account.Action{"assessment": account.ViewAssessment, "round": account.ViewRound}

// target is one object of a route with the truth about it.
type target struct {
	owner, state string // owner "missing": there is no such thing
	path         string
	object       account.Object
	id           int64
}

var missingIDs = []string{"999999", "0", "-1", "x", "1e3", "99999999999999999999", "%00", "1%2F2"}

// targets lists what a route can be asked about, for an actor.
func (w *world) targets(a *actor, name, path, kind string) []target {
	if name == "round.version" || name == "checklist.changes" {
		path = strings.Replace(path, ":version", "2.0.0", 1)
	}
	path = strings.NewReplacer(":section", "steuerung", ":question", question1, ":checklist", "willkommen", ":version",
		"1.0.0", ":from", "1.0.0", ":role", "town", ":sheet", "nord.css", "*", "app.1.css").Replace(path)
	var list []target
	missing := func(param string) {
		for _, id := range missingIDs {
			list = append(list, target{owner: "missing",
				path: strings.NewReplacer(param, id, ":evidence", "1", ":step", "open", ":delegation",
					"1").Replace(path)})
		}
	}
	switch kind {
	case "assessment":
		for key, id := range w.assessments {
			o := account.Object{Town: worldTowns[key.owner], Regions: w.regionsOf(key.owner),
				Submitted: key.state == "handed" || key.state == "published"}
			p := strings.NewReplacer(":assessment", site.OfNumber(int64(id)), ":evidence",
				site.OfNumber(int64(w.evidence[id][a.number])), ":delegation",
				site.OfNumber(int64(w.delegations[id]))).Replace(path)
			list = append(list, target{key.owner, key.state, p, o, int64(id)})
		}
		missing(":assessment")
	case "round":
		for key, id := range w.rounds {
			o := account.Object{Regions: w.regionsOf(key.owner)}
			for _, step := range []string{"open", "close", "publish", "clear"} {
				list = append(list, target{key.owner, key.state,
					strings.NewReplacer(":round", site.OfNumber(int64(id)), ":step", step).Replace(path), o, int64(id)})
				if !strings.Contains(path, ":step") {
					break
				}
			}
		}
		missing(":round")
	case "person":
		for name, id := range w.people {
			list = append(list, target{name, "", strings.Replace(path, ":person", site.OfNumber(int64(id)), 1),
				w.truths[name], int64(id)})
		}
		missing(":person")
	case "session":
		for _, other := range w.actors[:5] {
			list = append(list, target{other.name, "",
				strings.Replace(path, ":session", site.OfNumber(int64(other.second)), 1),
				account.Object{User: other.who.User}, int64(other.second)})
		}
		missing(":session")
	case "link":
		missing(":token")
	case "delegated": // the secret is the right, whoever has it
		list = append(list, target{owner: "own", path: strings.Replace(path, ":token", w.token, 1)})
		missing(":token")
	default:
		list = append(list, target{owner: "own", path: path, object: site.OwnScope(a.who)})
	}
	slices.SortFunc(list, func(a, b target) int { return strings.Compare(a.path, b.path) })
	return list
}

// want is the class of answer that the table of rights demands.
func want(a *actor, r right, x target, method string, json bool) string {
	switch {
	case r.action != account.Public && !a.who.SignedIn() && (method != http.MethodGet || json):
		return "401"
	case r.action != account.Public && !a.who.SignedIn():
		return "login"
	case x.owner == "missing":
		return "404"
	case account.Can(a.who, r.action, x.object):
		return "allowed"
	case r.kind == "" || seeing[r.kind] != "" && account.Can(a.who, seeing[r.kind], x.object):
		return "403"
	}
	return "404"
}

// got names the class of an answer.
func got(w *httptest.ResponseRecorder, r right) string {
	switch {
	case w.Code == http.StatusSeeOther && strings.HasPrefix(w.Header().Get("Location"), "/login") &&
		r.action != account.Public:
		return "login"
	case slices.Contains([]int{http.StatusOK, http.StatusSeeOther, http.StatusConflict,
		http.StatusUnprocessableEntity}, w.Code):
		return "allowed"
	}
	return fmt.Sprint(w.Code)
}

// forms are what would work if it were allowed. Empty ones are refused or do nothing.
func (w *world) form(name string, x target) url.Values {
	switch name {
	case "assessment.answer":
		return url.Values{"value": {"ja"}, "comment": {"anders"}, "revision": {"1"}}
	case "assessment.section_save":
		return url.Values{"a." + question1: {"nein"}, "rev." + question1: {"1"}}
	case "assessment.submit":
		return url.Values{"confirm": {"yes"}, "change": {w.changeOf(x)}}
	case "assessment.reopen":
		return url.Values{"reason": {"Bitte prüfen Sie das noch einmal."}}
	case "evidence.add":
		return url.Values{"link": {"https://example.org/plan"}, "title": {"Plan"}}
	case "consent.save":
		return url.Values{"naming": {"named"}, "total": {"1"}, "sections": {"1"}, "examples": {"1"}}
	case "delegations.create":
		return url.Values{"for": {"Bürgerbüro"}, "question": {question1}, "until": {"2026-12-01"}}
	case "delegated.name":
		return url.Values{"name": {"Paula Groß"}}
	case "delegated.answer":
		return url.Values{"value": {"ja"}, "revision": {"1"}}
	case "notices.seen":
		return url.Values{"until": {"1"}}
	case "people.invite":
		return url.Values{"email": {"neu@example.org"}, "role": {"town-viewer"}, "town": {"05958004"}}
	case "people.role":
		return url.Values{"role": {"town-viewer"}}
	case "people.forgotten":
		return url.Values{"confirm": {"yes"}}
	case "towns.remove":
		return url.Values{"town": {"05970004"}}
	case "round.create":
		return url.Values{"title": {"Neue Runde"}, "checklist": {"willkommen@1.0.0"}, "opens": {"2026-12-01"},
			"closes": {"2026-12-31"}, "towns": {"05970004"}}
	case "account.profile":
		return url.Values{"name": {"Neuer Name"}, "language": {"de"}}
	case "account.password":
		return url.Values{"old": {"falsch"}, "password": {"vier Esel im Regen"}}
	}
	return url.Values{}
}

// harmless is what an allowed request sends instead, where the form would take the object into another state.
func harmless(name string, x target, form url.Values) (path string, _ url.Values) {
	switch name {
	case "assessment.submit":
		form.Del("confirm")
	case "assessment.reopen":
		form.Set("reason", "kurz")
	case "people.forgotten":
		form.Del("confirm")
	case "round.step":
		if x.state == "planned" || x.state == "open" {
			return strings.NewReplacer("/open", "/publish", "/close", "/publish").Replace(x.path), form
		}
		return strings.NewReplacer("/publish", "/open", "/close", "/open", "/clear", "/open").Replace(x.path), form
	}
	return x.path, form
}

func (w *world) changeOf(x target) string {
	if x.id == 0 {
		return "1"
	}
	h, err := w.house.assessments.Head(w.t.Context(), account.Actor{User: 1, Role: account.TownLead,
		Town: x.object.Town}, account.ViewAssessment, assessment.ID(x.id))
	if err != nil {
		return "1"
	}
	return site.OfNumber(h.Change)
}

type registered struct{ method, path, name string }

// asStep reports whether the pattern /rounds/:round/:step fits a route's addresses.
func (x registered) asStep() bool { return strings.HasPrefix(x.path, "/rounds/:round/") }

// registeredRoutes asks the router itself.
func registeredRoutes(t *testing.T) []registered {
	t.Helper()
	s, err := newShell(Config{Config: site.Config{PublicURL: plainURL, Templates: templates.Files,
		Assets: builtAssets(), Now: time.Now, Logger: slog.Default()}, Drafts: shippedDrafts{}})
	must(t, err)
	var list []registered
	for _, r := range s.echo().Routes() {
		if _, ok := rightsOfRoutes[r.Name]; !ok {
			t.Errorf("%s %s (%s) is not in the table of rights", r.Method, r.Path, r.Name)
			continue
		}
		list = append(list, registered{r.Method, r.Path, r.Name})
	}
	slices.SortFunc(list, func(a, b registered) int { return strings.Compare(a.path+a.method, b.path+b.method) })
	return list
}

// costly routes have rates; the clock moves on so that they do not answer instead of the policy.
func (w *world) rest(name string) {
	if strings.Contains(name, "export") || strings.Contains(name, "analysis") || strings.HasPrefix(name, "form") ||
		strings.HasPrefix(name, "link") || strings.HasPrefix(name, "delegated") ||
		strings.HasPrefix(name, "evidence.add") || strings.Contains(name, "password") || name == "login.submit" {
		w.later(7 * time.Second)
	}
}

// TestRightsMatrix asks every route of the router as every role about every object in every state.
func TestRightsMatrix(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	list := registeredRoutes(t)
	for _, r := range routesOf(shippedDrafts{}) {
		if expected := rightsOfRoutes[r.Name].action; r.Action != expected {
			t.Errorf("%s asks the policy for %s, the table of rights for %s", r.Name, r.Action, expected)
		}
	}
	before := w.fingerprints(t)
	alike := map[string]string{} // what a refusal looked like, by route and actor
	asked := 0
	for _, a := range w.actors {
		for _, x := range list {
			if x.method == http.MethodGet {
				asked += w.ask(t, a, x, alike)
			}
		}
		after := w.fingerprints(t)
		sameTables(t, "reading as "+a.name, before, after)
		before = after
	}
	for _, a := range w.actors {
		for _, x := range list {
			if x.method != http.MethodGet {
				asked += w.refuse(t, a, x, alike)
			}
		}
	}
	after := w.fingerprints(t)
	sameTables(t, "refused writing", before, after)
	for _, a := range w.actors {
		for _, x := range list {
			if x.method != http.MethodGet && x.name != "logout" {
				asked += w.permit(t, a, x)
			}
		}
	}
	t.Logf("%d requests to %d routes", asked, len(list))
}

// ask reads a route's objects, in every way an answer can be asked for.
func (w *world) ask(t *testing.T, a *actor, x registered, alike map[string]string) (asked int) {
	t.Helper()
	r := rightsOfRoutes[x.name]
	for _, target := range w.targets(a, x.name, x.path, r.kind) {
		w.rest(x.name)
		for _, accept := range []string{"text/html", "application/json"} {
			expected := want(a, r, target, x.method, accept == "application/json")
			if accept != "text/html" && expected == "allowed" {
				continue
			}
			answer := a.b.get(target.path, "Accept", accept)
			asked++
			w.compare(t, a, x, target, expected, answer, accept, alike)
		}
		if expected := want(a, r, target, x.method, false); expected != "allowed" {
			if head := a.b.do(http.MethodHead, target.path, nil); got(head, r) != expected || head.Body.Len() > 0 {
				t.Errorf("HEAD %s by %s: status %d with %d bytes, want %s", target.path, a.name, head.Code,
					head.Body.Len(), expected)
			}
		}
	}
	return asked
}

// refuse sends what would work to wherever it must not.
func (w *world) refuse(t *testing.T, a *actor, x registered, alike map[string]string) (asked int) {
	t.Helper()
	r := rightsOfRoutes[x.name]
	for _, target := range w.targets(a, x.name, x.path, r.kind) {
		expected := want(a, r, target, x.method, false)
		if expected == "allowed" {
			continue
		}
		w.rest(x.name)
		answer := a.b.do(x.method, target.path, w.form(x.name, target))
		asked++
		w.compare(t, a, x, target, expected, answer, "text/html", alike)
	}
	return asked
}

// permit sends what is allowed, with fields that nobody asked for.
func (w *world) permit(t *testing.T, a *actor, x registered) (asked int) {
	t.Helper()
	r := rightsOfRoutes[x.name]
	for _, target := range w.targets(a, x.name, x.path, r.kind) {
		if want(a, r, target, x.method, false) != "allowed" {
			continue
		}
		w.rest(x.name)
		path, form := harmless(x.name, target, w.form(x.name, target))
		answer := a.b.do(x.method, path, form)
		asked++
		if got(answer, r) != "allowed" {
			t.Errorf("%s %s (%s) by %s: status %d, but it is allowed: %.200s", x.method, path, target.state, a.name,
				answer.Code, answer.Body)
		}
	}
	return asked
}

var ownPath = regexp.MustCompile(`name="return" value="[^"]*"`)

// compare checks the class of an answer, and that a refusal does not depend on whether the object exists.
func (w *world) compare(t *testing.T, a *actor, x registered, target target, expected string,
	answer *httptest.ResponseRecorder, accept string, alike map[string]string) {
	t.Helper()
	if class := got(answer, rightsOfRoutes[x.name]); class != expected {
		t.Errorf("%s %s (%s, %s) by %s: status %d to %q, want %s: %.120s", x.method, target.path, target.owner,
			target.state, a.name, answer.Code, answer.Header().Get("Location"), expected, answer.Body)
	}
	if answer.Code != http.StatusNotFound {
		return
	}
	header := maps.Clone(answer.Header())
	header.Del("X-Request-Id")
	seen := fmt.Sprint(header) + ownPath.ReplaceAllString(answer.Body.String(), "")
	key := a.name + x.name + accept
	if before, ok := alike[key]; ok && before != seen {
		t.Errorf("%s %s (%s) by %s: a foreign object answers otherwise than a missing one", x.method, target.path,
			target.owner, a.name)
	}
	alike[key] = seen
}

// TestWritesAreNotDoneByReading asks every address that only takes writes by GET, and every address
// by methods nobody offers.
func TestWritesAreNotDoneByReading(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	list := registeredRoutes(t)
	offered := map[string]bool{}
	for _, x := range list {
		offered[x.method+" "+x.path] = true
	}
	before := w.fingerprints(t)
	asked := 0
	for _, a := range w.actors {
		for _, x := range list {
			for _, target := range w.targets(a, x.name, x.path, rightsOfRoutes[x.name].kind) {
				if target.owner == "missing" || target.owner == "abroad" {
					continue
				}
				for _, method := range []string{http.MethodGet, http.MethodDelete, http.MethodPatch, http.MethodTrace,
					http.MethodConnect, "PROPFIND", http.MethodPut, http.MethodPost} {
					if offered[method+" "+x.path] {
						continue
					}
					answer := a.b.do(method, target.path, w.form(x.name, target), "X-HTTP-Method-Override", x.method,
						"X-Method-Override", x.method)
					asked++
					if x.asStep() && (answer.Code == http.StatusUnauthorized || answer.Code == http.StatusForbidden) {
						continue // the pattern of the steps fits the address: its rights are asked first
					}
					if answer.Code != http.StatusNotFound && answer.Code != http.StatusMethodNotAllowed {
						t.Errorf("%s %s by %s: status %d", method, target.path, a.name, answer.Code)
					}
				}
				break
			}
		}
	}
	sameTables(t, "a method that is not offered", before, w.fingerprints(t))
	t.Logf("%d requests", asked)
}
