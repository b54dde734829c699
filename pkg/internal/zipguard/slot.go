package zipguard

import (
	"context"

	"ortsspiegel/pkg/fault"
)

// slot is shared by the whole process on purpose: two adapters read workbooks, and the
// memory that one import may take is only bounded if there is one at a time.
var slot = make(chan struct{}, 1)

// Enter waits for the one slot in which an untrusted workbook may be opened. The caller
// calls leave when it is done. If ctx ends first the error is a fault of kind RateLimited.
func Enter(ctx context.Context) (leave func(), err error) {
	select {
	case slot <- struct{}{}:
		return func() { <-slot }, nil
	case <-ctx.Done():
		return nil, fault.New(fault.RateLimited, "import_busy",
			"another file is being read; please try again in a moment").Because(ctx.Err())
	}
}
