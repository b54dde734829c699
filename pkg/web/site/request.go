package site

import (
	"context"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/internal/plaintext"
)

// Request is one request on its way through the house: who asks, in which language, and the object its route is about.
type Request struct {
	echo.Context
	Srv    *Server
	Route  *Route
	Actor  account.Actor
	User   account.User // zero if nobody is signed in
	Text   *Messages
	object account.Object // what the policy was asked about
	About  any            // what the route is about, as its feature loaded and reads it; nil: nothing of its own
	Link   string         // names the link by which somebody without an account asks; empty: there is none

	leave func() // ends the turn of a costly route; nil: it has none
}

// handlerFunc serves one route. An error it returns becomes an error page; nothing else may be written then.
type handlerFunc func(r *Request) error

func (r *Request) Ctx() context.Context { return r.Request().Context() }

// Form parses the body of a post; too large a body is fault.TooLarge, a broken one fault.Invalid.
func (r *Request) Form() (url.Values, error) {
	req := r.Request()
	kind, _, _ := mime.ParseMediaType(req.Header.Get("Content-Type"))
	var err error
	switch {
	case kind == "multipart/form-data":
		err = req.ParseMultipartForm(1 << 20)
	case kind == "application/x-www-form-urlencoded", req.ContentLength == 0:
		err = req.ParseForm()
	default: // JSON, say: read as a form it says nothing, which would be stored as an answer taken back
		return nil, fault.New(fault.Invalid, "body_kind",
			"the fields of a form are expected (application/x-www-form-urlencoded), not %q", kind).
			With("Kind", kind)
	}
	if err != nil {
		return nil, bodyFault(err)
	}
	return req.PostForm, nil
}

func bodyFault(err error) error {
	if large := new(http.MaxBytesError); errors.As(err, &large) {
		return fault.New(fault.TooLarge, "body_large", "the request is larger than %d bytes",
			large.Limit).With("Limit", large.Limit).Because(err)
	}
	return fault.New(fault.Invalid, "body_broken", "the form could not be read").Because(err)
}

// Value returns a form's field of one line as it is kept.
func Value(form url.Values, name string) string { return plaintext.Line(form.Get(name)) }

// WantsJSON reports whether a program asks rather than a person.
func (r *Request) WantsJSON() bool { return wantsJSON(r.Request()) }

func wantsJSON(req *http.Request) bool {
	accept := req.Header.Get("Accept")
	return strings.Contains(accept, "application/json") && !strings.Contains(accept, "text/html")
}

// SeeOther answers a form with the page to show next (303, so that a reload does not send again).
func (r *Request) SeeOther(address string) error { return r.Redirect(http.StatusSeeOther, address) }

// Client says where the request came from, as far as it is kept: the last part of the network address is removed.
func (r *Request) Client() account.Client {
	return account.Client{Agent: r.Request().UserAgent(), Network: Shortened(r.RealIP())}
}

func Shortened(ip string) string {
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

// LocalPath returns p if it is an address on this host, else "/". Browsers read a backslash as a
// slash, so it is refused.
func LocalPath(p string) string {
	if !strings.HasPrefix(p, "/") || strings.HasPrefix(p, "//") || strings.ContainsAny(p, "\\\r\n\t") {
		return "/"
	}
	u, err := url.Parse(p)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil {
		return "/"
	}
	return p
}

func noFile() error {
	return fault.Fields([]fault.Field{{Name: "file", Code: "file_missing", Message: "no file was chosen"}})
}

// UploadedFile reads the one file of a form part by part, at most one byte more than most: nothing
// is written to a temporary folder.
func UploadedFile(r *Request, most int64) (name string, data []byte, err error) {
	if kind, _, _ := mime.ParseMediaType(r.Request().Header.Get("Content-Type")); kind != "multipart/form-data" {
		return "", nil, noFile()
	}
	parts, err := r.Request().MultipartReader()
	if err != nil {
		return "", nil, bodyFault(err)
	}
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return "", nil, noFile()
		}
		if err != nil {
			return "", nil, bodyFault(err)
		}
		if part.FormName() != "file" {
			continue
		}
		data, err := io.ReadAll(io.LimitReader(part, most+1))
		if err != nil {
			return "", nil, bodyFault(err)
		}
		if part.FileName() == "" && len(data) == 0 {
			return "", nil, noFile()
		}
		return part.FileName(), data, nil
	}
}

// Number reads an id from the address; anything but a positive number is -1, which nothing has.
func (r *Request) Number(param string) int64 {
	n, err := strconv.ParseInt(r.Param(param), 10, 64)
	if err != nil || n < 1 {
		return -1
	}
	return n
}
