package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"

	"ortsspiegel/pkg/catalog"
	"ortsspiegel/pkg/fault"
)

// quiet is how long nothing may happen before the files are checked: a save is several events.
const quiet = 100 * time.Millisecond

// watch checks the files, and again after every save, until it is interrupted. The result is
// that of the last check.
func (c *lintCommand) watch(a *app) error {
	w, err := fsnotify.NewWatcher()
	if err != nil {
		return fault.New(fault.Unavailable, "watch", "the system cannot watch files").Because(err)
	}
	defer w.Close()
	settled := time.NewTimer(0) // the first check needs no save
	defer settled.Stop()
	var last error
	for {
		select {
		case <-a.ctx.Done():
			return last
		case err := <-w.Errors:
			// Events were lost: whatever they were, the next check sees the files as they are.
			fmt.Fprintln(plainWriter{a.stderr}, "ortsspiegel:", err)
			settled.Reset(quiet)
		case e := <-w.Events:
			if concerns(e) {
				settled.Reset(quiet)
			}
		case <-settled.C:
			if err := follow(w, c.Files); err != nil {
				return err
			}
			if last = c.check(a); last != nil && last != errReported {
				return last
			}
		}
	}
}

// concerns reports whether an event may change what the linter says. Editors keep hidden files
// and copies beside a file while they write it.
func concerns(e fsnotify.Event) bool {
	name := filepath.Base(e.Name)
	if e.Op == fsnotify.Chmod || strings.HasPrefix(name, ".") || strings.HasSuffix(name, "~") {
		return false
	}
	switch filepath.Ext(name) {
	case ".yaml", ".yml":
		return true
	}
	if name == catalog.PublishedFile {
		return true
	}
	info, err := os.Stat(e.Name)
	return err != nil || info.IsDir() // a folder came or went
}

// follow watches the folders of all files. Folders and not files, because editors put a new file
// in the place of the old one; the folder above each, because the list of published versions lies
// there. Of a folder that is gone the nearest one above is watched, where it would come back.
func follow(w *fsnotify.Watcher, paths []string) error {
	var folders, above []string
	for _, p := range paths {
		info, err := os.Stat(p)
		if err != nil || !info.IsDir() {
			p = filepath.Dir(p)
		}
		folders, above = append(folders, p), append(above, filepath.Join(p, ".."))
		entries, err := os.ReadDir(p)
		if err != nil {
			continue // the nearest folder above is watched
		}
		for _, e := range entries {
			if e.IsDir() && e.Name()[0] != '.' {
				folders = append(folders, filepath.Join(p, e.Name()))
			}
		}
	}
	for _, f := range folders {
		if err := watchNearest(w, f); err != nil {
			return err
		}
	}
	for _, f := range above {
		if err := watchNearest(w, f); err != nil && !errors.Is(err, fs.ErrPermission) {
			return err
		}
	}
	return nil
}

func watchNearest(w *fsnotify.Watcher, path string) error {
	folder, err := filepath.Abs(path)
	if err != nil {
		return err
	}
	for {
		if info, err := os.Stat(folder); err == nil && info.IsDir() {
			break
		}
		above := filepath.Dir(folder)
		if above == folder {
			break
		}
		folder = above
	}
	if err := w.Add(folder); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fault.New(fault.Unavailable, "watch", "%s cannot be watched", folder).Because(err)
	}
	return nil
}
