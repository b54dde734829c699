package site

import (
	"strconv"

	"ortsspiegel/pkg/assessment"
)

// RoundAddress is the page of a round.
func RoundAddress(id int64) string { return "/rounds/" + strconv.FormatInt(id, 10) }

// OfNumber writes an id into an address.
func OfNumber(id int64) string { return strconv.FormatInt(id, 10) }

func AssessmentAddress(id assessment.ID) string { return "/assessments/" + OfNumber(int64(id)) }
