package listing

import "sync"

// Facts are what has been learnt of one service. They are shared by all lists
// that are read from it, so that each thing is found out once a process. The
// zero value knows nothing.
type Facts struct {
	mu     sync.Mutex
	learnt learnt
}

// learnt is what one list goes by.
type learnt struct {
	form       Form
	formProven bool

	order   order  // of pages, by begin_time; noOrder: not known to have one
	byBegin belief // whether the bounds apply to begin_time

	// Whether a bound is known to include the second that it names.
	startIncluded, endIncluded bool
}

// belief is what is held of something that takes a request to find out.
type belief int

const (
	unknown belief = iota
	proven
	refuted
)

func (f *Facts) get() learnt {
	f.mu.Lock()
	defer f.mu.Unlock()

	return f.learnt
}

func (f *Facts) set(l learnt) {
	f.mu.Lock()
	defer f.mu.Unlock()

	f.learnt = l
}
