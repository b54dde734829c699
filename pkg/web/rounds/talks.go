package rounds

import (
	"math"
	"net/http"

	"ortsspiegel/pkg/bench"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/round"
	"ortsspiegel/pkg/web/results"
	"ortsspiegel/pkg/web/site"
	"ortsspiegel/pkg/wording"
)

// talksView says which towns should talk with each other about what. For the agency it names all; on the page to lay
// out, only those that agreed to be named for good examples.
type talksView struct {
	site.PageView
	Round     string
	Submitted int
	Told      int  // towns that agreed to be named for good examples
	Shared    bool // the page to lay out
	Pairs     []pairView
	Sections  []talkView
	Questions []talkView
	OwnURL    string // of the agency's page
	SharedURL string
	Source    string
}

type pairView struct {
	Section    string
	Tell, Gain voiceView
	Rise, Km   string // Km empty: not known
}

type voiceView struct{ Name, URL, Value string }

type talkView struct {
	Number, Title string
	Low, High     string // of the middle half
	Tell, Need    []voiceView
	More          int // in need beyond those named
}

// roundTalks pairs towns by what they submitted.
func (s *Pages) roundTalks(r *site.Request) error {
	t, x := r.Text.Text, roundOf(r)
	list, err := s.services.Rounds.Participants(r.Ctx(), x)
	if err != nil {
		return err
	}
	live, err := s.services.Rounds.Live(r.Ctx(), x)
	if err != nil {
		return err
	}
	address := site.RoundAddress(int64(x.ID))
	v := talksView{PageView: r.Page(t("talks.title")), Round: x.Title, Submitted: len(live.Records),
		Shared: r.QueryParam("for") == "table", OwnURL: address + "/talks", SharedURL: address + "/talks?for=table",
		Source: results.ChartSource(r, x.Title, len(live.Records), s.Now())}
	v.Within = x.Title
	v.SetCrumbs(site.Crumb{Label: t("nav.start"), URL: "/"}, site.Crumb{Label: x.Title, URL: address},
		site.Crumb{Label: t("talks.title")})
	who := participantsByKey(list)
	told := map[region.AGS]bool{}
	for i := range live.Records {
		if p := who[live.Records[i].AGS]; p != nil && p.Consent.Examples {
			told[p.Town.AGS] = true
		}
	}
	v.Told = len(told)
	if g, ok := live.Report.Group(region.All); ok && len(told) > 0 {
		v.fill(r, &live, g, told, who)
	}
	return r.Render(http.StatusOK, "round_talks", v)
}

func participantsByKey(list []round.Participant) map[region.AGS]*round.Participant {
	who := make(map[region.AGS]*round.Participant, len(list))
	for i := range list {
		who[list[i].Town.AGS] = &list[i]
	}
	return who
}

func (v *talksView) fill(r *site.Request, live *round.Live, g *bench.Group, told map[region.AGS]bool,
	who map[region.AGS]*round.Participant) {
	d, lang, f := live.Definition, site.LangOf(r), r.Text.Words()
	voice := func(o bench.Voice) voiceView {
		p := who[o.AGS]
		return voiceView{p.Town.Name, "/assessments/" + site.OfNumber(int64(p.Assessment)) + "/result",
			f.WholePercent(o.Value)}
	}
	titles, numbers := namesOfNodes(d, lang)
	if !v.Shared {
		away := func(a, b region.AGS) float64 { return region.Km(who[a].Town, who[b].Town) }
		for _, p := range bench.Pairs(d, g, live.Records, told, away) {
			line := pairView{Section: titles[bench.SectionNode(p.Section)], Tell: voice(p.Tell), Gain: voice(p.Gain),
				Rise: f.Change(wording.Tenths(p.Rise))}
			if !math.IsNaN(p.Km) {
				line.Km = f.Number(int(math.Round(p.Km)))
			}
			v.Pairs = append(v.Pairs, line)
		}
	}
	lines := func(nodes []bench.NodeID) (out []talkView) {
		for _, talk := range bench.Talks(d, g, live.Records, nodes, told) {
			n, _ := g.Node(talk.Node)
			line := talkView{Number: numbers[talk.Node], Title: titles[talk.Node], Low: f.WholePercent(*n.Points.Q1),
				High: f.WholePercent(*n.Points.Q3)}
			for _, o := range talk.Tell {
				line.Tell = append(line.Tell, voice(o))
			}
			if !v.Shared {
				for _, o := range talk.Need {
					line.Need = append(line.Need, voice(o))
				}
				line.More = talk.Needy - len(talk.Need)
			}
			out = append(out, line)
		}
		return out
	}
	var sections, questions []bench.NodeID
	for i := range d.Sections {
		sections = append(sections, bench.SectionNode(d.Sections[i].ID))
	}
	for _, s := range bench.WidestSpread(g, questionsShown) {
		questions = append(questions, s.Node)
	}
	v.Sections, v.Questions = lines(sections), lines(questions)
}

// namesOfNodes are the titles of sections with their numbers, and the texts and numbers of questions.
func namesOfNodes(d *checklist.Definition, lang checklist.Lang) (titles, numbers map[bench.NodeID]string) {
	titles, numbers = map[bench.NodeID]string{}, map[bench.NodeID]string{}
	for i := range d.Sections {
		section := &d.Sections[i]
		id := bench.SectionNode(section.ID)
		titles[id] = wording.SectionTitle(i, section.Title.In(lang))
		for j := range section.Questions {
			id := bench.QuestionNode(section.Questions[j].ID)
			titles[id], numbers[id] = section.Questions[j].Text.In(lang), wording.QuestionNumber(i, j)
		}
	}
	return titles, numbers
}
