package web

import (
	"context"
	"net/http"
	"time"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/round"
	"ortsspiegel/pkg/web/assessments"
	"ortsspiegel/pkg/web/people"
	"ortsspiegel/pkg/web/site"
	"ortsspiegel/pkg/wording"
)

// startView is the start page of those who have signed in: a dashboard by role.
type startView struct {
	site.PageView
	Place       string
	Board       *townBoard        // of a town
	Assessments []startAssessment // of a town, those that are not on the board
	agencyStart
	Agency    bool
	MayManage bool
	Now       time.Time
	Notices   []people.NoticeLine // what others did to the town's people
	NoticesTo int64               // the id of the last of them
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
	Counted       assessments.Counted // of one that can be answered
	Proposals     assessments.WaitingProposals
	MayConfirm    bool // the proposals
	// the first round of the town's trend, on the newest assessment of a checklist; empty: there is
	// none yet
	Since string
}

// begun, own and unled are what the start page asks of rounds, assessments and accounts.
type (
	begun interface {
		OfRegion(ctx context.Context, a account.Actor) ([]round.Round, error)
		Counts(ctx context.Context, r round.Round) (round.Counts, error)
		Standing(ctx context.Context, r round.Round) ([]round.Participant, error)
	}
	own interface {
		OfTown(ctx context.Context, a account.Actor) ([]assessment.Head, error)
	}
	unled interface {
		Unled(ctx context.Context, a account.Actor) (map[region.AGS]bool, error)
	}
)

func (s *shell) start(r *site.Request) error {
	if !r.Actor.SignedIn() {
		return s.landing(r)
	}
	v := startView{PageView: r.Page(r.Text.Text("start.title_dashboard")), Place: r.Place(),
		Agency: r.Actor.Role.ForAgency(), Now: s.Now()}
	v.Within = v.Place
	if v.Agency {
		v.MayManage = account.Can(r.Actor, account.ManageRound, site.OwnScope(r.Actor))
		var err error
		if v.agencyStart, err = s.agencyOf(r, v.MayManage); err != nil {
			return err
		}
		return r.Render(http.StatusOK, "start", v)
	}
	return s.startTown(r, v)
}

// firstOfTrend names the round in which a town's trend begins, for the newest assessment of a
// checklist. There is a trend once two assessments are submitted; heads come newest round first.
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

func assessmentLine(h assessment.Head, now time.Time) startAssessment {
	line := startAssessment{ID: int64(h.ID), Title: h.RoundTitle, State: assessments.AssessmentState(h, now),
		Reason: h.ReopenReason, Opens: h.Opens, Closes: wording.LastDay(h.Closes),
		Submitted: h.Submitted, By: h.SubmittedBy, Released: h.Released, Removed: h.Removed,
		RemovedReason: h.RemovedReason}
	line.Answerable = h.TakesAnswers(now)
	return line
}
