package web

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

// cost says what a route costs the server. The table of routes says it of each, and this file what follows: as many costly
// ones at a time as there are cores, some more waiting for their turn, and everybody else is told to come again (503 with
// Retry-After). Workbooks and tries of versions share their turns; hashing has its own, in account, so that nobody is kept from
// signing in by reports.
type cost uint8

const (
	cheap        cost = iota
	costly            // writes a workbook or a table, or runs a round through a version
	costlyUpload      // reads a workbook: takes its turn once the file is there, which a slow line may bring slowly
	hashes            // hashes a password
)

// The bounds of costly work.
const (
	workWaiting = 32
	workWait    = 15 * time.Second
	streamTurn  = 10 * time.Second // a slow reader of a stream keeps nobody from a turn for longer
)

func newWork() *turns.Turns { return turns.New(runtime.GOMAXPROCS(0), workWaiting, workWait) }

var errWorkBusy = fault.New(fault.Unavailable, "work_busy", "the server is making many reports right now: please try again in a minute")

// takeTurn waits until a costly route may begin.
func (r *request) takeTurn() error {
	if r.leave != nil {
		return nil // it has its turn
	}
	leave, err := r.srv.Work.Enter(r.ctx())
	if err != nil {
		return errWorkBusy.Because(err)
	}
	r.leave = sync.OnceFunc(leave)
	return nil
}

// endTurn lets the next one begin: at the end of a route at the latest, and before a finished file goes over a line that may
// be slow.
func (r *request) endTurn() {
	if r.leave != nil {
		r.leave()
	}
}

// keyedLimit bounds how often something happens per key. Its memory is bounded: keys that are at rest are forgotten first.
type keyedLimit struct {
	mu    sync.Mutex
	every time.Duration
	burst int
	most  int
	keys  map[string]*rate.Limiter
}

func newKeyedLimit(every time.Duration, burst, most int) *keyedLimit {
	return &keyedLimit{every: every, burst: burst, most: most, keys: map[string]*rate.Limiter{}}
}

// allow takes one turn for a key; false means: too many, too fast.
func (k *keyedLimit) allow(key string, now time.Time) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	limiter := k.keys[key]
	if limiter == nil {
		if len(k.keys) >= k.most {
			k.forget(now)
		}
		limiter = rate.NewLimiter(rate.Every(k.every), k.burst)
		k.keys[key] = limiter
	}
	return limiter.AllowN(now, 1)
}

// forget drops the keys at rest; if everybody is busy, any half, so that an attacker with many keys cannot fill the memory.
func (k *keyedLimit) forget(now time.Time) {
	for key, limiter := range k.keys {
		if limiter.TokensAt(now) >= float64(k.burst) {
			delete(k.keys, key)
		}
	}
	for key := range k.keys {
		if len(k.keys) <= k.most/2 {
			return
		}
		delete(k.keys, key)
	}
}

// rates bound what people do often: per person, and by link.
type rates struct {
	exports *keyedLimit // per person
	uploads *keyedLimit // per person
	mails   *keyedLimit // per person
	byLink  linkLimits
}

func newRates() *rates {
	return &rates{exports: newKeyedLimit(exportEvery, exportBurst, 10000), uploads: newKeyedLimit(uploadEvery, uploadBurst, 10000),
		mails: newKeyedLimit(mailEvery, mailBurst, 10000), byLink: newLinkLimits()}
}

// signInLimits bound guessing: per account and network together, so that one machine cannot try out one password and yet keeps
// nobody else out; wider per network, so that it cannot try many accounts, and wider per account, so that many machines cannot
// either. A machine that is over its own limit takes nothing from the account's. Nobody is ever locked out for good, and a
// device by which an account has signed in before has its own tries of that account, which nobody else can use up.
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

func newSignInLimits(l Limits) *signInLimits {
	if l.SignInsPerAccount == 0 {
		l.SignInsPerAccount = 10
	}
	if l.SignInsPerNetwork == 0 {
		l.SignInsPerNetwork = 60
	}
	return &signInLimits{
		pair:    newKeyedLimit(10*time.Second, l.SignInsPerAccount, keysKept),
		account: newKeyedLimit(accountEvery, max(accountBurst, l.SignInsPerAccount), keysKept),
		network: newKeyedLimit(time.Second, l.SignInsPerNetwork, keysKept),
		device:  newKeyedLimit(10*time.Second, l.SignInsPerAccount, keysKept),
		own:     newKeyedLimit(10*time.Second, l.SignInsPerAccount, keysKept),
	}
}

// saveBurst is how many minutes of saves an account has in hand: whoever fills in quickly, or comes
// back with a script, is not slowed down, and nobody can fill the disk within a night.
const saveBurst = 5

func newSaveLimit(l Limits) *keyedLimit {
	if l.SavesPerMinute == 0 {
		l.SavesPerMinute = 600
	}
	return newKeyedLimit(time.Minute/time.Duration(l.SavesPerMinute), saveBurst*l.SavesPerMinute, keysKept)
}

var errSavesFast = fault.New(fault.RateLimited, "saves_fast", "too many saves: please wait a minute; what was saved stays")

var errTooFast = fault.New(fault.RateLimited, "too_fast", "too many tries: please wait a minute")

// check takes a turn for an account (empty: none known) and the network an address lies in.
func (l *signInLimits) check(email, ip string, now time.Time) error {
	if !l.network.allow(networkKey(ip), now) {
		return errTooFast
	}
	if email = account.NormalEmail(email); email == "" {
		return nil
	}
	if !l.pair.allow(networkKey(ip)+" "+email, now) || !l.account.allow(email, now) {
		return errTooFast
	}
	return nil
}

// checkTry takes a turn for a sign-in: the device's own, if the account knows it.
func (l *signInLimits) checkTry(try account.Try, email, ip string, now time.Time) error {
	if !try.Known {
		return l.check(email, ip, now)
	}
	if h := account.HashToken(try.Device); !l.device.allow(string(h[:]), now) {
		return errTooFast
	}
	return nil
}

// checkOwn takes a turn for somebody signed in who states the present password, which could be guessed at an unlocked computer.
func (l *signInLimits) checkOwn(user account.UserID, now time.Time) error {
	if !l.own.allow(strconv.FormatInt(int64(user), 10), now) {
		return errTooFast
	}
	return nil
}

// networkKey is the address for IPv4 and the /64 for IPv6, where one customer has 2^64 addresses.
func networkKey(ip string) string {
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
