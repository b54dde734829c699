package form

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/workbook/sample"
)

// FuzzMutatedForm changes a piece of a part of a real form, as broken and hostile programs do: what
// comes of it is read or refused with a message, and never an error that nobody knows. A form that
// is read has each of its questions once.
func FuzzMutatedForm(f *testing.F) {
	d := formular(f)
	good := writtenForm(f, sample.FormOf(d, nil), "de")
	z, err := zip.NewReader(bytes.NewReader(good), int64(len(good)))
	if err != nil {
		f.Fatal(err)
	}
	var names []string
	parts := map[string]string{}
	for _, entry := range z.File {
		r, err := entry.Open()
		if err != nil {
			f.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err := errors.Join(err, r.Close()); err != nil {
			f.Fatal(err)
		}
		names = append(names, entry.Name)
		parts[entry.Name] = string(content)
	}
	for i, name := range names {
		content := parts[name]
		for _, change := range [][2]string{{`r="5"`, `r="0"`}, {`r="5"`, `r="-1"`}, {`r="5"`, `r="99999999999"`},
			{`r="E5"`, `r="E0"`}, {`r="E5"`, `r=""`}, {`<v>`, `<v>-`}, {`Target="`, `Target="../`},
			{`name="`, `name="x`}, {`</row>`, `</row><row r="2"/>`}, {`t="s"`, `t="inlineStr"`},
			{`<c `, `<c><v>1</v></c><c `}, {`numFmtId="`, `numFmtId="-`}} {
			if at := strings.Index(content, change[0]); at >= 0 {
				f.Add(uint8(i), uint32(at), uint16(len(change[0])), change[1])
			}
		}
	}
	f.Fuzz(func(t *testing.T, part uint8, at uint32, cut uint16, insert string) {
		name := names[int(part)%len(names)]
		content := parts[name]
		from := int(at) % (len(content) + 1)
		to := min(len(content), from+int(cut)%256)
		data := repacked(t, good, map[string]func(string) io.Reader{name: instead(content[:from] + insert +
			content[to:])})
		r, err := ReadForm(context.Background(), bytes.NewReader(data), int64(len(data)),
			func(hash string) (*checklist.Definition, error) {
				if hash != d.Hash {
					return nil, fault.New(fault.NotFound, "checklist_unknown", "no checklist has this hash")
				}
				return d, nil
			})
		if err != nil {
			if k := fault.As(err); k == nil || k.Kind == fault.Internal {
				t.Fatalf("%s: not a fault: %v", name, err)
			}
			return
		}
		seen := map[checklist.QuestionID]bool{}
		for _, filled := range r.Filled {
			if seen[filled.Question] {
				t.Fatalf("%s stands twice", filled.Question)
			}
			seen[filled.Question] = true
		}
	})
}
