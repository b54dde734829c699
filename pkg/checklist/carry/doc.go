// Package carry knows what becomes of an answer in the next version of a checklist: a Path leads through every version
// between, by what each says in its changes, and proposes old answers for new questions, has them asked anew, or lets
// them go with their question. Every old answer has exactly one outcome.
//
// What a version says it changed is believed here; whether that is sound is the linter's to say (validate), and what
// people read of it is compare's.
package carry
