// Package setup is what tests of several packages begin with: services on a real database with something in it.
// It is no place for assertions.
package setup
