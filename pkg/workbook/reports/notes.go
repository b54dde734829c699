package reports

import (
	"time"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/wording"
	"ortsspiegel/pkg/workbook/book"
)

// note is a line of the notes.
type note struct {
	name wording.Phrase
	text string
}

func writeNotes(s *book.Sheet, notes []note) {
	st := s.B.Styles
	s.AddHigh(26, book.Value(st.Title, s.B.Say(book.SheetNotes)))
	s.Skip(1)
	for _, n := range notes {
		if n.text != "" {
			s.Add(book.Value(st.Bold, s.B.Say(n.name)), book.Value(st.Text, n.text))
		}
	}
}

// origin says where figures come from and when they were read.
func origin(lang checklist.Lang, program string, asOf time.Time, r region.Region, d *checklist.Definition) []note {
	agency := r.Agency
	if agency == "" {
		agency = r.Name
	}
	notes := []note{
		{book.WordSource, wording.Phrase{"Selbsteinschätzungen der Kommunen; Runde und Auswertung: {0}",
			"Self-assessments of the towns; round and analysis: {0}"}.In(lang, agency)},
		{wording.Phrase{"Angaben zu den Kommunen", "Facts about towns"}, r.Source},
		{book.WordAsOf, wording.Cell(lang).ShortTime(asOf) +
			wording.Phrase{" Uhr (Ortszeit Berlin)", " (Berlin time)"}.In(lang)},
		{book.WordChecklist, d.Title.In(lang) + ", " + d.Ref().String()},
		{wording.Phrase{"Prüfsumme (SHA-256) der Checkliste", "Checksum (SHA-256) of the checklist"}, d.Hash},
		{wording.Phrase{"Programm", "Program"}, program},
	}
	if source := d.Source.In(lang); source != "" {
		notes = append(notes, note{wording.Phrase{"Quelle der Checkliste", "Source of the checklist"}, source})
	}
	return notes
}

// method says how scores come about.
func method(lang checklist.Lang) []note {
	return []note{
		{wording.Phrase{"Punkte", "Points"}, wording.Phrase{
			"Eine Auswahl bringt die Punkte der gewählten Möglichkeit, eine Mehrfachauswahl deren Summe (höchstens " +
				"100), eine Zahl wird zwischen den Zielwerten linear umgerechnet. Texte und Daten bringen keine " +
				"Punkte.",
			"A choice earns the points of the chosen option, several options earn their sum (at most 100), a number " +
				"is interpolated linearly between the targets. Texts and dates earn no points."}.In(lang)},
		{wording.Phrase{"Punktzahl", "Score"}, wording.Phrase{
			"Abschnitt: mit den Gewichten der Fragen gemittelte Punkte. Punktzahl gesamt: mit den Gewichten der " +
				"Abschnitte gemittelte Punktzahlen der Abschnitte. Offene Fragen zählen 0; „trifft nicht zu“ und " +
				"nicht gefragte Fragen zählen nicht mit.",
			"Section: points averaged by the questions' weights. Total: section scores averaged by the sections' " +
				"weights. Open questions count 0; “not applicable” and questions that are not asked are left out."}.In(
			lang)},
		{book.WordLevel, wording.Phrase{
			"Die Stufe folgt aus der Punktzahl gesamt. Eine nicht erfüllte Mindestanforderung begrenzt sie nach " +
				"oben, ohne die Punktzahl selbst zu ändern.",
			"The level follows from the total. A minimum requirement that is not met limits it, without changing the " +
				"score itself."}.In(lang)},
		{wording.Phrase{"Anzeige", "Display"}, wording.Phrase{
			"Prozentwerte haben eine Nachkommastelle und sind abgeschnitten, nicht gerundet: 100 % heißt immer " +
				"vollständig, und kein angezeigter Wert widerspricht einer Schwelle.",
			"Percentages have one decimal and are cut, not rounded: 100 % always means complete, and no shown value " +
				"contradicts a threshold."}.In(lang)},
		{wording.Phrase{"Viertel", "Quarters"}, wording.Phrase{
			"Die Grenzen der Viertel sind Quartile: lineare Interpolation an der Stelle h = (n − 1) · q, wie " +
				"QUARTILE.INKL in Excel.",
			"The limits of the quarters are quartiles: linear interpolation at h = (n − 1) · q, like QUARTILE.INC in " +
				"Excel."}.In(lang)},
	}
}

// disclosure says why figures are missing in what towns see.
func disclosureNotes(lang checklist.Lang) []note {
	return []note{{wording.Phrase{"Fußnote „.“", "Footnote “.”"}, wording.Phrase{
		"Ein Punkt steht für eine nicht veröffentlichte Zahl: weil zu wenige Kommunen dahinterstehen, weil sie sich " +
			"mit anderen Zahlen errechnen ließe oder weil sie einzelne Antworten zeigte. Er ist weder eine Null noch " +
			"eine fehlende Antwort. Kleinster und größter Wert werden nie veröffentlicht, Anteile in ganzen Prozent; " +
			"bei einzelnen Fragen steht für n ein Bereich.",
		"A dot stands for a figure that is not published: too few towns stand behind it, it could be computed from " +
			"other figures, or it would show single answers. It is neither zero nor a missing answer. The lowest and " +
			"highest value are never published, shares are whole per cent; for single questions n is a band."}.In(
		lang)}}
}
