// Package arch holds the import law of the house as a test, and no other code.
//
// The rooms and who may enter them stand in law_test.go, one line per package.
// A package that is not listed fails the test: whoever adds one decides in the
// same change where it belongs. The law is about what ships, so test files are
// free; how it is checked (by reading the sources, without building them, so
// that it also speaks while a package does not compile) stands in arch_test.go.
package arch
