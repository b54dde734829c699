package site

import (
	"net"
	"net/url"
	"strconv"
	"strings"

	"golang.org/x/net/idna"

	"ortsspiegel/pkg/fault"
)

// PublicURL is the address people reach an installation under: scheme, host and, if it is not
// the scheme's own, port. Every link that somebody gets is built from it and from nothing else.
type PublicURL struct{ origin string }

// ParsePublicURL reads an address such as https://ortsspiegel.example.org; a slash at its end is
// left out. Whatever else it holds is fault.Invalid: all pages live at fixed addresses, so that
// an address with a path can only be a mistake.
func ParsePublicURL(text string) (PublicURL, error) {
	wrong := func(what string) (PublicURL, error) {
		return PublicURL{}, fault.New(fault.Invalid, "public_url",
			"%q %s: an address such as https://ortsspiegel.example.org is expected", text, what)
	}
	u, err := url.Parse(strings.TrimSpace(text))
	switch {
	case err != nil:
		return wrong("is no address")
	case u.Scheme != "http" && u.Scheme != "https":
		return wrong("does not begin with https:// or http://")
	case u.Hostname() == "":
		return wrong("names no host")
	case u.Path != "" && u.Path != "/":
		return wrong("has a path (the program needs a host name of its own)")
	case u.User != nil || u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		return wrong("holds more than scheme, host and port")
	}
	host := strings.TrimSuffix(u.Hostname(), ".")
	if net.ParseIP(host) == nil {
		if host, err = hostNames.ToASCII(host); err != nil || host == "" {
			return wrong("has a host name that cannot be")
		}
	}
	port := u.Port()
	if n, err := strconv.Atoi(port); port != "" && (err != nil || n < 1 || n > 65535) {
		return wrong("has a port that cannot be (1 to 65535)")
	}
	if port == "" && strings.HasSuffix(u.Host, ":") {
		return wrong("names no port behind the colon")
	}
	if u.Scheme == "https" && port == "443" || u.Scheme == "http" && port == "80" {
		port = ""
	}
	switch {
	case port != "":
		host = net.JoinHostPort(host, port)
	case strings.Contains(host, ":"):
		host = "[" + host + "]"
	}
	return PublicURL{u.Scheme + "://" + host}, nil
}

var hostNames = idna.New(idna.MapForLookup(), idna.BidiRule(), idna.VerifyDNSLength(true))

// String returns the address without a slash at its end.
func (p PublicURL) String() string { return p.origin }

// Secure reports whether people come over TLS.
func (p PublicURL) Secure() bool { return strings.HasPrefix(p.origin, "https://") }

// Link returns the whole address of a page; path begins with a slash.
func (p PublicURL) Link(path string) string { return p.origin + path }
