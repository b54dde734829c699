package wording

import (
	"strconv"

	"ortsspiegel/pkg/checklist"
)

// QuestionNumber is how the question at a place, from 0, of the section at a place is called: "3.2".
func QuestionNumber(section, question int) string {
	return strconv.Itoa(section+1) + "." + strconv.Itoa(question+1)
}

// NumberOf is how a checklist's question is called; empty if it has none of this id.
func NumberOf(d *checklist.Definition, id checklist.QuestionID) string {
	for i := range d.Sections {
		for j := range d.Sections[i].Questions {
			if d.Sections[i].Questions[j].ID == id {
				return QuestionNumber(i, j)
			}
		}
	}
	return ""
}

// SectionTitle is how the section at a place, from 0, is called: "3 Erster Kontakt".
func SectionTitle(section int, title string) string { return strconv.Itoa(section+1) + " " + title }
