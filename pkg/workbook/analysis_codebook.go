package workbook

import (
	"github.com/shopspring/decimal"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/internal/prose"
	"ortsspiegel/pkg/wording"
)

// codebook says what each id means: a row per question, then one per option.
func (a *analysis) codebook() {
	b := a.b
	if b.err != nil {
		return
	}
	titles := []string{}
	for _, p := range []phrase{{"frage_id", "question_id"}, {"moeglichkeit_id", "option_id"}, {"nr", "number"}, {"abschnitt_id", "section_id"}, {"abschnitt", "section"},
		{"abschnitt_gewicht", "section_weight"}, {"bezeichnung", "label"}, {"typ", "type"}, {"gewicht", "weight"}, {"punkte", "points"}, {"einheit", "unit"}, {"kleinster_wert", "minimum"}, {"groesster_wert", "maximum"},
		{"erlaeuterung", "help"}, {"nachweise", "evidence"}, {"quelle", "source"}, {"quelle_adresse", "source_address"}} {
		titles = append(titles, b.say(p))
	}
	out := b.sheet(b.say(sheetCodebook), 26, 22, 7, 16, 28, 12, 60, 9, 9, 9, 16, 12, 12, 60, 40, 30, 40).stream(2)
	b.keep(out.titles(b.styles.head, titles))
	st := &b.styles
	n := 0
	for i := range a.Definition.Sections {
		s := &a.Definition.Sections[i]
		for j := range s.Questions {
			q := &s.Questions[j]
			row := func(option checklist.OptionID, label string, points *float64) {
				out.begin()
				for _, t := range [...]string{string(q.ID), string(option), wording.QuestionNumber(i, j), string(s.ID), s.Title.In(a.Lang)} {
					out.text(st.single, t)
				}
				out.number(st.decimal, s.Weight)
				out.text(st.single, label)
				out.text(st.single, string(q.Type))
				out.number(st.decimal, q.Weight)
				out.figure(st.decimal, points)
				out.text(st.single, ternary(option == "", q.Unit.In(a.Lang), ""))
				for _, limit := range []*float64{floatOf(q.Min), floatOf(q.Max)} {
					out.figure(st.decimal, ternary(option == "", limit, nil))
				}
				for _, t := range [...]string{prose.Plain(q.Help.In(a.Lang)), prose.Plain(q.Evidence.In(a.Lang)), sourceTitle(q.Source, a.Lang), sourceAddress(q.Source)} {
					out.text(st.single, ternary(option == "", t, ""))
				}
				b.keep(out.end())
			}
			row("", a.describer.questions[n].text, nil)
			for _, o := range q.Options {
				row(o.ID, o.Label.In(a.Lang), o.Points)
			}
			n++
		}
	}
	b.keep(out.closeTable(b.say(sheetCodebook), titles))
}

func sourceTitle(s *checklist.Source, lang checklist.Lang) string {
	if s == nil {
		return ""
	}
	return s.Title.In(lang)
}

func sourceAddress(s *checklist.Source) string {
	if s == nil {
		return ""
	}
	return s.URL
}

func floatOf(x *decimal.Decimal) *float64 {
	if x == nil {
		return nil
	}
	f := x.InexactFloat64()
	return &f
}
