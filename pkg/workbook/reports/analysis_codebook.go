package reports

import (
	"github.com/shopspring/decimal"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/internal/prose"
	"ortsspiegel/pkg/wording"
	"ortsspiegel/pkg/workbook/book"
)

// codebook says what each id means: a row per question, then one per option.
func (a *analysis) codebook() {
	b := a.b
	if b.Err != nil {
		return
	}
	titles := []string{}
	for _, p := range []wording.Phrase{{"frage_id", "question_id"}, {"moeglichkeit_id", "option_id"}, {"nr", "number"},
		{"abschnitt_id", "section_id"}, {"abschnitt", "section"},
		{"abschnitt_gewicht", "section_weight"}, {"bezeichnung", "label"}, {"typ", "type"}, {"gewicht", "weight"},
		{"punkte", "points"}, {"einheit", "unit"}, {"kleinster_wert", "minimum"}, {"groesster_wert", "maximum"},
		{"erlaeuterung", "help"}, {"nachweise", "evidence"}, {"quelle", "source"},
		{"quelle_adresse", "source_address"}} {
		titles = append(titles, b.Say(p))
	}
	out := b.Sheet(b.Say(sheetCodebook), 26, 22, 9, 16, 36, 20, 60, 9, 10, 10, 16, 17, 17, 60, 40, 30, 40).Stream(2)
	b.Keep(out.Titles(b.Styles.Head, titles))
	st := &b.Styles
	n := 0
	for i := range a.Definition.Sections {
		s := &a.Definition.Sections[i]
		for j := range s.Questions {
			q := &s.Questions[j]
			row := func(option checklist.OptionID, label string, points *float64) {
				out.Begin()
				for _, t := range [...]string{string(q.ID), string(option), wording.QuestionNumber(i, j), string(s.ID),
					s.Title.In(a.Lang)} {
					out.Text(st.Single, t)
				}
				out.Number(st.Decimal, s.Weight)
				out.Text(st.Single, label)
				out.Text(st.Single, string(q.Type))
				out.Number(st.Decimal, q.Weight)
				out.Figure(st.Decimal, points)
				out.Text(st.Single, book.Ternary(option == "", q.Unit.In(a.Lang), ""))
				for _, limit := range []*float64{floatOf(q.Min), floatOf(q.Max)} {
					out.Figure(st.Decimal, book.Ternary(option == "", limit, nil))
				}
				for _, t := range [...]string{prose.Plain(q.Help.In(a.Lang)), prose.Plain(q.Evidence.In(a.Lang)),
					sourceTitle(q.Source, a.Lang), sourceAddress(q.Source)} {
					out.Text(st.Single, book.Ternary(option == "", t, ""))
				}
				b.Keep(out.End())
			}
			row("", a.describer.questions[n].text, nil)
			for _, o := range q.Options {
				row(o.ID, o.Label.In(a.Lang), o.Points)
			}
			n++
		}
	}
	b.Keep(out.CloseTable(b.Say(sheetCodebook), titles))
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
