// Package checklisttest makes up checklists, chains of versions and answers for the tests of several packages.
package checklisttest
