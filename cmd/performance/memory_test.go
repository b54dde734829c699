package main

import (
	"strings"
	"testing"
)

func TestMapsByWhatTheyHold(t *testing.T) {
	const maps = `00400000-01400000 r-xp 00000000 fe:00 1234 /usr/bin/ortsspiegel
Size:              16384 kB
Rss:                8000 kB
Pss:                7000 kB
c000000000-c004000000 rw-p 00000000 00:00 0 [anon: Go: heap]
Rss:               30000 kB
3053a8000000-3053a9800000 rw-p 00000000 00:00 0
Rss:               10000 kB
7f0000000000-7f0000100000 rw-p 00000000 00:00 0
Rss:                3000 kB
7f0000200000-7f0000208000 rw-s 00000000 fe:00 99 /data/ortsspiegel.db-shm
Rss:                  32 kB
ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0 [vsyscall]
Rss:                   4 kB
`
	got, err := readMaps(strings.NewReader(maps))
	if want := (holds{heap: 40000 << 10, files: 8032 << 10, other: 3004 << 10}); err != nil || got != want {
		t.Errorf("%+v, %v, want %+v", got, err, want)
	}
	_, err = readMaps(strings.NewReader("00400000-01400000 r-xp 00000000 fe:00 1234 /usr/bin/other\nRss: 8 kB\n"))
	wants(t, err, "no Go heap")
	_, err = readMaps(strings.NewReader("c000000000-c004000000 rw-p 00000000 00:00 0\nRss: many kB\n"))
	wants(t, err, "resident memory")
}

func TestLastCollection(t *testing.T) {
	log := `time=2026-11-30T12:00:00Z level=INFO msg=request route=/ text="gc 9 @1s 4->5->99 MB"
gc 1 @0.011s 1%: 0.01+0.5+0.003 ms clock, 0.02+0.1/0.3/0+0.006 ms cpu, 3->4->1 MB, 4 MB goal, 0 MB stacks, 0 MB globals, 2 P
gc 2 @9.511s 0%: 0.01+9.5+0.003 ms clock, 0.02+0.1/0.3/0+0.006 ms cpu, 31->31->27 MB, 62 MB goal, 0 MB stacks, 0 MB globals, 2 P (forced)
` + "a line without an end"
	if live, err := lastLive(strings.NewReader(log)); err != nil || live != 27<<20 {
		t.Errorf("%d, %v", live, err)
	}
	_, err := lastLive(strings.NewReader("level=INFO msg=listening\n"))
	wants(t, err, "no collection")
}

// What holds the memory is looked at in a real child, too.
func TestHoldsOfAChild(t *testing.T) {
	b := setup(t)
	b.environment = []string{traced}
	big := recording{Body: make([]byte, 8<<20)} // so that something is collected while it is read
	limit, _, err := b.bareServer(big)
	if err != nil {
		t.Fatal(err)
	}
	h, err := limit.holds()
	if err != nil || h.heap <= 0 || h.live <= 0 || h.files <= 0 || h.other <= 0 {
		t.Errorf("%+v, %v", h, err)
	}
	if err := limit.stop(); err != nil {
		t.Error(err)
	}
}
