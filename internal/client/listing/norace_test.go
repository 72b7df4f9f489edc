//go:build !race

package listing_test

const underRace = false
