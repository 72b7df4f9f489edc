// Package release holds the tests of what is built, installed and published.
package release
