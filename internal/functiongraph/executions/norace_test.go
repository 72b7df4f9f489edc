//go:build !race

package executions_test

const underRace = false
