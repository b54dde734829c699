package assessment_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/bench"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/round"
	"ortsspiegel/pkg/store"
)

// said writes an answer in one line.
func said(a checklist.Answer) string {
	switch a.Kind {
	case checklist.AnswerOptions:
		return fmt.Sprint(a.Options)
	case checklist.AnswerNumber:
		return a.Number.String()
	case checklist.AnswerNotApplicable:
		return "n/a: " + a.Text
	}
	return a.Text
}

// offer is what a proposal amounts to in one line: the answer or the reason, the old questions,
// the comment, the evidence.
func offer(p assessment.Proposal) string {
	var sources, evidence []string
	for _, s := range p.Sources {
		sources = append(sources, string(s.Question.ID))
	}
	for _, e := range p.Evidence {
		evidence = append(evidence, e.Title)
	}
	what := said(p.Answer)
	if p.Reason != "" {
		what = string(p.Reason)
	}
	return fmt.Sprintf("%s < %s / %s / %s", what, strings.Join(sources, "+"), p.Comment, strings.Join(evidence, "+"))
}

func TestProposalsThroughTwoVersions(t *testing.T) {
	o := newSetup(t)
	source, draft := o.years("2.0.0")
	p := o.proposals(draft)
	if p.From.ID != source.ID || p.From.RoundTitle != "Runde 2024 here" {
		t.Errorf("they come from %d %q", p.From.ID, p.From.RoundTitle)
	}
	want := map[checklist.QuestionID]string{
		"netz":          "[ja] < seite / Seite steht / Seite zu seite+Plan.pdf", // renamed, then split
		"papier":        "[ja] < seite / Seite steht / Seite zu seite+Plan.pdf",
		"sprachen":      "[de uk] < sprachen /  / ",
		"ohne":          "[nein] < ohne /  / ",
		"tage":          "number_refused < tage /  / ",
		"frist":         "1.125 < frist /  / ",
		"notiz":         "Grüße\nzweite Zeile < notiz /  / ",
		"seit":          "2023-05-01 < seit /  / ",
		"woche":         "[teil] < mo+di / Montag\n\nDienstag / Seite zu mo+Seite zu di", // lowest
		"post":          "[ja] < brief+mail / Mail / ",                                   // highest
		"jahresbericht": "merge_ask < zahl+bericht /  / ",
		"beide":         "merge_incomplete < eins /  / ",
		"termin":        "[ja] < termin /  / ", // options mapped
		"sinn":          "meaning_changed < sinn / Sinn / ",
		"na":            "n/a: gibt es bei uns nicht < na /  / ",
		"entfaellt":     "not_applicable_refused < entfaellt /  / ",
	}
	for q, w := range want {
		if got := offer(p.List[q]); got != w {
			t.Errorf("%s: %q, want %q", q, got, w)
		}
	}
	if len(p.List) != len(want) {
		t.Errorf("%d proposals, want %d: %v", len(p.List), len(want), slices.Sorted(maps.Keys(p.List)))
	}
	var retired []checklist.QuestionID
	for _, r := range p.Retired {
		retired = append(retired, r.Question.ID)
		if !r.Entry.Given || said(r.Entry.Answer) != "[ja]" {
			t.Errorf("retired %s: %+v", r.Question.ID, r.Entry)
		}
	}
	if !slices.Equal(retired, []checklist.QuestionID{"weg", "ende"}) {
		t.Errorf("retired: %v", retired)
	}
	merged := p.List["woche"]
	if at := merged.At(); !at.Equal(merged.Sources[1].Entry.At) || !at.After(merged.Sources[0].Entry.At) {
		t.Errorf("the newest of the old answers is from %v", at)
	}

	for q := range want {
		if got, ok := p.Offered(o.view(draft), q); !ok || got.Question != q {
			t.Errorf("%s: offered %v, %v", q, got, ok)
		}
	}
	o.answer(draft, "frist", 0, "", "3")
	if got, ok := p.Offered(o.view(draft), "frist"); ok {
		t.Errorf("offered beside an answer: %v", got)
	}
}

// One press confirms a section although one of its questions depends on another, and what
// the confirmed answers put to sleep is not among them.
func TestWithinASection(t *testing.T) {
	o := newSetup(t)
	_, draft := o.years("2.0.0")
	p, v := o.proposals(draft), o.view(draft)
	section := p.Within(v, "a")
	if !slices.Equal(section, []checklist.QuestionID{"netz", "papier", "sprachen", "frist", "notiz", "seit"}) {
		t.Fatalf("within: %v", section)
	}
	done, err := o.Confirm(t.Context(), lead(arnsberg), draft, p.Seen, section)
	must(t, err)
	if len(done.Saved) != len(section) || len(done.Kept) != 0 {
		t.Errorf("saved %d of %d, kept %v", len(done.Saved), len(section), done.Kept)
	}
	v = o.view(draft)
	if again := p.Within(v, "a"); again != nil {
		t.Errorf("left after one press: %v", again)
	}
	if q, _ := v.Result.Question("sprachen"); q.State.String() != "answered" {
		t.Errorf("the dependent question is %v", q.State)
	}
	var elsewhere []checklist.QuestionID
	for i := range v.Definition.Sections {
		elsewhere = append(elsewhere, p.Within(v, v.Definition.Sections[i].ID)...)
	}
	if !slices.Equal(elsewhere, []checklist.QuestionID{"woche", "post", "termin", "na"}) {
		t.Errorf("left in the other sections: %v", elsewhere)
	}
	if got := p.Within(v, "nirgends"); got != nil {
		t.Errorf("within an unknown section: %v", got)
	}
	// An answer that somebody has given wins over the old one: then nothing is proposed for its dependents.
	o.answer(draft, "netz", 1, "", "nein")
	if got := p.Within(o.view(draft), "a"); !slices.Equal(got, []checklist.QuestionID{"ohne"}) {
		t.Errorf("within: %v", got)
	}
}

func TestConfirming(t *testing.T) {
	o := newSetup(t)
	source, draft := o.years("2.0.0")
	ctx, before := t.Context(), o.rowsOf(source)
	p := o.proposals(draft)
	o.answer(draft, "post", 0, "von Hand", "teil")
	mine := "schon da"
	_, err := o.Answer(ctx, assessment.ByAccount(lead(arnsberg)), draft, "woche", assessment.Input{Comment: &mine})
	must(t, err)

	done, err := o.Confirm(ctx, lead(arnsberg), draft, p.Seen, []checklist.QuestionID{"woche", "netz", "post", "netz"})
	must(t, err)
	if len(done.Saved) != 2 || done.Saved[0].Question != "netz" || done.Saved[1].Question != "woche" ||
		!slices.Equal(done.Kept, []checklist.QuestionID{"post"}) {
		t.Fatalf("confirmed: %+v", done)
	}
	v := o.view(draft)
	origin := assessment.Origin{Kind: assessment.OriginCarried, Subject: "Runde 2024 here",
		At: p.List["netz"].Sources[0].Entry.At}
	if e := v.Entries["netz"]; said(e.Answer) != "[ja]" || e.Comment != "Seite steht" || e.Revision != 1 ||
		e.By != "Leitung" || !e.At.Equal(o.now) || e.Origin != origin || e.Origin != done.Saved[0].Origin {
		t.Errorf("netz: %+v", e)
	}
	if e := v.Entries["woche"]; said(e.Answer) != "[teil]" || e.Comment != mine || e.Revision != 2 ||
		e.Origin.Kind != assessment.OriginCarried {
		t.Errorf("woche: %+v", e)
	}
	if e := v.Entries["post"]; said(e.Answer) != "[teil]" || e.Revision != 1 || e.Origin != (assessment.Origin{}) {
		t.Errorf("post: %+v", e)
	}
	evidence := o.evidence(draft)
	if got := fmt.Sprint(slices.Sorted(
		maps.Keys(evidence))); got != "[netz Plan.pdf netz Seite zu seite woche Seite zu di woche Seite zu mo]" {
		t.Errorf("evidence: %s", got)
	}
	file := evidence["netz Plan.pdf"]
	if file.Origin.Kind != assessment.OriginCarried || file.Origin.Subject != "Runde 2024 here" ||
		file.By != "Leitung" || !file.At.Equal(o.now) {
		t.Errorf("the file: %+v", file)
	}
	_, data, err := o.EvidenceFile(ctx, draft, file.ID)
	must(t, err)
	if string(data) != "%PDF-1.7 Plan" {
		t.Errorf("the copied file holds %q", data)
	}

	// The history says it; a new comment leaves the origin, a new answer ends it.
	o.answer(draft, "netz", 1, "genauer", "ja")
	o.answer(draft, "netz", 2, "genauer", "teil")
	lines, err := o.History(ctx, draft, "netz")
	must(t, err)
	if len(lines) != 3 || lines[2].Origin != origin || lines[1].Origin != (assessment.Origin{}) ||
		lines[0].Origin != (assessment.Origin{}) {
		t.Errorf("history: %+v", lines)
	}

	// What is the draft's own can go without a trace in the old assessment.
	must(t, o.RemoveEvidence(ctx, lead(arnsberg), o.head(arnsberg, round.ID(draft.Round)), file.ID))
	o.submit(arnsberg, round.ID(draft.Round))
	must(t, o.Reopen(ctx, agency("here"), draft.ID, "bitte noch einmal prüfen"))
	compare(t, before, o.rowsOf(source))
}

// An answer that was taken back is open again, so it is offered again, and what came along the
// first time does not come twice.
func TestConfirmingAgain(t *testing.T) {
	o := newSetup(t)
	_, draft := o.years("2.0.0")
	p := o.proposals(draft)
	for revision := 0; revision < 4; revision += 2 {
		done, err := o.Confirm(t.Context(), lead(arnsberg), draft, p.Seen, []checklist.QuestionID{"netz"})
		must(t, err)
		if len(done.Saved) != 1 || done.Saved[0].Revision != revision+1 {
			t.Fatalf("after revision %d: %+v", revision, done)
		}
		v := o.view(draft)
		if _, ok := p.Offered(v, "netz"); ok {
			t.Error("offered although it was answered")
		}
		o.answer(draft, "netz", revision+1, "")
		if _, ok := p.Offered(o.view(draft), "netz"); !ok {
			t.Error("not offered although it is open")
		}
	}
	if evidence := o.evidence(draft); len(evidence) != 2 {
		t.Errorf("evidence: %v", evidence)
	}
}

func (o *setup) evidence(h assessment.Head) map[string]assessment.Evidence {
	o.t.Helper()
	list, err := o.Evidence(o.t.Context(), h)
	must(o.t, err)
	by := map[string]assessment.Evidence{}
	for _, e := range list {
		key := string(e.Question) + " " + e.Title
		if _, ok := by[key]; ok {
			o.t.Errorf("%s is there twice", key)
		}
		by[key] = e
	}
	return by
}

func compare(t *testing.T, before, after map[string][]string) {
	t.Helper()
	for _, table := range []string{"assessments", "answers", "changes", "handovers", "evidence", "evidence_files",
		"rounds", "participants", "checklists"} {
		if len(before[table]) == 0 {
			t.Errorf("no rows of %s were compared", table)
		}
	}
	if len(before) != len(after) {
		t.Errorf("%d tables before, %d after", len(before), len(after))
	}
	for table, rows := range before {
		if !slices.Equal(rows, after[table]) {
			t.Errorf("%s was\n%s\nand is\n%s", table, strings.Join(rows, "\n"), strings.Join(after[table], "\n"))
		}
	}
}

func TestUnconfirmedCountsAsOpenEverywhere(t *testing.T) {
	o := newSetup(t)
	_, draft := o.years("2.0.0")
	p := o.proposals(draft)
	v := o.view(draft)
	if v.Result.Completeness != 0 || *v.Result.Score != 0 || v.Result.Counts.Open != 16 {
		t.Errorf("before: %+v", v.Result)
	}
	progress := func() float64 {
		r, err := o.rounds.Round(t.Context(), agency("here"), "round.view", round.ID(draft.Round))
		must(t, err)
		list, err := o.rounds.Participants(t.Context(), r)
		must(t, err)
		for _, town := range list {
			if town.Town.AGS == arnsberg {
				return town.Progress
			}
		}
		return -1
	}
	if got := progress(); got != 0 {
		t.Errorf("the agency sees a progress of %v", got)
	}
	_, err := o.Confirm(t.Context(), lead(arnsberg), draft, p.Seen, []checklist.QuestionID{"netz"})
	must(t, err)
	v = o.view(draft)
	if v.Result.Counts.Done() != 1 || progress() != v.Result.Completeness || v.Result.Completeness != 1.0/16 {
		t.Errorf("after one: %+v, progress %v", v.Result.Counts, progress())
	}
	h := o.submit(arnsberg, round.ID(draft.Round))
	if late, err := o.Proposals(t.Context(), draft); err != nil || late.From.ID != p.From.ID {
		t.Errorf("a page that does not know yet is offered the answers of assessment %d, %v", late.From.ID, err)
	}
	r, err := o.rounds.Round(t.Context(), agency("here"), "round.view", round.ID(draft.Round))
	must(t, err)
	records, err := o.rounds.Records(t.Context(), r)
	must(t, err)
	want := bench.NewRecord(v.Definition, arnsberg, 10000, assessment.Answers(v.Entries))
	if got, _ := records[0].MarshalBinary(); len(records) != 1 || len(assessment.Answers(v.Entries)) != 1 {
		t.Errorf("%d records", len(records))
	} else if w, _ := want.MarshalBinary(); !slices.Equal(got, w) {
		t.Error("the record holds more than the one confirmed answer")
	}
	if p := o.proposals(h); p.From.ID != 0 || p.List != nil {
		t.Errorf("a submitted assessment is offered %d proposals", len(p.List))
	}
	_, err = o.Confirm(t.Context(), lead(arnsberg), h, p.Seen, []checklist.QuestionID{"papier"})
	wantCode(t, err, fault.Conflict, "assessment_locked")
}

func TestWhatIsASource(t *testing.T) {
	o := newSetup(t)
	ctx := t.Context()
	first := o.round("here", "1.0.0", arnsberg, bestwig)
	o.answer(o.head(bestwig, first), "mo", 0, "", "ja")
	o.submit(bestwig, first)
	o.now = o.now.AddDate(0, 0, 1)
	second := o.round("here", "1.1.0", arnsberg, bestwig)
	draft := o.head(arnsberg, second)
	if p := o.proposals(draft); p.From.ID != 0 || p.Seen != "" {
		t.Fatalf("another town's answers, or a draft's, are offered: %+v", p.From)
	}
	_, err := o.Confirm(ctx, lead(arnsberg), draft, "", []checklist.QuestionID{"mo"})
	wantCode(t, err, fault.Invalid, "proposal_unknown")

	// Its own, as soon as it is handed in.
	o.answer(o.head(arnsberg, first), "mo", 0, "", "teil")
	own := o.submit(arnsberg, first)
	seen := o.proposals(draft)
	if seen.From.ID != own.ID {
		t.Fatalf("the own assessment is no source: %+v", seen.From)
	}

	// Another agency's round, handed in later, comes first.
	o.now = o.now.AddDate(0, 0, 1)
	land := o.round("land", "1.1.0", arnsberg)
	o.answer(o.head(arnsberg, land), "neu", 0, "", "ja")
	other := o.submit(arnsberg, land)
	p := o.proposals(draft)
	if p.From.ID != other.ID || p.From.RoundTitle != "Runde 2024 land" || said(p.List["neu"].Answer) != "[ja]" {
		t.Errorf("the other agency's round is no source: %+v", p)
	}
	_, err = o.Confirm(ctx, lead(arnsberg), draft, seen.Seen, []checklist.QuestionID{"mo"})
	wantCode(t, err, fault.Conflict, "proposal_changed")

	// A later version does not lead back.
	o.now = o.now.AddDate(0, 0, 1)
	newest := o.round("land", "2.0.0", arnsberg)
	o.answer(o.head(arnsberg, newest), "neu", 0, "", "nein")
	o.submit(arnsberg, newest)
	if p := o.proposals(draft); p.From.ID != other.ID {
		t.Errorf("the source is %+v", p.From)
	}

	// What was given back is no source until it is handed in again; as it was, it proposes the same.
	must(t, o.Reopen(ctx, agency("land"), other.ID, "bitte noch einmal prüfen"))
	if p := o.proposals(draft); p.From.ID != own.ID {
		t.Errorf("the source is %+v", p.From)
	}
	_, err = o.Confirm(ctx, lead(arnsberg), draft, p.Seen, []checklist.QuestionID{"neu"})
	wantCode(t, err, fault.Conflict, "proposal_changed")
	o.now = o.now.AddDate(0, 0, 1)
	o.submit(arnsberg, land)
	if again := o.proposals(draft); again.Seen != p.Seen || again.From.Change == p.From.Change {
		t.Errorf("handed in again: %+v, was %+v", again, p)
	}
	done, err := o.Confirm(ctx, lead(arnsberg), draft, p.Seen, []checklist.QuestionID{"neu"})
	must(t, err)
	if len(done.Saved) != 1 {
		t.Errorf("confirmed: %+v", done)
	}

	// With another answer it proposes another.
	must(t, o.Reopen(ctx, agency("land"), other.ID, "bitte noch einmal prüfen"))
	o.answer(o.head(arnsberg, land), "mo", 0, "", "nein")
	o.submit(arnsberg, land)
	after := o.proposals(draft)
	if said(after.List["mo"].Answer) != "[nein]" || after.Seen == p.Seen {
		t.Errorf("after another answer: %+v", after.List["mo"])
	}

	must(t, o.rounds.Close(ctx, agency("here"), second))
	if p := o.proposals(draft); p.From.ID != 0 {
		t.Errorf("a closed round is offered proposals of %+v", p.From)
	}
	_, err = o.Confirm(ctx, lead(arnsberg), draft, after.Seen, []checklist.QuestionID{"mo"})
	wantCode(t, err, fault.Conflict, "round_closed")
}

func TestConfirmRefusesWhatIsNotProposed(t *testing.T) {
	o := newSetup(t)
	_, draft := o.years("2.0.0")
	p := o.proposals(draft)
	for _, q := range []checklist.QuestionID{"sinn", "neu", "gibt-es-nicht", "seite"} {
		_, err := o.Confirm(t.Context(), lead(arnsberg), draft, p.Seen, []checklist.QuestionID{"netz", q})
		wantCode(t, err, fault.Invalid, "proposal_unknown")
	}
	_, err := o.Confirm(t.Context(), lead(arnsberg), draft, "", []checklist.QuestionID{"netz"})
	wantCode(t, err, fault.Conflict, "proposal_changed")
	done, err := o.Confirm(t.Context(), lead(arnsberg), draft, p.Seen, nil)
	must(t, err)
	if len(done.Saved)+len(done.Kept) > 0 {
		t.Errorf("nothing was confirmed: %+v", done)
	}
	if h := o.head(arnsberg, round.ID(draft.Round)); h.Change != 0 {
		t.Errorf("something was written: change %d", h.Change)
	}
}

// Every page of a draft asks for its proposals: that costs nothing beyond the head, and a program
// that has just started reads the town's rounds, the source and the versions once.
func TestProposalsAreCheap(t *testing.T) {
	o := newSetup(t)
	_, draft := o.years("2.0.0")
	o.restart()
	for i, want := range []int64{4, 0, 0} {
		ctx, n := store.CountStatements(t.Context())
		p, err := o.Proposals(ctx, draft)
		must(t, err)
		if n.Load() != want || len(p.List) == 0 {
			t.Errorf("call %d: %d statements, want %d", i, n.Load(), want)
		}
	}
	p := o.proposals(draft)
	ctx, n := store.CountStatements(t.Context())
	done, err := o.Confirm(ctx, lead(arnsberg), draft, p.Seen, []checklist.QuestionID{"papier", "ohne", "notiz",
		"seit", "post"})
	must(t, err)
	// the head, the state, the source, the answers, the evidence; two for each answer, two for each piece of evidence
	if want := int64(5 + 2*5 + 2*2); n.Load() != want || len(done.Saved) != 5 {
		t.Errorf("a confirmation of %d: %d statements, want %d", len(done.Saved), n.Load(), want)
	}
}

// Comments of merged questions come along whole or not at all.
func TestLongComments(t *testing.T) {
	o := newSetup(t)
	first := o.round("here", "1.1.0", arnsberg)
	h := o.head(arnsberg, first)
	long := strings.Repeat("ß", checklist.MaxComment-1)
	for q, comment := range map[checklist.QuestionID]string{"mo": long, "di": "Dienstag", "brief": "Brief",
		"mail": "Brief"} {
		o.answer(h, q, 0, comment, "ja")
	}
	o.submit(arnsberg, first)
	p := o.proposals(o.head(arnsberg, o.round("here", "2.0.0", arnsberg)))
	for q, want := range map[checklist.QuestionID]string{"woche": long, "post": "Brief"} {
		if got := p.List[q].Comment; got != want {
			t.Errorf("%s: %d characters, want %d", q, len([]rune(got)), len([]rune(want)))
		}
	}
}

// A question takes no more evidence than it may have by hand.
func TestEvidenceUpToTheLimit(t *testing.T) {
	o := newSetup(t)
	first := o.round("here", "1.1.0", arnsberg)
	h := o.head(arnsberg, first)
	for _, q := range []checklist.QuestionID{"mo", "di"} {
		o.answer(h, q, 0, "", "ja")
		for i := range 15 {
			_, err := o.AddLink(t.Context(), lead(arnsberg), h, q, fmt.Sprintf("https://www.example.org/%s/%d", q, i),
				"")
			must(t, err)
		}
	}
	o.submit(arnsberg, first)
	draft := o.head(arnsberg, o.round("here", "2.0.0", arnsberg))
	p := o.proposals(draft)
	if n := len(p.List["woche"].Evidence); n != 30 {
		t.Fatalf("%d pieces proposed", n)
	}
	_, err := o.Confirm(t.Context(), lead(arnsberg), draft, p.Seen, []checklist.QuestionID{"woche"})
	must(t, err)
	if n := len(o.evidence(draft)); n != assessment.MaxEvidence {
		t.Errorf("%d pieces of evidence", n)
	}
}
