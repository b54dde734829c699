package site

import (
	"log/slog"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"
)

// forwarded finds out where a request comes from. X-Forwarded-For is believed from the named
// proxies alone; with none of them, the peer's address counts. The header Forwarded is never read:
// a proxy that writes the one passes on the other as the client sent it.
type forwarded struct {
	trusted []netip.Prefix
	log     *slog.Logger
	now     func() time.Time
	said    *keyedLimit
}

func NewForwarded(trusted []netip.Prefix, log *slog.Logger, now func() time.Time) *forwarded {
	return &forwarded{trusted: trusted, log: log, now: now, said: NewKeyedLimit(time.Hour, 1, 100)}
}

// Extract is echo's IPExtractor.
func (f *forwarded) Extract(req *http.Request) string {
	peer, ok := hopAddress(req.RemoteAddr)
	if !ok {
		return echo.ExtractIPDirect()(req)
	}
	if !f.trusts(peer) {
		return peer.String()
	}
	hops := strings.Split(strings.Join(req.Header.Values(echo.HeaderXForwardedFor), ","), ",")
	client := peer
	for _, hop := range slices.Backward(hops) {
		hop = strings.TrimSpace(hop)
		if hop == "" {
			continue // an empty element of a list counts for nothing (RFC 9110, 5.6.1)
		}
		addr, ok := hopAddress(hop)
		if !ok {
			f.say(client,
				"a trusted proxy does not say where a request comes from: everybody behind it counts as one client",
				"entry", cut(hop, 60))
			break
		}
		if client = addr; !f.trusts(addr) {
			break
		}
	}
	if client == peer && req.Header.Get("Forwarded") != "" {
		f.say(client,
			"a trusted proxy sends Forwarded, which is not read, and no address in X-Forwarded-For: everybody behind "+
				"it counts as one client")
	}
	return client.String()
}

func (f *forwarded) trusts(addr netip.Addr) bool {
	return slices.ContainsFunc(f.trusted, func(p netip.Prefix) bool { return p.Contains(addr) })
}

// say warns of a proxy once an hour.
func (f *forwarded) say(proxy netip.Addr, what string, args ...any) {
	if f.said.Allow(proxy.String(), f.now()) {
		f.log.Warn(what, append([]any{"proxy", proxy.String()}, args...)...)
	}
}

// hopAddress reads what proxies write: an address, with a port or without, IPv6 in brackets or not.
func hopAddress(s string) (netip.Addr, bool) {
	s = strings.Trim(s, `"`)
	addr, err := netip.ParseAddr(strings.TrimSuffix(strings.TrimPrefix(s, "["), "]"))
	if err != nil {
		withPort, err := netip.ParseAddrPort(s)
		if err != nil {
			return netip.Addr{}, false
		}
		addr = withPort.Addr()
	}
	return addr.Unmap().WithZone(""), true
}

func cut(s string, most int) string {
	if len(s) > most {
		return strings.ToValidUTF8(s[:most], "") + "…"
	}
	return s
}
