package wording

import (
	"slices"

	"ortsspiegel/pkg/bench"
	"ortsspiegel/pkg/checklist"
)

// Dot stands for a suppressed figure, with a footnote that says why; Dash for one that is undefined.
const (
	Dot  = "•"
	Dash = "–"
)

// missing is why a figure is suppressed, by where it is said.
type missing struct {
	short   Phrase // in a cell beside the figure
	because Phrase // in a sentence: "not shown, because …"
	note    Phrase // below a page's table
	drawn   Phrase // below a picture
}

var reasons = map[bench.Reason]missing{
	bench.TooFew: {
		short:   Phrase{"zu wenige Kommunen", "too few towns"},
		because: Phrase{"zu wenige Kommunen eingereicht haben", "too few towns have submitted"},
		note:    Phrase{"nicht gezeigt: zu wenige Kommunen", "not shown: too few towns"},
		drawn: Phrase{"nicht veröffentlicht: zu wenige Angaben, einzelne Kommunen wären erkennbar",
			"not published: too few answers, single towns could be recognised"},
	},
	bench.Complement: {
		short:   Phrase{"ließe sich aus anderen Zahlen errechnen", "could be computed from other figures"},
		because: Phrase{"sich Zahlen aus anderen errechnen ließen", "figures could be computed from others"},
		note: Phrase{"nicht gezeigt: ließe sich sonst aus anderen Zahlen ausrechnen",
			"not shown: could otherwise be computed from other figures"},
		drawn: Phrase{"nicht veröffentlicht: der Wert einzelner Kommunen ließe sich aus anderen Zahlen errechnen",
			"not published: the figure of single towns could be computed from other figures"},
	},
	bench.Extremes: {
		short: Phrase{"kleinster und größter Wert zeigen einzelne Kommunen",
			"the lowest and highest value show single towns"},
		because: Phrase{"kleinster und größter Wert einzelne Kommunen zeigen",
			"the lowest and highest value show single towns"},
		note: Phrase{"nicht gezeigt: wäre der Wert einer einzelnen Kommune",
			"not shown: would be a single town's value"},
		drawn: Phrase{"nicht veröffentlicht: kleinster und größter Wert gehören einzelnen Kommunen",
			"not published: the lowest and the highest figure belong to single towns"},
	},
	bench.Distribution: {
		short:   Phrase{"ließe auf einzelne Antworten schließen", "would hint at single answers"},
		because: Phrase{"Zahlen auf einzelne Antworten schließen ließen", "figures would hint at single answers"},
		note: Phrase{"nicht gezeigt: ließe auf einzelne Antworten schließen",
			"not shown: would hint at single answers"},
		drawn: Phrase{"nicht veröffentlicht: ließe auf einzelne Antworten schließen",
			"not published: would hint at single answers"},
	},
}

// Suppressed says in a few words why a figure is missing; empty for a reason that is none.
func Suppressed(lang checklist.Lang, reason bench.Reason) string {
	return reasons[reason].short.In(lang)
}

// Because says why a figure is missing as the end of a sentence; empty for a reason that is none.
func Because(lang checklist.Lang, reason bench.Reason) string {
	return reasons[reason].because.In(lang)
}

// NotShown says as a note of a page that a figure is missing, and why if there is a reason.
func NotShown(lang checklist.Lang, reason bench.Reason) string {
	if m, ok := reasons[reason]; ok {
		return m.note.In(lang)
	}
	return Phrase{"kein Wert veröffentlicht", "no figure published"}.In(lang)
}

// NotDrawn says as a note of a picture that a figure is missing, and why if there is a reason.
func NotDrawn(lang checklist.Lang, reason bench.Reason) string {
	if m, ok := reasons[reason]; ok {
		return m.drawn.In(lang)
	}
	return Phrase{"nicht veröffentlicht", "not published"}.In(lang)
}

// Footnotes numbers the reasons why figures are missing, in the order of their appearance. The zero
// value has none.
type Footnotes struct{ order []bench.Reason }

var raised = []rune("¹²³⁴⁵⁶⁷⁸⁹") // more than there are reasons

// Mark returns the dot of a suppressed figure with the number of its footnote.
func (f *Footnotes) Mark(reason bench.Reason) string {
	i := slices.Index(f.order, reason)
	if i < 0 {
		i = len(f.order)
		f.order = append(f.order, reason)
	}
	return Dot + string(raised[i])
}

// Lines lists the footnotes; say is NotShown or NotDrawn.
func (f *Footnotes) Lines(lang checklist.Lang, say func(checklist.Lang, bench.Reason) string) []string {
	var list []string
	for i, reason := range f.order {
		list = append(list, Dot+string(raised[i])+" "+say(lang, reason))
	}
	return list
}
