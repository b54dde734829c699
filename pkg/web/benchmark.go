package web

import (
	"net/http"
	"slices"
	"strings"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/bench"
	"ortsspiegel/pkg/chart"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/score"
)

// benchmarkRoutes are a town's comparison and what it agrees to be named with.
var benchmarkRoutes = []route{
	{method: http.MethodGet, path: "/assessments/:assessment/benchmark", name: "assessment.benchmark", action: account.ViewRelease, object: assessmentObject, handler: (*server).assessmentBenchmark},
	{method: http.MethodGet, path: "/assessments/:assessment/consent", name: "consent", action: account.ManageConsent, object: assessmentObject, handler: (*server).consent},
	{method: http.MethodPost, path: "/assessments/:assessment/consent", name: "consent.save", action: account.ManageConsent, object: assessmentObject, handler: (*server).consentSave},
}

// assessmentBenchmarkView is a town's comparison with what was published, and nothing else.
type assessmentBenchmarkView struct {
	assessmentPage
	Release    *resultRelease // nil: nothing was published yet
	Draft      bool           // the own assessment is not submitted
	Changed    bool           // it is not part of the release
	Groups     []tabView
	Group      string
	N          int
	Hidden     string // why the whole group is not shown
	Total      *comparedLine
	Pictures   []chartView
	Sections   []comparedSection
	Footnotes  []string
	Named      []namedLine
	MayConsent bool
	ConsentURL string
}

// comparedLine is one row: the own value, the group's figures as they are shown, and where the town stands.
type comparedLine struct {
	Number, Title, URL string
	Own                string
	Q1, Median, Q3     string // a figure, a dot with its footnote, or a dash
	N                  string
	Position           string // in words; empty: not to be told
	Options            *chartView
}

type comparedSection struct {
	comparedLine
	Questions []comparedLine
}

// namedLine is a town that agreed to be named.
type namedLine struct {
	Name     string
	Total    string
	Sections []string // in the order of the checklist; a dash where nothing is shown
	Examples bool
}

func (s *server) assessmentBenchmark(r *request) error {
	t := r.text.text
	view, err := s.assessmentView(r)
	if err != nil {
		return err
	}
	released, err := s.releaseFor(r.ctx(), r.head)
	if err != nil {
		return err
	}
	v := &assessmentBenchmarkView{assessmentPage: r.assessmentFrame(t("benchmark.title")), Draft: r.head.Status != assessment.Submitted,
		MayConsent: r.may(account.ManageConsent)}
	v.ConsentURL = v.address("/consent")
	v.Title = t("benchmark.title") + " · " + r.head.TownName
	if released == nil {
		return r.render(http.StatusOK, "assessment_benchmark", v)
	}
	own, err := s.Territory.Town(r.ctx(), r.head.Town)
	if err != nil {
		return err
	}
	v.Release = &resultRelease{Number: released.Number, At: released.At}
	group := v.chooseGroup(r, released.Release, own)
	if group == nil {
		return r.render(http.StatusOK, "assessment_benchmark", v)
	}
	v.Release.N, v.N = group.N, group.N
	if group.Suppressed {
		v.Hidden = t("suppressed." + string(group.Reason))
		return r.render(http.StatusOK, "assessment_benchmark", v)
	}
	v.Charts = true
	c := townComparison{r: r, view: view, report: &released.Release.Report, group: group, foot: &footnoteList{m: r.text}}
	v.Total = c.total()
	v.Sections = c.sections(v)
	v.Pictures = c.pictures(v.Group)
	v.Footnotes = c.foot.lines()
	if v.Named, err = s.namedTowns(r, view.Definition, released.Release); err != nil {
		return err
	}
	return r.render(http.StatusOK, "assessment_benchmark", v)
}

// chooseGroup offers the groups the town belongs to and returns the one of the address, else all towns.
func (v *assessmentBenchmarkView) chooseGroup(r *request, release *bench.Release, own region.Municipality) *bench.Group {
	ids := release.Basis.GroupsOf(own.AGS)
	v.Changed = len(ids) == 0
	if v.Changed { // it has not submitted: its groups follow from the register
		ids = []region.GroupID{region.All, region.DistrictGroup(own.District.Key), region.SizeGroup(region.SizeClassOf(own.Population))}
	}
	var chosen *bench.Group
	wanted := region.GroupID(r.QueryParam("group"))
	if !slices.Contains(ids, wanted) {
		wanted = region.All
	}
	districts := map[region.DistrictKey]string{own.District.Key: own.District.Name}
	for _, id := range ids {
		g, ok := release.Report.Group(id)
		if !ok {
			continue
		}
		name := r.groupName(id, districts)
		label := r.text.text("benchmark.group_n", "Name", name, "N", g.N)
		if g.Suppressed {
			label = name + " " + chart.Dot
		}
		v.Groups = append(v.Groups, tabView{v.address("/benchmark") + "?group=" + string(id), label, id == wanted})
		if id == wanted {
			chosen, v.Group = g, name
		}
	}
	return chosen
}

// groupName names a peer group in the reader's language.
func (r *request) groupName(id region.GroupID, districts map[region.DistrictKey]string) string {
	kind, key, _ := strings.Cut(string(id), ":")
	switch kind {
	case "district":
		if name := districts[region.DistrictKey(key)]; name != "" {
			return name
		}
		return key
	case "size":
		return r.text.text("benchmark.size." + key)
	}
	return r.text.text("benchmark.all")
}

// townComparison puts a town's own result beside one group of a release.
type townComparison struct {
	r      *request
	view   assessment.View
	report *bench.Report
	group  *bench.Group
	foot   *footnoteList
}

func (c *townComparison) total() *comparedLine {
	line := c.line(bench.Total, c.view.Result.Score)
	line.Title = c.r.text.text("benchmark.total")
	return &line
}

func (c *townComparison) sections(v *assessmentBenchmarkView) []comparedSection {
	lang := langOf(c.r)
	var out []comparedSection
	for i := range c.view.Definition.Sections {
		section := &c.view.Definition.Sections[i]
		result := &c.view.Result.Sections[i]
		s := comparedSection{comparedLine: c.line(bench.SectionNode(section.ID), result.Score)}
		s.Title, s.Number, s.URL = section.Title.In(lang), ofNumber(int64(i+1)), v.address("/sections/"+string(section.ID))
		for j := range section.Questions {
			q := &section.Questions[j]
			n, ok := c.group.Node(bench.QuestionNode(q.ID))
			if !ok {
				continue // nothing that could be compared: a text, a date
			}
			line := c.question(q, n, result.Questions[j])
			line.Number, line.URL = questionNumber(i, j), s.URL+"#q-"+string(q.ID)
			s.Questions = append(s.Questions, line)
		}
		out = append(out, s)
	}
	return out
}

// question is a question's line, with the distribution of its options where there is one to draw.
func (c *townComparison) question(q *checklist.Question, n *bench.Node, result score.QuestionResult) comparedLine {
	var own *float64
	if result.State == score.Answered {
		own = result.Points
	}
	line := c.line(n.ID, own)
	line.Title = q.Text.In(langOf(c.r))
	if n.Choice && n.Options != nil {
		var chosen checklist.OptionID
		if e := c.view.Entries[q.ID]; result.State == score.Answered && len(e.Answer.Options) == 1 {
			chosen = e.Answer.Options[0]
		}
		picture := chartViewOf(chart.Distribution(chart.OptionShares(q, n, chosen, langOf(c.r))))
		line.Options = &picture
	}
	return line
}

func (c *townComparison) line(id bench.NodeID, own *float64) comparedLine {
	f := formatter{c.r.text.lang}
	line := comparedLine{Own: "–"}
	if own != nil {
		line.Own = f.percent(*own)
	}
	n, ok := c.group.Node(id)
	if !ok {
		line.Q1, line.Median, line.Q3, line.N = "–", "–", "–", "–"
		return line
	}
	line.Q1 = c.foot.figure(f, n.Points.Q1, n.Reasons["q1"])
	line.Median = c.foot.figure(f, n.Points.Median, n.Reasons["median"])
	line.Q3 = c.foot.figure(f, n.Points.Q3, n.Reasons["q3"])
	switch {
	case n.Band != "":
		line.N = n.Band
	case n.N > 0:
		line.N = f.number(n.N)
	case n.Reasons["n"] != "":
		line.N = c.foot.mark(n.Reasons["n"])
	default:
		line.N = "–"
	}
	if own != nil {
		line.Position = positionInWords(c.r.text, c.report.Position(c.group.ID, id, *own))
	}
	return line
}

// positionInWords says where a town stands: its quarter, else its side of the median, else nothing.
func positionInWords(m *messages, p bench.Position) string {
	switch {
	case p.Quarter != "":
		return m.text("benchmark.quarter." + string(p.Quarter))
	case p.Side != "":
		return m.text("benchmark.side." + string(p.Side))
	}
	return ""
}

func (c *townComparison) pictures(group string) []chartView {
	t, lang, d := c.r.text.text, langOf(c.r), c.view.Definition
	base := chart.Comparison{Lang: lang, Own: c.view.Head.TownName, Group: group, Whole: true, Rows: chart.Sections(d, lang, c.view.Result, c.group)}
	with := func(id, title string) chart.Comparison {
		x := base
		x.ID, x.Title = id, t(title, "Town", c.view.Head.TownName, "Group", group)
		return x
	}
	return []chartView{chartViewOf(chart.Bars(with("balken", "benchmark.bars"))), chartViewOf(chart.Radar(with("netz", "benchmark.radar"))),
		chartViewOf(chart.BoxPlot(with("viertel", "benchmark.quarters")))}
}

// namedTowns lists who agreed to be named, by name.
func (s *server) namedTowns(r *request, d *checklist.Definition, release *bench.Release) ([]namedLine, error) {
	if len(release.Named) == 0 {
		return nil, nil
	}
	towns, err := s.Territory.Towns(r.ctx(), r.head.Region)
	if err != nil {
		return nil, err
	}
	names := map[region.AGS]string{}
	for _, m := range towns {
		names[m.AGS] = m.Name
	}
	var out []namedLine
	for _, n := range release.Named {
		if name := names[n.AGS]; name != "" {
			out = append(out, newNamedLine(formatter{r.text.lang}, d, name, n))
		}
	}
	slices.SortFunc(out, func(a, b namedLine) int { return strings.Compare(a.Name, b.Name) })
	return out, nil
}

func newNamedLine(f formatter, d *checklist.Definition, name string, n bench.NamedTown) namedLine {
	line := namedLine{Name: name, Total: "–", Examples: n.Examples}
	if n.Total != nil {
		line.Total = f.wholePercent(*n.Total)
	}
	for i := range d.Sections {
		value := "–"
		if v, ok := n.Sections[d.Sections[i].ID]; ok {
			value = f.wholePercent(v)
		}
		line.Sections = append(line.Sections, value)
	}
	return line
}

// footnoteList numbers the reasons why figures are missing.
type footnoteList struct {
	m     *messages
	order []bench.Reason
}

var footnoteMarks = []rune("¹²³⁴⁵⁶⁷⁸⁹")

// mark returns the dot of a suppressed figure with the number of its footnote.
func (f *footnoteList) mark(reason bench.Reason) string {
	i := slices.Index(f.order, reason)
	if i < 0 {
		i = len(f.order)
		f.order = append(f.order, reason)
	}
	return chart.Dot + string(footnoteMarks[i])
}

// figure writes a published figure in whole percent, a dot if it is suppressed, a dash if there is none.
func (f *footnoteList) figure(format formatter, v *float64, reason bench.Reason) string {
	switch {
	case v != nil:
		return format.wholePercent(*v)
	case reason != "":
		return f.mark(reason)
	}
	return "–"
}

func (f *footnoteList) lines() []string {
	var list []string
	for i, reason := range f.order {
		list = append(list, chart.Dot+string(footnoteMarks[i])+" "+f.m.text("suppressed."+string(reason)))
	}
	return list
}
