// Package fault says what a caller can do about an error.
//
// Every error that is meant for a person is an *Error with a Kind. An error
// without one is internal: its text is logged and never shown. Knowledge and
// capability packages create faults, the store translates those of the database
// once, and web maps a Kind to a status once. Nothing else lives here.
package fault
