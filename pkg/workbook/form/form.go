package form

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"

	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/score"
	"ortsspiegel/pkg/wording"
	"ortsspiegel/pkg/workbook/book"
)

// The columns of a form's sheet. Where something is proposed two more stand between the key and the answer: what was
// answered last time, and where to tick that it still holds.
const (
	formNumber  = iota + 1 // A
	formQuest              // B
	formHints              // C
	formKey                // D, hidden: which question and what part of it stands in the row
	formValue              // E: an option's tick too
	formReason             // F
	formComment            // G
	formState              // H
)

// formProposed is how many columns the proposals take.
const formProposed = 2

// The key stands between the question and its answer: whoever sorts both takes it along.
var (
	formWidths     = []float64{6, 34, 54, 4, 26, 22, 26, 14}
	formWidthsMore = []float64{6, 30, 46, 4, 21, 14, 23, 19, 22, 14}
)

// WriteForm writes a workbook made for filling in: a sheet per section, a dropdown for each choice,
// everything but the inputs protected. Each input has a defined name made of ids, and a hidden sheet
// says whose form it is; ReadForm goes by those alone. Errors: Internal if the form is incomplete; else those of w.
func WriteForm(w io.Writer, f assessment.Form, lang checklist.Lang, program string) error {
	v := &f.View
	if v.Definition == nil || v.Result == nil || v.Result.Ref != v.Definition.Ref() {
		return fault.New(fault.Internal, "workbook_incomplete", "the form has no checklist or no result of it")
	}
	title := book.Dated(v.Head.RoundTitle, v.Head.Closes) + " · " + v.Head.TownName
	b := book.NewBook(lang, title, program, f.At)
	p := &FormPlan{Form: &f, B: b, key: keyPrefix(v.Head.ID, f.At), Lang: lang, styles: newFormStyles(b),
		at: map[checklist.QuestionID]*FormQuestion{}}
	widths := formWidths
	if f.Proposals.From.ID != 0 {
		p.shift, widths = formProposed, formWidthsMore
	}
	p.place()
	cover := b.Sheet(b.Say(book.SheetCover), 38, 16, 16, 16, 18)
	for i := range p.sections {
		p.sections[i].sheet = b.Sheet(p.sections[i].name, widths...)
	}
	lists := b.Sheet(b.Say(book.SheetLists), 60)
	identity := b.Sheet(formIdentity, 12, 44, 44, 10, 60)
	p.writeCover(cover)
	for i := range p.sections {
		p.writeSection(&p.sections[i])
	}
	p.writeLists(lists)
	p.writeIdentity(identity)
	for _, s := range b.Sheets {
		p.protect(s)
	}
	b.Keep(b.F.SetSheetVisible(lists.Name, false))
	b.Keep(b.F.SetSheetVisible(identity.Name, false, true))
	return b.Write(w)
}

// FormPlan knows where every input stands before the first row is written.
type FormPlan struct {
	*assessment.Form
	B        *book.Book
	key      string // what the keys of rows begin with
	Lang     checklist.Lang
	shift    int // how far the columns from the answer on are moved to the right
	styles   formStyles
	sections []formSection
	at       map[checklist.QuestionID]*FormQuestion
	lists    []string // the hidden sheet's column, from row 1
	inputs   []formInput
}

type formSection struct {
	s         *checklist.Section
	name      string // of the sheet
	questions []*FormQuestion
	sheet     *book.Sheet
	last      int // last row
}

type FormQuestion struct {
	Q           *checklist.Question
	number      string
	entry       assessment.Entry
	state       score.State
	na          bool
	labels      []string
	section     *formSection
	before      *assessment.Proposal // what was answered last time; nil: nothing
	take        bool                 // it can be confirmed
	row         int
	first, last int // in the lists: what a dropdown offers; options first
	options     int // the last option; what comes after it takes the answer back
}

// formInput is one cell somebody may fill in, as the identity sheet lists it.
type formInput struct {
	part     string
	question checklist.QuestionID
	option   checklist.OptionID // tick only
	revision int
	name     string // defined name
	cell     string // with its sheet
}

// The parts of a question that somebody may fill in.
const (
	partValue   = "value"
	partReason  = "reason"
	partComment = "comment"
	partTick    = "tick"
	partTake    = "take"
)

const formHead = 4 // header row of a section's sheet

// place decides which row of which sheet each question stands in.
func (p *FormPlan) place() {
	d := p.View.Definition
	asked := func(id checklist.QuestionID) bool { return p.Questions == nil || slices.Contains(p.Questions, id) }
	used := map[string]bool{strings.ToLower(p.B.Say(book.SheetCover)): true,
		strings.ToLower(p.B.Say(book.SheetLists)): true, strings.ToLower(formIdentity): true}
	states := score.States(d, assessment.Answers(p.View.Entries))
	p.sections = make([]formSection, 0, len(d.Sections))
	for i := range d.Sections {
		s := formSection{s: &d.Sections[i]}
		row := formHead + 1
		for j := range s.s.Questions {
			q := &s.s.Questions[j]
			if !asked(q.ID) {
				continue
			}
			fq := &FormQuestion{Q: q, number: wording.QuestionNumber(i, j), entry: p.View.Entries[q.ID],
				state: states[d.Ordinal(q.ID)], row: row}
			fq.na = q.NotApplicable || fq.entry.Given && fq.entry.Answer.Kind == checklist.AnswerNotApplicable
			if o, ok := p.Proposals.List[q.ID]; ok && p.shift > 0 {
				_, open := p.Proposals.Offered(p.View, q.ID)
				fq.before, fq.take = &o, open && o.Reason == ""
			}
			p.offer(fq)
			p.at[q.ID] = fq
			s.questions = append(s.questions, fq)
			row++
			if q.Type.Many() {
				row += len(q.Options)
			}
		}
		if len(s.questions) > 0 {
			s.last = row - 1
			s.name = book.SheetName(fmt.Sprintf("%d %s", i+1, s.s.Title.In(p.Lang)), used)
			p.sections = append(p.sections, s)
		}
	}
	for i := range p.sections {
		for _, q := range p.sections[i].questions {
			q.section = &p.sections[i]
		}
	}
}

// offer reserves what a question's dropdown lists.
func (p *FormPlan) offer(q *FormQuestion) {
	q.first = len(p.lists) + 1
	if q.Q.Type.OffersOptions() {
		q.labels = book.Labels(q.Q, p.Lang)
	}
	if q.Q.Type.One() {
		p.lists = append(p.lists, q.labels...)
	}
	q.options = len(p.lists)
	if !slices.ContainsFunc(q.labels, isClear) || !q.Q.Type.One() {
		p.lists = append(p.lists, p.B.Say(wordClear))
	}
	q.last = len(p.lists)
}

// tick is the row of a multi question's i-th option.
func (q *FormQuestion) tick(i int) int { return q.row + 1 + i }

// col is where a column from the answer on stands.
func (p *FormPlan) col(c int) int { return c + p.shift }

// formStyles are the styles that only a form has.
type formStyles struct {
	input, number, date, hatched, tick, option, grey, before, last, hints int
}

func newFormStyles(b *book.Book) formStyles {
	open := &excelize.Protection{Locked: false}
	thin := func(color string) []excelize.Border {
		var list []excelize.Border
		for _, side := range []string{"left", "right", "top", "bottom"} {
			list = append(list, excelize.Border{Type: side, Color: color, Style: 1})
		}
		return list
	}
	make := func(s excelize.Style, format string) int {
		if s.Font == nil {
			s.Font = &excelize.Font{Family: book.FontFamily, Size: 10, Color: book.Ink}
		}
		if format != "" {
			s.CustomNumFmt = &format
		}
		id, err := b.F.NewStyle(&s)
		b.Keep(err)
		b.Sees(id, &s)
		return id
	}
	dates := "dd.mm.yyyy"
	if !wording.German(b.Lang) {
		dates = "yyyy-mm-dd"
	}
	fill := excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{book.Entry}}
	top := &excelize.Alignment{Vertical: "top", Horizontal: "left", WrapText: true, Indent: 1}
	middle := &excelize.Alignment{Vertical: "center", Horizontal: "center", WrapText: true}
	input := func(format string) int {
		return make(excelize.Style{Border: thin(book.Peers), Fill: fill, Alignment: top, Protection: open}, format)
	}
	return formStyles{
		input: input(book.FormatText), number: input("General"), date: input(dates),
		hatched: make(excelize.Style{Border: thin(book.GridInk), Fill: excelize.Fill{Type: "pattern", Pattern: 14,
			Color: []string{book.GridInk}}}, ""),
		tick: make(excelize.Style{Border: thin(book.Peers), Fill: fill, Alignment: middle, Protection: open},
			book.FormatText),
		option: make(excelize.Style{Border: thin(book.GridInk), Alignment: &excelize.Alignment{Vertical: "center",
			Horizontal: "left", WrapText: true, Indent: 1}}, ""),
		// where nobody answers, but an answer can be taken back
		grey: make(excelize.Style{Border: thin(book.GridInk), Fill: excelize.Fill{Type: "pattern", Pattern: 1,
			Color: []string{"EDEFF2"}},
			Font: &excelize.Font{Family: book.FontFamily, Size: 10, Color: book.Quiet, Italic: true}, Alignment: top,
			Protection: open}, book.FormatText),
		// long, and read once: smaller than what is asked and answered
		hints: make(excelize.Style{Border: thin(book.GridInk), Font: &excelize.Font{Family: book.FontFamily, Size: 9,
			Color: book.Ink}, Alignment: top}, ""),
		before: make(excelize.Style{Border: thin(book.GridInk), Font: &excelize.Font{Family: book.FontFamily, Size: 10,
			Color: book.Quiet}, Alignment: top}, ""),
		last: make(excelize.Style{Border: thin(book.GridInk), Font: &excelize.Font{Family: book.FontFamily, Size: 10,
			Color: book.Quiet}, Alignment: middle}, ""),
	}
}

// protect locks a sheet but for its inputs. There is no password: it keeps from slips, not from people.
func (p *FormPlan) protect(s *book.Sheet) {
	p.B.Keep(p.B.F.ProtectSheet(s.Name, &excelize.SheetProtectionOptions{SelectLockedCells: true,
		SelectUnlockedCells: true,
		FormatCells:         true, FormatColumns: true, FormatRows: true, EditObjects: true, EditScenarios: true}))
}

func (p *FormPlan) writeLists(s *book.Sheet) {
	for _, text := range p.lists {
		s.Add(book.Value(p.B.Styles.Free, text))
	}
}

// listed is the range of the lists that a question's dropdown shows.
func (p *FormPlan) listed(first, last int) string {
	return book.Quoted(p.B.Say(book.SheetLists)) + "!" + book.At("A", first) + ":" + book.At("A", last)
}

var wordClear = wording.Phrase{"löschen", "clear"}
