// Package bench compares the submitted assessments of a round: distributions,
// quantiles, positions, peer groups, and the disclosure control that decides
// what leaves the agency. It is pure: it reads no clock, no file and no
// database; round stores what it computes. Scores come from score and from
// nowhere else. Nothing here renders, formats or decides who may ask.
//
// Quantiles interpolate linearly at h = (n-1)q (R type 7, Excel's
// QUARTILE.INC; Hyndman and Fan 1996), so a reader can recompute them in a
// workbook. The percentile rank is (below + half of the ties, itself included)
// divided by n.
//
// # Two audiences
//
// Compute gives the agency every figure, live. Disclose makes the release, the
// one frozen table that towns see:
//
//   - Median and mean from 5 towns, quartiles from 12, minimum and maximum
//     never, scores in whole percent, figures in a unit as coarse as that. A
//     question's n is a band.
//   - A distribution over options, as shares in whole percent, only where at least two
//     options hold 3 towns each, and where what is left after subtracting a published distribution
//     from one that contains it would be such a distribution too.
//   - Sets of towns behind published figures of one node, in this release and
//     in earlier ones, differ by no town or by at least 5. What counts is the
//     set of each node, since questions that do not apply make it smaller. A
//     town whose assessment changed in between differs.
//   - What remains of a published whole without its known parts is nothing or
//     at least 5 towns, else the next smallest part goes too. The same holds
//     for unions of size classes against unions of districts, whose sums follow
//     from their means, and for what two releases differ by.
//   - What is suppressed for a total is suppressed for its sections, and for a
//     section's questions, from which it could be computed.
//   - A value shown under a town's name hides nobody and is not counted. Where
//     names would leave fewer than 5 towns unnamed in the whole, names yield.
//   - Newcomers wait until they are at least 5. If from 1 to 4 assessments were
//     changed or withdrawn, there is no corrected release.
//
// # What it does not promise
//
// The rules look at sets of towns, not at their values: a group of five whose
// mean is 100 % tells every score. A town that adds its own score to what it
// reads comes closer to the others of a group of five or six than an outsider
// does (attack_test.go measures both). The whole percents of a distribution over few
// options often fit only one n inside the band.
package bench
