//go:build race

package executions_test

// underRace: the race detector makes these tests ten times slower, so a tenth
// of them has to do. `make test` runs all of them without it as well.
const underRace = true
