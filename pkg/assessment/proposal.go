package assessment

import (
	"time"

	"ortsspiegel/pkg/checklist"
)

// Origin says where an answer came from if nobody typed it here. The zero Origin: it was typed.
type Origin struct {
	Kind    OriginKind
	Subject string    // carried: the title of the earlier round
	At      time.Time // carried: when it was answered then
}

// OriginKind is a way an answer can come.
type OriginKind string

// The origins.
const (
	OriginTyped   OriginKind = ""
	OriginCarried OriginKind = "carried" // a proposal from an earlier round, confirmed
)

// OldEntry is an answer of the earlier assessment, with the question as it was put then.
type OldEntry struct {
	Question *checklist.Question
	Entry    Entry
}

// Proposal is what the town's last submitted assessment offers for one question.
type Proposal struct {
	Question checklist.QuestionID
	Answer   checklist.Answer // where Reason is empty
	Reason   checklist.Reason // why it must be answered anew; the old answer is shown for reference
	Sources  []OldEntry       // what was answered then, at least one
	Comment  string           // comes along when the proposal is confirmed
	Evidence []Evidence       // comes along too; of the earlier assessment
}

// At returns when the newest of the old answers was given.
func (p *Proposal) At() time.Time {
	var at time.Time
	for _, s := range p.Sources {
		if s.Entry.At.After(at) {
			at = s.Entry.At
		}
	}
	return at
}

// Proposals is what the town's last submitted assessment of the same checklist offers for an
// assessment. It is computed, never stored: what was not confirmed is open everywhere.
type Proposals struct {
	From    Head   // where they come from; ID 0: there is no earlier assessment
	Seen    string // what a confirmation sends back, so that nothing unseen is confirmed
	List    map[checklist.QuestionID]Proposal
	Retired []OldEntry // old answers no question comes from any more
}
