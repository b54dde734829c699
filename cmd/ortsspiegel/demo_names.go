package main

import (
	"strconv"

	"ortsspiegel/pkg/region"
)

// Made-up people of the demo. Their numbers have no common divisor, so that neighbouring towns get
// different ones of both.
var (
	firstNames = []string{"Sabine", "Thomas", "Ayşe", "Martin", "Petra", "Jürgen", "Claudia", "Stefan", "Monika",
		"Emre", "Birgit", "Andreas",
		"Heike", "Michael", "Anna", "Ralf", "Ulrike", "Dirk", "Elena", "Frank", "Silke", "Jan", "Gabriele"}
	lastNames = []string{"Schulte", "Hoffmann", "Köster", "Weber", "Brinkmann", "Yılmaz", "Vogel", "Hesse", "Lange",
		"Kramer", "Nolte", "Peters",
		"Stracke", "Becker", "Wirth", "Henkel", "Friedrich", "Droste", "Kemper", "Arens", "Grote", "Sommer", "Busch",
		"Padberg", "Reuter",
		"Klein", "Winter", "Heimes", "Otto", "Althaus", "Rohde"}
)

// leadName is who leads a town of the demo, the same in every run.
func leadName(town region.AGS) string {
	n, err := strconv.Atoi(string(town))
	if err != nil {
		n = 0
	}
	return firstNames[n%len(firstNames)] + " " + lastNames[n%len(lastNames)]
}
