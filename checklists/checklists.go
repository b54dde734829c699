// Package checklists carries the checklists that are part of the program, one folder per
// checklist and one file per version, and the JSON Schema of their format. It embeds, nothing
// else: pkg/catalog reads.
package checklists

import "embed"

// FS holds <id>/<version>.yaml and checklist.schema.json. Published checksums, once there are
// any, lie beside them.
//
//go:embed */*.yaml checklist.schema.json
var FS embed.FS
