// Package answering takes answers, by whatever way they come: a section's form with scripts and
// without, proposals from the round before, forms that come back from Excel, and the links of
// colleagues who have no account.
//
// Whose answer it is, whether it may be taken and what it collides with is the assessment service's to say.
package answering
