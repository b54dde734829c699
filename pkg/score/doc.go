// Package score turns a checklist and answers into points, scores, a level and
// levers. It is the only place that computes a score: form, result, benchmark,
// chart and workbook show what it returns.
//
// The rules, with s the total, W_i a section's weight, w_q a question's weight
// and p_q its points in [0, 1], A_i the scored questions of section i that are
// open or answered:
//
//	s_i    = sum(w_q * p_q, q in A_i) / sum(w_q, q in A_i)    undefined if A_i is empty
//	s      = sum(W_i * s_i) / sum(W_i)                        over the defined sections
//	gain_q = (W_i / sum(W)) * (w_q / sum(w in A_i)) * (1 - p_q)
//
// Open questions have no points yet and count 0 in s; counting them 1 gives the
// upper end of the range. The identity s + sum(gain_q) = 1 holds whenever s is
// defined and is tested as a property.
//
// Everything here is pure: same definition and same answers, same result.
package score
