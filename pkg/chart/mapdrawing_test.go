package chart

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"ortsspiegel/pkg/checklist"
	"ortsspiegel/pkg/region"
)

func number(t *testing.T, s string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// TestDrawnMapNamesEverybody: all names stand in the picture, on no circle but their own and on no other name; outlines
// lie below and widen the map; the key says what sizes and steps mean.
func TestDrawnMapNamesEverybody(t *testing.T) {
	a := Atlas{Title: "Karte", Lang: "de",
		Checklist: &checklist.Definition{Levels: []checklist.Level{{ID: "a"}, {ID: "b"}, {ID: "c"}, {ID: "d"}}}}
	for i := range 40 {
		a.Places = append(a.Places, Place{Town: region.Municipality{AGS: region.AGS(fmt.Sprintf("05958%03d", i)),
			Name: fmt.Sprintf("Beispielstadt %02d", i), Population: 4000 + 2500*i, Lat: 51 + float64(i%7)/12,
			Lon: 7.5 + float64(i/7)/8}, Level: i%5 - 1})
	}
	d := DrawMap(a, nil)
	if len(d.Names) != 40 || len(d.Circles) != 40 || len(d.Areas) != 0 || d.Finding == "" {
		t.Fatalf("%d names, %d circles, %d areas, finding %q", len(d.Names), len(d.Circles), len(d.Areas), d.Finding)
	}
	area := func(n MapName) rect {
		x, y, half := number(t, n.X), number(t, n.Y), textWidth(n.Text)/2
		return rect{x - half, y - nameHeight/2, x + half, y + nameHeight/2}
	}
	for i, n := range d.Names {
		for _, c := range d.Circles {
			if away := area(n).apart(disc{number(t, c.X), number(t, c.Y), number(t, c.R)}); away < 0.5 {
				t.Errorf("%s lies on a circle (%.1f)", n.Text, away)
			}
		}
		for _, o := range d.Names[:i] {
			inner := area(o)
			inner.left, inner.right, inner.top, inner.bottom = inner.left+1, inner.right-1, inner.top+1, inner.bottom-1
			if area(n).meets(inner) {
				t.Errorf("%s and %s lie on each other", n.Text, o.Text)
			}
		}
	}
	steps := map[int]bool{}
	for _, c := range d.Circles {
		steps[c.Step] = true
		if (c.Step == 0) != (c.Digit == "") {
			t.Errorf("step %d has the digit %q", c.Step, c.Digit)
		}
	}
	if len(steps) != 5 || len(d.Key) != 5 || len(d.Sizes) != 3 {
		t.Errorf("steps %v, key %v, sizes %v", steps, d.Key, d.Sizes)
	}
	bottom := number(t, d.Height)
	for _, k := range append(d.Key, d.Sizes...) {
		if y := number(t, k.Y); y+number(t, k.R) > bottom {
			t.Errorf("the key reaches below the picture: %+v", k)
		}
	}
	outlines := `{"type":"FeatureCollection","features":[
		{"type":"Feature","properties":{"ags":"05958001"},"geometry":{"type":"Polygon",
		"coordinates":[[[7,51],[8,51],[8,52],[7,51]]]}},
		{"type":"Feature","properties":{"ags":"05958002"},"geometry":{"type":"MultiPolygon",
		"coordinates":[[[[8,51],[8.2,51],[8.2,51.2],[8,51]]],[[[8,51.5],[8.00001,51.5],[8.1,51.6],[8,51.5]]]]}},
		{"type":"Feature","properties":{"ags":"09999999"},"geometry":{"type":"Polygon",
		"coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}}]}`
	d = DrawMap(a, []byte(outlines))
	if len(d.Areas) != 3 || !strings.HasPrefix(d.Areas[0], "M") || !strings.HasSuffix(d.Areas[0], "Z") {
		t.Errorf("outlines: %q", d.Areas)
	}
	for _, p := range d.Areas {
		for _, part := range strings.FieldsFunc(p, func(r rune) bool { return strings.ContainsRune("MLZ", r) }) {
			x, y, _ := strings.Cut(part, " ")
			if x, y := number(t, x), number(t, y); x < 0 || x > mapWidth || y < 0 || y > number(t, d.Height) {
				t.Errorf("%q leaves the picture", part)
			}
		}
	}
	if got := DrawMap(Atlas{Lang: "de"}, nil); got.Empty == "" || len(got.Circles) > 0 {
		t.Errorf("nobody on the map: %+v", got)
	}
}
