package dryrun

import (
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/checklist/carry"
	"ortsspiegel/pkg/region"
)

// Result is what a version of a checklist would do to the answers of a round, before anybody
// has answered anything.
type Result struct {
	Path      *carry.Path   // from the round's version to the other
	Towns     int           // submitted assessments
	Answers   AnswerRun     // all their answers, each counted once
	Old       []OldRun      // by the round's version
	Questions []QuestionRun // by the other version
	Levels    []LevelMove   // towns whose level would change by the new rules alone, by name
}

// AnswerRun counts answers by what becomes of them.
type AnswerRun struct{ Carried, Asked, Retired int }

// Total returns how many answers there are.
func (r AnswerRun) Total() int { return r.Carried + r.Asked + r.Retired }

// OldRun is what becomes of the answers to one question of the round's version.
type OldRun struct {
	Question *checklist.Question
	Gone     bool // no question of the other version comes from it
	Answers  AnswerRun
}

// QuestionRun is what the old answers mean for one question of the other version. Proposed,
// Anew and Without together are all submitted assessments.
type QuestionRun struct {
	Question *checklist.Question
	New      bool                 // it comes from no old question
	Proposed int                  // assessments with a proposal
	Anew     map[carry.Reason]int // assessments that must answer again although they had an answer
	Without  int                  // assessments without any old answer to it
}

// Asked returns how many assessments must answer again although they had an answer.
func (r *QuestionRun) Asked() int {
	n := 0
	for _, k := range r.Anew {
		n += k
	}
	return n
}

// LevelMove is a town whose level would change: Before is what it reached, After what the
// same answers reach by the new rules on the questions they carry over to.
type LevelMove struct {
	Town          region.Municipality
	Before, After checklist.Level
	Was, Is       float64 // scores, [0, 1]
}
