package reports

import (
	"fmt"
	"io"

	"github.com/xuri/excelize/v2"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/report"
	"ortsspiegel/pkg/round"
	"ortsspiegel/pkg/wording"
	"ortsspiegel/pkg/workbook/book"
)

// WriteTowns writes some towns of a round with whom they can be reached by, as .xlsx: one row a person, so that it
// serves as the source of a serial letter; a town that nobody coordinates has one row without a person.
func WriteTowns(w io.Writer, r report.TownsReport) error {
	b := book.NewBook(r.Lang, book.Dated(r.Round.Title, r.Round.Closes)+" · "+r.Region.Name, r.Program, r.AsOf)
	st := b.Styles
	s := b.Sheet(b.Say(wording.Phrase{"Kommunen", "Towns"}), 11, 26, 24, 17, 12, 18, 12, 26, 34, 20, 18)
	titles := []string{b.Say(book.WordKey), b.Say(book.WordTown), b.Say(book.WordDistrict), b.Say(book.WordStatus),
		b.Say(wording.Phrase{"Bearbeitet", "Done"}), b.Say(book.WordSubmitted),
		b.Say(wording.Phrase{"Tage bis Frist", "Days left"})}
	if r.Contacts != nil {
		titles = append(titles, b.Say(wording.Phrase{"Koordination", "Coordination"}),
			b.Say(wording.Phrase{"E-Mail", "E-mail"}), b.Say(wording.Phrase{"Telefon", "Telephone"}),
			b.Say(wording.Phrase{"Zuletzt angemeldet", "Last signed in"}))
	}
	head := s.Head(2, titles...)
	left := wording.DaysLeft(r.AsOf, r.Round.Closes)
	for _, p := range r.Towns {
		people := r.Contacts[p.Town.AGS]
		if len(people) == 0 {
			people = []account.User{{}}
		}
		for _, u := range people {
			cells := townCells(b, &p, r.Round.Status, left)
			if r.Contacts != nil {
				last := any(nil)
				if !u.LastSignIn.IsZero() {
					last = book.Serial(u.LastSignIn)
				}
				cells = append(cells, book.Value(st.Text, u.Name), book.Value(st.Free, account.ShownEmail(u.Email)),
					book.Value(st.Free, u.Phone), book.Value(st.Moment, last))
			}
			s.Add(cells...)
		}
	}
	s.Filter(head, len(titles), s.Next()-1)
	b.Keep(b.F.AddIgnoredErrors(s.Name, fmt.Sprintf("A%d:A%d", head+1, max(s.Next()-1, head+1)),
		excelize.IgnoredErrorsNumberStoredAsText))
	return b.Write(w)
}

func townCells(b *book.Book, p *round.Participant, status round.Status, left int) []any {
	st := b.Styles
	state := string(p.Status)
	if p.Status != assessment.Submitted && p.Change == 0 {
		state = "none"
	}
	when, days := any(nil), any(nil)
	if !p.Submitted.IsZero() {
		when = book.Serial(p.Submitted)
	}
	if status == round.Open && p.Status != assessment.Submitted {
		days = left
	}
	return []any{book.Value(st.Ags, string(p.Town.AGS)), book.Value(st.Text, p.Town.Name),
		book.Value(st.Text, p.Town.District.Name), book.Value(st.Text, b.Say(book.StatusPhrases[state])),
		book.Value(st.Percent, book.Shown(p.Progress)), book.Value(st.Moment, when), book.Value(st.Whole, days)}
}
