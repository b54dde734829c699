package site

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"
	"time"
)

// AssetPrefix is where built files are served. Their names carry a hash, so they never change.
const AssetPrefix = "/static/"

// neededAssets are the files without which no page works.
var neededAssets = []string{"app.css", "app.js", "charts.js", "favicon.svg", "fira-sans-400.woff2",
	"fira-sans-600.woff2"}

// ErrNoAssets tells what to do in a fresh clone.
var ErrNoAssets = errors.New("web: the style sheets and scripts are not built: run `make assets`")

// Assets are the built files, held in memory with their gzip twins.
type Assets struct {
	Urls  map[string]string // plain name -> address
	files map[string]assetFile
}

type assetFile struct {
	kind string
	raw  []byte
	gzip []byte // nil if the file does not compress
}

// assetTypes are set by hand: the operating system's table of types differs from machine to machine.
var assetTypes = map[string]string{
	".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml",
	".woff2": "font/woff2", ".png": "image/png",
}

func LoadAssets(files fs.FS) (*Assets, error) {
	manifest, err := fs.ReadFile(files, "manifest.json")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNoAssets
	}
	if err != nil {
		return nil, fmt.Errorf("web: read the asset manifest: %w", err)
	}
	var names map[string]string
	if err := json.Unmarshal(manifest, &names); err != nil {
		return nil, fmt.Errorf("web: read the asset manifest: %w", err)
	}
	a := &Assets{Urls: map[string]string{}, files: map[string]assetFile{}}
	for name, hashed := range names {
		kind, ok := assetTypes[path.Ext(hashed)]
		if !ok {
			return nil, fmt.Errorf("web: asset %s has no known type", hashed)
		}
		raw, err := fs.ReadFile(files, hashed)
		if err != nil {
			return nil, fmt.Errorf("web: read asset %s: %w", name, err)
		}
		zipped, err := fs.ReadFile(files, hashed+".gz")
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("web: read asset %s: %w", name, err)
		}
		a.Urls[name] = AssetPrefix + hashed
		a.files[hashed] = assetFile{kind: kind, raw: raw, gzip: zipped}
	}
	for _, name := range neededAssets {
		if a.Urls[name] == "" {
			return nil, fmt.Errorf("%w (%s is missing)", ErrNoAssets, name)
		}
	}
	return a, nil
}

// url returns the address of a built file by its plain name; templates call it as asset.
func (a *Assets) url(name string) (string, error) {
	if u, ok := a.Urls[name]; ok {
		return u, nil
	}
	return "", fmt.Errorf("web: there is no asset %q", name)
}

func (a *Assets) serve(w http.ResponseWriter, r *http.Request) bool {
	f, ok := a.files[strings.TrimPrefix(r.URL.Path, AssetPrefix)]
	if !ok {
		return false
	}
	h := w.Header()
	h.Set("Content-Type", f.kind)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	body := f.raw
	if f.gzip != nil {
		h.Set("Vary", "Accept-Encoding")
		if AcceptsGzip(r) {
			h.Set("Content-Encoding", "gzip")
			h.Set("Content-Length", strconv.Itoa(len(f.gzip)))
			if r.Method != http.MethodHead {
				_, _ = io.Copy(w, bytes.NewReader(f.gzip)) // a reader that went away is not our error
			}
			return true
		}
	}
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body))
	return true
}

func AcceptsGzip(r *http.Request) bool {
	for _, part := range strings.Split(r.Header.Get("Accept-Encoding"), ",") {
		name, params, _ := strings.Cut(strings.TrimSpace(part), ";")
		if name == "gzip" && !strings.Contains(strings.ReplaceAll(params, " ", ""), "q=0,") &&
			strings.TrimSpace(params) != "q=0" {
			return true
		}
	}
	return false
}
