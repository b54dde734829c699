package catalog

import (
	"strings"
)

func names(fields []field) string {
	var all []string
	for _, f := range fields {
		all = append(all, f.key)
	}
	return strings.Join(all, ", ")
}

// suggestion names the key that was probably meant, else all of them.
func suggestion(key string, fields []field) string {
	best, distance := "", 3
	if len(key) <= 40 {
		for _, f := range fields {
			if n := EditDistance(strings.ToLower(key), f.key); n < distance && n < len(f.key) {
				best, distance = f.key, n
			}
		}
	}
	if best != "" {
		return "did you mean " + best + "?"
	}
	return "known are " + names(fields)
}

// EditDistance is the number of single bytes to insert, remove or replace to make b of a (Levenshtein).
func EditDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		corner := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := corner
			if a[i] != b[j] {
				cost++
			}
			corner = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
