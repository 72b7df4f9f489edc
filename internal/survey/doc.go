// Package survey asks the real service what its documentation leaves open, and
// writes a report that can be published. It sends at most sixty GET requests, one
// at a time, through the provider's own client.
//
// [Run] works through a table of steps (survey.go), each with a budget of requests
// and the questions that it answers. Steps share what has been seen: the rows that
// any response has shown, and the responses themselves.
//
// A step chooses requests whose responses differ between the explanations it
// knows. For each question, a function returns the explanation that all responses
// allow. Where several are left or none, the answer is that it cannot be told, and
// why.
//
// The report is made of the texts of this package, of numbers, and of statuses,
// error codes and headers that are in its lists of known ones. No text of the
// service is copied into it.
package survey
