package gazetteer

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/internal/plaintext"
	"ortsspiegel/pkg/region"
)

// Limits of an outline file. The 59 municipalities of the demo region, simplified, have
// 120 kB; all of Germany's about 8 MB.
const (
	maxOutlineBytes = 16 << 20
	maxOutlineDepth = 16 // a MultiPolygon's number lies 9 deep
	maxOutlines     = 12_000
	maxAttribution  = 500
)

// ReadOutlines reads the municipalities' outlines from a GeoJSON FeatureCollection in WGS 84
// degrees: each feature a Polygon or MultiPolygon with the property "ags" (text) and, if
// wanted, "name". It returns GeoJSON fit for storage, which is minified, ordered by AGS,
// rounded to 4 decimals (about 10 m) and stripped of every other property except the
// collection's "attribution", and the keys in the same order. The error lists all problems.
func ReadOutlines(r io.Reader) ([]byte, []region.AGS, error) {
	raw, err := io.ReadAll(io.LimitReader(r, maxOutlineBytes+1))
	if err != nil {
		return nil, nil, fmt.Errorf("gazetteer: read outlines: %w", err)
	}
	if len(raw) > maxOutlineBytes {
		return nil, nil, fault.New(fault.TooLarge, "outlines_bytes",
			"the file is larger than %d MB: simplify the outlines, for instance to 10 %% of their points",
			maxOutlineBytes>>20).With("Limit", maxOutlineBytes)
	}
	raw = plaintext.WithoutMark(raw)
	if err := checkJSON(raw); err != nil {
		return nil, nil, err
	}
	var c collection
	if err := json.Unmarshal(raw, &c); err != nil {
		return nil, nil, fault.New(fault.Invalid, "outlines_json",
			"the file is not a GeoJSON FeatureCollection").Because(err)
	}
	if err := c.check(); err != nil {
		return nil, nil, err
	}
	return c.outlines()
}

type collection struct {
	Type        string          `json:"type"`
	CRS         json.RawMessage `json:"crs"`
	Attribution json.RawMessage `json:"attribution"`
	Features    []feature       `json:"features"`
}

type feature struct {
	Type       string `json:"type"`
	Properties struct {
		AGS  json.RawMessage `json:"ags"`
		Name json.RawMessage `json:"name"`
	} `json:"properties"`
	Geometry struct {
		Type        string          `json:"type"`
		Coordinates json.RawMessage `json:"coordinates"`
	} `json:"geometry"`
}

// A position is longitude, latitude and perhaps a height, which is dropped; a ring is closed.
type (
	ring    [][]float64
	polygon []ring
)

// checkJSON bounds the nesting before anything is decoded.
func checkJSON(raw []byte) error {
	if len(bytes.TrimSpace(raw)) == 0 {
		return fault.New(fault.Invalid, "outlines_empty", "the file is empty: a GeoJSON FeatureCollection is expected")
	}
	if !utf8.Valid(raw) {
		return fault.New(fault.Invalid, "outlines_utf8", "the file is not written in UTF-8, as GeoJSON has to be")
	}
	depth, quoted := 0, false
	for i := 0; i < len(raw); i++ {
		switch c := raw[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '[' || c == '{':
			if depth++; depth > maxOutlineDepth {
				return fault.New(fault.TooLarge, "outlines_depth",
					"the file is nested more than %d deep, which no outlines are", maxOutlineDepth).With("Limit",
					maxOutlineDepth)
			}
		case c == ']' || c == '}':
			depth--
		}
	}
	return nil
}

func (c *collection) check() error {
	system, known := c.system()
	switch {
	case c.Type == "Topology":
		return fault.New(fault.Invalid, "outlines_topojson", "the file is TopoJSON: export it as GeoJSON")
	case c.Type != "FeatureCollection":
		return fault.New(fault.Invalid, "outlines_type", "the file is a %q: a GeoJSON FeatureCollection is expected",
			clip(c.Type))
	case !known:
		return fault.New(fault.Invalid, "outlines_crs", "the coordinates are in %s: export them in WGS 84 (EPSG:4326)",
			system).With("System", system)
	case len(c.Features) == 0:
		return fault.New(fault.Invalid, "outlines_none", "the file has no outline")
	case len(c.Features) > maxOutlines:
		return fault.New(fault.TooLarge, "outlines_count", "the file has more than %d outlines",
			maxOutlines).With("Limit", maxOutlines)
	}
	return nil
}

// system is the reference system a file names, and whether its coordinates are degrees of longitude
// and latitude: WGS 84, or ETRS 89, which differs from it by centimetres in Germany.
func (c *collection) system() (name string, known bool) {
	if text := strings.TrimSpace(string(c.CRS)); text == "" || text == "null" {
		return "", true
	}
	var crs struct {
		Properties struct {
			Name string `json:"name"`
			Code any    `json:"code"`
			Href string `json:"href"`
		} `json:"properties"`
	}
	if json.Unmarshal(c.CRS, &crs) != nil {
		_ = json.Unmarshal(c.CRS, &crs.Properties.Name) // some write the name alone
	}
	name = crs.Properties.Name
	if name == "" && crs.Properties.Code != nil {
		name = fmt.Sprintf("EPSG:%v", crs.Properties.Code)
	}
	if name == "" {
		name = crs.Properties.Href
	}
	if name == "" {
		return "a reference system that the file does not name", false
	}
	if m := systemCode.FindStringSubmatch(name); m != nil {
		named, ok := systems[m[1]]
		if ok {
			return fmt.Sprintf("%s (EPSG:%s)", named, m[1]), false
		}
		return "EPSG:" + m[1], m[1] == "4326" || m[1] == "4258" || m[1] == "4979"
	}
	plain := strings.ToUpper(strings.NewReplacer(" ", "", "_", "", "-", "").Replace(name))
	return clip(name), strings.Contains(plain, "CRS84") || plain == "WGS84" || plain == "ETRS89"
}

var systemCode = regexp.MustCompile(`(?i)EPSG.*?(\d{4,6})$`)

// systems are those that German offices export without being asked.
var systems = map[string]string{"25831": "ETRS89 / UTM zone 31N", "25832": "ETRS89 / UTM zone 32N",
	"25833": "ETRS89 / UTM zone 33N", "31466": "Gauß-Krüger zone 2",
	"31467": "Gauß-Krüger zone 3", "31468": "Gauß-Krüger zone 4", "31469": "Gauß-Krüger zone 5",
	"4647": "ETRS89 / UTM zone 32N with zone number", "3857": "Web Mercator",
	"4314": "DHDN", "3035": "ETRS89 / LAEA Europe"}

// outline is a feature that was checked.
type outline struct {
	ags      region.AGS
	name     string
	polygons []polygon
}

func (c *collection) outlines() ([]byte, []region.AGS, error) {
	p := &problems{}
	seen := map[region.AGS]int{}
	list := make([]outline, 0, len(c.Features))
	for i := range c.Features {
		n := i + 1
		o := p.outline(n, &c.Features[i])
		if first, twice := seen[o.ags]; twice && o.ags != "" {
			p.add(n, "ags", "ags_twice", fmt.Sprintf("%s is feature %d already: join its parts in one MultiPolygon",
				o.ags, first), string(o.ags))
		}
		seen[o.ags] = n
		list = append(list, o)
	}
	for i := range p.fields {
		p.fields[i].Name = strings.Replace(p.fields[i].Name, "line ", "feature ", 1)
		p.fields[i].Name = strings.Replace(p.fields[i].Name, ", column ", ", ", 1)
	}
	if err := p.err(); err != nil {
		return nil, nil, err
	}
	slices.SortFunc(list, func(a, b outline) int { return strings.Compare(string(a.ags), string(b.ags)) })
	keys := make([]region.AGS, len(list))
	for i, o := range list {
		keys[i] = o.ags
	}
	return c.write(list), keys, nil
}

// outline reads one feature; n counts from 1.
func (p *problems) outline(n int, f *feature) outline {
	var o outline
	var key string
	switch err := json.Unmarshal(f.Properties.AGS, &key); {
	case len(f.Properties.AGS) == 0:
		p.add(n, "ags", "outlines_ags", "the property \"ags\" is missing", "")
	case err != nil:
		p.add(n, "ags", "outlines_ags_text",
			"the property \"ags\" has to be text in quotation marks, or its leading zero is lost",
			string(f.Properties.AGS))
	default:
		o.ags = p.ags(n, "ags", plaintext.Text(key))
	}
	if len(f.Properties.Name) > 0 && json.Unmarshal(f.Properties.Name, &o.name) == nil {
		o.name = p.name(n, "name", plaintext.Line(o.name), false)
	}
	var err error
	switch f.Geometry.Type {
	case "Polygon":
		o.polygons = make([]polygon, 1)
		err = json.Unmarshal(f.Geometry.Coordinates, &o.polygons[0])
	case "MultiPolygon":
		err = json.Unmarshal(f.Geometry.Coordinates, &o.polygons)
	case "":
		p.add(n, "geometry", "outlines_geometry", "the town has no geometry: a Polygon or MultiPolygon is expected", "")
		return o
	default:
		p.add(n, "geometry", "outlines_geometry",
			fmt.Sprintf("the geometry is a %q: Polygon or MultiPolygon is expected", clip(f.Geometry.Type)),
			f.Geometry.Type)
		return o
	}
	if err != nil {
		p.add(n, "geometry", "outlines_coordinates", "the coordinates are not lists of numbers as a "+f.Geometry.Type+
			" has them", "")
		return o
	}
	if code, message := tidy(&o); code != "" {
		p.add(n, "geometry", code, message, "")
	}
	return o
}

// tidy rounds the polygons in place, drops points that fall together and rings that become
// too small to be seen; it returns what is wrong, or an empty code.
func tidy(o *outline) (code, message string) {
	kept := o.polygons[:0]
	for _, rings := range o.polygons {
		var solid polygon
		for k, points := range rings {
			if code, message := points.check(); code != "" {
				return code, message
			}
			points = points.round()
			if len(points) >= 4 {
				solid = append(solid, points)
			} else if k == 0 {
				break // without its outer ring a polygon is nothing
			}
		}
		if len(solid) > 0 {
			kept = append(kept, solid)
		}
	}
	o.polygons = kept
	if len(kept) == 0 {
		return "outlines_small", "the outline is empty or smaller than ten metres"
	}
	return "", ""
}

func (r ring) check() (code, message string) {
	if len(r) < 4 {
		return "outlines_ring", "a ring has fewer than four positions"
	}
	for _, at := range r {
		switch {
		case len(at) < 2 || len(at) > 3:
			return "outlines_position", "a position is not a pair of longitude and latitude"
		case math.Abs(at[0]) > 180 || math.Abs(at[1]) > 90:
			return "outlines_range", fmt.Sprintf(
				"the position %.7g, %.7g is not in degrees: export the outlines in WGS 84 (EPSG:4326)", at[0], at[1])
		case at[0] < west || at[0] > east || at[1] < south || at[1] > north:
			if at[1] >= west && at[1] <= east && at[0] >= south && at[0] <= north {
				return "outlines_exchanged", fmt.Sprintf(
					"the position %v, %v lies outside of Germany: are latitude and longitude exchanged? GeoJSON has "+
						"the longitude first", at[0], at[1])
			}
			return "outlines_outside", fmt.Sprintf(
				"the position %v, %v lies outside of Germany (longitude %v to %v, latitude %v to %v): are latitude "+
					"and longitude exchanged, or is this another reference system?",
				at[0], at[1], west, east, south, north)
		}
	}
	if last := len(r) - 1; r[0][0] != r[last][0] || r[0][1] != r[last][1] {
		return "outlines_open", "a ring is not closed: its last position has to be its first"
	}
	return "", ""
}

// round rounds to 4 decimals and drops positions that are the same as the one before.
func (r ring) round() ring {
	out := make(ring, 0, len(r))
	for _, at := range r {
		lon, lat := math.Round(at[0]*1e4)/1e4, math.Round(at[1]*1e4)/1e4
		if n := len(out); n > 0 && out[n-1][0] == lon && out[n-1][1] == lat {
			continue
		}
		out = append(out, []float64{lon, lat})
	}
	return out
}

// write builds the GeoJSON by hand, so that nothing of the file is carried along by accident.
func (c *collection) write(list []outline) []byte {
	b := []byte(`{"type":"FeatureCollection"`)
	var attribution string
	if json.Unmarshal(c.Attribution, &attribution) == nil && attribution != "" &&
		utf8.RuneCountInString(attribution) <= maxAttribution {
		b = append(append(b, `,"attribution":`...), quoted(attribution)...)
	}
	b = append(b, `,"features":[`...)
	for i, o := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(append(b, `{"type":"Feature","properties":{"ags":`...), quoted(string(o.ags))...)
		if o.name != "" {
			b = append(append(b, `,"name":`...), quoted(o.name)...)
		}
		b = append(b, `},"geometry":{"type":`...)
		if len(o.polygons) == 1 {
			b = append(b, `"Polygon","coordinates":`...)
			b = o.polygons[0].append(b)
		} else {
			b = append(b, `"MultiPolygon","coordinates":`...)
			b = appendList(b, o.polygons, func(b []byte, p polygon) []byte { return p.append(b) })
		}
		b = append(b, "}}"...)
	}
	return append(b, "]}"...)
}

func (p polygon) append(b []byte) []byte {
	return appendList(b, p, func(b []byte, r ring) []byte {
		return appendList(b, r, func(b []byte, at []float64) []byte {
			return appendList(b, at, func(b []byte, v float64) []byte { return strconv.AppendFloat(b, v, 'f', -1, 64) })
		})
	})
}

// appendList appends a JSON list whose elements are written by one.
func appendList[T any](b []byte, list []T, one func([]byte, T) []byte) []byte {
	b = append(b, '[')
	for i, v := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = one(b, v)
	}
	return append(b, ']')
}

// quoted writes a JSON string that is safe inside of a page, too.
func quoted(s string) []byte {
	b, err := json.Marshal(s)
	if err != nil {
		return []byte(`""`)
	}
	return b
}
