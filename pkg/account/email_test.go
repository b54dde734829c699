package account

import (
	"strings"
	"testing"
	"time"
)

func TestOneNormalFormOfAddresses(t *testing.T) {
	for normal, ways := range map[string][]string{
		"erika@xn--hringen-amt-qfb.example": {
			"erika@öhringen-amt.example", "erika@xn--hringen-amt-qfb.example", "Erika@ÖHRINGEN-AMT.Example",
			"erika@o\u0308hringen-amt.example",
			"\u200berika@\u00adöhringen-amt.example\ufeff", "\u00a0 erika@öhringen-amt.example\u2800\n",
			"erika@XN--HRINGEN-AMT-QFB.example", "erika@öhringen-amt.example.",
			"erika@öhringen-amt。example", "erika@öhringen\u2011amt.example", "erika\uff20öhringen-amt.example",
		},
		"amt@xn--grostadt-sya.example":   {"amt@großstadt.example", "amt@GROẞSTADT.example"},
		"amt@grossstadt.example":         {"amt@grossstadt.example", "AMT@GROSSSTADT.EXAMPLE"},
		"jörg.müller@example.org":        {"Jo\u0308rg.Mu\u0308ller@example.org", "JÖRG.MÜLLER@EXAMPLE.ORG"},
		"a_b@under_score.example":        {"a_b@Under_Score.example"},
		"keine":                          {" Keine "},
		"@":                              {"@"},
		"a@":                             {"a@"},
		"leitung-attendorn@demo.example": {" Leitung-Attendorn@demo.example\t"},
	} {
		for _, way := range ways {
			if got := NormalEmail(way); got != normal {
				t.Errorf("%+q is %+q, want %+q", way, got, normal)
			}
		}
		if got := NormalEmail(normal); got != normal {
			t.Errorf("the normal form of %+q is %+q", normal, got)
		}
	}
}

func TestAddressesAreShownAsPeopleWriteThem(t *testing.T) {
	for stored, shown := range map[string]string{
		"erika@xn--hringen-amt-qfb.example": "erika@öhringen-amt.example",
		"amt@xn--grostadt-sya.example":      "amt@großstadt.example", "a@example.org": "a@example.org",
		"keine": "keine", "a@xn--99999999999.example": "a@xn--99999999999.example",
	} {
		if got := ShownEmail(stored); got != shown {
			t.Errorf("%s is shown as %s, want %s", stored, got, shown)
		}
		if got := NormalEmail(ShownEmail(stored)); got != stored {
			t.Errorf("%s does not come back from its shown form, but %s", stored, got)
		}
	}
}

func TestImplausibleAddresses(t *testing.T) {
	for _, way := range []string{"", "keine", "a@", "a b@example.org", "a\u00a0b@example.org", "a\u2800b@example.org",
		"a@example.org\r\nBcc: b@example.org", "a@b@c",
		"Anna <a@example.org>", "a@-.example ü", "a@ex ample.org", strings.Repeat("a", 300) + "@example.org",
		"a@" + strings.Repeat("ü", 300) + ".example"} {
		if PlausibleEmail(NormalEmail(way)) {
			t.Errorf("%+q is taken for an address: %+q", way, NormalEmail(way))
		}
	}
	for _, way := range []string{"a@b", "erika@öhringen-amt.example", "jörg@example.org"} {
		if !PlausibleEmail(NormalEmail(way)) {
			t.Errorf("%+q is not taken for an address", way)
		}
	}
}

// A domain of a whole form's length costs no more than reading it: its encoding would take the square of it.
func TestLongAddressesCostLittle(t *testing.T) {
	long := "a@" + strings.Repeat("öüä", 1<<15)
	start := time.Now()
	if NormalEmail(long); time.Since(start) > time.Second {
		t.Errorf("%d bytes take %v", len(long), time.Since(start))
	}
}
