package chart

import (
	"encoding/json"
	"math"
	"slices"
)

// layout arranges a map of circles for pictures from a certain width on. All lengths are pixels; x and y are measured
// from the lower left corner of the map, as ECharts' axes run.
type layout struct {
	From          float64 // the least width of the picture
	Width, Height float64 // of the map
	Top           float64 // room for the legend above it
	Numbers       bool    // the circles hold numbers, and there are no names
	circles       []disc
	tags          []nameTag
	most          []nameTag // as many names as found room, if not all did
	left, right   float64   // between which the towns lie
	moved         bool      // some circles were moved apart
}

// disc is a town's circle.
type disc struct{ x, y, r float64 }

// nameTag is a name that has found its place. It touches no circle and no other name; if it does not stand right beside
// its circle, a line leads there.
type nameTag struct {
	place int
	area  rect
	line  *[4]float64
}

// MarshalJSON writes what charts.js needs, in whole and half pixels.
func (l layout) MarshalJSON() ([]byte, error) {
	half := func(v float64) float64 { return math.Round(2*v) / 2 }
	circles, names, lines := make([][3]float64, len(l.circles)), make([][3]float64, len(l.tags)), [][4]float64{}
	for i, c := range l.circles {
		circles[i] = [3]float64{half(c.x), half(l.Height - c.y), 2 * half(c.r)}
	}
	for i, t := range l.tags {
		names[i] = [3]float64{float64(t.place), half((t.area.left + t.area.right) / 2),
			half(l.Height - (t.area.top+t.area.bottom)/2)}
		if t.line != nil {
			lines = append(lines, [4]float64{half(t.line[0]), half(l.Height - t.line[1]), half(t.line[2]),
				half(l.Height - t.line[3])})
		}
	}
	return json.Marshal(struct {
		From    float64      `json:"from"`
		Width   float64      `json:"width"`
		Height  float64      `json:"height"`
		Top     float64      `json:"top"`
		Numbers bool         `json:"numbers,omitempty"`
		Circles [][3]float64 `json:"circles"` // x, y, diameter
		Names   [][3]float64 `json:"names"`   // index of the circle, x and y of the middle of the name
		Lines   [][4]float64 `json:"lines"`
	}{l.From, l.Width, l.Height, l.Top, l.Numbers, circles, names, lines})
}

const (
	nameSize  = 12  // of the letters
	mostNamed = 150 // towns whose names or numbers are shown
	digitRoom = 8.0 // half of what a number in a circle needs in any direction
)

// layoutsOf arranges places, which are sorted from the biggest town to the smallest, for
// telephones, small tablets, paper and desks. Where not all names have room, no name is shown:
// numbers stand in the circles then, and a key beside the map.
func layoutsOf(places []Place) []layout {
	var list []layout
	for _, room := range []struct {
		from, width, sides, height, ends, top float64
		numbers                               bool
	}{
		{0, 264, 14, 400, 14, 110, true}, {420, 412, 16, 520, 16, 80, true},
		{630, 632, 84, 660, 26, 60, false}, {940, 930, 150, 700, 30, 60, false},
	} {
		l := layout{From: room.from, Top: room.top, Numbers: room.numbers, Width: room.width}
		l.place(places, boundsOf(places), room.sides, room.ends, room.height)
		if len(places) <= mostNamed && !l.Numbers {
			l.Numbers = !l.name(places)
		}
		list = append(list, l)
	}
	return list
}

// namesFrom is the width of pictures from which on names stand in all of them.
func namesFrom(layouts []layout) float64 {
	from := float64(always)
	for _, l := range slices.Backward(layouts) {
		if l.Numbers {
			break
		}
		from = l.From
	}
	return from
}

// biggest and smallest are the radii of the biggest town's circle and of the least one that holds a number, in pixels.
const (
	biggest  = 30.0
	smallest = 9.0
)

// place puts the circles where the towns lie on the ground, as large as the room allows.
func (l *layout) place(places []Place, box bounds, sides, ends, highest float64) {
	width := l.Width - 2*sides
	height := width / box.aspect()
	if height > highest-2*ends {
		height = highest - 2*ends
		width = height * box.aspect()
	}
	least, most := smallest, biggest*min(1, max(0.55, max(width, height)/650))
	if len(places) > mostNamed {
		least, most = 2.5, most/2
	}
	left := (l.Width - width) / 2
	l.left, l.right = left, left+width
	l.Height = height + 2*ends
	l.circles = make([]disc, len(places))
	for i, p := range places {
		l.circles[i] = disc{left + (p.Town.Lon-box.west)/(box.east-box.west)*width,
			ends + (box.north-p.Town.Lat)/(box.north-box.south)*height,
			radius(p.Town.Population, places[0].Town.Population, least, most)}
	}
	if len(places) <= mostNamed {
		l.part()
	}
}

// radius makes the area proportional to the population, the biggest town's being the largest.
func radius(population, biggestTown int, least, most float64) float64 {
	if biggestTown <= 0 || population <= 0 {
		return least
	}
	return max(most*math.Sqrt(float64(population)/float64(biggestTown)), least)
}

// part moves circles apart until none covers another one's number. Small ones give way to big ones.
func (l *layout) part() {
	for range 200 {
		moved := false
		for i := range l.circles {
			for k := i + 1; k < len(l.circles); k++ {
				a, b := &l.circles[i], &l.circles[k]
				dx, dy := b.x-a.x, b.y-a.y
				distance, need := math.Hypot(dx, dy), b.r+digitRoom
				if distance >= need-0.01 {
					continue
				}
				if distance < 0.01 { // the same place: any direction does, but not the same for all
					dx, dy, distance = math.Cos(float64(k)), math.Sin(float64(k)), 1
				}
				share := b.r * b.r / (a.r*a.r + b.r*b.r)
				push := need - math.Hypot(b.x-a.x, b.y-a.y)
				a.x, a.y = a.x-dx/distance*push*share, a.y-dy/distance*push*share
				b.x, b.y = b.x+dx/distance*push*(1-share), b.y+dy/distance*push*(1-share)
				moved, l.moved = true, true
			}
			c := &l.circles[i]
			c.x, c.y = min(max(c.x, c.r+1), l.Width-c.r-1), min(max(c.y, c.r+1), l.Height-c.r-1)
		}
		if !moved {
			return
		}
	}
}

// rect is an area of the picture, y downwards.
type rect struct{ left, top, right, bottom float64 }

func (r rect) meets(o rect) bool {
	return r.left < o.right && o.left < r.right && r.top < o.bottom && o.top < r.bottom
}

// apart is how far a circle lies from the area; negative if it reaches in.
func (r rect) apart(c disc) float64 {
	return math.Hypot(max(r.left-c.x, 0, c.x-r.right), max(r.top-c.y, 0, c.y-r.bottom)) - c.r
}

func tagText(name string) string { return short(name, 24) }

// textWidth is the width of a name in the picture, rather too wide than too narrow.
func textWidth(s string) float64 {
	w := 0.0
	for _, r := range s {
		switch {
		case r == 'i' || r == 'l' || r == 'j' || r == 't' || r == 'f' || r == 'r' || r == ' ' || r == '.' ||
			r == '(' || r == ')' || r == '-' || r == 'I':
			w += 4.4
		case r == 'm' || r == 'w' || r == 'M' || r == 'W' || r == '…':
			w += 10.8
		case r >= 'A' && r <= 'Z' || r > 0x17f:
			w += 8.4
		default:
			w += 6.9
		}
	}
	return w
}

// The height of a name, the gap between a circle and its name, and how far a name stays away from
// every other circle, so that nobody takes it for theirs.
const (
	nameHeight = 14.0
	nameGap    = 2.0
	nameAlone  = 4.0
)

// name finds room for all names, the biggest towns first: right beside the circle, else further away with a line. Those
// that found none come first in another try; false if some never do.
func (l *layout) name(places []Place) bool {
	order := make([]int, len(l.circles))
	for i := range order {
		order[i] = i
	}
	for range 8 {
		l.tags = nil
		var left, named []int
		for _, i := range order {
			if tag, ok := l.room(i, textWidth(tagText(places[i].Town.Name))/2); ok {
				l.tags, named = append(l.tags, tag), append(named, i)
			} else {
				left = append(left, i)
			}
		}
		if len(left) == 0 {
			return true
		}
		if len(l.tags) > len(l.most) {
			l.most = l.tags
		}
		order = append(left, named...)
	}
	l.tags = nil
	return false
}

func (l *layout) room(i int, half float64) (nameTag, bool) {
	c := l.circles[i]
	at := func(x, y float64) rect { return rect{x - half, y - nameHeight/2, x + half, y + nameHeight/2} }
	beside := c.r + nameGap + nameHeight/2
	slant := c.r*0.7 + nameGap
	for _, area := range []rect{
		at(c.x, c.y+beside), at(c.x, c.y-beside), at(c.x+c.r+nameGap+half, c.y), at(c.x-c.r-nameGap-half, c.y),
		at(c.x+slant+half, c.y+slant+nameHeight/4), at(c.x-slant-half, c.y+slant+nameHeight/4),
		at(c.x+slant+half, c.y-slant-nameHeight/4), at(c.x-slant-half, c.y-slant-nameHeight/4),
	} {
		if l.isFree(i, area) {
			return nameTag{place: i, area: area}, true
		}
	}
	for away := c.r + 12; away < c.r+190; away += 7 {
		for turn := range 24 {
			angle := float64(turn) * math.Pi / 12
			x, y := c.x+away*math.Cos(angle), c.y+away*math.Sin(angle)
			// The line ends at the nearest edge of the name.
			area := at(x+half*math.Cos(angle), y+nameHeight/2*math.Sin(angle))
			line := [4]float64{c.x + c.r*math.Cos(angle), c.y + c.r*math.Sin(angle),
				min(max(x, area.left), area.right), min(max(y, area.top), area.bottom)}
			if l.isFree(i, area) && l.isFreeLine(i, line) {
				return nameTag{i, area, &line}, true
			}
		}
	}
	return nameTag{}, false
}

// isFree reports whether a name of the circle i may stand there.
func (l *layout) isFree(i int, area rect) bool {
	if area.left < 0 || area.top < 0 || area.right > l.Width || area.bottom > l.Height {
		return false
	}
	for k, c := range l.circles {
		if away := area.apart(c); away < nameAlone && (k != i || away < nameGap-0.5) {
			return false
		}
	}
	for _, t := range l.tags {
		if area.meets(t.area) || t.line != nil && crosses(*t.line, area) {
			return false
		}
	}
	return true
}

// isFreeLine reports whether a line from the circle i may be drawn: across no other circle, no name and no other line.
func (l *layout) isFreeLine(i int, line [4]float64) bool {
	for k, c := range l.circles {
		if k != i && distanceTo(line, c.x, c.y) < c.r+1 {
			return false
		}
	}
	for _, t := range l.tags {
		if crosses(line, t.area) || t.line != nil && cross(line, *t.line) {
			return false
		}
	}
	return true
}

// distanceTo is how far a point lies from a line with two ends.
func distanceTo(l [4]float64, x, y float64) float64 {
	dx, dy := l[2]-l[0], l[3]-l[1]
	along := 0.0
	if length := dx*dx + dy*dy; length > 0 {
		along = min(max(((x-l[0])*dx+(y-l[1])*dy)/length, 0), 1)
	}
	return math.Hypot(x-l[0]-along*dx, y-l[1]-along*dy)
}

// cross reports whether two lines with ends cross.
func cross(a, b [4]float64) bool {
	side := func(l [4]float64, x, y float64) float64 { return (l[2]-l[0])*(y-l[1]) - (l[3]-l[1])*(x-l[0]) }
	return side(a, b[0], b[1])*side(a, b[2], b[3]) < 0 && side(b, a[0], a[1])*side(b, a[2], a[3]) < 0
}

// crosses reports whether a line meets an area or runs along it.
func crosses(l [4]float64, r rect) bool {
	const clear = 2
	r = rect{r.left - clear, r.top - clear, r.right + clear, r.bottom + clear}
	for _, end := range [][2]float64{{l[0], l[1]}, {l[2], l[3]}} {
		if end[0] > r.left && end[0] < r.right && end[1] > r.top && end[1] < r.bottom {
			return true
		}
	}
	return cross(l, [4]float64{r.left, r.top, r.right, r.bottom}) ||
		cross(l, [4]float64{r.left, r.bottom, r.right, r.top})
}
