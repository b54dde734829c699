// Package demo makes up survey rounds: who took part, what they answered, what
// they wrote beside it, and what they took over from the round before. It works
// for any checklist, because it only looks at the definitions.
//
// Everything is synthetic and plausible rather than random: a town has a quality
// that shows in all its answers, a question has a difficulty that all towns
// feel, bigger towns are a little further on average. Some of it is awkward on
// purpose: hostile comments, a town to which hardly anything applies, one that
// has not begun. No figure says anything about the real town of that name.
//
// The package is pure, with a random generator of its own that is a function of
// the seed: same definitions, towns and seed, same rounds, on every machine. It
// stores nothing; the command line does that with what Series returns.
package demo
