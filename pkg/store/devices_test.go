package store_test

import (
	"testing"
	"time"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/store"
)

// device is the hash of somebody's device.
func device(id account.UserID, n byte) account.Hash { return account.Hash{9, byte(id), n} }

// signInBy signs somebody in by a device at a time.
func signInBy(t testing.TB, s *store.Store, id account.UserID, password string, d account.Hash, at time.Time) {
	t.Helper()
	_, secret := account.NewToken()
	_, err := s.CreateSession(t.Context(), account.Session{User: id, Created: at, Seen: at, Device: d}, secret,
		password, account.Event{})
	must(t, err)
}

// knows asks whether somebody's account knows a device.
func knows(t testing.TB, s *store.Store, name string, d account.Hash, since time.Time) bool {
	t.Helper()
	u, known, err := s.UserAtDevice(t.Context(), name+"@example.org", d, since)
	must(t, err)
	if u.Name != name {
		t.Errorf("read %+v, want %s", u, name)
	}
	return known
}

// TestKnownDevices signs in by more devices than are kept: the ones used last are known to their
// own account alone, for as long as they are used, and housekeeping deletes the others.
func TestKnownDevices(t *testing.T) {
	onEach(t, func(t *testing.T, s *store.Store) {
		oneTown(t, s)
		one, other := somebody(t, s, "eine"), somebody(t, s, "andere")
		long := noon.Add(-account.DeviceLife)
		if knows(t, s, "eine", account.Hash{}, long) {
			t.Error("no device at all is known")
		}
		signInBy(t, s, one, "before", account.Hash{}, noon)
		if knows(t, s, "eine", account.Hash{}, long) {
			t.Error("a sign-in without a device makes one known")
		}
		for n := range byte(account.MostDevices + 2) {
			signInBy(t, s, one, "before", device(one, n), noon.Add(time.Duration(n)*time.Minute))
		}
		signInBy(t, s, one, "before", device(one, 2), noon.Add(time.Hour)) // again: it is the newest now
		signInBy(t, s, one, "before", device(one, 99), noon.Add(2*time.Hour))
		signInBy(t, s, other, "before", device(other, 0), noon)
		signInBy(t, s, other, "before", device(one, 99), noon.Add(3*time.Hour)) // a stolen one stays what it is
		check := func(when string) {
			t.Helper()
			for n := range byte(account.MostDevices + 2) {
				if want := n == 2 || n > 3; knows(t, s, "eine", device(one, n), long) != want {
					t.Errorf("%s: device %d is known: %v", when, n, !want)
				}
			}
			if !knows(t, s, "andere", device(other, 0), long) || knows(t, s, "andere", device(one, 99), long) ||
				knows(t, s, "eine", device(other, 0), long) {
				t.Errorf("%s: devices are mixed up", when)
			}
		}
		check("before housekeeping")
		if knows(t, s, "eine", device(one, 2), noon.Add(time.Hour+time.Second)) ||
			!knows(t, s, "eine", device(one, 2), noon.Add(time.Hour)) {
			t.Error("a device is known for longer or shorter than since its last use")
		}
		due := account.Due{Now: noon, Idle: noon.Add(-time.Hour), Begun: noon.Add(-time.Hour), Device: long}
		if n := valueOf(s.Tidy(t.Context(), due))(t); n != 3 {
			t.Errorf("%d rows tidied, want the three devices too many", n)
		}
		check("after housekeeping")
		due.Device = noon.Add(10 * time.Minute) // all but three of the one's, and the other's
		if n := valueOf(s.Tidy(t.Context(), due))(t); n != account.MostDevices-4+1 {
			t.Errorf("%d rows tidied, want those not used for long", n)
		}
		if !knows(t, s, "eine", device(one, 10), long) || knows(t, s, "andere", device(other, 0), long) {
			t.Error("housekeeping deleted the wrong devices")
		}
	})
}

// TestDevicesEndWithTheTrustInThem: a new password by whichever way, locking out and forgetting make them unknown.
func TestDevicesEndWithTheTrustInThem(t *testing.T) {
	onEach(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		oneTown(t, s)
		long := noon.Add(-account.DeviceLife)
		bystander := somebody(t, s, "bleibt")
		signInBy(t, s, bystander, "before", device(bystander, 0), noon)
		link := func(id account.UserID, kind account.LinkKind, password string) error {
			_, h := account.NewToken()
			l, err := s.CreateLink(ctx, account.Link{Kind: kind, User: id, Created: noon,
				Expires: noon.Add(time.Hour)}, h, account.Event{})
			must(t, err)
			n := sessionOf(id)
			n.Device = device(id, 1)
			_, secret := account.NewToken()
			return s.UseLink(ctx, account.LinkUse{ID: l, User: id, Password: password, Session: n, Secret: secret})
		}
		for name, c := range map[string]struct {
			do          func(id account.UserID) error
			stays, link bool // the device from before is still known, the link's is known
		}{
			"kennwort": {do: func(id account.UserID) error {
				return s.SetPassword(ctx, id, "before", "after", 0, account.Event{})
			}},
			"gesperrt": {do: func(id account.UserID) error { return s.SetDisabled(ctx, id, true, account.Event{}) }},
			"reset": {do: func(id account.UserID) error {
				return link(id, account.LinkReset, "after")
			}, link: true},
			"anmeldelink": {do: func(id account.UserID) error {
				return link(id, account.LinkSignIn, "")
			}, stays: true, link: true},
			"rolle": {do: func(id account.UserID) error {
				return s.SetRole(ctx, id, account.TownLead, account.TownViewer, account.Event{})
			}, stays: true},
		} {
			id := somebody(t, s, name)
			signInBy(t, s, id, "before", device(id, 0), noon)
			if !knows(t, s, name, device(id, 0), long) {
				t.Fatalf("%s: not known by signing in", name)
			}
			must(t, c.do(id))
			if got := knows(t, s, name, device(id, 0), long); got != c.stays {
				t.Errorf("%s: the device from before is known: %v", name, got)
			}
			if got := knows(t, s, name, device(id, 1), long); got != c.link {
				t.Errorf("%s: the link's device is known: %v", name, got)
			}
		}
		if !knows(t, s, "bleibt", device(bystander, 0), long) {
			t.Error("another one's device went too")
		}
	})
}
