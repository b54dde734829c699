// Package catalog reads checklist files: YAML on an fs.FS becomes a checklist.Definition,
// or a list of everything that is wrong with the file, each with its line and column.
//
// What lives here is what only a file has: bytes, YAML, positions, keys, types of values,
// names of folders. What a checklist may say is decided in pkg/checklist (Validate); its
// issues name a path, and catalog finds the line. No scoring, no database, no rendering.
//
// Published means frozen: published.sum holds the hash of each published version. Open knows
// published versions only and refuses edited ones, Plan decides whether a version may be added,
// Lint and Drafts serve those who write. What was valid when it was published or stored is built
// without asking today's rules (ParseStored), so that no later rule can take an old round away.
//
// A checklist file may come from anybody, so everything that could make a small file
// expensive is refused before or while it is read: size, nesting, anchors and aliases.
// A map of a foreign table (tablemap.go) is read with the same machinery; what it may say decides pkg/round.
// The structs of the format (format.go) are also the source of the JSON Schema that editors use:
// go generate writes it, with the comments as descriptions.
package catalog

//go:generate go test -run ^TestSchema$ -update .
