//go:build race

package survey

// underRace reduces the surveys to an eighth, because the race detector makes them
// ten times slower, and a survey sends one request at a time. `make test` runs all
// of them without it as well.
const underRace = true
