package web

import (
	"net/http"
	"strings"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/internal/plaintext"
	"ortsspiegel/pkg/web/site"
)

// contentRoutes are the readable pages for everybody.
func (s *shell) contentRoutes() []site.Route {
	return []site.Route{
		{Method: http.MethodGet, Path: "/help", Name: "help.start", Action: account.Public, Handler: s.helpStart},
		{Method: http.MethodGet, Path: "/help/:role", Name: "help", Action: account.Public, Handler: s.help},
		{Method: http.MethodGet, Path: "/method", Name: "method", Action: account.Public, Handler: s.method},
		{Method: http.MethodGet, Path: "/easy", Name: "easy", Action: account.Public, Handler: s.easy},
		{Method: http.MethodGet, Path: "/privacy", Name: "privacy", Action: account.Public, Handler: s.privacy},
		{Method: http.MethodGet, Path: "/accessibility", Name: "accessibility", Action: account.Public,
			Handler: s.accessibility},
		{Method: http.MethodGet, Path: "/imprint", Name: "imprint", Action: account.Public, Handler: s.imprint},
		{Method: http.MethodGet, Path: "/licences", Name: "licences", Action: account.Public, Handler: s.licences},
	}
}

// helpStart leads to the help for the reader.
func (s *shell) helpStart(r *site.Request) error { return r.SeeOther(site.HelpAddress(r.Actor)) }

type helpView struct {
	site.PageView
	Role string
}

func (s *shell) help(r *site.Request) error {
	role := r.Param("role")
	if !site.HelpRoles[role] {
		return site.ErrNoPage
	}
	return r.Render(http.StatusOK, "help_"+role, helpView{PageView: r.Page(r.Text.Text("help.title_" + role)),
		Role: role})
}

type methodView struct{ site.PageView }

func (s *shell) method(r *site.Request) error {
	return r.Render(http.StatusOK, "method", methodView{r.Page(r.Text.Text("method.title"))})
}

// easyView tells what this is in Leichte Sprache.
type easyView struct {
	site.PageView
	Contact string // whom to ask; empty: nobody is given
}

func (s *shell) easy(r *site.Request) error {
	return r.Render(http.StatusOK, "easy", easyView{r.Page(r.Text.Text("easy.title")), s.Operator.Contact})
}

// legalView is a page the operator can add to.
type legalView struct {
	site.PageView
	OperatorName string
	Contact      string
	Added        []string        // the operator's paragraphs
	Region       *site.ProseView // what the reader's region says instead; nil: nothing
	Feedback     string          // to whom the region's people tell barriers; empty: to the operator
	Arbitration  *site.ProseView

	KeepLog, KeepEvidence int // days; 0: for ever
	MostDevices           int
}

func (s *shell) legal(r *site.Request, page, added string) error {
	v := legalView{PageView: r.Page(r.Text.Text(page + ".title")), OperatorName: s.Operator.Name,
		Contact: s.Operator.Contact,
		KeepLog: s.Operator.KeepLog, KeepEvidence: s.Operator.KeepEvidence, MostDevices: account.MostDevices}
	look := r.Look()
	own := map[string]string{"imprint": look.Imprint, "privacy": look.Privacy, "accessibility": look.Accessibility}
	v.Region, v.Feedback = site.NewProseView(r, own[page]), look.Contact
	v.Arbitration = site.NewProseView(r, look.Arbitration)
	for _, p := range strings.Split(plaintext.Text(added), "\n\n") {
		if p = strings.TrimSpace(p); p != "" {
			v.Added = append(v.Added, p)
		}
	}
	return r.Render(http.StatusOK, page, v)
}

func (s *shell) privacy(r *site.Request) error { return s.legal(r, "privacy", s.Operator.Privacy) }

func (s *shell) accessibility(r *site.Request) error {
	return s.legal(r, "accessibility", s.Operator.Accessibility)
}

func (s *shell) imprint(r *site.Request) error { return s.legal(r, "imprint", s.Operator.Imprint) }
