package site

import (
	"html"
	"html/template"
	"text/template/parse"
)

// Fix writes what a template always says into it: calls of t and asset whose arguments are all
// literal become plain text, so that a page does not look up a hundred texts by reflection each
// time. Text is escaped here as html/template escapes it in text and in quoted attributes; a test
// keeps both functions out of scripts and styles.
func Fix(set *template.Template, texts *Messages, a *Assets) {
	f := fixer{texts, a}
	for _, t := range set.Templates() {
		if t.Tree != nil && t.Tree.Root != nil {
			f.list(t.Tree.Root)
		}
	}
}

type fixer struct {
	texts  *Messages
	assets *Assets
}

func (f fixer) list(l *parse.ListNode) {
	if l == nil {
		return
	}
	for i, n := range l.Nodes {
		switch n := n.(type) {
		case *parse.ActionNode:
			if text, ok := f.action(n); ok {
				l.Nodes[i] = &parse.TextNode{NodeType: parse.NodeText, Pos: n.Pos,
					Text: []byte(html.EscapeString(text))}
			}
		case *parse.IfNode:
			f.branch(&n.BranchNode)
		case *parse.RangeNode:
			f.branch(&n.BranchNode)
		case *parse.WithNode:
			f.branch(&n.BranchNode)
		}
	}
}

func (f fixer) branch(b *parse.BranchNode) {
	f.list(b.List)
	f.list(b.ElseList)
}

// action returns what an action always says, if it does.
func (f fixer) action(n *parse.ActionNode) (string, bool) {
	if len(n.Pipe.Decl) > 0 || len(n.Pipe.Cmds) != 1 {
		return "", false
	}
	words := n.Pipe.Cmds[0].Args
	name, ok := words[0].(*parse.IdentifierNode)
	if !ok || len(words) < 2 {
		return "", false
	}
	literals := make([]string, 0, 8)
	for _, w := range words[1:] {
		s, ok := w.(*parse.StringNode)
		if !ok {
			return "", false
		}
		literals = append(literals, s.Text)
	}
	switch name.Ident {
	case "t":
		args := make([]any, 0, len(literals))
		for _, s := range literals[1:] {
			args = append(args, s)
		}
		return f.texts.Text(literals[0], args...), true
	case "asset":
		address, err := f.assets.url(literals[0])
		return address, err == nil && len(literals) == 1
	}
	return "", false
}

// calls lists the templates that a part of one calls, some of them more than once.
func calls(l *parse.ListNode) []string {
	if l == nil {
		return nil
	}
	var names []string
	for _, n := range l.Nodes {
		var b *parse.BranchNode
		switch n := n.(type) {
		case *parse.TemplateNode:
			names = append(names, n.Name)
		case *parse.IfNode:
			b = &n.BranchNode
		case *parse.RangeNode:
			b = &n.BranchNode
		case *parse.WithNode:
			b = &n.BranchNode
		}
		if b != nil {
			names = append(names, calls(b.List)...)
			names = append(names, calls(b.ElseList)...)
		}
	}
	return names
}
