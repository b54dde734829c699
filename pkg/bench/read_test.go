package bench_test

import (
	"errors"
	"strings"
	"testing"
	"testing/iotest"

	"ortsspiegel/pkg/bench"
	"ortsspiegel/pkg/bench/internal/setup"
	"ortsspiegel/pkg/fault"
)

func TestReadAssessments(t *testing.T) {
	in := "\xef\xbb\xbf" + `{"ags":"05958004","population":74879,"answers":{"q":{"value":"m"}}}` + "\r\n\n" +
		`{"ags":"05958008","population":25000,"answers":{"q":{"not_applicable":"gibt es hier nicht"}}}`
	records, err := bench.ReadAssessments(setup.Flat(), strings.NewReader(in))
	if err != nil {
		t.Fatal(err)
	}
	if len(records) != 2 || records[0].Values[0] != 0.5 || records[0].Population != 74879 ||
		records[1].Chosen[0] != -1 {
		t.Errorf("%+v", records)
	}
}

func TestReadAssessmentsNamesLineAndKey(t *testing.T) {
	good := `{"ags":"05958004","population":1,"answers":{}}` + "\n"
	for name, c := range map[string]struct {
		in   string
		want []string
	}{
		"unknown key": {good + `{"ags":"05958008","population":1,"answers":{},"mayor":"x"}`,
			[]string{"line 2", `"mayor"`}},
		"unknown question": {good + `{"ags":"05958008","population":1,"answers":{"zz":{"value":"m"}}}`,
			[]string{"line 2", "zz"}},
		"unknown option": {good + `{"ags":"05958008","population":1,"answers":{"q":{"value":"zz"}}}`,
			[]string{"line 2", "q", "zz"}},
		"missing ags":     {`{"population":1,"answers":{}}`, []string{"line 1", `"ags"`}},
		"missing answers": {`{"ags":"05958008","population":1,"answers":null}`, []string{"line 1", `"answers"`}},
		"no population":   {`{"ags":"05958008","answers":{}}`, []string{"line 1", `"population"`}},
		"negative":        {`{"ags":"05958008","population":-4,"answers":{}}`, []string{"line 1", "-4"}},
		"bad ags":         {`{"ags":"5958008","population":1,"answers":{}}`, []string{"line 1", "5958008"}},
		"twice":           {good + "\n" + good, []string{"line 3", "05958004", "line 1"}},
		"no json":         {good + "ags;population", []string{"line 2"}},
		"long": {good + `{"ags":"` + strings.Repeat("0", bench.MaxLine) + `"}`,
			[]string{"line 2", "4 MiB"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := bench.ReadAssessments(setup.Flat(), strings.NewReader(c.in))
			if !fault.Is(err, fault.Invalid) && !fault.Is(err, fault.TooLarge) {
				t.Fatalf("got %v", err)
			}
			for _, want := range c.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%q does not say %s", err, want)
				}
			}
		})
	}
}

func TestReadAssessmentsPassesReadErrorsOn(t *testing.T) {
	broken := errors.New("disk gone")
	if _, err := bench.ReadAssessments(setup.Flat(), iotest.ErrReader(broken)); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
}

func FuzzReadAssessments(f *testing.F) {
	f.Add(`{"ags":"05958004","population":74879,"answers":{"s0-q0":{"value":"geplant"},"s0-q3":{"value":7.5}}}`)
	f.Add(`{"ags":"05958004","population":1e9,"answers":{"s0-q2":{"value":["x","y"]}}}` + "\n{}")
	d := setup.Checklist(1)
	f.Fuzz(func(t *testing.T, in string) {
		records, err := bench.ReadAssessments(d, strings.NewReader(in))
		if err != nil {
			return
		}
		for _, r := range records {
			if _, err := bench.NewDecoder(d).Decode(encode(t, r)); err != nil {
				t.Fatalf("a record that was read cannot be stored: %v", err)
			}
		}
	})
}
