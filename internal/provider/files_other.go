//go:build !unix

package provider

// openNonblocking has no effect on this platform, because opening a file does not
// block.
const openNonblocking = 0
