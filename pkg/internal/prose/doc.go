// Package prose reads the longer texts of a checklist: CommonMark of paragraphs, lists, emphasis and
// links, and nothing else. Check says what is wrong with a text, Write makes HTML of it for pages, and
// Plain makes plain text of it for workbooks, prints and the command line.
//
// A text that does not hold to the rules, or is longer than MaxLength, is one that was written before
// there were any (what is published is not held to later rules): it is shown as it was written, mark
// for mark. So nothing that Check refuses ever becomes HTML.
//
// One deviation from CommonMark: a single * between two letters is a letter, as in "Bürger*innen".
package prose
