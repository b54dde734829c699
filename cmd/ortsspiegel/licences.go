package main

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/licence"
	"ortsspiegel/static"
)

type licencesCommand struct {
	JSON bool `help:"Print as JSON."`
}

func (c *licencesCommand) Run(a *app) error {
	packed, err := fs.ReadFile(static.Files(), licence.File)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	works, err := licence.Unpack(packed)
	if err != nil {
		return fault.New(fault.Unavailable, "licences",
			"the licences are not built in: build the program with make").Because(err)
	}
	if c.JSON {
		return a.printJSON(works)
	}
	var b strings.Builder
	b.WriteString("Ortsspiegel is licensed under the EUPL-1.2. These works are built in:\n\n")
	for _, w := range works {
		fmt.Fprintf(&b, "%s %s: %s\n", w.Name, w.Version, w.Licence)
	}
	for _, w := range works {
		fmt.Fprintf(&b, "\n%s\n%s %s: %s\n\n%s", strings.Repeat("-", 100), w.Name, w.Version, w.Licence, w.Text)
	}
	_, err = plainWriter{a.stdout}.Write([]byte(b.String()))
	return err
}
