// Package testkit holds what tests of several packages share: a headless browser with axe-core,
// a private PostgreSQL, and how a missing program is treated. Only tests import it.
package testkit
