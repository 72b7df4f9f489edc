// Package listing reads every execution of a workflow, each once, or says why
// it cannot. It sends nothing itself: an [Asker] does.
//
// # What is known
//
// The service documents limit (at most 200 rows a page), status, start_time and
// end_time. It documents no offset, no marker, no total and no order, nor what
// the bounds are compared with, which of their edges are inside, or how they
// are written. The API Explorer knows an offset that the page does not.
//
// # The method
//
// The first request is the practitioner's question. Fewer rows than it asked
// for are all there are: the everyday case is one request (list.go).
//
// After a full page the list is read by time. The window is pinned to the
// service's clock, and the parts of it that have not been seen are asked for
// until none is left. A part that comes back short is complete, because a short
// page is; that holds whatever the bounds are compared with, so long as the
// service honours them. A full part is divided, down to one second.
//
// Dividing blindly wastes requests. If pages come in the order of begin_time and
// the bounds apply to begin_time, a full page covers its part up to its last
// row, and only the rest has to be asked for. Neither is documented, so both are
// found out first.
//
// # What is assumed, how it is checked, what happens if it fails
//
//   - The form of the bounds is read. A service that cannot read it may answer
//     as if there were none, with the last three days. So a question that such
//     an answer could hide in is asked a second time, in the other form or about
//     a time before the service existed, until the form is proven (form.go);
//     and every part is held against its bounds: a row whose run lies outside
//     shows that they were not read. If neither form is read, the list goes by
//     offset.
//   - The bounds apply to begin_time. Checked once by a part inside what a full
//     page covered, which must hold exactly the rows known to begin there and
//     would hold others if another field were compared (calibrate.go). If it
//     fails, full pages cover nothing, parts are halved, and what may have moved
//     meanwhile is read at the end.
//   - Pages come in the order of begin_time. Believed of a page only when its
//     order is no accident (order.go). If not, parts are halved. A question for
//     the newest few is asked with one request more: so few rows show no order.
//   - Both stay true. A row from outside its part, or a known row that is
//     missing where it should be, takes the proof back: the list is read again
//     without it.
//   - A bound includes its second, and all of it, though the service may keep
//     fractions. Until rows have shown that, parts are asked for with a second
//     more at each end, and what overlaps is removed.
//   - A second holds at most a page. If not, it is asked for without its
//     neighbours (second.go), and then read by offset, each page overlapping the
//     one before so that a shift shows (offset.go).
//   - Parts get smaller. If the bounds apply to any overlap with a run, long runs
//     fill every part. After many full parts with few executions the list goes by
//     offset, and only without one on to the second.
//
// What is left is refused with an [Error]: more rows in a second than a page and
// no working offset; neither bounds nor offset honoured; a list that changes
// faster than offset can follow. One thing cannot be seen from outside and is
// accepted, since it is against the documentation: a page cap below 200.
//
// # What complete means while the list changes
//
// Every execution that matched during the whole read is there, none that never
// matched is, and none is there twice. Executions that begin while the list is
// read are outside the pinned window and may or may not be there. Bounds that
// the service chooses itself (three days before its own clock) are known to a
// minute, if it tells its clock (the Date header).
//
// Under a limit the list holds the newest. Of the executions that began in the
// same second as the last of them, any may be left out.
package listing
