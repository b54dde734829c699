// Package static holds the built style sheets, scripts and fonts. They are made by `make assets`;
// the folder is empty in a fresh clone, and the server then refuses to start.
package static

import (
	"embed"
	"io/fs"
)

//go:embed all:dist
var dist embed.FS

// Files returns the built assets, with manifest.json at the top. Without a build it holds nothing but .gitkeep.
func Files() fs.FS {
	sub, err := fs.Sub(dist, "dist")
	if err != nil {
		panic(err) // the path is a constant: only a broken build gets here
	}
	return sub
}
