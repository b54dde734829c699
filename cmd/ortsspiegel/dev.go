package main

import (
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"

	"ortsspiegel/pkg/web"
)

// checkout is where --dev reads from: the folder it was started in.
const checkout = "."

// mayDevelop refuses --dev outside a checkout, and where somebody else could come by.
func (c *serveCommand) mayDevelop() error {
	if err := c.atHome("--dev shows pages as they are being written"); err != nil {
		return err
	}
	for _, folder := range []string{"templates", filepath.Join("pkg", "web", "locales"),
		filepath.Join("static", "dist")} {
		if err := isFolder(filepath.Join(checkout, folder)); err != nil {
			return fmt.Errorf("%w: --dev reads the checkout it is started in: %w", errUsage, err)
		}
	}
	return nil
}

// readAnew puts the pages together anew for each request, so that a changed template, text or asset shows at the next
// reload. What a handler keeps between requests, its limits and caches, is gone each time.
func readAnew(config web.Config, log *slog.Logger) http.Handler {
	config.Templates = os.DirFS(filepath.Join(checkout, "templates"))
	config.Locales = os.DirFS(filepath.Join(checkout, "pkg", "web"))
	config.Assets = os.DirFS(filepath.Join(checkout, "static", "dist"))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		handler, err := web.New(config)
		if err != nil {
			log.Error("the pages cannot be read", "error", err)
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		handler.ServeHTTP(w, r)
	})
}
