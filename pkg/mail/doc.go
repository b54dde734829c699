// Package mail sends mails of plain text by SMTP.
//
// What stands in a mail is decided elsewhere; here live connections, encryption, encoding, and the
// promise that nothing a user has typed becomes a header. There is no HTML part, no picture and no
// address that would tell who has read what. Errors are written to be logged: they name the mail server's
// reply code, never its words, which repeat addresses, and never the password.
package mail
