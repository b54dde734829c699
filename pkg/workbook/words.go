package workbook

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/score"
	"ortsspiegel/pkg/wording"
)

// phrase is a text of the workbook's own in both languages; {0}, {1} stand for arguments.
type phrase struct{ de, en string }

func (p phrase) in(lang checklist.Lang, args ...string) string {
	s := p.en
	if wording.German(lang) {
		s = p.de
	}
	for i, a := range args {
		s = strings.ReplaceAll(s, "{"+string(rune('0'+i))+"}", a)
	}
	return s
}

// The sheets' names. They must not have characters that need quoting inside quotes.
var (
	sheetCover    = phrase{"Deckblatt", "Cover"}
	sheetResult   = phrase{"Ergebnis", "Result"}
	sheetAnswers  = phrase{"Antworten", "Answers"}
	sheetCompare  = phrase{"Vergleich", "Comparison"}
	sheetTrend    = phrase{"Entwicklung", "Trend"}
	sheetMeasures = phrase{"Maßnahmen", "Measures"}
	sheetNotes    = phrase{"Hinweise", "Notes"}
	sheetSteps    = phrase{"Berechnung", "Calculation"}
	sheetLists    = phrase{"Listen", "Lists"}
	sheetOverview = phrase{"Übersicht", "Overview"}
	sheetMatrix   = phrase{"Matrix", "Matrix"}
	sheetCharts   = phrase{"Diagramme", "Charts"}
	sheetAsked    = phrase{"Fragen", "Questions"}
	sheetSpread   = phrase{"Verteilung", "Distribution"}
	sheetRaw      = phrase{"Rohdaten", "Raw data"}
)

// Words of the cells that formulas compare with.
var (
	wordNA  = phrase{"trifft nicht zu", "not applicable"}
	wordYes = phrase{"ja", "yes"}
	wordNo  = phrase{"nein", "no"}
)

// statePhrases are the names of score.State, in its order, and of an answer the program would refuse.
var statePhrases = [...]phrase{
	score.Open:          {"offen", "open"},
	score.Answered:      {"beantwortet", "answered"},
	score.NotApplicable: wordNA,
	score.Inactive:      {"nicht gefragt", "not asked"},
	stateRefused:        {"bitte prüfen", "please check"},
}

// stateRefused is the state of a cell that holds what the program would not take: it counts as open.
const stateRefused = score.Inactive + 1

// capital begins a text with a capital letter: heads of columns do.
func capital(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[n:]
}

var statusPhrases = map[string]phrase{
	"draft":     {"in Bearbeitung", "in progress"},
	"submitted": {"eingereicht", "submitted"},
	"none":      {"nicht begonnen", "not begun"},
}

var (
	wordTown         = phrase{"Kommune", "Town"}
	wordAGS          = phrase{"Gemeindeschlüssel (AGS)", "Official key (AGS)"}
	wordKey          = phrase{"AGS", "AGS"}
	wordDistrict     = phrase{"Kreis", "District"}
	wordPopulation   = phrase{"Einwohnerzahl", "Population"}
	wordRound        = phrase{"Runde", "Round"}
	wordRegion       = phrase{"Region", "Region"}
	wordChecklist    = phrase{"Checkliste", "Checklist"}
	wordStatus       = phrase{"Stand", "Status"}
	wordSubmitted    = phrase{"Eingereicht am", "Submitted on"}
	wordAsOf         = phrase{"Erstellt am", "Made on"}
	wordTotal        = phrase{"Punktzahl gesamt", "Total score"}
	wordLevel        = phrase{"Stufe", "Level"}
	wordContents     = phrase{"Inhalt", "Contents"}
	wordSection      = phrase{"Abschnitt", "Section"}
	wordQuestion     = phrase{"Frage", "Question"}
	wordNumber       = phrase{"Nr.", "No."}
	wordOption       = phrase{"Auswahl / Einheit", "Option / unit"}
	wordAnswer       = phrase{"Antwort", "Answer"}
	wordState        = phrase{"Stand", "Status"}
	wordPoints       = phrase{"Punkte (0–100)", "Points (0–100)"}
	wordWeight       = phrase{"Gewicht", "Weight"}
	wordGainHead     = phrase{"Möglicher Zuwachs (Prozent-\npunkte)", "Possible gain (percentage points)"} // over a narrow column
	wordReason       = phrase{"Begründung", "Reason"}
	wordComment      = phrase{"Kommentar", "Comment"}
	wordEvidence     = phrase{"Nachweise", "Evidence"}
	wordChanged      = phrase{"Geändert am", "Changed on"}
	wordID           = phrase{"Kennung", "Id"}
	wordPage         = phrase{"Seite &P von &N", "Page &P of &N"}
	wordOwn          = phrase{"Eigener Wert", "Own value"}
	wordMedian       = phrase{"Median", "Median"}
	wordLowerQuarter = phrase{"Unteres Viertel bis", "Lower quarter up to"}
	wordUpperQuarter = phrase{"Oberes Viertel ab", "Upper quarter from"}
	wordSource       = phrase{"Quelle", "Source"}
	wordVersion      = phrase{"Version", "Version"}
	wordChange       = phrase{"Veränderung (Prozentpunkte)", "Change (percentage points)"}
	wordNewAnswers   = phrase{"davon neue Antworten", "of this new answers"}
	wordNewRules     = phrase{"davon geänderte Checkliste", "of this the changed checklist"}
	wordCommon       = phrase{"Gemeinsame Fragen", "Common questions"}
	wordOldAnswers   = phrase{"Frühere Antworten, neu bewertet", "Earlier answers, scored anew"}
	wordLaterAnswer  = phrase{"Neue Antworten", "New answers"}
)
