package bench

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/score"
)

// Limits of what ReadAssessments accepts.
const (
	MaxLine        = 4 << 20 // bytes of one line
	MaxAssessments = 100_000
)

type assessmentJSON struct {
	AGS        *string         `json:"ags"`
	Population *int            `json:"population"`
	Answers    json.RawMessage `json:"answers"`
}

// ReadAssessments reads submitted assessments as JSON Lines, one {"ags": "05958004", "population":
// 74879, "answers": {...}} per line; empty lines are skipped. The first wrong line is an Invalid
// error that names the line and what is wrong: an unknown or missing key, a value the checklist
// refuses, an AGS that stands twice.
func ReadAssessments(d *checklist.Definition, in io.Reader) ([]Record, error) {
	lines := bufio.NewScanner(in)
	lines.Buffer(make([]byte, 0, 64<<10), MaxLine)
	var records []Record
	first := map[region.AGS]int{}
	n := 0
	for lines.Scan() {
		n++
		line := bytes.TrimSpace(lines.Bytes())
		if n == 1 {
			line = bytes.TrimPrefix(line, []byte("\xef\xbb\xbf"))
		}
		if len(line) == 0 {
			continue
		}
		if line[0] == '[' && n == 1 {
			return nil, fault.New(fault.Invalid, "json_array",
				"line 1: the file is one JSON array: one assessment per line is expected (JSON Lines), "+
					"such as jq -c '.[]' makes of it").With("Line", 1)
		}
		r, err := readAssessment(d, line)
		if err != nil {
			return nil, atLine(n, err)
		}
		if before, ok := first[r.AGS]; ok {
			return nil, atLine(n, fault.New(fault.Invalid, "ags_twice", "the AGS %s stands in line %d already", r.AGS,
				before))
		}
		if len(records) == MaxAssessments {
			return nil, atLine(n, fault.New(fault.TooLarge, "assessments_many", "more than %d assessments",
				MaxAssessments))
		}
		first[r.AGS] = n
		records = append(records, r)
	}
	if errors.Is(lines.Err(), bufio.ErrTooLong) {
		return nil, atLine(n+1, fault.New(fault.TooLarge, "line_long", "the line is longer than 4 MiB"))
	}
	if lines.Err() != nil {
		return nil, fmt.Errorf("bench: read line %d: %w", n+1, lines.Err())
	}
	return records, nil
}

func readAssessment(d *checklist.Definition, line []byte) (Record, error) {
	var in assessmentJSON
	if err := score.Strict(line, &in); err != nil {
		return Record{}, err
	}
	for _, key := range []struct {
		name    string
		missing bool
	}{{"ags", in.AGS == nil}, {"population", in.Population == nil},
		{"answers", in.Answers == nil || string(in.Answers) == "null"}} {
		if key.missing {
			return Record{}, fault.New(fault.Invalid, "json", "the key %q is missing", key.name)
		}
	}
	ags, err := region.ParseAGS(*in.AGS)
	if err != nil {
		return Record{}, err
	}
	if *in.Population < 0 || *in.Population > 100_000_000 {
		return Record{}, fault.New(fault.Invalid, "population", "the population %d is out of range", *in.Population)
	}
	answers, err := score.DecodeAnswers(d, in.Answers)
	if err != nil {
		return Record{}, err
	}
	return NewRecord(d, ags, *in.Population, answers), nil
}

// atLine puts the line's number in front of a fault and keeps its kind and fields.
func atLine(line int, err error) error {
	f := fault.As(err)
	if f == nil {
		return fmt.Errorf("line %d: %w", line, err)
	}
	c := *f.With("Line", line)
	c.Message = fmt.Sprintf("line %d: %s", line, f.Message)
	return &c
}

// Members returns what decides the peer groups of the records, for region.Groups.
func Members(records []Record) []region.Member {
	members := make([]region.Member, len(records))
	for i := range records {
		members[i] = region.Member{AGS: records[i].AGS, Population: records[i].Population}
	}
	return members
}
