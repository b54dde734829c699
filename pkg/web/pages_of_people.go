package web

import "slices"

// peoplePages are signing in, one's own account, and who belongs to towns and agencies.
type peoplePages struct{ *server }

func newPeoplePages(s *server) *peoplePages { return &peoplePages{s} }

func (s *peoplePages) routes() []route { return slices.Concat(s.accountRoutes(), s.peopleRoutes()) }
