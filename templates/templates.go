// Package templates embeds the pages, nothing else: layouts/ frames every page, partials/ are
// shared pieces, pages/ has one file per page (or one per language where the page is mostly prose:
// help_town.de.html). pkg/web parses and fills them.
package templates

import "embed"

// Files holds layouts, partials and pages.
//
//go:embed layouts/*.html partials/*.html pages/*.html
var Files embed.FS
