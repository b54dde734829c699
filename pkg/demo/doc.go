// Package demo makes up a survey round: who took part, what they answered, what
// they wrote beside it. It works for any checklist, because it only looks at the
// definition.
//
// Everything is synthetic and plausible rather than random: a town has a quality
// that shows in all its answers, a question has a difficulty that all towns
// feel, bigger towns are a little further on average. Some of it is awkward on
// purpose: hostile comments, a town to which hardly anything applies, one that
// has not begun. No figure says anything about the real town of that name.
//
// The package is pure, with a random generator of its own that is a function of
// the seed: same definition, towns and seed, same round, on every machine. It
// stores nothing; the command line does that with what Plan returns.
package demo
