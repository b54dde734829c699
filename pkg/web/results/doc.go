// Package results shows what a town reached: its result, the comparison with published benchmarks, and its way over the
// rounds, as pages, charts and reports.
//
// Every number comes from score, bench or a release; nothing is computed here.
package results
