package catalog

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/internal/plaintext"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/round"
	"ortsspiegel/pkg/round/intake"
)

// TableMap is a file that says how a foreign table becomes a round's answers.
type TableMap struct {
	Checklist checklist.Ref
	Round     TableRound
	Table     intake.Map

	list *list
	root *yaml.Node
}

// TableRound is the round a table is for: an existing one, or one that is to be created.
type TableRound struct {
	ID     round.ID // 0: it is to be created
	Region region.ID
	Title  string
	Opens  string // YYYY-MM-DD
	Closes string // YYYY-MM-DD, the last day
}

// The structs of the file. Keys without omitempty are required.
type (
	tableMapYAML struct {
		Checklist refText          `yaml:"checklist"`
		Round     roundYAML        `yaml:"round"`
		Header    wholeNumber      `yaml:"header,omitempty"`
		Dates     cellText         `yaml:"dates,omitempty"`
		Town      townColumnYAML   `yaml:"town"`
		Submitted submittedYAML    `yaml:"submitted,omitempty"`
		Ignore    []cellText       `yaml:"ignore,omitempty"`
		Columns   []columnsMapYAML `yaml:"columns"`
	}
	newRoundYAML struct {
		Region cellText `yaml:"region"`
		Title  cellText `yaml:"title"`
		Opens  dayText  `yaml:"opens"`
		Closes dayText  `yaml:"closes"`
	}
	townColumnYAML struct {
		Column cellText   `yaml:"column"`
		By     cellText   `yaml:"by,omitempty"`
		Skip   []cellText `yaml:"skip,omitempty"`
	}
	submittedColumnYAML struct {
		Column cellText `yaml:"column"`
	}
	columnsMapYAML struct {
		Column        cellText   `yaml:"column,omitempty"`
		Question      cellText   `yaml:"question"`
		Values        cellPairs  `yaml:"values,omitempty"`
		NotApplicable []cellText `yaml:"not_applicable,omitempty"`
		Reason        cellText   `yaml:"reason,omitempty"`
		Open          []cellText `yaml:"open,omitempty"`
		Comment       cellText   `yaml:"comment,omitempty"`
		Options       cellPairs  `yaml:"options,omitempty"`
		None          cellText   `yaml:"none,omitempty"`
		Split         string     `yaml:"split,omitempty"`
		Decimal       cellText   `yaml:"decimal,omitempty"`
	}

	refText     checklist.Ref
	wholeNumber int
	dayText     string // YYYY-MM-DD
	// cellText is a text of the table. A number or a truth value of YAML is a text here: 1, ja.
	cellText struct {
		text string
		node *yaml.Node
	}
	// cellPairs keeps the pairs of a mapping in the order of the file.
	cellPairs     []cellPair
	cellPair      struct{ key, value cellText }
	roundYAML     struct{ TableRound }
	submittedYAML struct {
		column cellText
		day    string
	}
)

// ParseTableMap reads a map of a table. It returns all problems in the order of the file; the map
// is nil if there are some. Whether the map fits its checklist, Check says.
func ParseTableMap(name string, data []byte) (*TableMap, []Problem) {
	l := &list{file: name, tableMap: true}
	if !l.admissible(data) {
		return nil, l.sorted()
	}
	root := l.load(data)
	if root == nil {
		return nil, l.sorted()
	}
	l.shortcuts(root)
	d := &decoder{list: l}
	var file tableMapYAML
	d.value(root, reflect.ValueOf(&file).Elem(), nil)
	if HasErrors(l.problems) {
		return nil, l.sorted()
	}
	m := &TableMap{Checklist: checklist.Ref(file.Checklist), Round: file.Round.TableRound, list: l, root: root}
	m.Table = intake.Map{Header: max(int(file.Header), 1), SubmittedOn: file.Submitted.day,
		Submitted: l.column(file.Submitted.column), Ignore: columnsOf(l, file.Ignore),
		Town: intake.TownColumn{Column: l.column(file.Town.Column), ByName: file.Town.By.text == "name",
			Skip: textsOf(file.Town.Skip)}}
	switch dates := file.Dates; dates.text {
	case "":
	case "day_first":
		m.Table.Days = plaintext.DayFirst
	case "month_first":
		m.Table.Days = plaintext.MonthFirst
	default:
		l.add(dates.node.Line, dates.node.Column, codeWrongType, "dates is day_first or month_first")
	}
	if by := file.Town.By; by.text != "" && by.text != "ags" && by.text != "name" {
		l.add(by.node.Line, by.node.Column, codeWrongType, "by is ags or name")
	}
	for i := range file.Columns {
		m.Table.Questions = append(m.Table.Questions, file.Columns[i].build(l))
	}
	if HasErrors(l.problems) {
		return nil, l.sorted()
	}
	return m, l.sorted()
}

// Check returns what of the map does not fit the checklist, in the order of the file.
func (m *TableMap) Check(d *checklist.Definition) []Problem {
	s := &sheet{decoder: &decoder{list: &list{file: m.list.file, tableMap: true}}, root: m.root}
	s.report(intake.Check(d, &m.Table))
	return s.sorted()
}

func (c *columnsMapYAML) build(l *list) intake.QuestionColumns {
	q := intake.QuestionColumns{Question: checklist.QuestionID(c.Question.text), Column: l.column(c.Column),
		Comment: l.column(c.Comment), None: c.None.text, Split: c.Split,
		NotApplicable: textsOf(c.NotApplicable), Reason: c.Reason.text, Open: textsOf(c.Open), Decimal: c.Decimal.text}
	if len(c.Values) > 0 {
		q.Values = make(map[string]string, len(c.Values))
	}
	for _, p := range c.Values {
		q.Values[p.key.text] = p.value.text
	}
	for _, p := range c.Options {
		q.Options = append(q.Options, intake.OptionColumn{Column: l.column(p.key),
			Option: checklist.OptionID(p.value.text)})
	}
	return q
}

func (l *list) column(t cellText) intake.ColumnRef {
	if t.node == nil {
		return intake.ColumnRef{}
	}
	return intake.ColumnRef{Text: t.text, At: fmt.Sprintf("%s:%d:%d", l.file, t.node.Line, t.node.Column)}
}

func columnsOf(l *list, list []cellText) []intake.ColumnRef {
	var out []intake.ColumnRef
	for _, t := range list {
		out = append(out, l.column(t))
	}
	return out
}

func textsOf(list []cellText) []string {
	var out []string
	for _, t := range list {
		out = append(out, t.text)
	}
	return out
}

func (t *cellText) readNode(d *decoder, n *yaml.Node, at *place) {
	if n.Kind != yaml.ScalarNode || n.ShortTag() == "!!null" || plaintext.IsBlank(n.Value) {
		d.wrong(n, at, "a text")
		return
	}
	t.text, t.node = plaintext.Text(n.Value), n
}

func (p *cellPairs) readNode(d *decoder, n *yaml.Node, at *place) {
	if n.Kind != yaml.MappingNode || len(n.Content) == 0 {
		d.wrong(n, at, "a mapping from texts of the table to ids")
		return
	}
	d.keys(n, at, func(key string, keyNode, value *yaml.Node) {
		if value.Kind == yaml.AliasNode {
			d.alias(at.in(key))
			return
		}
		if plaintext.IsBlank(key) {
			d.wrong(keyNode, at.in(key), "a text")
			return
		}
		pair := cellPair{key: cellText{plaintext.Text(key), keyNode}}
		pair.value.readNode(d, value, at.in(key))
		*p = append(*p, pair)
	})
}

func (r *refText) readNode(d *decoder, n *yaml.Node, at *place) {
	id, version, ok := strings.Cut(n.Value, "@")
	ref := checklist.Ref{ID: checklist.ID(id), Version: checklist.Version(version)}
	if n.Kind != yaml.ScalarNode || !ok || !ref.ID.Valid() || !ref.Version.Valid() {
		d.wrong(n, at, "a checklist and its version, such as willkommen@1.0.0,")
		return
	}
	*r = refText(ref)
}

func (w *wholeNumber) readNode(d *decoder, n *yaml.Node, at *place) {
	v, err := strconv.Atoi(n.Value)
	if n.Kind != yaml.ScalarNode || n.ShortTag() != "!!int" || err != nil || v < 1 || v > 1_000_000_000 {
		d.wrong(n, at, "a whole number from 1")
		return
	}
	*w = wholeNumber(v)
}

func (t *dayText) readNode(d *decoder, n *yaml.Node, at *place) {
	day, err := time.Parse(time.DateOnly, n.Value)
	if n.Kind != yaml.ScalarNode || err != nil || day.Year() < 1900 || day.Year() >= 2200 {
		d.wrong(n, at, "a day such as 2019-03-31")
		return
	}
	*t = dayText(n.Value)
}

// readNode reads the number of a round, or what a new one is to be.
func (r *roundYAML) readNode(d *decoder, n *yaml.Node, at *place) {
	if n.Kind != yaml.MappingNode {
		if n.ShortTag() != "!!int" {
			d.wrong(n, at, "the number of a round, or a mapping with region, title, opens and closes,")
			return
		}
		var id wholeNumber
		id.readNode(d, n, at)
		r.ID = round.ID(id)
		return
	}
	var in newRoundYAML
	d.structure(n, reflect.ValueOf(&in).Elem(), at)
	r.Region, r.Title, r.Opens, r.Closes = region.ID(in.Region.text), in.Title.text, string(in.Opens), string(in.Closes)
	if r.Opens != "" && r.Closes != "" && r.Closes < r.Opens {
		d.problem(n, at, codeWrongType, "the round closes before it opens")
	}
}

// readNode reads a day, or the column that holds one per town.
func (s *submittedYAML) readNode(d *decoder, n *yaml.Node, at *place) {
	if n.Kind == yaml.MappingNode {
		var in submittedColumnYAML
		d.structure(n, reflect.ValueOf(&in).Elem(), at)
		s.column = in.Column
		return
	}
	var day dayText
	day.readNode(d, n, at)
	s.day = string(day)
}
