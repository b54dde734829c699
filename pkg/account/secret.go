package account

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	_ "embed"
	"encoding/base64"
	"fmt"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"

	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/internal/plaintext"
)

// Cost is what hashing a password with argon2id takes, in one lane. Each hash says at which cost it was made.
type Cost struct {
	Memory uint32 // KiB
	Passes uint32
}

// FullCost is that of the OWASP password storage cheat sheet.
var FullCost = Cost{Memory: 19 * 1024, Passes: 2}

const argonKey = 32 // bytes

// Limits of a password, in characters.
const (
	MinPassword = 12
	MaxPassword = 256
)

// NewToken returns a secret of 256 random bits for an address, and what is stored of it.
func NewToken() (string, Hash) {
	var b [32]byte
	_, _ = rand.Read(b[:]) // crypto/rand.Read never fails since Go 1.24
	token := base64.RawURLEncoding.EncodeToString(b[:])
	return token, HashToken(token)
}

// NewFormKey returns what a form carries so that sending it twice does not do twice what it does.
func NewFormKey() string {
	key, _ := NewToken()
	return key
}

// ValidFormKey reports whether a text can be a form's key: 256 bits, as NewFormKey writes them.
func ValidFormKey(key string) bool {
	b, err := base64.RawURLEncoding.DecodeString(key)
	return err == nil && len(b) == 32
}

// TokenOf returns the secret that belongs to a form's key and to what the form is about: always the
// same one, so that it can be shown again to whoever sends the form again, though only its hash is
// stored. Without a valid key it is a new one.
func TokenOf(key string, about ...string) (string, Hash) {
	if !ValidFormKey(key) {
		return NewToken()
	}
	sum := sha256.Sum256([]byte("ortsspiegel link\x00" + key + "\x00" + strings.Join(about, "\x00")))
	token := base64.RawURLEncoding.EncodeToString(sum[:])
	return token, HashToken(token)
}

// HashToken returns what is stored of a secret.
func HashToken(token string) Hash { return sha256.Sum256([]byte(token)) }

// hash returns a PHC string.
func (c Cost) hash(password string) string {
	var salt [16]byte
	_, _ = rand.Read(salt[:])
	key := argon2.IDKey([]byte(password), salt[:], c.Passes, c.Memory, 1, argonKey)
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=1$%s$%s", argon2.Version, c.Memory, c.Passes,
		base64.RawStdEncoding.EncodeToString(salt[:]), base64.RawStdEncoding.EncodeToString(key))
}

// HashPassword returns the stored form of a password, for made-up users of a demo.
func HashPassword(password string) string { return FullCost.hash(password) }

func verifyPassword(phc, password string) bool {
	parts := strings.Split(phc, "$")
	if len(parts) != 6 || parts[1] != "argon2id" {
		return false
	}
	var memory, time uint32
	var lanes uint8
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &memory, &time, &lanes); err != nil || lanes == 0 || time == 0 {
		return false
	}
	salt, err := base64.RawStdEncoding.DecodeString(parts[4])
	if err != nil {
		return false
	}
	want, err := base64.RawStdEncoding.DecodeString(parts[5])
	if err != nil || len(want) == 0 {
		return false
	}
	got := argon2.IDKey([]byte(password), salt, time, memory, lanes, uint32(len(want)))
	return subtle.ConstantTimeCompare(got, want) == 1
}

//go:embed common-passwords.txt
var commonPasswords string

var common = sync.OnceValue(func() map[string]bool {
	m := map[string]bool{}
	for _, line := range strings.Fields(commonPasswords) {
		m[line] = true
	}
	return m
})

// checkPassword enforces length and refuses common passwords; there are no rules of composition.
func checkPassword(field, password, email string) error {
	n := utf8.RuneCountInString(password)
	wrong := func(code, message string) error {
		return fault.Fields([]fault.Field{{Name: field, Code: code, Message: message,
			Args: map[string]any{"Min": MinPassword, "Max": MaxPassword}}})
	}
	switch plain := strings.ToLower(strings.TrimSpace(password)); {
	case !utf8.ValidString(password):
		return wrong("utf8", "the password is not valid UTF-8")
	case n < MinPassword:
		return wrong("password_short", "at least 12 characters are needed")
	case n > MaxPassword:
		return wrong("password_long", "at most 256 characters are possible")
	case common()[plain] || oneCharacter(plain) || (email != "" && NormalEmail(password) == email):
		return wrong("password_common", "this password is easy to guess: please choose another")
	}
	return nil
}

// oneCharacter reports whether a password repeats at most two characters.
func oneCharacter(s string) bool {
	seen := map[rune]bool{}
	for _, r := range s {
		seen[r] = true
	}
	return len(seen) <= 2
}

// CheckName returns a name without superfluous blanks; 2 to 100 printable characters are accepted,
// else it is Invalid for the field "name".
func CheckName(name string) (string, error) {
	name = plaintext.Line(name)
	bad := !utf8.ValidString(name) || plaintext.Length(name) < 2 || utf8.RuneCountInString(name) > 100 ||
		strings.ContainsFunc(name, func(r rune) bool { return unicode.IsControl(r) })
	if bad {
		return "", fault.Fields([]fault.Field{{Name: "name", Code: "name",
			Message: "a name of 2 to 100 characters is expected"}})
	}
	return name, nil
}

func cut(s string, n int) string {
	s = strings.ToValidUTF8(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, s), "")
	if r := []rune(s); len(r) > n {
		return string(r[:n])
	}
	return s
}
