// Package trend follows a town through its submitted assessments, and a region through its rounds, as those may
// see it who ask. It stands above round, because it looks at several of them; what moved between two is computed
// by bench/shift.
//
// What leaves a region is not its business: a release has its own trend, which passed through bench/disclosure.
package trend
