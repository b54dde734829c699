package catalog

import (
	"github.com/shopspring/decimal"
	"go.yaml.in/yaml/v4"
)

// The structs of a checklist file. Keys without omitempty are required. The comments of the
// fields are the descriptions in the JSON Schema.

type (
	idText      string // pattern: checklist.IDPattern
	nameText    string // pattern: checklist.NamePattern
	versionText string // pattern: checklist.VersionPattern
	langText    string // pattern: checklist.LangPattern
	kindText    string
	typeText    string
	mergeText   string
	meaningText string
	addressText string
)

// texts is a text by language; proseTexts may have paragraphs, lists, emphasis and links.
type (
	texts      map[langText]string
	proseTexts map[langText]string
)

// titleTexts is a text by language, or one text for all languages: a document has one title.
type titleTexts struct {
	texts texts
	all   *string
}

type fileYAML struct {
	// The checklist's id, equal to the name of its folder.
	ID idText `yaml:"id"`
	// The version, MAJOR.MINOR.PATCH, equal to the name of the file. Compared with the version
	// before, PATCH rises for wording alone, MINOR for new or retired questions and weights, MAJOR
	// for another meaning, type, options or points. A published version is frozen.
	Version versionText `yaml:"version"`
	// assessment: scored, one per municipality. survey: unscored opinions, reported only aggregated.
	Kind kindText `yaml:"kind"`
	// The languages of the texts. The first is the language of origin: every text must have it.
	Languages []langText `yaml:"languages"`
	// The checklist's name.
	Title texts `yaml:"title"`
	// What the checklist is about, in one or two sentences.
	Summary texts `yaml:"summary,omitempty"`
	// What the checklist goes back to, shown on its page.
	Source *sourceYAML `yaml:"source,omitempty"`
	// Lists of options that several questions share, by id.
	Scales scalesYAML `yaml:"scales,omitempty"`
	// What a total score is called, ascending; the first begins at 0.
	Levels []levelYAML `yaml:"levels,omitempty"`
	// The groups of questions, each with its weight in the total.
	Sections []sectionYAML `yaml:"sections"`
	// What changed since the version before and how its answers carry over; required from the second version on.
	Changes *changesYAML `yaml:"changes,omitempty"`
}

type scaleYAML struct {
	// The options, from the lowest to the highest.
	Options []optionYAML `yaml:"options"`
}

type optionYAML struct {
	// The option's id, which answers refer to.
	ID nameText `yaml:"id"`
	// What the reader sees.
	Label texts `yaml:"label"`
	// Points from 0 to 100. Either all options of a question have points, or none.
	Points *number `yaml:"points,omitempty"`
	// Stands alone, such as "none of these"; only in questions of type multi.
	Exclusive bool `yaml:"exclusive,omitempty"`
}

type levelYAML struct {
	// The level's id, which knockouts refer to.
	ID nameText `yaml:"id"`
	// The score in percent from which on the level is reached.
	From number `yaml:"from"`
	// What the reader sees.
	Label texts `yaml:"label"`
}

type sectionYAML struct {
	// The section's id.
	ID nameText `yaml:"id"`
	// The section's name.
	Title texts `yaml:"title"`
	// What the section is about.
	Summary texts `yaml:"summary,omitempty"`
	// The section's weight in the total, above 0.
	Weight number `yaml:"weight"`
	// The questions, in the order in which they are asked.
	Questions []questionYAML `yaml:"questions"`
}

type questionYAML struct {
	// The question's id, unique in the whole checklist.
	ID nameText `yaml:"id"`
	// The question.
	Text texts `yaml:"text"`
	// Why it matters, and what counts. CommonMark of paragraphs, lists, emphasis and links.
	Help proseTexts `yaml:"help,omitempty"`
	// What one would show as evidence. CommonMark of paragraphs, lists, emphasis and links.
	Evidence proseTexts `yaml:"evidence,omitempty"`
	// What the question goes back to, shown below its help.
	Source *sourceYAML `yaml:"source,omitempty"`
	// choice: one option. multi: several options. number, text, date: a value.
	Type typeText `yaml:"type"`
	// The scale whose options the question offers; instead of options.
	Scale nameText `yaml:"scale,omitempty"`
	// The options the question offers; instead of scale.
	Options []optionYAML `yaml:"options,omitempty"`
	// The unit of a number.
	Unit texts `yaml:"unit,omitempty"`
	// The smallest number that is possible.
	Min *number `yaml:"min,omitempty"`
	// The largest number that is possible.
	Max *number `yaml:"max,omitempty"`
	// The distance between possible numbers, counted from min.
	Step *number `yaml:"step,omitempty"`
	// The line that turns a number into points, ascending; without it the number is unscored.
	Targets []targetYAML `yaml:"targets,omitempty"`
	// The question's weight in its section, 1 if not given; 0: shown, but not scored.
	Weight *number `yaml:"weight,omitempty"`
	// Whether "not applicable" is possible, with a reason.
	NotApplicable bool `yaml:"not_applicable,omitempty"`
	// Holds the level down while the question has too few points.
	Knockout *knockoutYAML `yaml:"knockout,omitempty"`
	// When the question is asked; always, if not given.
	When *conditionYAML `yaml:"when,omitempty"`
}

type sourceYAML struct {
	// The name of the document or page, by language or once for all languages.
	Title titleTexts `yaml:"title"`
	// Its address, complete, with https:// or http://.
	URL addressText `yaml:"url"`
}

type targetYAML struct {
	// The number.
	At number `yaml:"at"`
	// The points it is worth, 0 to 100; between two targets they follow the straight line.
	Points number `yaml:"points"`
}

type knockoutYAML struct {
	// The level is held down below so many points, above 0 to 100.
	Below number `yaml:"below"`
	// The highest level that is still possible then.
	CapsAt nameText `yaml:"caps_at"`
}

type conditionYAML struct {
	// A question that stands before this one; with any_of or at_least.
	Question nameText `yaml:"question,omitempty"`
	// True if one of these options was chosen.
	AnyOf []nameText `yaml:"any_of,omitempty"`
	// True if the number is at least this, or the option stands at or after this one.
	AtLeast *threshold `yaml:"at_least,omitempty"`
	// True if all of these are.
	All []conditionYAML `yaml:"all,omitempty"`
	// True if one of these is.
	Any []conditionYAML `yaml:"any,omitempty"`
	// True if this is not.
	Not *conditionYAML `yaml:"not,omitempty"`
}

type changesYAML struct {
	// The version directly before this one, as its file is named, such as 1.0.0.
	From versionText `yaml:"from"`
	// What changed and why, in a few sentences for the towns that answered the version before.
	Note texts `yaml:"note"`
	// How answers to the version before carry over, one line per question that did not stay as it
	// was. A question with the same id and the same meaning needs no line; one that is new needs
	// none either; one that is gone needs a line with new: null.
	Questions []mappingYAML `yaml:"questions,omitempty"`
}

type mappingYAML struct {
	// The question of the version before, or a list of several that become one. Each stands in one line only.
	Old someNames `yaml:"old"`
	// The question of this version that takes the answer over. Another id: renamed. A list: split,
	// and each takes the answer over. null: retired, and the answer stays in the old assessment.
	New namesOrNull `yaml:"new"`
	// Only where several old questions become one. lowest or highest: the answer that stands lowest
	// or highest among the options, as a number or as a date. ask: the town decides, nothing is
	// proposed.
	Merge mergeText `yaml:"merge,omitempty"`
	// Where options are called otherwise now: each option of the old question and the option of the
	// new one that it becomes. An option that is forgotten here is an error.
	Options map[nameText]nameText `yaml:"options,omitempty"`
	// changed: the question keeps its id but asks something else now, so that it must be answered
	// anew; the old answer is shown beside it.
	Meaning meaningText `yaml:"meaning,omitempty"`
	// Why the question was retired, or what a reader should know of this change; shown to the towns.
	Why texts `yaml:"why,omitempty"`
}

// scalesYAML keeps the scales in the order of the file.
type scalesYAML []namedScale

type namedScale struct {
	id    nameText
	scale scaleYAML
}

// number is a decimal as a file writes it: no exponent, no infinity, a bounded number of digits.
type number struct{ decimal.Decimal }

// threshold is a number or the id of an option: which of them is right, the question decides.
type threshold struct {
	text   string
	number *decimal.Decimal
}

// someNames is one name or a list of them; namesOrNull may also be null.
type (
	someNames   []nameText
	namesOrNull []nameText
)

// nodeReader is a part of the file that is not read by its Go type alone.
type nodeReader interface {
	readNode(d *decoder, n *yaml.Node, at *place)
}
