// Package bench compares the submitted assessments of a round: distributions,
// quantiles, positions, peer groups, and the disclosure control that decides
// what leaves the agency. It is pure; round stores what it computes.
//
// Quantiles interpolate linearly at h = (n-1)q (R type 7, Excel's
// QUARTILE.INC; Hyndman and Fan 1996), so a reader can recompute them in a
// workbook. The percentile rank is (below + half of the ties, itself included)
// divided by n.
package bench
