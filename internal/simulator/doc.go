// Package simulator is a stand-in for the two Huawei Cloud services that the provider talks to: IAM's project lookup
// and FunctionGraph's workflow executions. Tests, the demo and the benchmarks run against it.
//
//	srv := simulator.Start(t, simulator.Config{})
//	srv.AddWorkflow("48aff955-ea10-4ffd-b426-190bc192dc14", simulator.Seed(401, time.Now(), time.Minute, 1)...)
//	srv.Script(simulator.Throttled("1 minute"))
//	// … let a client read from srv.URL …
//	srv.Requests()
//
// It behaves as the service is documented to: pages of at most 200 rows, a window of three days, signatures and dates
// checked, errors in the service's shapes. What the documentation leaves open is a switch in [Behaviour]. What can go
// wrong on the way is a [Fault].
//
// It shares no code with the client on purpose: a wrong JSON name or a wrong signature there must show here.
//
// A request passes through: receive (route, check of the signature, log), the OnRequest hook, a scripted fault if one
// is due, and the operation itself. The operations are listed in the table in routes.go.
package simulator
