package site

import (
	"context"
	"errors"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/fault"
)

// StatusOf is the one mapping from what a caller can do about an error to a status.
var StatusOf = map[fault.Kind]int{
	fault.Internal:        http.StatusInternalServerError,
	fault.NotFound:        http.StatusNotFound,
	fault.Unauthenticated: http.StatusUnauthorized,
	fault.Forbidden:       http.StatusForbidden,
	fault.Conflict:        http.StatusConflict,
	fault.Invalid:         http.StatusUnprocessableEntity,
	fault.TooLarge:        http.StatusRequestEntityTooLarge,
	fault.RateLimited:     http.StatusTooManyRequests,
	fault.Unavailable:     http.StatusServiceUnavailable,
}

// gone are the conflicts that no other try will end: 410.
var gone = []error{assessment.ErrLinkRevoked, assessment.ErrLinkReplaced, assessment.ErrLinkExpired}

type errorView struct {
	PageView
	Heading   string
	Message   string
	Fields    []string
	Reference string // only of errors that are ours
	Retry     bool
	Ask       string    // who can help
	SignIn    bool      // a used link: most people only open the old mail again
	Out       bool      // nobody is signed in
	Again     *sentForm // nil: there is nothing to send once more
}

// sentForm is a form that could not be taken: what was entered would be lost, for pages are loaded
// anew on the way back.
type sentForm struct {
	Action string
	Fields []FormField
}

// sentAgain are the errors after which the same form may be sent once more.
var sentAgain = map[fault.Kind]bool{fault.Unauthenticated: true, fault.Unavailable: true, fault.Internal: true,
	fault.RateLimited: true}

// sentForm returns the form of the request as the page can send it again; nil if it holds a password, or a file.
func (r *Request) sentForm() *sentForm {
	kind, _, _ := mime.ParseMediaType(r.Request().Header.Get("Content-Type"))
	if r.Request().Method != http.MethodPost || kind != "application/x-www-form-urlencoded" {
		return nil
	}
	form, err := r.Form()
	if err != nil || len(form) == 0 {
		return nil
	}
	sent := &sentForm{Action: r.Request().URL.RequestURI()}
	for name, values := range form {
		if strings.Contains(name, "password") {
			return nil
		}
		for _, v := range values {
			sent.Fields = append(sent.Fields, FormField{name, v})
		}
	}
	slices.SortStableFunc(sent.Fields, func(a, b FormField) int { return strings.Compare(a.Name, b.Name) })
	return sent
}

// errorAnswer is what a program gets.
type errorAnswer struct {
	Error     string            `json:"error"`
	Message   string            `json:"message"`
	Fields    map[string]string `json:"fields,omitempty"`
	Reference string            `json:"reference,omitempty"`
}

// fail answers an error, once: pages for people, JSON for programs, the login for those who only need to sign in.
func (s *Server) fail(r *Request, err error) error {
	if r.Response().Committed {
		s.Logger.Error("answer broken off", "id", RequestID(r), "error", err)
		return nil
	}
	e := fault.As(err)
	if e == nil {
		e = plainFault(err)
	}
	status := StatusOf[e.Kind]
	if slices.ContainsFunc(gone, func(g error) bool { return errors.Is(err, g) }) {
		status = http.StatusGone
	}
	if e == errNoMethod {
		status = http.StatusMethodNotAllowed
		r.Response().Header().Set(echo.HeaderAllow, allowed(r))
	}
	if e.Kind == fault.Unauthenticated && r.Request().Method == http.MethodGet && !r.WantsJSON() {
		return r.SeeOther(loginAddress(r.Request()))
	}
	reference := ""
	if e.Kind == fault.Internal || e.Kind == fault.Unavailable {
		reference = RequestID(r)
		s.Logger.Error("request failed", "id", reference, "route", r.Path(), "user", int64(r.Actor.User), "error", err)
	}
	if e.Kind == fault.RateLimited || e.Kind == fault.Unavailable {
		r.Response().Header().Set("Retry-After", strconv.Itoa(int(time.Minute/time.Second)))
	}
	if r.WantsJSON() {
		return r.JSON(status, s.errorAnswer(r, e, reference))
	}
	title := "error.title_" + strconv.Itoa(status)
	if e.Code != "" && r.Text.Has("error.title_"+e.Code) {
		title = "error.title_" + e.Code
	}
	view := errorView{PageView: r.Page(r.Text.Text(title)), Message: r.Text.Fault(e), Reference: reference,
		Retry: e.Kind == fault.Unavailable || e.Kind == fault.Internal}
	view.Heading = view.Title
	view.SignIn, view.Out = errors.Is(err, account.ErrNoLink), e.Kind == fault.Unauthenticated
	if sentAgain[e.Kind] {
		view.Again = r.sentForm()
	}
	view.Ask, _ = e.Args["Lead"].(string)
	for _, f := range e.Fields {
		view.Fields = append(view.Fields, r.Text.Field(f))
	}
	return r.Render(status, "error", view)
}

func (s *Server) errorAnswer(r *Request, e *fault.Error, reference string) errorAnswer {
	code := e.Code
	if code == "" {
		code = e.Kind.String()
	}
	answer := errorAnswer{Error: code, Message: r.Text.Fault(e), Reference: reference}
	for _, f := range e.Fields {
		if answer.Fields == nil {
			answer.Fields = map[string]string{}
		}
		answer.Fields[f.Name] = r.Text.Field(f)
	}
	return answer
}

// errNoMethod is the answer to a method that an address does not have, whatever it is about.
var errNoMethod = fault.New(fault.NotFound, "method_not_allowed", "this address does not take this method")

// plainFault gives a kind to errors that are not ours: a time-out is the database not answering,
// the router's own are 404 and 405.
func plainFault(err error) *fault.Error {
	var routing *echo.HTTPError
	switch {
	case errors.As(err, &routing) && routing.Code == http.StatusNotFound:
		return ErrNoPage
	case errors.As(err, &routing) && routing.Code == http.StatusMethodNotAllowed:
		return errNoMethod
	case errors.Is(err, context.DeadlineExceeded):
		return fault.New(fault.Unavailable, "", "the answer took too long").Because(err)
	}
	return fault.New(fault.Internal, "", "").Because(err)
}

// EchoError answers what never reached a route: unknown addresses, wrong methods, panics.
func (s *Server) EchoError(err error, c echo.Context) {
	r := &Request{Context: c, Srv: s, Route: &Route{Action: account.Public},
		Text: s.language(c.Request(), account.User{})}
	var routing *echo.HTTPError
	if errors.As(err, &routing) {
		// The page of a signed-in person keeps its frame; if the store does not answer, the frame
		// is not worth an error.
		_ = s.identify(r)
	}
	if err := s.fail(r, err); err != nil {
		s.Logger.Error("no error page", "id", RequestID(r), "error", err)
	}
}

func RequestID(r *Request) string { return r.Response().Header().Get(echo.HeaderXRequestID) }

// FormField is a hidden field: what the file said is sent along, since nothing is stored before the decision.
type FormField struct{ Name, Value string }
