package web

import (
	"net/http"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/web/site"
)

// shellRoutes are the pages that belong to no feature.
func (s *shell) shellRoutes() []site.Route {
	return []site.Route{
		{Method: http.MethodGet, Path: "/", Name: "start", Action: account.Public, Handler: s.start},
		{Method: http.MethodGet, Path: "/healthz", Name: "healthz", Action: account.Public, Handler: s.Healthz},
		{Method: http.MethodGet, Path: "/readyz", Name: "readyz", Action: account.Public, Handler: s.Readyz},
		{Method: http.MethodGet, Path: site.AssetPrefix + "*", Name: "asset", Action: account.Public, Handler: s.Asset},
		{Method: http.MethodPost, Path: "/language", Name: "language", Action: account.Public, Handler: s.SetLanguage},
		{Method: http.MethodPost, Path: "/theme", Name: "theme", Action: account.Public, Handler: s.SetTheme},
	}
}
