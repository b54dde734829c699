package web

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

// route is one line of the route table: what it is called, who may use it, and on what.
type route struct {
	method, path, name string
	action             account.Action
	object             objectFunc // nil: the actor's own town or region
	handler            handlerFunc
	body               int64         // largest body in bytes; 0: 64 KiB
	timeout            time.Duration // 0: 20 seconds
	background         bool          // asked by a script on its own: does not keep a session alive
	cost               cost          // what it costs the server, and so whose turn it waits for
}

const (
	defaultBody    = 64 << 10
	defaultTimeout = 20 * time.Second
)

// objectFunc loads what a route is about, keeps it in the request, and returns what the policy needs to know of it.
// What does not exist is fault.NotFound.
type objectFunc func(s *server, r *request) (account.Object, error)

// guard is the one place where a route's policy is asked. Whatever does not exist and whatever is foreign answer alike.
func (s *server) guard(route *route) echo.HandlerFunc {
	return func(c echo.Context) error {
		r := &request{Context: c, srv: s, route: route}
		limit := route.timeout
		if limit == 0 {
			limit = defaultTimeout
		}
		ctx, cancel := context.WithTimeout(c.Request().Context(), limit)
		defer cancel()
		c.SetRequest(c.Request().WithContext(ctx))

		r.text = s.language(c.Request(), account.User{})
		if err := s.allow(r); err != nil {
			return s.fail(r, err)
		}
		if route.cost == costly {
			if err := r.takeTurn(); err != nil {
				return s.fail(r, err)
			}
		}
		defer r.endTurn()
		if err := route.handler(r); err != nil {
			return s.fail(r, err)
		}
		return nil
	}
}

// allow identifies the actor, loads the object, asks the policy and bounds the body.
func (s *server) allow(r *request) error {
	req := r.Request()
	if err := s.crossing.Check(req); err != nil {
		return fault.New(fault.Forbidden, "cross_site", "the request came from another site").Because(err)
	}
	if err := s.identify(r); err != nil {
		return err
	}
	if r.route.action != account.Public && !r.actor.SignedIn() {
		return fault.New(fault.Unauthenticated, "signed_out", "please sign in")
	}
	object := ownScope(r.actor)
	if r.route.object != nil {
		var err error
		object, err = r.route.object(s, r)
		if fault.Is(err, fault.NotFound) {
			return errNoPage.Because(err) // the store's own words could tell a missing object from a foreign one
		}
		if err != nil {
			return err
		}
	}
	r.object = object
	if !account.Can(r.actor, r.route.action, object) {
		if reachable(r.actor, object) {
			return fault.New(fault.Forbidden, "forbidden", "%s is not allowed", r.route.action)
		}
		return errNoPage
	}
	if req.Method != http.MethodGet && r.actor.SignedIn() && !s.saves.allow(strconv.FormatInt(int64(r.actor.User), 10), s.Now()) {
		return errSavesFast
	}
	limit := r.route.body
	if limit == 0 {
		limit = defaultBody
	}
	req.Body = http.MaxBytesReader(r.Response(), req.Body, limit)
	return nil
}

// errNoPage is the one answer to whatever does not exist and whatever is foreign.
var errNoPage = fault.New(fault.NotFound, "not_found", "there is no such page")

// ownScope is the object of routes that are about the actor's own town or region.
func ownScope(a account.Actor) account.Object {
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
