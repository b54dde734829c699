package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/web/site"
)

// publicFlag says under which address people reach the server, where a command prints links.
type publicFlag struct {
	PublicURL string `placeholder:"URL" help:"How people reach the server; if not given, the address of the server that ran last."`
}

// unreached is what links begin with while no server has run yet: what serve listens on by default.
const unreached = "http://127.0.0.1:8080"

// address is the flag's or the remembered one. Without either it says that it is a guess.
func (f publicFlag) address(a *app, p *parts) (site.PublicURL, error) {
	if f.PublicURL != "" {
		return publicURL(f.PublicURL)
	}
	known, err := p.accounts.Setting(a.ctx, account.PublicAddress)
	if err != nil {
		return site.PublicURL{}, err
	}
	if known == "" {
		fmt.Fprintf(a.stderr,
			"ortsspiegel: no server has run on this data yet, so the link begins with %s: --public-url says how "+
				"people reach it\n", unreached)
		known = unreached
	}
	return site.ParsePublicURL(known)
}

func publicURL(flag string) (site.PublicURL, error) {
	u, err := site.ParsePublicURL(flag)
	if err != nil {
		err = fmt.Errorf("%w: --public-url: %w", errUsage, err)
	}
	return u, err
}

func (a *app) printLink(public site.PublicURL, token string) error {
	_, err := fmt.Fprintln(a.stdout, public.Link("/link/"+token))
	return err
}

// listeningURL is how people reach a server that was told nothing else: where it listens, or, if
// that is every address of the machine, the machine itself.
func listeningURL(addr net.Addr) (site.PublicURL, error) {
	host, port, err := net.SplitHostPort(addr.String())
	if err != nil {
		return site.PublicURL{}, err
	}
	if ip, err := netip.ParseAddr(host); err == nil && ip.IsUnspecified() {
		host = "localhost"
	}
	return site.ParsePublicURL("http://" + net.JoinHostPort(host, port))
}

// remember keeps the public address for commands that print links; a database that only can be
// read keeps the one it knows.
func remember(ctx context.Context, p *parts, public site.PublicURL) error {
	if p.store.ReadOnly() {
		return nil
	}
	if err := p.accounts.Remember(ctx, account.PublicAddress, public.String()); err != nil {
		return errors.Join(errors.New("remember the public address"), err)
	}
	return nil
}
