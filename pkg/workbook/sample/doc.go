// Package sample is what the tests of reports and of forms share: a town, answers of every kind,
// texts that must stay texts, and LibreOffice to recalculate a workbook.
package sample
