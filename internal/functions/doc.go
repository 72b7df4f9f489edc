// Package functions holds the provider's functions, one file each. A function
// computes its result from its arguments alone: it reads no environment and
// sends no request.
package functions
