package round

import (
	"cmp"
	"context"
	"time"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/bench/disclosure"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/lineage"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/score"
)

// ID identifies a round.
type ID int64

// Status is where a round stands.
type Status string

// The states of a round.
const (
	Planned   Status = "planned"
	Open      Status = "open"
	Closed    Status = "closed"
	Published Status = "published" // closed, with a release
)

// Round is a period in which an agency's municipalities judge themselves.
type Round struct {
	ID        ID
	Region    region.ID
	Title     string
	Checklist checklist.Ref
	Hash      string // of the checklist's bytes, pinned
	Opens     time.Time
	Closes    time.Time
	Status    Status
	Created   time.Time
	Groups    []region.Group // fixed when it opens; a town that is added or taken out later changes only its own place
	Revision  int64          // grows with every change of the round itself
}

// Object returns what the policy is asked about.
func (r Round) Object() account.Object { return account.Object{Regions: []region.ID{r.Region}} }

// ByOpening orders rounds by when they open, and those that open at once by when they were created.
func ByOpening(a, b Round) int {
	return cmp.Or(a.Opens.Compare(b.Opens), cmp.Compare(a.ID, b.ID))
}

// Participant is a town in a round.
type Participant struct {
	Town       region.Municipality
	Assessment assessment.ID // 0 until the round opens
	Status     assessment.Status
	Change     int64 // 0: nothing was ever entered
	Submitted  time.Time
	Consent    disclosure.Consent // what the town opted in to be named with
	Population int                // frozen when the round opened
	Progress   float64            // completeness in [0, 1]; computed by the service, never stored
}

// New is what an agency says about a round it creates.
type New struct {
	Title     string
	Checklist checklist.Ref
	Opens     time.Time
	Closes    time.Time
	Towns     []region.AGS
}

// Submission is a submitted assessment as the agency's workbook and tables need it.
type Submission struct {
	Assessment assessment.ID
	Town       region.Municipality
	At         time.Time
	Entries    map[checklist.QuestionID]assessment.Entry
	Answers    score.Answers
}

// Store keeps rounds. Missing rows are fault.NotFound.
type Store interface {
	Submitted
	Round(ctx context.Context, id ID) (Round, error)
	RoundsOfRegion(ctx context.Context, id region.ID) ([]Round, error) // newest first
	// Create writes the round, its checklist and the versions before it (the oldest first; the
	// last is the round's own; each once per hash), and its participants.
	Create(ctx context.Context, r Round, pins []lineage.Pinned, towns []region.AGS, e account.Event) (ID, error)
	// Participants lists a round's towns by name, in one statement.
	Participants(ctx context.Context, id ID) ([]Participant, error)
	// Counts counts a round's towns, in one statement.
	Counts(ctx context.Context, id ID) (Counts, error)
	// Removed lists the towns that were taken out of a round after it had opened, by name.
	Removed(ctx context.Context, id ID) ([]RemovedTown, error)
	// WithoutLead lists the round's towns in which nobody can submit yet, by name.
	WithoutLead(ctx context.Context, id ID) ([]region.Municipality, error)
	// ChangeRound writes a round's title, window, groups and towns, if it is still at c.Seen in the
	// state r.Status: else Conflict.
	ChangeRound(ctx context.Context, r Round, c StoredChange) error
	// ReopenRound opens a closed round without a release again until a time; any other is a Conflict.
	ReopenRound(ctx context.Context, id ID, closes time.Time, e account.Event) error
	// Drafts lists the towns of a round whose drafts hold anything, by name; those that were taken out too.
	Drafts(ctx context.Context, id ID) ([]region.Municipality, error)
	// RemoveDrafts empties the drafts of a round that is closed or published, any other is a
	// Conflict, and tells each town whose draft held anything: the event's copy for it. It returns
	// how many they were.
	RemoveDrafts(ctx context.Context, id ID, e account.Event) (int, error)
	// DeleteRound removes a round in which nobody has entered or asked anything; any other is a Conflict.
	DeleteRound(ctx context.Context, id ID, e account.Event) error
	// SetStatus moves a round from one state to another; if it is not in from: Conflict.
	// Opening creates the participants' assessments and stores the groups.
	SetStatus(ctx context.Context, id ID, from, to Status, at time.Time, groups []region.Group, e account.Event) error

	// ImportAssessments fills untouched assessments of an open round. A town that does not take part is NotFound, an
	// assessment that somebody has touched Conflict; everything in a piece of 100 assessments is stored or nothing.
	ImportAssessments(ctx context.Context, id ID, list []assessment.Import) error
	// ImportTable stores a table of answers with the round it is for in one transaction: the round
	// comes into being, is opened and closed as the intake says, all assessments are filled and
	// submitted, and everything has its line in the log; or nothing of it is there. Errors: Conflict
	// round_exists if the region has a round of this title and beginning, round_status if the round
	// stands elsewhere by now, assessment_touched.
	ImportTable(ctx context.Context, in Intake, list []assessment.Import) (ID, error)

	// Records calls f for the stored record of each submitted assessment by AGS, in one statement.
	// The bytes are f's until it returns.
	Records(ctx context.Context, id ID, f func(record []byte) error) error
	// Submissions calls f for each submitted assessment by AGS; answers are streamed, not held.
	Submissions(ctx context.Context, id ID, f func(Submission) error) error
	// SubmissionMark returns a text that changes with whatever is submitted or withdrawn in some rounds.
	SubmissionMark(ctx context.Context, rounds []ID) (string, error)
	// AnswersOf reads the answers of some assessments in one statement.
	AnswersOf(ctx context.Context, list []assessment.ID) (map[assessment.ID]score.Answers, error)

	Consent(ctx context.Context, id ID, town region.AGS) (disclosure.Consent, error)
	// SetConsent stores what a town is named with. If that is stored already, nothing is written; if shown is not
	// nil and something else is stored: Conflict with code consent_meanwhile and Detail bench.Consent.
	SetConsent(ctx context.Context, id ID, town region.AGS, c disclosure.Consent, shown *disclosure.Consent,
		e account.Event) error
	// Contact returns whom others may ask in a town; zero if it names nobody.
	Contact(ctx context.Context, id ID, town region.AGS) (Contact, error)
	// Contacts returns the contacts of all towns of a round that agree to be asked now and name somebody.
	Contacts(ctx context.Context, id ID) (map[region.AGS]Contact, error)
	// SetContact stores a town's contact. If another one than shown is stored, or the town may not be asked any more:
	// Conflict with code consent_meanwhile and Detail Contact. A contact that is stored already leaves no trace.
	SetContact(ctx context.Context, id ID, town region.AGS, c, shown Contact, e account.Event) error
	// Releases returns the published releases, the oldest first; Release the newest or NotFound.
	Releases(ctx context.Context, id ID) ([]StoredRelease, error)
	// ReleaseDays lists the same without what is in them: a country's release is some megabytes.
	ReleaseDays(ctx context.Context, id ID) ([]ReleaseDay, error)
	Release(ctx context.Context, id ID) (StoredRelease, error)
	// Publish adds a release and sets the state to Published in one transaction.
	Publish(ctx context.Context, id ID, data []byte, at time.Time, e account.Event) error
}

// StoredChange is what Store.ChangeRound writes beside the round itself.
type StoredChange struct {
	Seen                 int64        // the revision that the change rests on
	Added, Back, Removed []region.AGS // in a planned round, the removed leave no trace
	Reason               string       // why they were removed
	At                   time.Time
	Events               []account.Event
}

// Counts says how many towns of a round have got how far.
type Counts struct{ Towns, Submitted, Drafts int }

// RemovedTown is a town that was taken out of a round.
type RemovedTown struct {
	Town       region.Municipality
	Population int // frozen when the round opened
	Assessment assessment.ID
	Status     assessment.Status
	Change     int64 // 0: nothing was ever entered
	At         time.Time
	Reason     string
}

// StoredRelease is a release as it was published.
type StoredRelease struct {
	Number int // from 1
	At     time.Time
	Data   []byte
}

// ReleaseDay says when a release was published.
type ReleaseDay struct {
	Number int // from 1
	At     time.Time
}
