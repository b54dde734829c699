package prose

import (
	"bufio"
	"bytes"
	"html"
	"strconv"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/renderer"
	markup "github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/util"
)

// Written is a text as HTML in two parts, so that a page can put a word before it.
type Written struct {
	Lead string // what stands in the first paragraph; empty if the text begins with a list
	Rest string // all that follows: paragraphs and lists
}

var writer = renderer.NewRenderer(renderer.WithNodeRenderers(util.Prioritized(markup.NewRenderer(), 1000)))

// Write makes HTML of a text. newWindow is said, to those who do not see it, behind each link that opens one.
func Write(s, newWindow string) Written {
	tree, _ := read(s)
	if tree == nil {
		return Written{Lead: html.EscapeString(s)}
	}
	source := []byte(s)
	_ = ast.Walk(tree, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			outside(n, source, newWindow)
		}
		return ast.WalkContinue, nil
	})
	var w Written
	block := tree.FirstChild()
	if p, ok := block.(*ast.Paragraph); ok {
		w.Lead = written(p.FirstChild(), source)
		block = p.NextSibling()
	}
	w.Rest = written(block, source)
	return w
}

// outside makes a link to a page open a window of its own, because who fills in a form must not lose it, and puts the
// address behind the words for prints (class os-address).
func outside(n ast.Node, source []byte, newWindow string) {
	var address string
	switch n := n.(type) {
	case *ast.Link:
		address = destination(n.Destination)
	case *ast.AutoLink:
		address = autoAddress(n, source)
	default:
		return
	}
	said := ""
	if link, ok := n.(*ast.Link); ok {
		words := plainInline(n, source)
		said = strings.TrimPrefix(plainLink(words, plainAddress(link)), words)
	}
	if strings.HasPrefix(said, " ") { // else the words are the address
		n.AppendChild(n, verbatim(`<span class="os-address">`+html.EscapeString(said)+`</span>`))
	}
	if !ValidWebAddress(address) {
		return
	}
	n.SetAttributeString("rel", []byte("noreferrer noopener"))
	n.SetAttributeString("target", []byte("_blank"))
	hint := verbatim(`<span class="os-visually-hidden"> ` + html.EscapeString(newWindow) + `</span>`)
	if n.Kind() == ast.KindLink {
		n.AppendChild(n, hint)
	} else {
		n.Parent().InsertAfter(n.Parent(), n, hint)
	}
}

// verbatim is HTML that is written as it stands.
func verbatim(html string) ast.Node {
	n := ast.NewString([]byte(html))
	n.SetCode(true)
	return n
}

// written renders a node and those after it. Writing to memory has no error.
func written(n ast.Node, source []byte) string {
	var b bytes.Buffer
	for ; n != nil; n = n.NextSibling() {
		_ = writer.Render(&b, source, n)
	}
	return strings.TrimRight(b.String(), "\n")
}

// Plain makes plain text of a text, with its links' addresses in brackets behind their words. A text without marks
// stays as it is.
func Plain(s string) string {
	tree, _ := read(s)
	if tree == nil {
		return s
	}
	return plainBlocks(tree.FirstChild(), []byte(s))
}

func plainBlocks(n ast.Node, source []byte) string {
	var b strings.Builder
	for ; n != nil; n = n.NextSibling() {
		if n.Kind() == ast.KindLinkReferenceDefinition {
			continue
		}
		if b.Len() > 0 {
			b.WriteString("\n")
			if n.HasBlankPreviousLines() {
				b.WriteString("\n")
			}
		}
		if list, ok := n.(*ast.List); ok {
			b.WriteString(plainList(list, source))
		} else {
			b.WriteString(plainInline(n, source))
		}
	}
	return b.String()
}

func plainList(list *ast.List, source []byte) string {
	var items []string
	number := list.Start
	for item := list.FirstChild(); item != nil; item = item.NextSibling() {
		mark := "- "
		if list.IsOrdered() {
			mark = strconv.Itoa(number) + ". "
			number++
		}
		lines := strings.Split(plainBlocks(item.FirstChild(), source), "\n")
		items = append(items, mark+strings.Join(lines, "\n"+strings.Repeat(" ", len(mark))))
	}
	return strings.Join(items, "\n")
}

func plainInline(parent ast.Node, source []byte) string {
	var b strings.Builder
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		switch n := n.(type) {
		case *ast.Text:
			b.WriteString(plainText(n, source))
			if n.SoftLineBreak() || n.HardLineBreak() {
				b.WriteByte('\n')
			}
		case *ast.String:
			b.Write(n.Value)
		case *ast.Link:
			b.WriteString(plainLink(plainInline(n, source), plainAddress(n)))
		case *ast.AutoLink:
			b.Write(n.Label(source))
		default:
			b.WriteString(plainInline(n, source))
		}
	}
	return b.String()
}

// plainText resolves escapes and entities.
func plainText(n *ast.Text, source []byte) string {
	value := n.Value(source)
	if n.IsRaw() {
		return string(value)
	}
	var b bytes.Buffer
	w := bufio.NewWriter(&b)
	markup.DefaultWriter.Write(w, value)
	_ = w.Flush() // to memory
	return html.UnescapeString(b.String())
}

func plainAddress(n *ast.Link) string {
	return html.UnescapeString(string(util.UnescapePunctuations(n.Destination)))
}

func plainLink(words, address string) string {
	if len(address) > 7 && strings.EqualFold(address[:7], "mailto:") {
		address = address[7:]
	}
	if bare := strings.TrimPrefix(strings.TrimPrefix(address, "https://"),
		"http://"); words == address || words == strings.TrimSuffix(bare, "/") || words == bare {
		return address
	}
	return words + " (" + address + ")"
}
