package checklist_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestNewTypeIsARow adds a type to the table, in a copy that only the compiler sees, and asks the rooms
// of knowledge about it: the linter, the reader of answers, the score and what carries answers over.
func TestNewTypeIsARow(t *testing.T) {
	file, err := filepath.Abs("kind.go")
	if err != nil {
		t.Fatal(err)
	}
	table, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	const end = "\n}\n\n// unknown is"
	with := strings.Replace(string(table), end, `
	{name: "rating", shape: ShapeNumber, holds: AnswerNumber, asked: "a rating", check: hasLine, order: byNumber,
		parse: func(q *Question, given []string) (Answer, error) {
			if given[0] == "30" {
				return Answer{}, q.wrong("rating", "thirty is no rating", nil)
			}
			return q.parseNumber(given)
		}},`+end, 1)
	if with == string(table) {
		t.Fatal("the table's end was not found")
	}
	folder := t.TempDir()
	copied := filepath.Join(folder, "kind.go")
	overlay, err := json.Marshal(map[string]any{"Replace": map[string]string{file: copied}})
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{"kind.go": []byte(with), "overlay.json": overlay} {
		if err := os.WriteFile(filepath.Join(folder, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	run := exec.Command("go", "run", "-overlay", filepath.Join(folder, "overlay.json"), "./testdata/newtype")
	got, err := run.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, got)
	}
	const want = `linter: [] []
input: number Number from 0 to 100, in steps of 5
read: 25 <nil>
points: 0.5 true
text: the input is not valid; n: the value has the wrong type: a rating is expected
its own rule: the input is not valid; n: thirty is no rating
carried: 25
`
	if string(got) != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}
