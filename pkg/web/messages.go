package web

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

	"ortsspiegel/pkg/fault"
)

// languages are those of the interface; the first is the language of origin and stands in for a missing text.
var languages = []string{"de", "en"}

// languageMatcher finds the best language for an Accept-Language header.
var languageMatcher = language.NewMatcher([]language.Tag{language.German, language.English})

// messages are the interface's texts in one language. Safe for concurrent use.
type messages struct {
	lang      string
	localizer *i18n.Localizer
	plain     map[string]string // texts without values, looked up without a template run
}

// loadMessages reads locales/<feature>.<lang>.json, of each feature in its folder: a text, or its plural forms, per id.
func loadMessages(files fs.FS) (map[string]*messages, error) {
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
	all := map[string]*messages{}
	for _, lang := range languages {
		all[lang] = &messages{lang: lang, localizer: i18n.NewLocalizer(bundle, lang), plain: plain[lang]}
	}
	return all, nil
}

// text returns the text of an id. args are pairs of a name and a value for its placeholders; the value named Count decides
// the plural form. An unknown id comes back as itself: a test finds those, a visitor must not get an error page for one.
func (m *messages) text(id string, args ...any) string {
	if len(args) == 0 {
		if s := m.plain[id]; s != "" {
			return s
		}
	}
	values := make(map[string]any, len(args)/2)
	for i := 0; i+1 < len(args); i += 2 {
		values[fmt.Sprint(args[i])] = args[i+1]
	}
	return m.with(id, values)
}

func (m *messages) with(id string, values map[string]any) string {
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

// written are values as the language writes them: decimal numbers with its mark, what is counted in groups of three digits. Other whole
// numbers are years, rows and the like.
func (m *messages) written(values map[string]any) map[string]any {
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
			out[key] = m.words().Number(n)
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
		out[key] = m.words().Marked(text)
	}
	if out == nil {
		return values
	}
	return out
}

// has reports whether an id has a text in this language.
func (m *messages) has(id string) bool {
	_, ok := m.plain[id]
	return ok
}

// fault returns what a person is told about an error: the translated text of its code, else of its kind.
func (m *messages) fault(e *fault.Error) string {
	if id := "fault." + e.Code; e.Code != "" && m.has(id) {
		return m.with(id, e.Args)
	}
	return m.text("error." + strings.ReplaceAll(e.Kind.String(), " ", "_"))
}

// field returns what a person is told about one wrong field.
func (m *messages) field(f fault.Field) string {
	if id := "fault." + f.Code; f.Code != "" && m.has(id) {
		return m.with(id, f.Args)
	}
	return m.text("form.invalid")
}

// ids lists all texts of this language, sorted.
func (m *messages) ids() []string {
	list := make([]string, 0, len(m.plain))
	for id := range m.plain {
		list = append(list, id)
	}
	sort.Strings(list)
	return list
}
