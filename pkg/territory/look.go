package territory

import (
	"context"
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"ortsspiegel/pkg/account"
	"ortsspiegel/pkg/fault"
	"ortsspiegel/pkg/internal/plaintext"
	"ortsspiegel/pkg/internal/prose"
	"ortsspiegel/pkg/region"
)

// Look is how a region appears to its people, and its legal texts. What is empty is as the operator has it.
type Look struct {
	Region      region.ID
	Name        string // of the region's initiative
	Light, Dark string // its colour in each theme, #rrggbb

	// Paragraphs, lists, emphasis and links, as package prose reads them.
	Imprint, Privacy, Accessibility string
	Contact                         string // to whom barriers are told: address of mail or telephone
	Arbitration                     string // who arbitrates about them, as prose

	Revision int64 // counts what was saved; 0: nothing yet
}

// Bounds of a look's lines, in characters.
const (
	MaxLookName    = 60
	MaxLookContact = 200
)

// MinContrast is what text needs on its ground (WCAG 2.2, 1.4.3): steps have white or dark numbers on the colour.
const MinContrast = 4.5

// The grounds of pages in both themes.
var grounds = map[string]rgb{"light": {255, 255, 255}, "dark": {0x13, 0x15, 0x25}}

// ErrLookChanged says that somebody else saved a look meanwhile.
var ErrLookChanged = fault.New(fault.Conflict, "look_changed",
	"somebody else has saved texts or look of this region meanwhile")

// Look returns how a region appears; one that says nothing if nothing was saved.
func (s *Service) Look(ctx context.Context, id region.ID) (Look, error) {
	l, err := s.store.Look(ctx, id)
	if fault.Is(err, fault.NotFound) {
		return Look{Region: id}, nil
	}
	return l, err
}

// LookFor returns the look that people of a town see: its region's. Where several of a town's regions have one, none
// of them is the house's, and the operator's holds.
func (s *Service) LookFor(ctx context.Context, town region.AGS) (Look, error) {
	list, err := s.store.LooksOf(ctx, town)
	if err != nil || len(list) != 1 {
		return Look{}, err
	}
	return list[0], nil
}

// SaveLook saves how a region appears. l.Revision is the one it was made from; ErrLookChanged if another was saved
// meanwhile, fault.Invalid names the fields that cannot be.
func (s *Service) SaveLook(ctx context.Context, by account.Actor, l Look) error {
	l = l.normal()
	if err := l.check(); err != nil {
		return err
	}
	e := account.Event{At: s.now().UTC(), Actor: by.User, Name: by.Name, Kind: account.EventLookChanged,
		Region: l.Region, Subject: l.Name}
	return s.store.SaveLook(ctx, l, e)
}

func (l Look) normal() Look {
	for _, line := range []*string{&l.Name, &l.Contact} {
		*line = plaintext.Line(*line)
	}
	for _, colour := range []*string{&l.Light, &l.Dark} {
		*colour = strings.ToLower(plaintext.Line(*colour))
	}
	for _, text := range []*string{&l.Imprint, &l.Privacy, &l.Accessibility, &l.Arbitration} {
		*text = strings.TrimSpace(plaintext.Text(*text))
	}
	return l
}

func (l Look) check() error {
	var wrong []fault.Field
	for _, x := range []struct {
		name, value string
		most        int
	}{{"name", l.Name, MaxLookName}, {"contact", l.Contact, MaxLookContact}, {"imprint", l.Imprint, prose.MaxLength},
		{"privacy", l.Privacy, prose.MaxLength}, {"accessibility", l.Accessibility, prose.MaxLength},
		{"arbitration", l.Arbitration, prose.MaxLength}} {
		if utf8.RuneCountInString(x.value) > x.most {
			wrong = append(wrong, fault.Field{Name: x.name, Code: "look_long",
				Message: fmt.Sprintf("at most %d characters", x.most), Args: map[string]any{"Most": x.most}})
		}
	}
	for _, x := range []struct{ name, value string }{{"imprint", l.Imprint}, {"privacy", l.Privacy},
		{"accessibility", l.Accessibility}, {"arbitration", l.Arbitration}} {
		for _, f := range prose.Check(x.value) {
			wrong = append(wrong, fault.Field{Name: x.name, Code: "look_prose", Message: f.Message,
				Args: map[string]any{"Line": f.Line}})
			break
		}
	}
	for _, x := range []struct{ name, value string }{{"light", l.Light}, {"dark", l.Dark}} {
		if x.value == "" {
			continue
		}
		if f := checkColour(x.name, x.value); f != nil {
			wrong = append(wrong, *f)
		}
	}
	if (l.Light == "") != (l.Dark == "") && len(wrong) == 0 {
		name := "dark"
		if l.Light == "" {
			name = "light"
		}
		wrong = append(wrong, fault.Field{Name: name, Code: "look_both",
			Message: "a colour is needed for both themes, or for none"})
	}
	if len(wrong) > 0 {
		return fault.Fields(wrong)
	}
	return nil
}

// checkColour says what is wrong with a theme's colour, and which one near it would do.
func checkColour(theme, colour string) *fault.Field {
	c, ok := parseColour(colour)
	if !ok {
		return &fault.Field{Name: theme, Code: "look_colour", Message: "a colour such as #2044aa is expected"}
	}
	ground := grounds[theme]
	has := contrast(c, ground)
	if has >= MinContrast {
		return nil
	}
	// Cut, so that a contrast that is refused never reads as one that does.
	shown := math.Floor(has*10) / 10
	near := c.enough(ground)
	return &fault.Field{Name: theme, Code: "look_contrast_" + theme,
		Message: fmt.Sprintf("the contrast is %.1f : 1, %.1f : 1 is needed; %s would do", shown, MinContrast, near),
		Args:    map[string]any{"Contrast": shown, "Wanted": MinContrast, "Near": near.String()}}
}

type rgb [3]uint8

func parseColour(s string) (c rgb, ok bool) {
	if len(s) != 7 || s[0] != '#' {
		return c, false
	}
	n, err := strconv.ParseUint(s[1:], 16, 32)
	return rgb{uint8(n >> 16), uint8(n >> 8), uint8(n)}, err == nil
}

func (c rgb) String() string { return fmt.Sprintf("#%02x%02x%02x", c[0], c[1], c[2]) }

// luminance is the relative luminance of WCAG, in [0, 1].
func (c rgb) luminance() float64 {
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		v := float64(c[i]) / 255
		if v <= 0.04045 {
			v /= 12.92
		} else {
			v = math.Pow((v+0.055)/1.055, 2.4)
		}
		sum += weight * v
	}
	return sum
}

// contrast is the ratio of WCAG, from 1 to 21.
func contrast(a, b rgb) float64 {
	x, y := a.luminance(), b.luminance()
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// enough mixes a colour with black or white, away from the ground, until its contrast does.
func (c rgb) enough(ground rgb) rgb {
	end := 0.0
	if ground.luminance() < 0.5 {
		end = 255
	}
	for step := 1; step <= 64; step++ {
		var mixed rgb
		for i := range c {
			mixed[i] = uint8(math.Round(float64(c[i]) + (end-float64(c[i]))*float64(step)/64))
		}
		if contrast(mixed, ground) >= MinContrast {
			return mixed
		}
	}
	return rgb{uint8(end), uint8(end), uint8(end)}
}
