package web

import (
	"strings"
	"sync"
	"time"
)

// nameCache keeps the names of towns and regions for the header of every page: they change once in years, and a statement per page
// for them would be waste.
type nameCache struct {
	mu    sync.Mutex
	names map[string]cachedName
}

type cachedName struct {
	name  string
	until time.Time
}

const namesLive = 10 * time.Minute

func (c *nameCache) get(key string, now time.Time, load func() (string, error)) string {
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

// place names the town or region the actor belongs to; empty if nobody is signed in.
func (r *request) place() string {
	switch s := r.srv; {
	case r.actor.Role.ForTown():
		return s.names.get(string(r.actor.Town), s.Now(), func() (string, error) {
			town, err := s.Territory.Town(r.ctx(), r.actor.Town)
			return town.Name, err
		})
	case r.actor.Role.ForAgency():
		return s.names.get("region:"+string(r.actor.Region), s.Now(), func() (string, error) {
			region, err := s.Territory.Region(r.ctx(), r.actor.Region)
			return region.Name, err
		})
	}
	return ""
}

// browserName shortens what a browser calls itself to what a person recognises: "Firefox, Windows".
func browserName(agent string) string {
	first := func(pairs ...string) string {
		for i := 0; i+1 < len(pairs); i += 2 {
			if strings.Contains(agent, pairs[i]) {
				return pairs[i+1]
			}
		}
		return ""
	}
	browser := first("Edg/", "Edge", "OPR/", "Opera", "Firefox/", "Firefox", "Chrome/", "Chrome", "Safari/", "Safari")
	system := first("Windows", "Windows", "Android", "Android", "iPhone", "iPhone", "iPad", "iPad", "Mac OS X", "macOS", "Linux", "Linux")
	switch {
	case browser != "" && system != "":
		return browser + ", " + system
	case browser != "":
		return browser
	}
	return agent
}
