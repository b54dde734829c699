package workbook

import (
	"time"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/wording"
)

// note is a line of the notes.
type note struct {
	name phrase
	text string
}

func (s *sheet) writeNotes(notes []note) {
	st := s.b.styles
	s.addHigh(26, value(st.title, s.b.say(sheetNotes)))
	s.skip(1)
	for _, n := range notes {
		if n.text != "" {
			s.add(value(st.bold, s.b.say(n.name)), value(st.text, n.text))
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
		{wordSource, phrase{"Selbsteinschätzungen der Kommunen; Runde und Auswertung: {0}", "Self-assessments of the towns; round and analysis: {0}"}.in(lang, agency)},
		{phrase{"Angaben zu den Kommunen", "Facts about towns"}, r.Source},
		{wordAsOf, wording.Cell(lang).ShortTime(asOf) + phrase{" Uhr (Ortszeit Berlin)", " (Berlin time)"}.in(lang)},
		{wordChecklist, d.Title.In(lang) + ", " + d.Ref().String()},
		{phrase{"Prüfsumme (SHA-256) der Checkliste", "Checksum (SHA-256) of the checklist"}, d.Hash},
		{phrase{"Programm", "Program"}, program},
	}
	if source := d.Source.In(lang); source != "" {
		notes = append(notes, note{phrase{"Quelle der Checkliste", "Source of the checklist"}, source})
	}
	return notes
}

// method says how scores come about.
func method(lang checklist.Lang) []note {
	return []note{
		{phrase{"Punkte", "Points"}, phrase{
			"Eine Auswahl bringt die Punkte der gewählten Möglichkeit, eine Mehrfachauswahl deren Summe (höchstens 100), eine Zahl wird zwischen den Zielwerten linear umgerechnet. Texte und Daten bringen keine Punkte.",
			"A choice earns the points of the chosen option, several options earn their sum (at most 100), a number is interpolated linearly between the targets. Texts and dates earn no points."}.in(lang)},
		{phrase{"Punktzahl", "Score"}, phrase{
			"Abschnitt: mit den Gewichten der Fragen gemittelte Punkte. Punktzahl gesamt: mit den Gewichten der Abschnitte gemittelte Punktzahlen der Abschnitte. Offene Fragen zählen 0; „trifft nicht zu“ und nicht gefragte Fragen zählen nicht mit.",
			"Section: points averaged by the questions' weights. Total: section scores averaged by the sections' weights. Open questions count 0; “not applicable” and questions that are not asked are left out."}.in(lang)},
		{wordLevel, phrase{
			"Die Stufe folgt aus der Punktzahl gesamt. Eine nicht erfüllte Mindestanforderung begrenzt sie nach oben, ohne die Punktzahl selbst zu ändern.",
			"The level follows from the total. A minimum requirement that is not met limits it, without changing the score itself."}.in(lang)},
		{phrase{"Anzeige", "Display"}, phrase{
			"Prozentwerte haben eine Nachkommastelle und sind abgeschnitten, nicht gerundet: 100 % heißt immer vollständig, und kein angezeigter Wert widerspricht einer Schwelle.",
			"Percentages have one decimal and are cut, not rounded: 100 % always means complete, and no shown value contradicts a threshold."}.in(lang)},
		{phrase{"Viertel", "Quarters"}, phrase{
			"Die Grenzen der Viertel sind Quartile: lineare Interpolation an der Stelle h = (n − 1) · q, wie QUARTILE.INKL in Excel.",
			"The limits of the quarters are quartiles: linear interpolation at h = (n − 1) · q, like QUARTILE.INC in Excel."}.in(lang)},
	}
}

// disclosure says why figures are missing in what towns see.
func disclosureNotes(lang checklist.Lang) []note {
	return []note{{phrase{"Fußnote „.“", "Footnote “.”"}, phrase{
		"Ein Punkt steht für eine nicht veröffentlichte Zahl: weil zu wenige Kommunen dahinterstehen, weil sie sich mit anderen Zahlen errechnen ließe oder weil sie einzelne Antworten zeigte. Er ist weder eine Null noch eine fehlende Antwort. Kleinster und größter Wert werden nie veröffentlicht, Anteile in ganzen Prozent; bei einzelnen Fragen steht für n ein Bereich.",
		"A dot stands for a figure that is not published: too few towns stand behind it, it could be computed from other figures, or it would show single answers. It is neither zero nor a missing answer. The lowest and highest value are never published, shares are whole per cent; for single questions n is a band."}.in(lang)}}
}

func (p *plan) writeNotes(s *sheet) {
	d, lang := p.View.Definition, p.Lang
	notes := origin(lang, p.Program, p.AsOf, p.Region, d)
	n := phrase{"Noch keine Veröffentlichung zu dieser Runde.", "Nothing has been published for this round yet."}.in(lang)
	if p.Release != nil {
		n = phrase{"Veröffentlichung {0} vom {1}", "Release {0} of {1}"}.in(lang, itoa(p.Release.Number), wording.Cell(lang).ShortTime(p.Release.At))
		if g, ok := p.Release.Report.Group(region.All); ok {
			n += phrase{"; Kommunen (n): {0}", "; towns (n): {0}"}.in(lang, itoa(g.N))
		}
	}
	notes = append(notes, note{phrase{"Vergleich", "Comparison"}, n})
	notes = append(notes, method(lang)...)
	notes = append(notes, disclosureNotes(lang)...)
	notes = append(notes, note{phrase{"Rechenweg", "Calculation"}, phrase{
		"Die Zahlen im Blatt „Ergebnis“ sind Formeln über dem Blatt „Antworten“. Die Zwischenschritte stehen in den ausgeblendeten Blättern „Berechnung“ und „Listen“ (Rechtsklick auf ein Blattregister, Einblenden). „Bitte prüfen“ heißt: Diese Eingabe nähme das Programm nicht an, sie zählt wie offen.",
		"The figures of the sheet “Result” are formulas over the sheet “Answers”. The steps between stand in the hidden sheets “Calculation” and “Lists” (right-click on a sheet tab, Unhide). “Please check” means: the program would not take this entry, it counts as open."}.in(lang)})
	s.writeNotes(notes)
}
