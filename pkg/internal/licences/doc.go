// Command licences collects whose work is in the program and under which licence: the Go modules
// that are linked into it, the packages of npm in its style sheets and scripts, and its font. It
// writes one file for static/dist, which `make assets` builds and nobody commits. A work whose
// licence it does not know stops the build: somebody must look at it first.
package main
