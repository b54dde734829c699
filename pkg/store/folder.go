package store

import (
	"errors"
	"os"
	"path/filepath"

	"ortsspiegel/pkg/fault"
)

// LockFile is the name of the file in the data folder that a server keeps locked. The lock
// ends with the process, however it ends; the file stays.
const LockFile = "ortsspiegel.lock"

var errInUse = fault.New(fault.Conflict, "data_dir_in_use", "a server is using this data folder: please stop it first")

// lockFolder takes the folder for this process. If another has it: Conflict.
func lockFolder(dir string) (unlock func() error, err error) {
	f, err := os.OpenFile(filepath.Join(dir, LockFile), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := lockHandle(f); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f.Close, nil
}
