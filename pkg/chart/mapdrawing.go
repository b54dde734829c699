package chart

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"

	"ortsspiegel/pkg/region"
)

// MapDrawing is a map of circles as the page draws it without scripts: lengths are units of its view box, y downwards,
// written as SVG wants them.
type MapDrawing struct {
	Title, Finding string
	Empty          string // why there is nothing to draw; everything else is empty then
	Width, Height  string
	Areas          []string // outlines below the circles, as path data
	Circles        []MapCircle
	Lines          [][4]string // from a circle to its name
	Names          []MapName
	Key            []MapKey
	Sizes          []MapKey // circles of so many inhabitants
	Notes          []string
}

// MapCircle is a town. Step is the colour's, 1 to 5; 0: not submitted.
type MapCircle struct {
	X, Y, R string
	Step    int
	Digit   string // of the level; empty: none, or too many towns
	Tip     string
}

// MapName is a name with the middle of its place.
type MapName struct{ X, Y, Text string }

// MapKey is a circle of the key with what it means; the text begins at TextX.
type MapKey struct {
	MapCircle
	TextX, Text string
}

// What a drawing measures: the map as wide as the widest layout, below it the key.
const (
	mapWidth  = 930.0
	mapKeyRow = 34.0
)

// DrawMap draws the towns where they lie on the ground: area by inhabitants, digit and colour by level. Circles that
// would cover each other's numbers are moved apart, and every name stands where it can only mean its town; names that
// find no such place are left out, and the notes say how many. outlines is the region's GeoJSON with the property ags,
// or nil; what of it is not of the places is not drawn.
func DrawMap(a Atlas, outlines []byte) MapDrawing {
	w := writer{lang: a.Lang}
	places := a.located()
	if len(places) == 0 {
		return MapDrawing{Title: a.Title, Empty: w.word("no_coordinates")}
	}
	areas, source := areasOf(outlines, places)
	box, sides, ends := boundsOf(places), 150.0, 30.0
	if len(areas) > 0 {
		box, sides, ends = boundsOfAreas(box, areas), 60, 12
	}
	l := layout{Width: mapWidth}
	l.place(places, box, sides, ends, 760)
	named := len(places) <= mostNamed
	if named && !l.name(places) {
		l.tags = l.most
	}
	d := MapDrawing{Title: a.Title, Finding: a.finding(w), Width: unit(mapWidth)}
	project := func(lon, lat float64) (x, y float64) {
		width := l.right - l.left
		return l.left + (lon-box.west)/(box.east-box.west)*width,
			ends + (box.north-lat)/(box.north-box.south)*(l.Height-2*ends)
	}
	for _, area := range areas {
		if path := pathOf(area, project); path != "" {
			d.Areas = append(d.Areas, path)
		}
	}
	for i, c := range l.circles {
		circle := MapCircle{X: unit(c.x), Y: unit(c.y), R: unit(c.r), Step: a.step(places[i].Level),
			Tip: strings.ReplaceAll(a.tip(w, places[i]), "\n", ", ")}
		if named {
			circle.Digit = digit(places[i].Level)
		}
		d.Circles = append(d.Circles, circle)
	}
	for _, t := range l.tags {
		d.Names = append(d.Names, MapName{unit((t.area.left + t.area.right) / 2),
			unit((t.area.top + t.area.bottom) / 2), tagText(places[t.place].Town.Name)})
		if t.line != nil {
			d.Lines = append(d.Lines, [4]string{unit(t.line[0]), unit(t.line[1]), unit(t.line[2]), unit(t.line[3])})
		}
	}
	d.notes(w, &l, places, named)
	if len(d.Areas) > 0 && source != "" {
		d.Notes = append(d.Notes, plain(source)+".")
	}
	d.key(a, w, places, l.Height)
	return d
}

// unit writes a length in whole and half units.
func unit(v float64) string { return strconv.FormatFloat(math.Round(2*v)/2, 'f', -1, 64) }

// step is the colour step of a level, 1 to 5; 0 of one who has not submitted.
func (a Atlas) step(level int) int {
	if level < 0 {
		return 0
	}
	return levelStep(level, len(a.Checklist.Levels)) + 1
}

func (d *MapDrawing) notes(w writer, l *layout, places []Place, named bool) {
	d.Notes = []string{w.word("circle_many")}
	if named {
		d.Notes = []string{w.word("drawn_size")}
		if without := len(places) - len(l.tags); without > 0 {
			d.Notes = append(d.Notes, fmt.Sprintf(w.word("drawn_unnamed"), w.count(without)))
		}
	}
	if l.moved {
		d.Notes = append(d.Notes, w.word("circle_moved"))
	}
	if len(d.Areas) > 0 {
		d.Notes = append(d.Notes, w.word("drawn_outlines"))
	}
}

// key puts the levels and the sizes below the map, where they cover nothing.
func (d *MapDrawing) key(a Atlas, w writer, places []Place, top float64) {
	x, y := 20.0, top+mapKeyRow/2
	add := func(level int, text string) {
		if width := 40 + textWidth(text); x+width > mapWidth {
			x, y = 20, y+mapKeyRow
		}
		circle := MapCircle{X: unit(x), Y: unit(y), R: "9", Step: a.step(level), Digit: digit(level)}
		d.Key = append(d.Key, MapKey{circle, unit(x + 15), text})
		x += 40 + textWidth(text)
	}
	for level := range a.Checklist.Levels {
		add(level, short(a.Checklist.Levels[level].Label.In(a.Lang), 30))
	}
	add(-1, w.word("not_submitted"))
	x, y = 20, y+mapKeyRow+16
	for _, n := range []int{10_000, 50_000, 100_000} {
		if n > 2*places[0].Town.Population {
			break
		}
		r := radius(n, places[0].Town.Population, smallest, biggest)
		text := w.count(n) + " " + w.word("inhabitants")
		d.Sizes = append(d.Sizes, MapKey{MapCircle{X: unit(x + r), Y: unit(y), R: unit(r)}, unit(x + 2*r + 6), text})
		x += 2*r + 30 + textWidth(text)
	}
	d.Height = unit(y + 36)
}

// area is the outline of a town: rings of longitude and latitude.
type area [][][2]float64

// areasOf reads the outlines of some towns, and whose they are. What cannot be read was refused
// when it was stored, or belongs to no town
// of the map: it is not drawn.
func areasOf(geojson []byte, places []Place) (list []area, source string) {
	if len(geojson) == 0 {
		return nil, ""
	}
	wanted := map[region.AGS]bool{}
	for _, p := range places {
		wanted[p.Town.AGS] = true
	}
	var all struct {
		Attribution string `json:"attribution"`
		Features    []struct {
			Properties struct {
				AGS region.AGS `json:"ags"`
			} `json:"properties"`
			Geometry struct {
				Type        string          `json:"type"`
				Coordinates json.RawMessage `json:"coordinates"`
			} `json:"geometry"`
		} `json:"features"`
	}
	if json.Unmarshal(geojson, &all) != nil {
		return nil, ""
	}
	for _, f := range all.Features {
		if !wanted[f.Properties.AGS] {
			continue
		}
		var one area
		var several []area
		switch f.Geometry.Type {
		case "Polygon":
			if json.Unmarshal(f.Geometry.Coordinates, &one) == nil {
				list = append(list, one)
			}
		case "MultiPolygon":
			if json.Unmarshal(f.Geometry.Coordinates, &several) == nil {
				list = append(list, several...)
			}
		}
	}
	return list, all.Attribution
}

func boundsOfAreas(b bounds, areas []area) bounds {
	for _, a := range areas {
		for _, ring := range a {
			for _, p := range ring {
				b.west, b.east = min(b.west, p[0]), max(b.east, p[0])
				b.south, b.north = min(b.south, p[1]), max(b.north, p[1])
			}
		}
	}
	return b
}

// pathOf writes an outline in whole units; points that fall on the one before are left out.
func pathOf(a area, project func(lon, lat float64) (x, y float64)) string {
	var b strings.Builder
	for _, ring := range a {
		var last [2]int
		n := 0
		for _, p := range ring {
			x, y := project(p[0], p[1])
			at := [2]int{int(math.Round(x)), int(math.Round(y))}
			if n > 0 && at == last {
				continue
			}
			letter := byte('L')
			if n == 0 {
				letter = 'M'
			}
			b.WriteByte(letter)
			b.WriteString(strconv.Itoa(at[0]))
			b.WriteByte(' ')
			b.WriteString(strconv.Itoa(at[1]))
			last, n = at, n+1
		}
		if n > 0 {
			b.WriteByte('Z')
		}
	}
	return b.String()
}
