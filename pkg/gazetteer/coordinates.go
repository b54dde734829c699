package gazetteer

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
)

// written is how coordinates are written.
type written uint8

const (
	degreesDecimal     written = iota // 7.670000
	degreesSexagesimal                // 7.4012 for 7°40'12"
	degreesUnclear
)

// coordinates says how an edition writes them: up to 2009 degrees.minutes-seconds; of the next ones
// with the old sheet's name only the figures themselves tell, because a decimal seldom has fewer
// than 60 at both places.
func (reg *register) coordinates() written {
	if reg.layout.asOf != "" && reg.layout.asOf < "2010-01-01" {
		return degreesSexagesimal
	}
	if !strings.HasPrefix(reg.sheet, earlierSheet) && (reg.layout.asOf == "" || reg.layout.asOf >= "2014-01-01") {
		return degreesDecimal
	}
	pairs := 0
	for _, f := range reg.figures {
		if f.lat == "" && f.lon == "" {
			continue
		}
		_, lat := minutes(f.lat)
		_, lon := minutes(f.lon)
		if !lat || !lon {
			return degreesDecimal
		}
		pairs++
	}
	if pairs < 3 {
		return degreesUnclear
	}
	return degreesSexagesimal
}

var minutesForm = regexp.MustCompile(`^(\d{1,2})(?:[.,](\d{1,4}))?$`)

// minutes reads degrees with minutes and seconds behind the point: 7.4012 is 7 degrees, 40 minutes and 12 seconds.
func minutes(text string) (degrees float64, ok bool) {
	m := minutesForm.FindStringSubmatch(text)
	if m == nil {
		return 0, false
	}
	behind := (m[2] + "0000")[:4]
	whole, _ := strconv.Atoi(m[1])
	minute, _ := strconv.Atoi(behind[:2])
	second, _ := strconv.Atoi(behind[2:]) // the pattern has seen to all three
	return math.Round((float64(whole)+float64(minute)/60+float64(second)/3600)*1e6) / 1e6, minute < 60 && second < 60
}

// sexagesimal reads a pair of such coordinates; both missing is 0, 0 and no problem.
func (p *problems) sexagesimal(line int, lat, lon string) (float64, float64) {
	texts := [2]string{lat, lon}
	for i, text := range texts {
		if v, ok := minutes(text); ok {
			texts[i] = strconv.FormatFloat(v, 'f', -1, 64)
		} else if text != "" {
			p.add(line, []string{"lat", "lon"}[i], "degrees",
				fmt.Sprintf(
					"%q is not a coordinate as this edition writes them (degrees.minutes-seconds, such as 7.4012): "+
						"use a later edition", clip(text)), text)
			return 0, 0
		}
	}
	return p.place(line, texts[0], texts[1])
}
