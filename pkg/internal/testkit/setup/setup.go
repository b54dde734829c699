package setup

import "testing"

// Must ends a test that cannot go on.
func Must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// Near reports whether two shares, each in [0, 1], differ by no more than reckoning does.
func Near(a, b float64) bool { return a-b < 1e-9 && b-a < 1e-9 }
