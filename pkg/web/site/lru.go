package site

import (
	"container/list"
	"sync"
)

// Lru keeps the values last used, at most max of them; the zero value needs max set. Safe for concurrent use.
type Lru[K comparable, V any] struct {
	Max   int
	mu    sync.Mutex
	order list.List // of lruItem, the last used first
	items map[K]*list.Element
}

type lruItem[K comparable, V any] struct {
	key   K
	value V
}

func (l *Lru[K, V]) Get(key K) (value V, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	e, ok := l.items[key]
	if !ok {
		return value, false
	}
	l.order.MoveToFront(e)
	return e.Value.(*lruItem[K, V]).value, true
}

func (l *Lru[K, V]) Put(key K, value V) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.items == nil {
		l.items = map[K]*list.Element{}
	}
	if e, ok := l.items[key]; ok {
		e.Value.(*lruItem[K, V]).value = value
		l.order.MoveToFront(e)
		return
	}
	l.items[key] = l.order.PushFront(&lruItem[K, V]{key, value})
	for len(l.items) > l.Max {
		last := l.order.Back()
		delete(l.items, last.Value.(*lruItem[K, V]).key)
		l.order.Remove(last)
	}
}
