package prose

import (
	"bytes"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	tables "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// Limits of a text.
const (
	MaxLength = 4000 // characters
	MaxDepth  = 3    // lists inside each other
)

// Kind is what is wrong with a text.
type Kind string

// The kinds of faults.
const (
	HTML      Kind = "html"
	Picture   Kind = "picture"
	Heading   Kind = "heading"
	Code      Kind = "code"
	Quote     Kind = "quote"
	Line      Kind = "line"
	Table     Kind = "table"
	Link      Kind = "link"      // an address that is none, or without words
	Reference Kind = "reference" // an address that no link uses
	Deep      Kind = "deep"
)

// Kinds lists all kinds of faults.
func Kinds() []Kind {
	return []Kind{HTML, Picture, Heading, Code, Quote, Line, Table, Link, Reference, Deep}
}

// Fault is one thing in a text that cannot be.
type Fault struct {
	Kind         Kind
	Line, Column int    // in the text, from 1; the column in characters
	Message      string // English: what is wrong, and what would be right
}

var messages = map[Kind]string{
	HTML:    "HTML is not possible here: write **bold**, *emphasis*, a list or a [link](https://…); a lone < as \\<",
	Picture: "a picture is not possible here: describe it, or link to it: [what it shows](https://…)",
	Heading: "a heading is not possible here: begin a paragraph with **bold words**; a # that is meant as one as \\#",
	Code:    "code is not possible here: write it as plain words, without ` and ~~~ and not indented by four blanks",
	Quote: "a quotation is not possible here: write it as a paragraph, in quotation marks; a > that is meant as " +
		"one as \\>",
	Line:  "a dividing line is not possible here: an empty line begins a new paragraph",
	Table: "a table is not possible here: write a list, a line for each row",
	Reference: "no link uses this address, so that nobody would see the line: remove it, or write [words](https://…) " +
		"where they belong",
	Deep: "lists stand more than 3 deep inside each other: write fewer levels",
}

// Check returns what is wrong with a text, in its order. Longer texts than MaxLength are not looked at.
func Check(s string) []Fault {
	_, faults := read(s)
	return faults
}

// read parses a text; the tree is nil if it is to be shown as it was written.
func read(s string) (ast.Node, []Fault) {
	if utf8.RuneCountInString(s) > MaxLength {
		return nil, nil
	}
	source := []byte(s)
	context := parser.NewContext()
	tree := commonMark.Parse(text.NewReader(source), parser.WithContext(context))
	c := checker{source: source, used: map[string]bool{}}
	// the walker never returns an error of its own, and inspect has none
	_ = ast.Walk(tree, c.inspect)
	c.references(context.References())
	if len(c.faults) > 0 {
		slices.SortStableFunc(c.faults, func(a, b Fault) int {
			if a.Line != b.Line {
				return a.Line - b.Line
			}
			return a.Column - b.Column
		})
		return nil, c.faults
	}
	return tree, nil
}

// commonMark knows more than is possible, so that the rest is found and told instead of shown as its marks.
var commonMark = parser.NewParser(
	parser.WithBlockParsers(parser.DefaultBlockParsers()...),
	parser.WithInlineParsers(
		util.Prioritized(parser.NewCodeSpanParser(), 100),
		util.Prioritized(parser.NewLinkParser(), 200),
		util.Prioritized(parser.NewAutoLinkParser(), 300),
		util.Prioritized(parser.NewRawHTMLParser(), 400),
		util.Prioritized(emphasis{parser.NewEmphasisParser()}, 500),
	),
	parser.WithParagraphTransformers(append(parser.DefaultParagraphTransformers(),
		util.Prioritized(extension.NewTableParagraphTransformer(), 200))...),
)

// emphasis leaves a single * between two letters alone.
type emphasis struct{ parser.InlineParser }

func (e emphasis) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	line, _ := block.PeekLine()
	if len(line) > 1 && line[0] == '*' && line[1] != '*' {
		after, _ := utf8.DecodeRune(line[1:])
		if unicode.IsLetter(after) && unicode.IsLetter(block.PrecendingCharacter()) {
			return nil
		}
	}
	return e.InlineParser.Parse(parent, block, pc)
}

type checker struct {
	source []byte
	faults []Fault
	used   map[string]bool // references, normalized
}

func (c *checker) inspect(n ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	switch n := n.(type) {
	case *ast.HTMLBlock, *ast.RawHTML:
		return c.refuse(n, HTML)
	case *ast.Image:
		return c.refuse(n, Picture)
	case *ast.Heading:
		return c.refuse(n, Heading)
	case *ast.CodeBlock, *ast.FencedCodeBlock, *ast.CodeSpan:
		return c.refuse(n, Code)
	case *ast.Blockquote:
		return c.refuse(n, Quote)
	case *ast.ThematicBreak:
		return c.refuse(n, Line)
	case *tables.Table:
		return c.refuse(n, Table)
	case *ast.List:
		if depth(n) > MaxDepth {
			return c.refuse(n, Deep)
		}
	case *ast.Link:
		if n.Reference != nil {
			c.used[util.ToLinkReference(n.Reference.Value)] = true
		}
		c.link(n, destination(n.Destination), plainInline(n, c.source))
	case *ast.AutoLink:
		c.link(n, autoAddress(n, c.source), string(n.Label(c.source)))
	}
	return ast.WalkContinue, nil
}

func depth(n ast.Node) int {
	lists := 0
	for ; n != nil; n = n.Parent() {
		if n.Kind() == ast.KindList {
			lists++
		}
	}
	return lists
}

func (c *checker) link(n ast.Node, address, words string) {
	switch {
	case !ValidAddress(address):
		c.add(n, Link,
			fmt.Sprintf("%q is no address that a link can have: https://…, http://… or mailto:… is expected",
				short(address)))
	case strings.TrimSpace(words) == "":
		c.add(n, Link, "the link has no words: write between the square brackets what it leads to")
	}
}

func short(s string) string {
	if runes := []rune(s); len(runes) > 60 {
		return string(runes[:60]) + "…"
	}
	return s
}

// references reports addresses that no link uses.
func (c *checker) references(list []parser.Reference) {
	for _, ref := range list {
		if !c.used[util.ToLinkReference(ref.Label())] {
			at := max(bytes.Index(c.source, append([]byte{'['}, ref.Label()...)), 0)
			c.at(at, Reference, messages[Reference])
		}
	}
}

func (c *checker) refuse(n ast.Node, kind Kind) (ast.WalkStatus, error) {
	c.add(n, kind, messages[kind])
	return ast.WalkSkipChildren, nil
}

func (c *checker) add(n ast.Node, kind Kind, message string) { c.at(offset(n), kind, message) }

func (c *checker) at(offset int, kind Kind, message string) {
	offset = min(max(offset, 0), len(c.source))
	start := bytes.LastIndexByte(c.source[:offset], '\n') + 1
	f := Fault{Kind: kind, Line: bytes.Count(c.source[:offset], []byte("\n")) + 1,
		Column: utf8.RuneCount(c.source[start:offset]) + 1, Message: message}
	c.faults = append(c.faults, f)
}

// offset finds where a node begins, or else what it stands in.
func offset(n ast.Node) int {
	for ; n != nil; n = n.Parent() {
		if p := n.Pos(); p >= 0 && n.Kind() != ast.KindDocument {
			return p
		}
		if n.Type() == ast.TypeBlock && n.Lines() != nil && n.Lines().Len() > 0 {
			return n.Lines().At(0).Start
		}
	}
	return 0
}

// ValidAddress reports whether a link may have this address: complete, and http, https or mailto.
func ValidAddress(address string) bool {
	u, err := url.Parse(address)
	if err != nil || strings.ContainsFunc(address, func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r)
	}) {
		return false
	}
	if strings.EqualFold(u.Scheme, "mailto") {
		before, after, ok := strings.Cut(u.Opaque, "@")
		return ok && before != "" && after != ""
	}
	return ValidWebAddress(address)
}

// ValidWebAddress reports whether an address is complete and http or https.
func ValidWebAddress(address string) bool {
	u, err := url.Parse(address)
	return err == nil && u.Hostname() != "" && u.User == nil &&
		(strings.EqualFold(u.Scheme, "http") || strings.EqualFold(u.Scheme, "https")) &&
		!strings.ContainsFunc(address, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) })
}

// destination is a link's address as a browser gets it: escapes and entities resolved.
func destination(raw []byte) string { return string(util.URLEscape(raw, true)) }

func autoAddress(n *ast.AutoLink, source []byte) string {
	address := string(util.URLEscape(n.URL(source), false))
	if n.AutoLinkType == ast.AutoLinkEmail && !strings.HasPrefix(strings.ToLower(address), "mailto:") {
		address = "mailto:" + address
	}
	return address
}
