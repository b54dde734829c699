package chart

import (
	"encoding/json"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"ortsspiegel/pkg/region"
)

// checkLayout says what is wrong with an arrangement of circles and names.
func checkLayout(t rapid.TB, l *layout, n int) {
	for i, c := range l.circles {
		if c.x-c.r < 0 || c.y-c.r < 0 || c.x+c.r > l.Width || c.y+c.r > l.Height {
			t.Fatalf("from %v px: the circle %d leaves the map: %+v of %v x %v", l.From, i, c, l.Width, l.Height)
		}
		if i > 0 && c.r > l.circles[i-1].r {
			t.Fatalf("the circle %d is bigger than one that lies below it", i)
		}
	}
	if l.Numbers {
		if len(l.tags) > 0 {
			t.Fatal("names and numbers")
		}
		return
	}
	if len(l.tags) != n {
		t.Fatalf("from %v px: %d names of %d towns", l.From, len(l.tags), n)
	}
	seen := map[int]bool{}
	for i, tag := range l.tags {
		if seen[tag.place] {
			t.Fatalf("the place %d has two names", tag.place)
		}
		seen[tag.place] = true
		if tag.area.left < 0 || tag.area.right > l.Width || tag.area.top < 0 || tag.area.bottom > l.Height {
			t.Fatalf("the name %d leaves the map", i)
		}
		for k, c := range l.circles {
			away := tag.area.apart(c)
			if away < 0 {
				t.Fatalf("the name %d covers the circle %d", i, k)
			}
			if tag.line == nil && k != tag.place && away <= tag.area.apart(l.circles[tag.place]) {
				t.Fatalf("the name of %d stands nearer to %d", tag.place, k)
			}
			if tag.line != nil && k != tag.place && distanceTo(*tag.line, c.x, c.y) < c.r {
				t.Fatalf("the line of %d runs through the circle %d", tag.place, k)
			}
		}
		for k, other := range l.tags {
			if k < i && tag.area.meets(other.area) {
				t.Fatalf("the names %d and %d overlap", k, i)
			}
			if k != i && other.line != nil && crosses(*other.line, tag.area) {
				t.Fatalf("the line of %d crosses the name of %d", other.place, tag.place)
			}
		}
	}
}

func TestNamesOnTheMapNeverMislead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var places []Place
		for range rapid.IntRange(1, 60).Draw(t, "n") {
			places = append(places,
				Place{Town: region.Municipality{Name: rapid.StringMatching(`[A-Z][a-z]{2,20}`).Draw(t, "name"),
					Population: rapid.IntRange(1, 100000).Draw(t, "population"),
					Lat:        rapid.Float64Range(50.6, 51.8).Draw(t, "lat"),
					Lon:        rapid.Float64Range(7.4, 9).Draw(t, "lon")}})
		}
		sorted := Atlas{Places: places}.located()
		for _, l := range layoutsOf(sorted) {
			checkLayout(t, &l, len(sorted))
		}
	})
}

// TestNeighboursOnTheMap has a small town almost in the middle of a big one and two towns at the same place.
func TestNeighboursOnTheMap(t *testing.T) {
	town := func(name string, population int, lat, lon float64) Place {
		return Place{Town: region.Municipality{Name: name, Population: population, Lat: lat, Lon: lon}, Level: 2}
	}
	a := Atlas{ID: "karte", Lang: "de", Checklist: levels(), Places: []Place{
		town("Kleinau", 11000, 51.091, 8.071), town("Großau", 90000, 51.1, 8.07), town("Zwilling", 9000, 51.3, 8.3),
		town("Ähnlich", 9000, 51.3, 8.3), town("Fern", 20000, 50.9, 8.6)}}
	sorted := a.located()
	for _, l := range layoutsOf(sorted) {
		checkLayout(t, &l, len(sorted))
		for i, big := range l.circles {
			for _, small := range l.circles[i+1:] {
				if d := math.Hypot(big.x-small.x, big.y-small.y); d < small.r+digitRoom-0.1 {
					t.Errorf("from %v px: a circle covers another one's number: %v px apart", l.From, d)
				}
			}
		}
	}
	c := Circles(a)
	var texts []string
	for _, k := range c.Key {
		texts = append(texts, k.Text)
	}
	if want := []string{"Ähnlich, Stufe 3 Gut", "Fern, Stufe 3 Gut", "Großau, Stufe 3 Gut", "Kleinau, Stufe 3 Gut",
		"Zwilling, Stufe 3 Gut"}; !slices.Equal(texts, want) {
		t.Errorf("key %q, want %q", texts, want)
	}
	var option struct {
		OS struct {
			Layouts []struct {
				From    float64
				Circles [][3]float64
			}
		}
		Series []struct {
			Data []struct{ Name, Number string }
		}
	}
	if err := json.Unmarshal(c.Option, &option); err != nil {
		t.Fatal(err)
	}
	circles := option.Series[0].Data
	if circles[0].Name != "Großau" || circles[0].Number != "3" {
		t.Errorf("the biggest town is drawn first, beneath all others: %+v", circles[0])
	}
	if circles[4].Name != "Ähnlich" && circles[4].Name != "Zwilling" {
		t.Errorf("the smallest town is drawn last: %+v", circles[4])
	}
	if l := option.OS.Layouts; len(l) < 3 || l[0].From != 0 || len(l[0].Circles) != 5 {
		t.Errorf("layouts %+v", l)
	}
}

// TestManyTownsOnTheMap: beyond what names and numbers can tell apart there are dots alone.
func TestManyTownsOnTheMap(t *testing.T) {
	a := Atlas{Lang: "de", Checklist: levels()}
	for i := range mostNamed + 1 {
		a.Places = append(a.Places, Place{Town: region.Municipality{Name: "Ort", Population: 1000 + i,
			Lat: 50 + float64(i%13)/13, Lon: 8 + float64(i%29)/29}, Level: -1})
	}
	c := Circles(a)
	if len(c.Key) > 0 || c.Option == nil || len(c.Notes) == 0 {
		t.Errorf("key of %d, notes %q", len(c.Key), c.Notes)
	}
}
