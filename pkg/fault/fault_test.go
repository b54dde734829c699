package fault_test

import (
	"errors"
	"fmt"
	"testing"

	"ortsspiegel/pkg/fault"
)

// TestCopiesAreTheirFault: what a caller compares with errors.Is is the exported variable, whatever was added to it.
func TestCopiesAreTheirFault(t *testing.T) {
	one := fault.New(fault.Conflict, "one", "the first")
	alike := fault.New(fault.Conflict, "one", "the first")
	cause := errors.New("cause")
	for name, err := range map[string]error{
		"itself": one, "with": one.With("Name", 1), "because": one.Because(cause), "about": one.About(2),
		"saying": one.Saying("the first of %d", 3), "all": one.Saying("x").With("Name", 1).About(2).Because(cause),
		"wrapped": fmt.Errorf("store: save: %w", one.With("Name", 1)),
	} {
		if !errors.Is(err, one) {
			t.Errorf("%s: %v is not its fault", name, err)
		}
		if errors.Is(err, alike) {
			t.Errorf("%s: %v is another fault with the same code", name, err)
		}
		if !fault.Is(err, fault.Conflict) || fault.As(err).Code != "one" {
			t.Errorf("%s: %v has lost its kind or code", name, err)
		}
	}
	if one.Message != "the first" || one.Args != nil || one.Detail != nil || one.Err != nil {
		t.Errorf("copying has changed %+v", one)
	}
	if !errors.Is(one.Because(cause), cause) {
		t.Error("the cause is lost")
	}
}
