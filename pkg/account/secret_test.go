package account

import (
	"strings"
	"testing"

	"ortsspiegel/pkg/fault"
)

func TestPasswords(t *testing.T) {
	long := strings.Repeat("ä1", 36)
	for name, c := range map[string]struct{ password, code string }{
		"short":          {"elf Zeichen", "password_short"},
		"twelve":         {"zwoelf Zeich", ""},
		"umlauts count":  {"äöüßäöüßäöüß", ""},
		"common":         {"Passwort1234", "password_common"},
		"one character":  {"aaaaaaaaaaaaaaaa", "password_common"},
		"own address":    {"anna@example.org", "password_common"},
		"too long":       {strings.Repeat("xyz", 86), "password_long"},
		"long":           {strings.Repeat("xyz", 85), ""},
		"not UTF-8":      {"zwoelf \xff Zeichen", "utf8"},
		"spaces, no mix": {"correct horse battery staple", ""},
	} {
		err := checkPassword("password", c.password, "anna@example.org")
		code := ""
		if f := fault.As(err); f != nil {
			code = f.Fields[0].Code
		}
		if code != c.code {
			t.Errorf("%s: %q, want %q", name, code, c.code)
		}
	}
	a, b := long+"a", long+"b" // more than 72 bytes, different at the end
	h := FullCost.hash(a)
	if !verifyPassword(h, a) || verifyPassword(h, b) || verifyPassword(h, "") {
		t.Error("a password is not cut")
	}
	if strings.Contains(h, a) || h == FullCost.hash(a) {
		t.Error("hashes are salted")
	}
	for _, broken := range []string{"", "$argon2id$", "$argon2id$v=19$m=19456,t=0,p=1$AAAA$AAAA",
		"$2a$10$abcdefghijklmnopqrstuv", "$argon2id$v=19$m=19456,t=2,p=1$AAAA$"} {
		if verifyPassword(broken, "anything at all") {
			t.Errorf("%q verifies", broken)
		}
	}
}

func TestTokensDiffer(t *testing.T) {
	a, ha := NewToken()
	b, hb := NewToken()
	if a == b || ha == hb || len(a) < 43 || HashToken(a) != ha {
		t.Errorf("%s %s", a, b)
	}
}

func TestEmailsAndNames(t *testing.T) {
	for email, want := range map[string]bool{"anna@example.org": true, "anna": false, "anna <anna@example.org>": false,
		"a@b": true, "": false,
		"a@b\r\nBcc: c@d": false} {
		if got := PlausibleEmail(NormalEmail(email)); got != want {
			t.Errorf("%q: %v", email, got)
		}
	}
	if n, err := CheckName("  Anna   Beispiel "); err != nil || n != "Anna Beispiel" {
		t.Errorf("%q %v", n, err)
	}
	for _, bad := range []string{"", "A", strings.Repeat("x", 101), "Anna\x00Beispiel"} {
		if _, err := CheckName(bad); !fault.Is(err, fault.Invalid) {
			t.Errorf("%q is accepted", bad)
		}
	}
}
