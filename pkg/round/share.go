package round

import "sync"

const (
	// Workers is how many take what is read: enough for the one reader, which is as fast as two of them.
	Workers = 4
	// pieceSize is how many items go from the reader to a worker at once.
	pieceSize = 32
)

// shareOut hands what read emits to a few workers, which run while it reads on. At most a few
// pieces wait, whatever there is to read. Each worker, from 0 to Workers-1, is called for one
// item at a time and gathers what it finds for itself; who gets which item is chance.
func shareOut[T any](read func(emit func(T)) error, work func(worker int, item T)) error {
	queue := make(chan []T, Workers)
	var wg sync.WaitGroup
	for worker := range Workers {
		wg.Go(func() {
			for piece := range queue {
				for _, item := range piece {
					work(worker, item)
				}
			}
		})
	}
	var piece []T
	err := read(func(item T) {
		if piece = append(piece, item); len(piece) == pieceSize {
			queue <- piece
			piece = make([]T, 0, pieceSize)
		}
	})
	queue <- piece
	close(queue)
	wg.Wait()
	return err
}
