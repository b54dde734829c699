package main

import (
	"fmt"

	"ortsspiegel/pkg/store"
)

type backupCommand struct {
	dataFlags
	Out string `required:"" placeholder:"FILE" help:"The file to write; it must not exist."`
}

func (c *backupCommand) Run(a *app) error {
	p, err := a.existing(c.dataFlags)
	if err != nil {
		return err
	}
	defer p.store.Close()
	if err := p.store.Backup(a.ctx, c.Out); err != nil {
		return err
	}
	_, err = fmt.Fprintf(a.stdout, "backup written to %s\n", c.Out)
	return err
}

type restoreCommand struct {
	Data string `required:"" placeholder:"DIR" help:"The data folder; no server may use it."`
	In   string `required:"" aliases:"from" placeholder:"FILE" help:"The backup."`
}

func (c *restoreCommand) Run(a *app) error {
	kept, err := store.Restore(a.ctx, c.Data, c.In)
	if err != nil {
		return err
	}
	out := "restored from " + c.In + "\n"
	if kept != "" {
		out += "the database that was there is kept as " + kept + "\n"
	}
	_, err = fmt.Fprint(a.stdout, out)
	return err
}

type migrateCommand struct{ dataFlags }

func (c *migrateCommand) Run(a *app) error {
	p, err := a.existing(c.dataFlags)
	if err != nil {
		return err
	}
	defer p.store.Close()
	m := p.store.Migration()
	out := "the database is up to date\n"
	if m.From != m.To {
		out = fmt.Sprintf("the database was migrated from schema %d to %d\n", m.From, m.To)
	}
	if m.Copy != "" {
		out += "the database as it was is kept as " + m.Copy + "\n"
	}
	for _, note := range m.Notes {
		out += note + "\n"
	}
	if len(m.Notes) > 0 {
		out += "bring each person to one account: user link --id N lets somebody in whose address is taken, user " +
			"forget --id N makes an account unknown\n"
	}
	_, err = fmt.Fprint(a.stdout, out)
	return err
}
