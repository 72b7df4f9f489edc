//go:build !unix

package provider

// openNonblocking has no meaning here: opening a file does not wait.
const openNonblocking = 0
