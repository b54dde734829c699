package assessment

import (
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

// secret is that of the author's link; nil: somebody with an account. A link whose secret is not known is
// refused like any unknown one.
func (a Author) secret() *account.Hash {
	if a.link == nil {
		return nil
	}
	return &a.link.Secret
}
