package web

import (
	"net/http"

	"ortsspiegel/pkg/web/results"
	"ortsspiegel/pkg/web/site"
)

// landingView is the start page of those who have not signed in: it shows what the program does.
type landingView struct {
	site.PageView
	Example results.Example
}

func (s *shell) landing(r *site.Request) error {
	return r.Render(http.StatusOK, "landing", landingView{r.Page(r.Text.Text("landing.title")), results.NewExample(r)})
}
