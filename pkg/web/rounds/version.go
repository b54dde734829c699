package rounds

import (
	"cmp"
	"maps"
	"net/http"
	"slices"
	"strings"

	"ortsspiegel/pkg/chart"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/checklist/carry"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/round/dryrun"
	"ortsspiegel/pkg/web/results"
	"ortsspiegel/pkg/web/site"
	"ortsspiegel/pkg/wording"
)

// roundVersionView is what another version of the checklist would do to a round's answers.
type roundVersionView struct {
	site.PageView
	Round      string
	From, To   string // versions
	Through    string // those between, in words; empty: there is none
	ChangesURL string
	Towns      int
	Answers    dryrun.AnswerRun
	Picture    results.ChartView
	Anew       []anewLine
	New        []questionName
	Gone       []goneLine
	Levels     []levelMoveLine // of the page
	LevelCount int
	List       site.ListView
}

// questionName is a question as lists name it.
type questionName struct{ Number, Text, Section string }

// anewLine is a question that some towns would have to answer again.
type anewLine struct {
	questionName
	Towns   int
	Reasons []reasonLine
}

// reasonLine says why; N is 0 if it is the only reason.
type reasonLine struct {
	Text string
	N    int
}

type goneLine struct {
	questionName
	Answers int
}

type levelMoveLine struct {
	Name, Before, After string
	Was, Is             float64
}

func (s *Pages) roundVersion(r *site.Request) error {
	t, x := r.Text.Text, roundOf(r)
	to, err := s.services.Versions.Version(x.Checklist.ID, checklist.Version(r.Param("version")))
	if err == nil && to.Version.Compare(x.Checklist.Version) <= 0 {
		err = fault.New(fault.NotFound, "not_found", "the round's version is no older than that")
	}
	if err != nil {
		return err
	}
	path, err := s.services.Versions.PathTo(r.Ctx(), x.Hash, to)
	if err != nil {
		return err
	}
	run, err := s.services.DryRuns.Run(r.Ctx(), x, path)
	if err != nil {
		return err
	}
	v := roundVersionView{PageView: r.Page(t("round.version.title", "Version", string(to.Version))), Round: x.Title,
		From: string(path.From().Version), To: string(to.Version), Towns: run.Towns, Answers: run.Answers}
	v.Within = x.Title
	v.Charts = run.Towns > 0
	v.SetCrumbs(site.Crumb{Label: t("nav.start"), URL: "/"},
		site.Crumb{Label: x.Title, URL: site.RoundAddress(int64(x.ID))}, site.Crumb{Label: v.Title, URL: ""})
	v.ChangesURL = "/checklists/" + string(to.ID) + "/" + string(to.Version) + "/changes/" + string(path.From().Version)
	var between []string
	for _, d := range path.Versions() {
		if d.Version != path.From().Version && d.Version != to.Version {
			between = append(between, string(d.Version))
		}
	}
	v.Through = strings.Join(between, ", ")
	v.questions(r, &run)
	v.levels(r, &run)
	v.Picture = results.ChartViewOf(chart.Stacked(answersBySection(r, &run)))
	return r.Render(http.StatusOK, "round_version", v)
}

// answersBySection gathers what becomes of the answers by the sections in which they were given.
func answersBySection(r *site.Request, run *dryrun.Result) chart.Stack {
	t, d := r.Text.Text, run.Path.From()
	s := chart.Stack{ID: "antworten", Title: t("round.version.picture"), Lang: site.LangOf(r),
		Head: t("round.version.section"), Sum: t("round.version.all"),
		Parts: []string{t("round.version.carried"), t("round.version.asked"), t("round.version.retired")}}
	n := 0
	for i := range d.Sections {
		row := chart.StackRow{Name: wording.SectionTitle(i, d.Sections[i].Title.In(site.LangOf(r))), N: []int{0, 0, 0}}
		for range d.Sections[i].Questions {
			a := run.Old[n].Answers
			n++
			row.N[0] += a.Carried
			row.N[1] += a.Asked
			row.N[2] += a.Retired
		}
		s.Rows = append(s.Rows, row)
	}
	return s
}

// questionNames returns how lists name the questions of a version, in their order.
func questionNames(d *checklist.Definition, lang checklist.Lang) []questionName {
	var list []questionName
	for i := range d.Sections {
		section := &d.Sections[i]
		for j := range section.Questions {
			list = append(list, questionName{wording.QuestionNumber(i, j), section.Questions[j].Text.In(lang),
				section.Title.In(lang)})
		}
	}
	return list
}

func (v *roundVersionView) questions(r *site.Request, run *dryrun.Result) {
	names := questionNames(run.Path.To(), site.LangOf(r))
	for i := range run.Questions {
		q := &run.Questions[i]
		if q.New {
			v.New = append(v.New, names[i])
		}
		if q.Asked() == 0 {
			continue
		}
		line := anewLine{questionName: names[i], Towns: q.Asked()}
		reasons := slices.SortedFunc(maps.Keys(q.Anew), func(a, b carry.Reason) int {
			return cmp.Or(q.Anew[b]-q.Anew[a], strings.Compare(string(a), string(b)))
		})
		for _, reason := range reasons {
			n := q.Anew[reason]
			if len(reasons) == 1 {
				n = 0
			}
			line.Reasons = append(line.Reasons, reasonLine{r.Text.Text("round.version.reason." + string(reason)), n})
		}
		v.Anew = append(v.Anew, line)
	}
	names = questionNames(run.Path.From(), site.LangOf(r))
	for i := range run.Old {
		if o := &run.Old[i]; o.Gone {
			v.Gone = append(v.Gone, goneLine{names[i], o.Answers.Retired})
		}
	}
}

func (v *roundVersionView) levels(r *site.Request, run *dryrun.Result) {
	lang := site.LangOf(r)
	v.LevelCount = len(run.Levels)
	l := r.Lister(r.Request().URL.Path, "levels")
	find := l.Find()
	list, shown := site.PagedList(l, r.Text.Text("round.find"), slices.DeleteFunc(slices.Clone(run.Levels),
		func(m dryrun.LevelMove) bool { return !site.Found(find, m.Town.Name) }))
	v.List = list
	for i := range shown {
		m := &shown[i]
		v.Levels = append(v.Levels, levelMoveLine{m.Town.Name, m.Before.Label.In(lang), m.After.Label.In(lang), m.Was,
			m.Is})
	}
}
