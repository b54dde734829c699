package web

import (
	"net/http"
	"slices"

	"ortsspiegel/pkg/account"
)

// routes is the one table of addresses: what is not in it does not exist. Each feature keeps its lines beside its handlers.
var routes = slices.Concat(shellRoutes, accountRoutes, peopleRoutes, contentRoutes, changesRoutes, assessmentRoutes, formRoutes, delegationRoutes, delegatedRoutes, proposalRoutes, roundRoutes, analysisRoutes, benchmarkRoutes, trendRoutes)

// shellRoutes are the pages that belong to no feature.
var shellRoutes = []route{
	{method: http.MethodGet, path: "/", name: "start", action: account.Public, handler: (*server).start},
	{method: http.MethodGet, path: "/healthz", name: "healthz", action: account.Public, handler: (*server).healthz},
	{method: http.MethodGet, path: "/readyz", name: "readyz", action: account.Public, handler: (*server).readyz},
	{method: http.MethodGet, path: assetPrefix + "*", name: "asset", action: account.Public, handler: (*server).asset},
	{method: http.MethodPost, path: "/language", name: "language", action: account.Public, handler: (*server).setLanguage},
	{method: http.MethodPost, path: "/theme", name: "theme", action: account.Public, handler: (*server).setTheme},
}
