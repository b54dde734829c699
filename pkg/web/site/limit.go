package site

import (
	"net/netip"
	"runtime"
	"strconv"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/internal/turns"
)

// Cost says what a route costs the server. The table of routes says it of each, and this file what
// follows: as many costly ones at a time as there are cores, some more waiting for their turn, and
// everybody else is told to come again (503 with Retry-After). Workbooks and tries of versions
// share their turns; hashing has its own, in account, so that nobody is kept from signing in by
// reports.
type Cost uint8

const (
	Cheap        Cost = iota
	Costly            // writes a workbook or a table, or runs a round through a version
	CostlyUpload      // reads a workbook: takes its turn once the file is there, which a slow line may bring slowly
	Hashes            // hashes a password
)

// The bounds of costly work.
const (
	workWaiting = 32
	workWait    = 15 * time.Second
	StreamTurn  = 10 * time.Second // a slow reader of a stream keeps nobody from a turn for longer
)

func NewWork() *turns.Turns { return turns.New(runtime.GOMAXPROCS(0), workWaiting, workWait) }

var errWorkBusy = fault.New(fault.Unavailable, "work_busy",
	"the server is making many reports right now: please try again in a minute")

// TakeTurn waits until a costly route may begin.
func (r *Request) TakeTurn() error {
	if r.leave != nil {
		return nil // it has its turn
	}
	leave, err := r.Srv.Work.Enter(r.Ctx())
	if err != nil {
		return errWorkBusy.Because(err)
	}
	r.leave = sync.OnceFunc(leave)
	return nil
}

// EndTurn lets the next one begin: at the end of a route at the latest, and before a finished file
// goes over a line that may be slow.
func (r *Request) EndTurn() {
	if r.leave != nil {
		r.leave()
	}
}

// keyedLimit bounds how often something happens per key. Its memory is bounded: keys that are at
// rest are forgotten first.
type keyedLimit struct {
	mu    sync.Mutex
	every time.Duration
	burst int
	most  int
	Keys  map[string]*rate.Limiter
}

func NewKeyedLimit(every time.Duration, burst, most int) *keyedLimit {
	return &keyedLimit{every: every, burst: burst, most: most, Keys: map[string]*rate.Limiter{}}
}

// Allow takes one turn for a key; false means: too many, too fast.
func (k *keyedLimit) Allow(key string, now time.Time) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	limiter := k.Keys[key]
	if limiter == nil {
		if len(k.Keys) >= k.most {
			k.forget(now)
		}
		limiter = rate.NewLimiter(rate.Every(k.every), k.burst)
		k.Keys[key] = limiter
	}
	return limiter.AllowN(now, 1)
}

// forget drops the keys at rest; if everybody is busy, any half, so that an attacker with many keys
// cannot fill the memory.
func (k *keyedLimit) forget(now time.Time) {
	for key, limiter := range k.Keys {
		if limiter.TokensAt(now) >= float64(k.burst) {
			delete(k.Keys, key)
		}
	}
	for key := range k.Keys {
		if len(k.Keys) <= k.most/2 {
			return
		}
		delete(k.Keys, key)
	}
}

// rates bound what people do often: per person, and by link.
type rates struct {
	Exports *keyedLimit // per person
	Uploads *keyedLimit // per person
	Mails   *keyedLimit // per person
	ByLink  linkLimits
}

func newRates() *rates {
	return &rates{Exports: NewKeyedLimit(ExportEvery, ExportBurst, 10000),
		Uploads: NewKeyedLimit(UploadEvery, UploadBurst, 10000),
		Mails:   NewKeyedLimit(mailEvery, MailBurst, 10000), ByLink: newLinkLimits()}
}

// signInLimits bound guessing: per account and network together, so that one machine cannot try out
// one password and yet keeps nobody else out; wider per network, so that it cannot try many
// accounts, and wider per account, so that many machines cannot either. A machine that is over its
// own limit takes nothing from the account's. Nobody is ever locked out for good, and a device by
// which an account has signed in before has its own tries of that account, which nobody else can
// use up.
type signInLimits struct {
	pair, network, account, device *keyedLimit

	own *keyedLimit // of the present password, by somebody who is signed in: nobody else can use these tries up
}

// Of an account from all networks together: tries in a row, and then one every so often.
const (
	accountBurst = 100
	accountEvery = time.Second
)

const keysKept = 20000

func NewSignInLimits(l Limits) *signInLimits {
	if l.SignInsPerAccount == 0 {
		l.SignInsPerAccount = 10
	}
	if l.SignInsPerNetwork == 0 {
		l.SignInsPerNetwork = 60
	}
	return &signInLimits{
		pair:    NewKeyedLimit(10*time.Second, l.SignInsPerAccount, keysKept),
		account: NewKeyedLimit(accountEvery, max(accountBurst, l.SignInsPerAccount), keysKept),
		network: NewKeyedLimit(time.Second, l.SignInsPerNetwork, keysKept),
		device:  NewKeyedLimit(10*time.Second, l.SignInsPerAccount, keysKept),
		own:     NewKeyedLimit(10*time.Second, l.SignInsPerAccount, keysKept),
	}
}

// SaveBurst is how many minutes of saves an account has in hand: whoever fills in quickly, or comes
// back with a script, is not slowed down, and nobody can fill the disk within a night.
const SaveBurst = 5

func newSaveLimit(l Limits) *keyedLimit {
	if l.SavesPerMinute == 0 {
		l.SavesPerMinute = 600
	}
	return NewKeyedLimit(time.Minute/time.Duration(l.SavesPerMinute), SaveBurst*l.SavesPerMinute, keysKept)
}

var errSavesFast = fault.New(fault.RateLimited, "saves_fast",
	"too many saves: please wait a minute; what was saved stays")

var ErrTooFast = fault.New(fault.RateLimited, "too_fast", "too many tries: please wait a minute")

// Check takes a turn for an account (empty: none known) and the network an address lies in.
func (l *signInLimits) Check(email, ip string, now time.Time) error {
	if !l.network.Allow(NetworkKey(ip), now) {
		return ErrTooFast
	}
	if email = account.NormalEmail(email); email == "" {
		return nil
	}
	if !l.pair.Allow(NetworkKey(ip)+" "+email, now) || !l.account.Allow(email, now) {
		return ErrTooFast
	}
	return nil
}

// CheckTry takes a turn for a sign-in: the device's own, if the account knows it.
func (l *signInLimits) CheckTry(try account.Try, email, ip string, now time.Time) error {
	if !try.Known {
		return l.Check(email, ip, now)
	}
	if h := account.HashToken(try.Device); !l.device.Allow(string(h[:]), now) {
		return ErrTooFast
	}
	return nil
}

// CheckOwn takes a turn for somebody signed in who states the present password, which could be
// guessed at an unlocked computer.
func (l *signInLimits) CheckOwn(user account.UserID, now time.Time) error {
	if !l.own.Allow(strconv.FormatInt(int64(user), 10), now) {
		return ErrTooFast
	}
	return nil
}

// NetworkKey is the address for IPv4 and the /64 for IPv6, where one customer has 2^64 addresses.
func NetworkKey(ip string) string {
	addr, err := netip.ParseAddr(ip)
	if err != nil {
		return ip
	}
	if addr = addr.Unmap(); addr.Is4() {
		return addr.String()
	}
	prefix, err := addr.Prefix(64)
	if err != nil {
		return ip
	}
	return prefix.String()
}

// Exports and uploads cost the server something, so each person has so many at once and one more every few seconds.
const (
	ExportBurst = 10
	ExportEvery = 6 * time.Second
	UploadBurst = 40
	UploadEvery = 3 * time.Second
)

// PersonKey names who asks, for limits.
func (r *Request) PersonKey() string {
	if r.Link != "" {
		return r.Link
	}
	return strconv.FormatInt(int64(r.Actor.User), 10)
}

func TooMany() error {
	return fault.New(fault.RateLimited, "too_many", "too many requests: please try again in a minute")
}

// linkLimits bound what comes by links: per network, so that nobody can try out secrets or load the
// server, and per link.
type linkLimits struct{ Network, Link *keyedLimit }

// A whole town hall may sit behind one address; a page asks every eight seconds and sends each answer.
func newLinkLimits() linkLimits {
	return linkLimits{Network: NewKeyedLimit(100*time.Millisecond, 300, keysKept),
		Link: NewKeyedLimit(500*time.Millisecond, 120, keysKept)}
}

// A person may send so many mails at once and one more every half minute.
const (
	MailBurst = 20
	mailEvery = 30 * time.Second
)
