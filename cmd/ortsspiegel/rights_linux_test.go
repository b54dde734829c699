package main

import (
	"os"
	"runtime"
	"testing"

	"golang.org/x/sys/unix"
)

// withoutRoot lets the rest of the test meet the file system as somebody who is not root. The
// kernel keeps that identity per thread, so the thread is the test's own and ends with it.
func withoutRoot(t *testing.T) {
	t.Helper()
	if os.Geteuid() != 0 {
		return
	}
	runtime.LockOSThread()
	const nobody = 65534
	if err := unix.Setfsuid(nobody); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := unix.Setfsuid(0); err != nil {
			t.Error(err)
		}
		runtime.UnlockOSThread()
	})
}
