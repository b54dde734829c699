package demo

import (
	"hash/fnv"
	"math"
	"math/rand/v2"
	"slices"
	"strings"

	"ortsspiegel/pkg/bench/disclosure"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/score"
)

// State is how far a town has come in the round.
type State uint8

// The states of a town.
const (
	Untouched State = iota // has never opened its assessment
	Draft                  // is working on it; may have no answer yet
	Submitted
)

// Link is a piece of evidence.
type Link struct {
	Question checklist.QuestionID
	Address  string // https, on a domain that is reserved for examples
	Title    string // at most 200 characters
	Carried  bool   // came along with an answer of an earlier round
}

// Assessment is what one town did in a round.
type Assessment struct {
	Town     region.Municipality
	State    State
	Answers  score.Answers                   // valid; none to inactive questions
	Comments map[checklist.QuestionID]string // at most checklist.MaxComment characters each
	Evidence []Link                          // in the order of the checklist
	Consent  disclosure.Consent              // what a submitted town opted in to be named with
	// when it submitted or last saved, as a share of the round's window, above 0 and below 1
	Offset float64

	// From is the round whose answers were there to take over, counted from 1; 0: the town has
	// not submitted before. Carried says which questions of it an answer was taken over from.
	From    int
	Carried map[checklist.QuestionID][]checklist.QuestionID
}

// drafts are the shares of questions that towns have answered that are not done yet.
var drafts = []float64{0.42, 0.08, 0.77, 0.25, 0.95, 0.6}

// Plan makes up a single round; Series says what is in it.
func Plan(d *checklist.Definition, towns []region.Municipality, participants int, seed int64) []Assessment {
	s := series{waves: []Wave{{d, participants}}, towns: towns, seed: seed}
	return s.next(nil)
}

// Profile is what makes a town's answers its own.
type Profile struct {
	Quality       float64 // about -2 (nothing is done) to 2 (nearly everything)
	NotApplicable bool    // says so wherever it may, and little else
}

// ProfileOf makes up a town's profile; the bigger a town, the better on average.
func ProfileOf(m region.Municipality, seed int64) Profile {
	r := generator(seed, "profile", string(m.AGS))
	size := math.Log10(float64(max(m.Population, 1000))/16_000) * 0.8
	return Profile{Quality: r.NormFloat64()*0.9 + size + 0.3}
}

// generator returns a source of random numbers for one purpose, so that an answer does not
// depend on how many numbers others have drawn.
func generator(seed int64, purpose ...string) *rand.Rand {
	h := fnv.New64a()
	h.Write([]byte(strings.Join(purpose, "\x00"))) // a hash never fails
	return rand.New(rand.NewPCG(uint64(seed), h.Sum64()))
}

// around writes comments and evidence beside the answers, and consent and time. What was
// taken over brings its own along.
func (a *Assessment) around(d *checklist.Definition, r *rand.Rand) {
	for _, q := range d.Questions() {
		given, ok := a.Answers[q.ID]
		if !ok || a.Carried[q.ID] != nil {
			continue
		}
		mood := r.Float64()
		if p, scored := score.Points(q, given); scored && given.Kind != checklist.AnswerNotApplicable {
			mood = p
		}
		if r.Float64() < 0.16 && given.Kind != checklist.AnswerNotApplicable {
			a.Comments[q.ID] = comment(r, d, q, a.Town.Name, mood)
		}
		if mood > 0.5 && r.Float64() < 0.14 && given.Kind != checklist.AnswerNotApplicable {
			a.Evidence = append(a.Evidence, evidence(r, q.ID, a.Town))
		}
	}
	if a.State == Submitted {
		named := r.Float64() < 0.3
		a.Consent = disclosure.Consent{Total: named, Sections: named && r.Float64() < 0.6, Examples: r.Float64() < 0.5}
		// most come in the last third, as everywhere
		a.Offset = 0.05 + 0.94*math.Sqrt(r.Float64())
	}
}

// shorten keeps the answers to a share of the active questions, from the front as people
// fill in forms, with a gap here and there.
func (a *Assessment) shorten(d *checklist.Definition, share float64) {
	var given []checklist.QuestionID
	for _, q := range d.Questions() {
		if _, ok := a.Answers[q.ID]; ok {
			given = append(given, q.ID)
		}
	}
	keep := int(math.Round(share * float64(len(given))))
	keep = min(max(keep, 1), len(given)-1)
	for i, id := range given {
		gap := i%11 == 7 && keep < len(given)-1
		if i < keep && !gap {
			continue
		}
		if gap && i < keep {
			keep++ // the next one is kept instead
		}
		a.drop(id)
	}
	a.dropInactive(d)
}

func (a *Assessment) drop(id checklist.QuestionID) {
	delete(a.Answers, id)
	delete(a.Comments, id)
	delete(a.Carried, id)
	a.Evidence = slices.DeleteFunc(a.Evidence, func(l Link) bool { return l.Question == id })
}

// dropInactive removes what a dropped answer has made inactive.
func (a *Assessment) dropInactive(d *checklist.Definition) {
	for i, s := range score.States(d, a.Answers) {
		if s == score.Inactive {
			a.drop(d.Questions()[i].ID)
		}
	}
}

// spreadHostile puts every hostile comment under an answer of a submitted town, one town
// after the other, and one into a text answer, if the checklist asks for text and the first
// town has written one anew.
func spreadHostile(d *checklist.Definition, plan []Assessment, submitted []int) {
	for k, text := range Hostile() {
		a := &plan[submitted[k%len(submitted)]]
		var free []checklist.QuestionID
		for _, q := range d.Questions() {
			if _, given := a.Answers[q.ID]; given && !slices.Contains(Hostile(), a.Comments[q.ID]) {
				free = append(free, q.ID)
			}
		}
		if len(free) > 0 {
			a.Comments[free[(k*5)%len(free)]] = text
		}
	}
	first := &plan[submitted[0]]
	for _, q := range d.Questions() {
		if given, ok := first.Answers[q.ID]; ok && given.Kind == checklist.AnswerText && first.Carried[q.ID] == nil {
			if hostile, err := q.Parse(Hostile()[:1]); err == nil {
				first.Answers[q.ID] = hostile
			}
			return
		}
	}
}
