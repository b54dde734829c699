//go:build !linux

package main

import (
	"os"
	"testing"
)

// withoutRoot asks that the tests are not run by root, who may write everywhere.
func withoutRoot(t *testing.T) {
	t.Helper()
	if os.Geteuid() == 0 {
		t.Fatal("please run the tests as somebody who is not root")
	}
}
