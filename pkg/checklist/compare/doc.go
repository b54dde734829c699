// Package compare says what differs between two versions of a checklist: questions, options,
// points, limits, weights and texts, word by word, and how much that asks of those who answered the
// earlier one (its class).
//
// It tells; it decides nothing. What becomes of answers is carry's.
package compare
