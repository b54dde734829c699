package reports

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/internal/testkit"
	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/report"
	"ortsspiegel/pkg/round"
	"ortsspiegel/pkg/score"
	"ortsspiegel/pkg/workbook/book"
	"ortsspiegel/pkg/workbook/sample"
)

// manyTowns is an export of n towns, made up one after the other.
func manyTowns(d *checklist.Definition, n int) report.RawReport {
	type made struct {
		answers score.Answers
		entries map[checklist.QuestionID]assessment.Entry
	}
	some := make([]made, 20)
	for i := range some {
		some[i].answers = sample.RandomAnswers(d, sample.Seeded(uint64(i)), 1)
		some[i].entries = sample.Entries(d, some[i].answers, []string{"Ein Kommentar, wie er vorkommt.", "",
			"Noch einer"})
	}
	return report.RawReport{Lang: "de", Program: "Ortsspiegel 1.0.0", AsOf: sample.AsOf, Region: sample.Suedwestfalen,
		Definition: d, Round: round.Round{Title: "Runde"},
		Each: func(f func(round.Submission) error) error {
			for i := range n {
				town := region.Municipality{AGS: region.AGS(fmt.Sprintf("%08d", i)), Name: "Stadt " + strconv.Itoa(i),
					District: region.District{Name: "Kreis " + strconv.Itoa(i/30)}}
				m := some[i%len(some)]
				if err := f(round.Submission{Assessment: assessment.ID(i), Town: town, At: sample.AsOf,
					Entries: m.entries, Answers: m.answers}); err != nil {
					return err
				}
			}
			return nil
		}}
}

// plainRows calls f with the bare values of every row, as the plainest program would write them.
func plainRows(r report.RawReport, f func([]any) error) error {
	x := newDescriber(r.Definition, r.Lang)
	return r.Each(func(s round.Submission) error {
		return x.each(s.Town, s.Entries, score.Score(r.Definition, s.Answers), func(a *answerRow) error {
			points, changed := any(nil), any(nil)
			if a.points != nil {
				points = 100 * *a.points
			}
			if !a.changed.IsZero() {
				changed = book.Serial(a.changed)
			}
			return f([]any{string(a.town.AGS), a.town.Name, a.town.District.Name, a.section, a.number,
				string(a.question), a.text,
				book.StatePhrases[a.state][0], a.answer, points, a.reason, a.comment, changed})
		})
	})
}

func BenchmarkRaw(b *testing.B) {
	d := sample.Willkommen(b)
	r := manyTowns(d, 500)
	rows := float64(500 * len(d.Questions()))
	run := func(name string, write func(io.Writer) error) {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if err := write(io.Discard); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(rows*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
	run("export", func(w io.Writer) error { return WriteRaw(w, r) })
	run("csv", func(w io.Writer) error { return WriteRegionCSV(w, r) })
	run("plain stream", func(w io.Writer) error {
		f := excelize.NewFile()
		defer f.Close()
		sw, err := f.NewStreamWriter("Sheet1")
		if err != nil {
			return err
		}
		n := 0
		if err := plainRows(r, func(values []any) error {
			n++
			return sw.SetRow("A"+book.Itoa(n), values)
		}); err != nil {
			return err
		}
		if err := sw.Flush(); err != nil {
			return err
		}
		return f.Write(w)
	})
	run("set cell value", func(w io.Writer) error {
		f := excelize.NewFile()
		defer f.Close()
		n := 0
		err := plainRows(r, func(values []any) error {
			n++
			for i, v := range values {
				if err := f.SetCellValue("Sheet1", book.Cell(i+1, n), v); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		return f.Write(w)
	})
}

func BenchmarkRegion(b *testing.B) {
	r := regionReport(b, sample.Willkommen(b), 38)
	for b.Loop() {
		if err := WriteRegion(io.Discard, r); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkTown(b *testing.B) {
	d := sample.Willkommen(b)
	r := sample.TownReport(d, sample.RandomAnswers(d, sample.Seeded(1), 1), "de")
	for b.Loop() {
		if err := WriteTown(io.Discard, r); err != nil {
			b.Fatal(err)
		}
	}
}

// childVariable makes the test binary write one large export and report its peak memory.
const childVariable = "ORTSSPIEGEL_WORKBOOK_CHILD"

// TestRawPeakMemory writes 550 000 answers in a process of its own and reads from the kernel
// how much memory it ever had.
func TestRawPeakMemory(t *testing.T) {
	if os.Getenv(childVariable) != "" {
		d := sample.Willkommen(t)
		began := time.Now()
		if err := WriteRaw(io.Discard, manyTowns(d, 550000/len(d.Questions())+1)); err != nil {
			t.Fatal(err)
		}
		status, err := os.ReadFile("/proc/self/status")
		if err != nil {
			t.Fatal(err)
		}
		fmt.Printf("took %v\n%s\n", time.Since(began), status)
		return
	}
	testkit.Long(t, "writes 550 000 rows")
	if _, err := os.Stat("/proc/self/status"); err != nil {
		testkit.Need(t, "/proc, to read the peak memory of a process")
	}
	cmd := exec.Command(os.Args[0], "-test.run=^TestRawPeakMemory$", "-test.v")
	cmd.Env = append(os.Environ(), childVariable+"=1")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	peak := regexp.MustCompile(`VmHWM:\s+(\d+) kB`).FindSubmatch(out)
	if peak == nil {
		t.Fatalf("no peak in %s", out)
	}
	kb, err := strconv.Atoi(string(peak[1]))
	if err != nil {
		t.Fatal(err)
	}
	took := regexp.MustCompile(`took \S+`).Find(bytes.TrimSpace(out))
	t.Logf("peak memory %d MB, %s", kb/1024, took)
	if kb > 150*1024 {
		t.Errorf("peak memory %d MB, at most 150 MB are allowed", kb/1024)
	}
}
