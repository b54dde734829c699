package arch

// layer is a kind of room.
type layer uint8

const (
	knowledge  layer = iota + 1 // pure: no I/O, clock, randomness or framework
	capability                  // types, rules, a Service and the interfaces it needs; the clock is handed in
	adapter                     // one technology each; they do not import each other
	asset                       // embeds files, nothing else
	command                     // the only place that knows all concrete types
	workshop                    // for tests alone: no room that ships may import it
)

// room is one line of the law.
type room struct {
	layer   layer
	why     string   // what lives there, and why it may import what it imports
	inside  []string // packages of this house it may import
	outside []string // modules, or parts of them, it may import
	std     []string // standard packages it may import although its layer may not
}

// The words of the law that many lines share.
var (
	facts = []string{"pkg/fault", "pkg/internal/plaintext", "pkg/internal/prose", "pkg/region", "pkg/checklist",
		"pkg/checklist/carry", "pkg/score", "pkg/bench",
		"pkg/bench/shift", "pkg/bench/disclosure", "pkg/wording"}
	services = []string{"pkg/account", "pkg/territory", "pkg/lineage", "pkg/assessment", "pkg/round",
		"pkg/round/intake", "pkg/round/trend",
		"pkg/round/dryrun"}
	core = join(facts, services)
)

const decimal = "github.com/shopspring/decimal"

// law lists every package: fault <- region, checklist <- score <- bench;
// knowledge <- capabilities <- adapters <- cmd. TestLawIsDrawn draws it for pkg/README.md.
var law = map[string]room{
	"pkg/fault": {layer: knowledge,
		why: "what a caller can do about an error; everybody returns it, so it knows nobody"},
	"pkg/region": {layer: knowledge,
		why:    "towns, districts, size classes; names are compared as plain text",
		inside: []string{"pkg/fault", "pkg/internal/plaintext"}},
	"pkg/checklist": {layer: knowledge,
		why:     "sections, questions, options, answers, versions; decimals, because 0.1 is no float",
		inside:  []string{"pkg/fault", "pkg/internal/plaintext", "pkg/internal/prose"},
		outside: []string{decimal}},
	"pkg/checklist/carry": {layer: knowledge,
		why:    "what becomes of an answer in the next version; rounds, trends and comparisons follow questions by it",
		inside: []string{"pkg/fault", "pkg/checklist"}},
	"pkg/checklist/compare": {layer: knowledge,
		why:     "what changed between versions, for people who read; differences of texts word by word",
		inside:  []string{"pkg/checklist", "pkg/checklist/carry", "pkg/internal/plaintext", "pkg/internal/prose"},
		outside: []string{decimal, "github.com/sergi/go-diff/diffmatchpatch"}},
	"pkg/checklist/validate": {layer: knowledge,
		why:     "what the linter knows; nothing that works with a checklist needs it",
		inside:  []string{"pkg/checklist", "pkg/internal/plaintext", "pkg/internal/prose"},
		outside: []string{decimal}},
	"pkg/checklist/checklisttest": {layer: workshop,
		why: "made-up checklists, versions and answers that tests of several packages share"},
	"pkg/score": {layer: knowledge,
		why:     "points, sections, total, levels, levers; reads answers in the checklist's own terms",
		inside:  []string{"pkg/fault", "pkg/checklist", "pkg/internal/plaintext"},
		outside: []string{decimal}},
	"pkg/bench": {layer: knowledge,
		why:     "distributions of scores over towns; scores come from score alone",
		inside:  []string{"pkg/fault", "pkg/region", "pkg/checklist", "pkg/score"},
		outside: []string{decimal}},
	"pkg/bench/shift": {layer: knowledge,
		why:    "what moved between two rounds; a step above the figures of one",
		inside: []string{"pkg/fault", "pkg/region", "pkg/checklist", "pkg/checklist/carry", "pkg/score", "pkg/bench"}},
	"pkg/bench/disclosure": {layer: knowledge,
		why: "what may leave: sees all figures and all that was published before, and is the only door",
		inside: []string{"pkg/fault", "pkg/region", "pkg/checklist", "pkg/checklist/carry", "pkg/score", "pkg/bench",
			"pkg/bench/shift"}},
	"pkg/wording": {layer: knowledge,
		why: "what is said the same in pages, pictures, workbooks and on the command line; the one place that " +
			"cuts what is shown, and the one time zone",
		inside:  []string{"pkg/checklist", "pkg/score", "pkg/bench"},
		outside: []string{decimal},
		std:     []string{"time/tzdata"}},

	"pkg/account": {layer: capability,
		why: "people, sessions, links and the one policy; hashes passwords, makes secrets, brings addresses into " +
			"one form",
		inside:  join(facts, []string{"pkg/internal/turns"}),
		outside: []string{"golang.org/x/crypto/argon2", "golang.org/x/net/idna", "golang.org/x/text/unicode/norm"},
		std:     []string{"crypto/rand"}},
	"pkg/territory": {layer: capability,
		why: "regions, their towns and their look; account says who may change them, and legal texts are prose as a " +
			"checklist's longer ones are",
		inside: join(facts, []string{"pkg/account", "pkg/internal/prose"})},
	"pkg/assessment": {layer: capability,
		why: "answers, comments, evidence, submission; knows towns, and not rounds, which know it; evidence is " +
			"recognised by what its archive holds",
		inside:  join(facts, []string{"pkg/account", "pkg/territory", "pkg/internal/zipguard"}),
		outside: []string{decimal}},
	"pkg/lineage": {layer: capability,
		why: "pinned versions of checklists and the ways between them; assessment and round both ask it, so it " +
			"knows neither",
		inside: []string{"pkg/fault", "pkg/checklist", "pkg/checklist/carry"}},
	"pkg/round": {layer: capability,
		why: "who takes part, when, on which version, what is published; knows assessments, and none of its " +
			"chambers",
		inside: join(facts, []string{"pkg/account", "pkg/territory", "pkg/lineage", "pkg/assessment"})},
	"pkg/round/intake": {layer: capability,
		why:     "foreign tables become answers by a map; pure, and knows no round",
		inside:  join(facts, []string{"pkg/checklist/validate"}),
		outside: []string{decimal}},
	"pkg/round/trend": {layer: capability,
		why:    "towns and regions through their rounds; looks at several rounds, so it stands above one",
		inside: join(facts, []string{"pkg/account", "pkg/lineage", "pkg/assessment", "pkg/round"})},
	"pkg/round/dryrun": {layer: capability,
		why:    "what a version would do to a round's answers; reads them as round hands them out",
		inside: join(facts, []string{"pkg/round"})},
	"pkg/report": {layer: capability,
		why:    "which figures go into a report, of a town, a round or for analysts; every renderer reads it",
		inside: core},

	"pkg/catalog": {layer: adapter,
		why: "YAML files and their linter; besides checklists it reads the maps by which a foreign table comes in",
		inside: join(facts, []string{"pkg/checklist/compare", "pkg/checklist/validate", "pkg/round",
			"pkg/round/intake"}),
		outside: []string{"go.yaml.in/yaml/v4", "github.com/santhosh-tekuri/jsonschema/v6", "golang.org/x/text",
			decimal}},
	"pkg/chart": {layer: adapter,
		why:     "options of ECharts and what each chart says in words",
		inside:  core,
		outside: []string{"github.com/go-echarts/go-echarts/v2", decimal}},
	"pkg/gazetteer": {layer: adapter,
		why:    "the official register, lists of towns, outlines; workbooks and tables come through the one reader",
		inside: join(facts, []string{"pkg/internal/zipguard", "pkg/internal/sheet"})},
	"pkg/mail": {layer: adapter,
		why:     "mails over SMTP",
		inside:  core,
		outside: []string{"github.com/wneessen/go-mail"}},
	"pkg/store": {layer: adapter,
		why:    "SQLite and PostgreSQL; implements the Store interfaces of the capabilities",
		inside: core,
		outside: []string{"gorm.io/gorm", "gorm.io/driver/sqlite", "gorm.io/driver/postgres", "modernc.org/sqlite",
			"github.com/jackc/pgx/v5",
			"github.com/pressly/goose/v3", "golang.org/x/sync", "golang.org/x/sys", decimal}},
	"pkg/workbook/book": {layer: adapter,
		why: "what every workbook of ours is made of: sheets, styles, charts, rows that are streamed, names; " +
			"knows no report and no form",
		inside:  []string{"pkg/checklist", "pkg/score", "pkg/wording"},
		outside: []string{"github.com/xuri/excelize/v2", "github.com/klauspost/compress"}},
	"pkg/workbook/reports": {layer: adapter,
		why:     "the workbooks and tables of towns, rounds and analysts; renders what report gathered",
		inside:  join(core, []string{"pkg/report", "pkg/workbook/book"}),
		outside: []string{"github.com/xuri/excelize/v2", decimal}},
	"pkg/workbook/form": {layer: adapter,
		why:     "forms to fill in: out, and back as answers that are checked anew",
		inside:  join(core, []string{"pkg/internal/zipguard", "pkg/internal/sheet", "pkg/workbook/book"}),
		outside: []string{"github.com/xuri/excelize/v2", decimal}},
	"pkg/workbook/table": {layer: adapter,
		why:    "foreign tables in, as a round takes them; writes nothing, so it needs no excelize",
		inside: join(core, []string{"pkg/internal/zipguard", "pkg/internal/sheet"})},
	"pkg/web/site": {layer: adapter,
		why: "what all pages share: requests, the one guard before every route, texts, layout, limits; knows no " +
			"feature, and asks services only who is signed in, what towns are called and how a region looks; of " +
			"assessments it has the address and the status of a link that has ended",
		inside: join(facts, []string{"pkg/account", "pkg/assessment", "pkg/territory", "pkg/internal/turns"}),
		outside: []string{"github.com/labstack/echo/v4", "github.com/nicksnyder/go-i18n/v2", "golang.org/x/text",
			"golang.org/x/time",
			"golang.org/x/net", decimal}},
	"pkg/web/people": {layer: adapter,
		why:    "signing in, accounts, people, towns and the log",
		inside: join(core, []string{"pkg/web/site"})},
	"pkg/web/checklists": {layer: adapter,
		why: "checklists to read, what changed between versions, drafts; the linter's findings are shown with " +
			"drafts",
		inside: join(core, []string{"pkg/checklist/compare", "pkg/checklist/validate", "pkg/web/site"})},
	"pkg/web/assessments": {layer: adapter,
		why:    "a town's self-assessment but for what takes answers: tasks, overview, evidence, history, consent",
		inside: join(core, []string{"pkg/web/site"})},
	"pkg/web/answering": {layer: adapter,
		why: "what takes answers: sections, proposals, forms from Excel, colleagues' links; all are pages of an " +
			"assessment",
		inside:  join(core, []string{"pkg/workbook/form", "pkg/web/site", "pkg/web/assessments"}),
		outside: []string{"github.com/klauspost/compress"}},
	"pkg/web/results": {layer: adapter,
		why: "a town's result, comparison and way over the years: pages of an assessment, with charts and reports",
		inside: join(core, []string{"pkg/chart", "pkg/report", "pkg/workbook/reports", "pkg/web/site",
			"pkg/web/assessments"})},
	"pkg/web/rounds": {layer: adapter,
		why: "the agency's rounds; shows before publishing what towns will see, so it uses the pages of results",
		inside: join(core, []string{"pkg/chart", "pkg/report", "pkg/workbook/reports", "pkg/web/site",
			"pkg/web/results"})},
	"pkg/web": {layer: adapter,
		why: "joins the features, gives each what it asks, and has the pages that belong to none; never sees store " +
			"or catalog",
		inside: join(core, []string{"pkg/licence", "pkg/report", "pkg/web/site", "pkg/web/people", "pkg/web/checklists",
			"pkg/web/assessments",
			"pkg/web/answering", "pkg/web/results", "pkg/web/rounds"}),
		outside: []string{"github.com/labstack/echo/v4", "github.com/klauspost/compress"}},

	"checklists": {layer: asset, why: "the published checklists, embedded"},
	"templates":  {layer: asset, why: "the pages' templates, embedded"},
	"static":     {layer: asset, why: "style sheets, scripts and fonts as they were built, embedded"},

	"cmd/ortsspiegel": {layer: command,
		why: "one file per subcommand; wires and prints",
		inside: join(core, []string{"pkg/checklist/compare", "pkg/catalog", "pkg/chart", "pkg/gazetteer", "pkg/mail",
			"pkg/store", "pkg/report", "pkg/workbook/reports", "pkg/workbook/form",
			"pkg/workbook/table", "pkg/web", "pkg/web/checklists", "pkg/web/site",
			"pkg/demo", "pkg/licence", "checklists", "templates", "static"}),
		outside: []string{"github.com/alecthomas/kong", "github.com/fsnotify/fsnotify", "golang.org/x/sync",
			"golang.org/x/sys",
			"golang.org/x/term", decimal}},

	"cmd/performance": {layer: command,
		why: "the program behind make bench: runs the built one, and beside it the plainest database/sql and " +
			"excelize as limits",
		inside: join(core, []string{"pkg/catalog", "pkg/store", "pkg/report", "pkg/workbook/reports",
			"pkg/workbook/form", "pkg/demo", "checklists"}),
		outside: []string{"github.com/xuri/excelize/v2", "modernc.org/sqlite"}},

	"pkg/internal/zipguard": {layer: knowledge,
		why:    "looks into archives before anybody unpacks them; a limit may be waited for",
		inside: []string{"pkg/fault"},
		std:    []string{"context"}},
	"pkg/internal/sheet": {layer: knowledge,
		why:    "the one reader of .xlsx, shared by adapters that may not import each other",
		inside: []string{"pkg/fault", "pkg/internal/zipguard", "pkg/internal/plaintext"},
		std:    []string{"context"}},
	"pkg/internal/prose": {layer: knowledge,
		why: "the one notion of a checklist's longer texts: what of CommonMark they may be, and they as HTML and " +
			"as plain text",
		outside: []string{"github.com/yuin/goldmark"}},
	"pkg/internal/turns": {layer: knowledge,
		why: "lets a few do at a time what is costly: passwords in account, workbooks in web",
		std: []string{"context", "time"}},
	"pkg/internal/plaintext": {layer: knowledge,
		why: "the one notion of text, of blank, of numbers and days as people write them, and the one reader of " +
			"CSV",
		inside:  []string{"pkg/fault"},
		outside: []string{"golang.org/x/text"}},
	"pkg/licence": {layer: knowledge,
		why: "whose work is built in: the page, the command and what puts the texts together speak of the same"},
	"pkg/demo": {layer: knowledge,
		why:     "made-up answers of the demo region: its own seeded generator is the point of it",
		inside:  facts,
		outside: []string{decimal},
		std:     []string{"math/rand/v2"}},

	"pkg/bench/internal/setup": {layer: workshop,
		why: "small checklists and towns that tests of benchmarks begin with"},
	"pkg/workbook/sample": {layer: workshop,
		why: "towns, answers, texts and LibreOffice, which the tests of reports and of forms share"},
	"pkg/internal/testkit": {layer: workshop, why: "browser, databases and files that tests share"},
	"pkg/internal/testkit/setup": {layer: workshop,
		why: "services on a real database with something in it, that tests of several packages begin with"},
	"pkg/internal/arch":     {layer: workshop, why: "this law"},
	"pkg/internal/licences": {layer: workshop, why: "collects the texts of licences when the program is built"},
	"pkg/internal/tour":     {layer: workshop, why: "walks all pages of a running program in a browser"},
}

// forbidden lists, per layer, standard packages (with everything below them) and why.
var forbidden = map[layer]map[string]string{
	knowledge:  merge(pure, reaching),
	capability: merge(reaching, frameworks),
	adapter:    everywhere,
	asset:      everywhere,
	command:    {"plugin": "the program is one file"},
}

var (
	everywhere = map[string]string{
		"unsafe": "nothing here needs it", "plugin": "the program is one file", "C": "the program is built without cgo",
		"math/rand": "what may be guessed is no secret; the demo has its own", "testing": "tests do not ship",
		"net/http/pprof": "no debugging in public",
	}
	reaching = map[string]string{
		"os": "no files, no environment", "net": "no network", "io/fs": "no files", "path/filepath": "no files",
		"database/sql": "no database", "syscall": "no system calls",
		"log": "faults are returned, web logs them", "os/exec": "no programs", "unsafe": "nothing here needs it",
		"plugin": "the program is one file", "C": "the program is built without cgo",
		"math/rand": "no randomness that can be guessed", "testing": "tests do not ship", "expvar": "no globals",
		"runtime": "the same result on every machine", "flag": "no command line",
	}
	frameworks = map[string]string{"html/template": "pages are web's", "text/template": "pages are web's"}
	pure       = map[string]string{
		"crypto/rand": "no randomness", "html/template": "pages are web's", "text/template": "pages are web's",
		"embed": "no files", "time/tzdata": "no time zones", "context": "nothing here waits",
	}
)

// exempt are packages below a forbidden one that only handle text.
var exempt = map[string]bool{"net/url": true, "net/mail": true, "net/netip": true}

// clock are the names of package time that read or wait for the machine's clock, or ask it
// for its zone. Only the command may: everybody else is handed a clock.
var clock = map[string]bool{"Now": true, "Since": true, "Until": true, "Sleep": true, "After": true, "AfterFunc": true,
	"Tick": true, "NewTicker": true, "NewTimer": true, "Local": true}

// handsClock are the layers in which the clock is handed in.
var handsClock = map[layer]bool{knowledge: true, capability: true}

func join(lists ...[]string) []string {
	var all []string
	for _, l := range lists {
		all = append(all, l...)
	}
	return all
}

func merge(maps ...map[string]string) map[string]string {
	all := map[string]string{}
	for _, m := range maps {
		for k, v := range m {
			all[k] = v
		}
	}
	return all
}
