package assessment

import (
	"context"
	"hash/fnv"
	"strconv"
	"time"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/checklist/carry"
	"ortsspiegel/pkg/internal/plaintext"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/score"
)

// ID identifies an assessment.
type ID int64

// EvidenceID identifies a piece of evidence.
type EvidenceID int64

// Status says what an assessment takes.
type Status string

// The states of an assessment.
const (
	Draft     Status = "draft"     // takes answers
	Submitted Status = "submitted" // locked; reopening makes it a draft again
)

// Head is everything about an assessment but its answers, with what it inherits from its round.
type Head struct {
	ID           ID
	Town         region.AGS
	TownName     string
	Status       Status
	Change       int64 // grows with every write; a fingerprint for caches and for submitting what was seen
	Submitted    time.Time
	SubmittedBy  string // name
	ReopenReason string // why it was given back; empty: never or submitted again since
	Reopened     time.Time
	ReopenedBy   string // name; empty if the log no longer tells

	Removed       time.Time // when the agency took the town out of the round; zero: it takes part
	RemovedReason string    // as the town reads it

	Others string // stands for the state of the town's other submitted assessments; empty: there are none

	Round      int64
	RoundTitle string
	Region     region.ID
	Checklist  checklist.Ref
	Hash       string // of the checklist's bytes
	RoundOpen  bool   // the agency has opened and not closed it
	Opens      time.Time
	Closes     time.Time
	Released   bool // a benchmark was published
}

// Object returns what the policy is asked about. What a town has submitted is its own again once it
// was taken out of the round.
func (h Head) Object() account.Object {
	return account.Object{Regions: []region.ID{h.Region}, Town: h.Town,
		Submitted: h.Status == Submitted && h.Removed.IsZero()}
}

// TakesAnswers reports whether answers are accepted at a time.
func (h Head) TakesAnswers(at time.Time) bool {
	return h.Status == Draft && h.Removed.IsZero() && h.RoundOpen && !at.Before(h.Opens) && at.Before(h.Closes)
}

// Entry is what is stored for one question. A question without an entry was never touched.
type Entry struct {
	Question checklist.QuestionID
	Given    bool             // false: open (never answered, or the answer was taken back)
	Answer   checklist.Answer // where Given
	Comment  string
	Revision int // 1 for the first write
	By       string
	At       time.Time
	Origin   Origin // of Answer
}

// Digest stands for what an entry says, whoever wrote it, when and in which language it is shown. A page sends
// back with each question the digest of what it showed, so that an untouched question can be told from a changed
// one. Nothing depends on it being secret.
func (e Entry) Digest() string {
	h := fnv.New64a()
	write := func(part string) {
		h.Write([]byte(plaintext.Text(part))) // what was stored before texts had one form is the same
		h.Write([]byte{0})
	}
	if e.Given {
		write(strconv.Itoa(int(e.Answer.Kind)))
		for _, id := range e.Answer.Options {
			write(string(id))
		}
		write(e.Answer.Number.String())
		write(e.Answer.Text)
	}
	write(e.Comment)
	return strconv.FormatUint(h.Sum64(), 36)
}

// Change is one line of a question's history.
type Change struct {
	Revision  int
	By        string
	At        time.Time
	FromGiven bool
	From      checklist.Answer
	ToGiven   bool
	To        checklist.Answer
	Comment   string // after the change
	Before    string // comment before
	Origin    Origin // of To, where this change brought it
}

// Evidence is a link or a file that shows an answer.
type Evidence struct {
	ID       EvidenceID
	Question checklist.QuestionID
	Link     string // http or https address; empty for a file
	Title    string // what the link is called, or the file's name
	Type     string // media type of a file, found by its content
	Size     int64  // bytes of a file
	SHA256   string // hex, of a file
	By       string
	At       time.Time
	Origin   Origin
}

// Write is one answer as it is to be stored.
type Write struct {
	ID       ID
	Question checklist.QuestionID
	Given    bool
	Answer   checklist.Answer
	Comment  string
	// KeepComment leaves the stored comment as it is, whatever Comment says.
	KeepComment bool
	// KeepAnswer leaves the stored answer as it is, whatever Given and Answer say.
	KeepAnswer bool
	Origin     Origin
	Carried    *Carried // of a confirmed proposal; nil: none
	Revision   int      // the revision the writer saw; 0: none
	Shown      string   // Entry.Digest of what the writer saw; empty: not known
	By         account.UserID
	ByName     string
	At         time.Time
}

// Carried is what comes along with a proposal that is confirmed by a Write.
type Carried struct {
	Source       ID         // where it comes from
	SourceChange int64      // the change of the source it was computed from; if it has moved on, Conflict
	Comment      string     // where none is stored
	Evidence     []Evidence // of the source; what the question has already, or has no room for, is left out
}

// Handover is what submitting stores: the record a benchmark needs and the result's total.
type Handover struct {
	ID     ID
	Change int64 // the change that was scored; if it has moved on, Conflict
	By     account.UserID
	ByName string
	At     time.Time
	Record []byte // bench.Record, encoded
	Event  account.Event
}

// Store keeps assessments. Missing rows are fault.NotFound, a database that does not answer
// is fault.Unavailable.
type Store interface {
	Head(ctx context.Context, id ID) (Head, error)
	HeadsOfTown(ctx context.Context, town region.AGS) ([]Head, error) // newest round first
	Entries(ctx context.Context, id ID) (map[checklist.QuestionID]Entry, error)
	// Save writes answers and their history in one transaction, all of them or none, if the assessment is a draft
	// of an open round at that time and what the writer saw is what is stored. Else Conflict: with Detail = Entry
	// (what is stored now) for what has changed since, with code "assessment_locked" or "round_closed" for the state.
	// A write that says what is stored by then, whoever stored it, returns that and leaves no trace: so a save can
	// be repeated whose answer was lost. link is the secret by which a colleague writes, nil for somebody with an
	// account: the delegation must be open at the moment of writing, so that after RevokeDelegation or
	// RenewDelegation has returned, nothing is written by the old secret; a closed one is refused by
	// Delegation.Refusal, an unknown one is NotFound. The entries are in the order of the writes.
	Save(ctx context.Context, id ID, at time.Time, link *account.Hash, list ...Write) ([]Entry, error)
	History(ctx context.Context, id ID, q checklist.QuestionID) ([]Change, error) // newest first
	// AtRevisions returns what was stored at a revision of each question; what never was is missing.
	AtRevisions(ctx context.Context, id ID, revisions map[checklist.QuestionID]int) (map[checklist.QuestionID]Entry,
		error)
	// Confirm writes the answers of c, with what comes along, where none is given at the moment
	// of writing, all in one transaction; the others are reported as kept. The states are
	// refused as by Save. If the source is not what it was: Conflict with code proposal_changed.
	Confirm(ctx context.Context, c Confirmation) (Confirmed, error)

	Evidence(ctx context.Context, id ID) ([]Evidence, error) // by question, then id
	// EvidenceFile returns NotFound for a link, or for evidence of another assessment.
	EvidenceFile(ctx context.Context, id ID, e EvidenceID) (Evidence, []byte, error)
	AddEvidence(ctx context.Context, id ID, e Evidence, data []byte, by account.UserID) (EvidenceID, error)
	RemoveEvidence(ctx context.Context, id ID, e EvidenceID, at time.Time, event account.Event) error
	// RemoveEvidenceOf deletes the evidence of assessments whose rounds are over and closed before
	// a time, a bounded number at once, and returns how many pieces they were. Each town's log says
	// so by a copy of the event.
	RemoveEvidenceOf(ctx context.Context, closed time.Time, event account.Event) (int, error)

	// CreateDelegation stores a delegation with the hash of its secret. If already most are neither
	// revoked nor expired when it is made: Conflict with code delegation_many.
	CreateDelegation(ctx context.Context, d Delegation, h account.Hash, most int, e account.Event) (DelegationID, error)
	Delegations(ctx context.Context, id ID) ([]Delegation, error) // newest first
	// DelegationsOfTown returns those of all assessments of a town, the newest first, at most so many.
	DelegationsOfTown(ctx context.Context, town region.AGS, most int) ([]Delegation, error)
	// DelegationByHash finds a delegation by its secret, or by one that a newer has replaced.
	DelegationByHash(ctx context.Context, h account.Hash) (Delegation, error)
	// RevokeDelegation ends a delegation of this assessment; RenewDelegation gives it another secret and
	// counts a reminder. What is not there or revoked already is NotFound.
	RevokeDelegation(ctx context.Context, id ID, d DelegationID, at time.Time, e account.Event) error
	RenewDelegation(ctx context.Context, id ID, d DelegationID, h account.Hash, at, expires time.Time,
		e account.Event) error
	// UseDelegation notes a use of a delegation that is open at u.At; a closed one is refused by Delegation.Refusal.
	UseDelegation(ctx context.Context, u Use) error

	Submit(ctx context.Context, h Handover) error
	Reopen(ctx context.Context, id ID, at time.Time, reason string, event account.Event) error
}

// Checklists finds the checklists that rounds have pinned, by their hash.
type Checklists interface {
	Definition(ctx context.Context, hash string) (*checklist.Definition, error)
	// Path leads from one checklist to a later version of it; NotFound if there is no way.
	Path(ctx context.Context, fromHash, toHash string) (*carry.Path, error)
}

// View is an assessment as its pages need it: one consistent reading.
type View struct {
	Head       Head
	Definition *checklist.Definition
	Entries    map[checklist.QuestionID]Entry
	Result     *score.Result
}

// Answers returns the entries as the score takes them.
func Answers(entries map[checklist.QuestionID]Entry) score.Answers {
	answers := make(score.Answers, len(entries))
	for id, e := range entries {
		if e.Given {
			answers[id] = e.Answer
		}
	}
	return answers
}
