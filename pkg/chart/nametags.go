package chart

import "unicode/utf8"

// mapHeight is the height of the map of circles without its margins, in pixels; names are placed for this size.
const mapHeight = 530.0

// rect is an area of the picture in pixels, y downwards.
type rect struct{ left, top, right, bottom float64 }

func (r rect) meets(o rect) bool {
	return r.left < o.right && o.left < r.right && r.top < o.bottom && o.top < r.bottom
}

// nameTags writes names beside the circles.
func nameTags(places []Place, box bounds) []point {
	tags, _ := placeNames(places, box)
	list := make([]point, len(tags))
	for i, tag := range tags {
		p := places[tag.place].Town
		list[i] = point{Value: []any{p.Lon, p.Lat}, Text: tagText(p.Name), Size: diameter(p.Population, places), Label: object{"position": tag.position}}
	}
	return list
}

// nameTag is a name that has found a place: beside which circle, on which side, over which area.
type nameTag struct {
	place    int
	position string
	area     rect
}

func tagText(name string) string { return short(name, 24) }

// placeNames finds room for names where they cover neither a circle nor another name, the biggest towns first. Names without
// room are left out: tooltip and table have them. The second result are the circles.
func placeNames(places []Place, box bounds) ([]nameTag, []rect) {
	circles := make([]rect, len(places))
	for i, p := range places {
		x := (p.Town.Lon - box.west) / (box.east - box.west) * mapHeight * box.aspect()
		y := (box.north - p.Town.Lat) / (box.north - box.south) * mapHeight
		r := diameter(p.Town.Population, places) / 2
		circles[i] = rect{x - r, y - r, x + r, y + r}
	}
	const letter, line, gap = 6.6, 15.0, 2.0
	var tags []nameTag
	taken := append(make([]rect, 0, 2*len(places)), circles...)
	for i, c := range circles {
		half := letter * float64(utf8.RuneCountInString(tagText(places[i].Town.Name))) / 2
		x, y := (c.left+c.right)/2, (c.top+c.bottom)/2
		for _, try := range []nameTag{
			{i, "bottom", rect{x - half, c.bottom + gap, x + half, c.bottom + gap + line}},
			{i, "top", rect{x - half, c.top - gap - line, x + half, c.top - gap}},
			{i, "right", rect{c.right + gap, y - line/2, c.right + gap + 2*half, y + line/2}},
			{i, "left", rect{c.left - gap - 2*half, y - line/2, c.left - gap, y + line/2}},
		} {
			if free(try.area, taken) {
				taken = append(taken, try.area)
				tags = append(tags, try)
				break
			}
		}
	}
	return tags, circles
}

func free(area rect, taken []rect) bool {
	for _, t := range taken {
		if area.meets(t) {
			return false
		}
	}
	return true
}
