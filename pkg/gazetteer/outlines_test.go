package gazetteer

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/region"
)

const square = `[[8.00001,51],[8.1,51],[8.1,51.1],[8.10001,51.10001],[8,51.1],[8.00001,51]]`

func featureOf(properties, geometry string) string {
	return `{"type":"FeatureCollection","features":[{"type":"Feature","properties":` + properties + `,"geometry":` +
		geometry + `}]}`
}

func TestReadOutlines(t *testing.T) {
	in := `{"type":"FeatureCollection","name":"x","attribution":"Land <NRW>","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:OGC:1.3:CRS84"}},"features":[
	 {"type":"Feature","id":7,"properties":{"ags":"05958008","secret":"x"},"geometry":{"type":"MultiPolygon","coordinates":[[` + square + `],[` + square + `],[[[8,51],[8.00001,51],[8,51.00001],[8,51]]]]}},
	 {"type":"Feature","properties":{"name":"Arnsberg \"A\"","kreis":"HSK","cp":[8,51],"ags":"05958004"},"geometry":{"type":"Polygon","coordinates":[` + square + `]}}]}`
	want := `{"type":"FeatureCollection","attribution":"Land \u003cNRW\u003e","features":[` +
		`{"type":"Feature","properties":{"ags":"05958004","name":"Arnsberg \"A\""},"geometry":{"type":"Polygon","coordinates":[[[8,51],[8.1,51],[8.1,51.1],[8,51.1],[8,51]]]}},` +
		`{"type":"Feature","properties":{"ags":"05958008"},"geometry":{"type":"MultiPolygon","coordinates":[[[[8,51],[8.1,51],[8.1,51.1],[8,51.1],[8,51]]],[[[8,51],[8.1,51],[8.1,51.1],[8,51.1],[8,51]]]]}}]}`
	got, keys, err := ReadOutlines(strings.NewReader(in))
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if !slices.Equal(keys, []region.AGS{"05958004", "05958008"}) {
		t.Errorf("keys %v", keys)
	}
	again, _, err := ReadOutlines(bytes.NewReader(got))
	if err != nil || !bytes.Equal(again, got) {
		t.Errorf("what was written is read as %s, %v", again, err)
	}
}

func TestReadOutlinesOfTheRegion(t *testing.T) {
	raw := shared(t, "suedwestfalen.geojson")
	got, keys, err := ReadOutlines(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	towns, _, err := Suedwestfalen()
	if err != nil {
		t.Fatal(err)
	}
	var want []region.AGS
	for _, m := range towns {
		want = append(want, m.AGS)
	}
	if !slices.Equal(keys, want) {
		t.Errorf("keys %v", keys)
	}
	if !json.Valid(got) || bytes.Contains(got, []byte("kreis")) || len(got) > len(raw) {
		t.Errorf("%d bytes became %d", len(raw), len(got))
	}
	t.Logf("%d bytes became %d", len(raw), len(got))
}

func TestReadOutlinesRefuses(t *testing.T) {
	polygon := `{"type":"Polygon","coordinates":[` + square + `]}`
	ags := `{"ags":"05958004"}`
	for name, c := range map[string]struct{ in, code string }{
		"empty":       {" ", "outlines_empty"},
		"no json":     {"ags;name", "outlines_json"},
		"truncated":   {`{"type":"FeatureCollection","features":[`, "outlines_json"},
		"topojson":    {`{"type":"Topology"}`, "outlines_topojson"},
		"one feature": {`{"type":"Feature"}`, "outlines_type"},
		"none":        {`{"type":"FeatureCollection","features":[]}`, "outlines_none"},
		"system": {`{"type":"FeatureCollection","crs":{"properties":{"name":"EPSG:25832"}},"features":[]}`,
			"outlines_crs"},
		"utf-8": {"\xff", "outlines_utf8"},
		"deep":  {strings.Repeat("[", 1_000_000), "outlines_depth"},
		"bytes": {strings.Repeat(" ", maxOutlineBytes+1), "outlines_bytes"},
		"many": {`{"type":"FeatureCollection","features":[{}` + strings.Repeat(",{}", maxOutlines) + `]}`,
			"outlines_count"},
		"no ags":        {featureOf(`{}`, polygon), "outlines_ags"},
		"no properties": {featureOf(`null`, polygon), "outlines_ags"},
		"ags as number": {featureOf(`{"ags":5958004}`, polygon), "outlines_ags_text"},
		"ags short":     {featureOf(`{"ags":"595800"}`, polygon), "ags"},
		"point":         {featureOf(ags, `{"type":"Point","coordinates":[8,51]}`), "outlines_geometry"},
		"no geometry":   {featureOf(ags, `null`), "outlines_geometry"},
		"text":          {featureOf(ags, `{"type":"Polygon","coordinates":[[["8","51"]]]}`), "outlines_coordinates"},
		"infinite":      {featureOf(ags, `{"type":"Polygon","coordinates":[[[1e999,51]]]}`), "outlines_coordinates"},
		"no list":       {featureOf(ags, `{"type":"Polygon"}`), "outlines_coordinates"},
		"no rings":      {featureOf(ags, `{"type":"Polygon","coordinates":[]}`), "outlines_small"},
		"tiny": {featureOf(ags,
			`{"type":"Polygon","coordinates":[[[8,51],[8.00001,51],[8,51.00001],[8,51]]]}`), "outlines_small"},
		"short ring": {featureOf(ags, `{"type":"Polygon","coordinates":[[[8,51],[9,51],[8,51]]]}`), "outlines_ring"},
		"open ring": {featureOf(ags, `{"type":"Polygon","coordinates":[[[8,51],[9,51],[9,52],[8,52]]]}`),
			"outlines_open"},
		"one number": {featureOf(ags, `{"type":"Polygon","coordinates":[[[8],[9],[9],[8]]]}`), "outlines_position"},
		"metres": {featureOf(ags,
			`{"type":"Polygon","coordinates":[[[432000,5690000],[9,51],[9,52],[432000,5690000]]]}`), "outlines_range"},
		"twice": {strings.Replace(featureOf(ags, polygon), `"features":[`,
			`"features":[{"properties":`+ags+`,"geometry":`+polygon+`},`, 1), "ags_twice"},
	} {
		t.Run(name, func(t *testing.T) {
			got, _, err := ReadOutlines(strings.NewReader(c.in))
			f := fault.As(err)
			if f == nil {
				t.Fatalf("got %.80s, %v", got, err)
			}
			code := f.Code
			if len(f.Fields) > 0 {
				code = f.Fields[0].Code
			}
			if code != c.code {
				t.Errorf("want %s, got %v", c.code, err)
			}
		})
	}
}

func FuzzReadOutlines(f *testing.F) {
	f.Add([]byte(featureOf(`{"ags":"05958004","name":"A"}`, `{"type":"Polygon","coordinates":[`+square+`]}`)))
	f.Fuzz(func(t *testing.T, raw []byte) {
		got, keys, err := ReadOutlines(bytes.NewReader(raw))
		if err != nil {
			if fault.As(err) == nil {
				t.Fatalf("not a fault: %v", err)
			}
			return
		}
		again, same, err := ReadOutlines(bytes.NewReader(got))
		if err != nil || !bytes.Equal(again, got) || !slices.Equal(keys, same) {
			t.Fatalf("%s is read as %s, %v", got, again, err)
		}
	})
}

// TestOutlinesOfTheDemoRegion: all towns have one, each centre lies inside its own, and the source is named.
func TestOutlinesOfTheDemoRegion(t *testing.T) {
	towns, _, err := Suedwestfalen()
	if err != nil {
		t.Fatal(err)
	}
	data, err := SuedwestfalenOutlines()
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(data, []byte("Geobasis NRW")) || len(data) > 40_000 {
		t.Errorf("%d bytes without their source", len(data))
	}
	var all struct {
		Features []struct {
			Properties struct{ AGS region.AGS }
			Geometry   struct {
				Type        string
				Coordinates json.RawMessage
			}
		}
	}
	if err := json.Unmarshal(data, &all); err != nil {
		t.Fatal(err)
	}
	shapes := map[region.AGS][][][][2]float64{}
	for _, f := range all.Features {
		parts := make([][][][2]float64, 1)
		into := any(&parts[0])
		if f.Geometry.Type == "MultiPolygon" {
			into = &parts
		}
		if err := json.Unmarshal(f.Geometry.Coordinates, into); err != nil {
			t.Fatal(err)
		}
		shapes[f.Properties.AGS] = parts
	}
	for _, m := range towns {
		within := false
		for _, part := range shapes[m.AGS] {
			for _, ring := range part { // a hole takes back what the ring around it gave
				for i := range ring[1:] {
					a, b := ring[i], ring[i+1]
					if (a[1] > m.Lat) != (b[1] > m.Lat) && m.Lon < (b[0]-a[0])*(m.Lat-a[1])/(b[1]-a[1])+a[0] {
						within = !within
					}
				}
			}
		}
		if !within {
			t.Errorf("%s lies outside its outline", m.Name)
		}
	}
}
