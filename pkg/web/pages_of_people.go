package web

import "slices"

// peoplePages are signing in, one's own account, and who belongs to towns and agencies.
type peoplePages struct{ *server }

func newPeoplePages(s *server) *peoplePages { return &peoplePages{s} }

func (s *peoplePages) routes() []route { return slices.Concat(s.accountRoutes(), s.peopleRoutes()) }

// views pairs each page with the view it is filled with.
func (s *peoplePages) views() map[string]any {
	return map[string]any{
		"login":         loginView{},
		"link":          linkView{},
		"account":       accountView{},
		"people":        peopleView{},
		"person_forget": personForgetView{},
		"towns":         townsView{},
		"audit":         auditView{},
	}
}
