package rounds

import (
	"net/http"
	"time"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/round"
	"ortsspiegel/pkg/web/site"
	"ortsspiegel/pkg/wording"
)

// roundView is a round as its agency steers it. It says how far the towns have got, never what a draft says.
type roundView struct {
	site.PageView
	ID            int64
	Status        string
	Checklist     string
	ChecklistURL  string
	Newer         string // version of the checklist that was published since; empty: there is none
	NewerURL      string
	Version       string
	Opens, Closes time.Time
	Overdue       bool // open, but its window has passed
	Begun         bool // assessments exist
	Steps         []roundStepLink
	MayReopen     bool
	MayExport     bool
	DaysLeft      int // of an open round: 0 is its last day
	Running       bool
	Progress      ProgressCount
	Shares        [3]shareView // submitted, drafts, not begun
	Unled         int          // towns that nobody coordinates
	Work          workView
	Talks         bool // there is something to compare
	Releases      []releaseLine
	Removed       []round.RemovedTown
	RemovedMore   int
	EditURL       string // of what can be changed; empty: not by this reader
	CopyURL       string
	DeleteURL     string
	ClearURL      string // drafts are deleted there; empty: there are none
}

// roundStepLink is what can be done next; Due says that nothing else is to be waited for.
type roundStepLink struct {
	URL, Label, Text string
	Due              bool
}

// ProgressCount says how many towns have got how far.
type ProgressCount struct{ Towns, Submitted, Drafts, NotBegun int }

// Missing returns how many have not submitted.
func (p ProgressCount) Missing() int { return p.Towns - p.Submitted }

// Share returns the part of towns that have submitted, 0 to 1.
func (p ProgressCount) Share() float64 {
	if p.Towns == 0 {
		return 0
	}
	return float64(p.Submitted) / float64(p.Towns)
}

type releaseLine struct {
	Number int
	At     time.Time
}

// participantState names where a town stands, as the key of its text "round.town.<state>".
func participantState(p round.Participant) string {
	switch {
	case p.Assessment == 0:
		return "planned"
	case p.Status == assessment.Submitted:
		return "submitted"
	case p.Change == 0:
		return "not_begun"
	}
	return "draft"
}

func countProgress(list []round.Participant) ProgressCount {
	n := ProgressCount{Towns: len(list)}
	for _, p := range list {
		switch participantState(p) {
		case "submitted":
			n.Submitted++
		case "draft":
			n.Drafts++
		default:
			n.NotBegun++
		}
	}
	return n
}

func (s *Pages) roundProgress(r *site.Request) error {
	t, x := r.Text.Text, roundOf(r)
	list, err := s.services.Rounds.Participants(r.Ctx(), x)
	if err != nil {
		return err
	}
	d, err := s.services.Versions.Definition(r.Ctx(), x.Hash)
	if err != nil {
		return err
	}
	releases, err := s.services.Rounds.Releases(r.Ctx(), x)
	if err != nil {
		return err
	}
	v := roundView{PageView: r.Page(x.Title), ID: int64(x.ID), Status: string(x.Status),
		Checklist: roundName(d, site.LangOf(r)), Version: string(x.Checklist.Version),
		ChecklistURL: "/checklists/" + string(x.Checklist.ID) + "/" + string(x.Checklist.Version), Opens: x.Opens,
		Closes:  wording.LastDay(x.Closes),
		Overdue: x.Status == round.Open && !s.Now().Before(x.Closes), Begun: x.Status != round.Planned,
		Progress:  countProgress(list),
		MayReopen: x.Status == round.Open && mayRound(r, account.ManageRound),
		MayExport: mayRound(r, account.ExportRound)}
	v.SetCrumbs(site.Crumb{Label: t("nav.start"), URL: "/"}, site.Crumb{Label: x.Title, URL: ""})
	address := site.RoundAddress(v.ID)
	if v.Removed, err = s.services.Rounds.Removed(r.Ctx(), x); err != nil {
		return err
	}
	if mayRound(r, account.ManageRound) {
		v.EditURL, v.CopyURL = address+"/edit", "/rounds/new?from="+site.OfNumber(v.ID)
		if mayBeDeleted(x, list, v.Removed) {
			v.DeleteURL = address + "/delete"
		}
		if mayClear(x.Status) {
			drafts, err := s.services.Rounds.Drafts(r.Ctx(), x)
			if err != nil {
				return err
			}
			if len(drafts) > 0 {
				v.ClearURL = address + "/clear"
			}
		}
		for _, step := range roundSteps[x.Status] {
			text := step
			if x.Status == round.Published {
				text = "republish"
			}
			v.Steps = append(v.Steps, roundStepLink{address + "/" + step, t("round.step." + text),
				t("round.step_text." + text),
				x.Status != round.Published && step != "reopen" &&
					(step != "close" || v.Overdue || v.Progress.Missing() == 0)})
		}
	}
	newer, err := s.services.Versions.Newer(x.Checklist)
	if err != nil {
		return err
	}
	if len(newer) > 0 && v.Begun && mayRound(r, account.ViewBenchmark) {
		v.Newer, v.NewerURL = string(newer[0]), address+"/versions/"+string(newer[0])
	}
	for _, rel := range releases {
		v.Releases = append(v.Releases, releaseLine{rel.Number, rel.At})
	}
	if more := len(v.Removed) - mostNames; more > 0 {
		v.Removed, v.RemovedMore = v.Removed[:mostNames], more
	}
	v.Shares = sharesOf(v.Progress)
	v.Talks = v.Progress.Submitted > 0 && mayRound(r, account.ViewBenchmark)
	if x.Status == round.Open && !v.Overdue {
		v.Running, v.DaysLeft = true, wording.DaysLeft(s.Now(), x.Closes)
	}
	if v.Work, err = s.workOf(r, list); err != nil {
		return err
	}
	v.Unled = v.Work.unled
	return r.Render(http.StatusOK, "round", v)
}

// mayRound reports whether the actor may do an action to the round of the request.
func mayRound(r *site.Request, action account.Action) bool {
	return account.Can(r.Actor, action, roundOf(r).Object())
}
