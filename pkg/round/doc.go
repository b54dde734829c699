// Package round is a survey round: the agency creates it with a checklist version, a window
// and participants, opens it, watches the progress, closes it and publishes its benchmark.
//
// What a round uses is pinned when it is created: the checklist's bytes are kept with it, and
// when it opens its peer groups are fixed. The agency sees who has got how far, but never what
// a draft says. Towns see only a published release, which is computed once and then only read.
//
// A foreign table (table*.go) becomes answers by a map: placing is pure and accounts for every cell. Reading the
// file belongs to workbook, the map's YAML to catalog.
package round
