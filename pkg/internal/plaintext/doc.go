// Package plaintext turns what people and their programs write into text: the bytes of a CSV file
// into records, a text into the one form in which it is kept and compared, and the ways in which
// days and grouped numbers are written into one. All doors use it, so that what is blank, a line
// or a day is the same behind each of them. It knows nothing of what the text says.
package plaintext
