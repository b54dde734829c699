package assessment

import (
	"time"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/bench"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/score"
)

// Import is one assessment as it comes in in one piece: from a table, the demonstration, a measurement. Who makes
// it answers for what it says; it only fills what nobody has touched.
type Import struct {
	Town     region.AGS
	Entries  []Entry // Revision 0 counts as 1; By, At and Origin as they stand
	Evidence []Evidence
	By       account.UserID // who entered everything
	// Record, if not nil, submits the assessment at Submitted by SubmittedBy (a name). Submit sets them.
	Record      []byte
	Submitted   time.Time
	SubmittedBy string
}

// Submit hands the import in as what its entries say. Population is the town's when the round opened.
func (in *Import) Submit(d *checklist.Definition, population int, at time.Time, by string) error {
	answers := make(score.Answers, len(in.Entries))
	for _, e := range in.Entries {
		if e.Given {
			answers[e.Question] = e.Answer
		}
	}
	var err error
	in.Record, err = record(d, in.Town, population, answers)
	in.Submitted, in.SubmittedBy = at, by
	return err
}

// record is what a submission stores for the benchmark: made here and nowhere else.
func record(d *checklist.Definition, town region.AGS, population int, answers score.Answers) ([]byte, error) {
	return bench.NewRecord(d, town, population, answers).MarshalBinary()
}
