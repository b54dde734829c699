package web

import (
	"net/http"
	"strconv"
	"time"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/round"
	"ortsspiegel/pkg/wording"
)

// startView is the start page: what this is for guests, a dashboard by role for those signed in.
type startView struct {
	pageView
	SignedIn    bool
	Place       string
	Assessments []startAssessment // of a town
	Rounds      []startRound      // of an agency
	Agency      bool
	MayManage   bool
	Now         time.Time
	Notices     []noticeLine // what others did to the town's people
	NoticesTo   int64        // the id of the last of them
}

// startAssessment is a line of a town's dashboard.
type startAssessment struct {
	ID            int64
	Title         string
	State         string // not_begun, draft, returned, submitted, waiting, over
	Reason        string // why it was given back
	Returned      string // when and by whom
	Opens, Closes time.Time
	Submitted     time.Time
	By            string
	Removed       time.Time // taken out of the round, and why
	RemovedReason string
	Released      bool
	Answerable    bool
	Counted       counted // of one that can be answered
	Proposals     waitingProposals
	Since         string // the first round of the town's trend, on the newest assessment of a checklist; empty: there is none yet
}

// startRound is a line of an agency's dashboard.
type startRound struct {
	ID            int64
	Title, Status string
	Checklist     string
	Opens, Closes time.Time // the last day, as people say it
	Overdue       bool
	Progress      *progressCount // while it runs
}

func (s *shell) start(r *request) error {
	t := r.text.text
	if !r.actor.SignedIn() {
		return r.render(http.StatusOK, "start", startView{pageView: r.page(t("start.title"))})
	}
	v := startView{pageView: r.page(t("start.title_dashboard")), SignedIn: true, Place: r.place(), Agency: r.actor.Role.ForAgency(), Now: s.Now()}
	v.Within = v.Place
	if v.Agency {
		rounds, err := s.Rounds.OfRegion(r.ctx(), r.actor)
		if err != nil {
			return err
		}
		v.MayManage = account.Can(r.actor, account.ManageRound, ownScope(r.actor))
		for _, x := range rounds {
			line := roundLine(x)
			if x.Status == round.Open {
				counts, err := s.Rounds.Counts(r.ctx(), x)
				if err != nil {
					return err
				}
				counted := progressCount{counts.Towns, counts.Submitted, counts.Drafts, counts.Towns - counts.Submitted - counts.Drafts}
				line.Overdue, line.Progress = !s.Now().Before(x.Closes), &counted
			}
			v.Rounds = append(v.Rounds, line)
		}
		return r.render(http.StatusOK, "start", v)
	}
	var err error
	if v.Notices, v.NoticesTo, err = s.people.notices(r); err != nil {
		return err
	}
	heads, err := s.Assessments.OfTown(r.ctx(), r.actor)
	if err != nil {
		return err
	}
	for _, h := range heads {
		line := assessmentLine(h, s.Now())
		if line.Answerable {
			view, err := s.viewOf(r.ctx(), h)
			if err != nil {
				return err
			}
			line.Counted = countAll(view, true)
			now := sheetOf{view: view}
			if now.offers, err = s.proposalsOf(r, h); err != nil {
				return err
			}
			line.Proposals = r.waitingProposals(&now.offers, now.waiting().whole)
		}
		if line.Reason != "" {
			line.Returned = r.reopenedText(h)
		}
		line.Since = firstOfTrend(heads, h)
		v.Assessments = append(v.Assessments, line)
	}
	return r.render(http.StatusOK, "start", v)
}

// firstOfTrend names the round in which a town's trend begins, for the newest assessment of a checklist. There is a trend once two
// assessments are submitted; heads come newest round first.
func firstOfTrend(heads []assessment.Head, h assessment.Head) string {
	submitted, first := 0, ""
	newest := true
	for _, o := range heads {
		if o.Checklist.ID != h.Checklist.ID {
			continue
		}
		if newest && o.ID != h.ID {
			return ""
		}
		newest = false
		if o.Status == assessment.Submitted {
			submitted++
			first = o.RoundTitle
		}
	}
	if submitted < 2 {
		return ""
	}
	return first
}

func roundLine(x round.Round) startRound {
	return startRound{ID: int64(x.ID), Title: x.Title, Status: string(x.Status), Checklist: x.Checklist.String(), Opens: x.Opens, Closes: wording.LastDay(x.Closes)}
}

func assessmentLine(h assessment.Head, now time.Time) startAssessment {
	line := startAssessment{ID: int64(h.ID), Title: h.RoundTitle, State: assessmentState(h, now), Reason: h.ReopenReason, Opens: h.Opens, Closes: wording.LastDay(h.Closes),
		Submitted: h.Submitted, By: h.SubmittedBy, Released: h.Released, Removed: h.Removed, RemovedReason: h.RemovedReason}
	line.Answerable = h.TakesAnswers(now)
	return line
}

// assessmentState names where an assessment stands, as the key of its text "assessment.state.<state>".
func assessmentState(h assessment.Head, now time.Time) string {
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

// number reads an id from the address; anything but a positive number is -1, which nothing has.
func (r *request) number(param string) int64 {
	n, err := strconv.ParseInt(r.Param(param), 10, 64)
	if err != nil || n < 1 {
		return -1
	}
	return n
}
