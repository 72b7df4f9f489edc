// Package executions reads every execution of a workflow, each once, or says why
// it cannot. It sends nothing itself: an [Asker] does.
//
// # What is known
//
// The service documents limit (at most 200 rows a page), status, start_time and
// end_time. It documents no offset, no marker, no total and no order. Nor does it
// say which field the bounds are compared with, which of their edges are
// included, or how they are written. The API Explorer knows an offset that the
// page does not.
//
// So only two facts are believed: a response with fewer rows than a page may have
// holds everything that was asked for, and bounds narrow the list. All else
// decides what to ask next, and never what counts as read.
//
// # The method
//
// The first request is the practitioner's question, with the practitioner's
// limit. Fewer rows than it asks for are the answer: the everyday case is one
// request. As many rows as a small limit may be any of those that match, since
// the order is not known, so the question is sent again with the largest limit
// (list.go).
//
// After a full page the window of the question is fixed and covered with tiles,
// contiguous stretches of whole seconds (tiles.go). Each is requested with a
// second more at both ends, so that neither excluded edges nor hidden fractions of
// a second matter; execution_id removes what overlaps. A tile whose response is
// short has been read, and only such responses add rows to the list. A tile whose
// response is full is split; its rows are hints, which must show again (hints.go).
// The order and density of rows only choose the length of tiles (sizes.go,
// pages.go).
//
// Under a limit, tiles are read from the newest on until those without a gap hold
// as many rows that began within them: no field that a service may compare lies
// before begin_time (rows.go).
//
// A second that holds more than a page is requested with one neighbour at a time,
// then alone, and then by offset (second.go).
//
// If the bounds apply to end_time or last_update_time, a run that changes moves,
// perhaps from a tile that has not been read to one that has. Unless a row has
// shown that runs stay, the time since the read began is read once more, until
// nothing new comes.
//
// # What is checked
//
//   - No row lies outside the bounds of its request, whichever of its times the
//     service compares.
//   - A run that has ended, lies between the bounds of a short response and has
//     been shown before is in it. Every row of a full page, running ones too, is
//     in the list in the end. When one is missing, the request that showed it is
//     sent again: gone means purged, shown again is a contradiction.
//   - A short page to a question with bounds holds what was asked for only if the
//     service read the form of the bounds, took them as UTC and honoured how far
//     they are apart. Mostly its rows show that. Else a few requests find it out
//     (probe.go, zone.go, length.go). An empty response does not show that a form
//     is read, because a service may list nothing for bounds that it does not read;
//     a run that bounds show does, and the refusal of the other form. What the
//     requests show is kept for the process. If they fail, the page stands.
//   - A page as long as the longest one seen counts as full if that is a round
//     number below 200, which may be the page limit of the service (suspect.go).
//
// After a contradiction the list is read again with bounds that are written in
// another way, in the other form of times or for a service that takes them as
// UTC+8, and checked as before. What was listed before must show again. Then it is
// read by offset, then refused with an [Error] (fallback.go). By offset each page
// has to begin with rows of the page before, and in the end the number of rows has
// to be right (offset.go).
//
// # What complete means while the list changes
//
// Every execution that matched during the whole read is there, none that never
// matched is, and none is there twice. Bounds that the service chooses itself
// (three days before its own clock) are known to a minute.
//
// Under a limit the list holds the newest. Of the executions that began in the
// same second as the last of them, any may be left out.
//
// # What is accepted
//
// Some behaviours contradict the documentation and cannot be seen from outside:
//
//   - rows that are dropped after a page has been made;
//   - a page limit that is none of the round numbers 10, 20, 50 and 100;
//   - one of these round numbers, where offset does not work and all executions
//     that match began within a second, or overlap with all of the window in a
//     service that lists what overlaps;
//   - a run exactly on a full second with more than a page around it, where both
//     bounds exclude their moment and offset does not work;
//   - a status filter that finds a status only if it is written in capitals;
//   - a default window shorter than three days, and windows that are cut to another
//     length than three days.
package executions
