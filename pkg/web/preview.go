package web

import (
	"net/netip"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"
)

// previewAtHome answers only those who call this machine by its own name: a page elsewhere whose
// name was made to lead here must not read what is not published. To anybody else the addresses are
// unknown ones.
func previewAtHome(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if (strings.HasPrefix(c.Path(), "/preview") || strings.HasPrefix(c.Request().URL.Path, "/preview")) &&
			!isLoopback(c.Request().Host) {
			return echo.ErrNotFound
		}
		return next(c)
	}
}

func isLoopback(host string) bool {
	name := (&url.URL{Host: host}).Hostname()
	addr, err := netip.ParseAddr(name)
	return name == "localhost" || err == nil && addr.Unmap().IsLoopback()
}
