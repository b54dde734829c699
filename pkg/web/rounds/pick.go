package rounds

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"ortsspiegel/pkg/region"
	"ortsspiegel/pkg/web/site"
)

// What a page of the choice of towns holds at most.
const (
	pickFound     = 100 // towns that a search shows
	pickDistricts = 100 // districts of a page
)

// pickView is the choice of a round's towns: districts with all, some or none of their towns. The
// choice travels with the form: in Selection as it was shown, and in the boxes of the towns that
// are Shown. So a region of ten thousand towns fits into a page, and every button works without
// scripts.
type pickView struct {
	Chosen, All int
	Selection   string // see townSet
	Shown       string
	Open        string // keys of the districts whose towns are shown, of a large region
	Find        string
	Whole       bool // every town is in the page: scripts can search and count
	Districts   []pickDistrict
	Found       []pickTown // of the search; nil: nothing is searched for
	FoundAll    int        // towns that were found, those included that do not fit
	Page, Pages int        // of the districts, from 1
	Back, Next  int        // pages; 0: there is none
	Cut         bool       // not all towns of the opened districts fit
	Error       string
}

type pickDistrict struct {
	Key, Name   string
	Chosen, All int
	Open        bool
	Towns       []pickTown
}

// State is all, some or none.
func (d pickDistrict) State() string {
	switch d.Chosen {
	case d.All:
		return "all"
	case 0:
		return "none"
	}
	return "some"
}

type pickTown struct {
	AGS, Name string
	District  string // in the list of those found
	Chosen    bool
	State     string // what the town has in the round: draft, submitted, removed; empty: nothing
}

// townSet is a set of towns of a region as a form carries it: "05958* 05962:004,008" are all towns
// of one district and two of another.
type townSet map[region.AGS]bool

func (s townSet) Encode(towns []region.Municipality) string {
	type part struct {
		all, in int
		some    []string
	}
	parts, order := map[region.DistrictKey]*part{}, []region.DistrictKey{}
	for _, m := range towns {
		p := parts[m.District.Key]
		if p == nil {
			p = &part{}
			parts[m.District.Key] = p
			order = append(order, m.District.Key)
		}
		p.all++
		if s[m.AGS] {
			p.in++
			p.some = append(p.some, strings.TrimPrefix(string(m.AGS), string(m.District.Key)))
		}
	}
	var out []string
	for _, key := range order {
		switch p := parts[key]; p.in {
		case 0:
		case p.all:
			out = append(out, string(key)+"*")
		default:
			out = append(out, string(key)+":"+strings.Join(p.some, ","))
		}
	}
	return strings.Join(out, " ")
}

// DecodeTowns reads what encode wrote. What it does not understand is left out.
func DecodeTowns(text string, towns []region.Municipality) townSet {
	s := townSet{}
	whole := map[region.DistrictKey]bool{}
	for _, part := range strings.Fields(text) {
		key, some, partial := strings.Cut(part, ":")
		if !partial {
			whole[region.DistrictKey(strings.TrimSuffix(key, "*"))] = true
			continue
		}
		for _, end := range strings.Split(some, ",") {
			if _, err := region.ParseAGS(key + end); err == nil {
				s[region.AGS(key+end)] = true
			} else {
				s[region.AGS(end)] = true // of a district whose key its towns do not begin with
			}
		}
	}
	for _, m := range towns {
		if whole[m.District.Key] {
			s[m.AGS] = true
		}
	}
	return s
}

// pickButton is what a button of the choice asks for; empty: the form is to be stored.
func pickButton(form url.Values) string {
	pick := form.Get("pick")
	if pick == "enter" { // the Enter key in some field: a search if one was typed
		if site.Value(form, "find") == form.Get("found") {
			return ""
		}
		return "find"
	}
	return pick
}

// chosenIn reads the choice of a form. What is not of the region stays in it, so that the service refuses it.
func chosenIn(form url.Values, towns []region.Municipality) townSet {
	chosen := DecodeTowns(form.Get("selection"), towns)
	for ags := range DecodeTowns(form.Get("shown"), towns) {
		delete(chosen, ags)
	}
	for _, ags := range form["towns"] {
		chosen[region.AGS(ags)] = true
	}
	for _, m := range towns { // whole districts, as a program may send them
		if slices.Contains(form["districts"], string(m.District.Key)) {
			chosen[m.AGS] = true
		}
	}
	return chosen
}

func (s townSet) list() []region.AGS {
	list := make([]region.AGS, 0, len(s))
	for ags, in := range s {
		if in {
			list = append(list, ags)
		}
	}
	slices.Sort(list)
	return list
}

// newPick does what a button says and returns the view. states says what towns have in the round.
func newPick(form url.Values, towns []region.Municipality, chosen townSet, states map[region.AGS]string) pickView {
	towns = site.ByDistrict(towns)
	button, of, _ := strings.Cut(pickButton(form), ":")
	v := pickView{All: len(towns), Whole: len(towns) <= site.PickWhole, Find: site.Value(form, "find")}
	if button == "unfind" {
		v.Find = ""
	}
	open := strings.Fields(form.Get("open"))
	switch button {
	case "show":
		open = append(open, of)
	case "hide":
		open = slices.DeleteFunc(open, func(key string) bool { return key == of })
	}
	found := site.Matching(towns, v.Find)
	set := func(list []region.Municipality, in bool) {
		for _, m := range list {
			if of == "" || string(m.District.Key) == of {
				chosen[m.AGS] = in
			}
		}
	}
	switch button {
	case "all", "none":
		set(towns, button == "all")
	case "found_all", "found_none":
		set(found, button == "found_all")
	}
	v.Page, _ = strconv.Atoi(form.Get("districts_page"))
	if button == "page" {
		v.Page, _ = strconv.Atoi(of)
	}
	v.Selection = chosen.Encode(towns)
	shown := townSet{}
	show := func(m region.Municipality, district string) pickTown {
		shown[m.AGS] = true
		return pickTown{AGS: string(m.AGS), Name: m.Name, District: district, Chosen: chosen[m.AGS],
			State: states[m.AGS]}
	}
	if v.Find != "" {
		v.Found, v.FoundAll = []pickTown{}, len(found)
		for _, m := range found[:min(len(found), pickFound)] {
			v.Found = append(v.Found, show(m, m.District.Name))
		}
	}
	v.districts(towns, chosen, open, show)
	v.Open, v.Shown = strings.Join(open, " "), shown.Encode(towns)
	return v
}

// districts lists the districts of the page with the towns of those that are open.
func (v *pickView) districts(towns []region.Municipality, chosen townSet, open []string,
	show func(region.Municipality, string) pickTown) {
	var all []pickDistrict
	members := map[string][]region.Municipality{}
	for _, m := range towns {
		key := string(m.District.Key)
		if len(all) == 0 || all[len(all)-1].Key != key {
			all = append(all, pickDistrict{Key: key, Name: m.District.Name})
		}
		d := &all[len(all)-1]
		d.All++
		members[key] = append(members[key], m)
		if chosen[m.AGS] {
			d.Chosen++
			v.Chosen++
		}
	}
	if v.Find != "" {
		return
	}
	v.Pages = max(1, (len(all)+pickDistricts-1)/pickDistricts)
	v.Page = min(max(v.Page, 1), v.Pages)
	if v.Back = v.Page - 1; v.Page < v.Pages {
		v.Next = v.Page + 1
	}
	v.Districts = all[(v.Page-1)*pickDistricts : min(v.Page*pickDistricts, len(all))]
	room := site.PickWhole
	for i := range v.Districts {
		d := &v.Districts[i]
		d.Open = v.Whole && d.State() == "some" || slices.Contains(open, d.Key)
		if !v.Whole && !d.Open {
			continue
		}
		list := members[d.Key]
		if len(list) > room {
			list, v.Cut = list[:room], true
		}
		room -= len(list)
		for _, m := range list {
			d.Towns = append(d.Towns, show(m, ""))
		}
	}
}
