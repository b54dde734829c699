// Package assessments has the pages of a town's self-assessment that take no answers: its tasks,
// the overview before submission, evidence, history and consent, and what all pages of an
// assessment need (frame, words, what is in memory).
//
// Taking answers is answering's; what came out is results'.
package assessments
