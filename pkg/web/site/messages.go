package site

import (
	"fmt"
	"io/fs"
	"maps"
	"sort"
	"strconv"
	"strings"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"github.com/shopspring/decimal"
	"golang.org/x/text/language"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/fault"
)

// Languages are those of the interface; the first is the language of origin and stands in for a missing text.
var Languages = []string{"de", "en"}

// languageMatcher finds the best language for an Accept-Language header.
var languageMatcher = language.NewMatcher([]language.Tag{language.German, language.English})

// Messages are the interface's texts in one language. Safe for concurrent use.
type Messages struct {
	Lang      string
	localizer *i18n.Localizer
	Plain     map[string]string // texts without values, looked up without a template run
}

// LoadMessages reads locales/<feature>.<lang>.json, of each feature in its folder: a text, or its plural forms, per id.
func LoadMessages(files fs.FS) (map[string]*Messages, error) {
	bundle := i18n.NewBundle(language.German)
	plain := map[string]map[string]string{}
	var names []string
	for _, pattern := range []string{"locales/*.json", "*/locales/*.json"} {
		found, err := fs.Glob(files, pattern)
		if err != nil {
			return nil, fmt.Errorf("web: list texts: %w", err)
		}
		names = append(names, found...)
	}
	for _, name := range names {
		file, err := bundle.LoadMessageFileFS(files, name)
		if err != nil {
			return nil, fmt.Errorf("web: read texts: %w", err)
		}
		lang := file.Tag.String()
		if plain[lang] == nil {
			plain[lang] = map[string]string{}
		}
		for _, m := range file.Messages {
			if _, twice := plain[lang][m.ID]; twice {
				return nil, fmt.Errorf("web: text %q stands twice in %s", m.ID, lang)
			}
			if m.One == "" && !strings.Contains(m.Other, "{{") {
				plain[lang][m.ID] = m.Other
			} else {
				plain[lang][m.ID] = "" // known, but needs its values
			}
		}
	}
	all := map[string]*Messages{}
	for _, lang := range Languages {
		all[lang] = &Messages{Lang: lang, localizer: i18n.NewLocalizer(bundle, lang), Plain: plain[lang]}
	}
	return all, nil
}

// Text returns the text of an id. args are pairs of a name and a value for its placeholders; the
// value named Count decides the plural form. An unknown id comes back as itself: a test finds
// those, a visitor must not get an error page for one.
func (m *Messages) Text(id string, args ...any) string {
	if len(args) == 0 {
		if s := m.Plain[id]; s != "" {
			return s
		}
	}
	values := make(map[string]any, len(args)/2)
	for i := 0; i+1 < len(args); i += 2 {
		values[fmt.Sprint(args[i])] = args[i+1]
	}
	return m.with(id, values)
}

func (m *Messages) with(id string, values map[string]any) string {
	config := &i18n.LocalizeConfig{MessageID: id, TemplateData: m.written(values)}
	if count, ok := values["Count"]; ok {
		config.PluralCount = count
	}
	s, err := m.localizer.Localize(config)
	if err != nil || s == "" {
		return id
	}
	return s
}

// written are values as the language writes them: decimal numbers with its mark, what is counted in
// groups of three digits. Other whole numbers are years, rows and the like.
func (m *Messages) written(values map[string]any) map[string]any {
	var out map[string]any
	for key, value := range values {
		var text string
		switch n := value.(type) {
		case int:
			if key != "Count" || n < 1000 {
				continue
			}
			if out == nil {
				out = maps.Clone(values)
			}
			out[key] = m.Words().Number(n)
			continue
		case decimal.Decimal:
			text = n.String()
		case float64:
			text = strconv.FormatFloat(n, 'f', -1, 64)
		default:
			continue
		}
		if out == nil {
			out = maps.Clone(values)
		}
		out[key] = m.Words().Marked(text)
	}
	if out == nil {
		return values
	}
	return out
}

// Has reports whether an id has a text in this language.
func (m *Messages) Has(id string) bool {
	_, ok := m.Plain[id]
	return ok
}

// Fault returns what a person is told about an error: the translated text of its code, else of its kind.
func (m *Messages) Fault(e *fault.Error) string {
	if id := "fault." + e.Code; e.Code != "" && m.Has(id) {
		return m.with(id, e.Args)
	}
	return m.Text("error." + strings.ReplaceAll(e.Kind.String(), " ", "_"))
}

// Field returns what a person is told about one wrong field.
func (m *Messages) Field(f fault.Field) string {
	if id := "fault." + f.Code; f.Code != "" && m.Has(id) {
		return m.with(id, f.Args)
	}
	return m.Text("form.invalid")
}

// Ids lists all texts of this language, sorted.
func (m *Messages) Ids() []string {
	list := make([]string, 0, len(m.Plain))
	for id := range m.Plain {
		list = append(list, id)
	}
	sort.Strings(list)
	return list
}

// LangOf returns the reader's language as checklists name it.
func LangOf(r *Request) checklist.Lang { return checklist.Lang(r.Text.Lang) }
