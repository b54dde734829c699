package assessments

import (
	"slices"
	"strings"
	"time"

	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/web/site"
)

// OfferView is what a town's earlier answers offer for a question. With Why nothing is proposed:
// the old answers are shown for reference.
type OfferView struct {
	Round    string
	Year     string // when they were handed in
	At       time.Time
	Words    string // the proposed answer
	Reason   string // of "not applicable"
	Why      string // why the question must be answered anew
	Comment  string
	Evidence string // titles
	Then     []oldAnswerView
	Was      string   // what was proposed when a refused form was shown
	Values   []string // as a form says what it showed
	Hidden   bool     // there is an answer: shown once that is taken back
	Old      OldView
}

// OldView is what stays at hand of the earlier assessment.
type OldView struct {
	Assessment int64
	Then       []oldAnswerView
	Evidence   []EvidenceView
}

// oldAnswerView is an old answer, with the question where it was put differently.
type oldAnswerView struct {
	Question, Words, Reason, Comment string
}

// NewOfferView fills the view of what is offered for a question with an entry.
func NewOfferView(r *site.Request, q *QuestionText, from *assessment.Head, o *assessment.Proposal,
	e assessment.Entry) *OfferView {
	v := &OfferView{Round: from.RoundTitle, Year: r.Text.Words().Year(from.Submitted), At: o.At(),
		Comment: o.Comment, Hidden: e.Given}
	v.Old = OldView{Assessment: int64(from.ID), Then: oldAnswers(r, q, o)}
	for _, piece := range o.Evidence {
		v.Old.Evidence = append(v.Old.Evidence, NewEvidenceView(r, piece))
	}
	titles := make([]string, len(o.Evidence))
	for i, e := range o.Evidence {
		titles[i] = e.Title
	}
	v.Evidence = strings.Join(titles, ", ")
	if o.Reason != "" {
		v.Why = r.Text.Text("proposal.reason." + string(o.Reason))
	} else {
		proposed := assessment.Entry{Given: true, Answer: o.Answer}
		values, reason, na := RawAnswer(r.Text.Lang, proposed)
		if na {
			values = []string{NotApplicableChoice}
		}
		v.Words, v.Reason, v.Values = AnswerInWords(r, q, true, o.Answer), reason, values
	}
	if v.Why == "" && len(o.Sources) == 1 && v.Old.Then[0].Question == "" {
		return v // the proposal says it all
	}
	v.Then = slices.Clone(v.Old.Then)
	if v.Comment != "" && len(o.Sources) == 1 {
		v.Then[0].Comment = "" // stands there already
	}
	return v
}

// oldAnswers puts into words what was answered then, with the question unless it is the only one
// and reads as it does now.
func oldAnswers(r *site.Request, q *QuestionText, o *assessment.Proposal) []oldAnswerView {
	list := make([]oldAnswerView, len(o.Sources))
	for i, source := range o.Sources {
		list[i] = oldAnswer(r, source)
	}
	if len(list) == 1 && list[0].Question == q.Text {
		list[0].Question = ""
	}
	return list
}

// oldAnswer puts an answer of an earlier version into that version's words.
func oldAnswer(r *site.Request, o assessment.OldEntry) oldAnswerView {
	lang := site.LangOf(r)
	q := QuestionText{Question: o.Question, ID: string(o.Question.ID), Text: o.Question.Text.In(lang),
		Unit: o.Question.Unit.In(lang)}
	for _, option := range o.Question.Options {
		q.Options = append(q.Options, OptionText{Value: string(option.ID), Label: option.Label.In(lang)})
	}
	return oldAnswerView{Question: q.Text, Words: AnswerInWords(r, &q, o.Entry.Given, o.Entry.Answer),
		Reason: ReasonOf(o.Entry.Given, o.Entry.Answer), Comment: o.Entry.Comment}
}

// OriginText says where an answer or a piece of evidence was taken from; empty if it was typed here.
func OriginText(r *site.Request, o assessment.Origin) string {
	switch o.Kind {
	case assessment.OriginForm, assessment.OriginImport:
		return r.Text.Text("excel.origin", "File", o.Subject)
	case assessment.OriginTyped, assessment.OriginLink: // there the name says it
		return ""
	}
	return r.Text.Text("proposal.origin", "Round", o.Subject, "Date", r.Text.Words().Date(o.At))
}

// originShort is originText for a line beside an answer that says the rest.
func originShort(r *site.Request, o assessment.Origin) string {
	if o.Kind != assessment.OriginCarried {
		return ""
	}
	return r.Text.Text("proposal.origin_short", "Round", o.Subject)
}

// ProposalProgress says how many proposals wait for a confirmation, as figures and as the page says it.
type ProposalProgress struct {
	Left   int    `json:"left"`   // of the whole assessment
	All    int    `json:"all"`    // with those that were answered since
	Here   int    `json:"here"`   // of the section
	Follow int    `json:"follow"` // of these, those to questions that other proposals bring up
	Text   string `json:"text"`
	Button string `json:"button"` // empty: there are not several to confirm here
}

// Progress puts into words how many proposals wait.
func (x *SheetOf) Progress(r *site.Request, section checklist.SectionID) ProposalProgress {
	_, i, _ := x.View.Definition.Section(section)
	return proposalProgress(r, x.Waiting(), i)
}

func proposalProgress(r *site.Request, w waiting, section int) ProposalProgress {
	here := w.sections[section]
	p := ProposalProgress{Left: w.Whole.Count, All: w.all, Here: here.Count, Follow: here.Follow}
	t := r.Text.Text
	switch {
	case p.Left == 0:
		p.Text = t("proposal.left_none")
	case p.Here == 0:
		p.Text = t("proposal.left_elsewhere", "Count", p.Left)
	default:
		p.Text = t("proposal.left", "Count", p.Here, "Follow", followUps(r.Text, p.Follow), "Left", p.Left)
		if p.Here == 2 {
			p.Button = t("proposal.both")
		} else if p.Here > 2 {
			p.Button = t("proposal.all", "N", p.Here)
		}
	}
	return p
}

// followUps is the part of a sentence on proposals that tells those to follow-up questions; empty if there are none.
func followUps(m *site.Messages, n int) string {
	if n == 0 {
		return ""
	}
	return m.Text("proposal.follow", "Count", n)
}

// WaitingProposals is what the pages around the questions say about proposals.
type WaitingProposals struct {
	proposalCount
	From int64  // the assessment they come from
	Text string // how many wait
	Of   string // the round they come from
}

func NewWaitingProposals(r *site.Request, offers *assessment.Proposals, n proposalCount) WaitingProposals {
	v := WaitingProposals{proposalCount: n, From: int64(offers.From.ID), Of: offers.From.RoundTitle}
	if n.Count > 0 {
		v.Text = r.Text.Text("proposal.waiting", "Count", n.Count, "Round", v.Of, "Follow", followUps(r.Text, n.Follow))
	}
	return v
}

// SectionProposals is what a section's page says about its proposals.
type SectionProposals struct {
	ProposalProgress
	Round string
	Seen  string
	Next  *SectionState // the next section with proposals, where none are left here
}

// SectionProposals fills the notice of a section; nil if the town has no earlier answers.
func (x *SheetOf) SectionProposals(r *site.Request, index int) *SectionProposals {
	if len(x.Offers.List) == 0 {
		return nil
	}
	w := x.Waiting()
	v := &SectionProposals{ProposalProgress: proposalProgress(r, w, index), Round: x.Offers.From.RoundTitle,
		Seen: x.Offers.Seen}
	for i := 1; i < len(w.sections); i++ {
		if k := (index + i) % len(w.sections); w.sections[k].Count > 0 {
			v.Next = &SectionState{ID: x.Text.Sections[k].ID, Title: x.Text.Sections[k].Title}
			break
		}
	}
	return v
}
