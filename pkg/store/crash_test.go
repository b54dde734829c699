package store_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"testing"

	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/store"
)

// stormDir makes this test program a server in an autosave storm; see TestMain.
const stormDir = "ORTSSPIEGEL_TEST_STORM"

// storm saves with 32 writers until it is killed and prints every acknowledged answer.
func storm(dir string) int {
	s, err := store.Open(context.Background(), store.Config{DataDir: dir, Serve: true})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	for _, err := range together(writers, func(i int) error {
		entries, err := s.Entries(context.Background(), assessment.ID(i+1))
		if err != nil {
			return err
		}
		n := 0
		for _, e := range entries {
			n += e.Revision
		}
		for ; ; n++ {
			q := checklist.QuestionID(fmt.Sprintf("q%d", n%54))
			e, err := saveOne(context.Background(), s,
				write(assessment.ID(i+1), q, checklist.OptionID(fmt.Sprintf("o%d", n)), n/54))
			if err != nil {
				return err
			}
			if _, err := fmt.Printf("%d %s %d %s\n", i+1, q, e.Revision, e.Answer.Options[0]); err != nil {
				return err
			}
		}
	}) {
		fmt.Fprintln(os.Stderr, err)
	}
	return 1
}

func TestKilledInAnAutosaveStorm(t *testing.T) {
	dir := t.TempDir()
	s, err := store.Open(t.Context(), store.Config{DataDir: dir})
	must(t, err)
	openRound(t, s, writers)
	must(t, s.Close())

	type key struct {
		id assessment.ID
		q  checklist.QuestionID
	}
	acknowledged := map[key]assessment.Entry{}
	for range 3 { // killed and restarted
		var since int
		child := exec.Command(os.Args[0])
		child.Env = append(os.Environ(), stormDir+"="+dir)
		child.Stderr = os.Stderr
		out, err := child.StdoutPipe()
		must(t, err)
		must(t, child.Start())
		for lines := bufio.NewScanner(out); lines.Scan(); {
			var k key
			var e assessment.Entry
			var option checklist.OptionID
			if _, err := fmt.Sscan(lines.Text(), &k.id, &k.q, &e.Revision, &option); err != nil {
				break // the last line may be cut
			}
			e.Answer = options(option)
			if e.Revision > acknowledged[k].Revision {
				acknowledged[k] = e
			}
			if since++; since == 4000 {
				must(t, child.Process.Kill())
			}
		}
		if err := child.Wait(); err == nil || since < 4000 {
			t.Fatalf("the storm ended by itself after %d answers: %v", since, err)
		}
		again, err := store.Open(t.Context(), store.Config{DataDir: dir, Serve: true})
		must(t, err)
		for id := assessment.ID(1); id <= writers; id++ {
			entries := checkHistory(t, again, id)
			for k, want := range acknowledged {
				if k.id != id {
					continue
				}
				history, err := again.History(t.Context(), id, k.q)
				must(t, err)
				found := false
				for _, c := range history {
					found = found || (c.Revision == want.Revision && c.To.Equal(want.Answer))
				}
				if got := entries[k.q]; got.Revision < want.Revision || !found {
					t.Fatalf("assessment %d, %s: acknowledged %+v, stored %+v", id, k.q, want, got)
				}
			}
		}
		must(t, again.Close())
	}
}
