package main

import (
	"fmt"
	"runtime/debug"
)

type versionCommand struct {
	JSON bool `help:"Print as JSON."`
}

func (c *versionCommand) Run(a *app) error {
	goVersion := ""
	if info, ok := debug.ReadBuildInfo(); ok {
		goVersion = info.GoVersion
	}
	if c.JSON {
		return a.printJSON(map[string]string{"version": version, "go": goVersion, "released": released, "commit": commit})
	}
	_, err := fmt.Fprintf(a.stdout, "ortsspiegel %s (%s)\n", version, goVersion)
	return err
}
