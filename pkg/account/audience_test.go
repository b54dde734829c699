package account

import "testing"

// A new kind of event must say whom it tells.
func TestEveryEventHasAnAudience(t *testing.T) {
	for _, kind := range EventKinds() {
		if audiences[kind] == 0 {
			t.Errorf("nothing says who reads %s", kind)
		}
	}
	if len(audiences) != len(EventKinds()) {
		t.Errorf("%d audiences for %d kinds", len(audiences), len(EventKinds()))
	}
}
