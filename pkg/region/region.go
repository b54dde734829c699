package region

import (
	"math"
	"sort"
	"strings"

	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/internal/plaintext"
)

// AGS is the eight-digit official key of a municipality: two digits state, one
// administrative region, two district, three municipality.
type AGS string

// ParseAGS checks that s has eight digits.
func ParseAGS(s string) (AGS, error) {
	if len(s) != 8 || !digits(s) {
		return "", fault.New(fault.Invalid, "ags", "%q is not an AGS: eight digits are expected, such as 05958004",
			s).With("Value", s)
	}
	return AGS(s), nil
}

// AGSOf reads a key as files hold it: with blanks between its parts, as a number without its leading zero, or as the
// twelve digits of the regional key (ARS), which has those of the association of municipalities before the last three.
func AGSOf(text string) (AGS, bool) {
	key := strings.Map(func(r rune) rune {
		if plaintext.Blank(r) {
			return -1
		}
		return r
	}, text)
	if n := len(key); n == 7 || n == 11 {
		key = "0" + key
	}
	if len(key) == 12 && digits(key) {
		key = key[:5] + key[9:]
	}
	ags, err := ParseAGS(key)
	return ags, err == nil
}

// District returns the key of the district the municipality lies in.
func (a AGS) District() DistrictKey {
	if len(a) < 5 {
		return ""
	}
	return DistrictKey(a[:5])
}

// DistrictKey is the five-digit key of a district (Kreis).
type DistrictKey string

// ParseDistrictKey checks that s has five digits.
func ParseDistrictKey(s string) (DistrictKey, error) {
	if len(s) != 5 || !digits(s) {
		return "", fault.New(fault.Invalid, "district",
			"%q is not a district key: five digits are expected, such as 05958", s).With("Value", s)
	}
	return DistrictKey(s), nil
}

func digits(s string) bool {
	for _, r := range s {
		if r < '0' || r > '9' {
			return false
		}
	}
	return true
}

// District is a Kreis or a city without one.
type District struct {
	Key  DistrictKey
	Name string
}

// Municipality is a town or a rural municipality with its official figures.
type Municipality struct {
	AGS            AGS
	Name           string // short, as spoken: "Arnsberg"
	OfficialName   string // with its style: "Arnsberg, Stadt"
	Kind           string // Stadt, Gemeinde, Markt, ...
	District       District
	Population     int     // 0: not known, so that it is in no size class
	PopulationDate string  // reference date of Population, YYYY-MM-DD
	AreaKm2        float64 // square kilometres
	Lat, Lon       float64 // official centre, WGS 84 degrees
}

// Km is the distance of two towns' centres as the crow flies; NaN if one of them has no coordinates.
func Km(a, b Municipality) float64 {
	if a.Lat == 0 && a.Lon == 0 || b.Lat == 0 && b.Lon == 0 {
		return math.NaN()
	}
	const earth, radian = 6371.0, math.Pi / 180
	north, east := (b.Lat-a.Lat)*radian/2, (b.Lon-a.Lon)*radian/2
	h := math.Pow(math.Sin(north), 2) + math.Cos(a.Lat*radian)*math.Cos(b.Lat*radian)*math.Pow(math.Sin(east), 2)
	return 2 * earth * math.Asin(min(1, math.Sqrt(h)))
}

// ID names a region in addresses and on the command line: ^[a-z][a-z0-9-]{1,39}$.
type ID string

// Region is the set of municipalities an agency looks after.
type Region struct {
	ID     ID
	Name   string
	Agency string // who runs it
	Source string // where the figures of its municipalities come from
}

// SizeClass groups municipalities by population.
type SizeClass string

// The size classes of shared benchmarks: the lower bound is included, the upper is not.
const (
	Under10000 SizeClass = "0-9999"
	Under20000 SizeClass = "10000-19999"
	Under50000 SizeClass = "20000-49999"
	Over50000  SizeClass = "50000-"
)

// SizeClasses lists all classes, ascending.
func SizeClasses() []SizeClass {
	return []SizeClass{Under10000, Under20000, Under50000, Over50000}
}

// SizeClassOf returns the class of a population (persons); none, which is empty, if that is not known.
func SizeClassOf(population int) SizeClass {
	switch {
	case population <= 0:
		return ""
	case population < 10000:
		return Under10000
	case population < 20000:
		return Under20000
	case population < 50000:
		return Under50000
	}
	return Over50000
}

// GroupID names a peer group: "all", "district:05966" or "size:10000-19999".
type GroupID string

// All is the group of all participants.
const All GroupID = "all"

// DistrictGroup returns the id of a district's peer group.
func DistrictGroup(key DistrictKey) GroupID { return GroupID("district:" + string(key)) }

// SizeGroup returns the id of a size class's peer group.
func SizeGroup(class SizeClass) GroupID { return GroupID("size:" + string(class)) }

// GroupsFor returns the peer groups of a municipality; without a known population it is in none of size.
func GroupsFor(m Member) []GroupID {
	ids := []GroupID{All, DistrictGroup(m.AGS.District())}
	if class := SizeClassOf(m.Population); class != "" {
		ids = append(ids, SizeGroup(class))
	}
	return ids
}

// Member is what decides the peer groups of a municipality.
type Member struct {
	AGS        AGS
	Population int
}

// Group is a peer group with the members it had when it was fixed.
type Group struct {
	ID      GroupID
	Members []AGS // ascending
}

// Groups returns all peer groups of the members: all, the districts by key, the
// size classes ascending; groups without a member are left out. Groups are never crossed.
func Groups(members []Member) []Group {
	all := make([]AGS, 0, len(members))
	districts := map[DistrictKey][]AGS{}
	sizes := map[SizeClass][]AGS{}
	for _, m := range members {
		all = append(all, m.AGS)
		d, c := m.AGS.District(), SizeClassOf(m.Population)
		districts[d] = append(districts[d], m.AGS)
		if c != "" {
			sizes[c] = append(sizes[c], m.AGS)
		}
	}
	groups := []Group{{ID: All, Members: sorted(all)}}
	keys := make([]DistrictKey, 0, len(districts))
	for k := range districts {
		keys = append(keys, k)
	}
	sort.Slice(keys, func(i, j int) bool { return keys[i] < keys[j] })
	for _, k := range keys {
		groups = append(groups, Group{ID: DistrictGroup(k), Members: sorted(districts[k])})
	}
	for _, c := range SizeClasses() {
		if len(sizes[c]) > 0 {
			groups = append(groups, Group{ID: SizeGroup(c), Members: sorted(sizes[c])})
		}
	}
	return groups
}

func sorted(list []AGS) []AGS {
	sort.Slice(list, func(i, j int) bool { return list[i] < list[j] })
	return list
}
