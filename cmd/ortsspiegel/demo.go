package main

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"io"
	"strings"
	"time"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/bench/disclosure"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/demo"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/gazetteer"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/round"
)

type demoCommand struct {
	dataFlags
	Participants int    `default:"38" placeholder:"N" help:"Submitted assessments of the open round, up to 59."`
	Seed         *int64 `placeholder:"N" help:"The same seed makes up the same answers and the same password; without it the password is a new one."`
	JSON         bool   `help:"Print users and rounds as JSON."`
	List         bool   `help:"Create nothing; print the sign-ins of a folder that was filled before."`
}

// demoRegion is the region of the demonstration; demoDomain is reserved for examples.
const (
	demoRegion = region.ID("suedwestfalen")
	demoDomain = "@demo.example"
	demoAgency = "agentur"
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
		return errNoDemo(c.place())
	}
	p, err := a.open(c.dataFlags, "", disclosure.DefaultRules(), nil, false)
	if err != nil {
		return err
	}
	defer p.store.Close()
	maker := &demoMaker{app: a, parts: p, command: c, towns: towns}
	if err := maker.plan(); err != nil {
		return err
	}
	if c.List {
		if maker.password, err = p.accounts.Setting(a.ctx, account.DemoPassword); err != nil {
			return err
		}
		if maker.password == "" {
			maker.password = seededPassword(c.seed()) // a demo of an older program
		}
		return maker.list()
	}
	if regions, err := p.territory.Regions(a.ctx); err != nil {
		return err
	} else if len(regions) > 0 {
		return fault.New(fault.Conflict, "data_not_empty",
			"%s: there are regions already; the demo needs an empty data folder or database", c.place())
	}
	maker.password = newPassword()
	if c.Seed != nil {
		maker.password = seededPassword(*c.Seed)
	}
	if err := p.accounts.Remember(a.ctx, account.DemoPassword, maker.password); err != nil {
		return err
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

	plans []demoPlan // the oldest first; the last one is open, the others are closed and published
}

// seed is what the answers are made up from.
func (c *demoCommand) seed() int64 {
	if c.Seed == nil {
		return 1
	}
	return *c.Seed
}

// newPassword is another one each time; it protects made-up data alone, and is kept readable, so
// that --list can show it again.
func newPassword() string { return inGroups(rand.Text()) }

// seededPassword is the same for the same seed.
func seededPassword(seed int64) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "ortsspiegel demo %d", seed))
	return inGroups(base32.StdEncoding.EncodeToString(sum[:]))
}

func inGroups(letters string) string {
	s := strings.ToLower(letters)
	return s[:5] + "-" + s[5:10] + "-" + s[10:15]
}

// hasDemo reports whether the data is the demonstration.
func hasDemo(ctx context.Context, s *account.Service) (bool, error) {
	_, err := s.AnyByEmail(ctx, demoAgency+demoDomain)
	if fault.Is(err, fault.NotFound) {
		return false, nil
	}
	return err == nil, err
}

func (m *demoMaker) fill(source string) error {
	r := region.Region{ID: demoRegion, Name: "Südwestfalen", Agency: "Demo-Agentur", Source: source}
	if _, err := m.territory.Import(m.ctx, operator, r, m.towns); err != nil {
		return err
	}
	outlines, err := gazetteer.SuedwestfalenOutlines()
	if err != nil {
		return err
	}
	if err := m.territory.SaveOutlines(m.ctx, operator, demoRegion, outlines); err != nil {
		return err
	}
	if err := m.users(); err != nil {
		return err
	}
	// The oldest round is made first, so that it has the lowest number and is listed last.
	for i := range m.plans {
		if err := m.round(i); err != nil {
			return err
		}
	}
	return nil
}

// users creates the agency's people, a lead for every town, and a whole team for the first town
// that is at work. All were invited before the first round, and have signed in when they did something last. One hash
// serves all: 60 passwords would take as many slow hashes.
func (m *demoMaker) users() error {
	hash, invited := account.HashPassword(m.password), m.plans[0].opens.AddDate(0, 0, -21).UTC()
	add := func(u account.User, town string) (account.UserID, error) {
		u.PasswordHash, u.Language, u.Created = hash, "de", invited
		u.Email += demoDomain
		id, err := m.accounts.Enrol(m.ctx, u)
		m.out.Users = append(m.out.Users, demoUser{u.Email, m.password, u.Role, u.Town, town})
		return id, err
	}
	ago := func(hours int) time.Time { return m.now().Add(-time.Duration(hours) * time.Hour).UTC() }
	admin := account.User{Email: demoAgency, Name: "Aylin Demir", Role: account.AgencyAdmin, Region: demoRegion,
		LastSignIn: ago(20)}
	id, err := add(admin, "")
	if err != nil {
		return err
	}
	admin.ID = id
	m.admin = account.ActorOf(admin, 0)
	analyst := account.User{Email: "analyse", Name: "Anton Rademacher", Role: account.AgencyAnalyst, Region: demoRegion,
		LastSignIn: ago(6 * 24)}
	if _, err := add(analyst, ""); err != nil {
		return err
	}
	team := m.team()
	for i, t := range m.towns {
		mail := "leitung-" + string(t.AGS)
		lead := account.User{Email: mail, Name: leadName(t.AGS), Role: account.TownLead, Town: t.AGS,
			LastSignIn: m.signedIn(i)}
		if _, err := add(lead, t.Name); err != nil {
			return err
		}
		if i != team {
			continue
		}
		for _, u := range []account.User{{Email: "kollegin-", Name: "Katrin Vogt", Role: account.TownEditor,
			LastSignIn: ago(44)},
			{Email: "gast-", Name: "Georg Pieper", Role: account.TownViewer, LastSignIn: ago(9 * 24)}} {
			u.Email += string(t.AGS)
			u.Town = t.AGS
			if _, err := add(u, t.Name); err != nil {
				return err
			}
		}
	}
	return nil
}

func errNoDemo(dir string) error {
	return fault.New(fault.NotFound, "no_demo", "%s holds no demo", dir)
}

// list shows the sign-ins of a folder that this command has filled.
func (m *demoMaker) list() error {
	people, err := m.accounts.AllOfRegion(m.ctx, demoRegion)
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
		return errNoDemo(m.command.place())
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
// with its team, one that has not begun, one that has submitted.
func (m *demoMaker) print() error {
	if m.command.JSON {
		return m.printJSON(m.out)
	}
	does := map[region.AGS]string{}
	for _, i := range m.shown() {
		a := m.latest()[i]
		does[a.Town.AGS] = m.describe(a)
	}
	var b strings.Builder
	b.WriteString("Demo sign-ins, all with the password " + m.password + "\n")
	more := 0
	for _, u := range m.out.Users {
		what, worthTrying := does[u.AGS]
		if u.AGS != "" && !worthTrying {
			more++
			continue
		}
		line := fmt.Sprintf("  %-34s %-15s %s", u.Email, u.Role, u.town)
		if u.Role == account.TownLead {
			line += ": " + what
		}
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	fmt.Fprintf(&b, "  and leitung-<AGS>%s for %d more towns\n", demoDomain, more)
	_, err := io.WriteString(m.stdout, b.String())
	return err
}

// describe says how far a town has come in the open round.
func (m *demoMaker) describe(a demo.Assessment) string {
	before := ""
	if a.From > 0 {
		before = fmt.Sprintf("%q", m.plans[a.From-1].title)
	}
	switch {
	case a.State == demo.Submitted:
		return "has submitted"
	case a.State == demo.Draft && before != "":
		return "has begun, with open proposals from " + before
	case a.State == demo.Draft:
		return "has begun"
	case before != "":
		return "has not begun; what it answered in " + before + " is proposed"
	}
	return "has not begun"
}
