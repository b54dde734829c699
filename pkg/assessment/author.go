package assessment

import (
	"context"
	"time"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/checklist"
)

// Author is who answers: somebody with an account, or a colleague without one by a link. Whoever has
// an account may answer every question and confirm what was answered last time; by a link only its
// questions are answered, only under the name that was stated, and only while it is open.
type Author struct {
	actor account.Actor
	link  *Delegation // nil: somebody with an account
}

// ByAccount is somebody with an account.
func ByAccount(a account.Actor) Author { return Author{actor: a} }

// ByLink is whoever has the link of a delegation, as Service.Delegated returned it.
func ByLink(d Delegation) Author { return Author{actor: d.Actor(), link: &d} }

// named returns ErrNameless if nobody has said yet who is there.
func (a Author) named() error {
	if a.link != nil && a.link.Name == "" {
		return ErrNameless
	}
	return nil
}

// asked reports whether a question is the author's to answer.
func (a Author) asked(q checklist.QuestionID) bool { return a.link == nil || a.link.Asks(q) }

// typed is the origin of an answer that the author types.
func (a Author) typed() Origin {
	if a.link == nil {
		return Origin{}
	}
	return Origin{Kind: OriginLink, Subject: a.link.ByName}
}

// save stores answers of an assessment. Whether a link is open is decided where they are written.
func (s *Service) save(ctx context.Context, by Author, id ID, at time.Time, list []Write) ([]Entry, error) {
	if by.link != nil {
		return s.store.SaveDelegated(ctx, by.link.Secret, id, at, list)
	}
	return s.store.SaveAnswers(ctx, id, at, list)
}
