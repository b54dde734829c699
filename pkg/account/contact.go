package account

import (
	"context"
	"slices"

	"ortsspiegel/pkg/region"
)

// LeadsOf lists the active leads of some towns of an agency's region, by town; of other towns it tells nothing.
func (s *Service) LeadsOf(ctx context.Context, a Actor, towns []region.AGS) (map[region.AGS][]User, error) {
	if !Can(a, ViewPeople, Object{Regions: []region.ID{a.Region}}) {
		return nil, nil
	}
	list, err := s.store.LeadsOfTowns(ctx, a.Region, towns)
	leads := map[region.AGS][]User{}
	for _, u := range list {
		leads[u.Town] = append(leads[u.Town], u)
	}
	return leads, err
}

// Unled names the towns of an agency's region that nobody leads; nobody who may not see people is told.
func (s *Service) Unled(ctx context.Context, a Actor) (map[region.AGS]bool, error) {
	if !Can(a, ViewPeople, Object{Regions: []region.ID{a.Region}}) {
		return nil, nil
	}
	list, err := s.store.UnledTowns(ctx, a.Region)
	unled := make(map[region.AGS]bool, len(list))
	for _, ags := range list {
		unled[ags] = true
	}
	return unled, err
}

// Contact is a person whom others may ask.
type Contact struct {
	Name, Email string
	Phone       string // may be empty
}

// Contacts names whom somebody of a town asks about an assessment of a region's round: a lead the agency's
// administrators, everybody else the town's leads. Others get nobody.
func (s *Service) Contacts(ctx context.Context, a Actor, id region.ID) ([]Contact, error) {
	if a.Role != TownLead {
		return s.Leads(ctx, a)
	}
	people, err := s.store.AdminsOfRegion(ctx, id)
	return contacts(people), err
}

func contacts(people []User) []Contact {
	var list []Contact
	for _, u := range people {
		list = append(list, Contact{u.Name, u.Email, u.Phone})
	}
	return list
}

// Leads names those of the actor's own town who can submit: whom a colleague asks.
func (s *Service) Leads(ctx context.Context, a Actor) ([]Contact, error) {
	if !a.Role.ForTown() {
		return nil, nil
	}
	people, err := s.store.PeopleOfTown(ctx, a.Town)
	if err != nil {
		return nil, err
	}
	people = slices.DeleteFunc(people, func(u User) bool { return u.Role != TownLead || u.Disabled })
	return contacts(people), nil
}
