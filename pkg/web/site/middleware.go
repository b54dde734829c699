package site

import (
	"crypto/rand"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"
)

// policyHeader allows our own files and nothing else; data: images are KERN's icons.
const policyHeader = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src " +
	"'self'; connect-src 'self'; " +
	"form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'"

// SecureHeaders stands outside of everything, so that errors and unknown addresses carry them too.
func (s *Server) SecureHeaders(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policyHeader)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
		h.Set("Cache-Control", "no-store")
		if s.PublicURL.Secure() {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		next.ServeHTTP(w, r)
	})
}

// HeadAsGet answers HEAD as GET without the body, so that every page has it.
func HeadAsGet(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodHead {
			next.ServeHTTP(w, r)
			return
		}
		get := r.Clone(r.Context())
		get.Method = http.MethodGet
		next.ServeHTTP(bodiless{w}, get)
	})
}

type bodiless struct{ http.ResponseWriter }

func (b bodiless) Write(p []byte) (int, error) { return len(p), nil }

// Measure gives every request an id and writes one log line: the route's pattern, never the
// address, which may hold a token.
func (s *Server) Measure(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		start := s.Now()
		id := rand.Text()[:12]
		c.Response().Header().Set(echo.HeaderXRequestID, id)
		err := next(c)
		if err != nil {
			c.Error(err)
		}
		user, _ := c.Get(keyUser).(int64)
		level := slog.LevelInfo
		if c.Path() == AssetPrefix+"*" {
			level = slog.LevelDebug // eight lines a page that say nothing
		}
		s.Logger.Log(c.Request().Context(), level, "request", "id", id, "method", c.Request().Method, "route",
			c.Path(), "status", c.Response().Status,
			"bytes", c.Response().Size, "ms", float64(s.Now().Sub(start).Microseconds())/1000, "user", user)
		return nil
	}
}

// keyUser carries the user's id to the log line.
const keyUser = "user"

// Recover turns a panic into the error page with a reference number.
func (s *Server) Recover(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) (err error) {
		defer func() {
			v := recover()
			if v == nil {
				return
			}
			if v == http.ErrAbortHandler {
				panic(v)
			}
			err = fmt.Errorf("web: panic: %v\n%s", v, debug.Stack())
		}()
		return next(c)
	}
}

// RefuseOptions keeps the router from answering OPTIONS on its own: no other site is to ask what it may send here.
func RefuseOptions(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if c.Request().Method == http.MethodOptions {
			if known, _ := c.Get(echo.ContextKeyHeaderAllow).(string); known != "" {
				return echo.ErrMethodNotAllowed
			}
			return echo.ErrNotFound
		}
		return next(c)
	}
}

// Healthz says that the program can serve.
func (s *Server) Healthz(r *Request) error { return r.String(http.StatusOK, "ok\n") }

// Readyz says whether the database takes a write: a read stays green on a dead disk.
func (s *Server) Readyz(r *Request) error {
	if s.Ready == nil {
		return r.String(http.StatusOK, "ok\n")
	}
	if err := s.Ready(r.Ctx()); err != nil {
		s.Logger.Error("not ready", "at", s.Now().Format(time.RFC3339), "error", err)
		return r.String(http.StatusServiceUnavailable, "the database does not take writes\n")
	}
	if s.Warning != nil {
		if warning := s.Warning(); warning != "" {
			return r.String(http.StatusOK, "ok\nwarning: "+warning+"\n")
		}
	}
	return r.String(http.StatusOK, "ok\n")
}

// allowed says in the header Allow which methods an address has: the router's, without OPTIONS, which nothing
// here answers, and HEAD beside every GET.
func allowed(c echo.Context) string {
	known, _ := c.Get(echo.ContextKeyHeaderAllow).(string)
	var methods []string
	for _, m := range strings.Split(known, ", ") {
		if m == http.MethodGet {
			methods = append(methods, m, http.MethodHead)
		} else if m != http.MethodOptions && m != "" {
			methods = append(methods, m)
		}
	}
	slices.Sort(methods)
	return strings.Join(slices.Compact(methods), ", ")
}

// Asset serves a built file.
func (s *Server) Asset(r *Request) error {
	if !s.assets.serve(r.Response(), r.Request()) {
		return echo.ErrNotFound
	}
	return nil
}
