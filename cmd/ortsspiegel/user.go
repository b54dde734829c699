package main

import (
	"fmt"
	"text/tabwriter"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/region"
)

type userCommand struct {
	Add  userAddCommand  `cmd:"" help:"Create a user and print a one-time link."`
	Link userLinkCommand `cmd:"" help:"Print a one-time link for a user: to sign in, or to set a new password."`
	List userListCommand `cmd:"" help:"List all users."`

	Forget userForgetCommand `cmd:"" help:"Make a user unknown: name, address, password and sessions go, answers and log stay. It cannot be undone."`
}

type userAddCommand struct {
	dataFlags
	Email  string `required:"" help:"The address to sign in with."`
	Role   string `required:"" enum:"agency-admin,agency-analyst,town-lead,town-editor,town-viewer" help:"${enum}"`
	Name   string `help:"The person's name; the invitation asks for it otherwise."`
	Ags    string `name:"ags" placeholder:"AGS" help:"The municipality of a town role."`
	Region string `placeholder:"ID" help:"The region of an agency role."`
	publicFlag
}

func (c *userAddCommand) Run(a *app) error {
	in := account.Invitation{Email: c.Email, Name: c.Name, Role: account.Role(c.Role)}
	switch {
	case in.Role.ForTown() && (c.Ags == "" || c.Region != ""):
		return fmt.Errorf("%w: the role %s needs --ags and no --region", errUsage, c.Role)
	case in.Role.ForAgency() && (c.Region == "" || c.Ags != ""):
		return fmt.Errorf("%w: the role %s needs --region and no --ags", errUsage, c.Role)
	}
	p, err := a.existing(c.dataFlags)
	if err != nil {
		return err
	}
	defer p.store.Close()
	public, err := c.address(a, p)
	if err != nil {
		return err
	}
	if in.Role.ForTown() {
		ags, err := region.ParseAGS(c.Ags)
		if err != nil {
			return err
		}
		town, err := p.territory.Town(a.ctx, ags)
		if err != nil {
			return named("--ags "+c.Ags, err)
		}
		in.Town = town.AGS
	} else {
		r, err := p.territory.Region(a.ctx, region.ID(c.Region))
		if err != nil {
			return named("--region "+c.Region, err)
		}
		in.Region = r.ID
	}
	token, err := p.accounts.Add(a.ctx, in)
	if err != nil {
		return err
	}
	return a.printLink(public, token)
}

type userLinkCommand struct {
	dataFlags
	Email    string `help:"The user's address."`
	ID       int64  `name:"id" placeholder:"N" help:"The user's number instead of the address, as user list shows it."`
	Password bool   `help:"A link that sets a new password."`
	publicFlag
}

// who finds the user that an address or a number names.
func (p *parts) who(a *app, email string, id int64) (account.User, error) {
	switch {
	case (email == "") == (id == 0):
		return account.User{}, fmt.Errorf("%w: either --email or --id is expected", errUsage)
	case id != 0:
		u, err := p.accounts.AnyByID(a.ctx, account.UserID(id))
		if fault.Is(err, fault.NotFound) {
			err = fault.New(fault.NotFound, "person_unknown", "--id %d: there is no such user", id)
		}
		return u, err
	}
	u, err := p.accounts.AnyByEmail(a.ctx, email)
	if fault.Is(err, fault.NotFound) {
		err = fault.New(fault.NotFound, "person_unknown", "--email %s: nobody has this address", email)
	}
	return u, err
}

func (c *userLinkCommand) Run(a *app) error {
	p, err := a.existing(c.dataFlags)
	if err != nil {
		return err
	}
	defer p.store.Close()
	public, err := c.address(a, p)
	if err != nil {
		return err
	}
	u, err := p.who(a, c.Email, c.ID)
	if err != nil {
		return err
	}
	link := p.accounts.SignInLink
	if c.Password {
		link = p.accounts.PasswordLink
	}
	token, err := link(a.ctx, u.ID)
	if err != nil {
		return err
	}
	return a.printLink(public, token)
}

type userForgetCommand struct {
	dataFlags
	Email string `help:"The user's address."`
	ID    int64  `name:"id" placeholder:"N" help:"The user's number instead of the address, as user list shows it."`
}

func (c *userForgetCommand) Run(a *app) error {
	p, err := a.existing(c.dataFlags)
	if err != nil {
		return err
	}
	defer p.store.Close()
	u, err := p.who(a, c.Email, c.ID)
	if err != nil {
		return err
	}
	if err := p.accounts.ForgetAny(a.ctx, u); err != nil {
		return err
	}
	_, err = fmt.Fprintf(a.stdout, "account %d is unknown now and called %q wherever its name stood\n", u.ID,
		account.ForgottenName(u.ID))
	return err
}

type userListCommand struct {
	dataFlags
	Doubtful bool `help:"Only accounts whose address another account has too: they cannot sign in with it."`
}

func (c *userListCommand) Run(a *app) error {
	p, err := a.existing(c.dataFlags)
	if err != nil {
		return err
	}
	defer p.store.Close()
	people, err := p.accounts.Everybody(a.ctx)
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(a.stdout, 0, 4, 2, ' ', 0)
	fmt.Fprintln(w, "id\taddress\tname\trole\tplace\tlast sign-in\tstate")
	for _, u := range people {
		doubtful := u.Forgotten.IsZero() &&
			(account.NormalEmail(u.Email) != u.Email || !account.PlausibleEmail(u.Email))
		if c.Doubtful && !doubtful {
			continue
		}
		state, last := "", "never"
		switch {
		case !u.Forgotten.IsZero():
			state = "made unknown"
		case doubtful:
			state = "address taken"
		case u.Disabled:
			state = "locked out"
		case u.PasswordHash == "":
			state = "invited"
		}
		if !u.LastSignIn.IsZero() {
			last = u.LastSignIn.Format("2006-01-02")
		}
		fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%s%s\t%s\t%s\n", u.ID, account.ShownEmail(u.Email), u.Name, u.Role, u.Town,
			u.Region, last, state)
	}
	return w.Flush()
}
