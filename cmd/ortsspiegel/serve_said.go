package main

import (
	"context"
	"log/slog"
	"net"
	"net/netip"
	"strings"

	"ortsspiegel/pkg/web/site"
)

// sayHow logs in one line how the server runs, and warns of what is seldom meant.
func (c *serveCommand) sayHow(ctx context.Context, p *parts, public site.PublicURL, proxies []netip.Prefix,
	addr net.Addr, log *slog.Logger) {
	networks := make([]string, len(proxies))
	for i, n := range proxies {
		networks[i] = n.String()
	}
	mail := "none: pages show texts to copy"
	if c.SMTPURL != "" {
		mail = c.MailFrom
	}
	demo, err := hasDemo(ctx, p.accounts)
	if err != nil {
		log.Warn("cannot tell whether this is a demo", "error", err)
	}
	log.Info("serving", "version", version, "listening", addr.String(), "database", p.store.Place(), "public_address",
		public.String(),
		"trusted_proxies", strings.Join(networks, ","), "mail", mail, "demo", demo)
	if p.store.New() {
		log.Warn("a new, empty database was made; if it should hold something, this is the wrong folder or address",
			"database", p.store.Place())
	}
	if c.PublicURL == "" {
		log.Info("no --public-url: links lead to where the server listens, and the cookies are those of plain http",
			"links", public.String())
	}
	for _, n := range proxies {
		if n.Bits() < 8 {
			log.Warn(
				"--trusted-proxies names a large part of the internet: anybody there can claim to come from "+
					"anywhere, which undoes the limits of sign-ins",
				"network", n.String())
		}
	}
	if tcp, ok := addr.(*net.TCPAddr); ok && !tcp.IP.IsLoopback() && !public.Secure() {
		log.Warn(
			"others can reach this server and --public-url is not https: passwords and answers travel readable; let "+
				"a proxy end TLS",
			"listening", addr.String())
	}
}
