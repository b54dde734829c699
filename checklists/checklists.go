// Package checklists carries the checklists that are part of the program, one folder per
// checklist and one file per version, and the JSON Schema of their format. It embeds, nothing
// else: pkg/catalog reads.
package checklists

import "embed"

// FS holds <id>/<version>.yaml, published.sum with the hashes of the published versions, and
// checklist.schema.json.
//
//go:embed */*.yaml published.sum checklist.schema.json
var FS embed.FS
