package people

import (
	"slices"

	"ortsspiegel/pkg/web/site"
)

// Pages are signing in, one's own account, and who belongs to towns and agencies.
type Pages struct {
	*site.Server
	services Services
}

func New(s *site.Server, services Services) *Pages { return &Pages{s, services} }

func (s *Pages) Routes() []site.Route { return slices.Concat(s.accountRoutes(), s.peopleRoutes()) }

// Views pairs each page with the view it is filled with.
func (s *Pages) Views() map[string]any {
	return map[string]any{
		"login":         loginView{},
		"link":          linkView{},
		"account":       accountView{},
		"people":        peopleView{},
		"person_forget": personForgetView{},
		"towns":         townsView{},
		"audit":         auditView{},
		"look":          lookView{},
	}
}
