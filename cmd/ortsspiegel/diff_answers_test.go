package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/round"
)

// checklistFile returns a built-in checklist's text.
func checklistFile(t testing.TB, version string) string {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("..", "..", "checklists", "willkommen", version+".yaml"))
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func TestDiffAnswers(t *testing.T) {
	f := fillDemo(t, 20)
	var d answersDiff
	decode(t, command(t, "diff", "--answers", "1", "--data", f.dir, "--json").wants(t, 0).out, &d)
	if d.Round != 1 || d.Checklist != "willkommen" || d.From != "1.0.0" || d.To != "2.0.1" ||
		!slices.Equal(d.Through, []checklist.Version{"1.0.0", "1.1.0", "2.0.0", "2.0.1"}) {
		t.Errorf("%+v", d)
	}
	towns, answers := 0, 0
	s := f.open(t)
	defer s.Close()
	err := s.Submissions(t.Context(), 1, func(sub round.Submission) error {
		towns++
		answers += len(sub.Answers)
		return nil
	})
	if err != nil || towns == 0 || d.Assessments != towns || d.Answers.Total != answers ||
		d.Answers.Carried+d.Answers.Asked+d.Answers.Retired != answers {
		t.Errorf("%d assessments with %+v, want %d with %d (%v)", d.Assessments, d.Answers, towns, answers, err)
	}
	var old answerCounts
	gone := 0
	for _, q := range d.Old {
		old.Total += q.Answers.Total
		old.Asked += q.Answers.Asked
		if q.Gone {
			gone++
			old.Retired += q.Answers.Total
		}
	}
	if old.Total != answers || old.Asked != d.Answers.Asked || old.Retired != d.Answers.Retired || gone == 0 {
		t.Errorf("the old questions add up to %+v, %d are gone", old, gone)
	}
	fresh := 0
	for _, q := range d.Questions {
		n := 0
		for _, k := range q.Reasons {
			n += k
		}
		if q.Asked != n || q.Proposed+q.Asked+q.Without != towns {
			t.Errorf("%+v", q)
		}
		if q.New {
			fresh++
		}
	}
	text := command(t, "diff", "--answers", "1", "--data", f.dir).wants(t, 0, "willkommen@1.0.0 to 2.0.1",
		"carry over", "retired", "buero-weiterleitung", "meaning_changed", "netz-verweise",
		fmt.Sprintf("%d submitted assessments with %d answers", towns, answers)).out
	for _, l := range d.Levels {
		if !strings.Contains(text, l.Name) || l.From == l.To {
			t.Errorf("%+v", l)
		}
	}
	if fresh == 0 || len(d.Levels) == 0 || strings.Count(text, "\n") < gone+fresh+len(d.Levels) {
		t.Errorf("%d new questions, %d levels:\n%s", fresh, len(d.Levels), text)
	}
}

// TestDiffAnswersOfAVersion names versions in every way, one of them not published.
func TestDiffAnswersOfAVersion(t *testing.T) {
	f := fillDemo(t, 3)
	dir := t.TempDir()
	write(t, checklistFile(t, "1.1.0"), dir, "willkommen", "1.1.0.yaml")
	head, _, _ := strings.Cut(strings.Replace(checklistFile(t, "1.1.0"), "version: 1.1.0", "version: 1.2.0", 1),
		"\nchanges:")
	write(t, head+"\nchanges:\n  from: 1.1.0\n  note: {de: Nur zur Probe., en: Just a trial.}\n", dir, "willkommen",
		"1.2.0.yaml")
	run := func(args ...string) (d answersDiff) {
		t.Helper()
		decode(t, command(t, append([]string{"diff", "--data", f.dir, "--json", "--answers"}, args...)...).wants(t,
			0).out, &d)
		return d
	}
	short, long := run("1", "1.1.0"), run("1", "willkommen@1.1.0")
	if short.To != "1.1.0" || short.Answers != long.Answers || short.Answers.Asked != 0 || short.Answers.Retired == 0 {
		t.Errorf("%+v, %+v", short.Answers, long.Answers)
	}
	trial := filepath.Join(dir, "willkommen", "1.2.0.yaml")
	if d := run("1", trial); !slices.Equal(d.Through, []checklist.Version{"1.0.0", "1.1.0", "1.2.0"}) ||
		d.Answers != short.Answers {
		t.Errorf("over %v: %+v, want %+v", d.Through, d.Answers, short.Answers)
	}
	if d := run("2", trial); d.Answers.Carried != d.Answers.Total || len(d.Levels) != 0 || d.Answers.Total == 0 {
		t.Errorf("nothing but the number has changed: %+v", d)
	}
	if d := run("3"); d.To != "2.0.1" || d.Answers.Carried != d.Answers.Total || len(d.Levels) != 0 ||
		d.Answers.Total == 0 {
		t.Errorf("nothing but words has changed: %+v", d)
	}
	if err := os.Remove(filepath.Join(dir, "willkommen", "1.1.0.yaml")); err != nil {
		t.Fatal(err)
	}
	// The file between is gone; what a round keeps stands in, also for a version that is named.
	if d := run("1", trial); !slices.Equal(d.Through, []checklist.Version{"1.0.0", "1.1.0", "1.2.0"}) ||
		d.Answers != short.Answers {
		t.Errorf("over %v without the file between: %+v, want %+v", d.Through, d.Answers, short.Answers)
	}
	older := filepath.Join(t.TempDir(), "checklists")
	write(t, checklistFile(t, "1.0.0"), older, "willkommen", "1.0.0.yaml")
	write(t, sumOf(checklistFile(t, "1.0.0"), "willkommen/1.0.0.yaml"), older, "published.sum")
	if d := run("1", "2.0.0", "--checklists", older); d.To != "2.0.0" || len(d.Through) != 3 || d.Answers.Carried == 0 {
		t.Errorf("with the first file alone: over %v, %+v", d.Through, d.Answers)
	}
	late := write(t, strings.NewReplacer("version: 1.2.0", "version: 1.4.0", "from: 1.1.0",
		"from: 1.3.0").Replace(read(t, trial)), dir, "willkommen", "1.4.0.yaml")
	for _, c := range []struct {
		code int
		args []string
		says string
	}{
		{1, []string{"1", late}, "1.3.0.yaml"},
		{1, []string{"99"}, "--answers: there is no round 99"},
		{1, []string{"3", "--checklists", older}, "no version after willkommen@2.0.0"},
		{1, []string{"3", "1.1.0"}, "no later version"},
		{1, []string{"1", "9.0.0"}, "9.0.0.yaml"},
		{1, []string{"1", "barrierefreie-dienste@1.0.0"}, "no later version"},
		{1, []string{"1", filepath.Join(dir, "gone", "3.0.0.yaml")}, "3.0.0.yaml"},
		{1, []string{"1", write(t, "id: [", dir, "willkommen", "4.0.0.yaml")}, "4.0.0.yaml:2:1: error"},
		{1, []string{"1", "--data", dir}, "no database"},
		{2, []string{"1", "1.0.0", "1.1.0"}, "one version at most"},
		{2, []string{"1", "neueste"}, "a version such as"},
		{2, []string{"one"}, "--answers"},
	} {
		o := command(t, append([]string{"diff", "--data", f.dir, "--answers"}, c.args...)...)
		if o.code != c.code || !strings.Contains(o.err, c.says) || o.out != "" {
			t.Errorf("%v: exit code %d, stdout %q, stderr %q; want %d and %q", c.args, o.code, o.out, o.err, c.code,
				c.says)
		}
	}
	command(t, "diff", "--answers", "1").wants(t, 2, "--data")
	commandWith(t, "", []string{"ORTSSPIEGEL_DATA=" + f.dir}, "diff", "--answers", "1").wants(t, 0, "carry over")
	commandWith(t, "", []string{"ORTSSPIEGEL_DATA=" + f.dir}, "diff", "willkommen@1.0.0", "willkommen@1.1.0").wants(t,
		0)
}
