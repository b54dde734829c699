package site

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/region"
)

// Route is one line of the route table: what it is called, who may use it, and on what.
type Route struct {
	Method, Path, Name string
	Action             account.Action
	Object             objectFunc // nil: the actor's own town or region
	Handler            handlerFunc
	Body               int64         // largest body in bytes; 0: 64 KiB
	Timeout            time.Duration // 0: 20 seconds
	Background         bool          // asked by a script on its own: does not keep a session alive
	Cost               Cost          // what it costs the server, and so whose turn it waits for
}

const (
	DefaultBody    = 64 << 10
	defaultTimeout = 20 * time.Second
)

// objectFunc loads what a route is about, keeps it in the request, and returns what the policy needs to know of it.
// What does not exist is fault.NotFound.
type objectFunc func(r *Request) (account.Object, error)

// Guard is the one place where a route's policy is asked. Whatever does not exist and whatever is foreign answer alike.
func (s *Server) Guard(route *Route) echo.HandlerFunc {
	return func(c echo.Context) error {
		r := &Request{Context: c, Srv: s, Route: route}
		limit := route.Timeout
		if limit == 0 {
			limit = defaultTimeout
		}
		ctx, cancel := context.WithTimeout(c.Request().Context(), limit)
		defer cancel()
		c.SetRequest(c.Request().WithContext(ctx))

		r.Text = s.language(c.Request(), account.User{})
		if err := s.allow(r); err != nil {
			return s.fail(r, err)
		}
		if route.Cost == Costly {
			if err := r.TakeTurn(); err != nil {
				return s.fail(r, err)
			}
		}
		defer r.EndTurn()
		if err := route.Handler(r); err != nil {
			return s.fail(r, err)
		}
		return nil
	}
}

// allow identifies the actor, loads the object, asks the policy and bounds the body.
func (s *Server) allow(r *Request) error {
	req := r.Request()
	if err := s.crossing.Check(req); err != nil {
		return fault.New(fault.Forbidden, "cross_site", "the request came from another site").Because(err)
	}
	if err := s.identify(r); err != nil {
		return err
	}
	if r.Route.Action != account.Public && !r.Actor.SignedIn() {
		return fault.New(fault.Unauthenticated, "signed_out", "please sign in")
	}
	object := OwnScope(r.Actor)
	if r.Route.Object != nil {
		var err error
		object, err = r.Route.Object(r)
		if fault.Is(err, fault.NotFound) {
			return ErrNoPage.Because(err) // the store's own words could tell a missing object from a foreign one
		}
		if err != nil {
			return err
		}
	}
	r.object = object
	if !account.Can(r.Actor, r.Route.Action, object) {
		if reachable(r.Actor, object) {
			return fault.New(fault.Forbidden, "forbidden", "%s is not allowed", r.Route.Action)
		}
		return ErrNoPage
	}
	if req.Method != http.MethodGet && r.Actor.SignedIn() && !s.saves.Allow(strconv.FormatInt(int64(r.Actor.User), 10),
		s.Now()) {
		return errSavesFast
	}
	limit := r.Route.Body
	if limit == 0 {
		limit = DefaultBody
	}
	req.Body = http.MaxBytesReader(r.Response(), req.Body, limit)
	return nil
}

// ErrNoPage is the one answer to whatever does not exist and whatever is foreign.
var ErrNoPage = fault.New(fault.NotFound, "not_found", "there is no such page")

// OwnScope is the object of routes that are about the actor's own town or region.
func OwnScope(a account.Actor) account.Object {
	o := account.Object{Town: a.Town, User: a.User}
	if a.Region != "" {
		o.Regions = []region.ID{a.Region}
	}
	return o
}

// reachable reports whether the actor may know that the object exists: then a refusal is 403, else 404.
func reachable(a account.Actor, o account.Object) bool {
	return a.Town != "" && a.Town == o.Town || a.Region != "" && slices.Contains(o.Regions, a.Region)
}

// loginAddress is where somebody who has not signed in is sent; afterwards it goes on to the page asked for.
func loginAddress(req *http.Request) string {
	if req.Method != http.MethodGet || req.URL.Path == "/" {
		return "/login"
	}
	return "/login?next=" + url.QueryEscape(req.URL.RequestURI())
}
