// Package assessment is one municipality's self-assessment in a round: answer, comment,
// show evidence, submit, reopen; its states and its history.
//
// An answer is written with the revision its writer saw. A stale one changes nothing and
// comes back as a Conflict that carries what is stored now. Whether the assessment still
// takes answers is decided in the same transaction that writes, so that nothing slips in
// after submission or after the round has closed. Nothing is ever overwritten without a
// line in the history.
//
// In a new round the town's last submitted answers are proposals: mapped along the versions of
// the checklist, computed whenever they are shown and never stored, so that what nobody has
// confirmed is open everywhere without anyone looking. Confirming writes ordinary answers that
// say where they came from; an answer that somebody gave meanwhile stays. The assessment they
// come from is only read.
//
// A colleague without an account answers chosen questions by a link (Delegation). It is the secret
// that is checked where the answer is written, in the same transaction: who revokes it knows
// that nothing comes after.
package assessment
