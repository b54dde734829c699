package main

import (
	"fmt"
	"net"
	"net/netip"
	"path/filepath"

	"ortsspiegel/pkg/catalog"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/web/checklists"
)

// drafts are the files of a folder of checklists for the pages of serve --preview.
type drafts struct{ folder string }

func (d drafts) Drafts() ([]checklists.Draft, error) {
	list, err := catalog.Drafts(d.folder)
	if err != nil {
		return nil, err
	}
	all := make([]checklists.Draft, len(list))
	for i, one := range list {
		all[i] = d.page(one)
	}
	return all, nil
}

func (d drafts) Draft(ref checklist.Ref) (checklists.Draft, error) {
	one, err := catalog.ReadDraft(d.folder, ref)
	return d.page(one), err
}

func (d drafts) page(one catalog.Draft) checklists.Draft {
	file := filepath.Join(d.folder, filepath.FromSlash(one.File))
	page := checklists.Draft{Name: one.File, File: file, Ref: one.Ref, Published: one.Published,
		Definition: one.Definition}
	for _, p := range one.Problems {
		place := fmt.Sprintf("%d:%d", p.Line, p.Column)
		if p.File != file {
			place = p.File + ":" + place
		}
		page.Problems = append(page.Problems, checklists.DraftProblem{Place: place, Severity: p.Severity,
			Message: p.Message})
	}
	return page
}

// mayPreview refuses --preview where somebody else could come by: what is not published is for
// those at this machine alone.
func (c *serveCommand) mayPreview() error {
	if err := c.atHome("--preview shows what is not published"); err != nil {
		return err
	}
	return isFolder(c.Preview)
}

// atHome refuses what only those at this machine may use where somebody else could come by.
func (c *serveCommand) atHome(what string) error {
	host, _, err := net.SplitHostPort(c.Addr)
	addr, parseErr := netip.ParseAddr(host)
	if err != nil || host != "localhost" && (parseErr != nil || !addr.IsLoopback()) {
		return fmt.Errorf("%w: %s, and needs an --addr of this machine alone such as 127.0.0.1:8080", errUsage, what)
	}
	if c.PublicURL != "" || len(c.TrustedProxies) > 0 {
		return fmt.Errorf("%w: %s, and goes together with neither --public-url nor --trusted-proxies", errUsage, what)
	}
	return nil
}
