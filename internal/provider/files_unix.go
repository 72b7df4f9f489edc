//go:build unix

package provider

import "syscall"

// openNonblocking makes opening a pipe without a writer return at once.
const openNonblocking = syscall.O_NONBLOCK
