package web

import (
	"context"
	"errors"
	"mime"
	"net/http"
	"net/netip"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/internal/plaintext"
	"ortsspiegel/pkg/round"
)

// request is one request on its way through the house: who asks, in which language, and the object its route is about.
type request struct {
	echo.Context
	srv    *server
	route  *route
	actor  account.Actor
	user   account.User // zero if nobody is signed in
	text   *messages
	object account.Object  // what the policy was asked about
	person account.User    // of /people/:person
	head   assessment.Head // of /assessments/:assessment
	round  round.Round     // of /rounds/:round

	delegation *assessment.Delegation // of /d/:token; nil elsewhere

	leave func() // ends the turn of a costly route; nil: it has none
}

// handlerFunc serves one route. An error it returns becomes an error page; nothing else may be written then.
type handlerFunc func(r *request) error

func (r *request) ctx() context.Context { return r.Request().Context() }

// form parses the body of a post; too large a body is fault.TooLarge, a broken one fault.Invalid.
func (r *request) form() (url.Values, error) {
	req := r.Request()
	kind, _, _ := mime.ParseMediaType(req.Header.Get("Content-Type"))
	var err error
	switch {
	case kind == "multipart/form-data":
		err = req.ParseMultipartForm(1 << 20)
	case kind == "application/x-www-form-urlencoded", req.ContentLength == 0:
		err = req.ParseForm()
	default: // JSON, say: read as a form it says nothing, which would be stored as an answer taken back
		return nil, fault.New(fault.Invalid, "body_kind", "the fields of a form are expected (application/x-www-form-urlencoded), not %q", kind).
			With("Kind", kind)
	}
	if err != nil {
		return nil, bodyFault(err)
	}
	return req.PostForm, nil
}

func bodyFault(err error) error {
	if large := new(http.MaxBytesError); errors.As(err, &large) {
		return fault.New(fault.TooLarge, "body_large", "the request is larger than %d bytes", large.Limit).With("Limit", large.Limit).Because(err)
	}
	return fault.New(fault.Invalid, "body_broken", "the form could not be read").Because(err)
}

// value returns a form's field of one line as it is kept.
func value(form url.Values, name string) string { return plaintext.Line(form.Get(name)) }

// wantsJSON reports whether a program asks rather than a person.
func (r *request) wantsJSON() bool { return wantsJSON(r.Request()) }

func wantsJSON(req *http.Request) bool {
	accept := req.Header.Get("Accept")
	return strings.Contains(accept, "application/json") && !strings.Contains(accept, "text/html")
}

// redirect answers a form with the page to show next (303, so that a reload does not send again).
func (r *request) redirect(address string) error { return r.Redirect(http.StatusSeeOther, address) }

// client says where the request came from, as far as it is kept: the last part of the network address is removed.
func (r *request) client() account.Client {
	return account.Client{Agent: r.Request().UserAgent(), Network: shortened(r.RealIP())}
}

func shortened(ip string) string {
	addr, err := netip.ParseAddr(ip)
	if err != nil {
		return ""
	}
	bits := 24
	if addr = addr.Unmap(); addr.Is6() {
		bits = 48
	}
	prefix, err := addr.Prefix(bits)
	if err != nil {
		return ""
	}
	return prefix.String()
}

// localPath returns p if it is an address on this host, else "/". Browsers read a backslash as a slash, so it is refused.
func localPath(p string) string {
	if !strings.HasPrefix(p, "/") || strings.HasPrefix(p, "//") || strings.ContainsAny(p, "\\\r\n\t") {
		return "/"
	}
	u, err := url.Parse(p)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil {
		return "/"
	}
	return p
}
