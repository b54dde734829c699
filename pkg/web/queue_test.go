package web

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"ortsspiegel/pkg/internal/testkit"
)

// TestQueueOfOneQuestion runs the script's queue alone, with answers and a clock of the test's own:
// what no browser can be made to do at a given moment.
func TestQueueOfOneQuestion(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil {
		testkit.Need(t, "node: apt-get install nodejs")
	}
	address := mustJSON(t, filepath.Join(testkit.Root(), "static", "js", "queue.js"))
	cases, err := os.ReadFile("testdata/queue.mjs")
	must(t, err)
	script := "import { Queue } from " + string(address) + "\n" + string(cases)
	cmd := exec.CommandContext(t.Context(), node, "--input-type=module")
	cmd.Stdin = strings.NewReader(script)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
