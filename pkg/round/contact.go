package round

import (
	"context"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/internal/plaintext"
	"ortsspiegel/pkg/region"
)

// Contact is whom the other towns of a round may ask for good examples. It is shown while the town agrees to be asked,
// and deleted with that consent. Only towns see it, and only where a release names the town.
type Contact struct {
	Name  string // of a person or an office
	Email string // in its normal form; may be empty
	Phone string // as people write it; may be empty
}

// MaxContactName is in characters.
const MaxContactName = 100

// clean returns the contact as it is stored, or what is wrong with it, by field: contact_name,
// contact_email, contact_phone.
func (c Contact) clean() (Contact, error) {
	c = Contact{plaintext.Line(c.Name), account.NormalEmail(c.Email), plaintext.Line(c.Phone)}
	if c == (Contact{}) {
		return c, nil
	}
	var fields []fault.Field
	wrong := func(name, code, message string) {
		fields = append(fields, fault.Field{Name: name, Code: code, Message: message})
	}
	switch {
	case c.Name == "":
		wrong("contact_name", "contact_name", "say who may be asked: a name or an office")
	case plaintext.Length(c.Name) > MaxContactName:
		wrong("contact_name", "contact_name_long", "the name is too long: at most 100 characters are possible")
	}
	switch {
	case c.Email != "" && !account.PlausibleEmail(c.Email):
		wrong("contact_email", "email", "this is no e-mail address")
	case c.Email == "" && c.Phone == "":
		wrong("contact_email", "contact_way", "give an e-mail address or a phone number")
	}
	if c.Phone != "" && !account.PlausiblePhone(c.Phone) {
		wrong("contact_phone", "contact_phone", "this is no phone number: digits, blanks, and + ( ) / - are possible")
	}
	if len(fields) > 0 {
		return c, fault.Fields(fields)
	}
	return c, nil
}

// Contact returns whom others may ask in a town.
func (s *Service) Contact(ctx context.Context, h assessment.Head) (Contact, error) {
	c, err := s.store.Contact(ctx, ID(h.Round), h.Town)
	if fault.Is(err, fault.NotFound) {
		return Contact{}, ErrUnknown
	}
	return c, err
}

// Contacts returns the contacts of the towns of a round that agree to be asked now.
func (s *Service) Contacts(ctx context.Context, h assessment.Head) (map[region.AGS]Contact, error) {
	return s.store.Contacts(ctx, ID(h.Round))
}

// CheckContact reports what is wrong with a contact, by field; nothing is stored.
func (s *Service) CheckContact(c Contact) error {
	_, err := c.clean()
	return err
}

// SetContact says whom others may ask; an empty contact names nobody. Invalid with a field for each thing that is
// wrong. shown is what the page that was filled in showed: if another one is stored by now, or the town may not be
// asked any more, it is a Conflict with Detail Contact.
func (s *Service) SetContact(ctx context.Context, a account.Actor, h assessment.Head, c, shown Contact) error {
	c, err := c.clean()
	if err != nil {
		return err
	}
	e := account.Event{At: s.now().UTC(), Actor: a.User, Name: a.Name, Kind: account.EventConsent, Town: h.Town,
		Region:  h.Region,
		Subject: h.TownName + " · " + h.RoundTitle, Detail: "contact"} // who it is stands in no log
	return s.store.SetContact(ctx, ID(h.Round), h.Town, c, shown, e)
}
