package main

import (
	"os/exec"
	"testing"
	"time"
)

// TestKilledImportLeavesNothing kills an import at moments all over its life: what is there then is
// what was there before, or all of it; and as long as nothing is, the same command can be given
// again.
func TestKilledImportLeavesNothing(t *testing.T) {
	f := fillDemo(t, 0)
	before := everything(t, f.dir)
	table := saveBook(t, oldRound())
	program := binary(t)
	importOnce := func(more ...string) *exec.Cmd {
		c := exec.Command(program, append([]string{"answers", "import-table", table, "--map", tableMapFile, "--data",
			f.dir}, more...)...)
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		return c
	}
	start := time.Now()
	if err := importOnce("--dry-run").Wait(); err != nil {
		t.Fatal(err)
	}
	whole := time.Since(start)
	const moments = 10
	killed, done := 0, false
	for i := 0; i < moments && !done; i++ {
		c := importOnce()
		// it may have ended
		timer := time.AfterFunc(whole*time.Duration(i+1)/moments*3/2, func() { _ = c.Process.Kill() })
		err := c.Wait()
		timer.Stop()
		switch after := everything(t, f.dir); {
		case err == nil:
			done = true
		case after == before:
			killed++
		default:
			done = true // killed between its last write and its end
			command(t, "answers", "import-table", table, "--map", tableMapFile, "--data", f.dir).wants(t, 1,
				"the region already has this round", "closed")
		}
	}
	if killed == 0 {
		t.Error("it was never killed before its end")
	}
	if !done {
		command(t, "answers", "import-table", table, "--map", tableMapFile, "--data", f.dir).wants(t, 0, "stored: ")
	}
	command(t, "answers", "import-table", table, "--map", tableMapFile, "--data", f.dir).wants(t, 1,
		"the region already has this round", "closed")
}
