package book

import (
	"fmt"
	"unicode"
	"unicode/utf8"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/score"
	"ortsspiegel/pkg/wording"
)

// The sheets' names. They must not have characters that need quoting inside quotes.
var (
	SheetCover    = wording.Phrase{"Deckblatt", "Cover"}
	SheetResult   = wording.Phrase{"Ergebnis", "Result"}
	SheetAnswers  = wording.Phrase{"Antworten", "Answers"}
	SheetCompare  = wording.Phrase{"Vergleich", "Comparison"}
	SheetTrend    = wording.Phrase{"Entwicklung", "Trend"}
	SheetMeasures = wording.Phrase{"Maßnahmen", "Measures"}
	SheetNotes    = wording.Phrase{"Hinweise", "Notes"}
	SheetSteps    = wording.Phrase{"Berechnung", "Calculation"}
	SheetLists    = wording.Phrase{"Listen", "Lists"}
	SheetOverview = wording.Phrase{"Übersicht", "Overview"}
	SheetMatrix   = wording.Phrase{"Matrix", "Matrix"}
	SheetCharts   = wording.Phrase{"Diagramme", "Charts"}
	SheetAsked    = wording.Phrase{"Fragen", "Questions"}
	SheetSpread   = wording.Phrase{"Verteilung", "Distribution"}
	SheetRaw      = wording.Phrase{"Rohdaten", "Raw data"}
)

// Words of the cells that formulas compare with.
var (
	WordNA  = wording.Phrase{"trifft nicht zu", "not applicable"}
	WordYes = wording.Phrase{"ja", "yes"}
	WordNo  = wording.Phrase{"nein", "no"}
)

// StatePhrases are the names of score.State, in its order, and of an answer the program would refuse.
var StatePhrases = [...]wording.Phrase{
	score.Open:          {"offen", "open"},
	score.Answered:      {"beantwortet", "answered"},
	score.NotApplicable: WordNA,
	score.Inactive:      {"nicht gefragt", "not asked"},
	StateRefused:        {"bitte prüfen", "please check"},
}

// StateRefused is the state of a cell that holds what the program would not take: it counts as open.
const StateRefused = score.Inactive + 1

// Capital begins a text with a capital letter: heads of columns do.
func Capital(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[n:]
}

var StatusPhrases = map[string]wording.Phrase{
	"draft":     {"in Bearbeitung", "in progress"},
	"submitted": {"eingereicht", "submitted"},
	"none":      {"nicht begonnen", "not begun"},
}

var (
	WordTown       = wording.Phrase{"Kommune", "Town"}
	WordAGS        = wording.Phrase{"Gemeindeschlüssel (AGS)", "Official key (AGS)"}
	WordKey        = wording.Phrase{"AGS", "AGS"}
	WordDistrict   = wording.Phrase{"Kreis", "District"}
	WordPopulation = wording.Phrase{"Einwohnerzahl", "Population"}
	WordRound      = wording.Phrase{"Runde", "Round"}
	WordRegion     = wording.Phrase{"Region", "Region"}
	WordChecklist  = wording.Phrase{"Checkliste", "Checklist"}
	WordStatus     = wording.Phrase{"Stand", "Status"}
	WordSubmitted  = wording.Phrase{"Eingereicht am", "Submitted on"}
	WordAsOf       = wording.Phrase{"Erstellt am", "Made on"}
	WordTotal      = wording.Phrase{"Punktzahl gesamt", "Total score"}
	WordLevel      = wording.Phrase{"Stufe", "Level"}
	WordContents   = wording.Phrase{"Inhalt", "Contents"}
	WordSection    = wording.Phrase{"Abschnitt", "Section"}
	WordQuestion   = wording.Phrase{"Frage", "Question"}
	WordNumber     = wording.Phrase{"Nr.", "No."}
	WordOption     = wording.Phrase{"Auswahl / Einheit", "Option / unit"}
	WordAnswer     = wording.Phrase{"Antwort", "Answer"}
	WordState      = wording.Phrase{"Stand", "Status"}
	WordPoints     = wording.Phrase{"Punkte (0–100)", "Points (0–100)"}
	WordWeight     = wording.Phrase{"Gewicht", "Weight"}
	// over a narrow column
	WordGainHead     = wording.Phrase{"Möglicher Zuwachs (Prozent-\npunkte)", "Possible gain (percentage points)"}
	WordReason       = wording.Phrase{"Begründung", "Reason"}
	WordComment      = wording.Phrase{"Kommentar", "Comment"}
	WordEvidence     = wording.Phrase{"Nachweise", "Evidence"}
	WordChanged      = wording.Phrase{"Geändert am", "Changed on"}
	WordID           = wording.Phrase{"Kennung", "Id"}
	wordPage         = wording.Phrase{"Seite &P von &N", "Page &P of &N"}
	WordOwn          = wording.Phrase{"Eigener Wert", "Own value"}
	WordMedian       = wording.Phrase{"Median", "Median"}
	WordLowerQuarter = wording.Phrase{"Unteres Viertel bis", "Lower quarter up to"}
	WordUpperQuarter = wording.Phrase{"Oberes Viertel ab", "Upper quarter from"}
	WordSource       = wording.Phrase{"Quelle", "Source"}
	WordVersion      = wording.Phrase{"Version", "Version"}
	WordChange       = wording.Phrase{"Veränderung (Prozentpunkte)", "Change (percentage points)"}
	WordNewAnswers   = wording.Phrase{"davon neue Antworten", "of this new answers"}
	WordNewRules     = wording.Phrase{"davon geänderte Checkliste", "of this the changed checklist"}
	WordCommon       = wording.Phrase{"Gemeinsame Fragen", "Common questions"}
	WordOldAnswers   = wording.Phrase{"Frühere Antworten, neu bewertet", "Earlier answers, scored anew"}
	WordLaterAnswer  = wording.Phrase{"Neue Antworten", "New answers"}
)

// Labels are the options' labels in a language, told apart by their ids where two are alike
// or one reads like "not applicable".
func Labels(q *checklist.Question, lang checklist.Lang) []string {
	count := map[string]int{WordNA.In(lang): 1}
	for _, o := range q.Options {
		count[Clean(o.Label.In(lang))]++
	}
	out := make([]string, len(q.Options))
	for i, o := range q.Options {
		out[i] = Clean(o.Label.In(lang))
		if count[out[i]] > 1 {
			out[i] = fmt.Sprintf("%s (%s)", out[i], o.ID)
		}
	}
	return out
}
