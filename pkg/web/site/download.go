package site

import (
	"net/http"
	"net/url"
)

const (
	TypeXLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	TypeCSV  = "text/csv; charset=utf-8"
)

// Download sends bytes as an attachment under a name of ours.
func (r *Request) Download(kind, name string, data []byte) error {
	r.EndTurn()
	h := r.Response().Header()
	h.Set("Content-Disposition", Attachment(name))
	h.Set("Cache-Control", "private, no-store")
	return r.Blob(http.StatusOK, kind, data)
}

// Attachment encodes a file name for the header: an ASCII one for old programs and the real one (RFC 6266).
func Attachment(name string) string {
	ascii := make([]byte, 0, len(name))
	for _, c := range name {
		if c < 0x20 || c > 0x7e || c == '"' || c == '\\' || c == '%' {
			c = '_'
		}
		ascii = append(ascii, byte(c))
	}
	return `attachment; filename="` + string(ascii) + `"; filename*=UTF-8''` + url.PathEscape(name)
}
