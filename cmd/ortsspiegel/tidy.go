package main

import (
	"context"
	"log/slog"
	"time"
)

// The bounds of --keep-log and --keep-evidence, in days: a mistyped figure must not delete this month's.
const (
	leastKept = 30
	mostKept  = 36500
)

const tidyEvery = time.Hour

func keepFor(days int) time.Duration { return time.Duration(days) * 24 * time.Hour }

// housekeeping deletes what nobody needs any more, at the start and from time to time. What is old is the services' own
// clock's to say; several nodes may do it at once.
type housekeeping struct {
	parts              *parts
	keepLog, keepFiles time.Duration // 0: for ever
	log                *slog.Logger
}

// start runs housekeeping until stop is called or the context ends; stop returns when the last run
// has ended, so that the database is not closed under it.
func (h *housekeeping) start(ctx context.Context) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		tick := time.NewTicker(tidyEvery)
		defer tick.Stop()
		for {
			h.once(ctx)
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
		}
	}()
	return func() {
		cancel()
		<-done
	}
}

func (h *housekeeping) once(ctx context.Context) {
	rows, err := h.parts.accounts.Tidy(ctx, h.keepLog)
	var evidence int
	if err == nil {
		evidence, err = h.parts.assessments.TidyEvidence(ctx, h.keepFiles)
	}
	switch {
	case ctx.Err() != nil:
	case err != nil:
		h.log.Warn("housekeeping failed; the next run goes on", "error", err)
	case rows > 0 || evidence > 0:
		h.log.Info("housekeeping deleted what is due", "rows", rows, "evidence", evidence)
	}
}
