package web

import (
	"net/http"

	"ortsspiegel/pkg/account"
)

// shellRoutes are the pages that belong to no feature.
func (s *shell) shellRoutes() []route {
	return []route{
		{method: http.MethodGet, path: "/", name: "start", action: account.Public, handler: s.start},
		{method: http.MethodGet, path: "/healthz", name: "healthz", action: account.Public, handler: s.healthz},
		{method: http.MethodGet, path: "/readyz", name: "readyz", action: account.Public, handler: s.readyz},
		{method: http.MethodGet, path: assetPrefix + "*", name: "asset", action: account.Public, handler: s.asset},
		{method: http.MethodPost, path: "/language", name: "language", action: account.Public, handler: s.setLanguage},
		{method: http.MethodPost, path: "/theme", name: "theme", action: account.Public, handler: s.setTheme},
	}
}
