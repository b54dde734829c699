package score

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"sort"
	"strings"

	"github.com/shopspring/decimal"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/internal/plaintext"
)

// MaxAnswersJSON bounds what ReadAnswers accepts, in bytes.
const MaxAnswersJSON = 16 << 20

// ReadAnswers reads one {"answers": {...}} document and checks every answer against the
// checklist. The error is Invalid and names every wrong question; unknown keys are errors.
func ReadAnswers(d *checklist.Definition, data []byte) (Answers, error) {
	var doc struct {
		Answers json.RawMessage `json:"answers"`
	}
	if err := Strict(data, &doc); err != nil {
		return nil, err
	}
	if doc.Answers == nil || string(doc.Answers) == "null" {
		return nil, fault.New(fault.Invalid, "json",
			`the key "answers" is missing: {"answers": {"question": {"value": ...}}} is expected`)
	}
	return DecodeAnswers(d, doc.Answers)
}

// DecodeAnswers reads the object behind "answers": {"q": {"value": ...} or {"not_applicable": "reason"}}.
func DecodeAnswers(d *checklist.Definition, data []byte) (Answers, error) {
	var raw map[checklist.QuestionID]json.RawMessage
	if err := Strict(data, &raw); err != nil {
		return nil, err
	}
	ids := make([]checklist.QuestionID, 0, len(raw))
	for id := range raw {
		ids = append(ids, id)
	}
	sort.Slice(ids, func(i, j int) bool { return ids[i] < ids[j] })
	answers := make(Answers, len(raw))
	var wrong []fault.Field
	for _, id := range ids {
		q, _, ok := d.Question(id)
		if !ok {
			wrong = append(wrong, fault.Field{Name: string(id), Code: "question_unknown",
				Message: fmt.Sprintf("the checklist %s has no question %q", d.Ref(), id)})
			continue
		}
		a, err := decodeAnswer(q, raw[id])
		if f := fault.As(err); f != nil {
			if len(f.Fields) == 0 {
				f = &fault.Error{Fields: []fault.Field{{Name: string(id), Code: f.Code, Message: f.Message}}}
			}
			wrong = append(wrong, f.Fields...)
			continue
		}
		answers[id] = a
	}
	return answers, fault.Fields(wrong)
}

func decodeAnswer(q *checklist.Question, data []byte) (checklist.Answer, error) {
	var in struct {
		Value         json.RawMessage `json:"value"`
		NotApplicable *string         `json:"not_applicable"`
	}
	if err := Strict(data, &in); err != nil {
		return checklist.Answer{}, err
	}
	switch {
	case in.NotApplicable != nil && in.Value != nil:
		return checklist.Answer{}, fault.New(fault.Invalid, "json",
			`either "value" or "not_applicable" is expected, not both`)
	case in.NotApplicable != nil:
		return q.NotApplicableAnswer(*in.NotApplicable)
	case in.Value == nil:
		return checklist.Answer{}, fault.New(fault.Invalid, "json",
			`"value" or "not_applicable" is expected; an open question is left out`)
	}
	values, err := valuesOf(q, in.Value)
	if err != nil {
		return checklist.Answer{}, err
	}
	return q.Parse(values)
}

// maxDigits bounds a number's text: reading it takes time that grows with the square of its length.
const maxDigits = 100

// valuesOf reads a JSON value of the type the question asks for.
func valuesOf(q *checklist.Question, data json.RawMessage) ([]string, error) {
	var v any
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	if err := dec.Decode(&v); err != nil {
		return nil, fault.New(fault.Invalid, "json", "the value is not valid JSON").Because(err)
	}
	switch v := v.(type) {
	case string:
		if !q.Type.Many() && !q.Type.Numeric() {
			return []string{v}, nil
		}
	case json.Number:
		if q.Type.Numeric() {
			if len(v) > maxDigits {
				return nil, fault.New(fault.Invalid, "number", "a number of %d characters is out of range", len(v))
			}
			n, err := decimal.NewFromString(v.String())
			if err != nil || n.Exponent() < -30 || n.Exponent() > 30 {
				return nil, fault.New(fault.Invalid, "number", "%.40s is not a number in range", v.String())
			}
			// a whole number keeps no point, so that 1500.000 is not taken for a German grouping
			return []string{strings.Replace(n.String(), ".", ",", 1)}, nil
		}
	case []any:
		if q.Type.Many() {
			return stringsOf(v)
		}
	}
	return nil, fault.New(fault.Invalid, "value_type", "the value has the wrong type: %s is expected", q.Type.Asked())
}

func stringsOf(list []any) ([]string, error) {
	out := make([]string, 0, len(list))
	seen := map[string]bool{}
	for _, e := range list {
		s, ok := e.(string)
		if !ok {
			return nil, fault.New(fault.Invalid, "value_type",
				"the value has the wrong type: a list of option ids is expected")
		}
		if seen[s] {
			return nil, fault.New(fault.Invalid, "option_twice", "the option %q stands twice", s)
		}
		seen[s] = true
		out = append(out, s)
	}
	return out, nil
}

// Strict decodes exactly one JSON value; unknown and repeated keys of the outer object are
// errors that name the key.
func Strict(data []byte, into any) error {
	if len(data) > MaxAnswersJSON {
		return fault.New(fault.TooLarge, "json_large", "the input is larger than 16 MiB")
	}
	data = plaintext.WithoutMark(data)
	if err := repeatedKey(data); err != nil {
		return err
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(into); err != nil {
		return fault.New(fault.Invalid, "json", "%s", jsonMessage(err)).Because(err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return fault.New(fault.Invalid, "json", "there is more after the end of the JSON value")
	}
	return nil
}

func jsonMessage(err error) string {
	var syntax *json.SyntaxError
	var typ *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		return fmt.Sprintf("not valid JSON at byte %d: %s", syntax.Offset, syntax.Error())
	case errors.As(err, &typ) && typ.Field == "":
		return fmt.Sprintf("%s is expected, not %s", jsonKind(typ.Type), article(typ.Value))
	case errors.As(err, &typ):
		return fmt.Sprintf("the key %q has the wrong type: %s is expected, not %s", typ.Field, jsonKind(typ.Type),
			article(typ.Value))
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "the JSON ends too early"
	}
	return strings.TrimPrefix(err.Error(), "json: ")
}

// jsonKind is what a Go type is called in JSON.
func jsonKind(t reflect.Type) string {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch t.Kind() {
	case reflect.String:
		return "a text"
	case reflect.Bool:
		return "true or false"
	case reflect.Slice, reflect.Array:
		return "an array"
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64, reflect.Uint, reflect.Uint8,
		reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return "a whole number"
	case reflect.Float32, reflect.Float64:
		return "a number"
	}
	return "an object"
}

// article puts one before what encoding/json calls a value.
func article(value string) string {
	switch value {
	case "array", "object":
		return "an " + value
	case "bool":
		return "true or false"
	case "string":
		return "a text"
	}
	return "a " + value
}

// repeatedKey finds a key that stands twice in the outer object, of which encoding/json
// silently takes the last.
func repeatedKey(data []byte) error {
	dec := json.NewDecoder(bytes.NewReader(data))
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return nil
	}
	seen := map[string]bool{}
	for dec.More() {
		t, err := dec.Token()
		if err != nil {
			return nil
		}
		key, _ := t.(string)
		if seen[key] {
			return fault.New(fault.Invalid, "json", "the key %q stands twice", key)
		}
		seen[key] = true
		var skip json.RawMessage
		if err := dec.Decode(&skip); err != nil {
			return nil
		}
	}
	return nil
}

type resultJSON struct {
	Checklist          checklist.ID       `json:"checklist"`
	Version            checklist.Version  `json:"version"`
	Score              *float64           `json:"score"`
	Low                *float64           `json:"low"`
	High               *float64           `json:"high"`
	Display            *string            `json:"display"`
	Completeness       float64            `json:"completeness"`
	NotApplicableShare float64            `json:"not_applicable_share"`
	Level              *checklist.LevelID `json:"level"`
	Provisional        bool               `json:"provisional"`
	Caps               []capJSON          `json:"caps"`
	Sections           []sectionJSON      `json:"sections"`
}

type capJSON struct {
	Question checklist.QuestionID `json:"question"`
	CapsAt   checklist.LevelID    `json:"caps_at"`
}

type sectionJSON struct {
	ID        checklist.SectionID `json:"id"`
	Weight    float64             `json:"weight"`
	Score     *float64            `json:"score"`
	Low       *float64            `json:"low"`
	High      *float64            `json:"high"`
	Questions []questionJSON      `json:"questions"`
}

type questionJSON struct {
	ID     checklist.QuestionID `json:"id"`
	State  string               `json:"state"`
	Weight float64              `json:"weight"`
	Points *float64             `json:"points"`
	Gain   *float64             `json:"gain"`
}

// MarshalJSON writes the result in the shape outside scripts rely on.
func (r *Result) MarshalJSON() ([]byte, error) {
	out := resultJSON{Checklist: r.Ref.ID, Version: r.Ref.Version, Score: r.Score, Low: r.Low, High: r.High,
		Completeness: r.Completeness, NotApplicableShare: r.NotApplicableShare, Provisional: r.Provisional,
		Caps: []capJSON{}, Sections: make([]sectionJSON, 0, len(r.Sections))}
	if r.Score != nil {
		display := Display(*r.Score, "de")
		out.Display = &display
	}
	if r.Level != "" {
		out.Level = &r.Level
	}
	for _, c := range r.Caps {
		out.Caps = append(out.Caps, capJSON(c))
	}
	for _, s := range r.Sections {
		sj := sectionJSON{ID: s.ID, Weight: s.Weight, Score: s.Score, Low: s.Low, High: s.High,
			Questions: make([]questionJSON, 0, len(s.Questions))}
		for _, q := range s.Questions {
			sj.Questions = append(sj.Questions, questionJSON{q.ID, q.State.String(), q.Weight, q.Points, q.Gain})
		}
		out.Sections = append(out.Sections, sj)
	}
	return json.Marshal(out)
}
