package assessment

import (
	"context"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/internal/plaintext"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/score"
)

// Service is what people do with an assessment. Every method takes who does it and decides
// with account.Can; a foreign assessment is NotFound exactly like one that does not exist.
type Service struct {
	store      Store
	checklists Checklists
	now        func() time.Time
	population func(ctx context.Context, town region.AGS) (int, error)

	carryMu     sync.Mutex
	carriedOver map[carriedKey]Proposals
}

// NewService returns a Service on a store with a clock. population says how many people live
// in a town: it is frozen into the record when the assessment is submitted.
func NewService(store Store, checklists Checklists, population func(context.Context, region.AGS) (int, error),
	now func() time.Time) *Service {
	return &Service{store: store, checklists: checklists, population: population, now: now,
		carriedOver: map[carriedKey]Proposals{}}
}

// Head returns the assessment if the actor may do the action to it. What may not be seen does
// not exist; what may be seen but not done is Forbidden.
func (s *Service) Head(ctx context.Context, a account.Actor, action account.Action, id ID) (Head, error) {
	h, err := s.store.Head(ctx, id)
	if fault.Is(err, fault.NotFound) {
		return Head{}, ErrUnknown
	}
	if err != nil {
		return Head{}, err
	}
	if account.Can(a, action, h.Object()) {
		return h, nil
	}
	if account.Can(a, account.ViewAssessment, h.Object()) {
		return Head{}, account.ErrNotAllowed
	}
	return Head{}, ErrUnknown
}

// AnyHead returns any assessment for the command line, which may do everything. Errors: NotFound.
func (s *Service) AnyHead(ctx context.Context, id ID) (Head, error) {
	h, err := s.store.Head(ctx, id)
	if fault.Is(err, fault.NotFound) {
		return Head{}, ErrUnknown
	}
	return h, err
}

// AnyOfTown lists the assessments of any town for the command line, the newest round first.
func (s *Service) AnyOfTown(ctx context.Context, town region.AGS) ([]Head, error) {
	return s.store.HeadsOfTown(ctx, town)
}

// OfTown lists a town's assessments, the newest round first.
func (s *Service) OfTown(ctx context.Context, a account.Actor) ([]Head, error) {
	if !a.Role.ForTown() {
		return nil, ErrUnknown
	}
	return s.store.HeadsOfTown(ctx, a.Town)
}

// View reads the answers of an assessment whose head was already allowed.
func (s *Service) View(ctx context.Context, h Head) (View, error) {
	d, err := s.checklists.Definition(ctx, h.Hash)
	if err != nil {
		return View{}, err
	}
	entries, err := s.store.Entries(ctx, h.ID)
	if err != nil {
		return View{}, err
	}
	return View{Head: h, Definition: d, Entries: entries, Result: score.Score(d, Answers(entries))}, nil
}

// Input is an answer as a person gives it. With NotApplicable nil and no value the question
// becomes open again.
type Input struct {
	Values        []string
	NotApplicable *string // the reason
	Comment       *string // nil: unchanged
	Revision      int     // the one the writer saw; 0: none
	Shown         string  // Entry.Digest of what the writer saw; empty: not known
}

// Stale is the Detail of a Conflict: what the writer sent and what is stored now.
type Stale struct {
	Sent   Entry
	Stored Entry
}

// Answer stores an answer in an assessment whose head was already allowed for editing, or is what
// the author's link is about. What is stored already is returned as it is, also to a writer who saw
// something older. Errors: NotFound, also for a question that a link does not ask; Invalid with
// fields; Conflict with Detail Stale if something else is stored by now than the writer saw, or with
// code assessment_locked, round_closed or delegation_nameless, or those of Delegation.Refusal.
func (s *Service) Answer(ctx context.Context, by Author, h Head, q checklist.QuestionID, in Input) (Entry, error) {
	if err := by.named(); err != nil {
		return Entry{}, err
	}
	if !by.asked(q) {
		return Entry{}, ErrNoQuestion.Saying("the link does not ask this question")
	}
	now := s.now().UTC()
	if err := s.takesAnswers(h, now); err != nil {
		return Entry{}, err
	}
	d, err := s.checklists.Definition(ctx, h.Hash)
	if err != nil {
		return Entry{}, err
	}
	w, err := s.write(d, by.actor, h, q, in)
	if err != nil {
		return Entry{}, err
	}
	w.At, w.Origin = now, by.typed()
	entries, err := s.store.Save(ctx, h.ID, now, by.secret(), w)
	if f := fault.As(err); f != nil && f.Kind == fault.Conflict {
		if stored, ok := f.Detail.(Entry); ok {
			sent := Entry{Question: q, Given: w.Given, Answer: w.Answer, Comment: w.Comment, Revision: in.Revision,
				By: w.ByName, At: now}
			return Entry{}, f.About(Stale{Sent: sent, Stored: stored})
		}
	}
	if err != nil {
		return Entry{}, err
	}
	return entries[0], nil
}

// write checks what a person gives and returns it as it is to be stored; At is still to be set.
func (s *Service) write(d *checklist.Definition, a account.Actor, h Head, id checklist.QuestionID, in Input) (Write,
	error) {
	w := Write{ID: h.ID, Question: id, Revision: in.Revision, Shown: in.Shown, By: a.User, ByName: a.Name,
		KeepComment: in.Comment == nil}
	q, _, ok := d.Question(id)
	if !ok {
		return w, ErrNoQuestion
	}
	if in.Revision < 0 {
		return w, fault.Fields([]fault.Field{{Name: "revision", Code: "revision",
			Message: "a revision of 0 or more is expected"}})
	}
	var err error
	if w.Answer, w.Given, err = parse(q, in); err != nil {
		return w, err
	}
	if in.Comment != nil {
		w.Comment, err = checkComment(*in.Comment)
	}
	return w, err
}

func parse(q *checklist.Question, in Input) (checklist.Answer, bool, error) {
	if in.NotApplicable != nil {
		answer, err := q.NotApplicableAnswer(*in.NotApplicable)
		return answer, true, err
	}
	for _, v := range in.Values {
		if !plaintext.IsBlank(v) {
			answer, err := q.Parse(in.Values)
			return answer, true, err
		}
	}
	return checklist.Answer{}, false, nil
}

func checkComment(c string) (string, error) {
	c = plaintext.Text(c)
	if !utf8.ValidString(c) || strings.ContainsRune(c, 0) {
		return "", fault.Fields([]fault.Field{{Name: "comment", Code: "utf8",
			Message: "the comment is not valid UTF-8"}})
	}
	if utf8.RuneCountInString(c) > checklist.MaxComment {
		return "", fault.Fields([]fault.Field{{Name: "comment", Code: "text_long",
			Message: "the comment is longer than 2000 characters",
			Args:    map[string]any{"Max": checklist.MaxComment}}})
	}
	return c, nil
}

func (s *Service) takesAnswers(h Head, now time.Time) error {
	switch {
	case !h.Removed.IsZero():
		return ErrRemoved
	case h.Status == Submitted:
		return ErrLocked
	case !h.TakesAnswers(now):
		return ErrRoundClosed
	}
	return nil
}

// History returns a question's changes, the newest first.
func (s *Service) History(ctx context.Context, h Head, q checklist.QuestionID) ([]Change, error) {
	return s.store.History(ctx, h.ID, q)
}

// Evidence lists all evidence of an assessment whose head was already allowed.
func (s *Service) Evidence(ctx context.Context, h Head) ([]Evidence, error) {
	return s.store.Evidence(ctx, h.ID)
}

// EvidenceFile returns a file of an assessment whose head was already allowed.
func (s *Service) EvidenceFile(ctx context.Context, h Head, e EvidenceID) (Evidence, []byte, error) {
	return s.store.EvidenceFile(ctx, h.ID, e)
}

// MaxTownFiles is how large all files of a town's evidence can be together, in bytes, over all rounds.
const MaxTownFiles = 500 << 20

// MaxEvidence is how many pieces of evidence one question can have.
const MaxEvidence = 20

// MaxLink is how long a link can be, in characters.
const MaxLink = 2000

// hostFirst is an address as people copy it from memory: www.example.org/page.
var hostFirst = regexp.MustCompile(`^([\p{L}\p{N}]([\p{L}\p{N}-]*[\p{L}\p{N}])?\.)+\p{L}{2,}(:[0-9]+)?([/?#].*)?$`)

// AddLink stores a link as evidence. Only http and https addresses without credentials are taken; one that begins
// with a host's name gets https.
func (s *Service) AddLink(ctx context.Context, a account.Actor, h Head, q checklist.QuestionID,
	address, title string) (EvidenceID, error) {
	if err := s.takesAnswers(h, s.now().UTC()); err != nil {
		return 0, err
	}
	address = plaintext.Line(address)
	if utf8.RuneCountInString(address) > MaxLink {
		return 0, fault.Fields([]fault.Field{{Name: "link", Code: "link_long",
			Message: "the address is longer than 2000 characters",
			Args:    map[string]any{"Max": MaxLink}}})
	}
	if hostFirst.MatchString(address) {
		address = "https://" + address
	}
	u, err := url.Parse(address)
	if err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.Host == "" || u.User != nil {
		return 0, fault.Fields([]fault.Field{{Name: "link", Code: "link",
			Message: "an address such as https://www.example.org/page is expected"}})
	}
	title = plaintext.Line(title)
	if utf8.RuneCountInString(title) > 200 || !utf8.ValidString(title) {
		return 0, fault.Fields([]fault.Field{{Name: "title", Code: "text_long",
			Message: "the title is longer than 200 characters", Args: map[string]any{"Max": 200}}})
	}
	if title == "" {
		title = address
	}
	return s.add(ctx, a, h, Evidence{Question: q, Link: u.String(), Title: title}, nil)
}

// AddFile stores a file as evidence after checking its type by content; see Sniff.
func (s *Service) AddFile(ctx context.Context, a account.Actor, h Head, q checklist.QuestionID, name string,
	data []byte) (EvidenceID, error) {
	if err := s.takesAnswers(h, s.now().UTC()); err != nil {
		return 0, err
	}
	e, err := Sniff(name, data)
	if err != nil {
		return 0, err
	}
	e.Question = q
	return s.add(ctx, a, h, e, data)
}

func (s *Service) add(ctx context.Context, a account.Actor, h Head, e Evidence, data []byte) (EvidenceID, error) {
	d, err := s.checklists.Definition(ctx, h.Hash)
	if err != nil {
		return 0, err
	}
	if _, _, ok := d.Question(e.Question); !ok {
		return 0, ErrNoQuestion
	}
	list, err := s.store.Evidence(ctx, h.ID)
	if err != nil {
		return 0, err
	}
	n := 0
	for _, old := range list {
		if old.Question == e.Question {
			n++
		}
	}
	if n >= MaxEvidence {
		return 0, fault.Fields([]fault.Field{{Name: "file", Code: "evidence_many",
			Message: "a question can have at most 20 pieces of evidence", Args: map[string]any{"Max": MaxEvidence}}})
	}
	e.By, e.At = a.Name, s.now().UTC()
	return s.store.AddEvidence(ctx, h.ID, e, data, a.User)
}

// RemoveEvidence takes evidence away; the log keeps that it was there.
func (s *Service) RemoveEvidence(ctx context.Context, a account.Actor, h Head, id EvidenceID) error {
	now := s.now().UTC()
	if err := s.takesAnswers(h, now); err != nil {
		return err
	}
	return s.store.RemoveEvidence(ctx, h.ID, id, now, s.event(a, h, account.EventEvidenceRemoved, ""))
}

// TidyEvidence deletes the evidence, files and links, of rounds that closed longer ago than keep
// (0: all is kept), except files that a later round shows too, and returns how many pieces they
// were. It can run on several nodes at once.
func (s *Service) TidyEvidence(ctx context.Context, keep time.Duration) (int, error) {
	if keep <= 0 {
		return 0, nil
	}
	now := s.now().UTC()
	return s.store.RemoveEvidenceOf(ctx, now.Add(-keep), account.Event{At: now, Name: account.OperatorName,
		Kind: account.EventEvidenceExpired})
}

// Submit hands the assessment in as the actor saw it: change is the head's Change on the page
// that was confirmed. Open questions do not hinder it. If somebody answered meanwhile: Conflict
// with code "changed_meanwhile".
func (s *Service) Submit(ctx context.Context, a account.Actor, id ID, change int64) error {
	h, err := s.Head(ctx, a, account.SubmitAssessment, id)
	if err != nil {
		return err
	}
	now := s.now().UTC()
	if err := s.takesAnswers(h, now); err != nil {
		return err
	}
	if change != h.Change {
		return ErrMeanwhile
	}
	v, err := s.View(ctx, h)
	if err != nil {
		return err
	}
	return s.handOver(ctx, a, v, now)
}

func (s *Service) handOver(ctx context.Context, a account.Actor, v View, now time.Time) error {
	population, err := s.population(ctx, v.Head.Town)
	if err != nil {
		return err
	}
	record, err := record(v.Definition, v.Head.Town, population, Answers(v.Entries))
	if err != nil {
		return err
	}
	return s.store.Submit(ctx, Handover{ID: v.Head.ID, Change: v.Head.Change, By: a.User, ByName: a.Name, At: now,
		Record: record, Event: s.event(a, v.Head, account.EventSubmitted, "")})
}

// Reopen gives a submitted assessment back to its town, with a reason of at least 10 characters.
func (s *Service) Reopen(ctx context.Context, a account.Actor, id ID, reason string) error {
	h, err := s.Head(ctx, a, account.ReopenAssessment, id)
	if err != nil {
		return err
	}
	if !h.RoundOpen {
		return ErrRoundClosed
	}
	reason = plaintext.Text(reason)
	if plaintext.Length(reason) < checklist.MinReason || utf8.RuneCountInString(reason) > checklist.MaxReason ||
		!utf8.ValidString(reason) {
		return fault.Fields([]fault.Field{{Name: "reason", Code: "reason_short",
			Message: "a reason of at least 10 characters is needed", Args: map[string]any{"Min": checklist.MinReason}}})
	}
	e := s.event(a, h, account.EventReopened, reason)
	return s.store.Reopen(ctx, id, e.At, reason, e)
}

func (s *Service) event(a account.Actor, h Head, kind account.EventKind, detail string) account.Event {
	return account.Event{At: s.now().UTC(), Actor: a.User, Name: a.Name, Kind: kind, Town: h.Town, Region: h.Region,
		Subject: h.TownName + " · " + h.RoundTitle, Detail: detail}
}
