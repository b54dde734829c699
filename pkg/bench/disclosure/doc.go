// Package disclosure decides what of a benchmark may leave the agency. Disclose is the only door:
// it makes the release, the one frozen table that towns see, beside all that they have read before.
// RULES.md says by which rules, each with a worked example that is a test.
//
// A request is checked and towns are admitted (admit.go, names.go). Whatever towns can subtract
// from one another is brought to one list of towns and groups (publication.go, layout.go). Then
// control.go decides column by column: sets.go counts how sets of towns overlap, pattern.go adds
// and subtracts them, and a file for each rule suppresses. redact.go makes the table, panel.go the
// trend.
//
// It is pure, like bench, whose figures it redacts. Nothing here renders, and nothing here asks who
// may read; a figure that is not in a release is shown to the agency alone.
package disclosure
