package assessments

import (
	"strconv"
	"strings"
	"time"

	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/web/site"
)

// AssessmentPage is what all pages of an assessment show: whose it is and where it stands.
type AssessmentPage struct {
	site.PageView
	ID       int64
	Round    string
	RoundID  int64
	Town     string
	State    string // key of assessment.state.*
	Editable bool
	Foreign  bool   // the reader belongs to an agency, not to the town
	Query    string // what was searched for; empty but on the page of what was found
}

// AssessmentFrame returns the frame of a page below the task list.
func AssessmentFrame(r *site.Request, title string) AssessmentPage {
	p := AssessmentPage{PageView: r.Page(title), ID: int64(Head(r).ID), Round: Head(r).RoundTitle,
		RoundID: Head(r).Round,
		Town:    Head(r).TownName,
		State:   AssessmentState(Head(r), r.Srv.Now()), Editable: Editable(r), Foreign: !r.Actor.Role.ForTown()}
	p.Within = p.listName()
	p.JobSteps = Steps(r, Head(r))
	p.SetCrumbs(append(p.Way(r.Text), site.Crumb{Label: title, URL: ""})...)
	return p
}

// Way leads from the start page to the task list; an agency passes the round.
func (p *AssessmentPage) Way(m *site.Messages) []site.Crumb {
	if p.Foreign {
		return []site.Crumb{{Label: m.Text("nav.start"), URL: "/"},
			{Label: p.Round, URL: site.RoundAddress(p.RoundID)}, {Label: p.Town, URL: p.Address("")}}
	}
	return []site.Crumb{{Label: m.Text("nav.start"), URL: "/"}, {Label: p.Round, URL: p.Address("")}}
}

// listName is what the way to a page calls the task list; an agency reads several towns' lists.
func (p *AssessmentPage) listName() string {
	if p.Foreign {
		return p.Town + " · " + p.Round
	}
	return p.Round
}

func (p *AssessmentPage) Address(rest string) string {
	return "/assessments/" + strconv.FormatInt(p.ID, 10) + rest
}

// SectionState says how far a section is.
type SectionState struct {
	ID, Title string
	Number    int
	Counted   Counted
	State     string // none, some, all
	Current   bool
	Proposals string // that wait for a confirmation, in words; only in the task list
	Query     string // behind the address of the section, beside the questions: what is carried along
	Asked     string // who was asked and until when; only beside the questions, for those who may ask
}

func NewSectionState(t *SectionText, c Counted) SectionState {
	s := SectionState{ID: t.ID, Title: t.Title, Number: t.Number, Counted: c, State: "some"}
	switch {
	case c.Done == c.All:
		s.State = "all"
	case c.Done == 0:
		s.State = "none"
	}
	return s
}

// SavedInSection says that the section whose form led here is saved: with scripts each answer was
// before, so that a number of those that the form has stored would mean nothing to its reader.
func (s *Pages) SavedInSection(r *site.Request, otherwise *site.NoticeView) (*site.NoticeView, error) {
	d, err := s.services.Versions.Definition(r.Ctx(), Head(r).Hash)
	if err != nil {
		return nil, err
	}
	id := r.QueryParam("of")
	if id == "" {
		id = r.Param("section")
	}
	section, _, ok := d.Section(checklist.SectionID(id))
	if !ok {
		return otherwise, nil
	}
	return SavedNotice(r, otherwise, r.Text.Text("section.saved", "Section", section.Title.In(site.LangOf(r)))), nil
}

// SavedNotice says what the form that led here has saved; without one the page keeps the notice it has.
func SavedNotice(r *site.Request, otherwise *site.NoticeView, saved string) *site.NoticeView {
	count := func(name string) int {
		n, err := strconv.Atoi(r.QueryParam(name))
		if err != nil || n < 0 || n >= 100 {
			return -1
		}
		return n
	}
	var said []string
	if n := count("confirmed"); n > 0 {
		said = append(said, r.Text.Text("proposal.confirmed", "Count", n))
	}
	if n := count("kept"); n > 0 {
		said = append(said, r.Text.Text("proposal.kept", "Count", n))
	}
	if n := count("saved"); n > 0 || n == 0 && len(said) == 0 {
		said = append(said, saved)
	}
	if len(said) == 0 {
		return otherwise
	}
	return &site.NoticeView{Kind: "success", Text: strings.Join(said, " ")}
}

// AssessmentState names where an assessment stands, as the key of its text "assessment.state.<state>".
func AssessmentState(h assessment.Head, now time.Time) string {
	switch {
	case !h.Removed.IsZero():
		return "removed"
	case h.Status == assessment.Submitted:
		return "submitted"
	case h.RoundOpen && now.Before(h.Opens):
		return "waiting"
	case !h.TakesAnswers(now):
		return "over"
	case h.ReopenReason != "":
		return "returned"
	case h.Change == 0:
		return "not_begun"
	}
	return "draft"
}

// Who begins the texts about the score: the town is spoken to, the agency is told.
func (p *AssessmentPage) Who() string {
	if p.Foreign {
		return "town"
	}
	return "own"
}
