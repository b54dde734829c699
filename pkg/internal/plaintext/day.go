package plaintext

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// DayOrder says which number of a day such as 4/1/2019 is the month.
type DayOrder uint8

// The orders. Where it is open, a day that can be read in two ways is ambiguous.
const (
	OrderOpen DayOrder = iota
	DayFirst
	MonthFirst
)

// A time of the day behind a day, a weekday before it; both say nothing here.
var (
	dayTime = regexp.MustCompile(
		`^(.*?\d)(?:[ ,t]+| um )\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:[.,]\d+)?)?(?: ?[ap]\.?m\.?)?(?: ?uhr)?(?: ?(?:z|utc|gmt|[+-]\d{2}:?\d{2}))?$`)
	dayWeekday = regexp.MustCompile(
		`^(?:mo|di|mi|do|fr|sa|so|mon|tue|wed|thu|fri|sat|sun|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend|sonntag|monday|tuesday|wednesday|thursday|friday|saturday|sunday)[.,]*(?: den| the)? (.*)$`)
	dayNumbers = regexp.MustCompile(`^(\d{1,4})([-./]) ?(\d{1,2})([-./]) ?(\d{1,4})$`)
	dayMonth   = regexp.MustCompile(`^(\d{1,2})(?:st|nd|rd|th)?[-. ]{0,2}(?:of )?(\pL+)\.?[- ,]{0,2}(\d{4})$`)
	monthDay   = regexp.MustCompile(`^(\pL+)\.? ?(\d{1,2})(?:st|nd|rd|th|\.)?,? (\d{4})$`)
)

var months = map[string]int{}

func init() {
	for i, names := range []string{
		"jan januar january jänner jaenner jän", "feb februar february feber", "mär mrz märz maerz mar march",
		"apr april", "mai may", "jun juni june",
		"jul juli july", "aug august", "sep sept september", "okt oktober oct october", "nov november",
		"dez dezember dec december",
	} {
		for name := range strings.FieldsSeq(names) {
			months[name] = i + 1
		}
	}
}

// Day reads a day as people and programs write it, YYYY-MM-DD: 31.03.2026, 2026-03-31, 1. April 2026, April 1, 2026,
// also with a weekday before it or a time behind it, which are left out. It is empty if s is none. ambiguous is true if
// order is open and the two first numbers could be changed for one another; behind points the day always stands
// first. Years from 1000 to 9999; of two digits they are 1970 to 2069.
func Day(s string, order DayOrder) (day string, ambiguous bool) {
	s = strings.Join(strings.FieldsFunc(strings.ToLower(Bare(s)), func(r rune) bool { return r == ' ' }), " ")
	s = strings.NewReplacer("–", "-", "‑", "-", "−", "-").Replace(s)
	if m := dayWeekday.FindStringSubmatch(s); m != nil {
		s = m[1]
	}
	if m := dayTime.FindStringSubmatch(s); m != nil {
		s = strings.TrimRight(m[1], " ,")
	}
	if m := dayMonth.FindStringSubmatch(s); m != nil {
		return ymd(number(m[3]), months[m[2]], number(m[1])), false
	}
	if m := monthDay.FindStringSubmatch(s); m != nil {
		return ymd(number(m[3]), months[m[1]], number(m[2])), false
	}
	m := dayNumbers.FindStringSubmatch(s)
	if m == nil || m[2] != m[4] {
		return "", false
	}
	return numbered(m[1], m[3], m[5], m[2], order)
}

// numbered reads a day of three numbers with a mark between them.
func numbered(first, second, third, mark string, order DayOrder) (day string, ambiguous bool) {
	a, b, c := number(first), number(second), number(third)
	switch {
	case len(first) == 4 && len(third) <= 2:
		return ymd(a, b, c), false
	case len(first) > 2:
		return "", false
	case len(third) == 2:
		if c += 2000; c >= 2070 {
			c -= 100
		}
	case len(third) != 4:
		return "", false
	}
	dayFirst, monthFirst := ymd(c, b, a), ymd(c, a, b)
	switch {
	case mark == "." || order == DayFirst || order == OrderOpen && monthFirst == "":
		return dayFirst, false
	case order == MonthFirst || dayFirst == "" || dayFirst == monthFirst:
		return monthFirst, false
	}
	return "", true
}

func number(digits string) int {
	n, _ := strconv.Atoi(digits) // the pattern has seen to it
	return n
}

// ymd writes a day that exists as YYYY-MM-DD; empty if there is none.
func ymd(year, month, day int) string {
	s := fmt.Sprintf("%04d-%02d-%02d", year, month, day)
	if _, err := time.Parse(time.DateOnly, s); err != nil || year < 1000 || len(s) != len(time.DateOnly) {
		return ""
	}
	return s
}
