package testkit

import (
	"context"
	"encoding/xml"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// Word is a word of a printed page. Lengths are points, measured from the page's upper left corner.
type Word struct {
	XMin float64 `xml:"xMin,attr"`
	YMin float64 `xml:"yMin,attr"`
	XMax float64 `xml:"xMax,attr"`
	YMax float64 `xml:"yMax,attr"`
	Text string  `xml:",chardata"`
}

// Sheet is a printed page.
type Sheet struct {
	Width  float64 `xml:"width,attr"`
	Height float64 `xml:"height,attr"`
	Words  []Word  `xml:"word"`
}

// Print prints the page as its style sheet says, without backgrounds, as browsers do unless told otherwise, and returns
// what is to be read on each sheet.
func (tab *Tab) Print(t testing.TB) []Sheet {
	t.Helper()
	reader, err := exec.LookPath("pdftotext")
	if err != nil {
		Need(t, "pdftotext: apt-get install poppler-utils")
	}
	ctx, cancel := context.WithTimeout(tab.Context, time.Minute)
	defer cancel()
	yes, no := true, false
	file := filepath.Join(t.TempDir(), "page.pdf")
	err = chromedp.Do(ctx, chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		r, err := cdp.Call(ctx, target, page.PrintToPDF, page.PrintToPDFParams{PreferCSSPageSize: &yes,
			PrintBackground: &no})
		if err != nil {
			return err
		}
		return os.WriteFile(file, r.Data, 0o600)
	}))
	if err != nil {
		t.Fatalf("print: %v\n%s", err, tab.where())
	}
	out, err := exec.Command(reader, "-bbox", file, "-").Output()
	if err != nil {
		t.Fatalf("pdftotext: %v", err)
	}
	var doc struct {
		Sheets []Sheet `xml:"body>doc>page"`
	}
	if err := xml.Unmarshal(out, &doc); err != nil {
		t.Fatalf("pdftotext: %v", err)
	}
	return doc.Sheets
}

// Paper shows the next pages as they are printed.
func Paper() chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"})
		return err
	})
}
