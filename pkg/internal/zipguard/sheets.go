package zipguard

import (
	"encoding/xml"
	"path"
	"strings"
)

// The parts that say which sheet is in which entry, normalised.
const (
	workbookPart  = "xl/workbook.xml"
	relationsPart = "xl/_rels/workbook.xml.rels"
)

// keptBytes bounds those two parts; in a large real workbook they have some kilobytes.
const keptBytes = 1 << 20

// nameSheets joins the sheets' names with what was counted in their entries. Sheets that are
// no worksheets (charts) are left out.
func nameSheets(workbook, relations []byte, counted map[string]Sheet) ([]Sheet, error) {
	var book struct {
		Sheets []struct {
			Name string `xml:"name,attr"`
			ID   string `xml:"http://schemas.openxmlformats.org/officeDocument/2006/relationships id,attr"`
			// the strict variant of the format has a namespace of its own
			StrictID string `xml:"http://purl.oclc.org/ooxml/officeDocument/relationships id,attr"`
		} `xml:"sheets>sheet"`
	}
	var rels struct {
		Relationships []struct {
			ID     string `xml:"Id,attr"`
			Target string `xml:"Target,attr"`
		} `xml:"Relationship"`
	}
	if err := xml.Unmarshal(workbook, &book); err != nil {
		return nil, damaged(workbookPart, err)
	}
	if err := xml.Unmarshal(relations, &rels); err != nil {
		return nil, damaged(relationsPart, err)
	}
	targets := make(map[string]string, len(rels.Relationships))
	for _, r := range rels.Relationships {
		target := strings.ReplaceAll(r.Target, `\`, "/")
		if !strings.HasPrefix(target, "/") {
			target = path.Join("xl", target)
		}
		targets[r.ID] = strings.ToLower(strings.TrimPrefix(target, "/"))
	}
	var sheets []Sheet
	for _, s := range book.Sheets {
		id := s.ID
		if id == "" {
			id = s.StrictID
		}
		if found, ok := counted[targets[id]]; ok {
			found.Name = s.Name
			sheets = append(sheets, found)
		}
	}
	if len(sheets) == 0 {
		return nil, invalid("workbook_no_sheet", "the workbook has no worksheet")
	}
	return sheets, nil
}
