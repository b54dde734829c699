package site

import (
	"net/url"
	"strings"
)

// MailURL opens a mail in the reader's own program (RFC 6068). Who gets it without being seen by the others is in
// blind; to may be empty then.
func MailURL(to string, blind []string, subject, body string) string {
	escape := func(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }
	address := "mailto:" + url.PathEscape(to) + "?subject=" + escape(subject) + "&body=" +
		escape(strings.ReplaceAll(body, "\n", "\r\n"))
	if len(blind) == 0 {
		return address
	}
	hidden := make([]string, len(blind))
	for i, b := range blind {
		hidden[i] = url.PathEscape(b)
	}
	return address + "&bcc=" + strings.Join(hidden, ",")
}
