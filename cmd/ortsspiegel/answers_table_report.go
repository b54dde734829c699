package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/round"
	"ortsspiegel/pkg/round/intake"
)

// tableReport is the report of an import as JSON.
type tableReport struct {
	Stored    bool              `json:"stored"`
	DryRun    bool              `json:"dry_run"`
	Round     round.ID          `json:"round"` // 0: it would be created
	Title     string            `json:"title"`
	Region    region.ID         `json:"region"`
	Checklist checklist.ID      `json:"checklist"`
	Version   checklist.Version `json:"version"`
	Sheet     string            `json:"sheet"`
	Counts    tableCounts       `json:"counts"`
	Towns     []tableTown       `json:"towns"`
	Silent    []tableTown       `json:"silent"`
	Rows      []tableRow        `json:"rows"`
	Cells     []tableCell       `json:"cells"`
	Inactive  []tableInactive   `json:"inactive"`
	Unmapped  []tableColumn     `json:"unmapped"`
	Hidden    []int             `json:"hidden"`                 // numbers of hidden and filtered rows that were read
	Covered   []tableColumn     `json:"hidden_columns"`         // that were read
	Veiled    string            `json:"hidden_sheet,omitempty"` // the sheet that was read, if it is hidden
	Converted string            `json:"converted,omitempty"`    // the encoding of a CSV file, if it was not UTF-8
}

type tableCounts struct {
	Rows      int `json:"rows"`
	Cells     int `json:"cells"`
	Placed    int `json:"placed"`
	Ignored   int `json:"ignored"`
	Reported  int `json:"reported"`
	Towns     int `json:"towns"`
	Answers   int `json:"answers"`
	Comments  int `json:"comments"`
	BadCells  int `json:"bad_cells"`
	BadRows   int `json:"bad_rows"`
	Inactive  int `json:"inactive"`
	SilentRow int `json:"silent"`
}

type tableTown struct {
	AGS       region.AGS `json:"ags"`
	Name      string     `json:"name"`
	Row       int        `json:"row"`
	Answers   int        `json:"answers"`
	Open      int        `json:"open"`
	Submitted string     `json:"submitted,omitempty"`
}

type tableRow struct {
	Sheet   string      `json:"sheet"`
	Cell    string      `json:"cell"`
	Code    string      `json:"code"`
	Value   string      `json:"value"`
	Message string      `json:"message"`
	Nearest []tableNear `json:"nearest,omitempty"`
}

type tableNear struct {
	AGS  region.AGS `json:"ags"`
	Name string     `json:"name"`
}

type tableCell struct {
	Sheet    string               `json:"sheet"`
	Cell     string               `json:"cell"`
	Column   string               `json:"column"`
	AGS      region.AGS           `json:"ags"`
	Question checklist.QuestionID `json:"question,omitempty"`
	Code     string               `json:"code"`
	Value    string               `json:"value"`
	Message  string               `json:"message"`
	With     []string             `json:"with,omitempty"`
}

type tableInactive struct {
	AGS      region.AGS           `json:"ags"`
	Question checklist.QuestionID `json:"question"`
	Cell     string               `json:"cell"`
}

type tableColumn struct {
	Column string `json:"column"`
	Header string `json:"header"`
	Cells  int    `json:"cells"`
}

// report tells what became of the table.
func (t *tableImport) report(stored bool) error {
	if t.JSON {
		e := json.NewEncoder(t.app.stdout)
		e.SetIndent("", "  ")
		return e.Encode(t.json(stored))
	}
	return t.text(stored)
}

func (t *tableImport) json(stored bool) tableReport {
	p, n := t.placed, t.placed.Count
	out := tableReport{Stored: stored, DryRun: t.DryRun, Round: t.round.ID, Title: t.round.Title,
		Region:    t.round.Region,
		Checklist: t.m.Checklist.ID, Version: t.m.Checklist.Version,
		Counts: tableCounts{n.Rows, n.Cells, n.Placed, n.Ignored, n.Reported, len(p.Towns), n.Answers, n.Comments,
			n.Problems, len(p.Rows), len(p.Inactive), len(p.Silent)},
		Towns: tableTowns(p.Towns), Silent: tableTowns(p.Silent), Rows: []tableRow{}, Cells: []tableCell{},
		Inactive: []tableInactive{}, Unmapped: []tableColumn{}, Hidden: append([]int{}, p.Hidden...),
		Covered: []tableColumn{}, Veiled: p.Sheet, Converted: t.converted}
	out.Sheet = t.sheet
	for _, r := range p.Rows {
		row := tableRow{Sheet: r.Sheet, Cell: r.Cell, Code: r.Code, Value: r.Value, Message: r.Message}
		for _, m := range r.Nearest {
			row.Nearest = append(row.Nearest, tableNear{m.AGS, m.Name})
		}
		out.Rows = append(out.Rows, row)
	}
	for _, c := range p.Cells {
		out.Cells = append(out.Cells, tableCell{c.Sheet, c.Cell, c.Header, c.Town.AGS, c.Question, c.Code, c.Value,
			c.Message, c.With})
	}
	for _, i := range p.Inactive {
		out.Inactive = append(out.Inactive, tableInactive{i.Town.AGS, i.Question, i.Cell})
	}
	for _, u := range p.Unmapped {
		out.Unmapped = append(out.Unmapped, tableColumn{u.Letters, u.Header, u.Cells})
	}
	for _, c := range p.Covered {
		out.Covered = append(out.Covered, tableColumn{c.Letters, c.Header, c.Cells})
	}
	return out
}

func tableTowns(list []intake.PlacedTown) []tableTown {
	out := make([]tableTown, len(list))
	for i, t := range list {
		out[i] = tableTown{AGS: t.Town.AGS, Name: t.Town.Name, Row: t.Row, Open: t.Open, Submitted: t.Submitted}
		for _, e := range t.Entries {
			if e.Given {
				out[i].Answers++
			}
		}
	}
	return out
}

// maxTold is how many lines of a kind the text tells; --json tells all.
const maxTold = 40

// text writes the report for people.
func (t *tableImport) text(stored bool) error {
	p, n := t.placed, t.placed.Count
	var b strings.Builder
	name := "a new round, closed"
	if t.round.ID != 0 {
		name = fmt.Sprintf("round %d", t.round.ID)
	}
	fmt.Fprintf(&b, "%s -> %s (%s), %s, %s\n", assessment.FileName(t.File), t.round.Title, name, t.round.Region,
		t.m.Checklist)
	fmt.Fprintf(&b, "  rows        %d: %d towns with answers, %d without any, %d that belong to no town%s\n", n.Rows,
		len(p.Towns), len(p.Silent), len(p.Rows), hiddenRows(p.Hidden))
	fmt.Fprintf(&b, "  cells       %d: %d placed, %d without a meaning in the map, %d reported below\n", n.Cells,
		n.Placed, n.Ignored, n.Reported)
	fmt.Fprintf(&b, "  answers     %d, comments %d\n", n.Answers, n.Comments)
	if t.converted != "" {
		fmt.Fprintf(&b, "the file is written in %s and was converted: please check the umlauts\n", t.converted)
	}
	if p.Sheet != "" {
		fmt.Fprintf(&b,
			"the sheet %s is hidden in the spreadsheet and was read all the same: show it there and look whether it "+
				"is the one that is meant\n", p.Sheet)
	}
	told(&b,
		"rows that are hidden or filtered out in the spreadsheet and were read all the same: delete them there if "+
			"they are not meant", len(p.Hidden), func(i int) string {
			for _, town := range slices.Concat(p.Towns, p.Silent) {
				if town.Row == p.Hidden[i] {
					return fmt.Sprintf("row %d: %s (%s)", town.Row, town.Town.Name, town.Town.AGS)
				}
			}
			return fmt.Sprintf("row %d", p.Hidden[i])
		})
	told(&b,
		"columns that are hidden in the spreadsheet and were read all the same: take them out of the map if they are "+
			"not meant", len(p.Covered), func(i int) string {
			return fmt.Sprintf("%s %s: %d cells", p.Covered[i].Letters, shortened(p.Covered[i].Header),
				p.Covered[i].Cells)
		})
	told(&b, "rows that belong to no town", len(p.Rows), func(i int) string {
		r := p.Rows[i]
		return fmt.Sprintf("%s: %q: %s", where(r.Sheet, r.Cell), shortened(r.Value), r.Message)
	})
	told(&b, "cells that cannot be placed", n.Problems, func(i int) string {
		c := p.Cells[i]
		line := fmt.Sprintf("%s (%s, %s", where(c.Sheet, c.Cell), c.Town.Name, shortened(c.Header))
		if c.Question != "" {
			line += " -> " + string(c.Question)
		}
		line += fmt.Sprintf("): %q: %s", shortened(c.Value), c.Message)
		if len(c.With) > 0 {
			line += "; with it " + strings.Join(c.With, ", ")
		}
		return line
	})
	told(&b, "answers to questions that do not arise there: kept, and not counted", len(p.Inactive),
		func(i int) string {
			return fmt.Sprintf("%s (%s): %s", where(t.sheet, p.Inactive[i].Cell), p.Inactive[i].Town.Name,
				p.Inactive[i].Question)
		})
	told(&b, "towns without any answer: not submitted", len(p.Silent), func(i int) string {
		return fmt.Sprintf("row %d: %s (%s)", p.Silent[i].Row, p.Silent[i].Town.Name, p.Silent[i].Town.AGS)
	})
	told(&b, "columns the map says nothing about", len(p.Unmapped), func(i int) string {
		return fmt.Sprintf("%s %s: %d cells", p.Unmapped[i].Letters, shortened(p.Unmapped[i].Header),
			p.Unmapped[i].Cells)
	})
	switch {
	case stored:
		fmt.Fprintf(&b, "stored: %d submitted assessments in round %d\n", len(p.Towns), t.round.ID)
	case t.DryRun:
		b.WriteString("dry run: nothing was changed\n")
	}
	_, err := fmt.Fprint(plainWriter{t.app.stdout}, b.String())
	return err
}

// hiddenRows counts and names rows that nobody sees in the spreadsheet.
func hiddenRows(list []int) string {
	if len(list) == 0 {
		return ""
	}
	var numbers []string
	for _, n := range list[:min(len(list), 10)] {
		numbers = append(numbers, strconv.Itoa(n))
	}
	return fmt.Sprintf("; %d of them hidden or filtered out (%s%s)", len(list), strings.Join(numbers, ", "),
		map[bool]string{true: ", …"}[len(list) > 10])
}

// told writes a list with its title, shortened; nothing if it is empty.
func told(b *strings.Builder, title string, n int, line func(i int) string) {
	if n == 0 {
		return
	}
	fmt.Fprintf(b, "%s: %d\n", title, n)
	for i := range min(n, maxTold) {
		fmt.Fprintf(b, "  %s\n", line(i))
	}
	if n > maxTold {
		fmt.Fprintf(b, "  … and %d more; --json lists them\n", n-maxTold)
	}
}

func where(sheet, cell string) string {
	if sheet == "" {
		return cell
	}
	return sheet + "!" + cell
}

// shortened is a foreign text on one line.
func shortened(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > 60 {
		s = string(r[:60]) + "…"
	}
	return s
}
