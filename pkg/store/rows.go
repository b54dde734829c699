package store

import (
	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/assessment"
	"ortsspiegel/pkg/region"
)

type municipalityRow struct {
	AGS            string `gorm:"column:ags;primaryKey"`
	Name           string
	OfficialName   string
	Kind           string
	DistrictKey    string
	DistrictName   string
	Population     int
	PopulationDate string
	AreaKm2        float64 `gorm:"column:area_km2"`
	Lat            float64
	Lon            float64
}

func (municipalityRow) TableName() string { return "municipalities" }

func municipalityRowOf(m region.Municipality) municipalityRow {
	return municipalityRow{AGS: string(m.AGS), Name: m.Name, OfficialName: m.OfficialName, Kind: m.Kind,
		DistrictKey: string(m.District.Key), DistrictName: m.District.Name, Population: m.Population,
		PopulationDate: m.PopulationDate, AreaKm2: m.AreaKm2, Lat: m.Lat, Lon: m.Lon}
}

// municipalityColumns are what scanMunicipality reads, of the table m.
const municipalityColumns = `m.ags, m.name, m.official_name, m.kind, m.district_key, m.district_name, m.population, m.population_date, m.area_km2, m.lat, m.lon`

func municipalityFields(m *region.Municipality) []any {
	return []any{&m.AGS, &m.Name, &m.OfficialName, &m.Kind, &m.District.Key, &m.District.Name,
		&m.Population, &m.PopulationDate, &m.AreaKm2, &m.Lat, &m.Lon}
}

type regionRow struct {
	ID     string `gorm:"primaryKey"`
	Name   string
	Agency string
	Source string
}

func (regionRow) TableName() string { return "regions" }

func (r regionRow) region() region.Region {
	return region.Region{ID: region.ID(r.ID), Name: r.Name, Agency: r.Agency, Source: r.Source}
}

type memberRow struct {
	RegionID string `gorm:"primaryKey"`
	AGS      string `gorm:"column:ags;primaryKey"`
}

func (memberRow) TableName() string { return "region_towns" }

type outlineRow struct {
	RegionID string `gorm:"primaryKey"`
	Geojson  []byte
}

func (outlineRow) TableName() string { return "outlines" }

type userRow struct {
	ID           int64 `gorm:"primaryKey"`
	Email        string
	Name         string
	Phone        string
	Role         string
	Town         reference
	Region       reference
	Language     string
	PasswordHash string
	Disabled     bool
	Created      stamp
	LastSignIn   stamp
	Forgotten    stamp
}

func (userRow) TableName() string { return "users" }

func userRowOf(u account.User) userRow {
	return userRow{ID: int64(u.ID), Email: u.Email, Name: u.Name, Phone: u.Phone, Role: string(u.Role),
		Town:     reference(u.Town),
		Region:   reference(u.Region),
		Language: u.Language, PasswordHash: u.PasswordHash, Disabled: u.Disabled, Created: stampOf(u.Created),
		LastSignIn: stampOf(u.LastSignIn), Forgotten: stampOf(u.Forgotten)}
}

func (r userRow) user() account.User {
	return account.User{ID: account.UserID(r.ID), Email: r.Email, Name: r.Name, Phone: r.Phone,
		Role:   account.Role(r.Role),
		Town:   region.AGS(r.Town),
		Region: region.ID(r.Region), Language: r.Language, PasswordHash: r.PasswordHash, Disabled: r.Disabled,
		Created: r.Created.time(), LastSignIn: r.LastSignIn.time(), Forgotten: r.Forgotten.time()}
}

// userColumns are what fields reads, of the table u.
const userColumns = `u.id, u.email, u.name, u.phone, u.role, u.town, u.region, u.language, u.password_hash, u.disabled, u.created, u.last_sign_in, u.forgotten`

func (r *userRow) fields() []any {
	return []any{&r.ID, &r.Email, &r.Name, &r.Phone, &r.Role, &r.Town, &r.Region, &r.Language, &r.PasswordHash,
		&r.Disabled, &r.Created, &r.LastSignIn, &r.Forgotten}
}

type sessionRow struct {
	ID      int64 `gorm:"primaryKey"`
	Hash    []byte
	UserID  int64
	Created stamp
	Seen    stamp
	Agent   string
	Network string
}

func (sessionRow) TableName() string { return "sessions" }

func sessionRowOf(n account.Session, h account.Hash) sessionRow {
	return sessionRow{Hash: h[:], UserID: int64(n.User), Created: stampOf(n.Created), Seen: stampOf(n.Seen),
		Agent: n.Agent, Network: n.Network}
}

func (r sessionRow) session() account.Session {
	return account.Session{ID: account.SessionID(r.ID), User: account.UserID(r.UserID), Created: r.Created.time(),
		Seen: r.Seen.time(), Agent: r.Agent, Network: r.Network}
}

type linkRow struct {
	ID      int64 `gorm:"primaryKey"`
	Hash    []byte
	Kind    string
	UserID  int64
	Created stamp
	Expires stamp
	Used    stamp
	MadeBy  int64
}

func (linkRow) TableName() string { return "links" }

func (r linkRow) link() account.Link {
	return account.Link{ID: account.LinkID(r.ID), Kind: account.LinkKind(r.Kind), User: account.UserID(r.UserID),
		Created: r.Created.time(), Expires: r.Expires.time(), Used: r.Used.time(), By: account.UserID(r.MadeBy)}
}

type eventRow struct {
	ID      int64 `gorm:"primaryKey"`
	At      stamp
	Actor   int64
	Name    string
	Kind    string
	Town    string
	Region  string
	Subject string
	Detail  string
}

func (eventRow) TableName() string { return "events" }

func (r eventRow) event() account.Event {
	return account.Event{ID: r.ID, At: r.At.time(), Actor: account.UserID(r.Actor), Name: r.Name,
		Kind: account.EventKind(r.Kind),
		Town: region.AGS(r.Town), Region: region.ID(r.Region), Subject: r.Subject, Detail: r.Detail}
}

// originRow is a part of answers, changes and evidence.
type originRow struct {
	Kind    string `gorm:"column:origin"`
	Subject string `gorm:"column:origin_subject"`
	At      stamp  `gorm:"column:origin_at"`
}

func originRowOf(o assessment.Origin) originRow {
	return originRow{Kind: string(o.Kind), Subject: o.Subject, At: stampOf(o.At)}
}

func (r originRow) origin() assessment.Origin {
	return assessment.Origin{Kind: assessment.OriginKind(r.Kind), Subject: r.Subject, At: r.At.time()}
}
