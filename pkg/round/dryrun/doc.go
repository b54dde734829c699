// Package dryrun says what a version of a checklist would do to the answers of a round, before anybody has answered
// anything: what carries over, what must be answered anew, whose level the new rules alone would change. It writes
// nothing, and leads no round.
package dryrun
