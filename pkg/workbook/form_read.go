package workbook

import (
	"context"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/internal/zipguard"
)

// formLimits bound what a filled-in form may cost: the largest sensible one, 2 000 questions,
// stays far below.
func formLimits() zipguard.Limits {
	l := zipguard.Workbook()
	l.Archive, l.Unpacked, l.Entry, l.Memory = 5<<20, 48<<20, 24<<20, 24<<20
	l.Rows, l.Columns, l.Cells = 20_000, 256, 300_000
	return l
}

// ReadForm reads a form that was filled in. It goes by the ids behind the inputs and by nothing else:
// sheets may have been renamed or moved, rows sorted, columns inserted. definition finds the form's
// checklist by its hash. What cannot be understood in a cell is a problem of the result. Errors are
// faults that say what to do: not a form, damaged, another version; too large or dangerous (see
// zipguard.Check); those of definition. It waits until no other import reads a workbook.
func ReadForm(ctx context.Context, r io.ReaderAt, size int64, definition func(hash string) (*checklist.Definition, error)) (assessment.Returned, error) {
	leave, err := zipguard.Enter(ctx)
	if err != nil {
		return assessment.Returned{}, err
	}
	defer leave()
	limits := formLimits()
	report, err := zipguard.Check(r, size, limits)
	if err != nil {
		return assessment.Returned{}, err
	}
	unpacked, part := limits.OpenLimits()
	f, err := excelize.OpenReader(io.NewSectionReader(r, 0, size), excelize.Options{UnzipSizeLimit: unpacked, UnzipXMLSizeLimit: part, RawCellValue: true})
	if err != nil {
		return assessment.Returned{}, fault.New(fault.Invalid, "workbook_damaged", "the workbook cannot be opened: save it again in Excel and send it once more").Because(err)
	}
	defer f.Close()
	rows, err := formRows(f, report, formIdentity)
	if err != nil {
		return assessment.Returned{}, err
	}
	id, err := readIdentity(rows)
	if err != nil {
		return assessment.Returned{}, err
	}
	d, err := definition(id.hash)
	if err != nil {
		return assessment.Returned{}, err
	}
	reader := &formReader{f: f, report: report, d: d, id: id, names: map[string]formPlace{}, keys: map[string]map[string]int{}}
	return reader.read()
}

// formRows reads a sheet and compares with what the check counted: the library takes broken XML for its end.
func formRows(f *excelize.File, report *zipguard.Report, name string) ([][]string, error) {
	for _, s := range report.Sheets {
		if s.Name != name {
			continue
		}
		rows, err := f.GetRows(name)
		if err != nil {
			return nil, fault.New(fault.Invalid, "workbook_damaged", "the sheet %s cannot be read: save the workbook again in Excel", name).Because(err)
		}
		if len(rows) < s.Rows {
			return nil, fault.New(fault.Invalid, "workbook_damaged", "the sheet %s is damaged: save the workbook again in Excel", name)
		}
		return rows, nil
	}
	return nil, errNoForm
}

// formPlace is a cell of a sheet, both from 1.
type formPlace struct {
	sheet    string
	col, row int
}

func (p formPlace) cell() string { return cell(p.col, p.row) }

type formReader struct {
	f      *excelize.File
	report *zipguard.Report
	d      *checklist.Definition
	id     identity
	names  map[string]formPlace      // by defined name, lower case
	keys   map[string]map[string]int // by sheet: key in a row -> row
	out    assessment.Returned
}

func (r *formReader) read() (assessment.Returned, error) {
	r.out = assessment.Returned{Assessment: r.id.assessment, Hash: r.id.hash, Exported: r.id.exported}
	for _, n := range r.f.GetDefinedName() {
		if at, ok := parseReference(n.RefersTo); ok {
			r.names[strings.ToLower(n.Name)] = at
		}
	}
	inputs := map[checklist.QuestionID][]formInput{}
	for _, in := range r.id.inputs {
		q, _, ok := r.d.Question(in.question)
		if !ok || in.part == "tick" && q.Option(in.option) < 0 {
			return assessment.Returned{}, errFormDamaged
		}
		inputs[in.question] = append(inputs[in.question], in)
	}
	for _, q := range r.d.Questions() {
		if list := inputs[q.ID]; list != nil {
			if err := r.question(q, list); err != nil {
				return assessment.Returned{}, err
			}
		}
	}
	return r.out, nil
}

// reference is what a defined name refers to: one cell of one sheet.
var reference = regexp.MustCompile(`^=?(?:'((?:[^']|'')+)'|([^'!]+))!\$?([A-Z]{1,3})\$?([0-9]{1,7})$`)

func parseReference(s string) (formPlace, bool) {
	m := reference.FindStringSubmatch(s)
	if m == nil {
		return formPlace{}, false
	}
	col, err := excelize.ColumnNameToNumber(m[3])
	row, err2 := strconv.Atoi(m[4])
	return formPlace{strings.ReplaceAll(m[1], "''", "'") + strings.TrimPrefix(m[2], "$"), col, row}, err == nil && err2 == nil && row > 0
}

// keysOf finds the row of each question on a sheet by the hidden column, wherever that stands now.
func (r *formReader) keysOf(sheet string) (map[string]int, error) {
	if found, ok := r.keys[sheet]; ok {
		return found, nil
	}
	rows, err := formRows(r.f, r.report, sheet)
	if err != nil {
		return nil, err
	}
	found := map[string]int{}
	for i, row := range rows {
		for _, text := range row {
			if strings.HasPrefix(text, "form:") {
				found[text] = i + 1
			}
		}
	}
	r.keys[sheet] = found
	return found, nil
}

// find returns where an input stands: where its name says, in the row whose key is the question's.
// ok is false if it was deleted.
func (r *formReader) find(q *checklist.Question, in formInput) (at formPlace, ok bool, err error) {
	at, ok = r.names[strings.ToLower(in.name)]
	if !ok {
		return formPlace{}, false, nil
	}
	key := formKeyText(q.ID, "")
	if in.part == "tick" {
		key = formKeyText(q.ID, strconv.Itoa(q.Option(in.option)/formTicks+1))
	}
	// As a rule nothing was moved, and reading whole sheets costs more than all the rest.
	if text, err := r.f.GetCellValue(at.sheet, cell(formKey, at.row)); err == nil && text == key {
		return at, true, nil
	}
	// Rows were sorted, columns inserted, or the row was put on another sheet: a name alone could mean another question.
	sheets := []string{at.sheet}
	for _, s := range r.report.Sheets {
		if s.Name != at.sheet && s.Name != formIdentity {
			sheets = append(sheets, s.Name)
		}
	}
	for _, sheet := range sheets {
		keys, err := r.keysOf(sheet)
		if err != nil {
			return formPlace{}, false, err
		}
		if row, ok := keys[key]; ok {
			return formPlace{sheet, at.col, row}, true, nil
		}
	}
	return formPlace{}, false, nil
}

// input reads a cell as text without spaces around it; numeric says that it is a number to the
// spreadsheet. A formula is a problem: its value may be anybody's.
func (r *formReader) input(at formPlace) (text string, numeric bool, problem string, err error) {
	if f, err := r.f.GetCellFormula(at.sheet, at.cell()); err != nil {
		return "", false, "", r.unreadable(at, err)
	} else if f != "" {
		return "", false, "formula", nil
	}
	text, err = r.f.GetCellValue(at.sheet, at.cell())
	if err != nil {
		return "", false, "", r.unreadable(at, err)
	}
	kind, err := r.f.GetCellType(at.sheet, at.cell())
	if err != nil {
		return "", false, "", r.unreadable(at, err)
	}
	if kind == excelize.CellTypeError {
		return "", false, "error", nil
	}
	return trimCell(text), kind == excelize.CellTypeNumber || kind == excelize.CellTypeUnset, "", nil
}

func (r *formReader) unreadable(at formPlace, err error) error {
	return fault.New(fault.Invalid, "workbook_damaged", "%s!%s cannot be read: save the workbook again in Excel", at.sheet, at.cell()).Because(err)
}

// trimCell takes away what programs put around a text unseen.
func trimCell(s string) string {
	return strings.Trim(strings.ReplaceAll(strings.ReplaceAll(s, "_x000D_", ""), "\r\n", "\n"), " \t\r\n\u00a0\u200b\ufeff\u202f")
}

// note keeps a problem of a cell.
func (r *formReader) note(q checklist.QuestionID, at formPlace, code, message string, args map[string]any) {
	r.out.Problems = append(r.out.Problems, assessment.CellProblem{Question: q, Sheet: at.sheet, Cell: at.cell(), Code: code, Args: args,
		Message: fmt.Sprintf("%s!%s: %s", at.sheet, at.cell(), message)})
}
