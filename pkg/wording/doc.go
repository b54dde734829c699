// Package wording says in German and in English what is shown the same everywhere: numbers, per cent
// (cut and never rounded), days and times on Berlin's clock, how sections and questions are numbered,
// the limits of a number, conditions, and why a figure is missing.
//
// Here live the words that pages, pictures, workbooks and the command line share. Not here: what a
// figure is (score and bench compute it; score.Cut is the arithmetic of cutting, and a test of the law
// lets nobody above knowledge but this package call it), and the texts of one room alone.
//
// A Writer writes in one language and one hand: Page for running text, Picture for charts, Cell for
// cells, files and terminals, which know no typographic signs.
package wording
