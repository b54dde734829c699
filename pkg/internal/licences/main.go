package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"

	"ortsspiegel/pkg/licence"
)

func main() {
	if err := run(context.Background(), os.Args[1:], os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "licences:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, stderr io.Writer) error {
	flags := flag.NewFlagSet("licences", flag.ContinueOnError)
	flags.SetOutput(stderr)
	program := flags.String("program", "./cmd/ortsspiegel", "the package that is built")
	packages := flags.String("packages", "static/node_modules", "where npm put its packages")
	bundled := flags.String("bundled", "static/dist-test/bundled.json", "what the build of the assets says it has used")
	out := flags.String("out", "static/dist/"+licence.File, "the file to write")
	if err := flags.Parse(args); err != nil {
		return err
	}
	works, err := goModules(ctx, *program)
	if err != nil {
		return err
	}
	more, err := npmPackages(*packages, *bundled)
	if err != nil {
		return err
	}
	works = append(works, more...)
	slices.SortFunc(works, func(a, b licence.Work) int {
		return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name))
	})
	packed, err := licence.Pack(works)
	if err != nil {
		return err
	}
	// Written beside and renamed: a file that was half written would be built in.
	if err := os.WriteFile(*out+".new", packed, 0o644); err != nil {
		return err
	}
	return os.Rename(*out+".new", *out)
}

// output runs the go command.
func output(ctx context.Context, env []string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Env = append(os.Environ(), env...)
	cmd.Stderr = os.Stderr
	text, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("go %s: %w", strings.Join(args, " "), err)
	}
	return string(text), nil
}
