package licence

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
)

// File is the name among the built assets of what Pack makes. It is not served as it is.
const File = "licences.json.gz"

// Work is what others have made and the program contains.
type Work struct {
	Name    string `json:"name"`    // a Go module, a package of npm, a font
	Version string `json:"version"` // as its makers write it: v1.2.3 for a Go module, 1.2.3 for others
	Licence string `json:"licence"` // identifiers of SPDX, parted by commas, of all that is in Text
	Text    string `json:"text"`    // licences and notices in full
}

// ErrNotBuilt says that the program was built without make.
var ErrNotBuilt = errors.New("licence: the licences were not put together: run `make assets`")

// Pack makes the content of File, the same for the same works.
func Pack(works []Work) ([]byte, error) {
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	encode := json.NewEncoder(z)
	encode.SetEscapeHTML(false)
	if err := errors.Join(encode.Encode(works), z.Close()); err != nil {
		return nil, fmt.Errorf("licence: pack: %w", err)
	}
	return b.Bytes(), nil
}

// Unpack reads what Pack has made. The error is ErrNotBuilt for nothing at all.
func Unpack(packed []byte) ([]Work, error) {
	if len(packed) == 0 {
		return nil, ErrNotBuilt
	}
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, fmt.Errorf("licence: unpack: %w", err)
	}
	var works []Work
	if err := json.NewDecoder(z).Decode(&works); err != nil {
		return nil, fmt.Errorf("licence: unpack: %w", err)
	}
	return works, nil
}
