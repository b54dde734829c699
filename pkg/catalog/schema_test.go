package catalog

import (
	"bytes"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v4"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/checklist/validate"
	"ortsspiegel/pkg/internal/testkit"
)

const schemaFile = "../../checklists/checklist.schema.json"

type object = map[string]any

// schemas writes the JSON Schema of the format's structs: keys and types by reflection,
// descriptions from the comments in format.go.
type schemas struct {
	comments map[string]string // "fileYAML.ID"
	defs     object
}

// ranges are the limits of numbers and lists that the Go types do not tell.
var ranges = map[string]object{
	"optionYAML.Points":     {"minimum": 0, "maximum": 100},
	"levelYAML.From":        {"minimum": 0, "maximum": 100},
	"sectionYAML.Weight":    {"exclusiveMinimum": 0},
	"questionYAML.Weight":   {"minimum": 0},
	"questionYAML.Step":     {"exclusiveMinimum": 0},
	"questionYAML.Targets":  {"minItems": 2},
	"questionYAML.Options":  {"minItems": 1, "maxItems": checklist.MaxOptions},
	"scaleYAML.Options":     {"minItems": 2, "maxItems": checklist.MaxOptions},
	"targetYAML.Points":     {"minimum": 0, "maximum": 100},
	"knockoutYAML.Below":    {"exclusiveMinimum": 0, "maximum": 100},
	"fileYAML.Languages":    {"minItems": 1, "maxItems": checklist.MaxLanguages, "uniqueItems": true},
	"fileYAML.Sections":     {"minItems": 1, "maxItems": checklist.MaxSections},
	"sectionYAML.Questions": {"minItems": 1},
	"conditionYAML.AnyOf":   {"minItems": 1},
	"conditionYAML.All":     {"minItems": 1},
	"conditionYAML.Any":     {"minItems": 1},
}

var enums = map[reflect.Type][]string{
	reflect.TypeFor[kindText]():    {string(checklist.KindAssessment), string(checklist.KindSurvey)},
	reflect.TypeFor[typeText]():    typesThat(checklist.Type.Known),
	reflect.TypeFor[mergeText]():   {"lowest", "highest", "ask"},
	reflect.TypeFor[meaningText](): {"changed"},
}

var patterns = map[reflect.Type]string{
	reflect.TypeFor[idText]():      checklist.IDPattern,
	reflect.TypeFor[nameText]():    checklist.NamePattern,
	reflect.TypeFor[versionText](): checklist.VersionPattern,
	reflect.TypeFor[langText]():    checklist.LangPattern,
	reflect.TypeFor[addressText](): `^[Hh][Tt][Tt][Pp][Ss]?://\S+$`,
}

// typesThat returns the types of questions that have a property.
func typesThat(have func(checklist.Type) bool) []string {
	var names []string
	for _, t := range checklist.Types() {
		if have(t) {
			names = append(names, string(t))
		}
	}
	return names
}

func required(keys ...string) object { return object{"required": keys} }

// rules are what holds between the keys of one struct.
var rules = map[string]object{
	"conditionYAML": {"oneOf": []object{required("question", "any_of"), required("question", "at_least"),
		required("all"), required("any"), required("not")}},
	"questionYAML": {
		"if": object{"properties": object{"type": object{"enum": typesThat(checklist.Type.OffersOptions)}}},
		"then": object{
			"oneOf":      []object{required("scale"), required("options")},
			"properties": object{"unit": false, "min": false, "max": false, "step": false, "targets": false},
		},
		"else": object{"properties": object{"scale": false, "options": false}},
	},
}

func (s *schemas) of(t reflect.Type) object {
	name := object{"type": "string", "pattern": checklist.NamePattern}
	switch t {
	case reflect.TypeFor[texts]():
		return object{"$ref": "#/definitions/texts"}
	case reflect.TypeFor[proseTexts]():
		return object{"$ref": "#/definitions/prose"}
	case reflect.TypeFor[titleTexts]():
		return object{"oneOf": []object{{"$ref": "#/definitions/texts"},
			{"type": "string", "minLength": 1, "maxLength": checklist.MaxDefinitionText, "pattern": `\S`}}}
	case reflect.TypeFor[scalesYAML]():
		return object{"type": "object", "propertyNames": object{"pattern": checklist.NamePattern},
			"additionalProperties": s.of(reflect.TypeFor[scaleYAML]())}
	case reflect.TypeFor[number]():
		return object{"type": "number"}
	case reflect.TypeFor[threshold]():
		return object{"oneOf": []object{{"type": "number"}, name}}
	case reflect.TypeFor[someNames]():
		return object{"oneOf": []object{name, {"type": "array", "minItems": 1, "items": name}}}
	case reflect.TypeFor[namesOrNull]():
		return object{"oneOf": []object{{"type": "null"}, name, {"type": "array", "minItems": 1, "items": name}}}
	}
	if values := enums[t]; values != nil {
		return object{"type": "string", "enum": values}
	}
	switch t.Kind() {
	case reflect.Pointer:
		return s.of(t.Elem())
	case reflect.Slice:
		return object{"type": "array", "items": s.of(t.Elem())}
	case reflect.Map:
		return object{"type": "object", "propertyNames": object{"pattern": patterns[t.Key()]},
			"additionalProperties": s.of(t.Elem())}
	case reflect.Bool:
		return object{"type": "boolean"}
	case reflect.String:
		return object{"type": "string", "pattern": patterns[t]}
	}
	def := strings.TrimSuffix(t.Name(), "YAML")
	if _, ok := s.defs[def]; !ok {
		s.defs[def] = nil // a condition holds conditions
		s.defs[def] = s.structure(t)
	}
	return object{"$ref": "#/definitions/" + def}
}

func (s *schemas) structure(t reflect.Type) object {
	properties, needed := object{}, []string{}
	for _, f := range fieldsOf(t) {
		goName := t.Name() + "." + t.Field(f.index).Name
		p := s.of(t.Field(f.index).Type)
		for k, v := range ranges[goName] {
			p[k] = v
		}
		p["description"] = s.comments[goName]
		properties[f.key] = p
		if f.required {
			needed = append(needed, f.key)
		}
	}
	o := object{"type": "object", "properties": properties, "required": needed, "additionalProperties": false}
	if len(needed) == 0 {
		delete(o, "required")
	}
	for k, v := range rules[t.Name()] {
		o[k] = v
	}
	return o
}

// comments reads the fields' comments from format.go.
func comments(t *testing.T) map[string]string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "format.go", nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.TypeSpec)
		if !ok {
			return true
		}
		if st, ok := spec.Type.(*ast.StructType); ok {
			for _, f := range st.Fields.List {
				if len(f.Names) == 1 && f.Doc != nil {
					found[spec.Name.Name+"."+f.Names[0].Name] = strings.Join(strings.Fields(f.Doc.Text()), " ")
				}
			}
		}
		return true
	})
	return found
}

func generate(t *testing.T) []byte {
	t.Helper()
	s := &schemas{comments: comments(t), defs: object{}}
	s.defs["texts"] = object{
		"description":   "A text by language.",
		"type":          "object",
		"minProperties": 1,
		"propertyNames": object{"pattern": checklist.LangPattern},
		"additionalProperties": object{"type": "string", "minLength": 1, "maxLength": checklist.MaxDefinitionText,
			"pattern": `\S`},
	}
	s.defs["prose"] = object{
		"description":   "A longer text by language: CommonMark of paragraphs, lists, emphasis and links.",
		"type":          "object",
		"minProperties": 1,
		"propertyNames": object{"pattern": checklist.LangPattern},
		"additionalProperties": object{"type": "string", "minLength": 1, "maxLength": checklist.MaxProse,
			"pattern": `\S`},
	}
	root := s.structure(reflect.TypeFor[fileYAML]())
	root["$schema"] = "http://json-schema.org/draft-07/schema#" // what editors' YAML support knows best
	root["title"] = "Ortsspiegel checklist"
	root["description"] = "One version of a checklist. Generated by go generate ./pkg/catalog from the Go structs; " +
		"the linter checks what a schema cannot say."
	root["definitions"] = s.defs
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(root); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestSchema checks that the committed schema is what the structs say, every field described.
func TestSchema(t *testing.T) {
	want := generate(t)
	testkit.Golden(t, schemaFile, want)
	if bytes.Contains(want, []byte(`"description": ""`)) {
		t.Error("a field of the format has no comment to describe it")
	}
}

func compiled(t *testing.T) *jsonschema.Schema {
	t.Helper()
	raw, err := os.ReadFile(schemaFile)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("checklist.schema.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("checklist.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// instance reads a YAML file as an editor does: generically, through JSON.
func instance(t *testing.T, file string) any {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var v any
	if err := yaml.Load(raw, &v); err != nil {
		t.Fatal(err)
	}
	asJSON, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(asJSON))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func TestSchemaAcceptsGoodFiles(t *testing.T) {
	schema := compiled(t)
	files, err := filepath.Glob("../../checklists/*/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no checklists found: %v", err)
	}
	valid, err := filepath.Glob("testdata/valid/*.yaml")
	if err != nil || len(valid) == 0 {
		t.Fatalf("no valid fixtures found: %v", err)
	}
	for _, file := range append(files, valid...) {
		if err := schema.Validate(instance(t, file)); err != nil {
			t.Errorf("%s: %v", file, err)
		}
	}
}

// TestSchemaRefusesBadFiles names the rules that a schema can express.
func TestSchemaRefusesBadFiles(t *testing.T) {
	schema := compiled(t)
	for _, code := range []validate.Code{
		codeUnknownKey, codeMissingKey, codeWrongType, codeMeaningUnknown, codeScaleAndOptions,
		validate.CodeIDForm, validate.CodeNameForm, validate.CodeVersionForm, validate.CodeKindUnknown,
		validate.CodeTypeUnknown,
		validate.CodeLanguageForm, validate.CodeLanguagesEmpty, validate.CodeLanguageDuplicate,
		validate.CodeTextLong, validate.CodeTextEmpty, validate.CodePointsRange, validate.CodeLevelRange,
		validate.CodeSectionWeight, validate.CodeQuestionWeight, validate.CodeSectionsEmpty,
		validate.CodeQuestionsEmpty, validate.CodeSectionsMany,
		validate.CodeOptionsMisplaced, validate.CodeNumberMisplaced, validate.CodeStepPositive, validate.CodeTargetsFew,
		validate.CodeKnockoutBelow, validate.CodeWhenForm, validate.CodeWhenEmpty,
	} {
		if err := schema.Validate(instance(t, filepath.Join("testdata", "lint", string(code)+".yaml"))); err == nil {
			t.Errorf("%s.yaml is valid for the schema", code)
		}
	}
}
