package web

import (
	"net/http"
	"time"

	"golang.org/x/text/language"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/fault"
)

// Names of the cookies. The session's and the device's have the __Host- prefix behind TLS, so that no other host or path can
// set them.
const (
	cookieSession = "os_session"
	cookieDevice  = "os_device"
	cookieTheme   = "os_theme"
	cookieLang    = "os_lang"
)

func (s *server) sessionCookie() string { return s.secretCookie(cookieSession) }

func (s *server) secretCookie(name string) string {
	if s.PublicURL.Secure() {
		return "__Host-" + name
	}
	return name
}

// identify sets the actor of a request. No session, an unknown and a timed-out one leave it empty; a store that does not
// answer is an error, so that nobody is sent to the login while typed text is waiting.
func (s *server) identify(r *request) error {
	c, err := r.Cookie(s.sessionCookie())
	if err != nil || c.Value == "" {
		return nil
	}
	actor, user, err := s.Accounts.Actor(r.ctx(), c.Value, !r.route.background)
	switch {
	case fault.Is(err, fault.Unauthenticated):
		return nil
	case err != nil:
		return err
	}
	r.actor, r.user = actor, user
	r.Set(keyUser, int64(actor.User))
	r.text = s.language(r.Request(), user)
	return nil
}

func (s *server) setSession(r *request, token string) {
	r.SetCookie(&http.Cookie{Name: s.sessionCookie(), Value: token, Path: "/", HttpOnly: true, Secure: s.PublicURL.Secure(), SameSite: http.SameSiteLaxMode,
		MaxAge: int(account.AbsoluteTimeout / time.Second)})
}

func (s *server) clearSession(r *request) {
	r.SetCookie(&http.Cookie{Name: s.sessionCookie(), Path: "/", HttpOnly: true, Secure: s.PublicURL.Secure(), SameSite: http.SameSiteLaxMode, MaxAge: -1})
}

// device is the secret by which an account knows the browser again; empty: it has none.
func (s *server) device(r *request) string {
	c, err := r.Cookie(s.secretCookie(cookieDevice))
	if err != nil {
		return ""
	}
	return c.Value
}

// setDevice lets the browser be known again by the account that has signed in. Signing out leaves it.
func (s *server) setDevice(r *request, secret string) {
	r.SetCookie(&http.Cookie{Name: s.secretCookie(cookieDevice), Value: secret, Path: "/", HttpOnly: true, Secure: s.PublicURL.Secure(), SameSite: http.SameSiteLaxMode,
		MaxAge: int(account.DeviceLife / time.Second)})
}

// setPreference remembers how the pages look; it holds nothing personal.
func (s *server) setPreference(r *request, name, value string) {
	r.SetCookie(&http.Cookie{Name: name, Value: value, Path: "/", HttpOnly: true, Secure: s.PublicURL.Secure(), SameSite: http.SameSiteLaxMode, MaxAge: 365 * 24 * 3600})
}

// language chooses the texts: the cookie of the switch, the user's setting, the browser's wish, German.
func (s *server) language(req *http.Request, u account.User) *messages {
	if c, err := req.Cookie(cookieLang); err == nil && s.texts[c.Value] != nil {
		return s.texts[c.Value]
	}
	if m := s.texts[u.Language]; m != nil {
		return m
	}
	if wish := req.Header.Get("Accept-Language"); wish != "" && len(wish) < 200 {
		if tags, _, err := language.ParseAcceptLanguage(wish); err == nil && len(tags) > 0 {
			if _, i, sure := languageMatcher.Match(tags...); sure != language.No {
				return s.texts[languages[i]]
			}
		}
	}
	return s.texts[languages[0]]
}

// theme returns "light", "dark" or "" for the system's.
func theme(req *http.Request) string {
	if c, err := req.Cookie(cookieTheme); err == nil && (c.Value == "light" || c.Value == "dark") {
		return c.Value
	}
	return ""
}

// setLanguage remembers the language of the interface and returns to the page the switch stood on.
func (s *server) setLanguage(r *request) error {
	form, err := r.form()
	if err != nil {
		return err
	}
	if lang := value(form, "language"); s.texts[lang] != nil {
		s.setPreference(r, cookieLang, lang)
	}
	return r.redirect(localPath(value(form, "return")))
}

// setTheme remembers light, dark or the system's choice and returns to the page the switch stood on.
func (s *server) setTheme(r *request) error {
	form, err := r.form()
	if err != nil {
		return err
	}
	switch wanted := value(form, "theme"); wanted {
	case "light", "dark", "system":
		s.setPreference(r, cookieTheme, wanted)
	}
	return r.redirect(localPath(value(form, "return")))
}
