// Package race tells tests whether the race detector is on. It makes code up to
// ten times slower, and sees nothing of the commands that a test starts. Such
// tests do less then, and `make test-norace` runs all of them without it.
package race

// Choose returns without or, under the race detector, with.
func Choose[T any](without, with T) T {
	if Enabled {
		return with
	}

	return without
}
