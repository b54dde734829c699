package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/alecthomas/kong"

	"ortsspiegel/pkg/catalog"
	"ortsspiegel/pkg/fault"
)

// Exit codes: a promise to scripts.
const (
	exitDone  = 0
	exitWrong = 1 // the input or the state is wrong
	exitUsage = 2
)

// app is what every subcommand gets instead of globals.
type app struct {
	ctx            context.Context
	stdin          io.Reader
	stdout, stderr io.Writer
	now            func() time.Time
}

type commands struct {
	Serve   serveCommand   `cmd:"" help:"Run the server."`
	Demo    demoCommand    `cmd:"" help:"Fill an empty data folder with the demo region."`
	Lint    lintCommand    `cmd:"" help:"Check checklist files."`
	Publish publishCommand `cmd:"" help:"Freeze versions of checklists: rounds use published ones only."`
	Diff    diffCommand    `cmd:"" help:"Show what changed between two versions of a checklist."`
	Score   scoreCommand   `cmd:"" help:"Score one set of answers."`
	Bench   benchCommand   `cmd:"" help:"Benchmark many assessments."`
	Export  exportCommand  `cmd:"" help:"Write the report of a town or a region as .xlsx or .csv."`
	Answers answersCommand `cmd:"" help:"Bring answers in from spreadsheets."`
	User    userCommand    `cmd:"" help:"Manage users."`
	Region  regionCommand  `cmd:"" help:"Manage regions."`
	Map     mapCommand     `cmd:"" help:"Manage the outlines of a region's towns."`
	Backup  backupCommand  `cmd:"" help:"Write a consistent copy of the database, also while the server runs."`
	Restore restoreCommand `cmd:"" help:"Put a backup in the place of the database."`
	Migrate migrateCommand `cmd:"" help:"Bring the database up to this program's version."`
	Version versionCommand `cmd:"" help:"Print the version."`

	Licences licencesCommand `cmd:"" help:"Print whose work is in the program and under which licences."`
}

// exited carries the code with which kong wants to leave after --help.
type exited int

// run is the program with everything it touches handed in. Every flag can also be given in the
// environment: --database-url as ORTSSPIEGEL_DATABASE_URL.
func run(ctx context.Context, args, env []string, stdin io.Reader, stdout, stderr io.Writer) (code int) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case exited:
			code = int(r)
		default:
			panic(r)
		}
	}()
	var c commands
	parser, err := kong.New(&c,
		kong.Name("ortsspiegel"),
		kong.Description("Towns find out by themselves how good they are at something, and compare."),
		kong.Writers(stdout, stderr),
		kong.Exit(func(code int) { panic(exited(code)) }),
		kong.UsageOnError(),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.Resolvers(environment(env)),
	)
	if err != nil {
		fmt.Fprintln(stderr, "ortsspiegel:", err)
		return exitWrong
	}
	warnOfUnknown(stderr, parser.Model.Node, env)
	parsed, err := parser.Parse(args)
	if err != nil {
		fmt.Fprintf(stderr, "ortsspiegel: %v\nTry ortsspiegel --help.\n", err)
		return exitUsage
	}
	if err := parsed.Run(&app{ctx: ctx, stdin: stdin, stdout: stdout, stderr: stderr, now: time.Now}); err != nil {
		return tell(stderr, err)
	}
	return exitDone
}

// errUsage marks a wrong combination of arguments that the parser cannot know.
var errUsage = errors.New("wrong usage")

// errReported says that everything was said already.
var errReported = errors.New("reported")

// tell says what went wrong and returns the exit code. Names and values in it can come from a hostile file.
func tell(to io.Writer, err error) int {
	stderr := plainWriter{to}
	if errors.Is(err, errReported) {
		return exitWrong
	}
	if errors.Is(err, errUsage) {
		fmt.Fprintf(stderr, "ortsspiegel: %s\n", strings.TrimPrefix(err.Error(), errUsage.Error()+": "))
		return exitUsage
	}
	f := fault.As(err)
	if f == nil || len(f.Fields) == 0 {
		fmt.Fprintf(stderr, "ortsspiegel: %v\n", err)
		return exitWrong
	}
	fmt.Fprintf(stderr, "ortsspiegel: %s\n", f.Message)
	for _, field := range f.Fields {
		fmt.Fprintf(stderr, "  %s: %s\n", field.Name, field.Message)
	}
	return exitWrong
}

// environment resolves a flag that was not given from ORTSSPIEGEL_ and its name in capitals.
func environment(env []string) kong.Resolver {
	values := map[string]string{}
	for _, line := range env {
		if name, value, ok := strings.Cut(line, "="); ok && strings.HasPrefix(name, variablePrefix) {
			values[name] = value
		}
	}
	return kong.ResolverFunc(func(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
		if v, ok := values[variable(flag.Name)]; ok {
			return v, nil
		}
		return nil, nil
	})
}

// warnOfUnknown names variables that belong to no flag of any command: a mistyped one would be
// silently without effect.
func warnOfUnknown(stderr io.Writer, node *kong.Node, env []string) {
	known := map[string]bool{}
	var walk func(n *kong.Node)
	walk = func(n *kong.Node) {
		for _, f := range n.Flags {
			known[variable(f.Name)] = true
		}
		for _, child := range n.Children {
			walk(child)
		}
	}
	walk(node)
	for _, line := range env {
		name, _, _ := strings.Cut(line, "=")
		if !strings.HasPrefix(name, variablePrefix) || known[name] {
			continue
		}
		nearest, least := "", 4 // letters
		for _, other := range slices.Sorted(maps.Keys(known)) {
			if d := catalog.EditDistance(name, other); d < least {
				nearest, least = other, d
			}
		}
		hint := ""
		if nearest != "" {
			hint = "; is " + nearest + " meant?"
		}
		fmt.Fprintf(plainWriter{stderr}, "ortsspiegel: warning: the environment has %s, which no command knows%s\n",
			name, hint)
	}
}

// variablePrefix begins the names of all variables of the environment that are flags.
const variablePrefix = "ORTSSPIEGEL_"

func variable(flag string) string {
	return variablePrefix + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

// plainWriter keeps control characters from a terminal, which would obey them.
type plainWriter struct{ to io.Writer }

func (w plainWriter) Write(p []byte) (int, error) {
	plain := strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return unicode.ReplacementChar
		}
		return r
	}, strings.ToValidUTF8(string(p), string(unicode.ReplacementChar)))
	if _, err := io.WriteString(w.to, plain); err != nil {
		return 0, err
	}
	return len(p), nil
}
