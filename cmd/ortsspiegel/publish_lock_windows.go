package main

import (
	"errors"
	"os"
	"path/filepath"

	"golang.org/x/sys/windows"
)

// lockChecklists waits until no other publish works on a folder of checklists. Folders cannot be
// locked here: a hidden file in it is, and stays. The lock ends with the process, however it ends.
func lockChecklists(folder string) (unlock func() error, err error) {
	f, err := os.OpenFile(filepath.Join(folder, ".published.lock"), os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, err
	}
	if err := windows.LockFileEx(windows.Handle(f.Fd()), windows.LOCKFILE_EXCLUSIVE_LOCK, 0, 1, 0,
		new(windows.Overlapped)); err != nil {
		return nil, errors.Join(&os.PathError{Op: "lock", Path: folder, Err: err}, f.Close())
	}
	return f.Close, nil
}
