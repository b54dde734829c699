package site

import (
	"sync"
	"time"
)

// NameCache keeps the names of towns and regions for the header of every page: they change once in
// years, and a statement per page for them would be waste.
type NameCache struct {
	mu    sync.Mutex
	names map[string]cachedName
}

type cachedName struct {
	name  string
	until time.Time
}

const namesLive = 10 * time.Minute

func (c *NameCache) get(key string, now time.Time, load func() (string, error)) string {
	c.mu.Lock()
	entry, ok := c.names[key]
	c.mu.Unlock()
	if ok && now.Before(entry.until) {
		return entry.name
	}
	name, err := load()
	if err != nil {
		return "" // a decoration of the header is not worth an error page
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.names == nil {
		c.names = map[string]cachedName{}
	}
	c.names[key] = cachedName{name, now.Add(namesLive)}
	return name
}

// Place names the town or region the actor belongs to; empty if nobody is signed in.
func (r *Request) Place() string {
	switch s := r.Srv; {
	case r.Actor.Role.ForTown():
		return s.Names.get(string(r.Actor.Town), s.Now(), func() (string, error) {
			town, err := s.towns.Town(r.Ctx(), r.Actor.Town)
			return town.Name, err
		})
	case r.Actor.Role.ForAgency():
		return s.Names.get("region:"+string(r.Actor.Region), s.Now(), func() (string, error) {
			region, err := s.towns.Region(r.Ctx(), r.Actor.Region)
			return region.Name, err
		})
	}
	return ""
}
