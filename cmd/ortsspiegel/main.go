// Command ortsspiegel is the whole program: the server, the checklist tools and the operations.
//
// One file per subcommand. This is the only place that knows all concrete types and puts them together.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

// version, the day of the last change (2026-11-30) and its commit are set by the build; see the Makefile.
var (
	version  = "unversioned"
	released string
	commit   string
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // whoever asks a second time does not want to wait
	code := run(ctx, os.Args[1:], os.Environ(), os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}
