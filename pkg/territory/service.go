package territory

import (
	"context"
	"regexp"
	"slices"
	"sort"
	"time"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/internal/plaintext"
	"ortsspiegel/pkg/region"
)

// Store keeps municipalities and regions. Missing rows are fault.NotFound.
type Store interface {
	Region(ctx context.Context, id region.ID) (region.Region, error)
	Regions(ctx context.Context) ([]region.Region, error)
	// Towns lists a region's municipalities by AGS.
	Towns(ctx context.Context, id region.ID) ([]region.Municipality, error)
	Town(ctx context.Context, ags region.AGS) (region.Municipality, error)
	// TownsByAGS reads the municipalities that exist, of any number of keys, in one statement per 500.
	TownsByAGS(ctx context.Context, list []region.AGS) (map[region.AGS]region.Municipality, error)
	// SaveRegion writes the region and adds or updates its municipalities, all or nothing.
	// Municipalities that are not in the list stay members.
	SaveRegion(ctx context.Context, r region.Region, towns []region.Municipality, e account.Event) error
	// RemoveTown takes a municipality out of a region; the municipality itself stays.
	RemoveTown(ctx context.Context, id region.ID, ags region.AGS, e account.Event) error

	// Look returns a region's look; NotFound if none was saved.
	Look(ctx context.Context, id region.ID) (Look, error)
	// LooksOf lists the looks of a town's regions, by region.
	LooksOf(ctx context.Context, town region.AGS) ([]Look, error)
	// SaveLook keeps a look made from l.Revision; ErrLookChanged if that is not the stored one.
	SaveLook(ctx context.Context, l Look, e account.Event) error

	// Outlines keeps GeoJSON outlines by region.
	SaveOutlines(ctx context.Context, id region.ID, geojson []byte, e account.Event) error
	// Outlines returns a region's outlines; NotFound if none were imported.
	Outlines(ctx context.Context, id region.ID) ([]byte, error)
	// OutlinesUpTo reports whether there are some, and returns them if they have at most so many bytes, in one
	// statement.
	OutlinesUpTo(ctx context.Context, id region.ID, most int) (geojson []byte, some bool, err error)
}

// Service is what people do with towns and regions.
type Service struct {
	store Store
	now   func() time.Time
}

// NewService returns a Service on a store with a clock.
func NewService(store Store, now func() time.Time) *Service { return &Service{store, now} }

// Change is a municipality that an import would change.
type Change struct {
	Old, New region.Municipality
	Fields   []string // what differs: name, official_name, kind, district, population, area, coordinates
}

// Summary says what an import does or would do.
type Summary struct {
	Region     region.Region
	NewRegion  bool
	New        []region.Municipality // not known to the installation before
	Joining    []region.Municipality // known, not yet in the region
	Changed    []Change
	Unchanged  int
	NotInFile  []region.Municipality // in the region, but not in the file: they stay
	Kept       []region.Municipality // whose population the file does not give: the one that is known stays
	Population int
	AreaKm2    float64
}

var regionID = regexp.MustCompile(`^[a-z][a-z0-9-]{1,39}$`)

// Plan compares towns read from a file with what is stored; it changes nothing.
func (s *Service) Plan(ctx context.Context, r region.Region, towns []region.Municipality) (Summary, error) {
	if !regionID.MatchString(string(r.ID)) {
		return Summary{}, fault.Fields([]fault.Field{{Name: "region", Code: "region_id",
			Message: "a region's id has 2 to 40 lower-case letters, digits and hyphens and begins with a letter"}})
	}
	if len(towns) == 0 {
		return Summary{}, fault.New(fault.Invalid, "import_empty",
			"the file holds no municipality of the districts asked for")
	}
	r.Name, r.Agency, r.Source = plaintext.Line(r.Name), plaintext.Line(r.Agency), plaintext.Line(r.Source)
	sum := Summary{Region: r}
	old, err := s.store.Region(ctx, r.ID)
	switch {
	case fault.Is(err, fault.NotFound):
		sum.NewRegion = true
		if r.Name == "" {
			sum.Region.Name = string(r.ID)
		}
	case err != nil:
		return Summary{}, err
	default:
		sum.Region = merge(old, r)
	}
	keys := make([]region.AGS, len(towns))
	inFile := map[region.AGS]bool{}
	for i, t := range towns {
		if inFile[t.AGS] {
			return Summary{}, fault.New(fault.Invalid, "ags_twice",
				"the municipality %s (%s) stands twice in the file", t.AGS, t.Name)
		}
		inFile[t.AGS] = true
		keys[i] = t.AGS
	}
	known, err := s.store.TownsByAGS(ctx, keys)
	if err != nil {
		return Summary{}, err
	}
	members := map[region.AGS]bool{}
	if !sum.NewRegion {
		list, err := s.store.Towns(ctx, r.ID)
		if err != nil {
			return Summary{}, err
		}
		for _, m := range list {
			members[m.AGS] = true
			if !inFile[m.AGS] {
				sum.NotInFile = append(sum.NotInFile, m)
			}
		}
	}
	for _, t := range towns {
		old, exists := known[t.AGS]
		if keepsPopulation(old, t) {
			t.Population, t.PopulationDate = old.Population, old.PopulationDate
			sum.Kept = append(sum.Kept, t)
		}
		sum.count(t, old, exists, members[t.AGS])
	}
	return sum, nil
}

// keepsPopulation reports whether a population is known that a newer file, as some editions of the register do,
// does not publish. Unknown is no news.
func keepsPopulation(old, new region.Municipality) bool {
	return new.Population == 0 && old.Population > 0
}

// count adds a town of the file to the summary, as it is stored now if it is.
func (sum *Summary) count(t, old region.Municipality, exists, member bool) {
	sum.Population += t.Population
	sum.AreaKm2 += t.AreaKm2
	if !exists {
		sum.New = append(sum.New, t)
		return
	}
	if !member {
		sum.Joining = append(sum.Joining, t)
	}
	if fields := differs(old, t); len(fields) > 0 {
		sum.Changed = append(sum.Changed, Change{old, t, fields})
	} else {
		sum.Unchanged++
	}
}

func merge(old, r region.Region) region.Region {
	if r.Name != "" {
		old.Name = r.Name
	}
	if r.Agency != "" {
		old.Agency = r.Agency
	}
	if r.Source != "" {
		old.Source = r.Source
	}
	return old
}

func differs(a, b region.Municipality) []string {
	var f []string
	add := func(name string, changed bool) {
		if changed {
			f = append(f, name)
		}
	}
	add("name", a.Name != b.Name)
	add("official_name", a.OfficialName != b.OfficialName)
	add("kind", a.Kind != b.Kind)
	add("district", a.District != b.District)
	add("population", a.Population != b.Population || a.PopulationDate != b.PopulationDate)
	add("area", a.AreaKm2 != b.AreaKm2)
	add("coordinates", a.Lat != b.Lat || a.Lon != b.Lon)
	return f
}

// Import plans and then writes, all or nothing.
func (s *Service) Import(ctx context.Context, by account.Actor, r region.Region, towns []region.Municipality) (Summary,
	error) {
	sum, err := s.Plan(ctx, r, towns)
	if err != nil {
		return Summary{}, err
	}
	if len(sum.Kept) > 0 {
		towns = slices.Clone(towns)
		for _, kept := range sum.Kept {
			at := slices.IndexFunc(towns, func(t region.Municipality) bool { return t.AGS == kept.AGS })
			towns[at] = kept
		}
	}
	return sum, s.store.SaveRegion(ctx, sum.Region, towns, s.event(by, r.ID, "import"))
}

// RemoveTown takes a town out of the region.
func (s *Service) RemoveTown(ctx context.Context, by account.Actor, id region.ID, ags region.AGS) error {
	return s.store.RemoveTown(ctx, id, ags, s.event(by, id, string(ags)))
}

// Region returns one region.
func (s *Service) Region(ctx context.Context, id region.ID) (region.Region, error) {
	return s.store.Region(ctx, id)
}

// Regions lists all regions by id.
func (s *Service) Regions(ctx context.Context) ([]region.Region, error) {
	list, err := s.store.Regions(ctx)
	sort.Slice(list, func(i, j int) bool { return list[i].ID < list[j].ID })
	return list, err
}

// Towns lists a region's towns by AGS.
func (s *Service) Towns(ctx context.Context, id region.ID) ([]region.Municipality, error) {
	return s.store.Towns(ctx, id)
}

// Town returns one municipality.
func (s *Service) Town(ctx context.Context, ags region.AGS) (region.Municipality, error) {
	return s.store.Town(ctx, ags)
}

// SaveOutlines keeps the outlines of a region's towns (GeoJSON with the property ags).
func (s *Service) SaveOutlines(ctx context.Context, by account.Actor, id region.ID, geojson []byte) error {
	return s.store.SaveOutlines(ctx, id, geojson, s.event(by, id, "map"))
}

// OutlinesUpTo reports whether a region has outlines, which may be megabytes, and returns them if they have at most so
// many bytes.
func (s *Service) OutlinesUpTo(ctx context.Context, id region.ID, most int) (geojson []byte, some bool, err error) {
	return s.store.OutlinesUpTo(ctx, id, most)
}

// Outlines returns the GeoJSON of a region; NotFound if none was imported.
func (s *Service) Outlines(ctx context.Context, id region.ID) ([]byte, error) {
	return s.store.Outlines(ctx, id)
}

func (s *Service) event(by account.Actor, id region.ID, subject string) account.Event {
	return account.Event{At: s.now().UTC(), Actor: by.User, Name: by.Name, Kind: account.EventTownsChanged, Region: id,
		Subject: subject}
}
