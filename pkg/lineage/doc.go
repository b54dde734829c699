// Package lineage is the versions of checklists that rounds keep, byte for byte, and the ways that lead answers
// from one of them to another. Files stand in where rounds of older programs have kept nothing, and what rounds
// keep where a file is gone.
//
// It stands below assessment and round, which both ask it: it knows no town, no round and nobody's rights, and
// who may see a version is decided before it is asked. What becomes of an answer on the way is checklist's.
package lineage
