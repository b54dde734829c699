package score_test

import (
	"strings"
	"testing"
	"time"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/score"
)

// Reading a decimal takes time that grows with the square of its length: a file of 15 MB would take minutes.
func TestLongNumbersAreRefusedUnread(t *testing.T) {
	d := (&checklist.Definition{ID: "zahl", Version: "1.0.0", Sections: []checklist.Section{
		{ID: "a", Weight: 1, Questions: []checklist.Question{{ID: "n", Type: checklist.TypeNumber}}}}}).Index()
	for _, number := range []string{strings.Repeat("9", 15<<20), "0." + strings.Repeat("3", 15<<20)} {
		start := time.Now()
		_, err := score.ReadAnswers(d, []byte(`{"answers":{"n":{"value":`+number+`}}}`))
		if f := fault.As(err); f == nil || len(f.Fields) != 1 || f.Fields[0].Name != "n" ||
			f.Fields[0].Code != "number" {
			t.Errorf("%.80v", err)
		}
		if took := time.Since(start); took > 10*time.Second {
			t.Errorf("took %v", took)
		}
	}
}
