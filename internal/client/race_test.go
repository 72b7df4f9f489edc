//go:build race

package client

// underRace reduces the cases to a tenth and leaves out most bodies of 16 MiB,
// because the race detector makes these tests ten times slower. `make test` runs
// all of them without it as well.
const underRace = true
