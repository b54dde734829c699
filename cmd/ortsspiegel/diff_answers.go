package main

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"

	"ortsspiegel/pkg/bench/disclosure"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/checklist/carry"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/lineage"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/round"
	"ortsspiegel/pkg/round/dryrun"
	"ortsspiegel/pkg/wording"
)

// answersFlags turn a diff of versions into one of real answers.
type answersFlags struct {
	Answers     int64  `placeholder:"ROUND" help:"Say what a version would do to the submitted answers of this round. Nothing is written."`
	Data        string `placeholder:"DIR" help:"The data folder; with --answers only."`
	DatabaseURL string `placeholder:"URL" help:"PostgreSQL instead of the SQLite file; with --answers only."`
}

// answers compares a round's version with the one that is named, a file or one of the folder,
// else with the newest that is published.
func (c *diffCommand) answers(a *app) error {
	switch {
	case c.Data == "" && c.DatabaseURL == "":
		return fmt.Errorf("%w: --answers needs the database: --data DIR", errUsage)
	case len(c.Versions) > 1:
		return fmt.Errorf("%w: --answers takes one version at most: the other one is the round's", errUsage)
	}
	data := dataFlags{Data: c.Data, DatabaseURL: c.DatabaseURL}
	if !data.hasDatabase() {
		return errNoDatabase(c.Data)
	}
	p, err := a.open(data, c.Checklists, disclosure.DefaultRules(), nil, false)
	if err != nil {
		return err
	}
	defer p.store.Close()
	r, err := p.rounds.Operator(operator).Round(a.ctx, round.ID(c.Answers))
	if fault.Is(err, fault.NotFound) {
		return noRound("--answers", c.Answers)
	}
	if err != nil {
		return err
	}
	path, err := c.pathFrom(a, p.versions, r)
	if err != nil {
		return err
	}
	run, err := p.dryRuns.Run(a.ctx, r, path)
	if err != nil {
		return err
	}
	if c.JSON {
		return a.printJSON(answersDiffOf(r, &run))
	}
	return a.printAnswersDiff(r, &run)
}

// pathFrom leads from what a round has pinned. A version that is named need not be published.
func (c *diffCommand) pathFrom(a *app, versions *lineage.Versions, r round.Round) (*carry.Path, error) {
	if len(c.Versions) == 0 {
		newer, err := versions.Newer(r.Checklist)
		if err != nil {
			return nil, err
		}
		if len(newer) == 0 {
			return nil, fault.New(fault.NotFound, "checklist_not_found", "no version after %s is published",
				r.Checklist)
		}
		to, err := versions.Version(r.Checklist.ID, newer[0])
		if err != nil {
			return nil, err
		}
		return versions.PathTo(a.ctx, r.Hash, to)
	}
	name := c.Versions[0]
	if checklist.Version(name).Valid() {
		name = string(r.Checklist.ID) + "@" + name
	}
	to, beside, err := c.version(a, name)
	if ref, ok := namedRef(name); ok && fault.Is(err, fault.NotFound) {
		to, err = keptInstead(a, versions, ref, err)
	}
	if err != nil {
		return nil, err
	}
	if to.ID != r.Checklist.ID || to.Version.Compare(r.Checklist.Version) < 0 {
		return nil, fault.New(fault.Invalid, "path_broken", "the round asks %s: %s is no later version of it",
			r.Checklist, to.Ref())
	}
	return carry.PathBack(to, r.Checklist.Version, func(v checklist.Version) (*checklist.Definition, error) {
		if v == r.Checklist.Version {
			return versions.Definition(a.ctx, r.Hash)
		}
		d, err := beside(v)
		if fault.Is(err, fault.NotFound) {
			return keptInstead(a, versions, checklist.Ref{ID: to.ID, Version: v}, err)
		}
		return d, err
	})
}

// keptInstead returns what rounds keep of a version whose file is gone; why it is not there, if
// they don't.
func keptInstead(a *app, versions *lineage.Versions, ref checklist.Ref, gone error) (*checklist.Definition, error) {
	d, err := versions.Pinned(a.ctx, ref)
	if fault.Is(err, fault.NotFound) {
		return nil, gone
	}
	return d, err
}

// answersDiff is the shape of diff --answers --json: a promise to scripts.
type answersDiff struct {
	Round       round.ID            `json:"round"`
	Checklist   checklist.ID        `json:"checklist"`
	From        checklist.Version   `json:"from"`
	To          checklist.Version   `json:"to"`
	Through     []checklist.Version `json:"through"` // all versions on the way, both ends included
	Assessments int                 `json:"assessments"`
	Answers     answerCounts        `json:"answers"`
	Old         []oldQuestion       `json:"old"`       // by the round's version
	Questions   []newQuestion       `json:"questions"` // by the other version
	Levels      []levelChange       `json:"levels"`    // by name
}

type answerCounts struct {
	Total   int `json:"total"`
	Carried int `json:"carried"`
	Asked   int `json:"asked"`
	Retired int `json:"retired"`
}

type oldQuestion struct {
	Question checklist.QuestionID `json:"question"`
	Gone     bool                 `json:"gone"`
	Answers  answerCounts         `json:"answers"`
}

type newQuestion struct {
	Question checklist.QuestionID `json:"question"`
	New      bool                 `json:"new"`
	Proposed int                  `json:"proposed"`
	Asked    int                  `json:"asked"`
	Without  int                  `json:"without"`
	Reasons  map[carry.Reason]int `json:"reasons"`
}

type levelChange struct {
	AGS    region.AGS        `json:"ags"`
	Name   string            `json:"name"`
	From   checklist.LevelID `json:"from"`
	To     checklist.LevelID `json:"to"`
	Before float64           `json:"score_before"`
	After  float64           `json:"score_after"`
}

func countsOf(r dryrun.AnswerRun) answerCounts {
	return answerCounts{r.Total(), r.Carried, r.Asked, r.Retired}
}

func answersDiffOf(r round.Round, run *dryrun.Result) answersDiff {
	d := answersDiff{Round: r.ID, Checklist: r.Checklist.ID, From: run.Path.From().Version, To: run.Path.To().Version,
		Assessments: run.Towns, Answers: countsOf(run.Answers), Old: []oldQuestion{}, Questions: []newQuestion{},
		Levels: []levelChange{}}
	for _, v := range run.Path.Versions() {
		d.Through = append(d.Through, v.Version)
	}
	for i := range run.Old {
		o := &run.Old[i]
		d.Old = append(d.Old, oldQuestion{o.Question.ID, o.Gone, countsOf(o.Answers)})
	}
	for i := range run.Questions {
		q := &run.Questions[i]
		d.Questions = append(d.Questions, newQuestion{q.Question.ID, q.New, q.Proposed, q.Asked(), q.Without, q.Anew})
	}
	for _, m := range run.Levels {
		d.Levels = append(d.Levels, levelChange{m.Town.AGS, m.Town.Name, m.Before.ID, m.After.ID, m.Was, m.Is})
	}
	return d
}

// printAnswersDiff says the same to people.
func (a *app) printAnswersDiff(r round.Round, run *dryrun.Result) error {
	out := tabwriter.NewWriter(plainWriter{a.stdout}, 0, 0, 2, ' ', 0)
	fmt.Fprintf(out, "round %d, %s: %s to %s\n%d submitted assessments with %d answers\n\n", r.ID, r.Title,
		r.Checklist, run.Path.To().Version, run.Towns, run.Answers.Total())
	for _, line := range []struct {
		n     int
		means string
	}{{run.Answers.Carried, "carry over, as proposals"}, {run.Answers.Asked, "must be given anew"},
		{run.Answers.Retired, "are retired: nothing asks for them any more"}} {
		fmt.Fprintf(out, "%d\t%s %%\t%s\n", line.n, share(line.n, run.Answers.Total()), line.means)
	}
	section(out, "to be answered anew", "question\tassessments\twhy", func(line func(string, ...any)) {
		for i := range run.Questions {
			if q := &run.Questions[i]; q.Asked() > 0 {
				line("%s\t%d\t%s\n", q.Question.ID, q.Asked(), reasonsInWords(q.Anew))
			}
		}
	})
	section(out, "new questions", "", func(line func(string, ...any)) {
		for i := range run.Questions {
			if q := &run.Questions[i]; q.New {
				line("%s\n", q.Question.ID)
			}
		}
	})
	section(out, "retired", "question\tanswers", func(line func(string, ...any)) {
		for i := range run.Old {
			if o := &run.Old[i]; o.Gone {
				line("%s\t%d\n", o.Question.ID, o.Answers.Retired)
			}
		}
	})
	section(out,
		"levels that change by the new rules alone: the same answers, as far as they carry over, on the questions "+
			"both versions ask",
		"town\tlevel\tscore", func(line func(string, ...any)) {
			for _, m := range run.Levels {
				line("%s\t%s to %s\t%s to %s\n", m.Town.Name, m.Before.ID, m.After.ID,
					wording.Cell(english).Percent(m.Was), wording.Cell(english).Percent(m.Is))
			}
		})
	return out.Flush()
}

// section prints a heading and its lines, "none" if there are none.
func section(out io.Writer, title, head string, lines func(line func(format string, args ...any))) {
	fmt.Fprintf(out, "\n%s\n", title)
	n := 0
	lines(func(format string, args ...any) {
		if n == 0 && head != "" {
			fmt.Fprintf(out, "  %s\n", head)
		}
		n++
		fmt.Fprintf(out, "  "+format, args...)
	})
	if n == 0 {
		fmt.Fprintln(out, "  none")
	}
}

// reasonsInWords lists reasons, the most frequent first.
func reasonsInWords(anew map[carry.Reason]int) string {
	reasons := slices.SortedFunc(maps.Keys(anew), func(a, b carry.Reason) int {
		return cmp.Or(anew[b]-anew[a], strings.Compare(string(a), string(b)))
	})
	words := make([]string, len(reasons))
	for i, r := range reasons {
		words[i] = fmt.Sprintf("%s %d", r, anew[r])
	}
	return strings.Join(words, ", ")
}

func share(part, of int) string {
	if of == 0 {
		return "0.0"
	}
	return wording.Cell(english).PercentNumber(float64(part) / float64(of))
}
