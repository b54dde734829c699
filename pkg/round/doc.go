// Package round is a survey round: the agency creates it with a checklist version, a window
// and participants, opens it, watches the progress, closes it and publishes its benchmark.
//
// What a round uses is pinned when it is created: the checklist's bytes are kept with it, and
// when it opens its peer groups are fixed. The agency sees who has got how far, but never what
// a draft says. Towns see only a published release, which is computed once and then only read.
//
// What looks at several rounds, at versions or at foreign tables lives in its chambers: trend, dryrun and intake;
// the versions themselves in lineage, below. This package imports no chamber.
package round
