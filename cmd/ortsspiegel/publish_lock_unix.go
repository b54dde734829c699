//go:build unix

package main

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// lockChecklists waits until no other publish works on a folder of checklists. The folder itself
// is locked, so that no file is left behind; the lock ends with the process, however it ends.
// Where the file system knows no locks, only the list's content is compared.
func lockChecklists(folder string) (unlock func() error, err error) {
	f, err := os.Open(folder)
	if err != nil {
		return nil, err
	}
	for err = unix.EINTR; err == unix.EINTR; {
		err = unix.Flock(int(f.Fd()), unix.LOCK_EX)
	}
	if err != nil && err != unix.EBADF && err != unix.ENOLCK && !errors.Is(err, errors.ErrUnsupported) {
		return nil, errors.Join(&os.PathError{Op: "lock", Path: folder, Err: err}, f.Close())
	}
	return f.Close, nil
}
