package main

import (
	"fmt"
	"strings"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/region"
)

type userCommand struct {
	Add  userAddCommand  `cmd:"" help:"Create a user and print a one-time link."`
	Link userLinkCommand `cmd:"" help:"Print a one-time link for a user: to sign in, or to set a new password."`
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
	public, err := c.address(a, p.store)
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
	Email    string `required:"" help:"The user's address."`
	Password bool   `help:"A link that sets a new password."`
	publicFlag
}

func (c *userLinkCommand) Run(a *app) error {
	p, err := a.existing(c.dataFlags)
	if err != nil {
		return err
	}
	defer p.store.Close()
	public, err := c.address(a, p.store)
	if err != nil {
		return err
	}
	u, err := p.store.UserByEmail(a.ctx, strings.ToLower(c.Email))
	if err != nil {
		return named("--email "+c.Email, err)
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
