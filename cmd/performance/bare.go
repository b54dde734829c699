package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
)

// recording is an answer of the program that the bare handler gives too.
type recording struct {
	Header http.Header `json:"header"`
	Body   []byte      `json:"body"`
}

// record asks the program once and keeps what it answered.
func record(c *conn, request []byte) (recording, error) {
	if _, err := c.Write(request); err != nil {
		return recording{}, err
	}
	r, err := http.ReadResponse(c.in, nil)
	if err != nil {
		return recording{}, err
	}
	body, err := io.ReadAll(r.Body)
	if err := errors.Join(err, r.Body.Close()); err != nil {
		return recording{}, err
	}
	if r.StatusCode != http.StatusOK {
		line, _, _ := bytes.Cut(request, []byte("\r\n"))
		return recording{}, fmt.Errorf("%s answered %s", line, r.Status)
	}
	for _, own := range []string{"Date", "Content-Length", "Connection"} { // net/http writes them by itself
		r.Header.Del(own)
	}
	return recording{r.Header, body}, nil
}

// bareServer starts the bare handler as a child; it answers /0 with the first recording, and so on.
func (b *meter) bareServer(list ...recording) (*child, string, error) {
	data, err := json.Marshal(list)
	if err != nil {
		return nil, "", err
	}
	file := filepath.Join(b.dir, "recordings.json")
	if err := os.WriteFile(file, data, 0o600); err != nil {
		return nil, "", err
	}
	return b.listening(b.self, "-child", "bare", file)
}

// bare serves recordings with nothing but net/http: what is left if a program does nothing.
func bare(ctx context.Context, args []string, stdout io.Writer) error {
	data, err := os.ReadFile(args[0])
	if err != nil {
		return err
	}
	var list []recording
	if err := json.Unmarshal(data, &list); err != nil {
		return err
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintf(stdout, "{\"listening\":%q}\n", "http://"+listener.Addr().String()); err != nil {
		return err
	}
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n, err := strconv.Atoi(r.URL.Path[1:])
		if err != nil || n >= len(list) {
			http.NotFound(w, r)
			return
		}
		h := w.Header()
		for name, values := range list[n].Header {
			h[name] = values
		}
		_, _ = w.Write(list[n].Body) // a client that went away is none of its business
	})}
	context.AfterFunc(ctx, func() { _ = server.Close() })
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// to answers a request of the program's with a recording: only the address differs.
func to(recording int, request []byte) []byte {
	method, rest, _ := bytes.Cut(request, []byte(" "))
	_, rest, _ = bytes.Cut(rest, []byte(" "))
	return fmt.Appendf(nil, "%s /%d %s", method, recording, rest)
}
