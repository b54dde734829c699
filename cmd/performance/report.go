package main

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
)

// unit says what the figures of a row are and which direction is better.
type unit string

const (
	perSecond unit = "/s"  // more is better
	seconds   unit = "s"   // less is better
	kilobytes unit = "kB"  // less is better; 1 000 bytes
	megabytes unit = "MB"  // less is better; 1 000 000 bytes
	exponent  unit = "exp" // less is better
)

// row is one line of the table. Ratio is the share of the limit that is reached: program/limit
// for rates, limit/program for times and sizes; null where nothing limits.
type row struct {
	Measure string   `json:"measure"`
	Unit    unit     `json:"unit"`
	Program float64  `json:"program"`
	Limit   *float64 `json:"limit"`
	LimitIs string   `json:"limit_is,omitempty"`
	Ratio   *float64 `json:"ratio"`
	Target  string   `json:"target,omitempty"`
	Met     *bool    `json:"met"`
	N       string   `json:"n"`
	// Unmeasured says why there is no figure; the row has neither limit nor ratio then.
	Unmeasured string   `json:"unmeasured,omitempty"`
	PeakMB     *float64 `json:"peak_mb"`       // resident memory of the process that did it
	LimitPeak  *float64 `json:"limit_peak_mb"` // of the limit's process
}

// against sets the limit and the ratio. Of a rate or time that was taken in turns, ratio is the
// median over the turns, which noise on the machine moves less than the ratio of the medians.
func (r row) against(what string, limit float64, ratio ...float64) row {
	r.Limit, r.LimitIs = &limit, what
	share := r.Program / limit
	if r.Unit != perSecond {
		share = limit / r.Program
	}
	if len(ratio) > 0 {
		share = median(ratio)
	}
	r.Ratio = &share
	return r
}

// want sets the target and whether it is met.
func (r row) want(target string, met bool) row {
	r.Target, r.Met = target, &met
	return r
}

// peaks sets the peak memory in bytes; 0 is unknown.
func (r row) peaks(program, limit int64) row {
	for _, p := range []struct {
		to    **float64
		bytes int64
	}{{&r.PeakMB, program}, {&r.LimitPeak, limit}} {
		if p.bytes > 0 {
			mb := float64(p.bytes) / 1e6
			*p.to = &mb
		}
	}
	return r
}

// results are everything that is printed.
type results struct {
	Go         string    `json:"go"`
	CPUs       int       `json:"cpus"`
	LoadBefore []float64 `json:"load_before"`
	LoadAfter  []float64 `json:"load_after"`
	Rows       []row     `json:"rows"`
}

func (r *results) begin() {
	r.Go, r.CPUs, r.LoadBefore, r.Rows = runtime.Version(), runtime.NumCPU(), load(), []row{}
}

func (r *results) end() { r.LoadAfter = load() }

// add takes rows; one without a figure stays, and says so instead.
func (r *results) add(rows ...row) {
	for _, one := range rows {
		if why := one.faulty(); why != "" {
			one = row{Measure: one.Measure, Unit: one.Unit, Target: one.Target, N: one.N, Unmeasured: why}
		}
		r.Rows = append(r.Rows, one)
	}
}

// faulty says why a row's figures are none, or nothing. Nothing here takes no time, has no
// size or happens never, so 0 is as little a figure as a quotient of two zeros is.
func (r row) faulty() string {
	switch {
	case math.IsNaN(r.Program) || math.IsInf(r.Program, 0):
		return "no sample"
	case r.Program == 0 && r.Unit != exponent:
		return "the program's figure is 0"
	case r.Limit != nil && !positive(*r.Limit):
		return "the limit has no sample"
	case r.Ratio != nil && !positive(*r.Ratio):
		return "the ratio is none"
	}
	return ""
}

func positive(v float64) bool { return v > 0 && !math.IsInf(v, 0) }

// MarshalJSON leaves out the figure of a row that has none.
func (r row) MarshalJSON() ([]byte, error) {
	type plain row
	if r.Unmeasured == "" {
		return json.Marshal(plain(r))
	}
	return json.Marshal(struct {
		plain
		Program *float64 `json:"program"`
	}{plain: plain(r)})
}

func (r *results) json(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetIndent("", " ")
	return e.Encode(r)
}

func (r *results) table(w io.Writer) error {
	fmt.Fprintf(w, "%s, %d CPUs, load %v before, %v after\n", r.Go, r.CPUs, r.LoadBefore, r.LoadAfter)
	fmt.Fprintf(w, "ratio: share of the limit that is reached (rates: program / limit, times: limit / program)\n\n")
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "measure\tthis program\tlimit\tratio\ttarget\tn\tpeak memory\tthe limit is")
	for _, l := range r.Rows {
		if l.Unmeasured != "" {
			fmt.Fprintf(t, "%s\tNOT MEASURED\t\t\t%s\t%s\t\t%s\n", l.Measure, l.Target, l.N, l.Unmeasured)
			continue
		}
		limit, ratio, target := "", "", l.Target
		if l.Limit != nil {
			limit, ratio = figure(*l.Limit, l.Unit), number(*l.Ratio)
		}
		if l.Met != nil && *l.Met {
			target += " reached"
		} else if l.Met != nil {
			target += " MISSED"
		}
		peak := memory(l.PeakMB)
		if l.LimitPeak != nil {
			peak += " / " + memory(l.LimitPeak)
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", l.Measure, figure(l.Program, l.Unit), limit, ratio, target,
			l.N, peak, l.LimitIs)
	}
	if len(r.Rows) == 0 {
		fmt.Fprintln(t, "NOTHING WAS MEASURED")
	}
	return t.Flush()
}

func memory(mb *float64) string {
	if mb == nil {
		return ""
	}
	return figure(*mb, megabytes)
}

// figure writes a figure with its unit; short times in milliseconds or microseconds.
func figure(v float64, u unit) string {
	switch {
	case u == exponent:
		return number(v)
	case u == seconds && v < 0.001:
		return number(v*1e6) + " µs"
	case u == seconds && v < 1:
		return number(v*1e3) + " ms"
	}
	return number(v) + " " + string(u)
}

// number writes three significant digits, and all digits before the point.
func number(v float64) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return "unknown"
	}
	if v == 0 {
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	decimals := max(0, 2-int(math.Floor(math.Log10(math.Abs(v)))))
	whole, rest, _ := strings.Cut(strconv.FormatFloat(v, 'f', decimals, 64), ".")
	for i := len(whole) - 3; i > 0 && whole[i-1] != '-'; i -= 3 {
		whole = whole[:i] + " " + whole[i:]
	}
	if rest != "" {
		whole += "." + rest
	}
	return whole
}

// median of no figure, and of a list with one that is none, is no figure.
func median(list []float64) float64 {
	s := slices.Sorted(slices.Values(list))
	if len(s) == 0 || math.IsNaN(s[0]) { // sorted, those come first
		return math.NaN()
	}
	return (s[(len(s)-1)/2] + s[len(s)/2]) / 2
}

// load returns the machine's load averages over 1, 5 and 15 minutes; empty where they are unknown.
func load() []float64 {
	text, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return []float64{}
	}
	list := []float64{}
	for _, f := range strings.Fields(string(text))[:3] {
		if v, err := strconv.ParseFloat(f, 64); err == nil {
			list = append(list, v)
		}
	}
	return list
}
