// Package bench compares the submitted assessments of a round: distributions,
// quantiles, positions, peer groups. It is pure: it reads no clock, no file and no
// database; round stores what it computes. Scores come from score and from
// nowhere else. Nothing here renders, formats or decides who may ask.
//
// Quantiles interpolate linearly at h = (n-1)q (R type 7, Excel's
// QUARTILE.INC; Hyndman and Fan 1996), so a reader can recompute them in a
// workbook. The percentile rank is (below + half of the ties, itself included)
// divided by n.
//
// Two rooms stand above it: shift says what moved between two rounds, disclosure what of all that
// may leave the agency. Nothing here knows of them.
package bench
