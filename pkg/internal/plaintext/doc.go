// Package plaintext turns the bytes of a text file that a German office has saved into text. It is
// shared by the two adapters that read CSV files, which may not import each other. It knows
// encodings and nothing of what the text says.
package plaintext
