package main

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"

	"ortsspiegel/pkg/store"
)

// diskWatch warns before the disk of the database is full: in the log, and where readiness is asked for.
type diskWatch struct {
	store *store.Store
	least int64 // bytes; 0: never warn
	log   *slog.Logger
	low   atomic.Bool
}

const (
	lookAtDisk   = time.Minute
	repeatOfDisk = 60 // looks between two warnings of the same
)

// warning is what readiness tells.
func (d *diskWatch) warning() string {
	if d.low.Load() {
		return "the disk of the database is almost full"
	}
	return ""
}

// run looks at the disk until the context ends.
func (d *diskWatch) run(ctx context.Context) {
	tick := time.NewTicker(lookAtDisk)
	defer tick.Stop()
	for looks := 0; ; looks++ {
		d.look(looks%repeatOfDisk == 0)
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// look compares what is free with what should be, and says so when that changed or it is time again.
func (d *diskWatch) look(again bool) {
	free, err := d.store.Free()
	if err != nil {
		d.log.Warn("cannot tell how full the disk is", "error", err)
		return
	}
	low := d.least > 0 && free >= 0 && free < d.least
	changed := d.low.Swap(low) != low
	switch {
	case low && (changed || again):
		d.log.Warn("the disk of the database is almost full: make room before nothing can be saved", "database",
			d.store.Place(),
			"free_mb", free>>20, "warned_below_mb", d.least>>20)
	case changed:
		d.log.Info("the disk of the database has room again", "free_mb", free>>20)
	}
}
