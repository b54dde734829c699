package catalog

import (
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/shopspring/decimal"
	"go.yaml.in/yaml/v4"

	"ortsspiegel/pkg/checklist/validate"
)

// decoder turns nodes into the structs of the format. It goes on after a problem, and
// remembers which places are broken, so that nothing is concluded from them later.
type decoder struct {
	*list
	broken []string
}

// place is where a value stands: a list from the value up to the root.
type place struct {
	parent *place
	key    string
	index  int // if key is empty
}

func (p *place) in(key string) *place { return &place{p, key, 0} }
func (p *place) at(i int) *place      { return &place{p, "", i} }

// String returns a path such as sections[2].questions[0].when.
func (p *place) String() string {
	switch {
	case p == nil:
		return ""
	case p.key == "":
		return p.parent.String() + "[" + strconv.Itoa(p.index) + "]"
	case p.parent == nil:
		return p.key
	}
	return p.parent.String() + "." + p.key
}

func (d *decoder) problem(n *yaml.Node, at *place, code validate.Code, format string, args ...any) {
	if d.more {
		return // enough is known to be wrong
	}
	d.broken = append(d.broken, at.String())
	d.add(n.Line, n.Column, code, format, args...)
}

// alias marks a place whose value is an alias; shortcuts has reported it.
func (d *decoder) alias(at *place) {
	if !d.more {
		d.broken = append(d.broken, at.String())
	}
}

// wrong reports a value of another type than the expected one.
func (d *decoder) wrong(n *yaml.Node, at *place, expected string) {
	d.problem(n, at, codeWrongType, "%s is %s: %s is expected", at.name(), describe(n), expected)
}

func (p *place) name() string {
	switch {
	case p == nil:
		return "the file"
	case p.key == "":
		return "item " + strconv.Itoa(p.index+1) + " of " + p.parent.name()
	}
	return short(p.key)
}

func describe(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "a mapping"
	case yaml.SequenceNode:
		return "a list"
	}
	switch tag := n.ShortTag(); tag {
	case "!!null":
		return "empty"
	case "!!int", "!!float":
		return "the number " + short(n.Value)
	case "!!bool":
		return "the truth value " + short(n.Value)
	case "!!timestamp":
		return "the date " + short(n.Value)
	}
	return "the text " + strconv.Quote(short(n.Value))
}

// short keeps messages readable whatever the file holds.
func short(s string) string {
	if utf8.RuneCountInString(s) > 40 {
		s = string([]rune(s)[:40]) + "…"
	}
	return strings.Trim(strconv.Quote(s), `"`)
}

func (d *decoder) value(n *yaml.Node, v reflect.Value, at *place) {
	if n.Kind == yaml.AliasNode {
		d.alias(at)
		return
	}
	if r, ok := v.Addr().Interface().(nodeReader); ok {
		r.readNode(d, n, at)
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		before := len(d.broken)
		if d.value(n, v.Elem(), at); len(d.broken) > before && v.Type() == reflect.TypeFor[*number]() {
			v.SetZero() // no limit rather than 0, from which something would be concluded
		}
	case reflect.Struct:
		d.structure(n, v, at)
	case reflect.Slice:
		d.sequence(n, v, at)
	case reflect.Map:
		d.mapping(n, v, at)
	case reflect.Bool:
		if n.Kind != yaml.ScalarNode || n.ShortTag() != "!!bool" {
			d.wrong(n, at, "true or false")
			return
		}
		v.SetBool(strings.EqualFold(n.Value, "true"))
	default:
		if v.Type() == reflect.TypeFor[versionText]() && n.ShortTag() == "!!float" {
			d.wrong(n, at, "a version of three numbers such as 2.0.0")
		} else if s, ok := d.text(n, at); ok {
			v.SetString(s)
		}
	}
}

func (d *decoder) text(n *yaml.Node, at *place) (string, bool) {
	if n.Kind == yaml.ScalarNode && n.ShortTag() == "!!str" {
		return n.Value, true
	}
	if n.Kind == yaml.ScalarNode && n.ShortTag() != "!!null" {
		d.wrong(n, at, "a text, in quotes: \""+short(n.Value)+"\"")
	} else {
		d.wrong(n, at, "a text")
	}
	return "", false
}

// keys calls f with the pairs of a mapping, each key once.
func (d *decoder) keys(n *yaml.Node, at *place, f func(key string, keyNode, value *yaml.Node)) {
	first := make(map[string]*yaml.Node, len(n.Content)/2)
	for i := 0; i+1 < len(n.Content); i += 2 {
		k := n.Content[i]
		if k.Kind != yaml.ScalarNode {
			if k.Kind != yaml.AliasNode {
				d.problem(k, at, codeWrongType, "%s is used as a key: a key is a word", describe(k))
			}
			continue
		}
		if before := first[k.Value]; before != nil {
			d.problem(k, at.in(k.Value), codeDuplicateKey, "the key %s already stands at line %d: a key stands once",
				short(k.Value), before.Line)
			continue
		}
		first[k.Value] = k
		f(k.Value, k, n.Content[i+1])
	}
}

type field struct {
	key      string
	index    int
	required bool
}

func fieldsOf(t reflect.Type) []field {
	fields := make([]field, t.NumField())
	for i := range fields {
		key, options, _ := strings.Cut(t.Field(i).Tag.Get("yaml"), ",")
		fields[i] = field{key, i, options == ""}
	}
	return fields
}

func (d *decoder) structure(n *yaml.Node, v reflect.Value, at *place) {
	fields := d.fields(v.Type())
	if n.Kind != yaml.MappingNode {
		d.wrong(n, at, "a mapping with "+names(fields))
		return
	}
	given := make([]bool, len(fields))
	d.keys(n, at, func(key string, keyNode, value *yaml.Node) {
		i := slices.IndexFunc(fields, func(f field) bool { return f.key == key })
		if i < 0 && d.more {
			return
		}
		if i < 0 {
			d.problem(keyNode, at.in(key), codeUnknownKey, "there is no key %s here: %s", short(key),
				suggestion(key, fields))
			return
		}
		given[i] = true
		d.value(value, v.Field(fields[i].index), at.in(key))
	})
	for i, f := range fields {
		if f.required && !given[i] {
			d.problem(n, at.in(f.key), codeMissingKey, "the key %s is missing from %s: add it", f.key, at.name())
		}
	}
}

// fields caches what the tags say; all values of one file have the same dozen types.
func (d *decoder) fields(t reflect.Type) []field {
	if f, ok := fieldCache[t]; ok {
		return f
	}
	return fieldsOf(t)
}

var fieldCache = func() map[reflect.Type][]field {
	cache := map[reflect.Type][]field{}
	for _, v := range []any{fileYAML{}, scaleYAML{}, optionYAML{}, levelYAML{}, sectionYAML{}, questionYAML{},
		sourceYAML{}, targetYAML{}, knockoutYAML{}, conditionYAML{}, changesYAML{}, mappingYAML{}} {
		cache[reflect.TypeOf(v)] = fieldsOf(reflect.TypeOf(v))
	}
	return cache
}()

func (d *decoder) sequence(n *yaml.Node, v reflect.Value, at *place) {
	if n.Kind != yaml.SequenceNode {
		d.wrong(n, at, "a list")
		return
	}
	v.Set(reflect.MakeSlice(v.Type(), len(n.Content), len(n.Content)))
	for i, item := range n.Content {
		d.value(item, v.Index(i), at.at(i))
	}
}

func (d *decoder) mapping(n *yaml.Node, v reflect.Value, at *place) {
	if n.Kind != yaml.MappingNode {
		expected := "a mapping"
		if v.Type() == reflect.TypeFor[texts]() {
			expected = "a mapping from languages to texts, such as {de: …},"
		}
		d.wrong(n, at, expected)
		return
	}
	v.Set(reflect.MakeMapWithSize(v.Type(), len(n.Content)/2))
	d.keys(n, at, func(key string, _, value *yaml.Node) {
		if value.Kind == yaml.AliasNode {
			d.alias(at.in(key))
		} else if s, ok := d.text(value, at.in(key)); ok {
			v.SetMapIndex(reflect.ValueOf(key).Convert(v.Type().Key()), reflect.ValueOf(s).Convert(v.Type().Elem()))
		}
	})
}

func (s *scalesYAML) readNode(d *decoder, n *yaml.Node, at *place) {
	if n.Kind != yaml.MappingNode {
		d.wrong(n, at, "a mapping from ids to scales")
		return
	}
	d.keys(n, at, func(key string, _, value *yaml.Node) {
		named := namedScale{id: nameText(key)}
		d.value(value, reflect.ValueOf(&named.scale).Elem(), at.in(key))
		*s = append(*s, named)
	})
}

// numberForm: at most 12 digits before the point and 18 behind, as computers write fractions.
var numberForm = regexp.MustCompile(`^-?(0|[1-9][0-9]{0,11})(\.[0-9]{1,18})?$`)

// numberLike are numbers beyond what YAML itself reads as one, such as 1e999999999 or 7,5.
var numberLike = regexp.MustCompile(`^[-+]?[0-9][0-9eE.,+-]*$`)

func (x *number) readNode(d *decoder, n *yaml.Node, at *place) {
	tag := n.ShortTag()
	meant := tag == "!!int" || tag == "!!float" || (tag == "!!str" && n.Style == 0 && numberLike.MatchString(n.Value))
	if n.Kind != yaml.ScalarNode || !meant {
		d.wrong(n, at, "a number such as 5 or 7.5")
		return
	}
	value, ok := parseNumber(n.Value)
	if !ok {
		d.problem(n, at, codeNumberForm,
			"%s is not written as a plain number: write digits and a point, such as 1500 or 7.5, at most 12 before "+
				"the point and 18 behind", short(n.Value))
		return
	}
	x.Decimal = value
}

func parseNumber(s string) (decimal.Decimal, bool) {
	if !numberForm.MatchString(s) {
		return decimal.Zero, false
	}
	n, err := decimal.NewFromString(s)
	return n, err == nil
}

func (t *threshold) readNode(d *decoder, n *yaml.Node, at *place) {
	if n.Kind != yaml.ScalarNode || n.ShortTag() == "!!null" {
		d.wrong(n, at, "a number or the id of an option")
		return
	}
	t.text = n.Value
	if tag := n.ShortTag(); tag == "!!int" || tag == "!!float" {
		var x number
		x.readNode(d, n, at)
		t.number = &x.Decimal
	}
}

func (t *titleTexts) readNode(d *decoder, n *yaml.Node, at *place) {
	if n.Kind == yaml.MappingNode {
		d.value(n, reflect.ValueOf(&t.texts).Elem(), at)
	} else if s, ok := d.text(n, at); ok {
		t.all = &s
	}
}

func (s *someNames) readNode(d *decoder, n *yaml.Node, at *place) {
	d.oneOrMany((*[]nameText)(s), n, at, "an id or a list of ids")
}

func (s *namesOrNull) readNode(d *decoder, n *yaml.Node, at *place) {
	if n.Kind != yaml.ScalarNode || n.ShortTag() != "!!null" {
		d.oneOrMany((*[]nameText)(s), n, at, "an id, a list of ids or null")
	}
}

func (d *decoder) oneOrMany(names *[]nameText, n *yaml.Node, at *place, expected string) {
	switch {
	case n.Kind == yaml.SequenceNode:
		d.sequence(n, reflect.ValueOf(names).Elem(), at)
	case n.Kind == yaml.ScalarNode && n.ShortTag() == "!!str":
		*names = []nameText{nameText(n.Value)}
	default:
		d.wrong(n, at, expected)
	}
}

// concluded reports whether an issue at path may follow from a broken place.
func (d *decoder) concluded(path string) bool {
	return slices.ContainsFunc(d.broken, func(b string) bool { return within(path, b) || within(b, path) })
}

// within reports whether the path stands inside the other, or is the same.
func within(path, outer string) bool {
	rest, ok := strings.CutPrefix(path, outer)
	return ok && (rest == "" || outer == "" || rest[0] == '.' || rest[0] == '[')
}
