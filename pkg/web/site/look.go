package site

import (
	"fmt"
	"sync"
	"time"

	"ortsspiegel/pkg/territory"
)

// LookCache keeps the looks of regions for the header of every page, as NameCache keeps names.
type LookCache struct {
	mu    sync.Mutex
	looks map[string]cachedLook
}

type cachedLook struct {
	look  territory.Look
	until time.Time
}

// looksLive is short: another process on the same database may save one.
const looksLive = time.Minute

// Forget drops all looks, since one was saved.
func (c *LookCache) Forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.looks = nil
}

func (c *LookCache) get(key string, now time.Time, load func() (territory.Look, error)) territory.Look {
	c.mu.Lock()
	entry, ok := c.looks[key]
	c.mu.Unlock()
	if ok && now.Before(entry.until) {
		return entry.look
	}
	look, err := load()
	if err != nil {
		return territory.Look{} // the operator's look is not worth an error page
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.looks == nil {
		c.looks = map[string]cachedLook{}
	}
	c.looks[key] = cachedLook{look, now.Add(looksLive)}
	return look
}

// Look is how the region of whoever asks appears; one that says nothing to guests, who see the operator's.
func (r *Request) Look() territory.Look {
	switch s := r.Srv; {
	case r.Actor.Role.ForTown():
		return s.Looks.get(string(r.Actor.Town), s.Now(), func() (territory.Look, error) {
			return s.towns.LookFor(r.Ctx(), r.Actor.Town)
		})
	case r.Actor.Role.ForAgency():
		return s.Looks.get("region:"+string(r.Actor.Region), s.Now(), func() (territory.Look, error) {
			return s.towns.Look(r.Ctx(), r.Actor.Region)
		})
	}
	return territory.Look{}
}

// BrandAddress is where the style sheet with a region's colour is; it changes with what was saved.
func BrandAddress(l territory.Look) string {
	if l.Light == "" {
		return ""
	}
	return fmt.Sprintf("/brand/%s.css?v=%d", l.Region, l.Revision)
}
