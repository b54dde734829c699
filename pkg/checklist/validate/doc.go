// Package validate is what the linter knows: everything that can be wrong with a definition, or
// with the changes from one version to the next, each with where it stands and what would be right.
//
// Checklists that were stored before a rule was made keep working, so nothing that serves them imports this package:
// only what reads new files does.
package validate
