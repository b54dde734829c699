package assessment

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"
	"unicode/utf8"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/checklist/carry"
	"ortsspiegel/pkg/fault"
)

// Proposals returns what the town's last submitted assessment of the same checklist offers for
// a draft of an open round whose head was already allowed for editing. Any other assessment is
// offered nothing: From.ID is 0. It costs no statement as long as what the town has submitted
// stays as it is.
func (s *Service) Proposals(ctx context.Context, h Head) (Proposals, error) {
	if h.Others == "" || !h.TakesAnswers(s.now().UTC()) {
		return Proposals{}, nil
	}
	key := carriedKey{h.ID, h.Others}
	s.carryMu.Lock()
	p, ok := s.carriedOver[key]
	s.carryMu.Unlock()
	if ok {
		return p, nil
	}
	p, err := s.carried(ctx, h)
	if err != nil {
		return Proposals{}, err
	}
	s.carryMu.Lock()
	defer s.carryMu.Unlock()
	if len(s.carriedOver) >= mostCarried {
		clear(s.carriedOver)
	}
	s.carriedOver[key] = p
	return p, nil
}

// carriedKey says all that proposals depend on.
type carriedKey struct {
	to     ID
	others string // Head.Others
}

// mostCarried bounds how many proposals are kept in memory. A filled assessment takes some 50 kB.
const mostCarried = 500

// carried computes what the last of the town's submitted assessments offers.
func (s *Service) carried(ctx context.Context, h Head) (Proposals, error) {
	heads, err := s.store.HeadsOfTown(ctx, h.Town)
	if err != nil {
		return Proposals{}, err
	}
	for _, source := range sources(heads, h) {
		path, err := s.checklists.Path(ctx, source.Hash, h.Hash)
		if fault.Is(err, fault.NotFound) {
			continue // of a version that does not lead to this one
		}
		if err != nil {
			return Proposals{}, err
		}
		entries, err := s.store.Entries(ctx, source.ID)
		if err != nil {
			return Proposals{}, err
		}
		evidence, err := s.store.Evidence(ctx, source.ID)
		if err != nil {
			return Proposals{}, err
		}
		p, err := propose(path, entries, evidence)
		p.From = source
		return p, err
	}
	return Proposals{}, nil
}

// sources returns the submitted assessments of the same checklist in other rounds, the one
// submitted last first.
func sources(heads []Head, h Head) []Head {
	list := slices.DeleteFunc(slices.Clone(heads), func(o Head) bool {
		return o.Status != Submitted || o.Round == h.Round || o.Checklist.ID != h.Checklist.ID || o.Town != h.Town
	})
	slices.SortStableFunc(list, func(a, b Head) int { return b.Submitted.Compare(a.Submitted) })
	return list
}

// propose maps what an assessment holds along a path.
func propose(path *carry.Path, entries map[checklist.QuestionID]Entry, evidence []Evidence) (Proposals, error) {
	old := func(ids ...checklist.QuestionID) []OldEntry {
		var list []OldEntry
		for _, id := range ids {
			q, _, _ := path.From().Question(id)
			list = append(list, OldEntry{q, entries[id]})
		}
		return list
	}
	by := map[checklist.QuestionID][]Evidence{}
	for _, e := range evidence {
		by[e.Question] = append(by[e.Question], e)
	}
	over := path.Carry(Answers(entries))
	p := Proposals{List: make(map[checklist.QuestionID]Proposal, len(over.Proposals))}
	for _, c := range over.Proposals {
		q, _, _ := path.To().Question(c.Question)
		o := Proposal{Question: c.Question, Answer: c.Answer, Reason: c.Reason, Sources: old(c.Sources...)}
		if o.Reason == "" {
			o.Answer, o.Reason = checked(q, c.Answer)
		}
		var comments []string
		for _, from := range o.Sources {
			comments = append(comments, from.Entry.Comment)
			o.Evidence = append(o.Evidence, by[from.Question.ID]...)
		}
		o.Comment = joined(comments)
		p.List[o.Question] = o
	}
	for _, q := range path.From().Questions() {
		if over.Outcomes[q.ID] == carry.Retired {
			p.Retired = append(p.Retired, old(q.ID)...)
		}
	}
	var err error
	p.Seen, err = fingerprint(path.To(), p.List)
	return p, err
}

// checked puts a carried answer through what a typed one goes through: what is not taken from
// a person is not proposed either.
func checked(q *checklist.Question, a checklist.Answer) (checklist.Answer, carry.Reason) {
	if again, given, err := parse(q, InputOf(a)); err == nil && given {
		return again, ""
	}
	switch a.Kind {
	case checklist.AnswerNotApplicable:
		return checklist.Answer{}, carry.ReasonNotApplicable
	case checklist.AnswerOptions:
		return checklist.Answer{}, carry.ReasonOption
	case checklist.AnswerNumber:
		return checklist.Answer{}, carry.ReasonNumber
	}
	return checklist.Answer{}, carry.ReasonType
}

// joined puts comments one below the other. What no longer fits stays where it was: half of
// what somebody wrote could say the opposite.
func joined(comments []string) string {
	var kept []string
	room := checklist.MaxComment
	for _, c := range comments {
		n := utf8.RuneCountInString(c)
		if len(kept) > 0 {
			n += len(between)
		}
		if c == "" || slices.Contains(kept, c) || n > room {
			continue
		}
		kept = append(kept, c)
		room -= n
	}
	return strings.Join(kept, between)
}

const between = "\n\n"

// fingerprint says what is proposed, in the order of the checklist: a source that was reopened
// and handed in again as it was proposes the same.
func fingerprint(d *checklist.Definition, list map[checklist.QuestionID]Proposal) (string, error) {
	type line struct {
		Question checklist.QuestionID
		Answer   checklist.Answer
		Comment  string
		Evidence []EvidenceID
	}
	var lines []line
	for _, q := range d.Questions() {
		o, ok := list[q.ID]
		if !ok || o.Reason != "" {
			continue
		}
		l := line{o.Question, o.Answer, o.Comment, nil}
		for _, e := range o.Evidence {
			l.Evidence = append(l.Evidence, e.ID)
		}
		lines = append(lines, l)
	}
	data, err := json.Marshal(lines)
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:16]), err
}

// Confirm makes answers of proposals, in an assessment whose head was already allowed for
// editing. seen is what Proposals said when they were shown. A question that somebody has
// answered meanwhile stays as it is and is reported as kept. One that is not active is taken
// too: a section is confirmed at once, and one answer may wake another question. Errors: Conflict
// with code proposal_changed if other things are proposed by now, or assessment_locked,
// round_closed; Invalid for a question without a proposal.
func (s *Service) Confirm(ctx context.Context, a account.Actor, h Head, seen string,
	questions []checklist.QuestionID) (Confirmed, error) {
	// Read again: the earlier assessment may have been changed since the head was.
	h, err := s.store.Head(ctx, h.ID)
	if err != nil {
		return Confirmed{}, err
	}
	now := s.now().UTC()
	if err := s.takesAnswers(h, now); err != nil {
		return Confirmed{}, err
	}
	d, err := s.checklists.Definition(ctx, h.Hash)
	if err != nil {
		return Confirmed{}, err
	}
	p, err := s.Proposals(ctx, h)
	if err != nil {
		return Confirmed{}, err
	}
	if seen != p.Seen {
		return Confirmed{}, ErrProposals
	}
	c := Confirmation{ID: h.ID, Source: p.From.ID, SourceChange: p.From.Change, By: a.User, ByName: a.Name, At: now}
	if c.Answers, err = carries(d, &p, questions); err != nil || len(c.Answers) == 0 {
		return Confirmed{}, err
	}
	return s.store.Confirm(ctx, c)
}

// carries returns the chosen proposals in the order of the checklist, each once.
func carries(d *checklist.Definition, p *Proposals, questions []checklist.QuestionID) ([]CarriedAnswer, error) {
	var list []CarriedAnswer
	var wrong []fault.Field
	chosen := slices.Clone(questions)
	slices.SortFunc(chosen, func(a, b checklist.QuestionID) int { return d.Ordinal(a) - d.Ordinal(b) })
	for _, id := range slices.Compact(chosen) {
		o, ok := p.List[id]
		if !ok || o.Reason != "" {
			wrong = append(wrong, fault.Field{Name: string(id), Code: "proposal_unknown",
				Message: "nothing is proposed for this question"})
			continue
		}
		origin := Origin{Kind: OriginCarried, Subject: p.From.RoundTitle, At: o.At()}
		list = append(list, CarriedAnswer{Question: id, Answer: o.Answer, Comment: o.Comment, Origin: origin,
			Evidence: o.Evidence})
	}
	return list, fault.Fields(wrong)
}
