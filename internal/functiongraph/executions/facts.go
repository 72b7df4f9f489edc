package executions

import (
	"sync"
	"time"
)

// Facts are what has been learnt of one service. All lists that are read from
// it share them while they run, so that each thing is found out once a process.
// The zero value knows nothing. It is safe for concurrent use.
type Facts struct {
	mu    sync.Mutex
	known knowledge
}

// knowledge decides what needs to be asked. Each field is learnt alone.
type knowledge struct {
	form     Form // of bounds that the service reads
	formRead bool // form is proven

	zone     time.Duration // in which the service takes bounds, east of UTC
	zoneRead bool          // zone is proven

	span        time.Duration // the longest distance between bounds that has been honoured
	spanRefused bool          // a run far from both bounds was not shown

	fixed bool // bounds apply to begin_time or to any overlap: a run stays where it began

	longest   int // rows of the longest page, or one more than a page after which offset showed none
	pageLimit int // rows of a page that turned out to hold only a part; 0: none

	offsetWorks bool // offset read a list that tiles could not read
}

func (f *Facts) get() knowledge {
	f.mu.Lock()
	defer f.mu.Unlock()

	return f.known
}

// learn changes single fields, so that lists that run at once do not undo each
// other's findings.
func (f *Facts) learn(change func(*knowledge)) {
	f.mu.Lock()
	defer f.mu.Unlock()

	change(&f.known)
}
