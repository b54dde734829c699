// Package account knows who may do what: users, roles, sessions, invitations,
// sign-in links, the audit log, and the one policy, Can(actor, action, object).
//
// Whoever serves a request asks Can once; whoever stores something is never asked.
// Tokens are random, handed out once and kept only as SHA-256 hashes. Nothing here
// knows HTTP, HTML or SQL: the Store interface says what must be kept.
package account
