//go:build race

package executions_test

// underRace: the race detector makes these tests ten times slower, so fewer
// of them have to do. `make test` runs all of them without it as well.
const underRace = true
