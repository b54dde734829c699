package site

import (
	"net/http"
	"time"

	"golang.org/x/text/language"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/fault"
)

// Names of the cookies. The session's and the device's have the __Host- prefix behind TLS, so that
// no other host or path can set them.
const (
	CookieSession = "os_session"
	CookieDevice  = "os_device"
	CookieTheme   = "os_theme"
	CookieLang    = "os_lang"
)

func (s *Server) sessionCookie() string { return s.secretCookie(CookieSession) }

func (s *Server) secretCookie(name string) string {
	if s.PublicURL.Secure() {
		return "__Host-" + name
	}
	return name
}

// identify sets the actor of a request. No session, an unknown and a timed-out one leave it empty;
// a store that does not answer is an error, so that nobody is sent to the login while typed text is
// waiting.
func (s *Server) identify(r *Request) error {
	c, err := r.Cookie(s.sessionCookie())
	if err != nil || c.Value == "" {
		return nil
	}
	actor, user, err := s.sessions.Actor(r.Ctx(), c.Value, !r.Route.Background)
	switch {
	case fault.Is(err, fault.Unauthenticated):
		return nil
	case err != nil:
		return err
	}
	r.Actor, r.User = actor, user
	r.Set(keyUser, int64(actor.User))
	r.Text = s.language(r.Request(), user)
	return nil
}

func (s *Server) SetSession(r *Request, token string) {
	r.SetCookie(&http.Cookie{Name: s.sessionCookie(), Value: token, Path: "/", HttpOnly: true,
		Secure: s.PublicURL.Secure(), SameSite: http.SameSiteLaxMode,
		MaxAge: int(account.AbsoluteTimeout / time.Second)})
}

func (s *Server) ClearSession(r *Request) {
	r.SetCookie(&http.Cookie{Name: s.sessionCookie(), Path: "/", HttpOnly: true, Secure: s.PublicURL.Secure(),
		SameSite: http.SameSiteLaxMode, MaxAge: -1})
}

// Device is the secret by which an account knows the browser again; empty: it has none.
func (s *Server) Device(r *Request) string {
	c, err := r.Cookie(s.secretCookie(CookieDevice))
	if err != nil {
		return ""
	}
	return c.Value
}

// SetDevice lets the browser be known again by the account that has signed in. Signing out leaves it.
func (s *Server) SetDevice(r *Request, secret string) {
	r.SetCookie(&http.Cookie{Name: s.secretCookie(CookieDevice), Value: secret, Path: "/", HttpOnly: true,
		Secure: s.PublicURL.Secure(), SameSite: http.SameSiteLaxMode,
		MaxAge: int(account.DeviceLife / time.Second)})
}

// SetPreference remembers how the pages look; it holds nothing personal.
func (s *Server) SetPreference(r *Request, name, value string) {
	r.SetCookie(&http.Cookie{Name: name, Value: value, Path: "/", HttpOnly: true, Secure: s.PublicURL.Secure(),
		SameSite: http.SameSiteLaxMode, MaxAge: 365 * 24 * 3600})
}

// language chooses the texts: the cookie of the switch, the user's setting, the browser's wish, German.
func (s *Server) language(req *http.Request, u account.User) *Messages {
	if c, err := req.Cookie(CookieLang); err == nil && s.Texts[c.Value] != nil {
		return s.Texts[c.Value]
	}
	if m := s.Texts[u.Language]; m != nil {
		return m
	}
	if wish := req.Header.Get("Accept-Language"); wish != "" && len(wish) < 200 {
		if tags, _, err := language.ParseAcceptLanguage(wish); err == nil && len(tags) > 0 {
			if _, i, sure := languageMatcher.Match(tags...); sure != language.No {
				return s.Texts[Languages[i]]
			}
		}
	}
	return s.Texts[Languages[0]]
}

// Theme returns "light", "dark" or "" for the system's.
func Theme(req *http.Request) string {
	if c, err := req.Cookie(CookieTheme); err == nil && (c.Value == "light" || c.Value == "dark") {
		return c.Value
	}
	return ""
}

// SetLanguage remembers the language of the interface and returns to the page the switch stood on.
func (s *Server) SetLanguage(r *Request) error {
	form, err := r.Form()
	if err != nil {
		return err
	}
	if lang := Value(form, "language"); s.Texts[lang] != nil {
		s.SetPreference(r, CookieLang, lang)
	}
	return r.SeeOther(LocalPath(Value(form, "return")))
}

// SetTheme remembers light, dark or the system's choice and returns to the page the switch stood on.
func (s *Server) SetTheme(r *Request) error {
	form, err := r.Form()
	if err != nil {
		return err
	}
	switch wanted := Value(form, "theme"); wanted {
	case "light", "dark", "system":
		s.SetPreference(r, CookieTheme, wanted)
	}
	return r.SeeOther(LocalPath(Value(form, "return")))
}
