package web

import (
	"bytes"
	"encoding/json"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"github.com/shopspring/decimal"

	"ortsspiegel/checklists"
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/catalog"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/internal/testkit"
	"ortsspiegel/pkg/score"
	"ortsspiegel/pkg/web/answering"
	"ortsspiegel/pkg/web/assessments"
	"ortsspiegel/pkg/wording"
)

// conditionCase is a section's program with answers and what the server makes of them.
type conditionCase struct {
	Program assessments.Program                `json:"program"`
	Answers map[string]answering.ProgramAnswer `json:"answers"`
	Want    map[string]string                  `json:"want"`
}

// TestScriptDecidesAsTheServer runs the script's conditions over all answers that conditions can
// tell apart, for the shipped checklists and one with every form of condition, and compares with
// score.States.
func TestScriptDecidesAsTheServer(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil {
		testkit.Need(t, "node: apt-get install nodejs")
	}
	sheets := catalog.New(checklists.FS)
	refs, err := sheets.Refs()
	if err != nil {
		t.Fatal(err)
	}
	definitions := []*checklist.Definition{allConditions()}
	for _, ref := range refs {
		d, _, err := sheets.Get(ref)
		if err != nil {
			t.Fatal(err)
		}
		definitions = append(definitions, d)
	}
	var cases []conditionCase
	for _, d := range definitions {
		for section := range d.Sections {
			cases = append(cases, casesOf(t, d, section)...)
		}
	}
	input, err := json.Marshal(cases)
	if err != nil {
		t.Fatal(err)
	}
	script := `import { states } from ` + string(mustJSON(t, filepath.Join(testkit.Root(), "static", "js", "conditions.js"))) + `
let text = ''; for await (const part of process.stdin) text += part
let wrong = 0
for (const c of JSON.parse(text)) {
  const got = states(c.program, c.answers)
  for (const [id, want] of Object.entries(c.want)) {
    if (got.get(id) !== want && wrong++ < 10) console.log(id, 'is', got.get(id), 'not', want, 'for', JSON.stringify(c.answers))
  }
}
process.exitCode = wrong ? 1 : 0`
	cmd := exec.CommandContext(t.Context(), node, "--input-type=module", "-e", script)
	cmd.Stdin = bytes.NewReader(input)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%d cases: %v\n%s", len(cases), err, out)
	}
	if len(cases) < 1000 {
		t.Errorf("only %d cases", len(cases))
	}
}

func mustJSON(t *testing.T, v any) []byte {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// casesOf combines everything that can be said to the questions that each of a section's conditions depends on.
func casesOf(t *testing.T, d *checklist.Definition, section int) []conditionCase {
	t.Helper()
	p, _ := assessments.ConditionProgram(d, section)
	var cases []conditionCase
	for _, q := range d.Sections[section].Questions {
		if q.When == nil {
			continue
		}
		needed := make([]bool, len(d.Questions()))
		assessments.MarkNeeded(d, q.When, needed)
		for i := len(needed) - 1; i >= 0; i-- {
			if needed[i] && d.Questions()[i].When != nil {
				assessments.MarkNeeded(d, d.Questions()[i].When, needed)
			}
		}
		combos := []score.Answers{{q.ID: answersTo(&q)[0]}}
		for i, on := range needed {
			if on {
				combos = combine(combos, d.Questions()[i])
			}
		}
		for _, answers := range combos {
			cases = append(cases, newConditionCase(d, p, answers))
			asked := []checklist.QuestionID{q.ID}
			cases = append(cases, linkCase(t, d, asked, answers))
			for i, on := range needed {
				if on {
					cases = append(cases, linkCase(t, d, append(asked, d.Questions()[i].ID), answers))
					break
				}
			}
		}
	}
	return cases
}

// linkCase is a case for a colleague who is asked some questions: the program decides as ever
// without the answers to the others, and names none of them.
func linkCase(t *testing.T, d *checklist.Definition, asked []checklist.QuestionID,
	answers score.Answers) conditionCase {
	t.Helper()
	view := assessment.View{Definition: d, Entries: map[checklist.QuestionID]assessment.Entry{}}
	own := score.Answers{}
	for id, a := range answers {
		view.Entries[id] = assessment.Entry{Given: true, Answer: a}
		if slices.Contains(asked, id) {
			own[id] = a
		}
	}
	p := answering.DelegatedProgram(view, &assessment.Delegation{Questions: asked})
	needed := make([]bool, len(d.Questions()))
	for _, q := range p {
		markProgram(d, q.When, needed)
	}
	for i, on := range needed {
		if on && !slices.Contains(asked, d.Questions()[i].ID) {
			t.Fatalf("the program of %v names %s", asked, d.Questions()[i].ID)
		}
	}
	c := newConditionCase(d, p, own)
	states := score.States(d, answers)
	for _, q := range p {
		c.Want[q.ID] = states[d.Ordinal(checklist.QuestionID(q.ID))].String()
	}
	return c
}

// markProgram is markNeeded for the script's conditions.
func markProgram(d *checklist.Definition, c *assessments.ProgramCondition, needed []bool) {
	if c == nil {
		return
	}
	if c.Question != "" {
		needed[d.Ordinal(checklist.QuestionID(c.Question))] = true
	}
	for _, list := range [][]assessments.ProgramCondition{c.All, c.Any} {
		for i := range list {
			markProgram(d, &list[i], needed)
		}
	}
	markProgram(d, c.Not, needed)
}

func combine(combos []score.Answers, q *checklist.Question) []score.Answers {
	var out []score.Answers
	for _, before := range combos {
		out = append(out, before)
		for _, a := range append(answersTo(q), checklist.Answer{Kind: checklist.AnswerNotApplicable,
			Text: "gibt es hier nicht"}) {
			with := score.Answers{q.ID: a}
			for id, x := range before {
				with[id] = x
			}
			out = append(out, with)
		}
	}
	return out
}

// answersTo lists the answers that a condition can tell apart: each option, for multi pairs too,
// numbers around each threshold.
func answersTo(q *checklist.Question) []checklist.Answer {
	var list []checklist.Answer
	switch q.Type {
	case checklist.TypeChoice, checklist.TypeMulti:
		for i, o := range q.Options {
			list = append(list, checklist.Answer{Kind: checklist.AnswerOptions, Options: []checklist.OptionID{o.ID}})
			if q.Type == checklist.TypeMulti && i > 0 {
				list = append(list, checklist.Answer{Kind: checklist.AnswerOptions,
					Options: []checklist.OptionID{q.Options[i-1].ID, o.ID}})
			}
		}
	case checklist.TypeNumber:
		for _, n := range []string{"0", "0.000001", "2.4", "2.5", "2.500001", "10", "-3", "999999999999.999999"} {
			list = append(list, checklist.Answer{Kind: checklist.AnswerNumber, Number: decimal.RequireFromString(n)})
		}
	default:
		list = append(list, checklist.Answer{Kind: checklist.AnswerText, Text: "ein Text"})
	}
	return list
}

func newConditionCase(d *checklist.Definition, p assessments.Program, answers score.Answers) conditionCase {
	c := conditionCase{Program: p, Answers: map[string]answering.ProgramAnswer{}, Want: map[string]string{}}
	for id, a := range answers {
		pa := answering.ProgramAnswer{NotApplicable: a.Kind == checklist.AnswerNotApplicable}
		switch a.Kind {
		case checklist.AnswerOptions:
			for _, o := range a.Options {
				pa.Values = append(pa.Values, string(o))
			}
		case checklist.AnswerNumber:
			pa.Values = []string{wording.Page("de").Marked(a.Number.String())}
		case checklist.AnswerText:
			pa.Values = []string{a.Text}
		}
		c.Answers[string(id)] = pa
	}
	states := score.States(d, answers)
	for _, q := range p {
		c.Want[q.ID] = states[d.Ordinal(checklist.QuestionID(q.ID))].String()
	}
	return c
}

// allConditions is a checklist with every form of condition, chained and nested.
func allConditions() *checklist.Definition {
	options := []checklist.Option{{ID: "nein", Label: text("nein")}, {ID: "halb", Label: text("halb")},
		{ID: "ja", Label: text("ja")}}
	limit := decimal.RequireFromString("2.5")
	question := func(id checklist.QuestionID, kind checklist.Type, when *checklist.Condition) checklist.Question {
		q := checklist.Question{ID: id, Text: text(string(id)), Type: kind, NotApplicable: true, When: when}
		if kind == checklist.TypeChoice || kind == checklist.TypeMulti {
			q.Options = options
		}
		return q
	}
	anyOf := func(id checklist.QuestionID, o ...checklist.OptionID) checklist.Condition {
		return checklist.Condition{Question: id, AnyOf: o}
	}
	d := &checklist.Definition{ID: "bedingungen", Version: "1.0.0", Languages: []checklist.Lang{"de"},
		Sections: []checklist.Section{
			{ID: "eins", Title: text("Eins"), Weight: 1, Questions: []checklist.Question{
				question("wahl", checklist.TypeChoice, nil),
				question("zahl", checklist.TypeNumber, nil),
				question("viele", checklist.TypeMulti, &checklist.Condition{Question: "wahl", AtLeastOption: "halb"}),
			}},
			{ID: "zwei", Title: text("Zwei"), Weight: 1, Questions: []checklist.Question{
				question("a", checklist.TypeChoice, &checklist.Condition{Question: "zahl", AtLeastNumber: &limit}),
				question("b", checklist.TypeText,
					&checklist.Condition{All: []checklist.Condition{anyOf("viele", "halb", "ja"),
						{Not: &checklist.Condition{Question: "zahl", AtLeastNumber: &limit}}}}),
				question("c", checklist.TypeText,
					&checklist.Condition{Any: []checklist.Condition{anyOf("a", "ja"),
						{Not: &checklist.Condition{All: []checklist.Condition{anyOf("wahl", "nein"),
							anyOf("viele", "nein")}}}}}),
				question("d", checklist.TypeText,
					&checklist.Condition{Not: &checklist.Condition{Question: "a", AtLeastOption: "halb"}}),
			}},
		}}
	return d.Index()
}
