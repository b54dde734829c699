// Package form writes forms to fill in and reads them when they come back: moved, sorted, with rows
// deleted or added, saved by other programs. Nothing that a cell says is believed: checklist parses
// every answer anew, and what cannot be understood comes back as a problem with the address of its
// cell.
//
// Not here: what happens with the answers. assessment merges them with what was entered meanwhile.
package form
