// Package rounds has the agency's pages: rounds from planning to publishing, who takes part and how far they are, the
// region's benchmark and trend, exports, and what a new version would do to a round.
package rounds
