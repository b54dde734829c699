package demo

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/region"
)

// The sentences are about anything: what a checklist asks is only quoted. {town}, {section},
// {question}, {office}, {year} and {next} are filled in.
var (
	strengths = []string{
		"Läuft seit {year} ohne Unterbrechung. Die Zuständigkeit ist schriftlich geregelt, die Vertretung auch.",
		"Wir haben klein angefangen, mit einer Person und zwei Stunden in der Woche. Heute gehört es zum Alltag und " +
			"steht nicht mehr infrage.",
		"Entscheidend war, dass {office} von Anfang an dabei war. Die Vorlage geben wir gern weiter.",
		"Die Rückmeldungen sind gut. Im letzten Jahr gab es eine einzige Beschwerde, und die war berechtigt.",
		"Eine Nachbarkommune hat uns ihre Unterlagen überlassen. Das hat mindestens drei Monate Arbeit gespart.",
		"Kosten bisher: nur Arbeitszeit, ungefähr ein halber Tag im Monat.",
		"Jedes Jahr im Herbst gehen alle Beteiligten die Liste eine Stunde lang gemeinsam durch. Mehr Aufwand ist es " +
			"nicht.",
		"Beim Thema „{section}“ sind wir weiter, als wir gedacht hatten. Es war nur nirgends aufgeschrieben.",
		"Der Rat hat das {year} einstimmig beschlossen. Seitdem ist es kein Projekt mehr, sondern eine Aufgabe.",
	}
	failures = []string{
		"Ein erster Anlauf ist {year} gescheitert: Er hing an einer befristeten Stelle und endete mit ihr. Beim " +
			"nächsten Mal nur mit fester Zuständigkeit.",
		"Dafür gab es eine eigene App. Nach zwei Jahren hatten 140 Leute sie installiert, die Pflege kostete mehr, " +
			"als sie brachte. Heute steht alles auf der Website.",
		"Der Faltblattsatz war nach einem halben Jahr veraltet. Wir drucken keine Telefonnummern und Öffnungszeiten " +
			"mehr.",
		"Unsere Umfrage dazu hatte neun Rückläufe. Der Bogen war mit sechs Seiten zu lang, das würden wir heute " +
			"anders machen.",
		"Der Arbeitskreis hat sich nach drei Treffen aufgelöst, weil niemand für die Einladung zuständig war.",
		"Im Ehrenamt allein war das nicht zu leisten. Zwei Personen haben alles getragen, beide sind inzwischen " +
			"weggezogen.",
		"Wir hatten eine Software bestellt, bevor klar war, wer die Daten pflegt. Das würden wir nicht noch einmal " +
			"so machen.",
	}
	plans = []string{
		"Für {next} eingeplant. Die Mittel stehen im Haushaltsentwurf, der Beschluss steht noch aus.",
		"Bis zur Sommerpause bereitet {office} einen Vorschlag vor.",
		"Hängt im Moment an einer unbesetzten Stelle. Sobald sie besetzt ist, geht es weiter.",
		"In der Kernstadt ist das so, in den übrigen Ortsteilen von {town} noch nicht überall.",
		"Wir würden uns gern ansehen, wie andere das lösen, bevor wir selbst anfangen.",
		"Technisch fehlt noch die Schnittstelle zum Fachverfahren. Der Anbieter hat sie für {next} angekündigt.",
		"Die Frage „{question}“ haben wir in der Runde verschieden beantwortet. Eingetragen ist der Stand, auf den " +
			"sich alle einigen konnten.",
		"Die Angabe ist geschätzt, eine Auswertung folgt im Frühjahr {next}.",
		"Wird zusammen mit zwei Nachbarkommunen angegangen. Für {town} allein wäre der Aufwand zu groß.",
	}

	// texts answer questions that ask for text.
	texts = []string{
		"Am meisten hilft uns, dass die Beteiligten sich kennen und kurze Wege haben. Das steht in keinem Konzept.",
		"Nicht bewährt hat sich eine Sprechstunde am Samstag: In vier Monaten kamen elf Personen. Der " +
			"Donnerstagabend ist gut besucht.",
		"Wir möchten im kommenden Jahr zwei Dinge schaffen: feste Zuständigkeiten und einen Text, der auf eine Seite " +
			"passt.",
		"Zugesagte Fördermittel kamen neun Monate später als geplant. Ohne eigenen Ansatz im Haushalt wäre die " +
			"Arbeit liegen geblieben.",
		"Ein Rundgang mit Leuten, die den Ort nicht kannten, hat mehr gebracht als jede Auswertung. Nach zwei " +
			"Stunden hatten wir eine Liste mit 23 Punkten.",
		"Keine Ergänzungen.",
	}

	reasons = []string{
		"Diese Aufgabe nimmt bei uns der Kreis wahr.",
		"Die Einrichtung liegt in der Nachbarkommune und wird von ihr betrieben.",
		"Dafür gibt es in unserer Gemeinde keinen Bedarf, zuletzt geprüft im Jahr 2023.",
		"Die Zuständigkeit liegt bei einem freien Träger, die Kommune ist nicht beteiligt.",
		"Wegen der Größe der Gemeinde gibt es dieses Angebot nicht.",
		"Ist Teil der interkommunalen Zusammenarbeit und wird dort erfasst.",
	}

	offices = []string{"das Bürgerbüro", "die Pressestelle", "die Wirtschaftsförderung", "das Hauptamt",
		"die Volkshochschule", "das Stadtmarketing"}

	documents = []struct{ path, title string }{
		{"ratsbeschluss", "Ratsbeschluss mit Anlagen"},
		{"konzept", "Konzept, beschlossene Fassung"},
		{"seite", "Seite im Internetauftritt"},
		{"protokoll", "Protokoll der letzten Sitzung"},
		{"organisationsplan", "Organisationsplan"},
		{"auswertung", "Auswertung der Rückmeldungen"},
		{
			"presse",
			"Pressemitteilung vom Frühjahr: Verwaltung stellt Ergebnisse vor und kündigt die nächsten Schritte an, " +
				"Rückmeldungen aus der Bürgerschaft werden bis zum Jahresende ausgewertet",
		},
	}
)

// Hostile returns comments as nobody writes them by accident. Wherever one of them does
// anything but stand there as text, there is a defect.
func Hostile() []string {
	const long = "Sehr ausführlich: Straße, Größe, Öffnung – 50 %. "
	full := []rune(strings.Repeat(long, checklist.MaxComment/len([]rune(long))+1))[:checklist.MaxComment]
	full[checklist.MaxComment-1] = '.' // so that trimming takes nothing away
	return []string{
		"=1+1",
		"<script>alert(1)</script>",
		"@SUM(A1)",
		"Super gemacht 👍🏽 👨‍👩‍👧‍👦 🇩🇪",
		string(full),
		"Erste Zeile\r\nZweite Zeile\nSet-Cookie: a=b",
		"+49 2761 0000",
		"-2+3",
		`"><img src=x onerror=alert(1)>`,
		"{{.}} ${1+1} </script><!--",
		"=HYPERLINK(\"https://www.example.org\";\"hier\")",
		"von rechts \u202egnudliB\u202c und zurück",
	}
}

// comment makes up a comment for an answer; mood is how good the answer is, 0 to 1.
func comment(r *rand.Rand, d *checklist.Definition, q *checklist.Question, town string, mood float64) string {
	list := plans
	switch chance := r.Float64(); {
	case mood >= 0.7 && chance < 0.75:
		list = strengths
	case mood < 0.45 && chance < 0.5:
		list = failures
	}
	section := ""
	if _, s, ok := d.Question(q.ID); ok {
		section = s.Title.In("de")
	}
	return strings.NewReplacer("{town}", town, "{section}", shorten(section), "{question}", shorten(q.Text.In("de")),
		"{office}", pick(r, offices),
		"{year}", fmt.Sprint(2016+r.IntN(9)), "{next}", fmt.Sprint(2027+r.IntN(2))).Replace(pick(r, list))
}

// shorten keeps quotations to a readable length, in characters.
func shorten(s string) string {
	if runes := []rune(s); len(runes) > 120 {
		return strings.TrimRight(string(runes[:120]), " ,;") + " …"
	}
	return s
}

// evidence makes up a link on a domain that is reserved for examples.
func evidence(r *rand.Rand, q checklist.QuestionID, m region.Municipality) Link {
	doc := pick(r, documents)
	return Link{Question: q, Address: fmt.Sprintf("https://www.example.org/%s/%s-%d", m.AGS, doc.path, 2020+r.IntN(5)),
		Title: doc.title}
}

func pick[T any](r *rand.Rand, list []T) T { return list[r.IntN(len(list))] }
