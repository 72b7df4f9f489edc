//go:build unix

package provider

import "syscall"

// openNonblocking keeps a pipe that nobody writes to from being waited for.
const openNonblocking = syscall.O_NONBLOCK
