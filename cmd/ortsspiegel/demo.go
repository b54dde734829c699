package main

import (
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/bench"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/demo"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/gazetteer"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/round"
	"ortsspiegel/pkg/store"
)

type demoCommand struct {
	dataFlags
	Participants int   `default:"38" placeholder:"N" help:"Submitted assessments, up to 59."`
	Seed         int64 `default:"1" placeholder:"N" help:"The same seed makes up the same answers."`
	JSON         bool  `help:"Print users and rounds as JSON."`
	List         bool  `help:"Create nothing; print the sign-ins of a folder that was filled before."`
}

// demoRegion is the region of the demonstration; demoDomain is reserved for examples.
const (
	demoRegion = region.ID("suedwestfalen")
	demoDomain = "@demo.example"
)

type demoOutput struct {
	Users  []demoUser  `json:"users"`
	Rounds []demoRound `json:"rounds"`
}

type demoUser struct {
	Email    string       `json:"email"`
	Password string       `json:"password"`
	Role     account.Role `json:"role"`
	AGS      region.AGS   `json:"ags"`

	town string
}

type demoRound struct {
	ID        round.ID          `json:"id"`
	Checklist checklist.ID      `json:"checklist"`
	Version   checklist.Version `json:"version"`
	Status    round.Status      `json:"status"`
}

func (c *demoCommand) Run(a *app) error {
	towns, source, err := gazetteer.Suedwestfalen()
	if err != nil {
		return err
	}
	if c.Participants < 0 || c.Participants > len(towns) {
		return fmt.Errorf("%w: --participants: 0 to %d is expected", errUsage, len(towns))
	}
	if c.List && !c.hasDatabase() {
		return errNoDemo(c.Data)
	}
	p, err := a.open(c.dataFlags, "", bench.DefaultRules(), nil, false)
	if err != nil {
		return err
	}
	defer p.store.Close()
	maker := &demoMaker{app: a, parts: p, command: c, towns: towns, password: demoPassword(c.Seed)}
	if err := maker.plan(); err != nil {
		return err
	}
	if c.List {
		return maker.list()
	}
	if regions, err := p.territory.Regions(a.ctx); err != nil {
		return err
	} else if len(regions) > 0 {
		return fault.New(fault.Conflict, "data_not_empty", "%s: there are regions already; the demo needs an empty data folder", c.Data)
	}
	if err := maker.fill(source); err != nil {
		return err
	}
	return maker.print()
}

// demoMaker fills an empty data folder.
type demoMaker struct {
	*app
	*parts
	command  *demoCommand
	towns    []region.Municipality
	password string
	admin    account.Actor
	out      demoOutput

	// The main round is open, the earlier one closed and published.
	main, earlier demoPlan
}

// demoPlan is a round as it is made up.
type demoPlan struct {
	checklist *checklist.Definition
	towns     []demo.Assessment
}

// demoPassword follows from the seed, so that it can be shown again; it protects made-up data.
func demoPassword(seed int64) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "ortsspiegel demo %d", seed))
	s := strings.ToLower(base32.StdEncoding.EncodeToString(sum[:]))
	return s[:5] + "-" + s[5:10] + "-" + s[10:15]
}

func (m *demoMaker) fill(source string) error {
	r := region.Region{ID: demoRegion, Name: "Südwestfalen", Agency: "Demo-Agentur", Source: source}
	if _, err := m.territory.Import(m.ctx, operator, r, m.towns); err != nil {
		return err
	}
	if err := m.users(); err != nil {
		return err
	}
	// The earlier round is made first, so that it has the lower number and is listed below.
	if err := m.earlierRound(); err != nil {
		return err
	}
	return m.mainRound()
}

// plan makes up both rounds, each with a checklist of its own.
func (m *demoMaker) plan() error {
	refs, err := m.catalog.Refs()
	if err != nil {
		return err
	}
	for _, ref := range refs {
		plan, seed := &m.main, m.command.Seed
		if ref.ID != "willkommen" {
			plan, seed = &m.earlier, seed+1
		}
		if plan.checklist != nil {
			continue
		}
		if plan.checklist, _, err = m.catalog.Get(ref); err != nil {
			return err
		}
		plan.towns = demo.Plan(plan.checklist, m.towns, m.command.Participants, seed)
	}
	return nil
}

// users creates the agency's people, a lead for every town, and a whole team for the first town
// that is at work. One hash serves all: 60 passwords would take as many slow hashes.
func (m *demoMaker) users() error {
	hash := account.HashPassword(m.password)
	add := func(u account.User, town string) (account.UserID, error) {
		u.PasswordHash, u.Language, u.Created = hash, "de", m.now().UTC()
		u.Email += demoDomain
		id, err := m.store.CreateUser(m.ctx, u, account.Event{At: u.Created, Name: operator.Name, Kind: account.EventInvited, Town: u.Town, Region: u.Region, Subject: u.Email})
		m.out.Users = append(m.out.Users, demoUser{u.Email, m.password, u.Role, u.Town, town})
		return id, err
	}
	admin := account.User{Email: "agentur", Name: "Aylin Agentur", Role: account.AgencyAdmin, Region: demoRegion}
	id, err := add(admin, "")
	if err != nil {
		return err
	}
	admin.ID = id
	m.admin = account.ActorOf(admin, 0)
	if _, err := add(account.User{Email: "analyse", Name: "Anton Analyse", Role: account.AgencyAnalyst, Region: demoRegion}, ""); err != nil {
		return err
	}
	team := m.team()
	for i, t := range m.towns {
		mail := "leitung-" + string(t.AGS)
		if _, err := add(account.User{Email: mail, Name: "Leitung " + t.Name, Role: account.TownLead, Town: t.AGS}, t.Name); err != nil {
			return err
		}
		if i != team {
			continue
		}
		for _, u := range []account.User{{Email: "kollegin-", Name: "Katrin Kollegin", Role: account.TownEditor}, {Email: "gast-", Name: "Georg Gast", Role: account.TownViewer}} {
			u.Email += string(t.AGS)
			u.Town = t.AGS
			if _, err := add(u, t.Name); err != nil {
				return err
			}
		}
	}
	return nil
}

// team returns the place of the first town that has begun and answered something; 0 if there is none.
func (m *demoMaker) team() int {
	return max(0, slices.IndexFunc(m.main.towns, func(p demo.Assessment) bool { return p.State == demo.Draft && len(p.Answers) > 10 }))
}

// finished returns the place of the first town that has submitted in both rounds; 0 if there is none.
func (m *demoMaker) finished() int {
	for i := range m.towns {
		if m.main.towns[i].State == demo.Submitted && m.earlier.towns[i].State == demo.Submitted {
			return i
		}
	}
	return 0
}

// mainRound is open: most towns have submitted, some are at work.
func (m *demoMaker) mainRound() error {
	now := m.now()
	_, err := m.round(m.rounds, m.main, day(now, -45), day(now, 45), now, round.Open)
	return err
}

// earlierRound is closed; its benchmark was published two weeks later.
func (m *demoMaker) earlierRound() error {
	opens, closes := day(m.now(), -400), day(m.now(), -340)
	then, err := round.NewService(m.store, m.catalog, m.store, bench.DefaultRules(), func() time.Time { return closes.AddDate(0, 0, 14) })
	if err != nil {
		return err
	}
	id, err := m.round(then, m.earlier, opens, closes, closes, round.Published)
	if err != nil {
		return err
	}
	if err := then.Close(m.ctx, m.admin, id); err != nil {
		return err
	}
	return then.Publish(m.ctx, m.admin, id)
}

// day is midnight in Germany, some days from now.
func day(now time.Time, days int) time.Time {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		berlin = time.UTC // cannot happen: the zones are embedded
	}
	y, month, d := now.In(berlin).AddDate(0, 0, days).Date()
	return time.Date(y, month, d, 0, 0, 0, 0, berlin)
}

// round creates and opens a round and loads what the towns did between its opening and until.
func (m *demoMaker) round(rounds *round.Service, plan demoPlan, opens, closes, until time.Time, status round.Status) (round.ID, error) {
	d := plan.checklist
	all := make([]region.AGS, len(m.towns))
	for i, t := range m.towns {
		all[i] = t.AGS
	}
	title := fmt.Sprintf("%s %d", d.Title.In("de"), until.Year())
	id, err := rounds.Create(m.ctx, m.admin, round.New{Title: title, Checklist: d.Ref(), Opens: opens, Closes: closes, Towns: all})
	if err != nil {
		return 0, err
	}
	if err := rounds.Open(m.ctx, m.admin, id); err != nil {
		return 0, err
	}
	var bulk []store.Bulk
	for _, p := range plan.towns {
		if p.State == demo.Untouched {
			continue
		}
		b, err := m.bulk(d, p, opens.Add(time.Duration(p.Offset*float64(until.Sub(opens)))).UTC())
		if err != nil {
			return 0, err
		}
		bulk = append(bulk, b)
	}
	if err := m.store.ImportAssessments(m.ctx, id, bulk); err != nil {
		return 0, err
	}
	for _, p := range plan.towns {
		if p.State != demo.Submitted || p.Consent == (bench.Consent{}) {
			continue
		}
		e := account.Event{At: until.UTC(), Name: operator.Name, Kind: account.EventConsent, Town: p.Town.AGS, Region: demoRegion, Subject: p.Town.Name + " · " + title}
		if err := m.store.SetConsent(m.ctx, id, p.Town.AGS, p.Consent, e); err != nil {
			return 0, err
		}
	}
	m.out.Rounds = append([]demoRound{{id, d.ID, d.Version, status}}, m.out.Rounds...)
	return id, nil
}

func (m *demoMaker) bulk(d *checklist.Definition, p demo.Assessment, at time.Time) (store.Bulk, error) {
	by := "Leitung " + p.Town.Name
	b := store.Bulk{Town: p.Town.AGS, Submitted: at, SubmittedBy: by}
	for i, q := range d.Questions() {
		answer, given := p.Answers[q.ID]
		comment := p.Comments[q.ID]
		if !given && comment == "" {
			continue
		}
		b.Entries = append(b.Entries, assessment.Entry{Question: q.ID, Given: given, Answer: answer, Comment: comment, Revision: 1, By: by,
			At: at.Add(-time.Duration(len(d.Questions())-i) * time.Minute)})
	}
	for _, l := range p.Evidence {
		b.Evidence = append(b.Evidence, assessment.Evidence{Question: l.Question, Link: l.Address, Title: l.Title, By: by, At: at})
	}
	if p.State != demo.Submitted {
		return b, nil
	}
	var err error
	b.Record, err = bench.NewRecord(d, p.Town.AGS, p.Town.Population, p.Answers).MarshalBinary()
	return b, err
}

func errNoDemo(dir string) error {
	return fault.New(fault.NotFound, "no_demo", "%s holds no demo", dir)
}

// list shows the sign-ins of a folder that this command has filled.
func (m *demoMaker) list() error {
	people, err := m.store.PeopleOfRegion(m.ctx, demoRegion)
	if err != nil {
		return err
	}
	names := map[region.AGS]string{}
	for _, t := range m.towns {
		names[t.AGS] = t.Name
	}
	for _, u := range people {
		if strings.HasSuffix(u.Email, demoDomain) {
			m.out.Users = append(m.out.Users, demoUser{u.Email, m.password, u.Role, u.Town, names[u.Town]})
		}
	}
	if len(m.out.Users) == 0 {
		return errNoDemo(m.command.Data)
	}
	admin := account.Actor{User: 1, Role: account.AgencyAdmin, Region: demoRegion}
	rounds, err := m.rounds.OfRegion(m.ctx, admin)
	if err != nil {
		return err
	}
	for _, r := range rounds {
		m.out.Rounds = append(m.out.Rounds, demoRound{r.ID, r.Checklist.ID, r.Checklist.Version, r.Status})
	}
	return m.print()
}

// print shows all users as JSON, or the ones worth trying as text: the agency, a town at work
// with its team, a town that has submitted.
func (m *demoMaker) print() error {
	if m.command.JSON {
		return m.printJSON(m.out)
	}
	var b strings.Builder
	b.WriteString("Demo sign-ins, all with the password " + m.password + "\n")
	shown := []region.AGS{"", m.towns[m.team()].AGS, m.towns[m.finished()].AGS}
	more := 0
	for _, u := range m.out.Users {
		if !slices.Contains(shown, u.AGS) {
			more++
			continue
		}
		fmt.Fprintf(&b, "  %-34s %-15s %s\n", u.Email, u.Role, u.town)
	}
	fmt.Fprintf(&b, "  and leitung-<AGS>%s for %d more towns\n", demoDomain, more)
	_, err := io.WriteString(m.stdout, b.String())
	return err
}
