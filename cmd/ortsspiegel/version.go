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
		return a.printJSON(struct {
			Version  string `json:"version"`
			Go       string `json:"go"`
			Released string `json:"released,omitempty"`
			Commit   string `json:"commit,omitempty"`
		}{version, goVersion, released, commit})
	}
	_, err := fmt.Fprintf(a.stdout, "ortsspiegel %s (%s)\n", version, goVersion)
	return err
}
