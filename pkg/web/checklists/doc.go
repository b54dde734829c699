// Package checklists shows checklists as they are published, what changed between their versions,
// and drafts to those who write them on their own machine.
package checklists
