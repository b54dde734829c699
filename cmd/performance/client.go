package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"sync"
	"time"
)

// conn is a keep-alive connection that costs the machine as little as possible: the server
// is to be measured, not the client.
type conn struct {
	net.Conn
	in   *bufio.Reader
	read int64 // bytes of all answers, with their headers
}

func dial(address string) (*conn, error) {
	c, err := net.DialTimeout("tcp", address, 5*time.Second)
	if err != nil {
		return nil, err
	}
	return &conn{Conn: c, in: bufio.NewReaderSize(c, 64<<10)}, nil
}

// line reads a line without its end.
func (c *conn) line() ([]byte, error) {
	l, err := c.in.ReadSlice('\n')
	c.read += int64(len(l))
	return bytes.TrimRight(l, "\r\n"), err
}

// answer is the status and what of the headers is needed to read on.
type answer struct {
	status  int
	length  int64
	chunked bool
}

// do sends a request and reads the answer; body, if not nil, takes its body.
func (c *conn) do(request []byte, body *bytes.Buffer) (status int, err error) {
	if err := c.SetDeadline(time.Now().Add(10 * time.Second)); err != nil {
		return 0, err
	}
	if _, err := c.Write(request); err != nil {
		return 0, err
	}
	a, err := c.head()
	if err != nil {
		return 0, err
	}
	to := io.Discard
	if body != nil {
		body.Reset()
		to = body
	}
	if !a.chunked {
		return a.status, c.take(to, a.length)
	}
	for {
		l, err := c.line()
		if err != nil {
			return 0, err
		}
		n, err := strconv.ParseInt(string(l), 16, 64)
		if err != nil {
			return 0, err
		}
		if err := c.take(to, n); err != nil {
			return 0, err
		}
		if _, err := c.line(); err != nil {
			return 0, err
		}
		if n == 0 {
			return a.status, nil
		}
	}
}

func (c *conn) take(to io.Writer, n int64) error {
	c.read += n
	if to == io.Discard {
		_, err := c.in.Discard(int(n))
		return err
	}
	_, err := io.CopyN(to, c.in, n)
	return err
}

var (
	lengthHeader  = []byte("content-length:")
	chunkedHeader = []byte("transfer-encoding: chunked")
)

func (c *conn) head() (answer, error) {
	l, err := c.line()
	if err != nil {
		return answer{}, err
	}
	if len(l) < 12 {
		return answer{}, fmt.Errorf("not an HTTP answer: %q", l)
	}
	a := answer{}
	if a.status, err = strconv.Atoi(string(l[9:12])); err != nil {
		return answer{}, err
	}
	for {
		l, err := c.line()
		switch {
		case err != nil:
			return answer{}, err
		case len(l) == 0:
			return a, nil
		case len(l) > len(lengthHeader) && bytes.EqualFold(l[:len(lengthHeader)], lengthHeader):
			if a.length, err = strconv.ParseInt(string(bytes.TrimSpace(l[len(lengthHeader):])), 10, 64); err != nil {
				return answer{}, err
			}
		case bytes.EqualFold(l, chunkedHeader):
			a.chunked = true
		}
	}
}

// dials opens n connections.
func dials(address string, n int) ([]*conn, error) {
	list := make([]*conn, n)
	for i := range list {
		var err error
		if list[i], err = dial(address); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func hangUp(lists ...[]*conn) {
	for _, list := range lists {
		for _, c := range list {
			_ = c.Close()
		}
	}
}

// rate lets every connection do f again and again and returns how often a second it was done.
// An error ends the connection that has it, and is returned; so is that nothing was done in time.
func rate(list []*conn, during time.Duration, f func(i int, c *conn) error) (float64, error) {
	done := make([]int, len(list))
	errs := make([]error, len(list))
	start := time.Now()
	var wg sync.WaitGroup
	for i, c := range list {
		wg.Go(func() {
			for time.Since(start) < during && errs[i] == nil {
				if errs[i] = f(i, c); errs[i] == nil {
					done[i]++
				}
			}
		})
	}
	wg.Wait()
	took := time.Since(start)
	sum := 0
	for _, n := range done {
		sum += n
	}
	if err := errors.Join(errs...); err != nil {
		return 0, err
	}
	if sum == 0 {
		return 0, fmt.Errorf("%d connections did nothing within %s", len(list), during)
	}
	return float64(sum) / took.Seconds(), nil
}

// turns lets program and limits be measured in turns and returns the figures of each, turn by turn.
// A turn without a figure ends it: a ratio out of it would be none.
func turns(n int, measures ...func() (float64, error)) ([][]float64, error) {
	figures := make([][]float64, len(measures))
	for range n {
		for i, m := range measures {
			v, err := m()
			if err == nil && !positive(v) {
				err = fmt.Errorf("turn %d of measure %d of %d has no sample", len(figures[i])+1, i+1, len(measures))
			}
			if err != nil {
				return nil, err
			}
			figures[i] = append(figures[i], v)
		}
	}
	return figures, nil
}

// ratios divides the figures of two that took turns.
func ratios(a, b []float64) []float64 {
	list := make([]float64, len(a))
	for i := range a {
		list[i] = a[i] / b[i]
	}
	return list
}
