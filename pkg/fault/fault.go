package fault

import (
	"errors"
	"fmt"
	"strings"
)

// Kind tells what a caller can do about an error. The zero Kind is Internal.
type Kind uint8

// The kinds of errors.
const (
	Internal        Kind = iota // a defect or a broken machine; nothing the caller can do
	NotFound                    // there is no such thing, or the caller may not know that there is
	Unauthenticated             // sign in first
	Forbidden                   // the caller may see it, but not do this
	Conflict                    // somebody else was faster, or the state no longer allows it
	Invalid                     // the input is wrong; Fields say where
	TooLarge                    // the input exceeds a limit
	RateLimited                 // too many tries; try again later
	Unavailable                 // the database or the disk does not answer; try again later
)

var kindNames = [...]string{"internal", "not found", "unauthenticated", "forbidden", "conflict", "invalid",
	"too large", "rate limited", "unavailable"}

// String returns the kind's English name.
func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return "internal"
}

// Field names one wrong part of an input and says what would be right.
type Field struct {
	Name    string         // form field, question id or path
	Code    string         // stable id, the key of the translated text ("fault.<code>")
	Message string         // English, for the command line and logs
	Args    map[string]any // values for the translated text
}

// Error is an error a person can be told about.
type Error struct {
	Kind    Kind
	Code    string         // stable id, the key of the translated text ("fault.<code>")
	Message string         // English: what is wrong and what would be right
	Args    map[string]any // values for the translated text
	Fields  []Field
	Detail  any   // typed data for the one who handles it, such as both values of a conflict
	Err     error // the cause, for the log

	of *Error // what it is a copy of; nil: of none
}

// New returns an error of the given kind. The code is the key of its translated text.
func New(kind Kind, code, format string, args ...any) *Error {
	return &Error{Kind: kind, Code: code, Message: fmt.Sprintf(format, args...)}
}

// With returns a copy of e that carries a value for the translated text.
func (e *Error) With(name string, value any) *Error {
	c := e.copied()
	c.Args = make(map[string]any, len(e.Args)+1)
	for k, v := range e.Args {
		c.Args[k] = v
	}
	c.Args[name] = value
	return c
}

// Because returns a copy of e that wraps its cause.
func (e *Error) Because(err error) *Error {
	c := e.copied()
	c.Err = err
	return c
}

// About returns a copy of e with typed data for the one who handles it.
func (e *Error) About(detail any) *Error {
	c := e.copied()
	c.Detail = detail
	return c
}

// Saying returns a copy of e whose English message names what it is about. The translated text stays that of the code.
func (e *Error) Saying(format string, args ...any) *Error {
	c := e.copied()
	c.Message = fmt.Sprintf(format, args...)
	return c
}

func (e *Error) copied() *Error {
	c := *e
	c.of = e.origin()
	return &c
}

func (e *Error) origin() *Error {
	if e.of != nil {
		return e.of
	}
	return e
}

// Is reports whether e is a fault that a package exports, or a copy of it: for errors.Is.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && e.origin() == t.origin()
}

// Fields returns an Invalid error for the given fields, or nil if there are none.
func Fields(fields []Field) error {
	if len(fields) == 0 {
		return nil
	}
	return &Error{Kind: Invalid, Code: "invalid", Message: "the input is not valid", Fields: fields}
}

func (e *Error) Error() string {
	var b strings.Builder
	if e.Message != "" {
		b.WriteString(e.Message)
	} else {
		b.WriteString(e.Kind.String())
	}
	for _, f := range e.Fields {
		b.WriteString("; " + f.Name + ": " + f.Message)
	}
	if e.Err != nil {
		b.WriteString(": " + e.Err.Error())
	}
	return b.String()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// KindOf returns the kind of the first *Error in err's chain, Internal if there is none.
func KindOf(err error) Kind {
	if e := As(err); e != nil {
		return e.Kind
	}
	return Internal
}

// As returns the first *Error in err's chain, or nil.
func As(err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return nil
}

// Is reports whether err is a fault of the given kind.
func Is(err error, kind Kind) bool {
	return err != nil && KindOf(err) == kind
}
