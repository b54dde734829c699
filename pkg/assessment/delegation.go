package assessment

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/internal/plaintext"
)

// DelegationID identifies a delegation; its secret is never one of them.
type DelegationID int64

// Delegation asks a colleague without an account to answer some questions, by a link.
type Delegation struct {
	ID         DelegationID
	Assessment ID
	Questions  []checklist.QuestionID // at least one, in the order of the checklist
	For        string                 // whom the lead asked, as typed
	Email      string                 // empty: the lead hands the link over
	Note       string                 // from the lead to the colleague
	Created    time.Time
	By         account.UserID
	ByName     string // of the lead, then
	Expires    time.Time
	Revoked    time.Time // zero: it is not
	LastUse    time.Time // zero: never
	Uses       int       // answers, and openings an hour apart
	Name       string    // stated by the colleague; empty: not yet
	Done       time.Time // when the colleague said so; zero: not yet
	Reminders  int
	Reminded   time.Time // the last time

	Secret   account.Hash // of the link that is open; only where it was found by its secret
	Replaced bool         // it was found by a secret that a newer has replaced
	Repeated bool         // it was made before, by the same form
}

// Limits of delegations.
const (
	DelegationLife    = 21 * 24 * time.Hour // unless the lead says otherwise
	MaxDelegationLife = 90 * 24 * time.Hour
	RemindedLife      = 7 * 24 * time.Hour // at least, from a reminder on
	MaxDelegations    = 50                 // open ones of an assessment
	MaxNote           = 1000               // characters
	openingsApart     = time.Hour          // how exact openings are noted
)

// Use is something a colleague does with a link.
type Use struct {
	Secret account.Hash
	At     time.Time
	Name   string    // empty: as it is
	Done   bool      // says that this is all
	Since  time.Time // nothing is noted if the last use came later; zero: always
	Event  account.Event
}

// Request is what a lead says about a new delegation.
type Request struct {
	Questions []checklist.QuestionID
	For       string
	Email     string    // optional
	Note      string    // optional
	Expires   time.Time // zero: DelegationLife; never later than the end of the round
	Key       string    // account.FormKey of the form; the same form sent again makes no second link; empty: none
}

// Refusal says why a link cannot be used at a time; nil if it can. The faults are Conflicts that name
// in Args["Lead"] whom to ask.
func (d *Delegation) Refusal(at time.Time) error {
	switch {
	case !d.Revoked.IsZero():
		return ErrLinkRevoked.Saying("this link was revoked: please ask %s", d.ByName).With("Lead", d.ByName)
	case d.Replaced:
		return ErrLinkReplaced.Saying("there is a newer link: please use that or ask %s", d.ByName).With("Lead",
			d.ByName)
	case !at.Before(d.Expires):
		return ErrLinkExpired.Saying("this link has expired: please ask %s", d.ByName).With("Lead", d.ByName)
	}
	return nil
}

// Asks reports whether a question was delegated.
func (d *Delegation) Asks(q checklist.QuestionID) bool { return slices.Contains(d.Questions, q) }

// Actor is who answers by the link. The record says it in German, like everything that is
// written down once and never translated.
func (d *Delegation) Actor() account.Actor {
	return account.Actor{Name: d.Name + " (über Link von " + d.ByName + ")"}
}

// Delegate asks a colleague about an assessment whose head was already allowed for
// DelegateQuestions, and returns the secret of the link, once. Errors: Invalid with fields, Conflict
// delegation_many, assessment_locked, round_closed.
func (s *Service) Delegate(ctx context.Context, a account.Actor, h Head, r Request) (token string, d Delegation,
	err error) {
	now := s.now().UTC()
	if err := s.takesAnswers(h, now); err != nil {
		return "", d, err
	}
	def, err := s.checklists.Definition(ctx, h.Hash)
	if err != nil {
		return "", d, err
	}
	if d, err = newDelegation(def, h, r, now); err != nil {
		return "", d, err
	}
	d.By, d.ByName = a.User, a.Name
	token, d.Secret = account.TokenOf(r.Key, "delegate", strconv.FormatInt(int64(h.ID), 10),
		strconv.FormatInt(int64(a.User), 10))
	if old, ok, err := s.made(ctx, r.Key, d.Secret); ok || err != nil {
		return token, old, err
	}
	d.ID, err = s.store.CreateDelegation(ctx, d, d.Secret, MaxDelegations,
		s.delegationEvent(a, h, account.EventDelegated, d.For))
	return token, d, err
}

// made finds what the same form has made before; ok is false if it has made nothing.
func (s *Service) made(ctx context.Context, key string, secret account.Hash) (d Delegation, ok bool, err error) {
	if !account.ValidFormKey(key) {
		return d, false, nil
	}
	d, err = s.store.DelegationByHash(ctx, secret)
	if fault.Is(err, fault.NotFound) {
		return d, false, nil
	}
	if err != nil {
		return d, false, err
	}
	d.Secret, d.Repeated = secret, true
	return d, true, d.Refusal(s.now().UTC())
}

func newDelegation(def *checklist.Definition, h Head, r Request, now time.Time) (Delegation, error) {
	d := Delegation{Assessment: h.ID, Questions: slices.Clone(r.Questions), Email: account.NormalEmail(r.Email),
		Created: now, Expires: r.Expires}
	var wrong []fault.Field
	var err error
	if d.For, err = statedName("for", r.For); err != nil {
		wrong = append(wrong, fault.As(err).Fields...)
	}
	if d.Email != "" && !account.PlausibleEmail(d.Email) {
		wrong = append(wrong, fault.Field{Name: "email", Code: "email",
			Message: "an e-mail address such as name@example.org is expected"})
	}
	d.Note = plaintext.Text(r.Note)
	if !utf8.ValidString(d.Note) || utf8.RuneCountInString(d.Note) > MaxNote ||
		strings.ContainsFunc(d.Note, unprintable) {
		wrong = append(wrong, fault.Field{Name: "note", Code: "text_long",
			Message: "a note of at most 1000 characters is expected", Args: map[string]any{"Max": MaxNote}})
	}
	if d.Expires.IsZero() {
		d.Expires = now.Add(DelegationLife)
	}
	if !d.Expires.After(now) || d.Expires.After(now.Add(MaxDelegationLife)) {
		wrong = append(wrong, fault.Field{Name: "until", Code: "delegation_until",
			Message: "a day from today to 90 days from now is expected",
			Args:    map[string]any{"Max": int(MaxDelegationLife / (24 * time.Hour))}})
	}
	if d.Expires.After(h.Closes) {
		d.Expires = h.Closes
	}
	slices.SortFunc(d.Questions, func(a, b checklist.QuestionID) int { return def.Ordinal(a) - def.Ordinal(b) })
	d.Questions = slices.Compact(d.Questions)
	unknown := func(q checklist.QuestionID) bool { return def.Ordinal(q) < 0 }
	if len(d.Questions) == 0 || slices.ContainsFunc(d.Questions, unknown) {
		wrong = append(wrong, fault.Field{Name: "question", Code: "delegation_questions",
			Message: "at least one question of the checklist is expected"})
	}
	return d, fault.Fields(wrong)
}

// statedName is a name as account.CheckName takes it. Characters without a shape are refused too: they could
// turn round what stands behind the name.
func statedName(field, name string) (string, error) {
	checked, err := account.CheckName(name)
	if err == nil && !strings.ContainsFunc(checked, func(r rune) bool { return unicode.Is(unicode.Cf, r) }) {
		return checked, nil
	}
	return "", fault.Fields([]fault.Field{{Name: field, Code: "name",
		Message: "a name of 2 to 100 characters is expected"}})
}

func unprintable(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }

// Delegations lists whom the leads asked, the newest first, of an assessment whose head was already allowed.
func (s *Service) Delegations(ctx context.Context, h Head) ([]Delegation, error) {
	return s.store.Delegations(ctx, h.ID)
}

// Acquaintance is somebody whom a town has asked before.
type Acquaintance struct {
	ID    DelegationID // of the last request
	For   string       // as typed then
	Email string       // empty: none was given
}

// What is looked through, and offered, of whom a town has asked before.
const (
	mostRequests      = 200
	mostAcquaintances = 12
)

// Acquaintances are the people whom the town has asked in this round and in earlier ones, each once, those asked last
// first, for an assessment whose head was already allowed for DelegateQuestions.
func (s *Service) Acquaintances(ctx context.Context, h Head) ([]Acquaintance, error) {
	list, err := s.store.DelegationsOfTown(ctx, h.Town, mostRequests)
	if err != nil {
		return nil, err
	}
	var people []Acquaintance
	for _, d := range list {
		known := slices.ContainsFunc(people, func(p Acquaintance) bool {
			return p.Email != "" && p.Email == d.Email || plaintext.Fold(p.For) == plaintext.Fold(d.For)
		})
		if !known && len(people) < mostAcquaintances {
			people = append(people, Acquaintance{ID: d.ID, For: d.For, Email: d.Email})
		}
	}
	return people, nil
}

// Delegation returns one delegation of an assessment; another assessment's is NotFound.
func (s *Service) Delegation(ctx context.Context, h Head, id DelegationID) (Delegation, error) {
	list, err := s.store.Delegations(ctx, h.ID)
	if err != nil {
		return Delegation{}, err
	}
	for _, d := range list {
		if d.ID == id {
			return d, nil
		}
	}
	return Delegation{}, ErrNoLink
}

// Revoke ends a link at once: when it returns, nothing more is written by it.
func (s *Service) Revoke(ctx context.Context, a account.Actor, h Head, id DelegationID) error {
	d, err := s.Delegation(ctx, h, id)
	if err != nil {
		return err
	}
	return s.store.RevokeDelegation(ctx, h.ID, id, s.now().UTC(),
		s.delegationEvent(a, h, account.EventDelegationRevoked, d.For))
}

// Remind replaces the link by a new one, good for seven days at least, and returns its secret, once. Only
// hashes are kept, so the old one could not be shown again. key is the form's, as in Request. Errors: as of Delegate,
// and Conflict delegation_revoked.
func (s *Service) Remind(ctx context.Context, a account.Actor, h Head, id DelegationID, key string) (token string,
	d Delegation, err error) {
	now := s.now().UTC()
	if err := s.takesAnswers(h, now); err != nil {
		return "", d, err
	}
	if d, err = s.Delegation(ctx, h, id); err != nil {
		return "", d, err
	}
	if !d.Revoked.IsZero() {
		return "", d, d.Refusal(now)
	}
	token, d.Secret = account.TokenOf(key, "remind", strconv.FormatInt(int64(id), 10),
		strconv.FormatInt(int64(a.User), 10))
	if old, ok, err := s.made(ctx, key, d.Secret); ok || err != nil {
		return token, old, err
	}
	if least := now.Add(RemindedLife); d.Expires.Before(least) {
		d.Expires = least
	}
	if d.Expires.After(h.Closes) {
		d.Expires = h.Closes
	}
	err = s.store.RenewDelegation(ctx, h.ID, id, d.Secret, now, d.Expires,
		s.delegationEvent(a, h, account.EventDelegationReminded, d.For))
	d.Reminders, d.Reminded = d.Reminders+1, now
	return token, d, err
}

// Delegated returns what a link is about. An unknown secret is NotFound. One that cannot be used is a
// Conflict that names in Args["Lead"] whom to ask: delegation_revoked, delegation_replaced,
// delegation_expired, assessment_locked, round_closed.
func (s *Service) Delegated(ctx context.Context, token string) (Head, Delegation, error) {
	if len(token) > 100 {
		return Head{}, Delegation{}, ErrNoLink
	}
	secret := account.HashToken(token)
	d, err := s.store.DelegationByHash(ctx, secret)
	if fault.Is(err, fault.NotFound) {
		return Head{}, Delegation{}, ErrNoLink
	}
	if err != nil {
		return Head{}, Delegation{}, err
	}
	d.Secret = secret
	now := s.now().UTC()
	if err := d.Refusal(now); err != nil {
		return Head{}, d, err
	}
	h, err := s.store.Head(ctx, d.Assessment)
	if err != nil {
		return Head{}, d, err
	}
	if err := s.takesAnswers(h, now); err != nil {
		return h, d, fault.As(err).With("Lead", d.ByName)
	}
	return h, d, nil
}

// StateName keeps the name a colleague gives; everything done by the link from now on stands under it.
func (s *Service) StateName(ctx context.Context, h Head, d Delegation, name string) error {
	name, err := statedName("name", name)
	if err != nil {
		return err
	}
	if name == d.Name {
		return nil
	}
	d.Name = name
	return s.store.UseDelegation(ctx, Use{Secret: d.Secret, At: s.now().UTC(), Name: name,
		Event: s.delegationEvent(d.Actor(), h, account.EventDelegationNamed, d.For)})
}

// Opened notes that a link was opened, at most once an hour and not before somebody has stated a
// name: programs that check mails for their recipients open links too.
func (s *Service) Opened(ctx context.Context, h Head, d Delegation) error {
	now := s.now().UTC()
	if d.Name == "" || now.Sub(d.LastUse) < openingsApart {
		return nil
	}
	return s.store.UseDelegation(ctx, Use{Secret: d.Secret, At: now, Since: now.Add(-openingsApart),
		Event: s.delegationEvent(d.Actor(), h, account.EventDelegationOpened, d.For)})
}

// Finish notes that the colleague has nothing to add. The link stays open: who finds a mistake may mend it.
func (s *Service) Finish(ctx context.Context, h Head, d Delegation) error {
	if d.Name == "" {
		return ErrNameless
	}
	if !d.Done.IsZero() && !d.LastUse.After(d.Done) {
		return nil // nothing was done by the link since it was said
	}
	return s.store.UseDelegation(ctx, Use{Secret: d.Secret, At: s.now().UTC(), Done: true,
		Event: s.delegationEvent(d.Actor(), h, account.EventDelegationDone, d.For)})
}

// delegationEvent belongs to the town alone: whom it asks in the house is none of the agency's business.
func (s *Service) delegationEvent(a account.Actor, h Head, kind account.EventKind, detail string) account.Event {
	e := s.event(a, h, kind, detail)
	e.Region = ""
	return e
}
