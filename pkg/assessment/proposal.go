package assessment

import (
	"time"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/checklist/carry"
	"ortsspiegel/pkg/score"
)

// Origin says where an answer came from if nobody typed it here. The zero Origin: it was typed.
type Origin struct {
	Kind    OriginKind
	Subject string    // carried: the title of the earlier round; form and import: the file's name; link: who had asked
	At      time.Time // carried: when it was answered or added then
}

// OriginKind is a way an answer can come.
type OriginKind string

// The origins.
const (
	OriginTyped   OriginKind = ""
	OriginCarried OriginKind = "carried" // a proposal from an earlier round, confirmed
	OriginForm    OriginKind = "form"    // brought back in a workbook; Subject is its name
	OriginLink    OriginKind = "link"    // typed by a colleague without an account
	OriginImport  OriginKind = "import"  // read from a foreign table; Subject is its name
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
	Reason   carry.Reason     // why it must be answered anew; the old answer is shown for reference
	Sources  []OldEntry       // what was answered then, at least one
	Comment  string           // comes along when the proposal is confirmed, unless there is one already
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
// assessment. It is computed, never stored: what was not confirmed is open everywhere. List
// does not look at what was answered since: Offered and Within do. What it holds is shared
// and must not be changed.
type Proposals struct {
	From    Head   // where they come from; ID 0: there is no earlier assessment
	Seen    string // what a confirmation sends back, so that nothing unseen is confirmed
	List    map[checklist.QuestionID]Proposal
	Retired []OldEntry // old answers no question comes from any more
}

// Offered returns what is offered for a question: a proposal, or with a Reason what was
// answered then. Nothing is offered for a question that has an answer.
func (p *Proposals) Offered(v View, q checklist.QuestionID) (Proposal, bool) {
	o, ok := p.List[q]
	return o, ok && !v.Entries[q].Given
}

// Within returns the questions of a section whose proposals can be confirmed at once, in the
// order of the checklist: those that are active when the others are confirmed too. So a
// question that depends on a proposal of the section is among them.
func (p *Proposals) Within(v View, section checklist.SectionID) []checklist.QuestionID {
	s, _, ok := v.Definition.Section(section)
	if !ok {
		return nil
	}
	answers := Answers(v.Entries)
	proposed := map[checklist.QuestionID]bool{}
	for i := range s.Questions {
		id := s.Questions[i].ID
		if o, ok := p.Offered(v, id); ok && o.Reason == "" {
			answers[id], proposed[id] = o.Answer, true
		}
	}
	if len(proposed) == 0 {
		return nil
	}
	var list []checklist.QuestionID
	states := score.States(v.Definition, answers)
	for i, q := range v.Definition.Questions() {
		if proposed[q.ID] && states[i] != score.Inactive {
			list = append(list, q.ID)
		}
	}
	return list
}

// Confirmation is a set of proposals as they are to be stored.
type Confirmation struct {
	ID           ID
	Source       ID    // where they come from
	SourceChange int64 // the change of the source they were computed from
	Answers      []CarriedAnswer
	By           account.UserID
	ByName       string
	At           time.Time
}

// CarriedAnswer is one confirmed proposal.
type CarriedAnswer struct {
	Question checklist.QuestionID
	Answer   checklist.Answer
	Comment  string // where none is stored
	Origin   Origin
	Evidence []Evidence // of the source; what the question has already, or has no room for, is left out
}

// Confirmed is what became of a confirmation.
type Confirmed struct {
	Saved []Entry                // in the order of the checklist
	Kept  []checklist.QuestionID // somebody has answered them meanwhile: they stay as they are
}
