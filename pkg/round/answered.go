package round

import (
	"context"

	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/score"
)

// Answered is what a town has submitted in a round.
type Answered struct {
	Round   ID
	Town    region.AGS
	Answers score.Answers // the slices in it are shared and must not be changed
}

// Submitted reads the answers of submitted assessments.
type Submitted interface {
	// SubmittedAnswers calls f for what was submitted in some rounds, by AGS, in one statement.
	SubmittedAnswers(ctx context.Context, rounds []ID, f func(Answered) error) error
}

// EachTown shares out what each town has submitted in some rounds to Workers workers, as shareOut does:
// each call is for one town, list holds at least one of its submissions.
func EachTown(ctx context.Context, store Submitted, rounds []ID, work func(worker int, list []Answered)) error {
	return shareOut(func(emit func([]Answered)) error {
		var town []Answered
		err := store.SubmittedAnswers(ctx, rounds, func(a Answered) error {
			if len(town) > 0 && town[0].Town != a.Town {
				emit(town)
				town = nil
			}
			town = append(town, a)
			return nil
		})
		if len(town) > 0 {
			emit(town)
		}
		return err
	}, work)
}
